"""Recorte: a scene of cut paper, sheet upon sheet, each with its shadow, its thickness and a scissor's edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.compose.colour import legible, mix, tone
from core.compose.geometry import Shape, Waver, box_shape, ellipse, move, path_data, roughen
from core.compose.svg import element
from core.engines.draft.poster.brush import Brush, assign_colours, detail_colour, item_colour
from core.engines.draft.poster.lettering import Inks
from core.engines.draft.poster.manner import Poster
from core.engines.draft.poster.palette import at_time, tones
from core.engines.draft.poster.shapes import crescent
from core.engines.draft.poster.stage import Item
from core.engines.draft.poster.texture import paper_grain

if TYPE_CHECKING:
    from PIL.Image import Image

SMALL_KINDS = {"wall", "contact", "star", "ripple", "glint", "reflection", "overlay", "crater", "road"}
"""Printed on their sheet rather than glued to it: no shadow."""


def draw(poster: Poster) -> str:
    """Sheets from back to front."""
    return _Collage(poster).draw()


class _Collage:
    def __init__(self, poster: Poster) -> None:
        self.poster, self.stage = poster, poster.stage
        self.colours = tones(at_time(poster.palette, poster.request.scene.time_of_day))
        self.sheet = title_sheet(poster, self.colours)
        self.brush = Brush(self.colours)
        self.assigned = assign_colours(self.stage, self.colours)
        self.rng = poster.stream("scissors")
        self.unit = self.stage.unit
        self.drop = (-self.stage.light_from * 0.35 * self.unit, 0.75 * self.unit)
        self.shadow = mix(self.colours["ink"], self.colours["near"], 0.25)

    def draw(self) -> str:
        brush, art = self.brush, self.stage.art
        brush.fill(box_shape(art.pad(4)), self.sheet)
        if not self.stage.indoors:
            self._sky_rings()
        self._title_sheet()
        for item in self.stage.items():
            self._item(item)
        if art == self.poster.layout.page:
            return brush.svg()
        frame = roughen(box_shape(art), 0.18 * self.unit, 9 * self.unit, self.rng)
        page = Brush(self.colours)
        page.fill(box_shape(self.poster.layout.page.pad(4)), self.colours["paper"])
        self._soft_shadow(page, frame, 1.0)
        return page.svg() + brush.svg(frame)

    def _sky_rings(self) -> None:
        """The sky as rings of paper round the sun, lighter towards it."""
        sun, brush = self.stage.sun, self.brush
        if sun is None:
            return
        steps = 4
        low, high = self.colours["sky_bottom"], self.sheet
        reach = 0.95 * max(self.stage.room.width, self.stage.horizon - self.stage.room.y0)
        for number in range(steps, 0, -1):
            r = sun.radius * 1.35 + (reach - sun.radius) * (number / steps) ** 1.25
            ring = roughen(ellipse(sun.x, sun.y, r, points=120), 0.9 * self.unit, 0.55 * r + 8 * self.unit, self.rng)
            self._soft_shadow(brush, ring, 0.55)
            brush.fill(ring, mix(low, high, (number - 0.6) / steps))
        disc = ellipse(sun.x, sun.y, sun.radius, points=96)
        if sun.crescent:
            disc = crescent(sun.x, sun.y, sun.radius)
        disc = roughen(disc, 0.12 * self.unit, 4 * self.unit, self.rng)
        self._soft_shadow(brush, disc, 0.8)
        brush.fill(disc, self.colours["light"])

    def _title_sheet(self) -> None:
        """A plain sheet of sky hangs in front of the rings, for the title to be set on."""
        layout, unit = self.poster.layout, self.unit
        if layout.panel or layout.side == "bottom" or (self.stage.indoors and not layout.text_boxes):
            return
        zone, art = layout.zone, self.stage.art
        xs = np.linspace(art.x0 - 9, art.x1 + 9, 120)
        wave = Waver(self.rng, 0.8)(xs / art.width)
        if layout.side == "top":
            edge = np.stack([xs, zone.y1 - 0.6 * unit + 1.1 * unit * wave], 1)
            sheet = (np.concatenate([edge, [[art.x1 + 9, art.y0 - 9], [art.x0 - 9, art.y0 - 9]]]),)
        else:
            ys = np.linspace(art.y0 - 9, art.y1 + 9, 120)
            x = zone.x1 if layout.side == "left" else zone.x0
            far = art.x0 - 9 if layout.side == "left" else art.x1 + 9
            edge = np.stack([x + 1.4 * unit * wave, ys], 1)
            sheet = (np.concatenate([edge, [[far, art.y1 + 9], [far, art.y0 - 9]]]),)
        self._soft_shadow(self.brush, sheet, 0.8)
        self.brush.fill(sheet, self.sheet)

    def _soft_shadow(self, brush: Brush, shape: Shape, strength: float) -> None:
        """A shadow as two lines of shade along a sheet's edge, the farther one wider.

        Soft to the eye, and cheap: what the sheet hides is not painted.
        """
        dx, dy = self.drop
        for share, wide, opacity in ((0.5, 1.8, 0.18), (0.9, 1.1, 0.26)):
            brush.marks.append(
                element(
                    "path",
                    d=path_data(move(shape, dx * share * strength, dy * share * strength)),
                    fill="none",
                    stroke=self.shadow,
                    stroke_opacity=opacity,
                    stroke_width=float(wide * self.unit * strength),
                    stroke_linejoin="round",
                )
            )

    def _item(self, item: Item) -> None:
        brush, unit = self.brush, self.unit
        colour = item_colour(item, self.colours, self.assigned)
        rough = 0.16 if item.kind in ("land", "water") else 0.07
        outline = item.outline
        if item.kind in SMALL_KINDS:
            self._printed(item, colour)
            return
        outline = roughen(outline, rough * unit, 3.2 * unit, self.rng)
        strength = {"land": 1.0, "water": 0.75, "motif": 0.85 if item.hero else 0.65}.get(item.kind, 0.55)
        # A ground covers its own shadow but for a strip along its edge.
        ground = item.kind in ("land", "water", "floor")
        self._soft_shadow(brush, _upper_strip(item.outline, 4 * unit) if ground else outline, strength)
        if item.kind == "motif":
            self._motif(item, outline, colour)
            return
        # A paler sheet a hair's breadth up and left is the lit edge of the paper.
        brush.fill(move(outline, 0, -0.16 * unit), tone(colour, lightness=0.07))
        brush.fill(outline, colour)
        self._details(item, outline, colour)

    def _motif(self, item: Item, outline: Shape, colour: str) -> None:
        brush, unit = self.brush, self.unit
        cut = detail_colour("cut", colour, self.colours, night=self.poster.night)
        brush.fill(move(outline, 0, -0.16 * unit), tone(colour, lightness=0.08))
        brush.fill(outline, cut)
        body = item.body or item.outline
        body = roughen(body, 0.07 * unit, 3.2 * unit, self.rng)
        brush.fill(body, colour)
        self._details(item, body, colour)

    def _details(self, item: Item, within: Shape, colour: str) -> None:
        if not item.details:
            return
        clip = self.brush.clip_around(within, [detail.shape for detail in item.details if detail.clipped])
        inside: list[str] = []
        above: list[str] = []
        for detail in item.details:
            paint = detail_colour(detail.tone, colour, self.colours, night=self.poster.night)
            shape = roughen(detail.shape, 0.06 * self.unit, 3 * self.unit, self.rng)
            (inside if detail.clipped else above).append(self.brush.path(shape, paint))
        self.brush.group(inside, clip_path=clip)
        self.brush.group(above)

    def _printed(self, item: Item, colour: str) -> None:
        opacity = {"reflection": 0.22, "contact": 0.3, "ripple": 0.5, "glint": 0.75, "star": 0.95}.get(item.kind, 1.0)
        if item.kind == "overlay":
            self._details(item, item.outline, colour)
            return
        if item.kind in ("reflection", "contact"):
            colour = self.colours["ink"]
        self.brush.fill(item.outline, colour, opacity)
        self._details(item, item.outline, colour)


def _upper_strip(ground: Shape, deep: float) -> Shape:
    """A ground's edge and as much below it; grounds are drawn edge first, then two corners."""
    points = ground[0]
    edge = points[:-2] if len(points) > 2 else points
    return (np.concatenate([edge, edge[::-1] + np.array([0.0, deep])]),)


def develop(plate: Image, poster: Poster) -> Image:
    """Coloured paper has a tooth."""
    return paper_grain(plate.convert("RGB"), poster.stream("grain"), 7.0)


def title_sheet(poster: Poster, colours: dict[str, str]) -> str:
    """The colour of the sky where the title is, made light or dark enough for ink or paper to be read on it."""
    return legible(colours["sky_top"], colours["ink"], colours["paper"])


def inks(poster: Poster) -> Inks:
    """Ink or paper; a torn strip of paper where neither can be read."""
    colours = tones(at_time(poster.palette, poster.request.scene.time_of_day))
    dark, pale = colours["ink"], colours["paper"]
    title = (pale, dark) if poster.stream("ink").random() < 0.4 else (dark, pale)
    return Inks(title=title, kicker=title, panel=pale, on_panel=dark, rough=0.004)
