"""Made places: the grounds and furniture of city, road, room and outer space."""

from __future__ import annotations

import math

import numpy as np

from core.compose.geometry import Box, Shape, ellipse, move, polygon, rectangle
from core.domain.generation import TimeOfDay
from core.engines.draft.poster import props
from core.engines.draft.poster.stage import Detail, Item, Stage
from core.engines.draft.poster.terrain import hills, skyline


def lay_city(stage: Stage, *, water: bool) -> None:
    """A far skyline, a row of buildings, and a street or a quay."""
    rng, xs = stage.rng, stage.xs()
    deep, high = stage.room.y1 - stage.horizon, stage.horizon - stage.room.y0
    stage.add_tier("range", "far", 0.2, skyline(xs, stage.horizon, 0.34 * high, rng, rng.randint(9, 16)))
    stage.add_tier("far", "mid_far", 0.35, xs * 0 + stage.horizon + 0.06 * deep)
    stage.add_tier("mid", "mid", 0.5, xs * 0 + stage.horizon + 0.28 * deep)
    if water:
        stage.add_tier("water1", "water_1", 0.55, xs * 0 + stage.horizon + 0.42 * deep, "water")
        stage.add_tier("water2", "water_2", 0.6, xs * 0 + stage.horizon + 0.52 * deep, "water")
        stage.add_tier("water3", "water_3", 0.66, xs * 0 + stage.horizon + 0.66 * deep, "water")
    else:
        stage.add_tier("close", "mid_near", 0.7, xs * 0 + stage.horizon + 0.55 * deep)
    stage.add_tier("front", "near", 0.92, xs * 0 + stage.horizon + 0.84 * deep)


def dress_city(stage: Stage) -> None:
    """Buildings with windows on the far and middle tiers, lamps and trees on the street."""
    rng, unit = stage.rng, stage.unit
    high = stage.horizon - stage.room.y0
    for name, tone, tallest in (("far", "mid_far", 0.52), ("mid", "mid", 0.4)):
        tier = stage.tier(name)
        x = stage.art.x0 - 4 * unit
        while x < stage.art.x1 + 4 * unit:
            wide = rng.uniform(6, 13) * unit
            tall = rng.uniform(0.35, 1.0) * tallest * high
            item = props.tower(x + wide / 2, float(tier.ys[0]), wide, tall, rng, tone, tier.depth - 0.03)
            gap = rng.random() < (0.12 if name == "far" else 0.4)
            if not gap and not _covers_title(stage, item.box):
                item.behind = "sky_bottom" if name == "far" else "mid_far"
                tier.standing.append(item)
            x += wide + (rng.uniform(-0.5, 1.5) if name == "far" else rng.uniform(0.5, 5)) * unit
    for tier, tall in ((stage.tier("close", "water3"), 16),):
        if tier.kind == "water":
            continue
        for number in range(rng.randint(2, 4)):
            x = stage.art.x0 + (number + rng.uniform(0.2, 0.8)) / 4 * stage.art.width
            base = tier.height_at(x)
            lamp = tier.name == "close" and rng.random() < 0.5
            size = tall * unit * rng.uniform(0.8, 1.1)
            item = (
                props.lamp_post(x, base, size * 1.25, "near", tier.depth, rng.choice((-1, 1)))
                if lamp
                else props.leafy(x, base, size, rng, "near" if tier.name == "close" else "near_dark", tier.depth)
            )
            item.behind = "mid"
            if stage.is_free(item.box, 0.5 * unit):
                tier.standing.append(item)
    kerb = stage.tier("close")
    if kerb.name == "close":
        y = (float(kerb.ys[0]) + float(stage.tier("front").ys[0])) / 2
        dashes: Shape = ()
        for number in range(14):
            x = stage.art.x0 + number / 13 * stage.art.width
            dashes += rectangle(x, y, x + 0.035 * stage.art.width, y + 0.5 * unit)
        kerb.face.append(Item("ripple", "light", kerb.depth, dashes))


def _covers_title(stage: Stage, box: Box) -> bool:
    return stage.layout.zone.overlaps(box)


