"""The language of a text: the one that was asked for, Brazilian where it is Portuguese, and spelled right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from core.checks.dictionary import is_word, knows, meant
from core.checks.promises import find_near, find_verbatim
from core.checks.reading import WORD, Reading, Span, doubt, fault, load_words
from core.domain.campaign import Finding
from core.language import N_

_LANGUAGES = ("pt", "en", "es", "fr", "it")
_FEWEST_VOTES = 3
_LONGEST_ACRONYM = 5
_MOST_MEANT = 40
"""Misspelled words that a text may have before Chamada stops looking for what each was meant to be."""

_SHORTEST_START = 5
"""Letters of the shortest word that is not taken for a name at a sentence's start."""

_GERUND = re.compile(
    r"\b(est(?:ou|á|ás|amos|ão|ava|avam|ivemos|eja|ejam|ar)) a ([a-zà-ú]+(?:ar|er|ir|por|pôr))(?=\b(?!-))",
    re.IGNORECASE,
)


@lru_cache(maxsize=8)
def _votes_of(language: str) -> frozenset[str]:
    return frozenset(load_words("languages")[language].split())


def _count_votes(text: str) -> dict[str, int]:
    """How many words of ``text`` each language has among its common ones."""
    words = [match[0].casefold() for match in WORD.finditer(text)]
    votes = {language: sum(word in _votes_of(language) for word in words) for language in _LANGUAGES}
    if "¿" in text or "¡" in text:
        votes["es"] += _FEWEST_VOTES
    return votes


def tell_language(text: str, expected: str) -> str:
    """The language that most common words of ``text`` belong to; ``expected`` unless another clearly leads."""
    words = [match[0].casefold() for match in WORD.finditer(text)]
    votes = _count_votes(text)
    best = max(votes, key=lambda language: votes[language])
    clear = votes[best] >= _FEWEST_VOTES and votes[best] > 1.5 * votes[expected] and votes[best] >= len(words) / 8
    if best in {"pt", "en"} and clear and words:
        # Common words alone are few: the dictionaries decide between the two languages they hold.
        known = sum(knows(word, best) for word in words)
        clear = known > sum(knows(word, expected) for word in words)
    return best if clear else expected


def is_foreign(text: str, expected: str) -> bool:
    """Whether ``text``, be it only a few words, is in another language than ``expected``; names in it do not tell."""
    if tell_language(text, expected) != expected:
        return True
    other = "en" if expected == "pt" else "pt"
    found = [match for match in WORD.finditer(text) if match[0].islower() or not WORD.search(text[: match.start()])]
    known = [(knows(word, other), knows(word, expected)) for word in (match[0].casefold() for match in found)]
    strange, own = known.count((True, False)), known.count((False, True))
    return strange > 1 and strange > 2 * own


def find_foreign(reading: Reading) -> list[Span]:
    """The sentences in another language than the brief's; one span of all the prose where that is most of it.

    What the brief or the facts say word for word may stay: a title, a quote, a call to action.
    """
    expected = reading.brief.language[:2]
    own = find_verbatim(reading.text, reading.call_to_action) or find_near(reading.text, reading.call_to_action)
    own = own or Span("", -1, -1)
    rest = [each for each in reading.sentences if not own.start <= each.start < own.end]
    texts = {each: reading.unquoted(each.text) for each in rest}
    rest = [each for each in rest if len(texts[each].split()) > _FEWEST_VOTES]
    if not rest:
        return []
    whole = tell_language(" ".join(texts[each] for each in rest), expected)
    votes = [_count_votes(texts[each]) for each in rest]
    if whole != expected and all(each[whole] >= each[expected] for each in votes):
        return [Span(reading.text[rest[0].start : rest[-1].end], rest[0].start, rest[-1].end)]
    return [each for each in rest if tell_language(texts[each], expected) != expected]


def check_language(reading: Reading) -> Iterator[Finding]:
    """All of it is in the brief's language."""
    for span in find_foreign(reading):
        yield fault(
            "wrong_language",
            N_("This is not in the language of the brief ({language})."),
            span,
            language=reading.brief.language,
        )


