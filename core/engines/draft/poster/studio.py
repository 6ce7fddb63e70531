"""A product on show: the hero large on a table or a plinth before a disc, an arch or a half wall, and little else.

It is what an interior becomes in a picture that keeps room for words set on it later.
"""

from __future__ import annotations

import math

import numpy as np

from core.compose.geometry import Box, Shape, ellipse, polygon, rectangle
from core.engines.draft.poster.casting import Part, contact_shadow, motif_item
from core.engines.draft.poster.stage import Item, Stage, Tier

SHOWN = 3
"""Motifs in one picture; the others would only crowd it."""


def arrange(stage: Stage, parts: list[Part]) -> None:
    """Fill the stage's room: backdrop, table, hero, and up to two lesser things beside it."""
    rng, room, unit = stage.rng, stage.room, stage.unit
    stage.indoors = True
    stage.horizon = room.y0 + rng.uniform(0.74, 0.8) * room.height
    xs = stage.xs()
    table = stage.add_tier("close", "near", 0.7, xs * 0 + stage.horizon, "floor")
    stage.add_tier("front", "near_dark", 0.9, xs * 0 + stage.horizon + 0.17 * room.height, "floor")
    base = stage.horizon + 0.07 * room.height
    x = room.x0 + room.width * rng.choice((0.44, 0.5, 0.56))
    raised = rng.random() < 0.45
    if raised:
        base -= 0.075 * room.height
    high = base - room.y0
    shape, tone = _backdrop(stage, Box(room.x0, room.y0, room.x1, stage.horizon), x)
    stage.sky.append(Item("backdrop", tone, 0.1, shape))
    if not parts:
        return
    tall = min(0.8 * high, 0.66 * room.width / parts[0].aspect)
    hero = _stand(stage, table, parts[0], x, base, tall)
    hero.hero, hero.behind = True, tone
    if raised:
        half = max(0.62 * hero.box.width, 0.16 * room.width)
        block = rectangle(x - half, base - 0.4 * unit, x + half, base + 0.1 * room.height)
        table.face.insert(0, Item("plinth", "mid_far", 0.7, block))
    table.face.append(hero)
    _accompany(stage, table, parts[1:SHOWN], hero.box)


def _backdrop(stage: Stage, wall: Box, x: float) -> tuple[Shape, str]:
    """What the hero stands before, and its tone."""
    rng = stage.rng
    kind, tone = rng.choice(("disc", "arch", "half")), rng.choice(("light", "light", "sand"))
    across = 0.36 * min(wall.width, 1.15 * wall.height)
    if kind == "disc":
        return ellipse(x, wall.y1 - 0.52 * wall.height, 1.12 * across, points=140), tone
    if kind == "arch":
        angles = np.linspace(math.pi, math.tau, 60)
        top = wall.y0 + 0.1 * wall.height + across
        round_top = [(x + across * math.cos(a), top + across * math.sin(a)) for a in angles]
        return polygon((x - across, wall.y1 + 4), *round_top, (x + across, wall.y1 + 4)), tone
    edge = x + rng.choice((-0.3, 0.3)) * across
    side = stage.art.x1 + 4 if rng.random() < 0.5 else stage.art.x0 - 4
    return rectangle(min(edge, side), wall.y0, max(edge, side), wall.y1 + 4), tone


def _stand(stage: Stage, table: Tier, part: Part, x: float, base: float, tall: float) -> Item:
    """A thing on the table, over its own shadow."""
    item = motif_item(part, x, base, tall, stage.light_from)
    item.depth = table.depth
    table.face.append(Item("contact", "ink", table.depth, contact_shadow(item, stage.unit)))
    return item


def _accompany(stage: Stage, table: Tier, parts: list[Part], hero: Box) -> None:
    """Lesser things at the hero's feet, where they fit between it and the room's edge."""
    room, first = stage.room, stage.rng.choice((-1, 1))
    for number, part in enumerate(parts):
        side = first if number == 0 else -first
        free = (hero.x0 - room.x0 if side < 0 else room.x1 - hero.x1) - 3 * stage.unit
        tall = min(0.34 * hero.height, 0.24 * room.height, 0.86 * free / part.aspect)
        if tall < 5 * stage.unit:
            continue
        x = hero.x0 - 0.5 * free - stage.unit if side < 0 else hero.x1 + 0.5 * free + stage.unit
        item = _stand(stage, table, part, x, stage.horizon + 0.115 * room.height, tall)
        item.behind = "near"
        table.face.append(item)