def lay_road(stage: Stage, *, water: bool) -> None:
    """Hills, a plain, and a road that runs to the horizon between telegraph poles."""
    rng, xs, unit = stage.rng, stage.xs(), stage.unit
    deep, high = stage.room.y1 - stage.horizon, stage.horizon - stage.room.y0
    stage.add_tier("range", "far", 0.2, hills(xs, stage.horizon - 0.05 * high, 0.07 * high, rng, 1.2))
    if water:
        stage.add_tier("water1", "water_1", 0.3, xs * 0 + stage.horizon - 0.01 * high, "water")
    plain = stage.add_tier("far", "mid_far", 0.35, xs * 0 + stage.horizon + 0.02 * deep)
    stage.add_tier("mid", "mid", 0.5, hills(xs, stage.horizon + 0.12 * deep, 0.02 * deep, rng, 0.8))
    close = stage.add_tier("close", "mid", 0.6, xs * 0 + stage.horizon + 0.06 * deep)
    _pave(stage, float(plain.ys[0]))
    if stage.layout.side == "bottom" and not stage.layout.panel:
        stage.add_tier("front", "near_dark", 0.95, hills(xs, stage.room.y1 - 1.5 * unit, 0.6 * unit, rng, 0.7))
    close.depth = 0.6


def _pave(stage: Stage, top: float) -> None:
    """The road itself, its lines, and the poles beside it."""
    unit, room = stage.unit, stage.room
    high, bottom = stage.horizon - room.y0, stage.art.y1 + 4
    vanish_x = room.x0 + (1 - stage.hero_at) * room.width * 0.4 + 0.3 * room.width
    centre, wide = room.x0 + stage.hero_at * room.width, 0.46 * room.width

    def lane(share_low: float, share_high: float, left: float, right: float) -> Shape:
        """Part of the road between two depths (0 at the horizon, 1 at the front) and two lanes (-1..1)."""
        corners = []
        for share, side in ((share_low, left), (share_low, right), (share_high, right), (share_high, left)):
            x = vanish_x + (centre - vanish_x) * share
            corners.append((x + side * (0.4 * unit + wide * share), top + (bottom - top) * share))
        return polygon(*corners)

    close = stage.tier("close")
    start = (float(close.ys[0]) - top) / (bottom - top)
    road = Item("road", "near", 0.6, lane(start, 1, -1, 1))
    for side in (-0.93, 0.93):
        road.details.append(Detail(lane(start, 1, side - 0.015, side + 0.015), "light"))
    share = start
    while share < 1:
        road.details.append(Detail(lane(share, min(1.0, share * 1.3), -0.025, 0.025), "light"))
        share *= 1.7
    close.face.append(road)
    side = -1 if stage.hero_at > 0.5 else 1
    share = start * 1.1
    while share < 0.7:
        x = vanish_x + (centre - vanish_x) * share + side * (wide * share * 1.35 + unit)
        item = props.pole(x, top + (bottom - top) * share, (0.12 + share) * 0.62 * high, "near_dark", 0.65)
        if room.x0 < x < room.x1 and stage.is_free(item.box, unit):
            close.face.append(item)
        share *= 1.9


def lay_interior(stage: Stage) -> None:
    """A wall with a panel, a window with the weather in it, a floor and a table."""
    xs, unit = stage.xs(), stage.unit
    stage.indoors = True
    room = stage.room
    deep = room.y1 - stage.horizon
    table_y = stage.horizon + 0.42 * deep
    stage.add_tier("far", "mid_far", 0.3, xs * 0 + stage.horizon - 0.02 * deep, "floor")
    stage.add_tier("mid", "mid", 0.4, xs * 0 + stage.horizon + 0.08 * deep, "floor")
    stage.add_tier("close", "near", 0.7, xs * 0 + table_y, "floor")
    stage.add_tier("front", "near_dark", 0.9, xs * 0 + table_y + 3.2 * unit, "floor")


