"""Small builders for SVG text and the one call that rasterises it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from PIL.Image import Image


def element(tag: str, body: str = "", **attributes: object) -> str:
    """``<tag a="1">body</tag>``; underscores in attribute names become hyphens, None leaves one out."""
    pairs = "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(_number(value))}"
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{pairs}>{body}</{tag}>" if body else f"<{tag}{pairs}/>"


def _number(value: object) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def gradient(
    name: str,
    stops: Iterable[tuple[float, str, float]],
    *,
    start: tuple[float, float],
    end: tuple[float, float],
) -> str:
    """A linear gradient in pixels; stops are (offset 0..1, colour, opacity 0..1)."""
    return element(
        "linearGradient",
        _stops(stops),
        id=name,
        gradientUnits="userSpaceOnUse",
        x1=start[0],
        y1=start[1],
        x2=end[0],
        y2=end[1],
    )


def glow(name: str, stops: Iterable[tuple[float, str, float]], *, centre: tuple[float, float], radius: float) -> str:
    """A radial gradient in pixels."""
    return element(
        "radialGradient",
        _stops(stops),
        id=name,
        gradientUnits="userSpaceOnUse",
        cx=centre[0],
        cy=centre[1],
        r=radius,
    )


def _stops(stops: Iterable[tuple[float, str, float]]) -> str:
    return "".join(
        element("stop", offset=float(offset), stop_color=colour, stop_opacity=float(opacity))
        for offset, colour, opacity in stops
    )


def clip(name: str, data: str) -> str:
    """A clipping path."""
    return element("clipPath", element("path", d=data), id=name)


def rasterize(body: str, width: int, height: int, left: int = 0, top: int = 0) -> Image:
    """Draw SVG elements on a transparent page.

    Returns:
        an RGBA image of ``width`` × ``height`` pixels, whose top left corner is at (``left``, ``top``).
    """
    import resvg_py
    from PIL import Image

    page = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{left} {top} {width} {height}">{body}</svg>'
    )
    # Text is drawn as outlines, so no font of the system can change the picture.
    data = bytes(resvg_py.svg_to_bytes(svg_string=page, skip_system_fonts=True))
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image if image.mode == "RGBA" else image.convert("RGBA")
