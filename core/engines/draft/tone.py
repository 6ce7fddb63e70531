"""The tone of a text: words of each mood, counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.domain.generation import Mood
from core.engines.draft.language import base_language, find_words, stem
from core.settings import BUNDLED

SURE_STEM = 5
"""Letters from which a stem is enough to know a word by: ``med`` is in "medo" and in "medir"."""

MIN_HITS = 3
"""Fewer words of a mood than this are chance."""


@dataclass(frozen=True)
class Tone:
    """A mood with the words that carry it, the most frequent first, and the episodes they are in."""

    mood: Mood
    words: tuple[str, ...]
    episodes: tuple[str, ...]


@lru_cache(maxsize=2)
def _mood_words(tag: str) -> dict[str, Mood]:
    """Word -> the mood it carries, from ``data/moods.json``; a word that carries two moods tells none."""
    moods = json.loads((BUNDLED / "moods.json").read_text(encoding="utf-8"))["moods"]
    pairs = [(word, Mood(name)) for name, entry in moods.items() for word in entry.get(tag, "").split()]
    counts = Counter(word for word, _ in pairs)
    return {word: mood for word, mood in pairs if counts[word] == 1}


def find_tones(texts: Iterable[tuple[str, str]], language: str, things: Iterable[str] = ()) -> tuple[Tone, ...]:
    """The moods of a season's (episode key, text) pairs, strongest first; one with under three words is left out.

    Args:
        things: words that name what the season is about (a net, a ship): they set no tone here.
    """
    tag = base_language(language)
    named = {stem(word, tag) for word in things}
    listed = {word: mood for word, mood in _mood_words(tag).items() if stem(word, tag) not in named}
    stems = {stem(word, tag): listed[word] for word in sorted(listed) if len(stem(word, tag)) >= SURE_STEM}
    words: dict[Mood, Counter[str]] = {mood: Counter() for mood in Mood}
    episodes: dict[Mood, dict[str, None]] = {mood: {} for mood in Mood}
    for key, text in texts:
        for word in map(str.casefold, find_words(text)):
            mood = listed.get(word) or stems.get(stem(word, tag))
            if mood is not None:
                words[mood][word] += 1
                episodes[mood][key] = None
    ranked = sorted(Mood, key=lambda mood: -words[mood].total())
    return tuple(
        Tone(mood, _telling(words[mood], tag), tuple(sorted(episodes[mood])))
        for mood in ranked
        if words[mood].total() >= MIN_HITS
    )


def _telling(words: Counter[str], tag: str) -> tuple[str, ...]:
    """The three most frequent words, one of each stem."""
    kept: dict[str, str] = {}
    for word, _ in words.most_common():
        kept.setdefault(stem(word, tag), word)
    return tuple(kept.values())[:3]
