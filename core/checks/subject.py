"""Whether a text names what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from core.checks.reading import WORD, Reading, fault, fold, load_words
from core.domain.campaign import Brief, Facts, Finding
from core.language import N_

_MOST_NAME_WORDS = 6
_QUOTED = re.compile(r"[“\"«]([^”\"»\n]{2,60})[”\"»]")
_HEAD = re.compile(r"\A([^\n:–—|]{2,60}?)\s*(?::|\s[–—|-]\s)")
_CAPITAL = r"(?:[A-ZÀ-Ý][\w’'-]*|\d+)"
_RUN = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:d[aeo]s?|e|of|the|and|do)\s+)?{_CAPITAL})*")


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("portuguese" if language == "pt" else "english")


@lru_cache(maxsize=4)
def _stop_words(language: str) -> frozenset[str]:
    from stopwordsiso import stopwords

    return frozenset(map(str.casefold, stopwords(language)))


def stems(text: str, language: str) -> set[str]:
    """The stems of the words of ``text`` that mean something."""
    words = {match[0].casefold() for match in WORD.finditer(text)}
    words |= {part for word in words for part in word.split("-")}
    meaning = words - _stop_words(language) - set(load_words("subjects")["announcements"])
    return {fold(str(_stemmer(language).stemWord(word))) for word in meaning if len(word) > 1}


def _is_name(words: str) -> bool:
    announcements = load_words("subjects")["announcements"]
    parts = words.split()
    return bool(
        len(parts) <= _MOST_NAME_WORDS
        and any(part[:1].isupper() for part in parts)
        and not (len(parts) == 1 and parts[0].casefold() in announcements)
    )


def find_names(topic: str) -> list[str]:
    """The names in ``topic``, the likeliest of its subject first; empty where it has none."""
    head = _HEAD.match(topic)
    if head and _is_name(head[1]):
        return [head[1].strip()]
    names = [match[1].strip() for match in _QUOTED.finditer(topic)]
    if topic.isupper():
        return names
    first = WORD.search(topic)
    for match in _RUN.finditer(topic):
        words = match[0].split()
        if (
            first
            and match.start() == first.start()
            and len(words) > 1
            and words[0].casefold() in load_words("subjects")["announcements"]
        ):
            words = words[1:]
        at_start = first is not None and match.start() == first.start()
        named = [word for word in words if not word.isdigit()]
        # One capital at the start of a topic is only the start of a sentence, unless more follow inside the word.
        if named and not (at_start and len(named) == 1 and not re.search(r"\w[A-ZÀ-Ý]", named[0])):
            names.append(" ".join(words))
    return names


def subjects(brief: Brief, facts: Facts | None) -> list[str]:
    """What a text may be called to be about: names, in order of likelihood; else the topic itself."""
    names = find_names(brief.topic)
    if facts:
        names = [facts.title, facts.show, *names] if facts.title else [facts.show, *names]
    elif brief.show:
        names = [brief.show, *names]
    return names or [brief.topic]


def names_subject(text: str, brief: Brief, facts: Facts | None = None) -> bool:
    """Whether ``text`` (without hashtags) has one of the subject's names, or half the words of it."""
    language = brief.language[:2]
    there = stems(text, "pt") | stems(text, "en")
    named = find_names(brief.topic) or facts or brief.show
    for name in subjects(brief, facts):
        if fold(name) in fold(text):
            return True
        wanted = stems(name, language)
        hits = len(wanted & there)
        # A name counts when half of it is there; of a topic without names, one word does.
        if wanted and hits >= ((len(wanted) + 1) // 2 if named else 1):
            return True
    return not any(stems(name, language) for name in subjects(brief, facts))


def check_subject(reading: Reading) -> Iterator[Finding]:
    """The text says in words, not only in a hashtag, what it is about."""
    if not names_subject(reading.prose, reading.brief, reading.facts):
        name = subjects(reading.brief, reading.facts)[0]
        yield fault("subject_not_named", N_('The text does not name "{subject}".'), subject=name[:80])
