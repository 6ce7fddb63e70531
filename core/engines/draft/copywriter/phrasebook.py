"""Sentences with slots, from data/copy: a sentence is usable where the brief fills each of its slots.

``{the}`` is a slot; ``[novo|nova|novos|novas]`` agrees with the subject in gender and number, ``[é|são]`` in number
alone. A sentence that needs a gender nobody told is not usable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

from core.engines.draft.casing import upper_first
from core.engines.draft.copywriter.nouns import Noun
from core.settings import BUNDLED

T = TypeVar("T")

Pages = Mapping[str, Mapping[str, Sequence[str]]]

_SLOT = re.compile(r"\{(\w+)\}")
_AGREEMENT = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)(?:\|([^\[\]|]*)\|([^\[\]|]*))?\]")
_TWO_COLONS = re.compile(r": [^.!?“]*: ")
_SUBJECTS = frozenset({"the", "of", "in", "to", "name"})
_SENTENCE_START = re.compile(r"(?:\A|(?<=[.!?…] )|(?<=\n))([“\"‘(]*)([a-zà-öø-ÿ])(?![^\s]*[A-Z])")


class Dice:
    """Choices that a seed decides: the same seed, the same choices, on any machine."""

    def __init__(self, *seeds: object) -> None:
        self._seed = "\x1f".join(map(str, seeds))
        self._rolls = 0

    def roll(self, sides: int) -> int:
        """A number from 0 to ``sides`` - 1."""
        self._rolls += 1
        digest = sha256(f"{self._seed}\x1f{self._rolls}".encode()).digest()
        return int.from_bytes(digest[:8]) % sides

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, which is not empty."""
        return items[self.roll(len(items))]

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """``items`` in another order."""
        left = list(items)
        return [left.pop(self.roll(len(left))) for _ in range(len(left))]


@dataclass(frozen=True)
class Slot:
    """What fills a slot, and which facts it tells: no fact is told twice."""

    text: str
    tells: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Said:
    """A sentence and the facts it tells."""

    text: str
    tells: frozenset[str] = frozenset()


def start_sentences(text: str) -> str:
    """``text`` with a capital at the start of each sentence, names such as iFood left."""
    return _SENTENCE_START.sub(lambda hit: hit[1] + upper_first(hit[2]), text)


def lower_word(text: str) -> str:
    """``text`` with a small first letter, unless its first word is a name or an acronym."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:] == first[1:].lower() else text


def fill(sentence: str, slots: Mapping[str, Slot], subject: Noun | None) -> Said | None:
    """The sentence with its slots filled; None where one is empty, its gender unknown, or two colons meet."""
    names = _SLOT.findall(sentence)
    if not all(name in slots and slots[name].text for name in names):
        return None
    if any(hit[3] is not None for hit in _AGREEMENT.finditer(sentence)) and (not subject or subject.form is None):
        return None
    plural = bool(subject and subject.plural)

    def agree(hit: re.Match[str]) -> str:
        if hit[3] is None:
            return hit[2] if plural else hit[1]
        return hit[(subject.form or 0) + 1] if subject else ""

    agreed = _AGREEMENT.sub(agree, sentence)
    text = _SLOT.sub(lambda hit: _close(hit[1], slots[hit[1]].text, agreed[hit.end() :]), agreed)
    if _TWO_COLONS.search(text):
        return None
    told = frozenset().union(*(slots[name].tells for name in names))
    return Said(_tidy(text), told)


def _close(name: str, text: str, after: str) -> str:
    """``text`` with the comma that an apposition within a subject needs before the sentence goes on."""
    inserted = name in _SUBJECTS and "," in text and re.match(r" (?!e |and )\w", after)
    return f"{text}," if inserted else text


def _tidy(text: str) -> str:
    text = re.sub(r"([.!?…])[.]+(?=\s|\Z)", r"\1", text)
    return start_sentences(re.sub(r" +", " ", text).strip())


@lru_cache(maxsize=2)
def load_phrases(language: str) -> Pages:
    """The sentences of ``pt-BR`` or ``en``: role -> key -> sentences."""
    found = json.loads((BUNDLED / "copy" / f"{language}.json").read_text(encoding="utf-8"))
    return {role: pages for role, pages in found.items() if isinstance(pages, dict)}
