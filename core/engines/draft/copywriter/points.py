"""What kind of thing a part of a topic says, so that a sentence can be built around it without changing its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.engines.draft.copywriter.lexicon import Words


class Kind(StrEnum):
    """What a point says of its subject, and so how a sentence may carry it."""

    IS = "is"
    HAS = "has"
    FOR = "for"
    DOES = "does"
    WHEN = "when"
    WHERE = "where"
    PRICE = "price"
    OTHER = "other"


@dataclass(frozen=True)
class Point:
    """A part of a topic.

    Attributes:
        text: what follows the verb: ``leve`` after "é", ``cores vibrantes`` after "tem", ``dura dois dias`` itself.
        whole: as the brief writes it: ``com cores vibrantes``.
    attached: follows the noun with no comma.
    """

    kind: Kind
    text: str
    whole: str
    attached: bool = False


_MONTH = (
    "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|"
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
_DAY = (
    "segunda|terça|quarta|quinta|sexta|sábado|domingo|sábados|domingos|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_LEAD = (
    "da |de |do |das |no |na |nos |nas |neste |nesta |on |from |até |until |every |todo |toda |todos os |todas as |"
    "aos |às |dia "
)
_WHEN = re.compile(
    rf"(?:(?:{_LEAD})?(?:{_DAY})(?:-feiras?)?\b"
    rf"|(?:no |em |on |dias? |de |até |from )*\d{{1,2}}º?(?: (?:a|e|to|and|–) \d{{1,2}})? (?:de |of )?(?:{_MONTH})\b"
    r"|(?:no dia |dia |em |até )?\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|(?:às|das|at|from) \d{1,2}(?:h|:\d|\s?[ap]m)"
    rf"|(?:from )?\d{{1,2}}(?:h|:\d\d|\s?[ap]m) (?:às|to|–)|(?:{_MONTH}) \d"
    r"|uma vez por|once a|hoje|amanhã|tonight|tomorrow|today"
    r"|toda semana|todo mês|every (?:day|week|month)|diariamente|aos? (?:fins?|finais) de semana)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:n[ao]s?|em|at|in|on) (?:the )?[A-ZÀ-Ý]|(?:Rua|Avenida|Av\.|Praça|Alameda|Travessa|"
    r"Teatro|Parque|Centro|Shopping|Livraria|Clube|Ginásio|Auditório|Museu|Biblioteca|Igreja|Casa|Estádio) (?=[A-ZÀ-Ý])"
)
_MONEY = r"(?:R\$|US\$|€|£|\$)\s?\d[\d.,]*(?:[^,;]*)"
_PRICE = re.compile(
    rf"(?:(?P<what>[^,;]+?) )?(?P<how>por|a partir de|for|from|only) (?P<sum>{_MONEY})\Z|(?P<bare>{_MONEY})\Z"
)
_WITH = re.compile(r"(?:com (?!(?:os|as|o|a) )|with (?!the ))", re.IGNORECASE)
_FOR = re.compile(
    r"(?:(?:ideal|perfeit[oa]s?|feit[oa]s?|pensad[oa]s?|made|great|perfect) )?(?:para|pra|for) ", re.IGNORECASE
)
_PREPOSITION = {
    "pt": re.compile(
        r"(?:com|sem|de|d[oa]s?|em|n[oa]s?|por|pel[oa]s?|sob|à|ao|direto d[eao]s?|até|entre) ", re.IGNORECASE
    ),
    "en": re.compile(r"without ", re.IGNORECASE),
}
_LEAST = re.compile(r"(?:a partir d[eo]|from|até|up to) \d", re.IGNORECASE)
_FEW = "dois|duas|três|quatro|cinco|seis|vári[oa]s|divers[oa]s|muit[oa]s"
_COMES = re.compile(
    r"(?P<goes>d[oe] (?:\d+|[PMGX]{1,2}) ao? (?:\d+|[PMGX]{1,3})\b)|"
    rf"(?P<comes>em (?:\d|{_FEW})|direto d[eoa]s? |in (?:\d|two|three|four|five|six|many|several) |straight from )",
    re.IGNORECASE,
)


def read_point(text: str, words: Words) -> Point:
    """The point that a part of a topic (no outer commas) makes."""
    return _read_money(text) or _read_time_or_place(text) or _read_by_first_word(text, words)


def _read_money(text: str) -> Point | None:
    price = _PRICE.match(text)
    return Point(Kind.PRICE, text, text) if price else None


def _read_time_or_place(text: str) -> Point | None:
    if _WHEN.match(text):
        return Point(Kind.WHEN, text, text)
    return Point(Kind.WHERE, _at(text), text) if _PLACE.match(text) else None


def _at(place: str) -> str:
    """``na Rua Tupi, 88`` for ``Rua Tupi, 88``."""
    first = place.split(" ", 1)[0]
    if first[:1].islower() or first in ("In", "At", "On", "Em", "No", "Na"):
        return place
    feminine = first.endswith(("a", "Av."))
    return f"{'na' if feminine else 'no'} {place}"


def _read_by_first_word(text: str, words: Words) -> Point:
    first, _, rest = text.partition(" ")
    first = first.casefold().strip(".,!")
    kind = Kind.HAS
    comes = _COMES.match(text)
    if comes:
        return Point(Kind.DOES, f"{words.comes[comes.lastgroup or '']} {text}", text)
    if first in {"que", "which", "that"} and rest:
        return Point(Kind.DOES, rest, text)
    if _WITH.match(text):
        return Point(Kind.HAS, rest, text)
    if _LEAST.match(text) or (rest and first in words.of("imperatives")):
        kind = Kind.OTHER
    elif rest and first in words.of("verbs"):
        kind = Kind.DOES
    elif _FOR.match(text):
        kind = Kind.FOR
    elif _PREPOSITION[words.language].match(text) or words.is_quality(text):
        kind = Kind.IS
    return Point(kind, text, text)


def price_of(point: Point) -> tuple[str, str, str]:
    """``("pacote de 250 g", "por", "R$ 39,90")``: what costs ("" for the subject itself), how, how much."""
    found = _PRICE.match(point.text)
    if found is None:
        return "", "", point.text
    return found["what"] or "", found["how"] or "", (found["sum"] or found["bare"]).strip()
