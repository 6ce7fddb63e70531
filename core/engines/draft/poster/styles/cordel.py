"""Cordel: a woodcut in the manner of Brazil's folhetos, black on coloured paper, carved line by line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.compose.colour import at_lightness, mix, oklch, rgb
from core.compose.geometry import (
    Box,
    Points,
    Shape,
    bounds,
    box_shape,
    ellipse,
    polygon,
    rectangle,
    roughen,
)
from core.domain.generation import Setting, TimeOfDay
from core.engines.draft.poster.brush import Brush
from core.engines.draft.poster.lettering import Inks
from core.engines.draft.poster.manner import Poster
from core.engines.draft.poster.shapes import crescent, cut_line, hatch, rays
from core.engines.draft.poster.stage import Item
from core.engines.draft.poster.texture import TILE, noise_tile, soft_tile

if TYPE_CHECKING:
    from PIL.Image import Image

BLACK, PAPER, SPOT = "#000000", "#ffffff", "#ff0000"
"""Codes of the drawing: the key block, bare paper, and the second colour; ``develop`` gives them their inks."""


def draw(poster: Poster) -> str:
    """The block: what is left standing prints black."""
    return _Block(poster).draw()


class _Block:
    def __init__(self, poster: Poster) -> None:
        self.poster, self.stage = poster, poster.stage
        self.brush = Brush({})
        self.rng = poster.stream("knife")
        self.unit = self.stage.unit
        setting = self.stage.scene.setting
        self.dark_sky = (poster.night and not self.stage.indoors) or setting is Setting.SPACE

    def draw(self) -> str:
        art, brush = self.stage.art, self.brush
        brush.fill(box_shape(art.pad(3)), BLACK if self.dark_sky else PAPER)
        self._sky()
        for item in self.stage.items():
            self._item(item)
        frame = roughen(box_shape(art), 0.16 * self.unit, 5 * self.unit, self.rng)
        brush.mask(frame, self.poster.layout.page, PAPER)
        return brush.svg() + self._border()

    def _rough(self, shape: Shape, amount: float = 0.13) -> Shape:
        return roughen(shape, amount * self.unit, 2.6 * self.unit, self.rng)

    def _sky(self) -> None:
        stage, brush, rng = self.stage, self.brush, self.rng
        line = PAPER if self.dark_sky else BLACK
        if stage.indoors:
            self._wall()
            return
        sun = stage.sun
        if sun is None:
            self._carve_sky(line)
            return
        reach = 1.5 * max(stage.art.width, stage.art.height)
        count = rng.choice((72, 84, 96))
        brush.fill(rays(sun.x, sun.y, sun.radius * 1.45, reach, count, rng, 0.3), line)
        inner = rays(sun.x, sun.y, sun.radius * 1.18, sun.radius * 1.9, count, rng, 0.5)
        brush.fill(inner, SPOT if not self.dark_sky else PAPER)
        disc = crescent(sun.x, sun.y, sun.radius) if sun.crescent else ellipse(sun.x, sun.y, sun.radius, points=96)
        clear = ellipse(sun.x, sun.y, sun.radius * 1.16, points=96)
        brush.fill(self._rough(clear), BLACK if self.dark_sky else PAPER)
        brush.fill(self._rough(disc), PAPER if self.dark_sky else SPOT)
        if not sun.crescent:
            self._face(sun.x, sun.y, sun.radius)

    def _face(self, x: float, y: float, r: float) -> None:
        """Rings and a hatch in the sun, as carvers fill a disc."""
        ring = np.linspace(0, math.tau, 80)
        for share in (0.82, 0.58):
            line = np.stack([x + r * share * np.cos(ring), y + r * share * np.sin(ring)], 1)
            self.brush.fill(cut_line(line, 0.4 * self.unit, self.rng, broken=0.25), BLACK)

    def _carve_sky(self, line: str) -> None:
        stage, unit = self.stage, self.unit
        y = stage.art.y0 + 3 * unit
        while y < stage.art.y1:
            xs = np.linspace(stage.art.x0, stage.art.x1, 160)
            wave = y + 0.5 * unit * np.sin(xs / (7 * unit) + self.rng.uniform(0, 6))
            self.brush.fill(cut_line(np.stack([xs, wave], 1), 0.3 * unit, self.rng, broken=1.6), line)
            y += 3.2 * unit

    def _wall(self) -> None:
        """A papered wall: rows of small lozenges."""
        stage, unit = self.stage, self.unit
        gap = 5.2 * unit
        marks: Shape = ()
        row, y = 0, stage.art.y0 + gap / 2
        while y < stage.art.y1:
            x = stage.art.x0 + (gap / 2 if row % 2 else 0.0)
            while x < stage.art.x1 + gap:
                r = 0.55 * unit
                marks += polygon((x, y - r * 1.6), (x + r, y), (x, y + r * 1.6), (x - r, y))
                x += gap
            y, row = y + gap * 0.7, row + 1
        self.brush.fill(self._rough(marks, 0.1), BLACK)

    def _item(self, item: Item) -> None:
        kind = item.kind
        if kind in ("land", "water", "floor"):
            self._ground(item)
        elif kind == "star":
            self.brush.fill(self._rough(item.outline, 0.06), PAPER if self.dark_sky else BLACK)
        elif kind == "bird":
            self.brush.fill(
                item.outline,
                PAPER if self.dark_sky else BLACK,
                stroke=BLACK if self.dark_sky else PAPER,
                stroke_width=0.3 * self.unit,
            )
        elif kind == "glint":
            self.brush.fill(item.outline, PAPER)
        elif kind == "cloud":
            self._figure(item, light=True)
        elif kind == "contact":
            self.brush.fill(self._rough(item.outline), BLACK)
        elif kind == "overlay":
            self._overlay(item)
        elif kind == "road":
            self._road(item)
        elif kind not in ("ripple", "reflection", "crater", "wall"):
            self._figure(item, light=self._is_light(item))

    def _is_light(self, item: Item) -> bool:
        """Figures alternate black and white against what is behind them."""
        if item.kind == "building":
            return item.tone in ("paper", "light", "sand", "mid_far", "far")
        if item.kind in ("window", "planet", "backdrop"):
            return True
        if item.kind == "motif":
            box = item.box
            behind = [tier.height_at(box.cx) for tier in self.stage.tiers if tier.depth < item.depth - 0.05]
            covered = bool(behind) and min(behind) < box.y0 + 0.36 * box.height
            return covered or (self.dark_sky and not self.stage.indoors)
        return item.kind == "plant" and item.depth > 0.6

    def _ground(self, item: Item) -> None:
        unit, brush = self.unit, self.brush
        outline = self._rough(item.outline)
        # The bright line along each edge is what tells one black ground from the next.
        brush.fill(outline, BLACK, stroke=PAPER, stroke_width=0.9 * unit, stroke_linejoin="round")
        edge = self._edge(item)
        lines = self._waves(edge) if item.kind == "water" else self._furrows(item, edge)
        brush.fill(lines, PAPER)

    def _edge(self, item: Item) -> Points:
        """The upper edge of a ground, left to right."""
        points = item.outline[0]
        upper = points[points[:, 1] < points[:, 1].max() - 1]
        result: Points = upper[np.argsort(upper[:, 0], kind="stable")]
        return result

    def _depths(self, edge: Points, step: float) -> Iterator[tuple[int, float]]:
        """Distances below an edge at which to carve: wider apart towards the viewer."""
        bottom = min(self.stage.art.y1, float(edge[:, 1].max()) + 0.42 * self.stage.art.height)
        offset, number = step, 0
        while float(edge[:, 1].min()) + offset < bottom and number < 40:
            yield number, offset
            offset += step * (1 + 0.05 * number)
            number += 1

    def _waves(self, edge: Points) -> Shape:
        """Rows of long cuts that follow the swell."""
        unit = self.unit
        lines: Shape = ()
        for number, offset in self._depths(edge, 1.7 * unit):
            row = edge + np.array([0.0, offset])
            row[:, 1] = edge[:, 1].mean() + (edge[:, 1] - edge[:, 1].mean()) * 0.6 + offset
            row[:, 1] += 0.3 * unit * np.sin(edge[:, 0] / (2.6 * unit) + number)
            row[:, 1] = np.maximum(row[:, 1], edge[:, 1] + unit)
            lines += cut_line(row, 0.7 * unit * (1 - number / 40), self.rng, broken=0.5 + number * 0.12)
        return lines

    def _furrows(self, item: Item, edge: Points) -> Shape:
        """Two long cuts along the crest, then short ones like stubble; floors get boards."""
        unit, rng = self.unit, self.rng
        lines: Shape = ()
        floor = item.kind == "floor"
        for number, offset in self._depths(edge, (2.4 if floor else 1.5 + 0.8 * item.depth) * unit):
            row = edge + np.array([0.0, offset])
            if floor or number < 2:
                lines += cut_line(row, 0.6 * unit * (1 - number / 40), rng, broken=0.5 + number * 0.1)
                continue
            x = float(row[0, 0]) + rng.uniform(0, 3) * unit
            while x < row[-1, 0]:
                y = float(np.interp(x, row[:, 0], row[:, 1]))
                lines += _stubble(x, y, unit * rng.uniform(0.5, 1.0), rng.uniform(-0.35, 0.35))
                x += rng.uniform(2.0, 4.4) * unit
        return lines

    def _figure(self, item: Item, *, light: bool) -> None:
        brush, unit = self.brush, self.unit
        outline = self._rough(item.outline, 0.09)
        body = self._rough(item.body, 0.09) if item.body is not None else outline
        big = item.kind == "motif"
        line = (1.0 if item.hero else 0.62 if big else 0.34) * unit
        halo = (1.5 if item.hero else 1.0) * unit if big else 0.6 * unit
        back, fore = (BLACK, PAPER) if light else (PAPER, BLACK)
        # Halo, contour, fill: a white figure is drawn by its black line, a black one stands in a cleared rim.
        if light:
            brush.fill(outline, PAPER, stroke=PAPER, stroke_width=line * 2 + halo, stroke_linejoin="round")
            brush.fill(outline, BLACK, stroke=BLACK, stroke_width=line * 2 + 0.2 * unit, stroke_linejoin="round")
        else:
            brush.fill(outline, PAPER, stroke=PAPER, stroke_width=halo, stroke_linejoin="round")
        brush.fill(outline, back if item.body is not None else fore)
        brush.fill(body, fore)
        self._carve(item, body, fore, back)

    def _carve(self, item: Item, body: Shape, fore: str, back: str) -> None:
        brush, unit, rng = self.brush, self.unit, self.rng
        box = bounds(body)
        inside: list[str] = []
        above: list[str] = []
        gap = max(0.9 * unit, min(1.7 * unit, box.width / 12))
        side = -self.stage.light_from
        angle = math.radians(62) * side
        for detail in item.details:
            if detail.tone == "shade":
                within = bounds(detail.shape).meet(box.pad(unit))
                cuts = hatch(within, gap, gap * 0.5, angle, rng, inside=detail.shape)
                inside.append(brush.path(cuts, back))
            elif detail.tone == "cut":
                # Outlined in the other colour, so that it shows on the body and on its trim alike.
                cut = self._rough(detail.shape, 0.06)
                inside.append(brush.path(cut, back, stroke=fore, stroke_width=0.5 * unit))
            elif detail.tone in ("line", "far", "trim", "trim_shade", "light"):
                inside.append(brush.path(self._rough(detail.shape, 0.06), back))
            elif detail.tone == "seam":
                inside.append(brush.path(self._rough(detail.shape, 0.06), fore, stroke=fore, stroke_width=0.16 * unit))
            elif detail.tone in ("accent", "glow"):
                (inside if detail.clipped else above).append(brush.path(detail.shape, SPOT))
            elif detail.clipped:
                inside.append(brush.path(detail.shape, PAPER if detail.tone == "paper" else fore))
            else:
                above.append(brush.path(detail.shape, back))
        if inside:
            clipped = [each.shape for each in item.details if each.clipped]
            brush.group(inside, clip_path=brush.clip_around(body, clipped))
        brush.group(above)

    def _overlay(self, item: Item) -> None:
        clip = self.brush.clip_around(item.outline, [detail.shape for detail in item.details])
        self.brush.group([self.brush.path(self._rough(d.shape), PAPER) for d in item.details], clip_path=clip)

    def _road(self, item: Item) -> None:
        self.brush.fill(self._rough(item.outline), BLACK, stroke=PAPER, stroke_width=0.7 * self.unit)
        for detail in item.details:
            self.brush.fill(self._rough(detail.shape, 0.06), PAPER)

    def _border(self) -> str:
        """Two rules and a row of carved teeth between them, round the picture."""
        art, brush = self.stage.art, Brush({})
        margin = self.poster.layout.margin
        if margin < 6:
            return ""
        wide = 0.16 * margin
        for grow in (0.0, 0.5 * margin):
            brush.fill(self._rough(_ring(art.pad(grow + wide), wide), 0.08), BLACK, fill_rule="evenodd")
        teeth: Shape = ()
        size = 0.3 * margin
        for box in (art.pad(0.34 * margin),):
            teeth += _teeth(box, size)
        brush.fill(self._rough(teeth, 0.06), BLACK if self.rng.random() < 0.6 else SPOT)
        return brush.svg()


def _stubble(x: float, y: float, r: float, lean: float) -> Shape:
    """A short upright cut, thick in the middle."""
    return polygon((x + lean * r, y - r), (x + 0.26 * r, y), (x - lean * r, y + r), (x - 0.26 * r, y))


def _ring(box: Box, thick: float) -> Shape:
    return box_shape(box) + rectangle(box.x0 + thick, box.y0 + thick, box.x1 - thick, box.y1 - thick)


def _teeth(box: Box, size: float) -> Shape:
    """Small lozenges along a box's four sides."""
    shapes: Shape = ()
    for horizontal, length in ((True, box.width), (False, box.height)):
        count = max(2, round(length / (size * 1.9)))
        for number in range(count + 1):
            share = number / count
            for far in (0, 1):
                x = box.x0 + share * box.width if horizontal else (box.x1 if far else box.x0)
                y = (box.y1 if far else box.y0) if horizontal else box.y0 + share * box.height
                r = size * 0.4
                shapes += polygon((x, y - r), (x + r, y), (x, y + r), (x - r, y))
    return shapes


