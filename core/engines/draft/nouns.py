"""The nouns of ``data/motifs.json`` and the dictionary of their inflected forms, built once a process."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field

from core.domain.frozen import Frozen
from core.engines.draft.inflection import fold, inflect
from core.engines.draft.language import word_set
from core.settings import BUNDLED

TOKEN = re.compile(r"[^\W\d_]+|[.!?…:;\n\"“”«»()\[\]—–]|,")
"""A word, or a mark between sentences or clauses."""

_UNSAID = word_set("sabia maca avo la ca para esta pais coco baba sofa cais pelo fabrica secretaria")
"""Words that an accent would turn into a listed noun, and that mean something else without it."""


class Role(StrEnum):
    """Where a motif stands in a picture."""

    SKY = "sky"
    GROUND = "ground"
    WATER = "water"
    FOREGROUND = "foreground"
    FIGURE = "figure"


class Motif(Frozen):
    """A noun that a picture can show.

    Attributes:
        name: in English, lower case; the key in ``data/motifs.json``.
        pt: Portuguese forms (singular, irregular plurals, synonyms); regular plurals and diminutives are derived.
        en: English forms, likewise.
        icon: glyph name in the Material Design Icons font.
        weight: how much it tells of a story, 1 (a door) to 10 (a lighthouse).
        kind: motifs of one kind look alike or mean the same; a picture shows one of them.
        phrase: how an English sentence says it, with its article; "" for a regular "a name".
        after_article, near, avoid: see this module's docstring.
    """

    name: str
    pt: tuple[str, ...]
    en: tuple[str, ...]
    icon: str
    role: Role
    weight: int = Field(ge=1, le=10)
    kind: str
    phrase: str = ""
    after_article: tuple[str, ...] = ()
    near: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    avoid: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Claim(NamedTuple):
    """One form's reading as a motif; ``name`` is "" for an idiom, which stands for nothing."""

    rest: tuple[str, ...]
    name: str
    article: bool
    near: tuple[str, ...]
    avoid: tuple[str, ...]


Index = dict[str, list[Claim]]


@lru_cache(maxsize=1)
def _read() -> tuple[dict[str, Motif], dict[str, tuple[str, ...]]]:
    import json

    raw = json.loads((BUNDLED / "motifs.json").read_text(encoding="utf-8"))
    motifs = {name: Motif(name=name, **fields) for name, fields in raw["motifs"].items()}
    return motifs, {language: tuple(phrases) for language, phrases in raw["idioms"].items()}


def load_motifs() -> dict[str, Motif]:
    """Every motif by name, in the file's order; read once a process."""
    return _read()[0]


@lru_cache(maxsize=4)
def find_index(language: str) -> Index:
    """First word -> readings of the forms that begin with it, the longest first."""
    motifs, idioms = _read()
    listed: dict[tuple[str, ...], list[Claim]] = {}
    derived: dict[tuple[str, ...], list[Claim]] = {}
    for motif in motifs.values():
        for form in motif.pt if language == "pt" else motif.en:
            near, avoid = motif.near.get(form, ()), motif.avoid.get(form, ())
            for place, variant in enumerate(inflect(" ".join(split_words(form)), language)):
                words = tuple(variant.split())
                claim = Claim(words[1:], motif.name, form in motif.after_article, near, avoid)
                into = listed if place == 0 else derived
                if claim not in into.setdefault(words, []):
                    into[words].append(claim)
    for phrase in idioms[language]:
        words = tuple(split_words(phrase))
        listed[words] = [Claim(words[1:], "", False, (), ())]
    # A form that the file lists ("golfinho") is never the diminutive of another ("golfe").
    forms = {**derived, **listed}
    _tolerate_missing_accents(forms)
    index: Index = {}
    for words, claims in forms.items():
        index.setdefault(words[0], []).extend(claims)
    for claims in index.values():
        claims.sort(key=lambda claim: -len(claim.rest))
    return index


def _tolerate_missing_accents(forms: dict[tuple[str, ...], list[Claim]]) -> None:
    """Add ``~passaro`` for ``pássaro``, looked up in texts typed without accents, where only one motif is meant."""
    bare: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for words in forms:
        folded = tuple(fold(word) for word in words)
        if folded != words and folded not in forms and not (len(folded) == 1 and _is_another_word(folded[0])):
            bare.setdefault(folded, []).append(words)
    for folded, sources in bare.items():
        claims = [claim for words in sources for claim in forms[words]]
        if len({claim.name for claim in claims}) == 1:
            forms[("~" + folded[0], *folded[1:])] = [claim._replace(rest=folded[1:]) for claim in claims[:1]]


def _is_another_word(folded: str) -> bool:
    return len(folded) < 4 or folded in _UNSAID


def split_words(text: str) -> list[str]:
    """The words of ``text`` in lower case; a hyphen separates, so that ``guarda-chuva`` is two."""
    return [word for word in TOKEN.findall(unicodedata.normalize("NFC", text).lower()) if word[0].isalpha()]
