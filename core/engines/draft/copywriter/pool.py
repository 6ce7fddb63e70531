"""The slots that a pitch fills: each a piece of a sentence, and the facts it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.engines.draft.copywriter.phrasebook import Dice, Slot
from core.engines.draft.copywriter.pitch import Pitch
from core.engines.draft.copywriter.points import Kind, Point, price_of

LONGEST_CHAIN = 150
"""Characters of a noun with all that is said of it, in one sentence."""

_DATE = re.compile(r"\d{1,2}º?(?: de [^\W\d_]+|/\d)")
_ON = re.compile(
    r"(?:\d|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)
_AND = {"pt": " e ", "en": " and "}


def join(items: Sequence[str], language: str) -> str:
    """``a, b e c``; commas alone where an item has an "and" of its own."""
    if len(items) == 1:
        return items[0]
    word = _AND[language]
    last = ", " if any(word in item for item in items) else word
    return ", ".join(items[:-1]) + last + items[-1]


def fill_pool(pitch: Pitch, dice: Dice) -> dict[str, Slot]:
    """Every slot that ``pitch`` fills; ``dice`` choose which point leads."""
    slots = _references(pitch)
    for kind in Kind:
        group = [point for point in pitch.points if point.kind is kind]
        if group and kind not in (Kind.PRICE, Kind.OTHER):
            facts = frozenset(point.whole for point in group)
            slots[kind.value] = Slot(_say(kind, group, pitch.language), facts)
    slots |= _prices(pitch) | _leads(pitch, dice) | _chains(pitch)
    if pitch.audience:
        slots["audience"] = Slot(pitch.audience, frozenset({"audience"}))
    if pitch.keywords:
        slots["keywords"] = Slot(join(pitch.keywords, pitch.language), frozenset({"keywords"}))
    if pitch.occasion:
        slots["occasion"] = Slot(pitch.occasion, frozenset({"occasion"}))
    for statement in pitch.statements[:1]:
        slots["statement"] = Slot(_lower_article(statement.rstrip("."), pitch.language), frozenset({statement}))
    return slots


def _references(pitch: Pitch) -> dict[str, Slot]:
    subject = pitch.subject
    slots = {"the": subject.the, "name": subject.text}
    if pitch.language == "pt":
        slots |= {"of": subject.after("de"), "in": subject.after("em"), "to": subject.after("a")}
        slots |= {"by": subject.after("por")}
    if pitch.noun:
        slots |= {"a_noun": pitch.noun.a, "noun": pitch.noun.text}
    elif pitch.group != "statement":
        slots |= {"a_subject": subject.a if not subject.bare else ""}
    if pitch.short and pitch.short.article:
        slots |= {"short": pitch.short.text, "the_short": pitch.short.the, "a_short": pitch.short.a}
        if pitch.language == "pt":
            slots |= {"of_short": pitch.short.after("de"), "in_short": pitch.short.after("em")}
    return {key: Slot(text) for key, text in slots.items()}


def _say(kind: Kind, group: Sequence[Point], language: str) -> str:
    texts = [point.text for point in group]
    if kind is Kind.IS:
        texts = sorted(texts, key=lambda text: len(text.split()) > 2)
    if kind is Kind.WHEN:
        return _on(", ".join(texts), language)
    return join(texts, language)


def _on(when: str, language: str) -> str:
    if language == "pt":
        return f"dia {when}" if _DATE.match(when) else when
    return f"on {when}" if _ON.match(when) and not when[:2].rstrip(":hap").isspace() else when


def _prices(pitch: Pitch) -> dict[str, Slot]:
    for point in pitch.points:
        if point.kind is Kind.PRICE:
            what, how, amount = price_of(point)
            facts = frozenset({point.whole})
            slots = {"price_whole": Slot(point.whole, facts)}
            amount = f"{how} {amount}" if how in {"a partir de", "from", "only"} else amount
            slots["priced_price" if what else "price"] = Slot(amount, facts)
            if what:
                slots["priced"] = Slot(what, facts)
            return slots
    return {}


def _leads(pitch: Pitch, dice: Dice) -> dict[str, Slot]:
    """One point alone, chosen by chance: ``lead`` as written, ``lead_is`` and ``lead_has`` by what may carry it."""
    slots: dict[str, Slot] = {}
    for key, kinds in (
        ("lead", (Kind.IS, Kind.HAS)),
        ("lead_is", (Kind.IS,)),
        ("lead_has", (Kind.HAS,)),
    ):
        fitting = [point for point in pitch.points if point.kind in kinds and len(point.text) <= 90]
        if fitting:
            point = dice.pick(fitting)
            text = point.text if key == "lead_has" else point.whole
            slots[key] = Slot(text, frozenset({point.whole}))
    return slots


def _chains(pitch: Pitch) -> dict[str, Slot]:
    """The noun with what is said of it: ``what`` with its first point, ``full`` with all that one sentence carries."""
    base = pitch.noun or (pitch.subject if pitch.group != "statement" else None)
    if base is None:
        return {}
    parts: list[str] = []
    facts: set[str] = set()
    slots: dict[str, Slot] = {}
    chained = [p for p in pitch.points if p.kind in (Kind.IS, Kind.HAS, Kind.FOR, Kind.DOES)]
    for point in sorted(chained, key=lambda p: _ORDER[p.kind]):
        part = _attach(point, parts, pitch.language)
        if len(base.text) + sum(map(len, parts)) + len(part) > LONGEST_CHAIN:
            break
        parts.append(part)
        facts.add(point.whole)
        if len(parts) == 1:
            slots |= _with_articles("what", pitch, parts, facts)
    if parts or pitch.noun:
        slots |= _with_articles("full", pitch, parts, facts)
    return slots


_ORDER = {Kind.FOR: 0, Kind.IS: 1, Kind.HAS: 2, Kind.DOES: 3}


def _attach(point: Point, before: list[str], language: str) -> str:
    """The point as it stands behind the noun, with its comma."""
    if point.kind is Kind.DOES:
        text = f"{'que' if language == 'pt' else 'that'} {point.text}"
    elif (
        point.kind is Kind.HAS
        and point.whole == point.text
        and not any(part.lstrip(" ,").startswith(("com ", "with ")) for part in before)
    ):
        text = f"com {point.text}" if language == "pt" else point.text
    elif point.kind is Kind.HAS and any(part.lstrip(" ,").startswith(("com ", "with ")) for part in before):
        text = point.text
    else:
        text = point.whole
    direct = not before and text.startswith(("com ", "with ", "para ", "for ", "feit", "made ", "que ", "that "))
    return f" {text}" if direct else f", {text}"


def _with_articles(key: str, pitch: Pitch, parts: Sequence[str], facts: set[str]) -> dict[str, Slot]:
    """``full``: the noun beside a name; ``a_full``; ``the_full``: the subject with all that follows."""
    told, rest = frozenset(facts), "".join(parts)
    if pitch.noun is None:
        texts = {f"the_{key}": pitch.subject.the + rest, f"rest_{key}": rest.lstrip(" ,")}
    else:
        noun = pitch.noun
        texts = {key: noun.text + rest, f"a_{key}": noun.a and noun.a + rest}
        texts[f"the_{key}"] = f"{pitch.subject.the}, {texts[f'a_{key}'] or texts[key]}"
    return {name: Slot(text, told) for name, text in texts.items()}


def _lower_article(text: str, language: str) -> str:
    """``a padaria vai …`` for ``A padaria vai …``, so that it can follow a colon."""
    first = text.split(" ", 1)[0]
    small = {
        "pt": ("O", "A", "Os", "As", "Um", "Uma", "Nosso", "Nossa", "No", "Na", "Em", "Vamos", "Estamos", "Temos"),
        "en": ("The", "A", "An", "Our", "We", "On", "In"),
    }
    return text[:1].lower() + text[1:] if first in small[language] else text
