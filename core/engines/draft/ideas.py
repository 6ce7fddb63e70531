"""What a picture shows for the things people announce (a course, a burger, a June festival), found in a brief's words.

``data/concepts.json`` holds them:

- ``ideas``: the words that name a thing (``pt``, ``en``), whether it is a product to photograph or a topic, its English
  ``subject``, the ``motifs`` that show it, the ``setting`` and ``stage`` it stands in, its ``time_of_day`` where it
  has one, and whether it is ``weak``: it leads only where nothing else is named (a sale is a sale of something);
- ``textures``: English words for a material, and the words that name it; ``backdrops``: what is behind goods that
  stand indoors, by the place their brief speaks of;
- ``absences``: words after which a thing is named as missing ("sem gaiola");
- ``signs``: words that tell a product from a topic where no idea is found, and a ``generic`` idea for each;
- ``tones``: a brief's tone -> the mood of its picture; ``media`` and ``stages``: English for a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from core.domain.campaign import Tone
from core.domain.frozen import Frozen
from core.domain.generation import Mood, Setting, TimeOfDay
from core.engines.draft.inflection import fold, inflect
from core.settings import BUNDLED

Words = dict[Literal["pt", "en"], tuple[str, ...]]


class Idea(Frozen):
    """One thing that can be announced, and how a picture shows it."""

    pt: tuple[str, ...]
    en: tuple[str, ...]
    kind: Literal["product", "topic"]
    subject: str
    motifs: tuple[str, ...]
    setting: Setting
    stage: str = ""
    time_of_day: TimeOfDay | None = None
    weak: bool = False


class Concepts(Frozen):
    """``data/concepts.json``; the module's docstring says what each part is."""

    about: str
    date: str
    tones: dict[Tone, Mood]
    media: dict[str, str]
    stages: dict[Setting, str]
    backdrops: dict[Setting, str]
    textures: dict[str, Words]
    absences: Words
    signs: Words
    generic: dict[Literal["product", "topic"], Idea]
    ideas: dict[str, Idea]


class Found(NamedTuple):
    """An idea and the words of the text that name it."""

    start: int
    end: int
    idea: Idea


@lru_cache(maxsize=1)
def load_concepts() -> Concepts:
    """The concepts, read once a process."""
    return Concepts.model_validate_json((BUNDLED / "concepts.json").read_bytes())


def _folded(text: str) -> str:
    """``text`` in lower case without accents, letter for letter, so that places in it stay what they are."""
    return "".join(fold(letter)[:1] or " " for letter in text)


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    ranked = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ranked))})(?!\w)")


@lru_cache(maxsize=2)
def _index(language: Literal["pt", "en"]) -> tuple[re.Pattern[str], dict[str, Idea]]:
    forms: dict[str, Idea] = {}
    for idea in load_concepts().ideas.values():
        for phrase in idea.pt if language == "pt" else idea.en:
            for place, form in enumerate(inflect(phrase.replace("-", " "), language)):
                if place == 0 or _folded(form) not in forms:
                    forms[_folded(form)] = idea
    return _pattern(forms), forms


@lru_cache(maxsize=64)
def _words(language: Literal["pt", "en"], kind: Literal["absences", "signs"]) -> re.Pattern[str]:
    return _pattern(_folded(word) for word in getattr(load_concepts(), kind)[language])


def drop_absences(text: str, language: Literal["pt", "en"]) -> str:
    """``text`` with what is named as missing blanked out: "um bicho por vez, sem gaiola" shows no cage."""
    absent = re.compile(rf"{_words(language, 'absences').pattern}\s+\w+")
    return blank(text, (match.span() for match in absent.finditer(_folded(text))))


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """``text`` with spaces in place of ``spans``."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def find_ideas(text: str, language: Literal["pt", "en"]) -> list[Found]:
    """The ideas that ``text`` names, in order; of phrases that begin together, the longest."""
    pattern, forms = _index(language)
    plain = _folded(text).replace("-", " ")
    return [Found(*match.span(), forms[match.group()]) for match in pattern.finditer(plain)]


def find_texture(text: str, language: Literal["pt", "en"]) -> str:
    """The English word for the first material that ``text`` names; "" where it names none."""
    plain = _folded(text)
    found: list[tuple[int, str]] = []
    for texture, words in load_concepts().textures.items():
        match = _pattern(map(_folded, words[language])).search(plain)
        if match:
            found.append((match.start(), texture))
    return min(found)[1] if found else ""


def sells(text: str, language: Literal["pt", "en"]) -> bool:
    """Whether ``text`` speaks of goods: a price, a size, a package."""
    return "$" in text or bool(_words(language, "signs").search(_folded(text)))
