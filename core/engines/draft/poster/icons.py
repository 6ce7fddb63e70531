"""Outlines of the 7,280 Material Design Icons as polygons: body and silhouette.

Source: https://pictogrammers.com/library/mdi/ by way of the package fonticon-materialdesignicons7 (MIT).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.engines.draft.poster.geometry import Points, Shape, bounds, move, scale, signed_area

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont


@dataclass(frozen=True)
class Icon:
    """A glyph of height 1 that stands on y = 0, centred on x = 0 (y downwards, so it reaches up to -1).

    Attributes:
        body: the glyph itself, holes included (non-zero winding).
        silhouette: its outer contours alone, so the holes are filled.
        aspect: width for height 1.
    """

    body: Shape
    silhouette: Shape
    aspect: float


class Flattener:
    """A fontTools pen that turns curves into polygons."""

    def __init__(self, steps: int, glyphs: Any = None) -> None:
        self.steps = steps
        self.glyphs = glyphs
        self.contours: list[list[tuple[float, float]]] = []

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - fontTools' pen protocol
        """Start a contour."""
        self.contours.append([point])

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        """A straight edge."""
        self.contours[-1].append(point)

    def qCurveTo(self, *points: Any) -> None:  # noqa: N802
        """A TrueType spline, split into its quadratic pieces."""
        from fontTools.pens.basePen import decomposeQuadraticSegment

        if points[-1] is None:  # a closed contour with no on-curve point
            first, last = points[0], points[-2]
            start = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
            self.contours.append([start])
            points = (*points[:-1], start)
        for control, end in decomposeQuadraticSegment(points):
            self._bezier([self.contours[-1][-1], control, end])

    def curveTo(self, *points: Any) -> None:  # noqa: N802
        """A cubic segment."""
        self._bezier([self.contours[-1][-1], *points])

    def closePath(self) -> None:  # noqa: N802
        """Contours close by themselves."""

    def endPath(self) -> None:  # noqa: N802
        """Contours close by themselves."""

    def addComponent(self, name: str, matrix: Any) -> None:  # noqa: N802
        """Draw another glyph as part of this one: an accent on its letter."""
        from fontTools.pens.transformPen import TransformPen

        self.glyphs[name].draw(TransformPen(self, matrix))

    def _bezier(self, points: list[tuple[float, float]]) -> None:
        t = np.linspace(0, 1, self.steps + 1)[1:, None]
        rows = [np.repeat(np.array([p], dtype=np.float64), len(t), axis=0) for p in points]
        while len(rows) > 1:  # de Casteljau
            rows = [a * (1 - t) + b * t for a, b in pairwise(rows)]
        self.contours[-1].extend(map(tuple, rows[0].tolist()))

    def polygons(self) -> list[Points]:
        """The contours that enclose something, y downwards."""
        found = [np.array(contour, dtype=np.float64) * (1, -1) for contour in self.contours if len(contour) > 2]
        return [points for points in found if abs(signed_area(points)) > 1]


@lru_cache(maxsize=1)
def _font() -> tuple[TTFont, Any]:
    import logging

    import fonticon_mdi7
    from fontTools.ttLib import TTFont

    # fontTools warns of this font's odd timestamps each time; they do no harm.
    logging.getLogger("fontTools.ttLib").setLevel(logging.ERROR)
    path = Path(fonticon_mdi7.__file__).parent / "fonts" / "materialdesignicons-webfont.ttf"
    font = TTFont(path, lazy=True)
    return font, font.getGlyphSet()


def has_icon(name: str) -> bool:
    """Whether the icon font has a glyph of that name."""
    return bool(name) and name in _font()[1]


@lru_cache(maxsize=512)
def load_icon(name: str) -> Icon:
    """The icon ``name`` (Material Design name, ``sail-boat``).

    Raises:
        KeyError: there is no such icon; ask ``has_icon`` first.
    """
    glyphs = _font()[1]
    pen = Flattener(10, glyphs)
    glyphs[name].draw(pen)
    contours = pen.polygons()
    outward = signed_area(max(contours, key=lambda points: abs(signed_area(points)))) > 0
    box = bounds(tuple(contours))
    unit = 1 / box.height
    shape = scale(move(tuple(contours), -box.cx, -box.y1), unit, unit)
    outer = tuple(points for points in shape if (signed_area(points) > 0) == outward)
    return Icon(body=shape, silhouette=outer, aspect=box.width * unit)


def place(shape: Shape, x: float, baseline: float, height: float, *, mirrored: bool = False) -> Shape:
    """An icon's shape of ``height`` pixels standing on ``baseline`` with its centre at ``x``."""
    return move(scale(shape, -height if mirrored else height, height), x, baseline)
