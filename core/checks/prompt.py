"""What would make an image model fail on a prompt, and the plain prompt that stands in for one that keeps failing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.checks.clip import LIMIT, count_tokens, fit_prompt
from core.checks.dictionary import knows
from core.domain.campaign import Concept, Finding
from core.domain.generation import ImagePrompt, Mood, Scene, TimeOfDay
from core.language import N_

LANGUAGES = ("en", "pt", "es", "fr", "it", "de")
"""What a prompt may be in; English must not lose to another."""

MARGIN = 20.0
"""Log odds by which another language must win: a café and a croissant are English too."""

NEGATIVE = "text, letters, watermark, logo, frame, blurry, low quality, deformed, extra limbs, cropped subject"

_LIGHT = {
    TimeOfDay.DAWN: "soft early light",
    TimeOfDay.DAY: "clear daylight",
    TimeOfDay.DUSK: "warm evening light",
    TimeOfDay.NIGHT: "gentle night light",
}
_MEDIUM = {"product": "product photograph", "topic": "concept photograph", "episode": "poster illustration"}

_PREAMBLE = re.compile(
    r"^\W*(?:(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|as an ai|i will|i'll|claro|aqui est[áa]|"
    r"(?:create|generate) an? (?:image|picture))\b|(?:image |sdxl )?prompt\W*:)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"(?:[,;:–—(\"“-]|\b(?:an?|and|or|of|the|with|in|on|at|to|by|for|from|under|over|into|its|their))\s*$",
    re.IGNORECASE,
)
_LETTERING = re.compile(
    r"\b(?:that (?:says|reads)|saying|reading|labell?ed|captioned)\s*[:\"'“‘]|"
    r"\b(?:with|the) (?:words?|text|caption|slogan)\b",
    re.IGNORECASE,
)


def check_prompt(prompt: ImagePrompt, *, names: Sequence[str] = (), subject: str = "") -> tuple[Finding, ...]:
    """The faults of an image prompt: another language than English, too long, cut off, a preamble, a person's name.

    Args:
        names: people who must not be named: an image model would paint somebody else.
        subject: what the picture is of; the prompt must show some of it.
    """
    text = " ".join(prompt.prompt.split())
    if not re.search(r"[^\W\d_]", text):
        return (_error("prompt_empty", N_("The image prompt is empty.")),)
    faults = [find(text) for find in _CHECKS]
    faults += [_find_name(text, name) for name in names]
    if subject:
        faults.append(_find_subject(text, subject))
    return tuple(fault for fault in faults if fault is not None)


def fallback_prompt(concept: Concept, *, medium: str = "", names: Sequence[str] = ()) -> ImagePrompt:
    """A plain prompt made of the concept alone: the generic picture that an image model cannot get wrong.

    Args:
        medium: what kind of picture it is, in English; "" for the concept's usual one.
        names: people who must not be named.
    """
    scene = concept.scene
    # What the concept says, else its things, else its place alone: the first that no check refuses
    subjects = (concept.subject, ", ".join(scene.motifs), "")
    for subject in subjects:
        prompt = _plain_prompt(scene, subject, medium or _MEDIUM[concept.kind])
        if not check_prompt(prompt, names=names):
            break
    return prompt


def _plain_prompt(scene: Scene, subject: str, medium: str) -> ImagePrompt:
    subject = subject.strip().rstrip(".") or f"a {scene.mood.value} {scene.setting.value} scene"
    mood = "" if scene.mood is Mood.CALM else f"{scene.mood.value} mood, "
    ending = f"{_LIGHT[scene.time_of_day]}, {mood}clean composition with open space"
    room = LIMIT - count_tokens(ending) - count_tokens(medium) - 4
    words = f"{medium} of {fit_prompt(subject[:1].lower() + subject[1:], room)}, {ending}"
    return ImagePrompt(prompt=words, negative_prompt=NEGATIVE, scene=scene)


def _error(code: str, message: str, start: int = 0, end: int = 0, **values: str) -> Finding:
    return Finding(code=code, level="error", message=message, values=values, start=start, end=end)


def _find_excess(text: str) -> Finding | None:
    tokens = count_tokens(text)
    message = N_("The image prompt has {tokens} tokens; CLIP reads {limit}.")
    return _error("prompt_too_long", message, tokens=str(tokens), limit=str(LIMIT)) if tokens > LIMIT else None


def _find_cut(text: str) -> Finding | None:
    found = _UNFINISHED.search(text)
    message = N_("The image prompt ends in the middle of a clause: “{tail}”.")
    return _error("prompt_cut_off", message, found.start(), len(text), tail=text[-40:]) if found else None


def _find_preamble(text: str) -> Finding | None:
    found = _PREAMBLE.search(text)
    message = N_("The image prompt begins with an answer's preamble: “{words}”.")
    return _error("prompt_preamble", message, *found.span(), words=found.group()) if found else None


def _find_lettering(text: str) -> Finding | None:
    found = _LETTERING.search(text)
    message = N_("The image prompt asks for lettering, which image models misspell: “{words}”.")
    return _error("prompt_asks_lettering", message, *found.span(), words=found.group()) if found else None


def _find_language(text: str) -> Finding | None:
    from py3langid import rank

    odds = {language: float(odds) for language, odds in rank(text.lower()) if language in LANGUAGES}
    best = max(odds, key=lambda language: odds[language])
    words = re.findall(r"[^\W\d_]{3,}", text)
    known = sum(knows(word, "en") or knows(word.lower(), "en") for word in words)
    message = N_("The image prompt is not in English.")
    # Guessing languages is for sentences; letters that are no words at all pass for any.
    return _error("prompt_not_english", message) if odds[best] - odds["en"] > MARGIN or 2 * known < len(words) else None


_CHECKS: tuple[Callable[[str], Finding | None], ...] = (
    _find_excess,
    _find_cut,
    _find_preamble,
    _find_lettering,
    _find_language,
)


def _find_name(text: str, name: str) -> Finding | None:
    """The whole name in any case, or a part of it written as a name is; a first word is always capital."""
    parts = [part for part in name.split() if len(part) > 2 and part[0].isupper() and not part.isupper()]
    forms = [rf"(?i:\b{re.escape(name)}\b)"] if len(name) > 2 else []
    forms += [rf"(?<=[^.!?] )\b{re.escape(part)}\b" for part in parts if len(name.split()) > 1]
    found = re.search("|".join(forms), text) if forms else None
    message = N_("The image prompt names a person: {name}.")
    return _error("prompt_names_person", message, *found.span(), name=name) if found else None


def _find_subject(text: str, subject: str) -> Finding | None:
    from stopwordsiso import stopwords

    wanted = set(re.findall(r"[^\W\d_]{3,}", subject.casefold())) - stopwords("en")
    said = re.findall(r"[^\W\d_]{3,}", text.casefold())
    # "sneakers" stands for "sneaker", "bakery" for "baker": the beginning counts.
    shown = any(word[:5] == other[:5] for word in wanted for other in said)
    message = N_("The image prompt does not show its subject: {subject}.")
    return None if shown or not wanted else _error("prompt_misses_subject", message, subject=subject[:80])
