"""Plane geometry of posters: boxes, polygons as numpy arrays, smooth curves, hand-cut edges, SVG path data.

Everything a poster shows is a ``Shape``: closed polygons of ``(n, 2) float64`` points in pixels, y downwards.
Polygons instead of Béziers, because bending, mirroring and roughening are then one line of numpy.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = tuple[Points, ...]


class Box(NamedTuple):
    """An upright rectangle in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.y1 - self.y0

    @property
    def cx(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2

    def pad(self, by: float) -> Box:
        """The box grown by ``by`` on each side (shrunk if negative)."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def holds(self, other: Box) -> bool:
        """Whether ``other`` lies inside, to a tenth of a pixel."""
        slack = 0.1
        return (
            other.x0 >= self.x0 - slack
            and other.y0 >= self.y0 - slack
            and other.x1 <= self.x1 + slack
            and other.y1 <= self.y1 + slack
        )

    def meet(self, other: Box) -> Box:
        """The common part; of zero size if there is none."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Box(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))


def derive(*parts: object) -> Random:
    """A random stream that depends on ``parts`` alone, the same in every process and on every machine."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).digest()
    return Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - drawing, not secrets


class Waver:
    """A smooth random curve over x: a few sines. Cheap, and the same at any resolution."""

    def __init__(self, rng: Random, cycles: float, octaves: int = 3) -> None:
        self.parts = [
            (0.5**i, cycles * 2**i * rng.uniform(0.75, 1.25), rng.uniform(0, math.tau)) for i in range(octaves)
        ]

    def __call__(self, x: Points) -> Points:
        """Heights in about -1..1 for ``x`` in widths (0..1)."""
        total = sum(weight for weight, _, _ in self.parts)
        out = np.zeros_like(x)
        for weight, cycles, phase in self.parts:
            out += weight / total * np.sin(math.tau * cycles * x + phase)
        return out


def bounds(shape: Shape) -> Box:
    """The smallest upright box around a shape."""
    low = np.min([points.min(axis=0) for points in shape], axis=0)
    high = np.max([points.max(axis=0) for points in shape], axis=0)
    return Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def polygon(*xy: tuple[float, float]) -> Shape:
    """One closed polygon."""
    return (np.array(xy, dtype=np.float64),)


def rectangle(x0: float, y0: float, x1: float, y1: float) -> Shape:
    """An upright rectangle."""
    return polygon((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def box_shape(box: Box) -> Shape:
    """A box as a shape."""
    return rectangle(*box)


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None, *, points: int = 72, turn: float = 0.0) -> Shape:
    """An ellipse; a circle without ``ry``; ``turn`` in radians."""
    angle = np.linspace(0, math.tau, points, endpoint=False)
    x, y = rx * np.cos(angle), (rx if ry is None else ry) * np.sin(angle)
    return (np.stack([cx + x * math.cos(turn) - y * math.sin(turn), cy + x * math.sin(turn) + y * math.cos(turn)], 1),)


def smooth(points: Sequence[tuple[float, float]] | Points, *, closed: bool = True, steps: int = 8) -> Points:
    """A Catmull-Rom curve through ``points``, sampled ``steps`` times a span."""
    knots = np.asarray(points, dtype=np.float64)
    if closed:
        padded = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        padded = np.concatenate([knots[:1], knots, knots[-1:]])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None, :] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    flat = curve.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, knots[-1:]])


def move(shape: Shape, dx: float = 0.0, dy: float = 0.0) -> Shape:
    """The shape shifted."""
    return tuple(points + np.array([dx, dy]) for points in shape)


def scale(shape: Shape, sx: float, sy: float, *, about: tuple[float, float] = (0.0, 0.0)) -> Shape:
    """The shape scaled about a point; a negative factor mirrors."""
    return tuple((points - about) * (sx, sy) + about for points in shape)


def turn(shape: Shape, angle: float, about: tuple[float, float]) -> Shape:
    """The shape turned by ``angle`` radians, clockwise on screen."""
    matrix = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return tuple((points - about) @ matrix + about for points in shape)


def subdivide(points: Points, longest: float) -> Points:
    """The closed polygon with no edge longer than ``longest``."""
    ends = np.roll(points, -1, axis=0)
    counts = np.maximum(1, np.ceil(np.hypot(*(ends - points).T) / longest)).astype(int)
    counts = np.minimum(counts, 400)
    starts = np.repeat(points, counts, axis=0)
    spans = np.repeat((ends - points) / counts[:, None], counts, axis=0)
    index = np.arange(len(starts)) - np.repeat(np.cumsum(counts) - counts, counts)
    result: Points = starts + spans * index[:, None]
    return result


def roughen(shape: Shape, amount: float, wavelength: float, rng: Random) -> Shape:
    """Edges as scissors or a knife leave them: every point moved by a smooth random field of ``amount`` pixels."""
    if amount <= 0:
        return shape
    waves = [
        (
            rng.uniform(0, math.tau),
            wavelength * rng.uniform(0.6, 1.7),
            rng.uniform(0, math.tau),
            rng.uniform(0, math.tau),
        )
        for _ in range(5)
    ]
    out = []
    for points in shape:
        fine = subdivide(points, wavelength / 4)
        shift = np.zeros_like(fine)
        for angle, length, phase_x, phase_y in waves:
            along = (fine[:, 0] * math.cos(angle) + fine[:, 1] * math.sin(angle)) * math.tau / length
            shift[:, 0] += np.sin(along + phase_x)
            shift[:, 1] += np.sin(along + phase_y)
        out.append(fine + shift * (amount / 2.2))
    return tuple(out)


def signed_area(points: Points) -> float:
    """Twice-signed area halved: positive when the points run clockwise on screen."""
    x, y = points[:, 0], points[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def oriented(shape: Shape) -> Shape:
    """The shape with all polygons running the same way round, so that overlaps add up and make no holes."""
    return tuple(points if signed_area(points) > 0 else points[::-1] for points in shape)


def holds(shape: Shape, points: Points) -> NDArray[np.bool_]:
    """Which of ``(n, 2)`` points lie inside a shape (even-odd)."""
    inside = np.zeros(len(points), dtype=np.bool_)
    for outline in shape:
        start, end = outline[None], np.roll(outline, -1, axis=0)[None]
        x, y = points[:, None, 0], points[:, None, 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = (end[..., 0] - start[..., 0]) * (y - start[..., 1]) / (end[..., 1] - start[..., 1])
        crosses = ((start[..., 1] > y) != (end[..., 1] > y)) & (x < crossing + start[..., 0])
        inside ^= crosses.sum(axis=1) % 2 == 1
    return inside


def path_data(shape: Iterable[Points]) -> str:
    """SVG path data, closed, to a tenth of a pixel."""
    parts = []
    for points in shape:
        text = "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())
        parts.append(f"M{text}Z")
    return "".join(parts)