def dress_interior(stage: Stage) -> None:
    """Window, lamp and pictures where they hide nothing."""
    rng, unit, room = stage.rng, stage.unit, stage.room
    wall = Box(room.x0, room.y0, room.x1, stage.horizon)
    _paper_wall(stage, wall)
    if stage.sun is not None:
        stage.sky.append(window(stage, stage.sun.x, stage.sun.y))
    lamp_x = room.x0 + room.width * rng.choice((0.2, 0.5, 0.8))
    drop = wall.y0 + rng.uniform(0.2, 0.34) * wall.height
    lamp = _hanging_lamp(lamp_x, stage.art.y0, drop, 7 * unit)
    if stage.is_free(lamp.box, unit) and not any(item.box.overlaps(lamp.box) for item in stage.sky):
        stage.front.insert(0, lamp)
    for _ in range(6):
        wide = rng.uniform(8, 14) * unit
        tall = wide * rng.uniform(0.8, 1.35)
        x = room.x0 + rng.uniform(0.08, 0.92) * room.width
        y = wall.y0 + rng.uniform(0.3, 0.6) * wall.height
        picture = _picture(x, y, wide, tall, rng.random() < 0.5)
        near = stage.sky + stage.front + stage.motifs()
        if stage.is_free(picture.box, unit, near) and wall.holds(picture.box):
            stage.sky.append(picture)


def _paper_wall(stage: Stage, wall: Box) -> None:
    """Striped paper above a panelled dado."""
    art, unit = stage.art, stage.unit
    dado = wall.y1 - 0.2 * wall.height
    gap = stage.rng.uniform(4.5, 8) * unit
    stripes: Shape = ()
    x = wall.x0
    while x < wall.x1:
        stripes += rectangle(x, wall.y0, min(wall.x1, x + 0.5 * gap), dado)
        x += gap
    panels: Shape = ()
    wide = 15 * unit
    for number in range(int(art.width / wide) + 1):
        left = art.x0 + number * wide + 1.5 * unit
        panels += rectangle(left, dado + 2.4 * unit, left + wide - 3 * unit, wall.y1 - 1.6 * unit)
    stage.sky = [
        Item("wall", "wall_stripe", 0.0, stripes),
        Item("wall", "wall_low", 0.0, rectangle(art.x0 - 2, dado, art.x1 + 2, wall.y1 + 2 * unit)),
        Item(
            "wall", "wall_rail", 0.0, panels + rectangle(art.x0 - 2, dado - 0.5 * unit, art.x1 + 2, dado + 0.5 * unit)
        ),
        *stage.sky,
    ]


def window(stage: Stage, x: float, y: float) -> Item:
    """A window onto the sky, its frame as details; the style paints the panes."""
    room, unit = stage.room, stage.unit
    wide = min(0.36 * room.width, 0.55 * (stage.horizon - room.y0))
    tall = wide * 1.2
    top = max(room.y0 + 2 * unit, min(y - tall / 2, stage.horizon - tall - 3 * unit))
    left = min(max(x - wide / 2, room.x0 + 3 * unit), room.x1 - wide - 3 * unit)
    pane = rectangle(left, top, left + wide, top + tall)
    f = 0.9 * unit
    frame: Shape = rectangle(left - f, top - f, left + wide + f, top) + rectangle(left - f, top, left, top + tall)
    frame += rectangle(left + wide, top, left + wide + f, top + tall)
    frame += rectangle(left + wide / 2 - f / 3, top, left + wide / 2 + f / 3, top + tall)
    frame += rectangle(left, top + tall * 0.4 - f / 3, left + wide, top + tall * 0.4 + f / 3)
    frame += rectangle(left - 2 * f, top + tall, left + wide + 2 * f, top + tall + 1.6 * f)
    moon = stage.scene.time_of_day is TimeOfDay.NIGHT
    disc = ellipse(left + wide * 0.68, top + tall * 0.24, wide * (0.1 if moon else 0.14))
    ground = polygon(
        (left, top + tall * 0.8),
        (left + wide * 0.4, top + tall * 0.7),
        (left + wide, top + tall * 0.84),
        (left + wide, top + tall),
        (left, top + tall),
    )
    details = [Detail(disc, "light"), Detail(ground, "far"), Detail(frame, "paper", clipped=False)]
    return Item("window", "sky_bottom", 0.1, pane, details=details)