@lru_cache(maxsize=4_096)
def brazilian_spelling(word: str) -> str:
    """The Brazilian form of a word (lower case) spelled the European way (``acção``, ``ténis``); "" else."""
    if knows(word, "pt") or knows(word, "en"):
        return ""
    forms = [
        re.sub(r"é(?=[mn])|é\Z", "ê", word),
        re.sub(r"ó(?=[mn])", "ô", word),
        re.sub(r"(?<=[aeiouáéíóúêô])(?:c(?=c[ei]|[çt])|p(?=[çt]))", "", word, count=1),
    ]
    return next((form for form in forms if form != word and knows(form, "pt")), "")


def find_european(reading: Reading) -> list[tuple[Span, str]]:
    """European Portuguese in the prose, each with its Brazilian form ("" where a person must rewrite it)."""
    words: dict[str, str | None] = load_words("european")["words"]
    found: list[tuple[Span, str]] = []
    for phrase in (phrase for phrase in words if " " in phrase):
        found += [
            (Span(match[0], *match.span()), words[phrase] or "")
            for match in re.finditer(rf"\b{phrase}\b", reading.prose, re.IGNORECASE)
        ]
    for word in reading.words:
        low = word.text.casefold()
        if low in reading.source_words:
            continue
        if low in words:
            found.append((word, words[low] or ""))
        elif word.text.islower() or word.start in reading.starts:
            brazilian = brazilian_spelling(low)
            found += [(word, brazilian)] if brazilian else []
    for match in _GERUND.finditer(reading.prose):
        stem = match[2][:-1]
        found.append((Span(match[0], *match.span()), f"{match[1]} {stem}ndo"))
    return sorted(found, key=lambda item: item[0].start)


def check_european(reading: Reading) -> Iterator[Finding]:
    """Portuguese is Brazilian."""
    if not reading.portuguese:
        return
    for span, brazilian in find_european(reading):
        if brazilian:
            yield fault(
                "european_portuguese",
                N_('"{word}" is European Portuguese. In Brazil: "{brazilian}".'),
                span,
                repair=True,
                word=span.text,
                brazilian=brazilian,
            )
        else:
            message = N_('"{word}" is European Portuguese. Say it the Brazilian way.')
            yield fault("european_portuguese", message, span, word=span.text)


def _is_name(word: Span, after: str, names: frozenset[str], *, starts: bool) -> bool:
    """Whether ``word`` is written as names, acronyms and brands are; ``after`` is the text behind it."""
    if word.text.islower():
        return False
    if word.text in names or (
        re.search(r"\w[A-ZÀ-Ý]", word.text[:1] + word.text[1:].rstrip("s")) and not word.text.isupper()
    ):
        return True
    if word.text.isupper():
        return len(word.text) <= _LONGEST_ACRONYM
    # Every sentence starts with a capital: a name there is short, or the next word has one too.
    return not starts or len(word.text) < _SHORTEST_START or bool(re.match(r"\s+[A-ZÀ-Ý]", after))


def find_misspelled(reading: Reading) -> list[tuple[Span, tuple[str, ...]]]:
    """The words that are spelled wrong, each with the words it may stand for."""
    language = reading.brief.language[:2]
    skip = [span for span, _ in find_european(reading)] if reading.portuguese else []
    skip += find_foreign(reading)
    capitals = (word for word in reading.words if not word.text.islower() and not word.text.isupper())
    names = frozenset(word.text for word in capitals if word.start not in reading.starts)
    found: list[tuple[Span, tuple[str, ...]]] = []
    for word in reading.words:
        low = word.text.casefold()
        if low in reading.source_words or is_word(word.text, language):
            continue
        if any(span.start <= word.start < span.end for span in skip):
            continue
        after = reading.prose[word.end : word.end + 4]
        if not _is_name(word, after, names, starts=word.start in reading.starts):
            candidates = meant(low, language) if len(found) < _MOST_MEANT else ()
            if candidates or word.text.islower():
                found.append((word, candidates))
    return found


def check_spelling(reading: Reading) -> Iterator[Finding]:
    """Every word is a word: in a dictionary, in the brief, in marketing's own list, or a name."""
    for span, candidates in find_misspelled(reading):
        if candidates:
            yield fault(
                "spelling",
                N_('"{word}" is misspelled. Did you mean "{meant}"?'),
                span,
                repair=len(candidates) == 1,
                word=span.text,
                meant=candidates[0],
            )
        else:
            yield doubt("spelling", N_('"{word}" is in no dictionary.'), span, word=span.text)
