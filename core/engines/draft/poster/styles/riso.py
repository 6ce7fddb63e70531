"""Riso: three inks on cheap paper, each plate with its own halftone, none quite in register, overprinting.

The drawing's red, green and blue are not colours but the coverage of the three plates: key, accent and light.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from core.compose.colour import at_lightness, mix, oklch, rgb
from core.compose.geometry import box_shape, ellipse
from core.compose.svg import gradient
from core.domain.generation import Setting, TimeOfDay
from core.engines.draft.poster.brush import NATURAL, Brush
from core.engines.draft.poster.lettering import Inks
from core.engines.draft.poster.manner import Poster
from core.engines.draft.poster.shapes import crescent
from core.engines.draft.poster.stage import Item
from core.engines.draft.poster.texture import TILE, dot_screen, noise_tile, soft_tile

if TYPE_CHECKING:
    from PIL.Image import Image

Plate = tuple[float, float, float]

GROUNDS: dict[str, Plate] = {
    "far": (0.1, 0.3, 0.0),
    "mid_far": (0.24, 0.22, 0.0),
    "mid": (0.38, 0.3, 0.0),
    "mid_near": (0.62, 0.15, 0.0),
    "near": (1.0, 0.0, 0.0),
    "near_dark": (1.0, 0.35, 0.0),
    "far_water": (0.1, 0.0, 0.12),
    "water_1": (0.24, 0.0, 0.2),
    "water_2": (0.4, 0.0, 0.12),
    "water_3": (0.58, 0.0, 0.0),
    "snow_far": (0.16, 0.0, 0.0),
    "snow_mid": (0.08, 0.0, 0.0),
    "snow_near": (0.02, 0.0, 0.0),
    "cloud": (0.0, 0.0, 0.0),
    "paper": (0.0, 0.0, 0.0),
    "light": (0.0, 0.0, 0.9),
    "sand": (0.0, 0.25, 0.5),
    "accent": (0.0, 1.0, 0.0),
    "ink": (1.0, 0.0, 0.0),
    "sky_top": (0.2, 0.0, 0.0),
    "sky_bottom": (0.0, 0.2, 0.3),
}
"""Coverage of key, accent and light for each tone; by night the key plate carries more."""

SKIES: dict[TimeOfDay, tuple[Plate, Plate]] = {
    TimeOfDay.DAWN: ((0.0, 0.14, 0.12), (0.0, 0.42, 0.5)),
    TimeOfDay.DAY: ((0.2, 0.0, 0.0), (0.0, 0.0, 0.22)),
    TimeOfDay.DUSK: ((0.34, 0.3, 0.0), (0.0, 0.62, 0.45)),
    TimeOfDay.NIGHT: ((0.94, 0.0, 0.0), (0.52, 0.3, 0.0)),
}


WALLS: dict[TimeOfDay, Plate] = {
    TimeOfDay.DAWN: (0.0, 0.3, 0.12),
    TimeOfDay.DAY: (0.0, 0.14, 0.25),
    TimeOfDay.DUSK: (0.1, 0.42, 0.1),
    TimeOfDay.NIGHT: (0.5, 0.12, 0.0),
}
"""A room's walls."""


def _code(plate: Plate) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, value))):02x}" for value in plate)


KEYS = ("#3255a4", "#00717a", "#5d4a9e", "#8f3f63", "#2f4f4a", "#3d4f73", "#2b2b33", "#1f6b4f", "#a2403a")
ACCENTS = ("#f15060", "#ff6c2f", "#ff48b0", "#00a95c", "#0091c4", "#e45d50", "#b44b9e", "#ff8e5c")
LIGHTS = ("#ffe23f", "#ffb511", "#82d8d5", "#f7a6c4", "#b9dd6e", "#9fd3ef")
"""Inks of risograph printers, darkened where they must carry text. Source: https://www.stencil.wiki/colors"""


def _nearest(colour: str, inks: tuple[str, ...]) -> str:
    """The ink of the most like hue; greys go by lightness."""
    light, chroma, hue = oklch(colour)
    return min(
        inks,
        key=lambda ink: (1 - math.cos(oklch(ink)[2] - hue)) * min(1.0, chroma * 12) + abs(oklch(ink)[0] - light) * 0.4,
    )


def _warmth(colour: str) -> float:
    """How good an accent the colour is: strong, and rather red than blue."""
    _, chroma, hue = oklch(colour)
    return chroma * (1.0 + 0.8 * math.cos(hue - math.radians(40)))


def printing_inks(poster: Poster) -> tuple[str, str, str, str]:
    """Key, accent and light ink and the paper, as colours."""
    p = poster.palette
    key = _nearest(p.near, KEYS)
    bright = sorted((p.accent, p.sky_top, p.mid, p.far), key=lambda colour: -_warmth(colour))
    # A yellow accent becomes the light ink, and the next warmest colour the accent.
    if math.radians(75) < oklch(bright[0])[2] < math.radians(115):
        light, accent = LIGHTS[0], _nearest(bright[1], ACCENTS)
    else:
        accent = _nearest(bright[0], ACCENTS)
        light = _nearest(mix(p.light, p.sky_top, 0.5), LIGHTS)
    if math.cos(oklch(accent)[2] - oklch(key)[2]) > 0.7:
        key = "#2b2b33" if p.mood in ("tense", "epic") else "#3255a4"
    return key, accent, light, mix(p.paper, "#f7f2e6", 0.5)


