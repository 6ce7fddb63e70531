"""Composes the picture of an episode or a season: which motifs, where, in what light and mood, and its prompt.

Everything printed comes from ``data/motifs.json`` and ``data/moods.json``. The story only chooses among them, so no
name and no instruction inside a transcript can reach an image prompt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log2, sqrt
from typing import Any, NamedTuple

from core.domain.generation import ImagePrompt, Scene, Style, TimeOfDay
from core.domain.show import Summary
from core.engines.draft.atmosphere import Atmosphere, Part, draw, load_atmospheres, vote_atmosphere
from core.engines.draft.motifs import find_motifs
from core.engines.draft.nouns import TOKEN, Motif, Role, load_motifs, split_words
from core.engines.draft.wording import NEGATIVE, noun_phrase, write_prompt, write_subject

MOTIFS = 6
"""Motifs in a picture, where the story names enough: more crowd a poster."""

AT_MOST = {Role.GROUND: 2, Role.WATER: 2, Role.FIGURE: 2, Role.FOREGROUND: 3, Role.SKY: 2}
"""How many motifs of a role a picture bears."""

SUBJECTS = (Role.GROUND, Role.WATER, Role.FIGURE)

TITLE_WEIGHT = 4.0
MOMENT_WEIGHT = 2.0
OUTDOOR_HEADING = 3.0
INDOOR_HEADING = 1.5
"""A poster shows the open air where the story has some."""

SUBJECT_WEIGHT = 8.0

LEADING = 5
"""Least weight of a motif that the title puts first."""

FAINT = 7.5
"""A motif scores its weight times log2(1 + count); below this ("phone", twice) it is too weak to be shown unasked."""

_INDOORS = re.compile(r"\bint\b", re.IGNORECASE)
_DAYLIGHT = frozenset(("sun", "rainbow"))
_DARKNESS = frozenset(("moon", "star", "fireworks"))
"""Kinds of sky motifs that want one light."""


class Story(NamedTuple):
    """What a picture is made from.

    Attributes:
        title: words whose motifs lead; context: all the text there is, which settles ambiguous words.
        parts: the telling pieces of the story with their weights; lines: the rest of it; headings: scene headings.
        names: names in the story, which are no motifs.
        logline: sets one episode apart from the others; leads where the title names nothing that can be drawn.
        key: makes what is drawn by lot differ between stories.
    """

    title: str
    context: str
    parts: tuple[Part, ...]
    lines: str
    headings: tuple[Part, ...]
    names: frozenset[str]
    genre: str
    language: str
    key: str
    logline: str = ""


def episode_image_prompt(values: Mapping[str, Any]) -> ImagePrompt:
    """The picture of an episode.

    Args:
        values: ``title``, ``logline``, ``summary`` (a Summary), ``show``, ``genre``, ``cast``, ``lines_text`` (speech
            and directions) and ``language``; each may be None or missing.
    """
    story = _episode_story(values)
    scene, air = _compose(story, score_motifs(story))
    return _write(scene, air, story.key, None)


def season_image_prompt(values: Mapping[str, Any]) -> ImagePrompt:
    """The picture of a season in one style; all styles share one scene.

    Args:
        values: ``subject`` (its motifs lead), ``summaries`` (each with ``title``, ``logline`` and ``summary``),
            ``show``, ``genre``, ``language`` and ``style``.
    """
    episodes = tuple(values.get("summaries") or ())
    story = _season_story(values, episodes)
    scores = score_motifs(story)
    returning = _returning(episodes, story)
    # Motifs that come back in several episodes stand for the season before those of one.
    scene, air = _compose(story, {name: score * (2 if name in returning else 1) for name, score in scores.items()})
    return _write(scene, air, story.key, Style(values["style"]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _names(values: Mapping[str, Any], summaries: Iterable[Summary], context: str) -> frozenset[str]:
    """The words of the names in a story; a speaker called by a common noun ("Cow") has none."""
    small = Counter(TOKEN.findall(context))
    cast = [str(name) for name in values.get("cast") or {}]
    spoken = [share.name for summary in summaries for share in summary.characters]
    return frozenset(word for name in cast + spoken for word in split_words(name) if small[word] < 2)


def _summary_parts(summary: Summary | None, weight: float) -> tuple[list[Part], list[Part]]:
    """Moments and key phrases, then scene headings; what would spoil the ending has no voice."""
    if summary is None:
        return [], []
    moments = [moment for moment in summary.moments if not moment.spoiler]
    quotes = "\n".join(moment.quote for moment in moments)
    # One vote a scene, however many of its lines are quoted.
    headings = {moment.scene: moment.heading for moment in moments if moment.heading}.values()
    phrases = "\n".join(summary.key_phrases)
    voices = [Part(text, INDOOR_HEADING if _INDOORS.search(text) else OUTDOOR_HEADING) for text in headings]
    return [Part(quotes, weight), Part(phrases, weight)], voices


def _episode_story(values: Mapping[str, Any]) -> Story:
    summary: Summary | None = values.get("summary")
    title, logline, lines = (_text(values.get(name)) for name in ("title", "logline", "lines_text"))
    context = "\n".join((title, logline, lines))
    parts, headings = _summary_parts(summary, MOMENT_WEIGHT)
    return Story(
        title=title,
        context=context,
        parts=(Part(title, TITLE_WEIGHT), Part(logline, TITLE_WEIGHT), *parts),
        lines=lines,
        headings=tuple(headings),
        names=_names(values, [summary] if summary else [], context),
        genre=_text(values.get("genre")),
        language=_text(values.get("language")) or "und",
        key=f"{_text(values.get('show'))}|{_text(values.get('key'))}|{title}",
        logline=logline,
    )


def _season_story(values: Mapping[str, Any], episodes: Sequence[Any]) -> Story:
    subject = _text(values.get("subject"))
    parts, headings = [Part(subject, SUBJECT_WEIGHT)], []
    for episode in episodes:
        of_summary, of_headings = _summary_parts(episode.summary, MOMENT_WEIGHT)
        parts += [Part(_text(episode.title), 1.0), Part(_text(episode.logline), 1.0), *of_summary]
        headings += of_headings
    context = "\n".join(part.text for part in parts)
    return Story(
        title=subject,
        context=context,
        parts=tuple(parts),
        lines="",
        headings=tuple(headings),
        names=_names(values, [episode.summary for episode in episodes], context),
        genre=_text(values.get("genre")),
        language=_text(values.get("language")) or "und",
        key=f"{_text(values.get('show'))}|{subject}",
    )


def score_motifs(story: Story) -> dict[str, float]:
    """Motif -> how much the story speaks of it: its weight times log2(1 + weighted count).

    Of the lines, the square root of the count goes in: what a show speaks of in every episode ("barco") must not
    drown what this one is about.
    """
    motifs = load_motifs()
    lines = find_motifs(story.lines, story.language, names=story.names)
    counts = {hit.name: sqrt(hit.count) for hit in lines}
    for place, (text, weight) in enumerate(story.parts):
        # A title's capitals mean nothing, and the rest of the story tells what its words mean.
        for hit in find_motifs(text, story.language, context=story.context, names=story.names, cased=place > 0):
            counts[hit.name] = counts.get(hit.name, 0.0) + weight * hit.count
    return {name: motifs[name].weight * log2(1 + count) for name, count in counts.items()}


def _speaks_name(motif: Motif, names: frozenset[str]) -> bool:
    """Whether a motif's English words hold a name of the story ("Chef", "Star")."""
    return bool(names & set(split_words(noun_phrase(motif.name))) - {"a", "an", "the", "of"})


