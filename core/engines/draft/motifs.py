"""Nouns that a picture can show (lighthouse, knife, radio), found in Portuguese and English text.

``data/motifs.json`` holds them. A search looks each word up in one dictionary of inflected forms and never
runs a pattern per noun, so its time grows with the text alone. Four rules keep false friends out:

- ``after_article``: a form that is also a verb ("ele cobra", "to fire") counts after an article or possessive only;
- ``near``: a form of several senses ("rede", "banco") counts where a cue of the right sense is within eight words,
  or where the whole text speaks mostly of that sense; stems of up to three letters must be whole words;
- ``avoid``: it does not count within two words of one of these stems ("farol vermelho", "porto seguro");
- ``idioms``: phrases in which nothing is meant literally ("lua de mel", "a piece of cake").

And a word with a capital inside a sentence is a name ("dona Rosa"), unless the text writes it small more often.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from core.engines.draft.inflection import fold
from core.engines.draft.language import base_language, word_set
from core.engines.draft.nouns import TOKEN, Claim, Motif, Role, find_index, load_motifs, split_words

__all__ = ["Motif", "MotifHit", "Role", "find_motifs", "load_motifs"]

LANGUAGES = ("pt", "en")
"""Languages with nouns; ``und`` (no language known) is searched in both, any other in none."""

WINDOW = 8
"""Words to either side in which a cue settles a form's sense."""

AVOID_WINDOW = 2
"""Words to either side in which a stem of ``avoid`` rules a form out."""

MAJORITY = 3
MAJORITY_SHARE = 0.004
"""Cues in the whole text, in number and as a share of its words, that settle a form's sense where none is near."""

ACCENTED_SHARE = 0.02
"""A Portuguese text with fewer accented words than this was typed without accents; normal is 0.15 to 0.2."""

_TITLES = word_set("mr mrs ms miss dr dra sr sra dona dom seu são santa santo tio tia mister sir lady lord officer")
_PT = (
    "o a os as um uma uns umas do da dos das no na nos nas ao aos à às pelo pela pelos pelas num numa dum duma "
    "este esta estes estas esse essa esses essas aquele aquela aqueles aquelas deste desta desse dessa daquele "
    "daquela neste nesta nesse nessa naquele naquela meu minha meus minhas teu tua teus tuas sua suas nosso nossa "
    "nossos nossas cada outro outra outros outras algum alguma nenhum nenhuma dois duas três quatro muitas "
    "velho velha novo nova grande pequeno pequena primeiro primeira último última belo bela vários várias"
)
_EN = (
    "a an the this that these those my your his her our their its no some any every each another two three four "
    "old new big little small red blue black white green golden wooden broken giant first last own"
)
_PRONOUNS = word_set("this that")
ARTICLES = {"pt": word_set(_PT), "en": word_set(_EN)}
"""Words before a noun: articles, possessives, demonstratives, small numbers, common adjectives."""


@dataclass(frozen=True, slots=True)
class MotifHit:
    """A motif found: how often, and the offset in characters where it first stands."""

    name: str
    count: int
    first: int


class _Word(NamedTuple):
    """A word of the text, or a stop ("" as ``word``)."""

    word: str
    offset: int
    capital: str  # "" lower case, "start" opens a sentence, "name" inside one, "all" in capitals


def _read_words(text: str, cased: bool) -> list[_Word]:
    words: list[_Word] = []
    starts, title = True, False
    for match in TOKEN.finditer(text):
        found = match[0]
        if not found[0].isalpha():
            if not (title and found == "."):
                starts = starts or found != ","
                words.append(_Word("", match.start(), ""))
            continue
        lower = found.lower()
        capital = ""
        if found[0] != lower[0]:
            inside = "name" if cased and (title or not starts) else "start"
            capital = "all" if len(found) > 1 and found.isupper() else inside
        words.append(_Word(lower, match.start(), capital))
        starts, title = False, lower in _TITLES
    return words


