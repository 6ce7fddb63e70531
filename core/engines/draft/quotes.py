"""Which speech lines may be quoted, and which part of a long one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain.show import Line, LineKind
from core.engines.draft.language import content_stems, find_words, word_set

SHORTEST, LONGEST = 6, 40
"""Words of a line that makes a good quote."""

SHORTEST_ANY, LONGEST_ANY = 2, 80
"""Words of a line that may be quoted where there are not enough good ones."""

EXCERPT_WORDS = 28
"""Longest quote inside a summary's text, in words."""

ENOUGH = 16
"""So many good lines make the others unnecessary."""

COARSE = word_set(
    """
    arse ass asses asshole balls bastard bitch bitches boobs bullshit butt cock crap cunt damn dick dildo fag faggot
    fart fuck fucked fucker fucking goddamn nigger penis piss pussy retard shit shitty slut tits vagina whore
    bosta buceta bunda cacete caralho cu foda foder merda pica piroca porra puta puto rabo viado
    """
)
"""Words that no marketing desk quotes."""

# Mark-up, role tokens, addresses, escapes: nothing a person says aloud.
_UNSPOKEN = re.compile(r"[<>{}|\\^`‹›⁅]|https?:|www\.|\[/?(?:INST|[biu])\]", re.IGNORECASE)
_END = re.compile(r"[.!?…]+[\"”’')\]]*(?= )")
_TITLE = re.compile(r"\b(?:Sra?|Dra?|Mrs?|Ms|St|D)\.\Z")
_ASIDE = re.compile(r"^(?:\([^()]*\)|\[[^\[\]]*\]) ?|(?: ?\([^()]*\)| ?\[[^\[\]]*\])$")


@dataclass(frozen=True)
class Quotable:
    """A speech line that may be quoted.

    Attributes:
        index: the line's place in the transcript's list of lines.
        excerpt: the line, or whole sentences of a long one, without stage directions at its ends; "" if none fits.
        stems: of its content words, in order.
        whole: whether it starts and ends as a sentence does.
    """

    index: int
    line: Line
    words: int
    excerpt: str
    stems: tuple[str, ...]
    whole: bool


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text``; ``Mr. Garrison`` stays in one piece."""
    bare = " ".join(text.split())
    sentences, start = [], 0
    for end in _END.finditer(bare):
        if not _TITLE.search(bare, start, end.end()):
            sentences.append(bare[start : end.end()])
            start = end.end() + 1
    return [*sentences, bare[start:]] if start < len(bare) else sentences


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence does, closing quotes and brackets aside."""
    return text.rstrip(" \"”'’)]")[-1:] in {".", "!", "?", "…"}


def is_spoken(text: str) -> bool:
    """Whether ``text`` is something a person says, rather than mark-up or an address."""
    return not _UNSPOKEN.search(text)


def is_clean(text: str) -> bool:
    """Whether ``text`` holds no coarse word."""
    return COARSE.isdisjoint(word.casefold() for word in find_words(text))


def find_quotables(lines: Sequence[Line], language: str) -> list[Quotable]:
    """The lines worth quoting, in order: the good lengths, all acceptable ones where those are few."""
    found = []
    for index, line in enumerate(lines):
        if line.kind is not LineKind.SPEECH:
            continue
        words = len(line.text.split())
        if SHORTEST_ANY <= words <= LONGEST_ANY and is_spoken(line.text):
            found.append((index, line, words))
    found = [item for item in found if is_clean(item[1].text)] or found
    good = [item for item in found if SHORTEST <= item[2] <= LONGEST]
    chosen = good if len(good) >= ENOUGH else found
    stems = {index: tuple(content_stems(line.text, language)) for index, line, _ in chosen}
    common = Counter(stem for each in stems.values() for stem in set(each))
    return [
        Quotable(
            index=index,
            line=line,
            words=words,
            excerpt=cut_excerpt(line.text, common, language),
            stems=stems[index],
            whole=_is_whole(line.text),
        )
        for index, line, words in chosen
        if stems[index]
    ]


def cut_excerpt(text: str, weights: Counter[str], language: str, limit: int = EXCERPT_WORDS) -> str:
    """The run of whole sentences of at most ``limit`` words with the most weight; "" if every sentence is longer."""
    bare = _strip_asides(" ".join(text.split()))
    if len(bare.split()) <= limit:
        return bare
    sentences = split_sentences(bare)
    best, best_weight = "", -1
    for start in range(len(sentences)):
        for end in range(start + 1, len(sentences) + 1):
            run = " ".join(sentences[start:end])
            if len(run.split()) > limit:
                break
            weight = sum(weights[stem] for stem in set(content_stems(run, language)))
            if weight > best_weight:
                best, best_weight = run, weight
    return best if best in bare else ""


def _strip_asides(text: str) -> str:
    stripped = _ASIDE.sub("", text)
    while stripped != text:
        text, stripped = stripped, _ASIDE.sub("", stripped)
    return text.strip()


def _is_whole(text: str) -> bool:
    bare = text.strip(" \"“”'’¡¿—-–()")
    # A quote within a quote reads as a slip.
    return bare[:1].isupper() and ends_sentence(text) and '"' not in text


def spoken_texts(lines: Iterable[Line]) -> list[str]:
    """The texts of the speech lines."""
    return [line.text for line in lines if line.kind is LineKind.SPEECH]
