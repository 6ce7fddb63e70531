"""Whether a text names what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from core.checks.dictionary import is_word
from core.checks.reading import WORD, Reading, fault, fold, load_words
from core.checks.request import strip_request
from core.domain.campaign import Brief, Facts, Finding
from core.language import N_

_STEMMING = Lock()  # a Snowball stemmer keeps the word it works on in itself
_MOST_HEAD_WORDS = 6
_LONGEST_WORD = 60
_QUOTED = re.compile(r"[“\"«]([^”\"»\n]{2,60})[”\"»]")
_HEAD = re.compile(r"\A([^\n:–—|]{2,60}?)\s*(?::|\s[–—|-]\s)")
_CAPITAL = r"(?:[A-ZÀ-Ý][\w’'-]*|\d+)"
_RUN = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:d[aeo]s?|e|of|the|and)\s+)?{_CAPITAL})*")
_BOUNDARY = re.compile(
    r"[,:;.(–—\n]|\b(?:com|para|feit[oa]s?|por|em|sobre|d[ao]s?|n[ao]s?|pel[ao]s?|with|for|by|in|from|about|at)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("portuguese" if language == "pt" else "english")


@lru_cache(maxsize=4)
def _stop_words(language: str) -> frozenset[str]:
    from stopwordsiso import stopwords

    return frozenset(map(str.casefold, stopwords(language)))


@lru_cache(maxsize=16_384)
def _stem(word: str, language: str) -> str:
    with _STEMMING:
        return fold(str(_stemmer(language).stemWord(word)))


@lru_cache(maxsize=512)
def stems(text: str, language: str) -> frozenset[str]:
    """The stems of the words of ``text`` that mean something."""
    words = {match[0].casefold() for match in WORD.finditer(text)}
    words |= {part for word in words for part in word.split("-")}
    meaning = words - _stop_words(language) - set(load_words("subjects")["announcements"])
    return frozenset(_stem(word, language) for word in meaning if 1 < len(word) <= _LONGEST_WORD)


class Name(NamedTuple):
    """A name in a topic; ``core`` is what tells it apart: of ``Bicicleta Garoa`` the last word."""

    whole: str
    core: str
    start: int = 0
    end: int = 0


def find_names(brief: Brief) -> list[Name]:
    """The names in a brief's topic, a request left out: what stands in quotation marks, and runs of capitals.

    One capital at the start of a topic is only the start of a sentence, unless no dictionary has the word or an
    address or hashtag of the brief begins with it.
    """
    topic, tags = strip_request(brief.topic), " ".join(re.findall(r"[#@./]\w+|\b\w+\.com", fold(brief.call_to_action)))
    names = [Name(match[1].strip(), match[1], *match.span()) for match in _QUOTED.finditer(topic)]
    for match in () if topic.isupper() else _RUN.finditer(topic):
        words = match[0].split()
        opens = not WORD.search(topic[: match.start()])
        capitals = [word for word in words if word[:1].isupper()]
        inner = re.search(r"\w[A-ZÀ-Ý]", match[0])
        first = words[0].casefold()
        rare = opens and not (is_word(first, "pt") or is_word(first, "en"))
        tagged = opens and len(capitals) == 1 and fold(first) in tags
        if capitals and (not opens or len(capitals) > 1 or inner or rare or tagged):
            if opens and len(words) > 1 and not rare:
                # Portuguese says first what a thing is (Bicicleta Garoa), English last (Cascade Runner).
                words = words[1:] if brief.language == "pt-BR" else words[:-1]
            names.append(Name(match[0], " ".join(words), *match.span()))
    return names


def name_subject(brief: Brief, facts: Facts | None) -> tuple[list[Name], frozenset[str]]:
    """What a text has to say to name its subject: one of the names, or one of the stems.

    A name that opens the topic is the subject's own, so no other word will do; one further on may be its maker's.
    """
    language = brief.language[:2]
    topic, names = strip_request(brief.topic), find_names(brief)
    if facts or brief.show:
        show, title = (facts.show, facts.title) if facts else (brief.show, "")
        return [*(Name(name, name) for name in (title, show) if name), *names], frozenset()
    head = _HEAD.match(topic)
    if head and len(head[1].split()) <= _MOST_HEAD_WORDS:
        inside = [name for name in names if name.end <= head.end(1)]
        inside = [name for name in inside if not name.start] or inside
        if inside or (head[1][:1].isupper() and stems(head[1], language)):
            return inside or [Name(head[1], head[1])], frozenset()
    boundary = _BOUNDARY.search(topic, 1)
    clause = topic[: boundary.start()] if boundary else topic
    own = [name for name in names if name.start < len(clause)]
    own = [name for name in own if not name.start] or own
    if own:
        return own, frozenset()
    words = stems(clause, language) or stems(topic, language)
    return names or [Name(clause.strip(), clause)], words


def names_subject(text: str, brief: Brief, facts: Facts | None = None) -> bool:
    """Whether ``text``, its hashtags left out, has one of the subject's names or half of what tells one apart."""
    language = brief.language[:2]
    names, words = name_subject(brief, facts)
    there = stems(text, "pt") | stems(text, "en")
    wanted = [stems(name.core, language) for name in names]
    if words & there or any(name and 2 * len(name & there) >= len(name) for name in wanted):
        return True
    folded = fold(text)
    if any(re.search(rf"(?<!\w){re.escape(fold(name.whole))}(?!\w)", folded) for name in names):
        return True
    return not words and not any(wanted)  # nothing that could be named


def check_subject(reading: Reading) -> Iterator[Finding]:
    """The text says in words, not only in a hashtag, what it is about."""
    if not names_subject(reading.told, reading.brief, reading.facts):
        names, _ = name_subject(reading.brief, reading.facts)
        yield fault("subject_not_named", N_('The text does not name "{subject}".'), subject=names[0].whole[:80])