class _Search:
    """One text searched in one language."""

    def __init__(self, text: str, language: str, context: str, names: frozenset[str], cased: bool) -> None:
        self.language = language
        self.index = find_index(language)
        self.words = _read_words(text, cased)
        self.names = names
        self.cased = cased
        self.context = context
        spoken = [word for word in self.words if word.word]
        shouted = sum(word.capital == "all" for word in spoken)
        self.shouts = 2 * shouted > len(spoken)
        accented = sum(not word.word.isascii() for word in spoken)
        self.bare = language == "pt" and accented < ACCENTED_SHARE * len(spoken)
        self.small = Counter(word.word for word in spoken if not word.capital and word.word in self.index)
        self.capital = Counter(word.word for word in spoken if word.capital == "name" and word.word in self.index)
        self._cues: dict[tuple[str, ...], int] = {}
        self._vocabulary: Counter[str] = Counter()

    def run(self) -> Iterable[tuple[str, int]]:
        """(motif, offset) of each motif met, in order."""
        at = 0
        while at < len(self.words):
            word = self.words[at]
            claims = self.index.get(word.word) if word.word else None
            if claims is None and self.bare and word.word:
                claims = self.index.get("~" + word.word)
            name, length = self._resolve(claims, at) if claims else ("", 1)
            if name:
                yield name, word.offset
            at += length

    def _resolve(self, claims: list[Claim], at: int) -> tuple[str, int]:
        """The motif meant at ``at`` ("" for none) and how many words that reading takes."""
        fits = [c for c in claims if not c.rest or self._follows(c.rest, at)]
        while fits:
            length = len(fits[0].rest)
            same = [c for c in fits if len(c.rest) == length]
            if not same[0].name:
                return "", length + 1
            allowed = [c for c in same if self._allows(c, at)]
            name = self._choose(allowed, at)
            if name:
                return name, length + 1
            fits = [c for c in fits if len(c.rest) < length]
        return "", 1

    def _follows(self, rest: tuple[str, ...], at: int) -> bool:
        found = self.words[at + 1 : at + 1 + len(rest)]
        return len(found) == len(rest) and all(f.word == r for f, r in zip(found, rest, strict=True))

    def _allows(self, claim: Claim, at: int) -> bool:
        word = self.words[at]
        if not claim.rest and self._is_name(word):
            return False
        before = self.words[at - 1].word if at else ""
        if claim.article and before in _PRONOUNS and word.word.endswith("s"):
            return False  # "that winds": the pronoun and a verb
        # A title may be the bare noun: "Storm".
        if claim.article and before not in ARTICLES[self.language] and (self.cased or at):
            return False
        return not (claim.avoid and self._cues_near(claim.avoid, at, AVOID_WINDOW))

    def _is_name(self, word: _Word) -> bool:
        if not word.capital or (word.capital == "all" and self.shouts):
            return False
        if word.word in self.names or word.capital == "name":
            return word.word in self.names or self.capital[word.word] >= self.small[word.word]
        return self.capital[word.word] > self.small[word.word]

    def _choose(self, claims: list[Claim], at: int) -> str:
        if not claims:
            return ""
        if len(claims) == 1 and not claims[0].near:
            return claims[0].name
        ranked = [(self._cues_near(claim.near, at, WINDOW), -place) for place, claim in enumerate(claims)]
        cues, place = max(ranked)
        if cues:
            return claims[-place].name
        plain = next((claim.name for claim in claims if not claim.near), "")
        if plain:
            return plain
        ranked = [(self._cues_everywhere(claim.near), -place) for place, claim in enumerate(claims)]
        cues, place = max(ranked)
        return claims[-place].name if cues >= max(MAJORITY, MAJORITY_SHARE * self._vocabulary.total()) else ""

    def _cues_near(self, stems: tuple[str, ...], at: int, window: int) -> int:
        around = self.words[max(0, at - window) : at] + self.words[at + 1 : at + 1 + window]
        return sum(_is_cue(word.word, stems) for word in around if word.word)

    def _cues_everywhere(self, stems: tuple[str, ...]) -> int:
        if not self._vocabulary:
            words = [word.word for word in self.words if word.word]
            self._vocabulary = Counter(words + split_words(self.context))
        if stems not in self._cues:
            self._cues[stems] = sum(n for word, n in self._vocabulary.items() if _is_cue(word, stems))
        return self._cues[stems]


def _is_cue(word: str, stems: tuple[str, ...]) -> bool:
    folded = fold(word)
    return any(folded == stem if len(stem) <= 3 else folded.startswith(stem) for stem in stems)


def find_motifs(
    text: str, language: str, *, context: str = "", names: Iterable[str] = (), cased: bool = True
) -> tuple[MotifHit, ...]:
    """The motifs that ``text`` speaks of, the most telling first (count times weight, then order of appearance).

    Args:
        language: BCP 47 tag; ``und`` is searched in Portuguese and English, a third language gives nothing.
        context: more text of the same story, which settles the sense of a word in a short ``text`` (a title).
        names: the story's names (any case): a word with a capital that is one of them is no motif.
        cased: false for a title, whose capitals mean nothing.
    """
    tag = base_language(language)
    searched = LANGUAGES if tag in {"und", ""} else tuple(known for known in LANGUAGES if known == tag)
    known = frozenset(word for name in names for word in split_words(name))
    hits: dict[str, MotifHit] = {}
    normal = unicodedata.normalize("NFC", text)
    for each in searched:
        found: dict[str, MotifHit] = {}
        for name, offset in _Search(normal, each, context, known, cased).run():
            seen = found.get(name)
            found[name] = MotifHit(name, seen.count + 1 if seen else 1, seen.first if seen else offset)
        for name, hit in found.items():
            # A word that both languages share counts once.
            hits[name] = max(hits.get(name, hit), hit, key=lambda one: (one.count, -one.first))
    motifs = load_motifs()
    return tuple(sorted(hits.values(), key=lambda hit: (-hit.count * motifs[hit.name].weight, hit.first, hit.name)))
