"""A written-out text as the checks read it: its parts, sentences and words, and what its brief allows."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from core.domain.campaign import Brief, Facts, Finding
from core.platforms import Platform, find_platform
from core.settings import BUNDLED

_MARKS = re.compile("[\u0300-\u036f]")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d])\w+")
URL = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]…]"
    r"|(?<![\w@.-])(?:[\w-]+\.)+(?:com|net|org|br|io|app|dev|tv|shop|store|me|co|ly|info|art|bio|link|page|site)"
    r"(?:\.[a-z]{2})?\b(?:/[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]…])?",
    re.IGNORECASE,
)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HANDLE = re.compile(r"(?<![\w@.])@\w(?:[\w.]*\w)?")
_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"”’»)\]]*(?=\s|\Z))|\n+")
_SUBJECT = re.compile(r"\A\s*(?:assunto|subject)\s*:[ \t]*(.*)", re.IGNORECASE)
_SCENE = re.compile(r"^(?:cena|scene)\s+\d+[^\n]*$", re.IGNORECASE | re.MULTILINE)
_LABEL = re.compile(r"^(?:visual|narração|narration|legenda|caption|assunto|subject)\s*:", re.IGNORECASE | re.MULTILINE)
_VISUAL = re.compile(r"^visual\s*:[^\n]*", re.IGNORECASE | re.MULTILINE)
_CAPTION = re.compile(r"^(?:legenda|caption)\s*:\s*", re.IGNORECASE | re.MULTILINE)


class Span(NamedTuple):
    """A stretch of text, in characters."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """``text`` without case and accents, for comparing."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


