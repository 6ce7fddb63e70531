"""Goods that the icon font lacks or draws too thin: dress, potted plant, hammock, honey jar, chocolate, soap, vase.

Each gives its outline and details painted inside it, in any scale, y downwards; ``drawings.py`` makes them 1 high.
"""

from __future__ import annotations

import math

import numpy as np

from core.compose.geometry import Points, Shape, ellipse, polygon, rectangle, smooth, turn

Parts = tuple[Shape, list[tuple[Shape, str]]]


def _blob(*xy: tuple[float, float]) -> Shape:
    """A closed curve through points."""
    return (smooth(list(xy)),)


def _line(*xy: tuple[float, float], wide: float) -> Shape:
    """A curve through points, ``wide`` thick."""
    points: Points = smooth(list(xy), closed=False, steps=12)
    along = np.gradient(points, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], 1) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    return (np.concatenate([points + normal * wide / 2, (points - normal * wide / 2)[::-1]]),)


def _pillow(x0: float, y0: float, x1: float, y1: float, round_by: float) -> Shape:
    """A rectangle with round corners."""
    corners: list[tuple[float, float]] = []
    for cx, cy, start in ((x1, y0, -90), (x1, y1, 0), (x0, y1, 90), (x0, y0, 180)):
        inward = (cx - math.copysign(round_by, cx - (x0 + x1) / 2), cy - math.copysign(round_by, cy - (y0 + y1) / 2))
        for step in range(7):
            angle = math.radians(start + 15 * step)
            corners.append((inward[0] + round_by * math.cos(angle), inward[1] + round_by * math.sin(angle)))
    return polygon(*corners)


def dress_parts() -> Parts:
    """A sleeveless dress with a full skirt on a wooden hanger."""
    hook = _line((0, 0.13), (0, 0.06), (0.06, 0.02), (0.02, -0.05), (-0.06, -0.02), wide=0.028)
    bar = _line((-0.3, 0.25), (-0.12, 0.16), (0, 0.12), (0.12, 0.16), (0.3, 0.25), wide=0.05)
    bodice = polygon(
        (-0.2, 0.19),
        (-0.1, 0.16),
        (0, 0.27),
        (0.1, 0.16),
        (0.2, 0.19),
        (0.16, 0.4),
        (0.15, 0.54),
        (-0.15, 0.54),
        (-0.16, 0.4),
    )
    hem = [(0.46 - 0.92 * step / 12, 1.2 + (0.018 if step % 2 else -0.012)) for step in range(13)]
    skirt = polygon((-0.15, 0.53), (0.15, 0.53), (0.27, 0.76), (0.38, 0.98), *hem, (-0.38, 0.98), (-0.27, 0.76))
    folds: Shape = ()
    for x, reach in ((-0.1, -0.27), (-0.03, -0.09), (0.04, 0.1), (0.1, 0.27)):
        folds += _line((x, 0.6), ((x + reach) / 2, 0.86), (reach, 1.16), wide=0.016)
    shade = polygon((0.05, 0.2), (0.5, 0.2), (0.6, 1.3), (0.2, 1.3), (0.06, 0.56))
    belt = rectangle(-0.155, 0.51, 0.155, 0.565)
    return hook + bar + bodice + skirt, [(shade, "shade"), (hook, "trim"), (folds, "seam"), (belt, "trim")]


def plant_parts() -> Parts:
    """A leafy plant in a pot."""
    pot = polygon((-0.25, 0.0), (0.25, 0.0), (0.19, 0.4), (-0.19, 0.4))
    rim = rectangle(-0.28, -0.06, 0.28, 0.03)
    leaves: Shape = ()
    veins: Shape = ()
    stems: Shape = ()
    for lean, reach, size in (
        (0, 0.78, 0.2),
        (-24, 0.66, 0.19),
        (26, 0.68, 0.19),
        (-50, 0.52, 0.17),
        (52, 0.53, 0.17),
        (-76, 0.42, 0.13),
        (77, 0.43, 0.13),
    ):
        angle = math.radians(lean)
        leaf = _blob(
            (0, -reach), (size / 2, -reach + size * 0.75), (0, -reach + size * 1.75), (-size / 2, -reach + size * 0.75)
        )
        vein = _line((0, -reach + 0.05), (0, -reach + size * 0.9), (0, -reach + size * 1.6), wide=0.014)
        stem = _line((0, -reach + size * 1.6), (0, -reach / 3), (0, -0.02), wide=0.024)
        leaves += turn(leaf, angle, (0, -0.02))
        veins += turn(vein, angle, (0, -0.02))
        stems += turn(stem, angle, (0, -0.02))
    shade = polygon((0.06, -0.06), (0.3, -0.06), (0.3, 0.5), (0.04, 0.5))
    return pot + rim + leaves + stems, [(veins, "seam"), (pot + rim, "trim"), (shade, "trim_shade")]


def hammock_parts() -> Parts:
    """A striped hammock with a fringe between two posts."""
    posts = rectangle(-0.98, -0.86, -0.9, 0) + rectangle(0.9, -0.86, 0.98, 0)
    across = np.linspace(-0.72, 0.72, 40)
    head, foot = -0.52 + 0.26 * (1 - (across / 0.72) ** 2), -0.5 + 0.4 * (1 - (across / 0.72) ** 2)
    cloth: Shape = (np.concatenate([np.stack([across, head], 1), np.stack([across, foot], 1)[::-1]]),)
    ropes: Shape = ()
    for side in (-1, 1):
        for lift in (-0.54, -0.51, -0.48):
            ropes += _line(
                (side * 0.94, -0.74), (side * 0.83, (lift - 0.74) / 2 - 0.02), (side * 0.7, lift), wide=0.018
            )
    fringe: Shape = ()
    for x, y in zip(across[3:-3:2], foot[3:-3:2], strict=True):
        fringe += polygon((x - 0.018, y - 0.02), (x + 0.018, y - 0.02), (x, y + 0.085))
    stripes: Shape = ()
    for share in (0.3, 0.62):
        middle = head + (foot - head) * share
        wide = (foot - head) * 0.14
        stripes += (np.concatenate([np.stack([across, middle - wide], 1), np.stack([across, middle + wide], 1)[::-1]]),)
    return posts + cloth + ropes + fringe, [(posts, "trim"), (stripes, "light"), (fringe, "trim")]