def draw(poster: Poster) -> str:
    """The three plates as one drawing."""
    return _Plates(poster).draw()


class _Plates:
    def __init__(self, poster: Poster) -> None:
        self.poster, self.stage = poster, poster.stage
        self.brush = Brush({})
        self.unit = self.stage.unit
        self.dark = poster.night
        _, accent, light, _ = printing_inks(poster)
        # Inks of opposite hues overprint to mud: then the sun and the evening use one of them.
        self.overprint = math.cos(oklch(accent)[2] - oklch(light)[2]) > 0.2
        self.heroes = self._cast()

    def _cast(self) -> dict[int, tuple[Plate, Plate]]:
        """Body and cut of each motif: the hero in accent, the rest in key or knocked out."""
        cast: dict[int, tuple[Plate, Plate]] = {}
        key, accent, paper = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.0)
        yellow = (0.0, 0.0, 1.0)
        for number, item in enumerate(self.stage.motifs()):
            if item.name in NATURAL:
                cast[id(item)] = ((0.7, 0.0, 0.0), yellow)
                continue
            behind = self._tone(item.behind)
            if item.hero:
                low = self.stage.scene.time_of_day in (TimeOfDay.DAWN, TimeOfDay.DUSK)
                body = key if behind[1] >= 0.5 or (low and self.stage.before_sun(item)) else accent
            else:
                body = key if behind[0] < 0.42 else (paper if number % 2 else yellow)
            cast[id(item)] = (body, yellow if body[0] > 0.5 or body[1] > 0.5 else key)
        return cast

    def _tone(self, name: str) -> Plate:
        if name.startswith("sky"):
            return self._sky_pair()[0 if name == "sky_top" else 1]
        k, a, y = GROUNDS.get(name, (0.4, 0.0, 0.0))
        if self.dark and name not in ("paper", "light", "accent", "cloud", "sand"):
            k = min(1.0, 0.3 + 0.8 * k)
        return k, a, y

    def _sky_pair(self) -> tuple[Plate, Plate]:
        time = self.stage.scene.time_of_day
        if self.stage.indoors:
            return WALLS[time], WALLS[time]
        if self.stage.scene.setting is Setting.SPACE:
            top, (k, _, y) = SKIES[TimeOfDay.NIGHT]
            return top, (k, SKIES[time][1][1], y)
        (k1, a1, y1), (k2, a2, y2) = SKIES[time]
        keep = 1.0 if self.overprint else 0.0
        return (k1, a1, y1 * keep if a1 else y1), (k2, a2, y2 * keep if a2 else y2)

    def draw(self) -> str:
        stage, brush = self.stage, self.brush
        top, bottom = self._sky_pair()
        start = stage.art.y0 if self.poster.layout.panel else stage.room.y0
        if self.poster.layout.side in ("left", "right") and not self.poster.layout.panel:
            start = self.poster.layout.zone.y1
        if not self.poster.layout.panel:
            top = (1.0, 0.0, 0.0) if top[0] > 0.6 else (0.0, 0.0, 0.0)  # no dots behind the title
        brush.define(
            gradient("sky", ((0, _code(top), 1), (1, _code(bottom), 1)), start=(0, start), end=(0, stage.horizon))
        )
        brush.fill(box_shape(stage.sky_box), "url(#sky)")
        if stage.sun is not None and not stage.indoors:
            self._sun()
        for item in stage.items():
            self._item(item)
        brush.mask(box_shape(stage.art), self.poster.layout.page, "#000000")
        return brush.svg()

    def _sun(self) -> None:
        sun = self.stage.sun
        assert sun is not None
        over = "mix-blend-mode:lighten"
        if sun.moon:
            disc = crescent(sun.x, sun.y, sun.radius) if sun.crescent else ellipse(sun.x, sun.y, sun.radius)
            self.brush.fill(disc, _code((0, 0, 0.55)))
            return
        low = self.stage.scene.time_of_day is not TimeOfDay.DAY
        self.brush.fill(
            ellipse(sun.x, sun.y, sun.radius, points=96),
            _code((0, 1, 0.9 * self.overprint) if low else (0, 0, 1)),
            style=over,
        )

    def _item(self, item: Item) -> None:
        brush = self.brush
        over = "mix-blend-mode:lighten"
        if item.kind == "motif":
            self._motif(item)
            return
        plate = self._tone(item.tone)
        if item.kind in ("reflection", "contact"):
            brush.fill(item.outline, _code((0.75, 0, 0)), style=over)
        elif item.kind in ("ripple", "glint"):
            brush.fill(item.outline, _code((0, 0, 0.3 if item.kind == "ripple" else 0.9)))
        elif item.kind == "star":
            brush.fill(item.outline, _code((0, 0, 0.2)))
        elif item.kind == "bird":
            brush.fill(item.outline, _code((1, 0, 0)), style=over)
        elif item.kind == "wall":
            low = item.tone != "wall_stripe"
            brush.fill(item.outline, _code((0.62, 0.1, 0) if self.dark else (0.12 if low else 0, 0.36, 0.25)))
        elif item.kind == "cloud":
            brush.fill(item.outline, _code((0.3, 0.1, 0) if self.dark else (0, 0, 0)))
        elif item.kind == "overlay":
            self._details(item, plate)
        else:
            brush.fill(item.outline, _code(plate))
            self._details(item, plate)

    def _motif(self, item: Item) -> None:
        body, cut = self.heroes[id(item)]
        # A knocked-out edge, a little wider than the ink that should fill it, as hand-cut plates have.
        self.brush.fill(
            item.outline, _code(cut), stroke="#000000", stroke_width=0.5 * self.unit, stroke_linejoin="round"
        )
        self.brush.fill(item.body or item.outline, _code(body))
        self._details(item, body)

    def _details(self, item: Item, base: Plate) -> None:
        if not item.details:
            return
        clipped = [detail.shape for detail in item.details if detail.clipped]
        clip = self.brush.clip_around(item.body or item.outline, clipped)
        inside: list[str] = []
        above: list[str] = []
        for detail in item.details:
            path = self.brush.path(detail.shape, _code(self._detail(detail.tone, base)))
            (inside if detail.clipped else above).append(path)
        self.brush.group(inside, clip_path=clip)
        self.brush.group(above)

    def _detail(self, name: str, base: Plate) -> Plate:
        k, a, y = base
        if name in ("shade", "line", "seam"):
            return (min(1.0, k + 0.42), a, y) if k < 0.7 else (k - 0.28, a, y)
        if name in ("cut", "glow"):
            return (0.0, 0.0, 0.95) if self.dark or k > 0.5 else (0.8, 0.0, 0.0)
        if name in ("trim", "trim_shade"):
            shade = 0.35 if name == "trim_shade" else 0.0
            return (shade, 0.0, 0.0) if k > 0.5 or a > 0.5 else (0.0, 1.0, shade)
        if name == "light":
            return max(0.0, k - 0.3), a * 0.6, max(y, 0.5)
        if name == "snow":
            return 0.0, 0.0, 0.0
        return self._tone(name)


