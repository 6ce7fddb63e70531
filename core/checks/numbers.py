"""Numbers in digits and in words: what a text states must stand in its brief."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from core.checks.reading import Reading, Span, blank, doubt, fault, load_words
from core.domain.campaign import Finding
from core.language import N_

_HUNDRED, _THOUSAND, _SMALL = 100, 1000, 10
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENT = re.compile(r"\s?(?:%|por cento\b|percent\b|per cent\b)", re.IGNORECASE)
_SCALE = re.compile(r"\s?(mil|milhão|milhões|bilhão|bilhões|thousand|million|billion|k|mi)\b", re.IGNORECASE)
_SCALES = {"mil": 3, "thousand": 3, "k": 3, "milhão": 6, "milhões": 6, "million": 6, "mi": 6}
_HOUR = re.compile(
    r"\b(\d{1,2})\s?(?:h\b|h\d\d\b|:\d\d|horas?\b|[ap]\.?m\b)|\b(?:às|as|at)\s(\d{1,2})\b", re.IGNORECASE
)
_ERA = re.compile(r"\b(?:anos|década de|século)\s\d\d\b|\b\d?\d0['’]?s\b", re.IGNORECASE)
_ITEM = re.compile(r"^[ \t]*(?:\d+[.)ºª°]|[-–—•*✔✅👉])[ \t]*(?=\S)", re.MULTILINE)


class Number(NamedTuple):
    """A number of a text.

    Attributes:
        values: every reading of it: "1.234" is 1234 in Portuguese and 1.234 in English.
        percent: whether it is a share of a hundred.
    """

    span: Span
    values: frozenset[float]
    percent: bool
    in_words: bool = False


def read_digits(digits: str) -> frozenset[float]:
    """Every value that ``digits`` can mean, with the point and comma of either language."""
    readings = {digits.replace(".", "").replace(",", ".", 1), digits.replace(",", "")}
    found = set()
    for reading in readings:
        try:
            found.add(round(float(reading), 4))
        except ValueError:
            # A version or a date with points: each part stands for itself.
            found.update(float(part) for part in re.split(r"[.,]", reading) if part)
    return frozenset(found)


def _numerals(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        values, end = read_digits(match[0]), match.end()
        scale = _SCALE.match(text, end)
        if scale:
            power = 10 ** _SCALES.get(scale[1].casefold(), 9)
            values, end = frozenset(value * power for value in values), scale.end()
        percent = _PERCENT.match(text, end)
        end = percent.end() if percent else end
        yield Number(Span(text[match.start() : end], match.start(), end), values, bool(percent))


class _Grammar(NamedTuple):
    """Number words of a language; ``units`` are nouns that make a small number a fact."""

    values: dict[str, int]
    scales: dict[str, int]
    ordinals: dict[str, int]
    months: list[str]
    implied: dict[str, int]
    word: re.Pattern[str]
    join: re.Pattern[str]
    idioms: re.Pattern[str]
    units: re.Pattern[str]


def _any_of(words: Iterable[str]) -> str:
    return rf"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


@lru_cache(maxsize=4)
def _grammar(language: str) -> _Grammar:
    data: dict[str, Any] = load_words("numbers")[language]
    words = [*data["values"], *data["scales"], *data["ordinals"]]
    return _Grammar(
        data["values"],
        data["scales"],
        data["ordinals"],
        data["months"],
        data["implied"],
        word=re.compile(rf"(?<!\w){_any_of(words)}(?!\w)", re.IGNORECASE),
        join=re.compile(rf"-|\s+(?:{_any_of(data['joins'])}\s+)?", re.IGNORECASE),
        idioms=re.compile(rf"\b{_any_of(data['idioms'])}\b", re.IGNORECASE),
        units=re.compile(rf"[\s-]+(?:[\w-]+\s+){{0,2}}?{_any_of(data['units'])}s?\b", re.IGNORECASE),
    )


def _goes_on(total: float, last: float, value: float | None, scale: int | None) -> bool:
    """Whether a number whose last word was worth ``last`` takes one more: ``vinte e dois``, not ``dois e vinte``."""
    if scale is not None:
        return scale > last or scale == _HUNDRED
    return value is not None and (
        total == 0 or last >= _THOUSAND or (last >= _HUNDRED > value) or (last >= 20 and value < 10)
    )


def _spelled(text: str, language: str) -> Iterator[Number]:
    """The numbers in words; ``um``, ``uma`` and ``one`` alone are articles and pronouns."""
    grammar = _grammar(language)
    start = end = 0
    total = current = last = 0.0
    # The "cento" of "por cento" counts nothing.
    free = blank(text, _PERCENT)
    for match in [*grammar.word.finditer(free), None]:
        word = match[0].casefold() if match else ""
        scale, value = grammar.scales.get(word), grammar.values.get(word)
        joined = match is not None and end > 0 and grammar.join.fullmatch(text, end, match.start()) is not None
        if end and not (joined and _goes_on(total + current, last, value, scale)):
            yield from _close(text, start, end, total + current)
            end, total, current, last = 0, 0.0, 0.0, 0.0
        if match is None:
            break
        if word in grammar.ordinals:
            yield from _close(text, match.start(), match.end(), grammar.ordinals[word])
            continue
        start, end = (start if end else match.start()), match.end()
        if scale is None:
            current, last = current + (value or 0), float(value or 0)
        elif scale == _HUNDRED:
            current, last = (current or 1) * scale, float(scale)
        else:
            total, current, last = total + (current or 1) * scale, 0.0, float(scale)


def _close(text: str, start: int, end: int, value: float) -> Iterator[Number]:
    percent = _PERCENT.match(text, end)
    end = percent.end() if percent else end
    if value != 1 or percent:
        yield Number(Span(text[start:end], start, end), frozenset({float(value)}), bool(percent), in_words=True)


def find_numbers(text: str, language: str) -> list[Number]:
    """The numbers of ``text``, in digits or in words.

    Args:
        language: ``pt`` or ``en``: whose number words are read.
    """
    digits = list(_numerals(text))
    for number in digits:  # "412 mil" is read; its "mil" is no number of its own
        text = text[: number.span.start] + "#" * len(number.span.text) + text[number.span.end :]
    return sorted([*digits, *_spelled(text, language)], key=lambda number: number.span.start)


class Known(NamedTuple):
    """The numbers that a brief gives.

    Attributes:
        parts: what a price is said as: R$ 4,50 is "quatro reais e cinquenta".
    """

    plain: frozenset[float]
    shares: frozenset[float]
    parts: frozenset[float]


@lru_cache(maxsize=32)
def known_numbers(source: str) -> Known:
    """The numbers that ``source`` gives, in digits, in words (either language), as months and as hours."""
    plain: set[float] = {1.0}
    shares: set[float] = set()
    for language in ("pt", "en"):
        for number in find_numbers(source, language):
            (shares if number.percent else plain).update(number.values)
        for place, month in enumerate(_grammar(language).months, start=1):
            if re.search(rf"\b{month}\b", source, re.IGNORECASE):
                plain.add(float(place))
        for word, value in _grammar(language).implied.items():
            if re.search(rf"\b{word}", source, re.IGNORECASE):
                plain.add(float(value))
    for match in _HOUR.finditer(source):
        hour = float(match[1] or match[2])
        plain.update({hour - 12, hour + 12})  # "19h" is "sete da noite"
    parts = {part for value in plain if value % 1 for part in (value // 1, round(value % 1 * 100))}
    return Known(frozenset(plain), frozenset(shares), frozenset(parts))


def _counts_items(number: Number, reading: Reading) -> bool:
    """Whether ``number`` counts what the text itself lists: the lines of a list, or what follows a colon."""
    if number.percent:
        return False
    items = len(_ITEM.findall(reading.text))
    after = re.match(r"[^.!?\n:]{0,60}:([^.!?\n]+)", reading.text[number.span.end :])
    listed = len(re.split(r"[,;]|\se\s|\sand\s|\sou\s|\sor\s", after[1])) if after else 0
    return any(count > 1 and float(count) in number.values for count in (items, listed))


def _is_name(number: Number, text: str) -> bool:
    """``D20``: digits behind a letter name something."""
    return not number.in_words and bool(re.search(r"[^\W\d_]\Z", text[: number.span.start]))


def check_numbers(reading: Reading) -> Iterator[Finding]:
    """Each number of the text stands in the brief or the facts, as a number or a percentage alike.

    A small number in words that measures nothing ("entre dois ganchos") is only doubted.
    """
    known = known_numbers(reading.source)
    language = reading.brief.language[:2]
    grammar = _grammar(language)
    text = blank(blank(blank(reading.told, _ITEM), grammar.idioms), _ERA)
    for number in find_numbers(text, language):
        allowed = known.shares if number.percent else known.plain
        allowed |= known.parts if number.in_words else frozenset()
        if number.values & allowed or _is_name(number, text) or _counts_items(number, reading):
            continue
        small = number.in_words and not number.percent and max(number.values) <= _SMALL
        loose = small and not grammar.units.match(text, number.span.end)
        judge = doubt if loose else fault
        yield judge("number_not_in_brief", N_("{number} is not in the brief."), number.span, number=number.span.text)
