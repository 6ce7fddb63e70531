"""Numbers in digits and in words: what a text states must stand in its brief."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from core.checks.reading import Reading, Span, fault, load_words
from core.domain.campaign import Finding
from core.language import N_

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENT = re.compile(r"\s?(?:%|por cento\b|percent\b|per cent\b)", re.IGNORECASE)
_SCALE = re.compile(r"\s?(mil|milhão|milhões|bilhão|bilhões|thousand|million|billion|k|mi)\b", re.IGNORECASE)
_SCALES = {"mil": 3, "thousand": 3, "k": 3, "milhão": 6, "milhões": 6, "million": 6, "mi": 6}
_HOUR = re.compile(
    r"\b(\d{1,2})\s?(?:h\b|h\d\d\b|:\d\d|horas?\b|[ap]\.?m\b)|\b(?:às|as|at)\s(\d{1,2})\b", re.IGNORECASE
)
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


@lru_cache(maxsize=4)
def _grammar(language: str) -> tuple[dict[str, Any], re.Pattern[str], re.Pattern[str]]:
    words = load_words("numbers")[language]
    names = sorted([*words["values"], *words["scales"]], key=len, reverse=True)
    word = "|".join(map(re.escape, names))
    join = rf"(?:-|\s+(?:(?:{'|'.join(words['joins'])})\s+)?)"
    run = re.compile(rf"(?<![\w-])(?:{word})(?:{join}(?:{word}))*(?![\w-])", re.IGNORECASE)
    idioms = re.compile(rf"\b(?:{'|'.join(map(re.escape, words['idioms']))})\b", re.IGNORECASE)
    return words, run, idioms


def value_of(words: str, language: str) -> float:
    """``oitenta e cinco mil`` as 85000."""
    grammar, _, _ = _grammar(language)
    total = current = 0.0
    parts = sorted([*grammar["values"], *grammar["scales"]], key=len, reverse=True)
    for part in re.findall(rf"\b(?:{'|'.join(map(re.escape, parts))})\b", words.casefold()):
        scale = grammar["scales"].get(part)
        if scale is None:
            current += grammar["values"][part]
        elif scale == 100:
            current = (current or 1) * scale
        else:
            total, current = total + (current or 1) * scale, 0.0
    return total + current


def _spelled(text: str, language: str) -> Iterator[Number]:
    grammar, run, idioms = _grammar(language)
    free = idioms.sub(lambda match: " " * len(match[0]), text)
    for match in run.finditer(free):
        percent = _PERCENT.match(text, match.end())
        end = percent.end() if percent else match.end()
        span = Span(text[match.start() : end], match.start(), end)
        value = value_of(match[0], language)
        if value != 1 or percent:  # "um", "uma" and "one" are articles and pronouns
            yield Number(span, frozenset({value}), bool(percent), in_words=True)
    for name, value in grammar["ordinals"].items():
        for match in re.finditer(rf"\b{name}\b", free, re.IGNORECASE):
            if value != 1:
                yield Number(Span(match[0], *match.span()), frozenset({value}), percent=False, in_words=True)


def find_numbers(text: str, language: str) -> list[Number]:
    """The numbers of ``text``, in digits or in words.

    Args:
        language: ``pt`` or ``en``: whose number words are read.
    """
    return sorted([*_numerals(text), *_spelled(text, language)], key=lambda number: number.span.start)


def known_values(source: str) -> tuple[frozenset[float], frozenset[float]]:
    """The plain numbers and the percentages that ``source`` gives, in digits, words (either language) or months."""
    plain: set[float] = set()
    shares: set[float] = set()
    for language in ("pt", "en"):
        grammar, _, _ = _grammar(language)
        for number in find_numbers(source, language):
            (shares if number.percent else plain).update(number.values)
        for place, month in enumerate(grammar["months"], start=1):
            if re.search(rf"\b{month}\b", source, re.IGNORECASE):
                plain.add(float(place))
    for match in _HOUR.finditer(source):
        hour = float(match[1] or match[2])
        plain.update({hour - 12, hour + 12})  # "19h" is "sete da noite"
    return frozenset(plain | {1.0}), frozenset(shares)


def _counts_items(number: Number, reading: Reading) -> bool:
    """Whether ``number`` counts what the text itself lists: the lines of a list, or what follows a colon."""
    if number.percent:
        return False
    items = len(_ITEM.findall(reading.text))
    after = re.match(r"[^.!?\n:]{0,60}:([^.!?\n]+)", reading.text[number.span.end :])
    listed = len(re.split(r"[,;]|\se\s|\sand\s|\sou\s|\sor\s", after[1])) if after else 0
    return any(count > 1 and float(count) in number.values for count in (items, listed))


def check_numbers(reading: Reading) -> Iterator[Finding]:
    """Each number of the text stands in the brief or the facts, as a number or a percentage alike."""
    plain, shares = known_values(reading.source)
    text = _ITEM.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), reading.told)
    for number in find_numbers(text, "pt" if reading.portuguese else "en"):
        allowed = shares if number.percent else plain
        if number.values & allowed or _counts_items(number, reading):
            continue
        yield fault(
            "number_not_in_brief",
            N_("{number} is not in the brief."),
            number.span,
            number=number.span.text,
        )
