"""A composed picture in English words: one sentence for a person, one prompt for an image model."""

from __future__ import annotations

from collections.abc import Sequence

from core.checks.clip import LIMIT, count_tokens
from core.domain.generation import Setting, Style
from core.engines.draft.atmosphere import Atmosphere, draw, load_atmospheres
from core.engines.draft.language import word_set
from core.engines.draft.nouns import Motif, Role, load_motifs

MAX_SUBJECT_CHARS = 300
EPISODE_MEDIUM = "flat editorial poster illustration"

COMPOSITIONS = (
    "low horizon with open space above",
    "centered composition with clear margins",
    "large silhouette in front of a wide view",
    "seen from slightly above",
    "strong diagonal composition",
    "symmetrical composition",
)

NEGATIVE = (
    "text, letters, words, typography, watermark, logo, frame, border, collage, photograph, blurry, low quality, "
    "jpeg artifacts, deformed, extra limbs, cropped subject"
)

_OVERHEAD = word_set("moon sun star cloud rain storm fog snow rainbow comet fireworks wind chandelier party")
"""Kinds of sky motifs that a scene lies under; the others are somewhere in the sky."""


def noun_phrase(name: str) -> str:
    """A motif with its article: ``a lighthouse``, ``an anchor``, ``a pair of scissors``."""
    motif = load_motifs()[name]
    return motif.phrase or f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def join_phrases(phrases: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]]) if len(phrases) > 1 else "".join(phrases)


def join_groups(groups: Sequence[str]) -> str:
    """Like ``join_phrases``, with a comma before the last "and" where groups hold an "and" of their own."""
    last = ", and " if any(" and " in group for group in groups) or len(groups) > 2 else " and "
    return last.join([", ".join(groups[:-1]), groups[-1]]) if len(groups) > 1 else groups[0]


def write_subject(names: Sequence[str], air: Atmosphere) -> str:
    """One English sentence of what the picture shows, its first motif leading; at most 300 characters.

    Motifs go from the end of ``names`` if the sentence grows too long.
    """
    kept = list(names)
    while len(sentence := _sentence(kept, air)) > MAX_SUBJECT_CHARS:
        kept.pop()
    return sentence


def _sentence(names: Sequence[str], air: Atmosphere) -> str:
    motifs = [load_motifs()[name] for name in names]
    place, time = _place(motifs[0], air), load_atmospheres().times[air.time_of_day].phrase
    lead = noun_phrase(names[0])
    words = f"{lead[0].upper()}{lead[1:]} {place} {time}"
    groups = _groups(motifs[1:], air.setting)
    if groups:
        words += f", with {join_groups(groups)}"
    over = [noun_phrase(motif.name) for motif in motifs[1:] if _is_overhead(motif)]
    if over:
        words += f", {'beyond the window' if air.setting is Setting.INTERIOR else 'under'} {join_phrases(over)}"
    return words + "."


def _place(lead: Motif, air: Atmosphere) -> str:
    words = load_atmospheres().settings[air.setting]
    preposition = "in" if lead.name in words.inside else words.at[lead.role]
    return f"{preposition} {words.places[air.mood]}"


def _is_overhead(motif: Motif) -> bool:
    return motif.role is Role.SKY and motif.kind in _OVERHEAD


def _groups(motifs: Sequence[Motif], setting: Setting) -> list[str]:
    """The motifs after the first, by where they are: ``a boat on the water``, ``a knife and a map on the shore``."""
    words = load_atmospheres().settings[setting]
    outdoors = setting is not Setting.INTERIOR
    where = {
        Role.FIGURE: "nearby",
        Role.WATER: "on the water" if setting is Setting.SEA else "close by",
        Role.GROUND: "in the distance" if outdoors else "beyond the window",
        Role.SKY: "in the sky" if outdoors else "beyond the window",
        Role.FOREGROUND: words.near,
    }
    placed: dict[str, list[str]] = {}
    for role, place in where.items():
        for motif in motifs:
            if motif.role is role and not _is_overhead(motif):
                spot = "by the wall" if motif.name in words.inside else place
                spot = "close by" if motif.kind == "waves" else spot
                placed.setdefault(spot, []).append(noun_phrase(motif.name))
    return [f"{join_phrases(phrases)} {place}" for place, phrases in placed.items()]


def write_prompt(names: Sequence[str], air: Atmosphere, key: str, style: Style | None = None) -> str:
    """An English prompt for an image model that fits CLIP: medium, subject, light, colours, composition.

    Whole clauses go while it is too long, then motifs, so that it always ends in a complete clause.

    Args:
        key: draws the composition.
    """
    atmospheres = load_atmospheres()
    medium = style.medium if style else EPISODE_MEDIUM
    extras = [atmospheres.times[air.time_of_day].light, atmospheres.moods[air.mood].palette, draw(COMPOSITIONS, key)]
    kept = list(names)
    while True:
        subject = write_subject(kept, air).removesuffix(".")
        prompt = ", ".join([medium, subject[0].lower() + subject[1:], *extras])
        if count_tokens(prompt) <= LIMIT:
            return prompt
        if len(extras) > 1:
            extras.pop()
        elif len(kept) > 2:
            kept.pop()
        else:
            return prompt