def _returning(episodes: Sequence[Any], story: Story) -> frozenset[str]:
    """Motifs of two episodes or more."""
    seen: dict[str, int] = {}
    for episode in episodes:
        parts, _ = _summary_parts(episode.summary, 1.0)
        text = "\n".join([_text(episode.title), _text(episode.logline), *(part.text for part in parts)])
        for hit in find_motifs(text, story.language, context=story.context, names=story.names):
            seen[hit.name] = seen.get(hit.name, 0) + 1
    return frozenset(name for name, episodes_with in seen.items() if episodes_with >= 2)


def _compose(story: Story, scores: Mapping[str, float]) -> tuple[Scene, Atmosphere]:
    parts = [*story.parts, Part(story.lines, 1.0)]
    air = vote_atmosphere(parts, story.headings, story.genre, story.language, story.key)
    names = choose_motifs(story, scores, air)
    scene = Scene(
        subject=write_subject(names, air),
        setting=air.setting,
        time_of_day=air.time_of_day,
        mood=air.mood,
        motifs=names,
    )
    return scene, air


def _write(scene: Scene, air: Atmosphere, key: str, style: Style | None) -> ImagePrompt:
    prompt = write_prompt(scene.motifs, air, key, style)
    return ImagePrompt(prompt=prompt, negative_prompt=NEGATIVE, scene=scene)


