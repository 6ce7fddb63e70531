"""Which speech lines may be quoted, and which part of a long one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain.show import Line, LineKind
from core.engines.draft.language import content_stems, count_words, find_words, word_set

SHORTEST, LONGEST = 6, 40
"""Words of a line that makes a good quote."""

SHORTEST_ANY, LONGEST_ANY = 2, 80
"""Words of a line that may be quoted whole where there are not enough good ones."""

SENTENCE_ENDS = frozenset(".!?…。！？؟۔।")

MAX_SENTENCES = 200
"""Sentences of one line among which an excerpt is looked for."""

LONGEST_CHARS = 600
"""Characters of a line that may be quoted whole: words of any length are no way around the limits above."""

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
        short: whether the line itself may be quoted, rather than a part of it.
    """

    index: int
    line: Line
    words: int
    excerpt: str
    stems: tuple[str, ...]
    whole: bool
    short: bool


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
    return text.rstrip(" \"”'’)]")[-1:] in SENTENCE_ENDS


def is_spoken(text: str) -> bool:
    """Whether ``text`` is something a person says, rather than mark-up or an address."""
    return not _UNSPOKEN.search(text)


def is_clean(text: str) -> bool:
    """Whether ``text`` holds no coarse word."""
    return COARSE.isdisjoint(word.casefold() for word in find_words(text))


def find_quotables(lines: Sequence[Line], language: str) -> list[Quotable]:
    """The lines worth quoting, in order: the good lengths, all acceptable ones where those are few."""
    found: dict[str, tuple[int, Line, int]] = {}
    for index, line in enumerate(lines):
        words = count_words(line.text)
        if line.kind is LineKind.SPEECH and words >= SHORTEST_ANY and is_spoken(line.text):
            # What is said twice is quoted once.
            found.setdefault(" ".join(line.text.casefold().split()), (index, line, words))
    spoken = [item for item in found.values() if is_clean(item[1].text)] or list(found.values())
    good = [item for item in spoken if SHORTEST <= item[2] <= LONGEST and len(item[1].text) <= LONGEST_CHARS]
    chosen = good if len(good) >= ENOUGH else spoken
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
            short=words <= LONGEST_ANY and len(line.text) <= LONGEST_CHARS,
        )
        for index, line, words in chosen
        if stems[index]
    ]


def cut_excerpt(text: str, weights: Counter[str], language: str, limit: int = EXCERPT_WORDS) -> str:
    """The run of whole sentences of at most ``limit`` words with the most weight; "" if every sentence is longer."""
    bare = _strip_asides(" ".join(text.split()))
    if count_words(bare) <= limit:
        return bare if len(bare) <= LONGEST_CHARS else ""
    sentences = split_sentences(bare)[:MAX_SENTENCES]
    best, best_weight = "", -1
    for start in range(len(sentences)):
        for end in range(start + 1, len(sentences) + 1):
            run = " ".join(sentences[start:end])
            if count_words(run) > limit or len(run) > LONGEST_CHARS:
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