def honey_parts() -> Parts:
    """A jar of honey with a cloth lid, and a dipper that leans on it."""
    jar = _pillow(-0.32, -0.66, 0.32, 0, 0.09)
    neck = rectangle(-0.25, -0.72, 0.25, -0.62)
    lid = polygon(
        (-0.3, -0.9),
        (0.3, -0.9),
        (0.36, -0.7),
        (0.24, -0.745),
        (0.12, -0.7),
        (0, -0.745),
        (-0.12, -0.7),
        (-0.24, -0.745),
        (-0.36, -0.7),
    )
    label = ellipse(0, -0.3, 0.19, 0.16)
    comb: Shape = ()
    for x, y in ((-0.06, -0.335), (0.06, -0.335), (0, -0.24)):
        comb += ellipse(x, y, 0.052, points=6, turn=math.pi / 6)
    stick = _line((0.46, -0.16), (0.56, -0.5), (0.66, -0.84), wide=0.036)
    bulb = turn(
        sum((ellipse(0.43, -0.05 - 0.07 * at, 0.09 - 0.012 * abs(at - 1), 0.03) for at in range(3)), ()),
        0.28,
        (0.43, -0.1),
    )
    gleam = rectangle(-0.26, -0.58, -0.22, -0.1)
    return jar + neck + lid + stick + bulb, [
        (lid, "trim"),
        (label, "paper"),
        (comb, "cut"),
        (gleam, "light"),
        (stick + bulb, "trim"),
    ]


def chocolate_parts() -> Parts:
    """A bar of chocolate, half out of its wrapper."""
    bar = polygon((-0.34, -1.0), (0.16, -1.0), (0.2, -0.9), (0.28, -0.87), (0.34, -0.78), (0.34, 0), (-0.34, 0))
    furrows = rectangle(-0.125, -1.0, -0.1, 0) + rectangle(0.1, -1.0, 0.125, 0)
    for y in (-0.76, -0.52):
        furrows += rectangle(-0.34, y - 0.0125, 0.34, y + 0.0125)
    gleams: Shape = ()
    for x in (-0.3, -0.06, 0.165):
        for y in (-0.95, -0.71):
            gleams += rectangle(x, y, x + 0.1, y + 0.02) if (x, y) != (0.165, -0.95) else ()
    edge = [(0.38 - 0.76 * step / 14, -0.46 + (0.035 if step % 2 else 0)) for step in range(15)]
    foil = polygon((-0.38, 0.02), (0.38, 0.02), *edge)
    wrapper = rectangle(-0.38, -0.36, 0.38, 0.02)
    band = rectangle(-0.38, -0.25, 0.38, -0.1)
    tilt = 0.16
    return turn(bar + foil + wrapper, tilt, (0, 0)), [
        (turn(shape, tilt, (0, 0)), tone)
        for shape, tone in ((furrows, "shade"), (gleams, "light"), (foil, "paper"), (wrapper, "trim"), (band, "light"))
    ]


def soap_parts() -> Parts:
    """Two bars of soap, one on the other, with bubbles."""
    low, top = _pillow(-0.5, -0.3, 0.5, 0, 0.1), turn(_pillow(-0.38, -0.6, 0.38, -0.3, 0.1), -0.06, (0, -0.3))
    stamp = ellipse(0, -0.46, 0.17, 0.075)
    bubbles = ellipse(0.42, -0.74, 0.1) + ellipse(0.26, -0.9, 0.06) + ellipse(0.56, -0.92, 0.045)
    gleams = ellipse(0.39, -0.77, 0.028) + ellipse(0.24, -0.915, 0.017)
    band = rectangle(-0.5, -0.12, 0.5, -0.06)
    return low + top + bubbles, [
        (top, "trim"),
        (stamp, "paper"),
        (band, "shade"),
        (bubbles, "light"),
        (gleams, "paper"),
    ]


def vase_parts() -> Parts:
    """A banded clay vase on a potter's wheel."""
    right = [(0.11, -1.0), (0.09, -0.9), (0.22, -0.76), (0.34, -0.56), (0.3, -0.34), (0.18, -0.2)]
    profile = smooth([*right, *[(-x, y) for x, y in reversed(right)]], closed=False, steps=10)
    lip = _pillow(-0.15, -1.03, 0.15, -0.97, 0.025)
    wheel = (
        _pillow(-0.46, -0.2, 0.46, -0.12, 0.03) + rectangle(-0.07, -0.12, 0.07, 0) + rectangle(-0.28, -0.035, 0.28, 0)
    )
    bands = rectangle(-0.5, -0.66, 0.5, -0.62) + rectangle(-0.5, -0.47, 0.5, -0.43)
    dots = sum((ellipse(-0.3 + 0.12 * at, -0.545, 0.028) for at in range(6)), ())
    shade = polygon((0.1, -1.1), (0.5, -1.1), (0.5, -0.2), (0.06, -0.2), (0.16, -0.56))
    return (profile, *lip, *wheel), [(shade, "shade"), (bands, "trim"), (dots, "light"), (wheel, "trim")]