def develop(plate: Image, poster: Poster) -> Image:
    """Screen each plate, shift it, and lay the inks over one another on the paper."""
    from PIL import Image as Images

    rng = poster.stream("press")
    unit = poster.stage.unit
    coverage = np.asarray(plate.convert("RGB"), dtype=np.uint8)
    height, width = coverage.shape[:2]
    colours = [np.array(rgb(ink), dtype=np.float32) / 255 for ink in printing_inks(poster)]
    cell = max(3.2, 0.62 * unit)
    sharp = cell * 0.6  # the edge of a dot is about one pixel soft
    angles = (math.radians(45), math.radians(75), math.radians(15))
    shifts = [(0, 0)] + [_shift(rng.uniform(0, math.tau), 0.34 * unit) for _ in range(2)]
    speckle, tooth = noise_tile(rng), 0.6 * noise_tile(rng) + 0.6 * soft_tile(rng, 4)
    out = np.empty((height, width, 3), dtype=np.uint8)
    for top in range(0, height, TILE):
        rows = min(TILE, height - top)
        columns = -(-width // TILE)
        sheet = np.tile(tooth[:rows], (1, columns))[:, :width, None]
        spots = np.tile(speckle[:rows], (1, columns))[:, :width]
        wear = np.clip((np.tile(tooth[:rows], (1, columns))[:, :width] - 0.88) * 5, 0, 1)
        light = np.broadcast_to(colours[3], (rows, width, 3)) * (1 + 0.018 * sheet)
        for number in range(3):
            dx, dy = shifts[number]
            lines = np.clip(np.arange(top - dy, top - dy + rows), 0, height - 1)
            ink = np.roll(coverage[lines, :, number], dx, axis=1).astype(np.float32) / 255
            if not ink.any():
                continue
            screen = dot_screen(rows, width, cell, angles[number], top)
            # Stretched by half the width of an edge at both ends: full ink prints solid, none prints nothing.
            dots = np.clip((ink * (1 + 1 / sharp) - 0.5 / sharp - screen) * sharp + 0.5, 0, 1)
            dots *= (ink > 0.02) * (0.95 + 0.05 * spots) * (1 - 0.55 * wear)
            light = light * (1 - dots[..., None] * (1 - colours[number]))
        out[top : top + rows] = np.clip(light * 255 + 0.5, 0, 255)
    return Images.fromarray(out)


def _shift(angle: float, reach: float) -> tuple[int, int]:
    return round(math.cos(angle) * reach), round(math.sin(angle) * reach)


def inks(poster: Poster) -> Inks:
    """The key ink, or bare paper."""
    key, accent, _, paper = printing_inks(poster)
    dark = at_lightness(key, 0.27)
    first = (accent, key, dark, paper) if poster.stream("ink").random() < 0.35 else (key, dark, paper)
    return Inks(title=first, kicker=(key, dark, paper), panel=paper, on_panel=dark)
