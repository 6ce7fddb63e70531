"""The slots that a pitch fills: each a piece of a sentence, and the facts it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.engines.draft.copywriter.audience import address
from core.engines.draft.copywriter.lexicon import load_words
from core.engines.draft.copywriter.nouns import Noun, find_gender, is_plural
from core.engines.draft.copywriter.phrasebook import Dice, Slot
from core.engines.draft.copywriter.pitch import Pitch
from core.engines.draft.copywriter.points import Kind, Point, price_of
from core.engines.draft.places import Genders

Slots = dict[str, Slot]

LONGEST_CHAIN = 150
"""Characters of a noun with all that is said of it, in one sentence."""

LONGEST_LEAD = 90
LONGEST_BRIEF = 24

NAMED = frozenset({"~name"})
"""What a slot tells that names the subject; it may be named again."""

_DATE = re.compile(r"\d{1,2}º?(?: de [^\W\d_]+|/\d)")
_ON = re.compile(
    r"(?:\d{1,2} |january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)
_WEEKLY = re.compile(r"(?:segundas|terças|quartas|quintas|sextas|sábados|domingos)\b")
_COUNT = re.compile(r"(?:[2-9]|\d{2,}|\d+[.,]\d+)\b(?!%)")
_MEASURE = re.compile(
    r"\b\d[\d.,]*\s?(?:ml|l|litros?|k?g|cm|mm|m|km|folhas|páginas|unidades|pages|oz|lb)\b|\A\d|"
    r"\bprodução de|\A(?:no )?tamanho",
    re.IGNORECASE,
)
_BARE_MEASURE = re.compile(r"\d[\d.,]*\s?(?:ml|l|litros?|k?g|cm|mm|m|km|oz|lb)\b", re.IGNORECASE)
_LONE = re.compile(r"(?:uma?|cada|one|each|no) ", re.IGNORECASE)
_PLURAL = {"vai": "vão", "vem": "vêm", "goes": "go", "comes": "come"}
_AND = {"pt": " e ", "en": " and "}
_ORDER = {Kind.FOR: 0, Kind.IS: 1, Kind.HAS: 2, Kind.DOES: 3}


def join(items: Sequence[str], language: str) -> str:
    """``a, b e c``; commas alone where an item has an "and" of its own."""
    if len(items) == 1:
        return items[0]
    word = _AND[language]
    last = ", " if any(word in item for item in items) else word
    return ", ".join(items[:-1]) + last + items[-1]


def fill_pool(pitch: Pitch, told: frozenset[str], chunk: int, dice: Dice) -> Slots:
    """Every slot that ``pitch`` fills with what has not been ``told``; ``dice`` choose which point leads.

    Args:
        chunk: most points of one kind that a sentence tells.
    """
    left = [point for point in pitch.points if point.whole not in told]
    slots = _references(pitch) | _groups(left, chunk, pitch) | _prices(left, pitch.language)
    slots |= _leads(left, dice) | _chains(pitch, left) | _reader(pitch)
    for statement in pitch.statements:
        if statement not in told:
            slots["statement"] = Slot(lower_first(statement.rstrip("."), pitch.language), NAMED | {statement})
            break
    return {key: slot for key, slot in slots.items() if slot.text and not (slot.tells - NAMED) & told}


def _references(pitch: Pitch) -> Slots:
    subject, noun, short = pitch.subject, pitch.noun, pitch.short
    if pitch.plain:
        return {"plain": Slot(pitch.plain, NAMED)}
    if not pitch.named:
        return {}
    texts = {"the": subject.the, "name": subject.text}
    texts |= {"of": subject.after("de"), "in": subject.after("em"), "to": subject.after("a")}
    if noun or subject.bare:
        texts |= {"brand": subject.text}
    thing = noun if noun and len(noun.text) <= 30 else short
    if thing:
        texts |= {"thing": thing.text, "a_thing": thing.a}
    if short:
        texts |= {"short": short.text, "the_short": short.the}
    brief = short or (subject if len(subject.text) <= LONGEST_BRIEF else None)
    if brief:
        texts |= {"the_brief": brief.the, "of_brief": brief.after("de")}
    if not subject.article and pitch.language == "pt":
        texts["in"] = ""
    slots = {key: Slot(text, NAMED if text and subject.text in text else frozenset()) for key, text in texts.items()}
    if noun:
        named = frozenset({"~noun"})
        slots |= {"noun": Slot(noun.text, named), "a_noun": Slot(noun.a, named)}
    return slots


def _groups(left: Sequence[Point], chunk: int, pitch: Pitch) -> Slots:
    language = pitch.language
    slots: Slots = {}
    for kind in (Kind.IS, Kind.HAS, Kind.FOR, Kind.DOES, Kind.WHEN, Kind.WHERE, Kind.OTHER):
        group = [point for point in left if point.kind is kind][: chunk if kind in (Kind.IS, Kind.HAS) else 1]
        if kind is Kind.HAS and group:
            slots |= _had(group, language)
        elif group:
            texts = [point.text for point in group]
            if kind is Kind.IS:
                texts.sort(key=lambda text: len(text.split()) > 2)
            said = join(texts, language)
            if kind is Kind.DOES and pitch.subject.plural and texts[0] != group[0].whole:
                said = f"{_PLURAL.get(said.split()[0], said.split()[0])} {group[0].whole}"
            facts = frozenset(point.whole for point in group)
            slots[kind.value] = Slot(_on(said, language) if kind is Kind.WHEN else said, facts)
    return slots


def _had(group: Sequence[Point], language: str) -> Slots:
    """What a subject has: ``has`` after a verb, ``count`` after "são", ``piece`` where only a fragment fits."""
    first = group[0].text
    single = bool(_BARE_MEASURE.match(first) or _LONE.match(first))
    kept = group[:1] if single else [point for point in group if not _LONE.match(point.text)]
    said = Slot(join([point.text for point in kept], language), frozenset(point.whole for point in kept))
    if _LONE.match(first):
        return {"piece": said}
    if _BARE_MEASURE.match(first):
        return {"count": said}
    counted = _COUNT.match(first) or _spelled_count(first, language)
    return {"has": said, "count": said} if counted else {"has": said}


def _spelled_count(text: str, language: str) -> bool:
    return text.split()[0].casefold() in load_words(language).of("numbers")


def _on(when: str, language: str) -> str:
    if language == "pt":
        if _WEEKLY.match(when):
            return f"{'aos' if when.startswith(('sáb', 'dom')) else 'às'} {when}"
        return f"dia {when}" if _DATE.match(when) else when
    return f"on {when}" if _ON.match(when) else when


def _prices(left: Sequence[Point], language: str) -> Slots:
    for point in left:
        if point.kind is not Kind.PRICE:
            continue
        what, how, amount = price_of(point)
        facts = frozenset({point.whole})
        key = "price_from" if how in {"a partir de", "from"} else "price"
        if not what:
            return {key: Slot(amount, facts)}
        return {"priced": Slot(_priced(what, amount, key == "price_from", language), facts)}
    return {}


def _priced(what: str, amount: str, least: bool, language: str) -> str:
    """``o pacote de 250 g sai por R$ 39,90``."""
    words = load_words(language)
    head = words.head(what)
    if language == "en":
        verb = "are" if is_plural(head) else "is"
        return f"{what} {verb} {'from ' if least else ''}{amount}"
    noun = Noun(what, "pt", gender=find_gender(head, Genders([what]), words.genders), plural=is_plural(head))
    verb = "saem" if noun.plural else "sai"
    return f"{noun.the} {verb} {'a partir de' if least else 'por'} {amount}"


def _leads(left: Sequence[Point], dice: Dice) -> Slots:
    """One point alone, chosen by chance: ``lead`` as written, ``lead_is`` and ``lead_has`` by what may carry it."""
    slots: Slots = {}
    for key, kinds in (("lead", (Kind.IS, Kind.HAS)), ("lead_is", (Kind.IS,)), ("lead_has", (Kind.HAS,))):
        fitting = [point for point in left if point.kind in kinds and len(point.text) <= LONGEST_LEAD]
        # A size is a fact to give, not one to begin with.
        telling = [point for point in fitting if not _MEASURE.search(point.text)] or fitting
        if telling:
            point = dice.pick(telling)
            slots[key] = Slot(point.text, frozenset({point.whole}))
    return slots


def _chains(pitch: Pitch, left: Sequence[Point]) -> Slots:
    """The noun with what is said of it: ``what`` with its first point, ``full`` with all that one sentence carries."""
    if pitch.group == "statement":
        return {}
    base = pitch.noun or pitch.subject
    chained = sorted((point for point in left if point.kind in _ORDER), key=lambda point: _ORDER[point.kind])
    kept: list[Point] = []
    for point in chained:
        if len(base.text) + sum(len(each.whole) + 6 for each in [*kept, point]) <= LONGEST_CHAIN:
            kept.append(point)
    if not kept and not pitch.noun:
        return {}
    if pitch.plain:
        told = frozenset(point.whole for point in kept)
        return {"plain_full": Slot(pitch.plain + _follow(kept, pitch.language, comma=False), NAMED | told)}
    return _with_articles("what", pitch, kept[:1]) | _with_articles("full", pitch, kept)


def _with_articles(key: str, pitch: Pitch, kept: Sequence[Point]) -> Slots:
    """``full``: the noun beside a name; ``a_full``; ``the_full``: the subject with all that follows."""
    if pitch.noun and kept and kept[0].kind is Kind.IS and " " not in kept[0].whole:
        kept = [replace(kept[0], attached=True), *kept[1:]]  # "um tênis leve"
    rest = _follow(kept, pitch.language, comma="," in pitch.subject.text)
    texts = {f"the_{key}": pitch.subject.the + rest}
    if pitch.noun:
        texts = {key: pitch.noun.text + rest, f"a_{key}": pitch.noun.a and pitch.noun.a + rest}
        texts[f"the_{key}"] = f"{pitch.subject.the}, {texts[f'a_{key}'] or texts[key]}"
    told = frozenset(point.whole for point in kept) | (frozenset({"~noun"}) if pitch.noun else frozenset())
    return {name: Slot(text, told | NAMED if name.startswith("the_") else told) for name, text in texts.items()}


def _follow(kept: Sequence[Point], language: str, *, comma: bool) -> str:
    """What follows a noun: ``feito com 80% de …, leve, com cores vibrantes``."""
    text = ""
    for point in kept:
        if point.kind is not Kind.HAS:
            relative = point.kind is Kind.DOES and point.text == point.whole
            part = f"{'que' if language == 'pt' else 'that'} {point.text}" if relative else point.whole
            text += (" " if point.attached and not text and not comma else ", ") + part
    had = [point for point in kept if point.kind is Kind.HAS]
    if not had:
        return text
    if language == "en":
        return text + "".join((" " if each.attached and not text else ", ") + each.whole for each in had)
    gap = " " if had[0].attached and not text and not comma else ", "
    return f"{text}{gap}com {join([each.text for each in had], language)}"


def _reader(pitch: Pitch) -> Slots:
    """Whom the post speaks to, and what the keywords add."""
    slots: Slots = {}
    told = frozenset({"~audience"})
    if pitch.audience:
        slots["audience"] = Slot(pitch.audience, told)
        does, asks = address(pitch.audience, pitch.language)
        if not pitch.sensitive:
            slots |= {"you": Slot(does, told), "asks": Slot(asks, told)}
    if pitch.qualities:
        slots["qualities"] = Slot(join(pitch.qualities, pitch.language), frozenset({"~qualities"}))
    if pitch.hobbies and not pitch.audience:
        slots["hobbies"] = Slot(join(pitch.hobbies, pitch.language), frozenset({"~hobbies"}))
    if pitch.occasion:
        told = frozenset({"~occasion"})
        sentence = load_words(pitch.language).occasions[pitch.occasion]
        slots["occasion_said"] = Slot(sentence, told)
        if sentence.startswith(("Está", "É", "It is")):
            slots["occasion"] = Slot(pitch.occasion, told)
    return slots


def lower_first(text: str, language: str) -> str:
    """``a padaria vai …`` for ``A padaria vai …``, so that it can follow a colon."""
    first = text.split(" ", 1)[0]
    small = load_words(language).of("openers")
    return (
        text[:1].lower() + text[1:] if first.casefold() in small and first[1:].islower() | (len(first) == 1) else text
    )
