"""The words that tell the parts of a brief apart: data/copy/words.json, whose "about" says what each list holds."""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from typing import Any

from core.engines.draft.inflection import fold
from core.engines.draft.language import find_words
from core.settings import BUNDLED

_QUALITY_END = {
    "pt": re.compile(
        r"[^\W\d_]+(?:[áí]vel|[áí]veis|os[oa]s?|ad[oa]s?|id[oa]s?|iv[oa]s?|átic[oa]|ênic[oa]|ínic[oa]|íssim[oa]s?)\Z"
    ),
    "en": re.compile(
        r"(?:[a-z]+-)?(?:made|built|grown|cut|sewn|woven|written|drawn|[a-z]{2,}ed)\Z|[a-z]+(?:able|ible|ful)\Z"
    ),
}
_LIST_OPENER = re.compile(
    r"\b(?:com|sem|feit[oa]s? (?:com|de)|with|without|made (?:with|of|from)) |\A[^:]*:", re.IGNORECASE
)
_PREPOSITION = re.compile(
    r"(?:com|sem|de|d[oa]s?|em|n[oa]s?|por|pel[oa]s?|sob|à|ao|até|entre|para|pra|with|without|from|in|on|by|of|at|for|"
    r"up to) ",
    re.IGNORECASE,
)
_ARTICLES = {
    "pt": re.compile(r"\A(?:o|a|os|as|um|uma|nosso|nossa|nossos|nossas|meu|minha) (?=\S)", re.IGNORECASE),
    "en": re.compile(r"\A(?:the|an?|our|my) (?=\S)", re.IGNORECASE),
}
_HEAD_END = re.compile(r" (?:with|from|of|for|in|on|by|at|to|every|that|which) ")


class Words:
    """The word lists of one language."""

    def __init__(self, language: str, lists: dict[str, Any]) -> None:
        self.language = language
        self.occasions: dict[str, str] = lists["occasions"]
        self._lists = {key: frozenset(value.split()) for key, value in lists.items() if isinstance(value, str)}
        self.articles = _ARTICLES[language]
        self.ordinals: list[str] = lists["ordinals"].split()
        self.comes: dict[str, str] = lists["comes"]

    def of(self, name: str) -> frozenset[str]:
        """The list ``name``; empty where this language has none."""
        return self._lists.get(name, frozenset())

    @cached_property
    def genders(self) -> dict[str, str]:
        """Noun -> ``m`` or ``f``."""
        return {word: "f" for word in self.of("feminine")} | {word: "m" for word in self.of("masculine")}

    @cached_property
    def _kinds(self) -> frozenset[str]:
        lists = ("masculine", "feminine", "things", "events", "places", "services", "causes")
        return frozenset().union(*map(self.of, lists))

    def head(self, phrase: str) -> str:
        """The noun a phrase is built on, folded case: the first word in Portuguese, the last one in English."""
        bare = self.articles.sub("", phrase, count=1)
        found = find_words(_HEAD_END.split(bare)[0] if self.language == "en" else bare)
        while len(found) > 1 and found[0].casefold() in self.of("before"):
            found = found[1:]
        return found[-1 if self.language == "en" else 0].casefold() if found else ""

    def is_a(self, phrase: str, name: str) -> bool:
        """Whether the noun of ``phrase`` is in the list ``name``, in singular or plural."""
        head = self.head(phrase)
        return head in self.of(name) or head.removesuffix("s") in self.of(name)

    def is_kind(self, phrase: str) -> bool:
        """Whether ``phrase`` begins with a noun that names something sold or held."""
        head = self.head(phrase)
        return head in self._kinds or head.removesuffix("s") in self._kinds

    def is_quality(self, text: str) -> bool:
        """Whether ``text`` can follow "é" or "is" as an adjective or participle does."""
        first, _, rest = text.partition(" ")
        first = first.casefold().strip(".,!")
        if first in self.of("degrees") and rest:
            return self.is_quality(rest)
        if self.language == "en":
            words = text.casefold().split()
            plain = len(words) == 1 or words[1] in {"and", "to", "enough", "in"}
            return (
                (first in self.of("qualities") and plain)
                or words[-1] in self.of("last")
                or bool(_QUALITY_END["en"].match(first))
            )
        if first in self.of("nouns"):
            return False
        return first in self.of("qualities") or bool(_QUALITY_END["pt"].match(first))

    def is_virtue(self, keyword: str) -> bool:
        """Whether ``keyword`` names a quality that a thing can have: ``leveza``, ``design moderno``."""
        head = find_words(keyword)[0].casefold()
        return head in self.of("virtues") or (
            self.language == "pt" and head.endswith(("eza", "idade", "ência", "ância"))
        )

    @staticmethod
    def has_preposition(text: str) -> bool:
        """Whether ``text`` begins with a preposition."""
        return bool(_PREPOSITION.match(text))

    @staticmethod
    def opens_list(text: str) -> bool:
        """Whether ``text`` may go on with more nouns: ``feito com farinha``."""
        return bool(_LIST_OPENER.search(text))

    def is_sensitive(self, text: str, *, fiction: bool) -> bool:
        """Whether ``text`` speaks of something that no joke and no drum roll fits."""
        stems = tuple(map(fold, self.of("sensitive_even_in_fiction" if fiction else "sensitive")))
        return any(fold(word).startswith(stems) for word in find_words(text))


@lru_cache(maxsize=2)
def load_words(language: str) -> Words:
    """The words of ``pt`` or ``en``."""
    return Words(language, json.loads((BUNDLED / "copy" / "words.json").read_text(encoding="utf-8"))[language])
