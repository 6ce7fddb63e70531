"""Key phrases: nouns and names that run through an episode, scored within it against the stop words of its language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log1p

from core.domain.show import Line, LineKind
from core.domain.transcript import split_speakers
from core.engines.draft.casing import Casing
from core.engines.draft.language import base_language, find_words, stem, stop_words, word_set
from core.engines.draft.places import ARTICLES, FEMININE, MASCULINE
from core.engines.draft.quotes import COARSE, is_spoken

MAX_PHRASES = 8
MAX_LENGTH = 3
MIN_COUNT = 2
NOUN_SHARE = 0.4
"""Least share of a phrase's occurrences in which it stands as a noun does."""

ADJECTIVE_FIRST = frozenset({"en", "de", "nl"})
"""Languages in which the last word of a row is the noun."""

WEAK = word_set("de em com sem")

LINKS = word_set("de do da dos das of del della di du des van von")
"""What may stand between two words of one phrase: ``área de pesca``, ``Barra Funda do Mar``."""

DESCRIBING = word_set(
    """
    nova novo novas novos primeira primeiro última último grande grandes área viagem grupo povo obra verdade valor
    sistema estado noite nome ano pessoas new first last great old long best world group area case name number
    """
)
"""Stop words that a phrase of several words may begin or end with: ``porto novo``."""

FILLERS = word_set(
    """
    agora ah ai aham alô amanhã ano bah caramba cara coisas dona cá dizendo então eh ei gente hein hum mãe pai filho
    filha senhor senhora seu moço moça né nossa oba oh ok olá opa pô pra pro putz rapaz sei tá tô uai ué manhã tarde
    madrugada hora mão mãos jeito conta vamo vamos okay yeah hey whoa wow huh um uh gonna wanna gotta guy guys dude
    man boy kid kids sir ma'am mom dad mr mrs ms thing things stuff lot bit way kind sort people time day night
    today tonight tomorrow yesterday minute second week month year years please sorry thanks thank god jesus hell
    damn
    """
)
"""Words of talk and address: in every episode of every show, so they mark none."""

NUMBERS = word_set(
    """
    vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem duzentos trezentos quatrocentos quinhentos
    seiscentos setecentos oitocentos novecentos mil milhão eleven twelve twenty thirty forty fifty hundred thousand
    """
)
"""No phrase by themselves, yet ``trinta dias`` is one."""

_BEFORE_NOUN = {
    "pt": word_set(
        """
        o a os as um uma uns umas do da dos das no na nos nas ao à aos às pelo pela pelos pelas num numa de em com
        meu minha meus minhas seu sua seus suas nosso nossa nossos nossas esse essa esses essas este esta estes estas
        aquele aquela aqueles aquelas desse dessa deste desta nesse nessa neste nesta cada todo toda qualquer sem
        algum alguma nenhum nenhuma outro outra dois duas três quatro cinco dez cem cento mil novo nova primeiro
        primeira
        """
    ),
    "en": word_set(
        """
        the a an my your his her its our their this that these those some any no every each another of in with from
        for two three four five ten hundred new first last old
        """
    ),
    "es": word_set("el la los las un una unos unas del al mi tu su nuestro nuestra este esta ese esa de en con sin"),
    "fr": word_set("le la les l un une des du de au aux mon ma mes ton ta tes son sa ses notre votre ce cette ces"),
    "it": word_set("il lo la i gli le un uno una del della dei delle al alla nel nella mio mia questo questa di"),
    "de": word_set("der die das den dem des ein eine einen einem einer mein meine dein deine sein seine ihr ihre"),
}
"""Words that announce a noun; a verb or a filler has others before it."""

_CLAUSE = re.compile(r"[.,;:!?…()\[\]\"“”«»—–\n]+")


@dataclass
class _Evidence:
    """What is known of one candidate: its spellings, the parts it occurs in, how often it stood as a noun does.

    ``clashes`` is set by an article that cannot go with its last word, which is then a verb.
    """

    words: int
    forms: Counter[str] = field(default_factory=Counter)
    blocks: set[int] = field(default_factory=set)
    count: int = 0
    noun: int = 0
    named: int = 0
    clashes: bool = False


