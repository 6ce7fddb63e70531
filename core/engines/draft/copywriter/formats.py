"""The content types: how sentences become a post, an e-mail, a description, a script."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.checks.limits import count_weighted
from core.domain.campaign import Brief, ContentType, Length
from core.engines.draft.copywriter.fitting import SUBJECT_CHARS, call_to_action, clip, fit, spoken
from core.engines.draft.copywriter.prose import Prose, keys_of
from core.engines.draft.copywriter.story import Story
from core.engines.draft.quotes import split_sentences
from core.platforms import Platform

SENTENCES = {Length.SHORT: 2, Length.MEDIUM: 4, Length.LONG: 10}
"""Sentences after the opening; dates, places and prices are always told."""

CHUNKS = {Length.SHORT: 9, Length.MEDIUM: 2, Length.LONG: 1}
"""Points of one kind that a sentence tells."""

SCENES = {Length.SHORT: 3, Length.MEDIUM: 5, Length.LONG: 6}

PRACTICAL = ("when_where", "when", "where", "price")
WORDS_A_SECOND = 2.4
MOST_SHORT = 3
"""Sentences after the opening of an X post."""

FEWEST_SCENES = 2
LONGEST_CAPTION = 150
LONGEST_HOOK = 110
"""Characters of a video's first line."""

LONGEST_SHOWN = 60
"""Characters that can be read on a screen in passing."""


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

    @property
    def roomy(self) -> bool:
        """Whether there is room to tell things one by one, and things enough."""
        return self.brief.length is not Length.SHORT and (
            isinstance(self.prose.source, Story) or self.prose.has_points(2)
        )

    def open(self) -> str:
        """The opening; where there is room it leaves the facts for later."""
        self.prose.chunk = CHUNKS[self.brief.length]
        return self.prose.open(most=1 if self.roomy else 99).text

    def introduce(self) -> str:
        """An opening that leaves the facts to a list, where there will be one."""
        said = self.prose.introduce() if self.roomy and self.prose.has_points() else None
        return said.text if said else self.open()

    def body(self, limit: int) -> list[str]:
        """Sentences after the opening; one of them names the subject if that did not."""
        return [*self.prose.tell(self.prose.plan(), limit), *self.prose.tell(("name",), 1)]

    def practical(self) -> list[str]:
        """When, where and how much."""
        return list(self.prose.tell(PRACTICAL, 4))


def _paragraphs(body: Sequence[str], practical: Sequence[str]) -> list[list[str]]:
    """The body in threes; when, where and how much in a paragraph of their own where the body is long enough."""
    if len(body) + len(practical) <= 3:
        return [[*body, *practical]]
    # No sentence stands alone at the end: of four, two and two.
    size = 2 if len(body) % 3 == 1 else 3
    return [*(list(body[start : start + size]) for start in range(0, len(body), size)), list(practical)]


def write_post(order: Order) -> dict[str, Any]:
    """A post for Instagram, Facebook, LinkedIn or WhatsApp."""
    if order.brief.length is Length.LONG and order.prose.has_points() and order.prose.dice.roll(2):
        return write_description(order)
    opening = order.open()
    body, practical = order.body(SENTENCES[order.brief.length]), order.practical()
    if order.brief.length is Length.SHORT:
        paragraphs = [[opening, *body, *practical]]
    else:
        paragraphs = [[opening], *_paragraphs(body, practical)]
    return {"text": fit(paragraphs, order.call, order.platform)}


def write_description(order: Order) -> dict[str, Any]:
    """A product page's description, with a list where there is enough to list."""
    opening = order.introduce()
    points = order.prose.list_points() if order.brief.length is not Length.SHORT else []
    body, practical = order.body(SENTENCES[order.brief.length]), order.practical()
    paragraphs = [[opening], ["\n".join(points)] if points else [], *_paragraphs(body, practical)]
    return {"text": fit(paragraphs, order.call, order.platform)}


