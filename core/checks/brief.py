"""Briefs from outside: read into a Brief or refused in plain words, and doubted where they contradict themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from rapidfuzz import process

from core.checks.limits import count_weighted
from core.checks.numbers import find_numbers
from core.checks.reading import HASHTAG, Reading, doubt, find_hashtags
from core.checks.wording import is_foreign
from core.domain.campaign import TONE_NAMES, Brief, ContentType, Facts, Finding, Length
from core.errors import BriefError
from core.language import N_
from core.platforms import find_platform

_CHOICES: dict[str, tuple[str, ...]] = {
    "content_type": tuple(item.value for item in ContentType),
    "tone": tuple(names[0] for names in TONE_NAMES.values()),
    "length": tuple(item.value for item in Length),
    "language": ("pt-BR", "en"),
}
_PIXELS = N_("{field} cannot be {value}. Give a whole number of pixels from 64 to 4096, or leave it out.")
_REMEDIES = {
    "": N_("Say what it is about: a topic, or a show with a season or an episode."),
    "width": _PIXELS,
    "height": _PIXELS,
    "season": N_("{field} cannot be {value}. Give the season's number."),
    "with_image": N_("{field} cannot be {value}. Give true or false."),
    "keywords": N_("{field} must be a list of words, or words with commas between them."),
}
"""Field -> what to say of a value that it cannot have; "" is the brief as a whole."""

_MOST_SHOWN = 60


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"


def _explain(problem: Mapping[str, Any]) -> BriefError:
    """What pydantic found, in words for people."""
    kind, value, context = problem["type"], problem["input"], problem.get("ctx", {})
    field = ".".join(str(part) for part in problem["loc"][:1])
    if field in _CHOICES:
        known = ", ".join(_CHOICES[field])
        message = N_('{field} cannot be "{value}". Choose one of these: {known}.')
        return BriefError(message, field=field, value=_shown(value), known=known)
    if kind in {"string_too_long", "too_long"}:
        most = context["max_length"]
        if field != "keywords":
            message = N_("{field} has {length} characters; at most {most} fit. Shorten it.")
            return BriefError(message, field=field, length=len(value), most=most)
        one = len(problem["loc"]) > 1
        return BriefError(
            N_("A keyword has at most {most} letters.") if one else N_("At most {most} keywords fit."), most=most
        )
    remedy = _REMEDIES.get(field, N_("{field} must be text, not {value}."))
    return BriefError(remedy, field=field, value=_shown(value))


def read_brief(data: object) -> Brief:
    """A Brief from what a form or a JSON file holds; fields that are empty or null count as not given.

    Raises:
        BriefError: it cannot be a brief; the message names the field and the remedy.
    """
    if not isinstance(data, Mapping):
        raise BriefError('A brief is a JSON object with fields, such as {{"topic": "…"}}.')
    for field in data:
        if field not in Brief.model_fields:
            near = process.extractOne(str(field), list(Brief.model_fields), score_cutoff=0)
            raise BriefError(
                'A brief has no field "{field}". Did you mean {near}?',
                field=_shown(field),
                near=near[0] if near else "",
            )
    try:
        brief = Brief.model_validate({field: value for field, value in data.items() if value not in (None, "")})
    except ValidationError as error:
        raise _explain(dict(error.errors()[0])) from None
    if brief.topic and not re.search(r"[^\W\d_]", HASHTAG.sub("", brief.topic)):
        raise BriefError("The topic has no words. Say in a sentence what it is about.")
    find_platform(brief)
    return brief


def _doubt_numbers(reading: Reading) -> Iterator[Finding]:
    """A percentage or price of the topic that another field gives otherwise."""
    topic = {number.span.text.strip(): number for number in find_numbers(reading.brief.topic, "pt") if number.percent}
    if not topic:
        return
    known = frozenset(value for number in topic.values() for value in number.values)
    rest = "\n".join([reading.brief.call_to_action, reading.brief.objective, *reading.brief.keywords])
    for number in find_numbers(rest, "pt"):
        if number.percent and not number.values & known:
            yield doubt(
                "contradictory_numbers",
                N_("The topic says {topic}, another field {other}. Which is right?"),
                topic=", ".join(topic), other=number.span.text,
            )  # fmt: skip


def _doubt_language(reading: Reading) -> Iterator[Finding]:
    """A topic in another language than the one to write in."""
    wanted = reading.brief.language[:2]
    if is_foreign(reading.brief.topic, wanted):
        yield doubt(
            "topic_language",
            N_("The topic is not in the language of the copy ({language}). Its words will be used as they stand."),
            language=reading.brief.language,
        )


def _doubt_call_to_action(reading: Reading) -> Iterator[Finding]:
    """A call to action that leaves too little room, or carries more hashtags than the platform takes."""
    words, platform = reading.brief.call_to_action, reading.platform
    length = count_weighted(words) if reading.brief.content_type is ContentType.X_POST else len(words)
    if length > platform.limit * 0.7:
        yield doubt(
            "call_to_action_too_long",
            N_("The call to action takes {length} of the {limit} characters of {platform}."),
            length=str(length), limit=str(platform.limit), platform=platform.name,
        )  # fmt: skip
    tags = find_hashtags(words)
    if platform.hashtags is not None and len(tags) > platform.hashtags:
        message = (
            N_("{platform} takes no hashtags; those of the call to action are left out.")
            if platform.hashtags == 0
            else N_("{count} hashtags; {platform} takes {most}.")
        )
        yield doubt(
            "too_many_hashtags", message, count=str(len(tags)), platform=platform.name, most=str(platform.hashtags)
        )


def check_brief(brief: Brief, facts: Facts | None = None) -> tuple[Finding, ...]:
    """What may be a mistake in a brief; all are warnings, none stops the work."""
    reading = Reading("", brief, facts)
    checks = (_doubt_numbers, _doubt_language, _doubt_call_to_action)
    return tuple(finding for check in checks for finding in check(reading))