@dataclass(frozen=True)
class _Collector:
    """Walks the clauses of an episode and gathers evidence for each candidate, keyed by its stems."""

    language: str
    casing: Casing
    stops: frozenset[str]
    found: dict[tuple[str, ...], _Evidence] = field(default_factory=dict)

    def read(self, clause: str, block: int) -> None:
        """Note every candidate in ``clause``."""
        words = find_words(clause)
        if words and not self.casing.starts_with_name(clause.strip()):
            words[0] = words[0].lower()
        for start in range(len(words)):
            if not self._may_end(words[start]):
                continue
            for end in range(start + 1, min(start + 2 * MAX_LENGTH, len(words) + 1)):
                last = words[end - 1]
                if last.casefold() in LINKS:
                    continue
                content = sum(word.casefold() not in LINKS for word in words[start:end])
                if content > MAX_LENGTH or not self._may_end(last):
                    break
                if not self._cuts_a_name(words, start, end):
                    self._note(words, start, end, block)

    def _may_end(self, word: str) -> bool:
        folded = word.casefold()
        return len(word) > 2 and not word.isdigit() and (folded not in self.stops or folded in DESCRIBING | NUMBERS)

    def _cuts_a_name(self, words: Sequence[str], start: int, end: int) -> bool:
        """Whether the span is a piece of a longer name, as ``Mar`` is of ``Barra Funda do Mar``."""
        before, after = start - 1, end
        while before >= 0 and words[before].casefold() in LINKS:
            before -= 1
        while after < len(words) and words[after].casefold() in LINKS:
            after += 1
        grows_left = before >= 0 and _is_capital(words[start]) and _is_capital(words[before])
        return grows_left or (after < len(words) and _is_capital(words[end - 1]) and _is_capital(words[after]))

    def _note(self, words: Sequence[str], start: int, end: int, block: int) -> None:
        span = words[start:end]
        if all(word.casefold() in self.stops for word in span):
            return
        key = tuple(stem(word, self.language) for word in span)
        content = [word for word in span if word.casefold() not in LINKS]
        evidence = self.found.setdefault(key, _Evidence(words=len(content)))
        evidence.count += 1
        evidence.blocks.add(block)
        evidence.forms[" ".join(span)] += 1
        named = all(word[:1].isupper() for word in content)
        evidence.named += named
        if start and base_language(self.language) == "pt":
            evidence.clashes |= not _agrees(words[start - 1].casefold(), span)
        evidence.noun += (named and len(content) > 1) or self._stands_as_noun(words, start, end)

    def _stands_as_noun(self, words: Sequence[str], start: int, end: int) -> bool:
        tag = base_language(self.language)
        before = words[start - 1].casefold() if start else ""
        if before not in _BEFORE_NOUN.get(tag, frozenset()):
            return False
        if tag in ADJECTIVE_FIRST:
            return end == len(words) or not self._may_end(words[end])
        # "de passar": a preposition announces an infinitive as well as a noun.
        return before not in WEAK or not words[end - 1].endswith(("ar", "er", "ir"))


def _agrees(article: str, span: Sequence[str]) -> bool:
    """Whether the last of several words can go with ``article``: "meu barco novo", and not "meu avô mostra"."""
    last = span[-1].casefold().removesuffix("s")
    sure = last[-1:] in {"a", "o"} and last not in MASCULINE | FEMININE
    if len(span) == 1 or not sure or any(word.casefold() in LINKS for word in span):
        return True
    return article not in ARTICLES["m" if last.endswith("a") else "f"]


def _is_capital(word: str) -> bool:
    return len(word) > 1 and word[0].isupper()


def find_key_phrases(
    lines: Sequence[Line], language: str, casing: Casing, blocks: Sequence[int], *, limit: int = MAX_PHRASES
) -> tuple[str, ...]:
    """Up to ``limit`` noun-like phrases of one to three words, the most telling first; names keep their capitals.

    A phrase weighs ln(1 + times said) x sqrt(parts of the episode it is said in) x words^1.5, as a longer phrase
    tells more, and a name 1.3 times that. Repeats under one stem, pieces of a kept phrase and the names of those
    who speak are left out.

    Args:
        blocks: for each line the part of the episode it is in (a scene, or an equal share of the lines).
    """
    collector = _Collector(language, casing, stop_words(language) | FILLERS | NUMBERS | COARSE)
    for line, block in zip(lines, blocks, strict=True):
        if line.kind in (LineKind.SPEECH, LineKind.DIRECTION) and is_spoken(line.text):
            text = casing.sentence(line.text) if line.kind is LineKind.DIRECTION else line.text
            for clause in _CLAUSE.split(text):
                collector.read(clause, block)
    found = collector.found
    people = {word.casefold() for line in lines for name in split_speakers(line.speaker) for word in find_words(name)}
    scores = {key: _weigh(evidence) for key, evidence in found.items() if _is_worth_it(evidence, people, language)}
    ranked = sorted(scores, key=lambda key: (-scores[key], key))
    return tuple(_spell(found[key]) for key in _drop_repeats(ranked, limit))


def _is_worth_it(evidence: _Evidence, people: set[str], language: str) -> bool:
    words = [word.casefold() for word in find_words(_spell(evidence))]
    # "Bento", "delegado Moreira", "Eric Cartman" are characters; "canoa do Bento" is a thing.
    is_person = words[-1] in people and not LINKS & set(words)
    if evidence.count < MIN_COUNT or evidence.clashes or is_person or set(words) - LINKS - FILLERS <= people:
        return False
    return base_language(language) not in _BEFORE_NOUN or evidence.noun >= NOUN_SHARE * evidence.count


def _weigh(evidence: _Evidence) -> float:
    named = 1.3 if evidence.named > evidence.count / 2 else 1.0
    return float(log1p(evidence.count) * len(evidence.blocks) ** 0.5 * evidence.words**1.5 * named)


def _spell(evidence: _Evidence) -> str:
    return evidence.forms.most_common(1)[0][0]


def _drop_repeats(ranked: Sequence[tuple[str, ...]], limit: int) -> list[tuple[str, ...]]:
    kept: list[tuple[str, ...]] = []
    for key in ranked:
        bare = {part for part in key if part not in LINKS}
        if not any(bare <= set(other) or set(other) - LINKS <= bare for other in kept):
            kept.append(key)
        if len(kept) == limit:
            break
    return kept
