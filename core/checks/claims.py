"""Claims that an advertiser must be able to prove, where the brief does not make them.

Source: CONAR's code of self-regulation and the Brazilian consumer code (Lei 8.078/1990), articles 30 and 37.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from core.checks.promises import find_verbatim
from core.checks.reading import Reading, Span, doubt, fault, load_words
from core.checks.subject import stems
from core.domain.campaign import Finding
from core.language import N_

MESSAGES = {
    "absolute": N_(
        '"{claim}" claims to be the first or the only one. Without proof in the brief it cannot be published.'
    ),
    "guarantee": N_('"{claim}" promises a result that the brief does not promise.'),
    "environmental": N_('"{claim}" is an environmental claim: it must be exact, provable and in the brief.'),
    "health": N_('"{claim}" is a health claim that the brief does not make.'),
    "offer": N_('"{claim}" is an offer that the brief does not make; whoever publishes it is bound by it.'),
    "proof": N_('"{claim}" speaks of sales, prizes or opinions that the brief does not give.'),
}


@lru_cache(maxsize=4)
def _patterns(level: str) -> dict[str, re.Pattern[str]]:
    kinds: dict[str, list[str]] = load_words("claims")[level]
    return {
        kind: re.compile(rf"(?<![\w-])(?:{'|'.join(patterns)})(?![\w%-])", re.IGNORECASE)
        for kind, patterns in kinds.items()
    }


@lru_cache(maxsize=1)
def _alike() -> list[re.Pattern[str]]:
    rows: list[list[str]] = load_words("claims")["alike"]
    return [re.compile(rf"(?<!\w)(?:{'|'.join(row)})(?!\w)", re.IGNORECASE) for row in rows]


def is_backed(claim: str, reading: Reading) -> bool:
    """Whether the brief or the facts make ``claim``, word for word or in other words for the same."""
    return reading.quotes(claim) or any(row.search(claim) and row.search(reading.source) for row in _alike())


def _find(reading: Reading, level: str) -> Iterator[tuple[str, Span]]:
    language = reading.brief.language[:2]
    source = stems(reading.source, language)
    own = find_verbatim(reading.text, reading.call_to_action) or Span("", -1, -1)
    for kind, pattern in _patterns(level).items():
        for match in pattern.finditer(reading.told):
            if own.start <= match.start() < own.end or is_backed(match[0], reading):
                continue
            if not (level == "warnings" and stems(match[0], language) <= source):
                yield kind, Span(match[0], *match.span())


def check_claims(reading: Reading) -> Iterator[Finding]:
    """What must be proved stands in the brief word for word."""
    seen: list[Span] = []
    freer: dict[str, list[str]] = load_words("claims")["episodes"] if reading.facts else {}
    for level in ("errors", "warnings"):
        for kind, span in _find(reading, level):
            if any(other.start < span.end and span.start < other.end for other in seen):
                continue
            seen.append(span)
            # What is told of a story may be the story: "a maior mentira da cidade".
            told = kind in freer and not any(word in span.text.casefold() for word in freer[kind])
            make = doubt if told or level == "warnings" else fault
            yield make("unproven_claim", MESSAGES[kind], span, claim=span.text)
