"""Arrangements for the typographic style: a cropped giant, a grid, or the setting as bars, discs and triangles."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from core.compose.geometry import Box, Shape, ellipse, move, polygon, rectangle
from core.domain.generation import Setting
from core.engines.draft.poster.casting import Part, motif_item
from core.engines.draft.poster.stage import Item, Stage


def arrange(stage: Stage, parts: list[Part]) -> None:
    """Fill the stage's art with one of three arrangements."""
    rng = stage.rng
    if not parts:
        _geometry(stage, None)
        return
    choice = rng.random()
    if choice < 0.36:
        _giant(stage, parts)
    elif choice < 0.64 and len(parts) > 1:
        _grid(stage, parts)
    else:
        _geometry(stage, parts[0])


def _motif(part: Part, x: float, base: float, tall: float, tone: str, behind: str) -> Item:
    item = motif_item(part, x, base, tall, -1)
    item.tone, item.behind = tone, behind
    return item


def _giant(stage: Stage, parts: list[Part]) -> None:
    """The hero larger than the picture, cropped at an edge, over a disc or bar."""
    rng, art = stage.rng, stage.art
    side = max(art.width, art.height)
    tall = min(1.16 * side, 1.5 * art.height) / max(1.0, parts[0].aspect ** 0.5)
    x = art.x0 + art.width * rng.choice((0.36, 0.5, 0.66))
    if not stage.layout.text_boxes:  # a product is shown whole, or nearly
        tall, x = min(tall, 1.1 * art.height, 0.94 * art.width / parts[0].aspect), art.cx
    base = art.y0 + 0.06 * art.height + tall  # cropped at the foot, never at the head
    if rng.random() < 0.5:
        r = 0.46 * min(art.width, art.height)
        stage.sky.append(
            Item("disc", "second", 0, ellipse(art.x0 + art.width * rng.uniform(0.25, 0.75), art.cy, r, points=140))
        )
    else:
        stage.sky.append(
            Item("disc", "second", 0, rectangle(art.x0 - 4, art.y0 + art.height * 0.62, art.x1 + 4, art.y1 + 4))
        )
    hero = _motif(parts[0], x, base, tall, "first", "third")
    hero.hero = True
    stage.sky.append(hero)


def _grid(stage: Stage, parts: list[Part]) -> None:
    """Square cells: motifs, quarter discs, bars, dots; the hero takes four cells."""
    rng, art = stage.rng, stage.art
    across = max(2, round(art.width / min(art.width, art.height) * rng.choice((2, 3, 3))))
    cell = art.width / across
    down = max(1, math.ceil(art.height / cell - 0.15))
    top = art.y0 + (art.height - down * cell) / 2
    hero_c, hero_r = rng.randrange(max(1, across - 1)), rng.randrange(max(1, down - 1))
    for row in range(down):
        for column in range(across):
            if down > 1 and across > 1 and hero_c <= column < hero_c + 2 and hero_r <= row < hero_r + 2:
                continue
            left, upper = round(art.x0 + column * cell), round(top + row * cell)
            box = Box(left, upper, round(art.x0 + (column + 1) * cell), round(top + (row + 1) * cell))
            _cell(stage, parts, box, row + column, rng)
    if down > 1 and across > 1:
        x0, y0 = round(art.x0 + hero_c * cell), round(top + hero_r * cell)
        big = Box(x0, y0, round(art.x0 + (hero_c + 2) * cell), round(top + (hero_r + 2) * cell))
        stage.sky.append(Item("cell", "second", 0, rectangle(*big)))
        hero = _in_box(parts[0], big.pad(-0.2 * cell), "first", "second")
        hero.hero = True
        stage.sky.append(hero)


def _in_box(part: Part, box: Box, tone: str, behind: str) -> Item:
    tall = min(box.height, box.width / part.aspect)
    return _motif(part, box.cx, box.cy + tall / 2, tall, tone, behind)


def _cell(stage: Stage, parts: list[Part], box: Box, number: int, rng: Random) -> None:
    ground, figure = rng.choice(
        (("third", "first"), ("field", "first"), ("second", "field"), ("first", "second"), ("field", "second"))
    )
    if ground != "field":
        stage.sky.append(Item("cell", ground, 0, rectangle(*box)))
    kind = rng.random()
    if kind < 0.5 and figure != "field":
        part = parts[1 + number % (len(parts) - 1)]
        item = _in_box(part, box.pad(-0.2 * box.width), figure, ground)
        stage.sky.append(item)
        return
    shape: Shape
    if kind < 0.68:
        corner = rng.randrange(4)
        cx, cy = (box.x0 if corner % 2 else box.x1), (box.y0 if corner < 2 else box.y1)
        start = {0: 90, 1: 0, 2: 180, 3: 270}[corner]
        angle = np.radians(np.linspace(start, start + 90, 30))
        arc = [(cx + box.width * math.cos(a), cy + box.height * math.sin(a)) for a in angle]
        shape = polygon((cx, cy), *arc)
    elif kind < 0.84:
        shape = ellipse(box.cx, box.cy, box.width * 0.34)
    else:
        step = box.height / 5
        shape = sum((rectangle(box.x0, box.y0 + i * step, box.x1, box.y0 + (i + 0.5) * step) for i in range(5)), ())
    stage.sky.append(Item("cell", figure if figure != ground else "second", 0, shape))