def _hanging_lamp(x: float, top: float, y: float, wide: float) -> Item:
    cord = rectangle(x - wide * 0.025, top - 4, x + wide * 0.025, y)
    arc = np.linspace(math.pi, math.tau, 20)
    dome = polygon(*[(x + wide * 0.7 * math.cos(a), y + wide * 0.55 + wide * 0.6 * math.sin(a)) for a in arc])
    bulb = ellipse(x, y + wide * 0.57, wide * 0.2)
    return Item("lamp", "near", 0.6, cord + dome, details=[Detail(bulb, "glow", clipped=False)], behind="far")


def _picture(x: float, y: float, wide: float, tall: float, landscape: bool) -> Item:
    frame = rectangle(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
    inner = rectangle(x - wide * 0.38, y - tall * 0.38, x + wide * 0.38, y + tall * 0.38)
    details = [Detail(inner, "paper")]
    if landscape:
        details.append(
            Detail(
                polygon(
                    (x - wide * 0.38, y + tall * 0.38),
                    (x - wide * 0.1, y - tall * 0.08),
                    (x + wide * 0.1, y + tall * 0.15),
                    (x + wide * 0.22, y),
                    (x + wide * 0.38, y + tall * 0.38),
                ),
                "mid",
            )
        )
    else:
        details.append(Detail(ellipse(x, y, wide * 0.2), "accent"))
    return Item("prop", "mid", 0.15, frame, details=details)


def lay_space(stage: Stage) -> None:
    """A cratered ground that curves away under stars."""
    rng, xs = stage.rng, stage.xs()
    deep = stage.room.y1 - stage.horizon
    t = (xs - xs.mean()) / (xs[-1] - xs[0])
    stage.add_tier(
        "far",
        "mid_far",
        0.4,
        stage.horizon + 0.25 * deep + 1.4 * deep * t * t + 0.03 * deep * np.sin(t * 30 + rng.random() * 6),
    )
    stage.add_tier("close", "mid", 0.6, stage.horizon + 0.5 * deep + 1.0 * deep * (t - 0.1) ** 2)
    front = stage.add_tier("front", "near", 0.92, hills(xs, stage.horizon + 0.84 * deep, 0.04 * deep, rng, 0.7))
    for tier in stage.tiers[:-1]:
        for _ in range(rng.randint(4, 7)):
            x = rng.uniform(stage.art.x0, stage.art.x1)
            r = rng.uniform(1.2, 4) * stage.unit
            y = tier.height_at(x) + r * 0.6 + rng.uniform(0.5, 5) * stage.unit
            if y < front.height_at(x) - r:
                rim = move(ellipse(x, y, r, r * 0.34), 0, -0.25 * stage.unit)
                tier.face.append(
                    Item(
                        "crater",
                        tier.tone,
                        tier.depth,
                        rim,
                        details=[Detail(ellipse(x, y + 0.2 * r, r, r * 0.34), "shade")],
                    )
                )


def dress_space(stage: Stage) -> None:
    """One great planet, perhaps ringed, and a small one."""
    rng, room = stage.rng, stage.room
    r = rng.uniform(0.16, 0.27) * min(room.width, room.height)
    x = room.x0 + room.width * (0.24 if stage.hero_at > 0.5 else 0.76)
    y = room.y0 + max(r * 1.15, rng.uniform(0.22, 0.4) * (stage.horizon - room.y0))
    ball = props.planet(x, y, r, rng, rng.choice(("accent", "far")))
    body = [ball]
    if rng.random() < 0.55:
        back, front = props.ring(x, y, r * 0.92)
        body = [back, ball, front]
    if not any(stage.layout.zone.overlaps(item.box) for item in body):
        stage.sky = body + stage.sky
    small = props.planet(
        room.x0 + room.width - (x - room.x0), room.y0 + r * rng.uniform(0.5, 1.2), r * 0.22, rng, "light"
    )
    if stage.is_free(small.box):
        stage.sky.insert(0, small)
