"""The content types: how sentences become a post, an e-mail, a description, a script."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.campaign import Brief, ContentType, Length
from core.engines.draft.copywriter.fitting import (
    SUBJECT_CHARS,
    call_to_action,
    clip,
    fit,
    spoken,
)
from core.engines.draft.copywriter.phrasebook import Said
from core.engines.draft.copywriter.prose import Prose
from core.platforms import Platform

SENTENCES = {Length.SHORT: 2, Length.MEDIUM: 4, Length.LONG: 9}
"""Sentences after the opening that tell what is no date, place or price; those are always told."""

NEEDED = ("when", "where", "price")
WORDS_A_SECOND = 2.4
SCENES = (3, 6)


@dataclass(frozen=True)
class Order:
    """What is asked for."""

    brief: Brief
    platform: Platform
    prose: Prose

    @property
    def call(self) -> str:
        """The call to action as this platform takes it."""
        return call_to_action(self.brief, self.platform)

    def body(self, limit: int | None = None) -> list[Said]:
        """Sentences after the opening."""
        others = self.prose.plan()
        count = SENTENCES[self.brief.length] if limit is None else limit
        return list(self.prose.tell(count, NEEDED, others))


def _texts(said: Sequence[Said]) -> list[str]:
    return [each.text for each in said]


def _group(sentences: Sequence[str], size: int) -> list[list[str]]:
    return [list(sentences[start : start + size]) for start in range(0, len(sentences), size)]


def write_post(order: Order) -> dict[str, Any]:
    """An Instagram, Facebook or LinkedIn post."""
    opening, body = order.prose.open(), order.body()
    if order.brief.length is Length.SHORT:
        paragraphs = [[opening.text, *_texts(body)]]
    else:
        paragraphs = [[opening.text], *_group(_texts(body), 3)]
    return {"text": fit(paragraphs, order.call, order.platform)}


def write_description(order: Order) -> dict[str, Any]:
    """A product page's description."""
    opening, body = order.prose.open(), order.body()
    return {"text": fit([[opening.text], *_group(_texts(body), 3)], order.call, order.platform)}


def write_short_post(order: Order) -> dict[str, Any]:
    """An X post: as many sentences as fit."""
    opening = order.prose.open()
    body = order.body(SENTENCES[order.brief.length] - 1)
    return {"text": fit([[opening.text, *_texts(body)]], order.call, order.platform, breaks=" ")}


def write_email(order: Order) -> dict[str, Any]:
    """An e-mail with its subject line."""
    prose = order.prose
    subject = prose.pick("subject_lines", SUBJECT_CHARS)
    greeting = prose.greet()
    opening, body = prose.open(), order.body()
    paragraphs = [[greeting], [opening.text], *_group(_texts(body), 3)]
    return {"text": fit(paragraphs, order.call, order.platform), "subject_line": clip(subject, SUBJECT_CHARS)}


def write_video(order: Order) -> dict[str, Any]:
    """A short video's scenes and its caption."""
    prose = order.prose
    caption = prose.pick("captions", 120)
    said = [prose.open(), *order.body()]
    most = {Length.SHORT: 3, Length.MEDIUM: 4, Length.LONG: SCENES[1]}[order.brief.length]
    closing = spoken(order.call)
    lines = _texts(said)[: most - bool(closing)]
    lines += [closing] if closing else []
    scenes = [
        {"visual": prose.see(index, len(lines)), "narration": line, "seconds": _seconds(line)}
        for index, line in enumerate(lines)
    ]
    return {"text": fit([[caption]], order.call, order.platform), "scenes": scenes}


def _seconds(line: str) -> int:
    return min(60, max(3, math.ceil(len(line.split()) / WORDS_A_SECOND)))


FORMATS: dict[ContentType, Callable[[Order], dict[str, Any]]] = {
    ContentType.INSTAGRAM_POST: write_post,
    ContentType.MARKETING_EMAIL: write_email,
    ContentType.PRODUCT_DESCRIPTION: write_description,
    ContentType.X_POST: write_short_post,
    ContentType.SHORT_VIDEO: write_video,
}
