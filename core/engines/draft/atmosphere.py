"""Mood, setting and time of day of a story, voted by its words.

``data/moods.json`` holds the words in Portuguese and English, compared by stem:

- ``moods``: words (``pt``, ``en``), ``genres`` that lean to the mood, and the ``palette`` as an English phrase;
- ``settings``: words, ``places`` (a mood's English phrase for the setting), ``at`` (a motif role's preposition before
  it), ``near`` (where small things lie), ``inside`` (motifs that stand indoors), and the motifs that belong to it
  (``subject``, ``foreground``) for a story that names none;
- ``times``: words, more words that tell the time in a scene's ``heading`` only ("tarde" is also "late"), English
  ``phrase`` and ``light``, and the ``sky`` motif of each mood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from math import sqrt
from typing import NamedTuple, TypeVar

from core.domain.frozen import Frozen
from core.domain.generation import Mood, Setting, TimeOfDay
from core.engines.draft.language import base_language, stem, word_set
from core.engines.draft.motifs import LANGUAGES
from core.engines.draft.nouns import Role, split_words
from core.settings import BUNDLED

Choice = TypeVar("Choice", Mood, Setting, TimeOfDay)

GREETINGS = word_set("bom boa boas bons good")
""" "Boa noite" says nothing of the light."""

GENRE_VOTES = 3.0
"""Votes of a genre for its mood: as much as nine words in the text."""

SAID = 0.4
"""People speak of other hours than their own; a heading does not."""

LOT = 2.0
"""Votes of chance for the light, so that episodes without headings do not all play at the same hour."""

DAY_SHARE = 0.6
"""Every story has daylight in it; a poster looks for the hour that is its own."""

INTERIOR_SHARE = 0.5
"""Half of what happens indoors could be shown outside: rooms make duller posters than places."""


class MoodWords(Frozen):
    """A mood's words, genres and colours."""

    pt: str
    en: str
    genres: str
    palette: str


class SettingWords(Frozen):
    """A setting's words, English phrases and usual motifs."""

    pt: str
    en: str
    places: dict[Mood, str]
    at: dict[Role, str]
    near: str
    inside: tuple[str, ...] = ()
    subject: tuple[str, ...]
    foreground: tuple[str, ...]


class TimeWords(Frozen):
    """A time of day's words, English phrases and sky."""

    pt: str
    en: str
    heading: str
    phrase: str
    light: str
    sky: dict[Mood, str]


class Atmospheres(Frozen):
    """``data/moods.json``."""

    about: str
    moods: dict[Mood, MoodWords]
    settings: dict[Setting, SettingWords]
    times: dict[TimeOfDay, TimeWords]


class Part(NamedTuple):
    """A piece of a story and what each of its words weighs."""

    text: str
    weight: float


class Atmosphere(NamedTuple):
    """What the votes came to."""

    mood: Mood
    setting: Setting
    time_of_day: TimeOfDay


@lru_cache(maxsize=1)
def load_atmospheres() -> Atmospheres:
    """The words, read once a process."""
    return Atmospheres.model_validate_json((BUNDLED / "moods.json").read_bytes())


@lru_cache(maxsize=8)
def _lexicon(kind: str, field: str, language: str) -> dict[str, tuple[str, ...]]:
    """Stem -> the values of ``kind`` ("moods", "settings", "times") that it votes for."""
    found: dict[str, list[str]] = {}
    for value, words in getattr(load_atmospheres(), kind).items():
        for word in split_words(getattr(words, field)):
            values = found.setdefault(stem(word, language), [])
            if value.value not in values:
                values.append(value.value)
    return {key: tuple(values) for key, values in found.items()}


def searched_languages(language: str) -> tuple[str, ...]:
    """The languages whose words are tried on a text: its own, or both where it is unknown."""
    tag = base_language(language)
    return LANGUAGES if tag in {"und", ""} else tuple(known for known in LANGUAGES if known == tag)


def count_votes(parts: Iterable[Part], kind: str, language: str, field: str = "") -> dict[str, float]:
    """Votes for each value of ``kind`` by the words of its ``field`` (the language's own by default).

    A word that comes back ``n`` times in a part votes with the square root of ``n``, so that one word of a long
    text does not drown the rest.
    """
    votes: dict[str, float] = {}
    for text, weight in parts:
        for each in searched_languages(language):
            lexicon = _lexicon(kind, field or each, each)
            for word, count in _count_words(text).items():
                for value in lexicon.get(stem(word, each), ()):
                    votes[value] = votes.get(value, 0.0) + weight * sqrt(count)
    return votes


@lru_cache(maxsize=16)
def _count_words(text: str) -> Counter[str]:
    words = split_words(text)
    return Counter(word for before, word in zip(["", *words], words, strict=False) if before not in GREETINGS)


def vote_atmosphere(parts: Sequence[Part], headings: Sequence[Part], genre: str, language: str, key: str) -> Atmosphere:
    """Mood, setting and light of a story; what no word tells is drawn by ``key``, always the same for the same key.

    Args:
        parts: title, logline, text …; they vote for the mood and, softly, for setting and time.
        headings: scene headings, which name setting and time outright.
    """
    moods = count_votes(parts, "moods", language)
    for mood, words in load_atmospheres().moods.items():
        if set(split_words(genre)) & set(split_words(words.genres)):
            moods[mood] = moods.get(mood, 0.0) + GENRE_VOTES
    settings = count_votes([*parts, *headings], "settings", language)
    settings[Setting.INTERIOR] = settings.get(Setting.INTERIOR, 0.0) * INTERIOR_SHARE
    times = count_votes([Part(text, weight * SAID) for text, weight in parts], "times", language)
    for value, votes in count_votes(headings, "times", language, "heading").items():
        times[value] = times.get(value, 0.0) + votes
    lot = draw(tuple(TimeOfDay), key)
    times[lot] = times.get(lot, 0.0) + LOT
    times[TimeOfDay.DAY] = times.get(TimeOfDay.DAY, 0.0) * DAY_SHARE
    return Atmosphere(
        mood=_elect(moods, tuple(Mood), key),
        setting=_elect(settings, tuple(Setting), key),
        time_of_day=_elect(times, tuple(TimeOfDay), key),
    )


def _elect(votes: Mapping[str, float], choices: Sequence[Choice], key: str) -> Choice:
    best = max(votes.values(), default=0.0)
    if best <= 0:
        return draw(choices, key)
    return next(choice for choice in choices if votes.get(choice.value, 0.0) == best)


Thing = TypeVar("Thing")


def draw(choices: Sequence[Thing], key: str) -> Thing:
    """One of ``choices``, the same for the same ``key`` on every machine."""
    return choices[int.from_bytes(sha256(key.encode()).digest()[:8]) % len(choices)]