def write_short_post(order: Order) -> dict[str, Any]:
    """An X post: as many sentences as fit."""
    room = order.platform.limit - count_weighted(order.call) - 2
    order.prose.chunk = CHUNKS[order.brief.length]
    opening = order.prose.open(longest=room, named=True).text
    practical = order.practical()
    body = order.body(min(SENTENCES[order.brief.length], MOST_SHORT) - 1)
    # What does not fit is dropped from the end: a date outlives a detail.
    return {"text": fit([[opening, *practical, *body]], order.call, order.platform, breaks=" ")}


def write_email(order: Order) -> dict[str, Any]:
    """An e-mail with its subject line."""
    prose = order.prose
    subject = clip(prose.pick("subject_lines", SUBJECT_CHARS), SUBJECT_CHARS)
    prose.texts |= keys_of(subject)
    opening = order.introduce() if order.brief.length is Length.LONG else order.open()
    points = prose.list_points() if order.brief.length is Length.LONG else []
    body, practical = order.body(SENTENCES[order.brief.length]), order.practical()
    listed = ["\n".join(points)] if points else []
    paragraphs = [[prose.greet()], [opening], listed, *_paragraphs(body, practical)]
    return {"text": fit(paragraphs, order.call, order.platform), "subject_line": subject}


def write_video(order: Order) -> dict[str, Any]:
    """A short video: a hook, a fact a scene, the call to action; and its caption."""
    prose = order.prose
    lines = _narrate(order)
    captions = prose.list_lines("captions", LONGEST_CAPTION)
    last = len(lines) - 1
    narrated = keys_of(" ".join(line for line, _ in lines))
    caption = next((each for each in captions if not keys_of(each) & narrated), captions[-1])
    caption = caption if caption[-1] in ".!?" else f"{caption}."
    scenes = [
        {
            "visual": prose.see("open" if not at else "close" if at == last else "middle", _shown(fact)),
            "narration": line,
            "seconds": _seconds(line),
        }
        for at, (line, fact) in enumerate(lines)
    ]
    return {"text": fit([[caption]], order.call, order.platform), "scenes": scenes}


def _narrate(order: Order) -> list[tuple[str, str]]:
    """What the voice says, scene by scene, each with the fact it tells: a hook, facts, the call to action."""
    prose, call = order.prose, spoken(order.call)
    most = SCENES[order.brief.length] - bool(call)
    prose.chunk = 1
    hook = prose.open(most=1, longest=LONGEST_HOOK)
    lines = [(hook.text, min(hook.tells, default=""))]
    kept = most - prose.has_practical() if most > 1 else most
    for kinds, room in ((prose.plan(), kept), (PRACTICAL, most), (prose.plan(), most), (("name",), most)):
        while len(lines) < room:
            before = prose.told
            said = next(prose.tell(kinds, 1), "")
            if not said:
                break
            lines.append((said, min(prose.told - before, default="")))
    if len(lines) + bool(call) < FEWEST_SCENES:
        invitation = prose.compose("calls", [["invitation"]])
        lines += [(invitation.text, "")] if invitation else []
    if call:
        lines.append((prose.call_out(split_sentences(call)[0]), ""))
    return lines


def _shown(fact: str) -> str:
    fact = fact.rstrip(".")
    return fact if len(fact) <= LONGEST_SHOWN and not fact.startswith("~") else ""


def _seconds(line: str) -> int:
    return min(60, max(3, math.ceil(len(line.split()) / WORDS_A_SECOND)))


FORMATS: dict[ContentType, Callable[[Order], dict[str, Any]]] = {
    ContentType.INSTAGRAM_POST: write_post,
    ContentType.MARKETING_EMAIL: write_email,
    ContentType.PRODUCT_DESCRIPTION: write_description,
    ContentType.X_POST: write_short_post,
    ContentType.SHORT_VIDEO: write_video,
}
