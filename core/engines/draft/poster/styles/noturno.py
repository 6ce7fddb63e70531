"""Noturno: a flat nocturne of gradients and silhouettes, with lit windows, rims of light and a shining moon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.compose.colour import at_lightness, mix
from core.compose.geometry import Shape, box_shape, ellipse, move, rectangle
from core.compose.svg import element, glow, gradient
from core.domain.generation import TimeOfDay
from core.engines.draft.poster.brush import NATURAL, Brush
from core.engines.draft.poster.lettering import Inks
from core.engines.draft.poster.manner import Poster
from core.engines.draft.poster.palette import Palette, at_time, tones
from core.engines.draft.poster.shapes import crescent
from core.engines.draft.poster.stage import Item
from core.engines.draft.poster.texture import paper_grain

if TYPE_CHECKING:
    from PIL.Image import Image


def night_colours(poster: Poster) -> dict[str, str]:
    """The palette after dark; by day and twilight a blue hour that keeps more of its colour."""
    time = poster.request.scene.time_of_day
    palette: Palette = at_time(poster.palette, TimeOfDay.NIGHT)
    colours = tones(palette)
    lift = {TimeOfDay.NIGHT: 0.0, TimeOfDay.DUSK: 0.12, TimeOfDay.DAWN: 0.2, TimeOfDay.DAY: 0.16}[time]
    warm = mix(poster.palette.accent, poster.palette.light, 0.35)
    colours["sky_top"] = at_lightness(colours["sky_top"], 0.2 + 0.5 * lift)
    colours["sky_bottom"] = mix(at_lightness(colours["sky_bottom"], 0.46 + lift), warm, 0.12 + 1.6 * lift)
    colours["light"] = mix(poster.palette.light, "#ffe9b0", 0.4)
    colours["accent"] = poster.palette.accent
    return colours


def draw(poster: Poster) -> str:
    """Sky, moon and glow, then silhouettes, darker as they come nearer."""
    return _Nocturne(poster).draw()


class _Nocturne:
    def __init__(self, poster: Poster) -> None:
        self.poster, self.stage = poster, poster.stage
        self.colours = night_colours(poster)
        self.brush = Brush(self.colours)
        self.unit = self.stage.unit
        self.count = 0

    def draw(self) -> str:
        self._sky()
        for item in self.stage.items():
            self._item(item)
        self._mist()
        self.brush.mask(box_shape(self.stage.art), self.poster.layout.page, self.colours["sky_top"])
        return self.brush.svg()

    def _name(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def _vertical(self, top: float, bottom: float, upper: str, lower: str) -> str:
        name = self._name()
        self.brush.define(gradient(name, ((0, upper, 1), (1, lower, 1)), start=(0, top), end=(0, bottom)))
        return f"url(#{name})"

    def _sky(self) -> None:
        stage, brush = self.stage, self.brush
        top, bottom = self.colours["sky_top"], self.colours["sky_bottom"]
        start = stage.room.y0 if not self.poster.layout.panel else stage.art.y0
        sky = stage.sky_box
        brush.fill(box_shape(sky), top)
        # Stripes finer than the grain: a gradient to the eye at a tenth of its cost.
        count = 96
        for number in range(count):
            share = (number + 0.5) / count
            upper = start + number / count * (stage.horizon - start)
            lower = sky.y1 if number == count - 1 else upper + (stage.horizon - start) / count + 1
            # Eased as by a stop of 0.42 at 0.55.
            colour = mix(top, bottom, share * 0.42 / 0.55 if share < 0.55 else 0.42 + (share - 0.55) * 0.58 / 0.45)
            brush.fill(rectangle(sky.x0, upper, sky.x1, max(lower, upper)), colour, shape_rendering="crispEdges")
        self._shade_title(top)
        if stage.sun is None or stage.indoors:
            return
        sun = stage.sun
        self._glow(sun.x, sun.y, sun.radius * 3.5, self.colours["light"], 0.42)
        for share, opacity in ((2.3, 0.07), (1.65, 0.1)):
            brush.fill(ellipse(sun.x, sun.y, sun.radius * share, points=96), self.colours["light"], opacity)
        disc = crescent(sun.x, sun.y, sun.radius) if sun.crescent else ellipse(sun.x, sun.y, sun.radius, points=96)
        brush.fill(disc, self.colours["light"])
        if not sun.crescent and sun.moon:
            for dx, dy, r in ((-0.35, -0.2, 0.2), (0.25, 0.3, 0.26), (0.3, -0.4, 0.12), (-0.2, 0.45, 0.1)):
                spot = ellipse(sun.x + dx * sun.radius, sun.y + dy * sun.radius, r * sun.radius)
                brush.fill(spot, mix(self.colours["light"], bottom, 0.3), 0.55)

    def _shade_title(self, dark: str) -> None:
        """On wide pages the sky darkens towards the title's side."""
        layout, art = self.poster.layout, self.stage.art
        if layout.panel or layout.side not in ("left", "right"):
            return
        near = art.x0 if layout.side == "left" else art.x1
        edge = layout.zone.x1 if layout.side == "left" else layout.zone.x0
        name = self._name()
        stops = ((0.0, dark, 0.96), (0.72, dark, 0.94), (1.0, dark, 0.0))
        self.brush.define(gradient(name, stops, start=(near, 0), end=(edge + (edge - near) * 0.35, 0)))
        self.brush.fill(box_shape(art), f"url(#{name})")

    def _glow(self, x: float, y: float, r: float, colour: str, strength: float) -> None:
        name = self._name()
        stops = (
            (0.0, colour, strength),
            (0.25, colour, strength * 0.5),
            (0.6, colour, strength * 0.12),
            (1.0, colour, 0.0),
        )
        self.brush.define(glow(name, stops, centre=(x, y), radius=r))
        self.brush.fill(ellipse(x, y, r), f"url(#{name})")

    def _item(self, item: Item) -> None:
        brush = self.brush
        if item.kind in ("land", "water", "floor"):
            self._ground(item)
        elif item.kind == "star":
            brush.fill(item.outline, self.colours["light"], 0.85)
        elif item.kind in ("ripple", "glint"):
            brush.fill(item.outline, self.colours["light"], 0.14 if item.kind == "ripple" else 0.6)
        elif item.kind == "wall":
            brush.fill(item.outline, self.colours[item.tone], 0.5)
        elif item.kind == "cloud":
            brush.fill(item.outline, mix(self.colours["sky_top"], self.colours["sky_bottom"], 0.75), 0.5)
        elif item.kind in ("reflection", "contact"):
            brush.fill(item.outline, self.colours["ink"], 0.45)
        elif item.kind == "overlay":
            self._inside(item, item.outline, lambda name: mix(self.colours["sky_bottom"], self.colours["paper"], 0.35))
        elif item.kind == "window":
            self._window(item)
        else:
            self._silhouette(item)

    def _ground(self, item: Item) -> None:
        box = item.box
        colour = self.colours.get(item.tone, self.colours["mid"])
        # Mist lies at the foot of each ground, so the next edge stands out.
        foot = mix(colour, self.colours["sky_bottom"], 0.34 * (1 - item.depth))
        if item.kind == "water":
            foot = mix(colour, self.colours["ink"], 0.3)
            colour = mix(colour, self.colours["sky_bottom"], 0.4 * (1 - item.depth))
        bottom = box.y0 + 0.4 * self.stage.art.height
        self.brush.fill(item.outline, self._vertical(box.y0, bottom, colour, foot))
        edge = mix(colour, self.colours["light"], 0.28 if item.kind == "land" else 0.2)
        self.brush.marks.append(
            element(
                "path",
                d=_top_edge(item.outline),
                fill="none",
                stroke=edge,
                stroke_width=0.16 * self.unit,
                stroke_opacity=0.8,
            )
        )

    def _silhouette(self, item: Item) -> None:
        brush, unit = self.brush, self.unit
        base = self.colours.get(item.tone, self.colours["near"])
        if item.kind == "motif":
            base = self._motif_colour(item)
            if item.hero and item.behind != "light":
                self._backlight(item)
        elif item.kind == "bird":
            base = self.colours["near"]
        elif item.kind == "building" and item.tone in ("paper", "light", "sand"):
            base = mix(self.colours["mid"], self.colours["near"], 0.5)
        body = item.body or item.outline
        light = mix(self.colours["light"], self.colours["sky_bottom"], 0.25)
        if item.body is not None:
            self._lit_cuts(item, light)
        lower = mix(base, self.colours["ink"], 0.35)
        box = item.box
        rim = 0.34 if item.kind == "motif" else 0.18
        away = self.stage.light_from
        if item.kind in ("motif", "plant", "planet", "building"):
            brush.fill(body, mix(base, light, 0.72 if item.kind == "motif" else 0.3))
            # The rim of light is the body seen behind itself, moved away from the light.
            shadow = move(body, -away * rim * unit, rim * 0.8 * unit)
            first = [brush.path(shadow, self._vertical(box.y0, box.y1, base, lower))]
            if item.kind != "motif":  # so small that what sticks out is not seen
                brush.group(first)
                first = []
        else:
            brush.fill(body, self._vertical(box.y0, box.y1, base, lower))
            first = []
        self._inside(item, body, lambda name: self._detail(name, base), first)
        for detail in item.details:
            if detail.tone == "glow":
                glowing = detail.shape[0].mean(axis=0)
                self._glow(float(glowing[0]), float(glowing[1]), 9 * unit, self.colours["light"], 0.6)
                brush.fill(detail.shape, self.colours["light"])

    def _motif_colour(self, item: Item) -> str:
        colours = self.colours
        if item.name in NATURAL:
            return mix(colours[NATURAL[item.name]], colours["ink"], 0.3)
        if item.hero and not self.poster.layout.text_boxes:  # a product must be seen, not guessed
            return at_lightness(mix(colours["near"], colours["accent"], 0.6), 0.42)
        return mix(colours["ink"], colours["near"], 0.35 if item.hero else 0.6)

    def _backlight(self, item: Item) -> None:
        """A haze of light behind the hero, so that a dark figure stands out from a dark ground."""
        box = item.box
        haze = mix(self.colours["sky_bottom"], self.colours["light"], 0.35)
        self._glow(box.cx, box.y0 + 0.45 * box.height, 0.85 * max(box.width, box.height), haze, 0.62)

    def _lit_cuts(self, item: Item, light: str) -> None:
        """Holes of an icon are windows: light shines through them."""
        box = item.box
        warm = mix(light, self.colours["accent"], 0.25)
        self.brush.fill(item.outline, self._vertical(box.y0, box.y1, light, warm))

    def _detail(self, name: str, base: str) -> tuple[str, float]:
        if name == "cut":
            return mix(self.colours["light"], self.colours["accent"], 0.12), 0.95
        if name in ("shade", "line", "seam"):
            return self.colours["ink"], 0.28 if name == "shade" else 0.6
        if name == "trim":
            return mix(base, self.colours["sky_bottom"], 0.42), 1.0
        if name == "trim_shade":
            return mix(base, self.colours["sky_bottom"], 0.2), 1.0
        if name == "light":
            return mix(base, self.colours["light"], 0.3), 0.6
        return mix(self.colours.get(name, base), base, 0.35 if name == "paper" else 0.6), 1.0

    def _inside(self, item: Item, within: Shape, paint: object, first: Sequence[str] = ()) -> None:
        """Details clipped to a shape, over what is ``first`` there."""
        inside = list(first)
        for detail in item.details:
            if detail.tone == "glow":
                continue
            found = paint(detail.tone) if callable(paint) else paint
            colour, opacity = found if isinstance(found, tuple) else (found, 1.0)
            inside.append(self.brush.path(detail.shape, str(colour), float(opacity)))
        if inside:
            shapes = [detail.shape for detail in item.details if detail.tone != "glow"]
            clip = self.brush.clip_to(within) if first else self.brush.clip_around(within, shapes)
            self.brush.group(inside, clip_path=clip)

    def _window(self, item: Item) -> None:
        box = item.box
        self._glow(box.cx, box.cy, box.width * 1.5, self.colours["sky_bottom"], 0.5)
        upper, lower = (
            mix(self.colours["sky_bottom"], self.colours["light"], 0.1),
            mix(self.colours["sky_bottom"], self.colours["light"], 0.45),
        )
        self.brush.fill(item.outline, self._vertical(box.y0, box.y1, upper, lower))
        clip = self.brush.clip_to(item.outline)
        inside = [self.brush.path(d.shape, self.colours[d.tone]) for d in item.details if d.clipped]
        self.brush.group(inside, clip_path=clip)
        for detail in item.details:
            if not detail.clipped:
                self.brush.fill(detail.shape, self.colours["near"])

    def _mist(self) -> None:
        """A last veil of dark at the foot, where the eye should leave the picture."""
        art = self.stage.art
        name, top = self._name(), art.y1 - 0.3 * art.height
        ink = self.colours["ink"]
        stops = ((0.0, ink, 0.0), (1.0, ink, 0.55))
        self.brush.define(gradient(name, stops, start=(0, top), end=(0, art.y1)))
        self.brush.fill(rectangle(art.x0, top, art.x1, art.y1), f"url(#{name})")


def _top_edge(shape: Shape) -> str:
    points = shape[0][:-2]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())


def develop(plate: Image, poster: Poster) -> Image:
    """Grain hides the steps of the gradients."""
    return paper_grain(plate.convert("RGB"), poster.stream("grain"), 3.2, fibre=2)


def inks(poster: Poster) -> Inks:
    """Moonlight on the dark."""
    colours = night_colours(poster)
    return Inks(
        title=(mix(colours["light"], colours["paper"], 0.4), "#ffffff", colours["ink"]),
        kicker=(mix(colours["light"], colours["accent"], 0.2), colours["light"], "#ffffff", colours["ink"]),
        panel=colours["ink"],
        on_panel=colours["light"],
    )
