"""A brief read as what is offered: what it is called, what it is, what is said of it, and to whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.checks.request import strip_request
from core.checks.wording import is_foreign
from core.domain.campaign import Brief
from core.engines.draft.copywriter.audience import name_audience
from core.engines.draft.copywriter.fitting import HEADLINE_CHARS, clip
from core.engines.draft.copywriter.lexicon import Words, load_words
from core.engines.draft.copywriter.nouns import Noun, find_gender, is_plural
from core.engines.draft.copywriter.points import Kind, Point
from core.engines.draft.copywriter.topic import LONGEST_HEAD, quote_topic, read_topic
from core.engines.draft.language import content_stems, find_words
from core.engines.draft.places import Genders

Group = Literal["product", "service", "place", "event", "cause", "statement", "plain"]

_AUTHOR = re.compile(r"(?:de|do|da|by) [A-ZÀ-Ý]")
_ARTICLE_BEFORE = r"\b(o|a|os|as|do|da|dos|das|no|na|nos|nas|ao|à|aos|às|pelo|pela) {}\b"
_NAME_RUN = re.compile(r"(?<![.!?:] )(?<!\A)\b[A-ZÀ-Ý][\w’'-]*(?: (?:d[aeo]s? |e |of |the )?[A-ZÀ-Ý][\w’'-]*)*")
_AGREES = re.compile(r"([oa])s?\Z")
MOST_KEYWORDS = 6


@dataclass(frozen=True)
class Pitch:
    """What a post can say of a brief's topic.

    Attributes:
        subject: how sentences refer to it, by name where it has one.
        noun: what it is, where ``subject`` is a name of its own; else None.
        short: its head noun alone, for a second mention (``o pão``); None where that is not sure.
        qualities, hobbies: keywords that the topic does not say already: ``leveza``, ``ciclismo``.
        named: whether ``subject`` names it; else it is the beginning of what the brief states.
        occasion: ``pré-venda``, where the brief is about one; else "".
        plain: the subject where no article can be put before it, its gender or its language being unknown: what a
            sentence quotes after a colon; else "".
        sensitive: no joke and no drum roll fits.
    """

    language: str
    group: Group
    subject: Noun
    noun: Noun | None
    short: Noun | None
    points: tuple[Point, ...]
    statements: tuple[str, ...]
    named: bool
    plain: str
    audience: str
    qualities: tuple[str, ...]
    hobbies: tuple[str, ...]
    occasion: str
    sensitive: bool


def read_pitch(brief: Brief) -> Pitch:
    """What the brief offers."""
    language = brief.language[:2]
    words = load_words(language)
    asked = strip_request(brief.topic)
    foreign = is_foreign(asked, language)
    topic = quote_topic(asked) if foreign else read_topic(asked, words)
    said = " ".join((asked, brief.objective, brief.call_to_action, brief.audience))
    genders = Genders([said])
    points = topic.points
    phrase = topic.noun
    if points and points[0].kind is Kind.IS and _AUTHOR.match(points[0].text):
        phrase, points = f"{phrase}, {points[0].text}", points[1:]
    noun = _make_noun(phrase, words, genders) if phrase else None
    subject = _name_noun(topic.name, noun, words, said) if topic.name else noun
    named = True
    if subject is None or len(subject.text) > LONGEST_HEAD:
        name = _find_name(asked)
        subject = Noun(name or clip(words.articles.sub("", asked), HEADLINE_CHARS), language, bare=True)
        noun, named = None, bool(name)
    sensitive = words.is_sensitive(f"{brief.topic} {' '.join(brief.keywords)}", fiction=False)
    group = _find_group(phrase or topic.name, words) if phrase else "statement"
    unsure = named and not (subject.article or subject.bare or topic.name)
    plain = topic.name if foreign else subject.text if unsure else ""
    keywords = _find_keywords(brief, words, language)
    return Pitch(
        language=language,
        group="plain" if plain else "cause" if sensitive and group == "event" else group,
        subject=subject,
        noun=noun if topic.name else None,
        short=_short(noun, words, genders) if noun else None,
        points=points,
        statements=topic.statements,
        named=named,
        plain=plain,
        audience=name_audience(brief.audience, words),
        qualities=tuple(
            each for each in keywords if words.is_virtue(each) and not _shares(each, brief.audience, language)
        ),
        hobbies=tuple(each for each in keywords if words.is_a(each, "hobbies")),
        occasion=_find_occasion(brief, words),
        sensitive=sensitive,
    )


def _make_noun(phrase: str, words: Words, genders: Genders) -> Noun:
    head = words.head(phrase)
    common = _is_common(phrase, words)
    text = phrase[:1].lower() + phrase[1:] if common and not phrase[:2].isupper() else phrase
    if words.language == "en":
        return Noun(text, "en", plural=is_plural(head), bare=not common and not words.is_kind(phrase))
    known = common or words.is_kind(phrase)
    gender = find_gender(head, genders, words.genders) if known else genders.heard(head)
    if known and not gender:
        gender = _read_agreement(phrase, words)
    return Noun(text, "pt", gender=gender, plural=is_plural(head) and known, bare=not known and not gender)


def _read_agreement(phrase: str, words: Words) -> str:
    """``f`` for ``kombi adaptada``: the gender that an adjective beside the noun shows; "" where none does."""
    for word in find_words(phrase):
        if words.has_preposition(f"{word} "):
            break
        shown = _AGREES.search(word.casefold())
        if shown and (words.is_quality(word) or word.casefold() in words.of("before")):
            return "f" if shown[1] == "a" else "m"
    return ""


def _is_common(phrase: str, words: Words) -> bool:
    """Whether ``phrase`` takes a small first letter inside a sentence."""
    found = find_words(phrase)
    if not found or not found[0][:1].isupper():
        return True
    if any(letter.isupper() for letter in found[0][1:]):
        return False
    content = [word for word in found[1:] if len(word) > 3 or word.isupper()]
    if words.language == "en":
        return bool(content) and not content[0][:1].isupper()
    if not words.is_kind(phrase):
        return bool(content) and not content[0][:1].isupper()
    named = bool(content) and content[0][:1].isupper()
    return not (named and (words.is_a(phrase, "places") or words.is_a(phrase, "events")))


def _name_noun(name: str, noun: Noun | None, words: Words, said: str) -> Noun:
    if words.language == "en":
        return Noun(name, "en", plural=False, bare=True)
    before: list[str] = re.findall(_ARTICLE_BEFORE.format(re.escape(name)), said)
    if before:
        gender = "f" if before[-1].casefold()[-1:] in "aà" or before[-1].casefold().endswith("as") else "m"
        return Noun(name, "pt", gender=gender)
    return Noun(name, "pt", gender=noun.gender if noun else "")


def _short(noun: Noun, words: Words, genders: Genders) -> Noun | None:
    head = words.head(noun.text)
    if not words.is_kind(noun.text) or head == noun.text:
        return None
    if words.language == "en":
        return Noun(head, "en", plural=is_plural(head))
    return Noun(head, "pt", gender=find_gender(head, genders, words.genders), plural=is_plural(head))


def _find_name(topic: str) -> str:
    """The longest of the first names in a topic told in sentences; "" where it has none."""
    runs = [run[0] for run in _NAME_RUN.finditer(topic) if len(run[0]) > 2]
    return max(runs[:4], key=len, default="")


def _find_group(phrase: str, words: Words) -> Group:
    groups: tuple[tuple[Group, str], ...] = (
        ("cause", "causes"),
        ("event", "events"),
        ("place", "places"),
        ("service", "services"),
    )
    return next((group for group, name in groups if words.is_a(phrase, name)), "product")


def _find_keywords(brief: Brief, words: Words, language: str) -> list[str]:
    """The keywords that the topic does not hold; occasions and hashtags are no words to boast of."""
    said = set(content_stems(brief.topic, language))
    left = []
    for keyword in brief.keywords:
        stems = set(content_stems(keyword, language))
        if stems and not stems & said and not keyword.startswith("#") and keyword.casefold() not in words.occasions:
            left.append(keyword)
            said |= stems
    return left[:MOST_KEYWORDS]


def _shares(keyword: str, text: str, language: str) -> bool:
    """Whether ``text`` says ``keyword`` already: "descanso para quem quer descansar"."""
    return not set(content_stems(keyword, language)).isdisjoint(content_stems(text, language))


def _find_occasion(brief: Brief, words: Words) -> str:
    said = f"{brief.topic} {brief.objective} {brief.call_to_action} {' '.join(brief.keywords)}".casefold()
    head = words.articles.sub("", strip_request(brief.topic)).casefold()
    return next((each for each in words.occasions if each in said and not head.startswith(each)), "")