class Picture:
    """Motifs chosen so far, and whether one more fits."""

    def __init__(self, time_of_day: TimeOfDay, names: frozenset[str]) -> None:
        self.time_of_day = time_of_day
        self.names = names
        self.chosen: list[Motif] = []

    def add(self, motif: Motif) -> None:
        """Take ``motif`` if it fits: no two of a kind or with one outline, not too many of a role, no moon by day."""
        same = any(motif.kind == other.kind or motif.icon == other.icon for other in self.chosen)
        role = sum(other.role is motif.role for other in self.chosen)
        fits = self._suits_light(motif) and not _speaks_name(motif, self.names)
        if fits and not same and role < AT_MOST[motif.role]:
            self.chosen.append(motif)

    def has(self, *roles: Role) -> bool:
        """Whether a motif of one of ``roles`` is in."""
        return any(motif.role in roles for motif in self.chosen)

    def _suits_light(self, motif: Motif) -> bool:
        dark = self.time_of_day is TimeOfDay.NIGHT
        return motif.role is not Role.SKY or motif.kind not in (_DAYLIGHT if dark else _DARKNESS)


def choose_motifs(story: Story, scores: Mapping[str, float], air: Atmosphere) -> tuple[str, ...]:
    """Four to seven motifs that make a composition, the leading one first, the sky last."""
    motifs = load_motifs()
    picture = Picture(air.time_of_day, story.names)
    ranked = sorted(scores, key=lambda name: (-scores[name], name))

    # 1. What the title names, or else the logline, if it can lead a picture; waves and doors only follow
    def leading(text: str, *, cased: bool) -> list[str]:
        hits = find_motifs(text, story.language, context=story.context, names=story.names, cased=cased)
        return [hit.name for hit in hits if hit.name in scores and motifs[hit.name].weight >= LEADING]

    told = set(leading(story.logline, cased=True))
    for name in leading(story.title, cased=False) or [name for name in ranked if name in told][:1]:
        picture.add(motifs[name])

    # 2. What the story speaks of most; room is left for the roles still missing
    for name in ranked:
        if len(picture.chosen) < MOTIFS - 1 and scores[name] >= FAINT:
            picture.add(motifs[name])

    # 3. A subject, something close by, and a sky; from the story if it has them, else from the setting
    words, sky = load_atmospheres().settings[air.setting], load_atmospheres().times[air.time_of_day].sky
    for roles, stock in ((SUBJECTS, words.subject), ((Role.FOREGROUND,), words.foreground)):
        spoken = [name for name in ranked if motifs[name].role in roles and motifs[name].weight > 1]
        for name in [*spoken, *turn(stock, story.key)]:
            if not picture.has(*roles) or len(picture.chosen) < 3:
                picture.add(motifs[name])
    weather = [name for name in ranked if motifs[name].role is Role.SKY and scores[name] >= FAINT]
    for name in [*weather, sky[air.mood], "cloud"]:
        if not picture.has(Role.SKY):
            picture.add(motifs[name])
    chosen = sorted(picture.chosen, key=lambda motif: motif.role is Role.SKY and motif is not picture.chosen[0])
    return tuple(motif.name for motif in chosen)


def turn(stock: Sequence[str], key: str) -> list[str]:
    """``stock`` turned to begin at a place drawn by ``key``."""
    first = draw(range(len(stock)), key)
    return [*stock[first:], *stock[:first]]
