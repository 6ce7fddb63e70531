"""Motifs drawn for posters rather than taken from the icon font: boats, lighthouse, church, wave, coins, trees.

Each drawing is of height 1, stands on y = 0 and is centred on x = 0, like an ``Icon``. Of its parts' tones, ``trim`` is
a second colour beside the body's own and ``seam`` a thin mark on it; the rest are as in ``stage.Detail``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.compose.geometry import (
    Points,
    Shape,
    bounds,
    derive,
    ellipse,
    move,
    oriented,
    polygon,
    rectangle,
    scale,
    smooth,
)
from core.engines.draft.poster import goods, props
from core.engines.draft.poster.harbour import net_parts, pier_parts
from core.engines.draft.poster.stage import Item


@dataclass(frozen=True)
class Drawing:
    """A motif in parts: its outline, and (shape, tone) details painted inside it in order."""

    outline: Shape
    details: tuple[tuple[Shape, str], ...]

    @property
    def aspect(self) -> float:
        """Width for height 1."""
        return bounds(self.outline).width


def _up(*xy: tuple[float, float]) -> Shape:
    return polygon(*[(x, -y) for x, y in xy])


def _curve(*xy: tuple[float, float]) -> Points:
    return smooth([(x, -y) for x, y in xy], closed=False, steps=10)


def _join(*curves: Points) -> Shape:
    return (np.concatenate(curves),)


def _unit(outline: Shape, details: list[tuple[Shape, str]]) -> Drawing:
    """Scaled to height 1, centred, standing on 0."""
    box = bounds(outline)
    k = 1 / box.height

    def fit(shape: Shape) -> Shape:
        return scale(move(shape, -box.cx, -box.y1), k, k)

    return Drawing(fit(oriented(outline)), tuple((fit(shape), tone) for shape, tone in details))


def sailboat() -> Drawing:
    """Two full sails, a curved hull with a stripe, a pennant."""
    hull = _join(
        _curve((-0.5, 0.2), (-0.2, 0.17), (0.2, 0.17), (0.56, 0.24)),
        _curve((0.56, 0.24), (0.44, 0.06), (0.34, 0.0)),
        _curve((-0.3, 0.0), (-0.42, 0.07), (-0.5, 0.2)),
    )
    main = _join(_curve((0.02, 1.12), (-0.16, 0.66), (-0.44, 0.27)), _curve((-0.44, 0.27), (-0.2, 0.24), (0.02, 0.25)))
    jib = _join(_curve((0.08, 1.06), (0.36, 0.68), (0.5, 0.3)), _curve((0.5, 0.3), (0.3, 0.27), (0.08, 0.26)))
    mast = rectangle(0.03, -1.2, 0.055, -0.15)
    flag = _up((0.055, 1.2), (0.2, 1.15), (0.055, 1.1))
    stripe = _join(_curve((-0.5, 0.13), (0, 0.1), (0.6, 0.17)), _curve((0.6, 0.12), (0, 0.05), (-0.5, 0.08)))
    seams = sum(
        (
            _join(
                _curve((-0.5, y), (-0.2, y - 0.03), (0.02, y)),
                _curve((0.02, y - 0.012), (-0.2, y - 0.042), (-0.5, y - 0.012)),
            )
            for y in (0.46, 0.66, 0.86)
        ),
        (),
    )
    details = [
        (main, "trim"),
        (jib, "trim"),
        (
            _join(
                _curve((0.3, 0.8), (0.4, 0.5), (0.5, 0.3)),
                _curve((0.5, 0.3), (0.3, 0.27), (0.2, 0.265)),
                _curve((0.2, 0.265), (0.26, 0.5), (0.3, 0.8)),
            ),
            "trim_shade",
        ),
        (seams, "seam"),
        (stripe, "light"),
    ]
    return _unit(hull + main + jib + mast + flag, details)


def fishing_boat() -> Drawing:
    """A stout boat: high bow, wheelhouse with windows, mast and boom with a net."""
    hull = _join(
        _curve((-0.72, 0.3), (-0.3, 0.24), (0.2, 0.27), (0.86, 0.5)),
        _curve((0.86, 0.5), (0.7, 0.2), (0.56, 0.0)),
        _curve((-0.56, 0.0), (-0.68, 0.12), (-0.72, 0.3)),
    )
    house = rectangle(-0.5, -0.62, -0.04, -0.2)
    roof = _up((-0.57, 0.62), (-0.53, 0.69), (0.0, 0.69), (0.06, 0.62))
    mast = rectangle(0.12, -1.16, 0.15, -0.2)
    boom = _up((0.13, 0.46), (0.15, 0.5), (0.66, 0.98), (0.68, 0.96))
    stay = _up((0.135, 1.13), (0.145, 1.15), (0.87, 0.5), (0.84, 0.49)) + _up(
        (0.135, 1.15), (0.12, 1.13), (-0.5, 0.68), (-0.48, 0.69)
    )
    net = _join(
        _curve((0.66, 0.96), (0.62, 0.66), (0.5, 0.42)),
        _curve((0.5, 0.42), (0.36, 0.42), (0.28, 0.6)),
        _curve((0.28, 0.6), (0.45, 0.76), (0.66, 0.96)),
    )
    flag = _up((0.15, 1.16), (0.36, 1.1), (0.15, 1.02))
    windows: Shape = ()
    for x in (-0.44, -0.28, -0.12):
        windows += rectangle(x, -0.54, x + 0.1, -0.42)
    mesh: Shape = ()
    for n in range(7):
        x = 0.24 + n * 0.07
        mesh += _up((x, 0.38), (x + 0.012, 0.38), (x + 0.26, 0.98), (x + 0.248, 0.98)) + _up(
            (x + 0.3, 0.38), (x + 0.312, 0.38), (x + 0.04, 0.98), (x + 0.028, 0.98)
        )
    stripe = _join(
        _curve((-0.75, 0.22), (-0.3, 0.16), (0.2, 0.18), (0.9, 0.4)),
        _curve((0.9, 0.33), (0.2, 0.11), (-0.3, 0.09), (-0.75, 0.14)),
    )
    low = _up((-0.75, 0.0), (-0.75, 0.06), (0.8, 0.06), (0.8, 0.0))
    tyres = sum((ellipse(x, -0.12, 0.055) for x in (-0.4, -0.1, 0.2)), ())
    details = [
        (house, "trim"),
        (rectangle(-0.18, -0.62, -0.04, -0.2), "trim_shade"),
        (windows, "cut"),
        (stripe, "trim"),
        (low, "shade"),
        (tyres, "line"),
        (net, "trim"),
        (mesh, "seam"),
    ]
    return _unit(hull + house + roof + mast + boom + stay + net + flag, details)


def lighthouse() -> Drawing:
    """A banded tower on a rock, gallery, lantern and dome."""
    tower = _up((-0.135, 0.02), (-0.085, 0.72), (0.085, 0.72), (0.135, 0.02))
    gallery = (
        rectangle(-0.13, -0.745, 0.13, -0.715)
        + rectangle(-0.11, -0.8, 0.11, -0.785)
        + sum((rectangle(x - 0.006, -0.8, x + 0.006, -0.72) for x in (-0.1, -0.05, 0, 0.05, 0.1)), ())
    )
    lantern = rectangle(-0.065, -0.87, 0.065, -0.74)
    arc = np.linspace(math.pi, math.tau, 20)
    dome = (
        polygon(*[(0.085 * math.cos(a), -0.865 + 0.085 * math.sin(a)) for a in arc])
        + rectangle(-0.006, -1.02, 0.006, -0.93)
        + ellipse(0, -1.0, 0.014)
    )
    base = _up((-0.24, 0.0), (-0.21, 0.045), (0.2, 0.045), (0.23, 0.0))
    bands: Shape = ()
    for low, high in ((0.16, 0.3), (0.44, 0.58)):
        bands += _up((-0.2, low), (-0.2, high), (0.2, high + 0.0), (0.2, low))
    door = rectangle(-0.035, -0.13, 0.035, -0.045) + ellipse(0, -0.13, 0.035)
    windows = rectangle(-0.016, -0.4, 0.016, -0.345) + rectangle(-0.016, -0.66, 0.016, -0.61)
    shade = _up((0.03, 0.0), (0.02, 0.72), (0.2, 0.72), (0.25, 0.0))
    details = [
        (bands, "trim"),
        (shade, "shade"),
        (door, "cut"),
        (windows, "cut"),
        (rectangle(-0.055, -0.86, 0.055, -0.75), "glow"),
    ]
    return _unit(tower + gallery + lantern + dome + base, details)


def church() -> Drawing:
    """A small colonial church: gabled front, one tower, cross, round window."""
    nave = _up((-0.42, 0.0), (-0.42, 0.42), (-0.1, 0.68), (0.22, 0.42), (0.22, 0.0))
    tower = rectangle(0.14, -0.72, 0.44, 0)
    cap = _up((0.11, 0.72), (0.29, 0.94), (0.47, 0.72))
    cross = (
        rectangle(-0.112, -0.86, -0.088, -0.66)
        + rectangle(-0.15, -0.8, -0.05, -0.776)
        + rectangle(0.28, -1.0, 0.3, -0.9)
    )
    door = rectangle(-0.17, -0.2, -0.03, 0) + ellipse(-0.1, -0.2, 0.07)
    bell = rectangle(0.23, -0.58, 0.35, -0.44) + ellipse(0.29, -0.58, 0.06)
    rose = ellipse(-0.1, -0.46, 0.062)
    sides = (
        rectangle(-0.36, -0.32, -0.28, -0.16)
        + rectangle(0.06, -0.32, 0.12, -0.16)
        + rectangle(0.25, -0.28, 0.33, -0.12)
    )
    gable = _up((-0.47, 0.4), (-0.1, 0.7), (0.27, 0.4), (0.22, 0.38), (-0.1, 0.64), (-0.42, 0.38))
    details = [
        (cap, "trim"),
        (gable, "trim"),
        (rectangle(0.33, -0.72, 0.46, 0), "shade"),
        (door, "cut"),
        (bell, "cut"),
        (rose, "cut"),
        (sides, "cut"),
    ]
    return _unit(nave + tower + cap + cross + gable, details)


def giant_wave() -> Drawing:
    """A breaking wave with foam on its lip."""
    back = _curve(
        (-0.95, 0.0), (-0.7, 0.2), (-0.5, 0.55), (-0.2, 0.9), (0.12, 1.0), (0.42, 0.9), (0.56, 0.68), (0.52, 0.52)
    )
    front = _curve(
        (0.52, 0.52), (0.42, 0.64), (0.28, 0.66), (0.12, 0.56), (0.04, 0.38), (0.12, 0.18), (0.36, 0.06), (0.95, 0.0)
    )
    body = _join(back, front)
    lip_out = _curve((-0.34, 0.78), (-0.05, 0.97), (0.2, 1.0), (0.44, 0.9), (0.58, 0.68), (0.53, 0.5))
    lip_in = _curve((0.53, 0.5), (0.44, 0.7), (0.3, 0.78), (0.14, 0.8), (-0.06, 0.84), (-0.34, 0.78))
    foam: Shape = _join(lip_out, lip_in)
    for x, y, r in (
        (0.55, 0.56, 0.06),
        (0.49, 0.49, 0.05),
        (0.6, 0.66, 0.05),
        (0.43, 0.58, 0.035),
        (0.62, 0.47, 0.026),
        (0.56, 0.4, 0.02),
        (0.68, 0.56, 0.018),
    ):
        foam += ellipse(x, -y, r, points=24)
    streaks: Shape = ()
    for shift, size in ((0.0, 1.0), (0.14, 0.86), (0.28, 0.7), (0.42, 0.52)):
        outer = _curve(
            (-0.8 + shift, 0.03),
            (-0.46 + shift * 0.95, 0.42 * size + 0.02),
            (-0.12 + shift * 0.62, 0.78 * size + 0.04),
            (0.1 + shift * 0.3, 0.8 * size + 0.02),
        )
        inner = _curve(
            (0.1 + shift * 0.3, 0.78 * size + 0.02),
            (-0.1 + shift * 0.62, 0.75 * size + 0.02),
            (-0.43 + shift * 0.95, 0.4 * size),
            (-0.74 + shift, 0.03),
        )
        streaks += _join(outer, inner)
    hollow = _join(
        _curve((0.28, 0.66), (0.12, 0.56), (0.04, 0.38), (0.12, 0.18), (0.36, 0.06)),
        _curve((0.36, 0.06), (0.02, 0.1), (-0.1, 0.36), (0.04, 0.62), (0.28, 0.66)),
    )
    return _unit(body + foam, [(hollow, "shade"), (streaks, "light"), (foam, "paper")])


def radio_tower() -> Drawing:
    """A lattice mast with waves of sound at its tip."""
    legs = _up((-0.26, 0), (-0.2, 0), (0.012, 0.78), (-0.02, 0.78)) + _up(
        (0.26, 0), (0.2, 0), (-0.012, 0.78), (0.02, 0.78)
    )
    lattice: Shape = ()
    for low, high in ((0.06, 0.28), (0.28, 0.46), (0.46, 0.6)):
        a, b = 0.235 * (1 - low / 0.8), 0.235 * (1 - high / 0.8)
        lattice += _up((-a, low), (-a, low + 0.03), (b, high + 0.015), (b, high - 0.015)) + _up(
            (a, low), (a, low + 0.03), (-b, high + 0.015), (-b, high - 0.015)
        )
        lattice += rectangle(-b - 0.02, -high - 0.012, b + 0.02, -high + 0.012)
    tip = rectangle(-0.012, -0.86, 0.012, -0.74) + ellipse(0, -0.86, 0.035)
    arcs: Shape = ()
    for r in (0.13, 0.22, 0.31):
        for side in (0.0, math.pi):
            angle = np.linspace(side - 0.72, side + 0.72, 24)
            outer = np.stack([r * np.cos(angle), -0.86 + r * np.sin(angle)], 1)
            inner = np.stack([(r - 0.042) * np.cos(angle[::-1]), -0.86 + (r - 0.042) * np.sin(angle[::-1])], 1)
            arcs += (np.concatenate([outer, inner]),)
    return _unit(legs + lattice + tip + arcs, [])


def coins() -> Drawing:
    """Three stacks of coins and one that leans on them."""
    outline: Shape = ()
    details: list[tuple[Shape, str]] = []
    thick, wide = 0.085, 0.2
    for x, count in ((-0.46, 5), (0.0, 9), (0.46, 3)):
        for number in range(count):
            y, left = number * thick, x + 0.016 * ((number * 7) % 3 - 1)
            r = thick * 0.45
            outline += rectangle(left - wide + r, -y - thick + 0.008, left + wide - r, -y)
            for end in (left - wide + r, left + wide - r):
                outline += ellipse(end, -y - thick / 2 + 0.004, r)
            details.append((rectangle(left - 0.12, -y - 0.052, left + 0.02, -y - 0.036), "trim"))
            details.append((rectangle(left - wide, -y - 0.014, left + wide, -y), "line"))
        details.append((rectangle(x + 0.1, -count * thick, x + 0.25, 0), "shade"))
    face = ellipse(0.9, -0.2, 0.2)
    outline += face
    details += [(ellipse(0.9, -0.2, 0.15), "trim"), (rectangle(0.88, -0.28, 0.92, -0.12), "line")]
    return _unit(outline, details)


def village() -> Drawing:
    """Five houses up a slope."""
    rng = derive("village")
    outline: Shape = ()
    details: list[tuple[Shape, str]] = []
    for x, y, wide in ((-0.62, 0.0, 0.44), (0.58, 0.0, 0.46), (-0.22, 0.0, 0.4), (0.22, 0.0, 0.48), (0.0, -0.3, 0.36)):
        item = props.house(100 * x, 100 * y, 100 * wide, rng, "mid", 0)
        walls = tuple(np.minimum(points, (900.0, 0.0)) for points in item.outline)
        outline = outline + walls
        details.append((item.details[0].shape, "trim"))
        details += [(d.shape, "cut") for d in item.details[1:] if d.tone == "cut"]
    return _unit(outline, details)


def _from_prop(item: Item) -> Drawing:
    cut = tuple(np.minimum(points, (900.0, 0.0)) for points in item.outline)
    return _unit(cut, [(detail.shape, detail.tone) for detail in item.details])


def house() -> Drawing:
    """One house, larger and fuller than the props."""
    walls = rectangle(-0.4, -0.55, 0.4, 0)
    roof = _up((-0.52, 0.53), (-0.02, 1.0), (0.52, 0.53))
    chimney = rectangle(0.2, -0.98, 0.3, -0.6)
    door = rectangle(-0.08, -0.34, 0.1, 0)
    panes: Shape = ()
    for x in (-0.31, 0.18):
        for dx in (0.0, 0.072):
            panes += rectangle(x + dx, -0.4, x + dx + 0.06, -0.31) + rectangle(x + dx, -0.3, x + dx + 0.06, -0.21)
    attic = ellipse(-0.01, -0.68, 0.055)
    tiles = sum((_up((-0.6, y), (0.6, y), (0.6, y - 0.014), (-0.6, y - 0.014)) for y in (0.62, 0.72, 0.82, 0.92)), ())
    shade = _up((0.12, 0.0), (0.12, 0.53), (-0.02, 1.0), (0.6, 1.0), (0.6, 0))
    return _unit(
        walls + roof + chimney,
        [(roof, "trim"), (tiles, "seam"), (shade, "shade"), (door, "cut"), (panes, "cut"), (attic, "cut")],
    )


DRAWN: dict[str, Callable[[], Drawing]] = {
    "boat": fishing_boat,
    "fishing boat": fishing_boat,
    "sailboat": sailboat,
    "lighthouse": lighthouse,
    "church": church,
    "giant wave": giant_wave,
    "radio tower": radio_tower,
    "coin": coins,
    "fishing net": lambda: _unit(*net_parts()),
    "pier": lambda: _unit(*pier_parts()),
    "village": village,
    "house": house,
    "tree": lambda: _from_prop(props.leafy(0, 0, 100, derive("tree"), "mid", 0)),
    "pine tree": lambda: _from_prop(props.pine(0, 0, 100, derive("pine"), "mid", 0)),
    "palm tree": lambda: _from_prop(props.palm(0, 0, 100, derive("palm"), "mid", 0)),
    "cactus": lambda: _from_prop(props.saguaro(0, 0, 100, derive("cactus"), "mid", 0)),
    "dress": lambda: _unit(*goods.dress_parts()),
    "potted plant": lambda: _unit(*goods.plant_parts()),
    "hammock": lambda: _unit(*goods.hammock_parts()),
    "honey jar": lambda: _unit(*goods.honey_parts()),
    "chocolate bar": lambda: _unit(*goods.chocolate_parts()),
    "vase": lambda: _unit(*goods.vase_parts()),
    "bar of soap": lambda: _unit(*goods.soap_parts()),
}
"""Motif name -> what draws it."""


@lru_cache(maxsize=64)
def load_drawing(name: str) -> Drawing | None:
    """The motif's own drawing, None where the icon font serves."""
    make = DRAWN.get(name)
    return make() if make else None
