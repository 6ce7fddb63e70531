"""A noun with its articles, contractions and gender, in Portuguese and English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from core.engines.draft.language import word_set
from core.engines.draft.places import Genders

_ARTICLES = {"m": ("o", "os"), "f": ("a", "as")}
_INDEFINITE = {"m": "um", "f": "uma"}
_ENGLISH = {"de": "of", "em": "in", "a": "to"}
_FORMS = ("m", "f", "mp", "fp")

SAME_PLURAL = word_set("tênis ônibus lápis oásis atlas campus bônus vírus mais pires jeans fitness bus glass dress gas")
"""Nouns that end in s and are one thing."""

_FEMININE_END = re.compile(r"(?:[çs]ão|gião|[dt]ade|tude|agem|igem|ez|ência|ância)\Z")
_MASCULINE_END = re.compile(r"(?:o|or|al|el|il|ol|ul|ar|er|ir|um|im|om|á|é|ê|ó|ô|u)\Z")
_AN = re.compile(r"(?:8|1[18]\b|[aeio]|u(?!ni|s[aei]|kul)|h(?:our|eir|onest))", re.IGNORECASE)
_AN_ACRONYM = re.compile(r"[AEFHILMNORSX][A-Z0-9]*\b")


def find_gender(word: str, genders: Genders, known: dict[str, str]) -> str:
    """``m``, ``f`` or "" of a Portuguese noun: by the list, by articles heard, then by its ending."""
    folded = word.casefold()
    singular = folded if folded in SAME_PLURAL else folded.removesuffix("s")
    for form in (folded, singular, re.sub(r"(?:õe|ãe)\Z", "ão", singular), singular.removesuffix("e")):
        if form in known:
            return known[form]
    heard = genders.of(folded)
    if heard:
        return heard
    if _FEMININE_END.search(singular):
        return "f"
    if singular.endswith("a"):
        return "f"
    return "m" if _MASCULINE_END.search(singular) else ""


def is_plural(word: str) -> bool:
    """Whether a noun's form is a plural, by its last letter and a list."""
    folded = word.casefold()
    ends = (folded.endswith("s") and not folded.endswith(("ss", "us", "is"))) or folded.endswith(
        ("ais", "eis", "óis", "eus")
    )
    return len(folded) > 3 and ends and folded not in SAME_PLURAL


@dataclass(frozen=True)
class Noun:
    """A name or noun phrase that a sentence can refer to.

    Attributes:
        text: as it stands inside a sentence.
        language: ``pt`` or ``en``.
        gender: ``m``, ``f``, or "" where nothing tells; then no article is written.
        bare: a proper name that takes no article.
    """

    text: str
    language: str
    gender: str = ""
    plural: bool = False
    bare: bool = False

    @cached_property
    def article(self) -> str:
        """The definite article; "" where there is none or it is not known."""
        if self.bare:
            return ""
        if self.language == "en":
            return "the"
        return _ARTICLES[self.gender][self.plural] if self.gender else ""

    @property
    def the(self) -> str:
        """``o tênis``; the bare text where the article is not known."""
        return f"{self.article} {self.text}" if self.article else self.text

    @property
    def a(self) -> str:
        """``um tênis``; "" where the gender is not known."""
        if self.plural:
            return self.text
        if self.language == "en":
            sounds_open = _AN_ACRONYM.match(self.text) if self.text[:2].isupper() else _AN.match(self.text)
            return f"{'an' if sounds_open else 'a'} {self.text}"
        return f"{_INDEFINITE[self.gender]} {self.text}" if self.gender else ""

    def after(self, preposition: str) -> str:
        """The noun after ``de``, ``em`` or ``a``, contracted with its article; ``of the mug`` in English."""
        article = self.article
        if self.language == "en":
            return f"{_ENGLISH[preposition]} {self.the}"
        if not article:
            return f"{preposition} {self.text}"
        if preposition == "a":
            joined = {"o": "ao", "os": "aos", "a": "à", "as": "às"}[article]
        else:
            joined = {"de": "d", "em": "n"}[preposition] + article
        return f"{joined} {self.text}"

    @property
    def form(self) -> int | None:
        """Which of ``[o|a|os|as]`` agrees with it; None where the gender is not known."""
        return _FORMS.index(self.gender + "p" * self.plural) if self.gender else None
