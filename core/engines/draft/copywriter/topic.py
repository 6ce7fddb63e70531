"""A topic taken apart: what it is called, what it is, what is said of it, what it states in whole sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.engines.draft.copywriter.lexicon import Words
from core.engines.draft.copywriter.points import Kind, Point, read_point
from core.engines.draft.language import find_words
from core.engines.draft.quotes import split_sentences

LONGEST_TAIL = 60
"""Characters of what makes a single word a name: ``contabilidade`` | ``para MEI``."""

LONGEST_HEAD = 90
"""Characters of a phrase that can stand for the subject in a sentence."""

_HASHTAG = re.compile(r"(?:^|\s)#\w+")
_COLON = re.compile(r"\s*(?::|\s[-–—|])\s+")
_COMMA = re.compile(r"\s*[,;](?=\s)\s*(?:e (?=com |sem ))?")
_COUNTED = re.compile(
    r"\b(?:\d+|dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|vários|várias|"
    r"two|three|four|five|six|seven|eight|nine|ten|several) [^\W\d_]+s\Z"
)
_SPLIT_PT = re.compile(
    r" (?=(?:com|sem|que) )| (?=para )| (?=(?:por|a partir de) R\$)|"
    r" (?=(?:feit|produzid|fabricad|costurad|tecid|pintad|revisad|assad|colhid|criad|escrit)[oa]s? "
    r"(?:com|por|pela|pelo|em|à|a|no|na|de|d[oa]) )"
)
_SPLIT_EN = re.compile(r" (?=(?:with|without|that|which|made|glazed|charged|for|by) )")
_TITLE_AFTER = re.compile(r"\w+ (?:a |o |as |os |the )?[A-ZÀ-Ý]")
_AUDIENCE = re.compile(r"(?:para (?!quem)|for (?!those|people|anyone))")
_NESTED = re.compile(r" (?=(?:com|with) )")
_DIGIT = re.compile(r"\d")
_BEFORE_PRICE = re.compile(r" (?=(?:por|a partir de|for|from) (?:R\$|US\$|€|£|\$))")
_LISTING = re.compile(r" (?:e|and|&) ")


@dataclass(frozen=True)
class Topic:
    """A topic's parts.

    Attributes:
        name: a proper name given before the noun (``OceanWave``), else "".
        noun: what it is (``tênis de corrida``); "" where the topic is a sentence.
        points: what is said of it, in the brief's order.
        statements: whole sentences of the topic, with their full stops.
    """

    name: str
    noun: str
    points: tuple[Point, ...]
    statements: tuple[str, ...] = ()


def read_topic(text: str, words: Words) -> Topic:
    """The parts of ``text``; its hashtags are left out."""
    bare = " ".join(_HASHTAG.sub(" ", text).split()).strip(" \"'“”")
    first, *others = split_sentences(bare) or [""]
    if others and _invites(first, words):
        # "Aprenda a fazer sushi! Oficina com o chef …": the second sentence says what it is.
        first, others = others[0], [first, *others[1:]]
    statements = tuple(_end(each) for each in others)
    first = first.rstrip(" .!…")
    if first.isupper() and len(first.split()) > 1:
        first = _part_telegram(first.lower(), words)
    if _is_statement(first, words):
        return Topic("", "", (), (_end(first), *statements))
    name, noun, rest = _split_head(first, words)
    noun, own = _split_noun(noun, words)
    if own and len(noun.split()) == 1 and len(own[0]) <= LONGEST_TAIL:
        noun, own = f"{noun} {own[0]}", own[1:]
    gathered = _gather([*own, *_drop_keywords(rest)], words)
    points = tuple(replace(read_point(part, words), attached=index < len(own)) for index, part in enumerate(gathered))
    return Topic(name, noun, points, statements)


def quote_topic(text: str) -> Topic:
    """The sentences of ``text`` as they stand: the first is the name, the others are statements."""
    first, *others = split_sentences(" ".join(_HASHTAG.sub(" ", text).split())) or [text]
    return Topic(first.strip(" .!…\"'“”") or first, "", (), tuple(_end(each) for each in others))


def _part_telegram(text: str, words: Words) -> str:
    """``caderno pautado, 96 folhas, capa dura`` for a topic in capitals without commas."""
    if "," in text or ":" in text:
        return text
    parts: list[str] = []
    for word in text.split():
        starts = word[0].isdigit() or word in ("com", "sem", "with") or words.is_kind(word)
        joined = parts and (words.has_preposition(parts[-1].split()[-1] + " ") or parts[-1].split()[-1][0].isdigit())
        if parts and not (starts and not joined):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return ", ".join(parts)


def _drop_keywords(parts: list[str]) -> list[str]:
    """Nothing where the parts are a list of keywords (``tênis, corrida, leve``), which no sentence can tell."""
    return parts if len(parts) < 2 or any(" " in part for part in parts) else []


def _end(sentence: str) -> str:
    return sentence if sentence[-1:] in ".!?…" else sentence + "."


def _is_statement(text: str, words: Words) -> bool:
    """Whether ``text`` is a sentence with a verb of its own rather than a noun and what is said of it."""
    before = re.split(r"[,:;]", text, maxsplit=1)[0]
    found = find_words(before)
    return any(word in words.of("sentence_verbs") for word in found[:9]) or (
        bool(found) and found[0].casefold() in words.of("first_person") | words.of("invitations")
    )


def _invites(text: str, words: Words) -> bool:
    return text.split(" ", 1)[0].casefold().strip("!,") in words.of("invitations")


def _split_head(text: str, words: Words) -> tuple[str, str, list[str]]:
    """(name, noun phrase, the other parts): at a colon or dash, else at the first comma."""
    sides = _COLON.split(text, maxsplit=1)
    if len(sides) == 2 and sides[0] and sides[1] and not _COUNTED.search(sides[0]):
        head, *more = _COMMA.split(sides[0])
        rest = _COMMA.split(sides[1])
        if more or words.is_kind(head) or not _can_be_kind(rest[0], words):
            return "", head, [*more, *rest]
        return head, rest[0], rest[1:]
    head, *rest = _COMMA.split(text)
    if rest and _is_name(head) and not words.is_kind(head) and words.is_kind(rest[0]):
        return head, rest[0], rest[1:]
    return "", head, rest


def _can_be_kind(text: str, words: Words) -> bool:
    return words.is_kind(text) or (
        not text[:1].isdigit() and read_point(text, words).kind is Kind.HAS and text[:4].casefold() != "com "
    )


def _is_name(text: str) -> bool:
    found = find_words(text)
    return bool(found) and sum(word[:1].isupper() for word in found) * 2 >= len(found) and len(text) <= 60


def _split_noun(phrase: str, words: Words) -> tuple[str, list[str]]:
    """The noun itself and what follows it: ``tênis de corrida`` | ``feito com …``."""
    pattern = _SPLIT_EN if words.language == "en" else _SPLIT_PT
    article = words.articles.match(phrase)
    start = article.end() if article else 0
    for gap in pattern.finditer(phrase, start):
        before = phrase[start : gap.start()].split()
        title = len(before) > 1 and before[-1][:1].isupper() and _TITLE_AFTER.match(phrase, gap.end())
        if gap.start() > start and not title:
            rest = phrase[gap.end() :]
            nested = _NESTED.split(rest, maxsplit=1) if _AUDIENCE.match(rest) else [rest]
            nested = [part for each in nested for part in _BEFORE_PRICE.split(each, maxsplit=1)]
            return phrase[start : gap.start()], nested
    return phrase[start:], []


def _gather(parts: list[str], words: Words) -> list[str]:
    """Parts that belong together put back together: ``feito com farinha`` + ``água e sal``."""
    gathered: list[str] = []
    for part in filter(None, parts):
        if gathered and _belongs(gathered[-1], part, words):
            gathered[-1] = f"{gathered[-1]}, {part}"
        else:
            gathered.append(part)
    return _enumerate(gathered, words)


def _enumerate(parts: list[str], words: Words) -> list[str]:
    """Nouns in a row up to one with an "and" as one part: ``queijo, cebola caramelizada e pão de batata``."""
    kept: list[str] = []
    run: list[str] = []
    for part in parts:
        plain = read_point(part, words).kind is Kind.HAS and not words.has_preposition(part) and not _DIGIT.search(part)
        if not plain:
            kept, run = [*kept, *run, part], []
            continue
        run.append(part)
        if _LISTING.search(part):
            kept, run = [*kept, ", ".join(run)], []
    return [*kept, *run]


def _belongs(before: str, part: str, words: Words) -> bool:
    kind, last = read_point(part, words).kind, read_point(before, words).kind
    if kind is last is Kind.WHEN or (last is Kind.WHERE and part.isdigit()):
        return True
    if kind is Kind.WHERE and last is Kind.IS and words.is_quality(before) and len(part.split()) <= 3:
        return True
    if ":" in before and not _LISTING.search(before.split(":", 1)[1]):
        return True
    if kind is not Kind.HAS or words.has_preposition(part) or part[:1].isdigit():
        return False
    open_list = not _LISTING.search(before) and words.opens_list(before)
    return open_list and (bool(_LISTING.search(part)) or len(part.split()) <= 3)