@lru_cache(maxsize=16)
def load_words(name: str) -> Any:
    """The word list ``data/checks/<name>.json``."""
    return json.loads((BUNDLED / "checks" / f"{name}.json").read_text(encoding="utf-8"))


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """``text`` with each match as spaces, so that positions stay."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def find_sentences(text: str) -> list[Span]:
    """The sentences of ``text``, each with a word in it; a line break ends one too."""
    found, start = [], 0
    for stop in [match.end() for match in _SENTENCE_END.finditer(text)] + [len(text)]:
        piece = text[start:stop]
        if WORD.search(piece):
            begin = start + len(piece) - len(piece.lstrip())
            found.append(Span(piece.strip(), begin, begin + len(piece.strip())))
        start = stop
    return found


def find_hashtags(text: str) -> list[Span]:
    """The hashtags of ``text``, with their sign."""
    return [Span(match[0], match.start(), match.end()) for match in HASHTAG.finditer(text)]


@lru_cache(maxsize=32)
def _spaced(text: str) -> str:
    return " ".join(["", *re.findall(r"\w+|%", fold(text)), ""])


@lru_cache(maxsize=32)
def _word_set(text: str) -> frozenset[str]:
    words = {match[0].casefold() for match in WORD.finditer(text)}
    return frozenset(words | {part for word in words for part in re.split(r"['’-]", word)})


class Reading:
    """A text beside its brief; every view of it is worked out once.

    Attributes:
        text: as written out (core.domain.campaign.write_out).
        facts: what the library knows of the brief's episode.
    """

    def __init__(self, text: str, brief: Brief, facts: Facts | None = None) -> None:
        self.text = unicodedata.normalize("NFC", text)
        self.brief = brief
        self.facts = facts

    @cached_property
    def platform(self) -> Platform:
        """Where the text goes."""
        return find_platform(self.brief)

    @property
    def portuguese(self) -> bool:
        """Whether the text should be Portuguese; English else."""
        return self.brief.language == "pt-BR"

    @cached_property
    def source(self) -> str:
        """All that the text may draw on: the brief and the facts, one field a line."""
        brief, facts = self.brief, self.facts
        parts = [brief.topic, brief.call_to_action, brief.show, brief.episode, brief.audience, brief.objective]
        parts += [*brief.keywords, str(brief.season or "")]
        if facts:
            parts += [facts.show, facts.genre, facts.tagline, facts.label, facts.title, facts.logline, facts.summary]
            parts += [facts.episode, str(facts.season), *facts.key_phrases, *facts.cast, facts.transcript]
            parts += [f"{moment.speaker} {moment.quote}" for moment in facts.moments]
        return "\n".join(part for part in parts if part)

    @cached_property
    def folded_source(self) -> str:
        """``source`` without case, accents and marks, for word-for-word comparing; a space at each end."""
        return _spaced(self.source)

    def quotes(self, phrase: str) -> bool:
        """Whether the brief or the facts say ``phrase`` word for word."""
        wanted = " ".join(re.findall(r"\w+|%", fold(phrase)))
        return bool(wanted) and f" {wanted} " in self.folded_source

    def unquoted(self, text: str) -> str:
        """``text`` without its runs of four words and more that the brief or the facts say too."""
        words = WORD.findall(text)
        quoted: set[int] = set()
        for at in range(len(words) - 3):
            if self.quotes(" ".join(words[at : at + 4])):
                quoted.update(range(at, at + 4))
        return " ".join(word for at, word in enumerate(words) if at not in quoted)

    @cached_property
    def source_words(self) -> frozenset[str]:
        """The words of ``source``, folded in case only, hyphenated ones whole and in parts."""
        return _word_set(self.source)

    @cached_property
    def prose(self) -> str:
        """``text`` with labels, hashtags, addresses and handles blanked: what a person reads as sentences."""
        bare = self.text
        for pattern in (_SCENE, _LABEL, URL, EMAIL, HANDLE, HASHTAG):
            bare = blank(bare, pattern)
        return bare

    @cached_property
    def told(self) -> str:
        """``prose`` without the directions of a script: what the public reads or hears."""
        told = self.prose
        for match in _VISUAL.finditer(self.text):
            told = told[: match.start()] + " " * len(match[0]) + told[match.end() :]
        return told

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of ``told``."""
        return find_sentences(self.told)

    @cached_property
    def words(self) -> list[Span]:
        """The words of ``prose``."""
        return [Span(match[0], match.start(), match.end()) for match in WORD.finditer(self.prose)]

    @cached_property
    def starts(self) -> frozenset[int]:
        """Where the first words of sentences, quotes and list items begin."""
        first = (WORD.search(self.prose, sentence.start) for sentence in find_sentences(self.prose))
        opened = re.finditer(r"(?:[:“\"«‘(]\s*|[-–—•*]\s+)(?=[^\W\d_])", self.prose)
        return frozenset([match.start() for match in first if match] + [match.end() for match in opened])

    @cached_property
    def subject_line(self) -> Span | None:
        """The subject line of an e-mail, where the text has one."""
        match = _SUBJECT.match(self.text)
        return Span(match[1].strip(), match.start(1), match.end(1)) if match else None

    @cached_property
    def scenes(self) -> list[Span]:
        """The scene headings of a short video."""
        return [Span(match[0], match.start(), match.end()) for match in _SCENE.finditer(self.text)]

    @cached_property
    def post(self) -> Span:
        """What is published under the picture: without the subject line, without the scenes."""
        start = self.subject_line.end if self.subject_line else 0
        caption = _CAPTION.search(self.text)
        if self.scenes and caption:
            start = caption.end()
        piece = self.text[start:]
        start += len(piece) - len(piece.lstrip())
        return Span(piece.strip(), start, start + len(piece.strip()))

    @cached_property
    def call_to_action(self) -> str:
        """The words that the text must close with, without the hashtags behind them."""
        return split_call_to_action(self.brief, self.platform)[0]

    @cached_property
    def hashtags(self) -> tuple[str, ...]:
        """The hashtags that the text must carry."""
        return split_call_to_action(self.brief, self.platform)[1]


def split_call_to_action(brief: Brief, platform: Platform) -> tuple[str, tuple[str, ...]]:
    """A brief's call to action without the hashtags at its end, and all its hashtags.

    Where a platform takes no hashtags the words come without any, and no hashtag is asked for.
    """
    whole = " ".join(brief.call_to_action.split())
    if platform.hashtags == 0:
        return " ".join(HASHTAG.sub(" ", whole).split()), ()
    words = re.sub(rf"(?:\s*{HASHTAG.pattern})+\Z", "", whole).strip()
    return words, tuple(dict.fromkeys(tag.text for tag in find_hashtags(whole)))


def fault(code: str, message: str, span: Span | None = None, *, repair: bool = False, **values: str) -> Finding:
    """An error at ``span``; of the whole text where it is None."""
    start, end = (span.start, span.end) if span else (0, 0)
    return Finding(code=code, level="error", message=message, values=values, start=start, end=end, repair=repair)


def doubt(code: str, message: str, span: Span | None = None, *, repair: bool = False, **values: str) -> Finding:
    """A warning at ``span``."""
    return fault(code, message, span, repair=repair, **values).model_copy(update={"level": "warning"})
