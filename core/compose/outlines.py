"""Glyphs of fonts as polygons."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from core.compose.geometry import Points, signed_area


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
