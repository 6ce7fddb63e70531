"""The title on the finished picture: its colour is chosen by measuring the pixels that are really behind it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.engines.draft.poster.geometry import Box, Shape, path_data, rectangle, roughen
from core.engines.draft.poster.layout import Layout
from core.engines.draft.poster.palette import luminance
from core.engines.draft.poster.svg import element, rasterize

if TYPE_CHECKING:
    from PIL.Image import Image

ENOUGH = 4.5
"""WCAG 2.2 contrast for text (AA). Source: https://www.w3.org/TR/WCAG22/#contrast-minimum"""

ADVERSE = 1.0
"""Percentile of pixels, the least favourable ones, that the contrast is measured at."""


@dataclass(frozen=True)
class Inks:
    """Colours that a style may set text in, the preferred first, and its panel if none is legible.

    Attributes:
        title, kicker: candidates as ``#rrggbb``.
        panel: the panel's colour; on_panel: text on it.
        rough: how uneven text's edges are, as a share of the font size.
    """

    title: tuple[str, ...]
    kicker: tuple[str, ...]
    panel: str
    on_panel: str
    rough: float = 0.0


def pixel_luminance(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """WCAG relative luminance of ``(…, 3) uint8``, 0..1."""
    values = np.arange(256) / 255
    table = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    result: NDArray[np.float64] = table[pixels] @ np.array([0.2126, 0.7152, 0.0722])
    return result


def least_contrast(image: Image, box: Box, colour: str) -> float:
    """The contrast of ``colour`` against the ``ADVERSE`` percentile of the pixels in ``box``."""
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    x1, y1 = min(image.width, int(box.x1) + 2), min(image.height, int(box.y1) + 2)
    step = max(1, int((box.width * box.height / 250_000) ** 0.5))
    behind = pixel_luminance(np.asarray(image.crop((x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))))[::step, ::step])
    own = luminance(colour)
    ratio = (np.maximum(behind, own) + 0.05) / (np.minimum(behind, own) + 0.05)
    return float(np.percentile(ratio, ADVERSE))


def choose_ink(image: Image, box: Box, candidates: tuple[str, ...]) -> tuple[str, float]:
    """The first candidate that is legible over ``box``, else the most legible, and its contrast."""
    measured = [(colour, least_contrast(image, box, colour)) for colour in candidates]
    good = [pair for pair in measured if pair[1] >= ENOUGH]
    return good[0] if good else max(measured, key=lambda pair: pair[1])


def set_title(image: Image, layout: Layout, inks: Inks, rng: Random) -> tuple[Image, float | None]:
    """Draw title, kicker and mark.

    Returns:
        the RGB image and the lowest contrast of the two texts, None without text.
    """
    if layout.title is None and layout.kicker is None:
        return image, None
    chosen = _measure(image, layout, inks)
    if min(ratio for _, ratio in chosen.values()) < ENOUGH:
        image = _lay_panel(image, layout, inks, rng)
        chosen = _measure(
            image, layout, Inks((inks.on_panel, *inks.title), (inks.on_panel, *inks.kicker), inks.panel, inks.on_panel)
        )
    marks = []
    if layout.title is not None:
        for line in layout.title.lines:
            marks.append(_path(_rough(line, inks, layout.title.size, rng), chosen["title"][0]))
    if layout.kicker is not None:
        marks += [_path(line, chosen["kicker"][0]) for line in layout.kicker.lines]
        marks.append(_path(layout.mark, chosen["kicker"][0]))
    return _over(image, "".join(marks)), min(ratio for _, ratio in chosen.values())


def _measure(image: Image, layout: Layout, inks: Inks) -> dict[str, tuple[str, float]]:
    found = {}
    if layout.title is not None:
        found["title"] = choose_ink(image, layout.title.box.pad(1), inks.title)
    if layout.kicker is not None:
        found["kicker"] = choose_ink(image, layout.kicker.box.pad(1), inks.kicker)
    return found


def _rough(shape: Shape, inks: Inks, size: float, rng: Random) -> Shape:
    return roughen(shape, inks.rough * size, 0.22 * size, rng) if inks.rough else shape


def _path(shape: Shape, colour: str) -> str:
    return element("path", d=path_data(shape), fill=colour)


def _lay_panel(image: Image, layout: Layout, inks: Inks, rng: Random) -> Image:
    """A torn strip in the style's own colour under the whole text."""
    boxes = layout.text_boxes
    pad = max(3.0, 0.5 * layout.margin)
    box = Box(
        min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
    ).pad(pad)
    strip = roughen(rectangle(*box), 0.1 * pad, 2.5 * pad, rng)
    return _over(image, _path(strip, inks.panel))


def _over(image: Image, body: str) -> Image:
    layer = rasterize(body, image.width, image.height)
    image = image.copy()
    image.paste(layer.convert("RGB"), (0, 0), layer.getchannel("A"))
    return image