def print_colours(poster: Poster) -> tuple[str, str, str]:
    """Key ink, coloured paper, second ink."""
    p = poster.palette
    rng = poster.stream("paper")
    tint = rng.choice((p.paper, p.light, p.sky_bottom, p.far, p.sky_top))
    hue_light, chroma, _ = oklch(tint)
    paper = at_lightness(tint, 0.88, 0.9) if chroma < 0.09 else at_lightness(tint, 0.86, 0.75)
    ink = at_lightness(p.ink, 0.17)
    spot = p.accent if rng.random() < 0.6 else ink
    if poster.request.scene.time_of_day is TimeOfDay.NIGHT and hue_light > 0.9:
        paper = at_lightness(paper, 0.9, 1.1)
    return ink, paper, spot


def develop(plate: Image, poster: Poster) -> Image:
    """Ink by hand: black that is not quite solid, a second colour that is not quite in place."""
    from PIL import Image as Images

    rng = poster.stream("press")
    ink, paper, spot = (np.array(rgb(colour), dtype=np.float32) for colour in print_colours(poster))
    codes = np.asarray(plate.convert("RGB"), dtype=np.uint8)
    height, width = codes.shape[:2]
    tooth, wear = 0.5 * noise_tile(rng) + 0.7 * soft_tile(rng, 3), 0.5 * noise_tile(rng) + 0.9 * soft_tile(rng, 2)
    out = np.empty((height, width, 3), dtype=np.uint8)
    columns = -(-width // TILE)
    for top in range(0, height, TILE):
        rows = min(TILE, height - top)
        first, second = (codes[top : top + rows, :, channel].astype(np.float32) / 255 for channel in (0, 1))
        worn = np.tile(wear[:rows], (1, columns))[:, :width]
        holes = np.clip((worn - 0.62) * 6, 0, 1) * 0.75
        black = (1 - first) * (1 - holes)
        red = (first - second).clip(0, 1) * (1 - 0.5 * holes)
        mixed = paper + 5 * np.tile(tooth[:rows], (1, columns))[:, :width, None]
        if red.any():
            mixed += (spot - mixed) * red[..., None]
        mixed += (ink - mixed) * black[..., None]
        out[top : top + rows] = np.clip(mixed + 0.5, 0, 255)
    return Images.fromarray(out)


def inks(poster: Poster) -> Inks:
    """The key ink on the paper."""
    ink, paper, _ = print_colours(poster)
    return Inks(title=(ink, paper), kicker=(ink, paper), panel=mix(paper, "#ffffff", 0.1), on_panel=ink, rough=0.004)
