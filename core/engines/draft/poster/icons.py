"""Outlines of the 7,280 Material Design Icons as polygons: body and silhouette.

Source: https://pictogrammers.com/library/mdi/ by way of the package fonticon-materialdesignicons7 (MIT).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.compose.geometry import Shape, bounds, move, scale, signed_area
from core.compose.outlines import Flattener

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