def _geometry(stage: Stage, part: Part | None) -> None:
    """The setting as an abstract pattern, a disc for the sun, and the hero standing in it."""
    rng, art = stage.rng, stage.art
    r = 0.32 * min(art.width, art.height) * rng.uniform(0.85, 1.2)
    sun_x = art.x0 + art.width * rng.choice((0.28, 0.5, 0.72))
    stage.sky.append(Item("disc", "second", 0, ellipse(sun_x, art.y0 + r * rng.uniform(1.05, 1.5), r, points=140)))
    floor = art.y0 + art.height * rng.uniform(0.7, 0.8)
    behind, front = _pattern(stage.scene.setting, Box(art.x0, floor, art.x1, art.y1 + 2), rng)
    for shape, tone in behind:
        stage.sky.append(Item("pattern", tone, 0.3, shape))
    if part is not None:
        tall = min(0.62 * art.height, 0.56 * art.width / part.aspect)
        x = art.x0 + art.width * rng.choice((0.34, 0.5, 0.66))
        hero = _motif(part, x, floor + 0.04 * tall, tall, "first", "third")
        hero.hero = True
        stage.sky.append(hero)
    for shape, tone in front:
        stage.sky.append(Item("pattern", tone, 0.8, shape))


def _pattern(setting: Setting, box: Box, rng: Random) -> tuple[list[tuple[Shape, str]], list[tuple[Shape, str]]]:
    """What stands behind the hero and what runs in front of its feet, as (shape, tone)."""
    if setting is Setting.INTERIOR:
        return [], [
            (rectangle(*box), "third"),
            (rectangle(box.x0, box.y0, box.x1, box.y0 + 0.22 * box.height), "second"),
        ]
    if setting is Setting.CITY:
        return _bars(box, rng), [(rectangle(*box), "third")]
    if setting in (Setting.MOUNTAIN, Setting.FOREST, Setting.SNOW):
        return _triangles(box, rng), [(rectangle(*box), "third")]
    if setting is Setting.SPACE:
        dots = [
            (
                ellipse(
                    rng.uniform(box.x0, box.x1),
                    box.y0 - rng.uniform(0, 2.4) * box.height,
                    rng.uniform(0.002, 0.007) * box.width,
                ),
                "paper",
            )
            for _ in range(30)
        ]
        return dots, [(ellipse(box.cx, box.y0 + box.width * 0.95, box.width * 0.95, points=160), "third")]
    if setting is Setting.ROAD:
        lane = polygon(
            (box.cx - box.width * 0.02, box.y0), (box.cx + box.width * 0.02, box.y0), (box.x1, box.y1), (box.x0, box.y1)
        )
        return [], [(rectangle(*box), "third"), (lane, "second")]
    return [], _waves(box, rng, flat=setting is not Setting.SEA)


def _bars(box: Box, rng: Random) -> list[tuple[Shape, str]]:
    count = rng.randint(7, 11)
    wide = box.width / count
    shapes: Shape = ()
    for number in range(count):
        tall = box.width * rng.uniform(0.08, 0.42)
        shapes += rectangle(
            box.x0 + number * wide + 0.1 * wide, box.y0 - tall, box.x0 + (number + 0.9) * wide, box.y0 + 2
        )
    return [(shapes, "third")]


def _triangles(box: Box, rng: Random) -> list[tuple[Shape, str]]:
    shapes: Shape = ()
    count = rng.randint(4, 7)
    for number in range(count):
        x = box.x0 + box.width * (number + 0.5) / count
        half = box.width / count * rng.uniform(0.5, 0.75)
        shapes += polygon((x - half, box.y0 + 2), (x, box.y0 - half * rng.uniform(1.2, 2.2)), (x + half, box.y0 + 2))
    return [(shapes, "third")]


def _waves(box: Box, rng: Random, *, flat: bool) -> list[tuple[Shape, str]]:
    rows, out = 5, []
    step = box.height / rows
    xs = np.linspace(box.x0 - 2, box.x1 + 2, 160)
    for number in range(rows):
        y = box.y0 + number * step
        swing = (0.0 if flat and number % 2 else 0.22) * step
        edge = y + swing * np.sin(xs / box.width * math.tau * (1.2 if flat else 5) + number * 1.3)
        lower = edge[::-1] + step * (0.6 if not flat else 1.05)
        band = np.concatenate([np.stack([xs, edge], 1), np.stack([xs[::-1], lower], 1)])
        out.append((move((band,), 0, 0), ("third", "second", "first")[number % 3 if flat else number % 2]))
    return out
