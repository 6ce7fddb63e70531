"""A fishing net hung between two poles, and a pier: the icon font has no net, and its pier reads as a fence."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from core.compose.geometry import Points, Shape, ellipse, polygon, rectangle

HALF = 0.62
"""Half the distance between the poles, where the net is 1 high."""

MESHES = 7

N = TypeVar("N", float, Points)
STRAND = 0.021


def net_parts() -> tuple[Shape, list[tuple[Shape, str]]]:
    """The outline, and details painted inside it: floats, weights, ropes."""
    poles: Shape = ()
    knobs: Shape = ()
    for side in (-HALF, HALF):
        poles += rectangle(side - 0.028, -1.0, side + 0.028, 0.0)
        knobs += ellipse(side, -1.0, 0.05)
    across = np.linspace(-HALF, HALF, 60)
    ropes = _ribbon(np.stack([across, -_head(across)], 1), 0.034) + _ribbon(np.stack([across, -_foot(across)], 1), 0.03)
    beads = [HALF * (2 * number + 1 - MESHES) / MESHES for number in range(MESHES)]
    floats = sum((ellipse(x, -_head(x), 0.058, 0.042) for x in beads), ())
    weights = sum((ellipse(x, -_foot(x), 0.03) for x in beads), ())
    return poles + knobs + ropes + _mesh() + floats + weights, [
        (poles + knobs, "trim"),
        (ropes, "trim"),
        (floats, "light"),
        (weights, "cut"),
    ]


def _head(x: N) -> N:
    """How high the rope with the floats hangs at ``x``."""
    return 0.78 + 0.14 * (x / HALF) ** 2


def _foot(x: N) -> N:
    """How high the rope with the weights hangs at ``x``."""
    return 0.1 + 0.12 * (x / HALF) ** 2


def _mesh() -> Shape:
    """Diamonds: two families of strands that run down and to either side, cut off at the poles."""
    strands: Shape = ()
    down = np.linspace(0, 1, 40)
    for slant in (1, -1):
        for start in range(-MESHES // 2, MESHES + MESHES // 2 + 1):
            across = (start + slant * (MESHES / 2) * down) / MESHES
            inside = (across >= 0) & (across <= 1)
            if inside.sum() < 3:
                continue
            x = -HALF + 2 * HALF * across[inside]
            v = down[inside]
            strands += _ribbon(np.stack([x, -(_head(x) * (1 - v) + _foot(x) * v)], 1), STRAND)
    return strands


def _ribbon(line: Points, thick: float) -> Shape:
    """A line (N, 2) as a band ``thick`` wide."""
    along = np.gradient(line, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], 1)
    normal *= thick / 2 / np.maximum(1e-9, np.hypot(normal[:, 0], normal[:, 1]))[:, None]
    return (np.concatenate([line + normal, (line - normal)[::-1]]),)


def pier_parts() -> tuple[Shape, list[tuple[Shape, str]]]:
    """A plank deck on crossed posts, with mooring posts, a bench and a lamp at its end."""
    deck = rectangle(-0.95, -0.46, 0.95, -0.38) + rectangle(-0.95, -0.35, 0.95, -0.32)
    posts: Shape = ()
    braces: Shape = ()
    for x in (-0.84, -0.42, 0.0, 0.42, 0.84):
        posts += rectangle(x - 0.035, -0.38, x + 0.035, 0.0)
    for x in (-0.84, -0.42, 0.0, 0.42):
        braces += polygon((x, -0.32), (x + 0.03, -0.32), (x + 0.42, -0.06), (x + 0.39, -0.06))
        braces += polygon((x + 0.42, -0.32), (x + 0.39, -0.32), (x, -0.06), (x + 0.03, -0.06))
    moorings: Shape = ()
    for x in (-0.88, -0.3, 0.3):
        moorings += rectangle(x - 0.03, -0.56, x + 0.03, -0.46) + rectangle(x - 0.05, -0.59, x + 0.05, -0.55)
    pole = rectangle(0.7, -0.92, 0.73, -0.46) + rectangle(0.56, -0.94, 0.73, -0.91)
    lamp = polygon((0.53, -0.85), (0.63, -0.85), (0.605, -0.93), (0.555, -0.93))
    bulb = ellipse(0.58, -0.845, 0.03, 0.02)
    planks: Shape = ()
    for number in range(1, 19):
        x = -0.95 + 0.1 * number
        planks += rectangle(x - 0.004, -0.46, x + 0.004, -0.38)
    return deck + posts + braces + moorings + pole + lamp + bulb, [
        (deck, "trim"),
        (planks, "seam"),
        (moorings, "trim"),
        (bulb, "light"),
    ]
