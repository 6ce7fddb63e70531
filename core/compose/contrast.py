"""How well a colour reads over the pixels that are really behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.compose.colour import luminance
from core.compose.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

ENOUGH = 4.5
"""WCAG 2.2 contrast for text (AA). Source: https://www.w3.org/TR/WCAG22/#contrast-minimum"""

ADVERSE = 1.0
"""Percentile of pixels, the least favourable ones, that the contrast is measured at."""


def pixel_luminance(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """WCAG relative luminance of ``(…, 3) uint8``, 0..1."""
    values = np.arange(256) / 255
    table = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    result: NDArray[np.float64] = table[pixels] @ np.array([0.2126, 0.7152, 0.0722])
    return result


def least_contrast(image: Image, box: Box, colour: str) -> float:
    """The contrast of ``colour`` against the ``ADVERSE`` percentile of the pixels in ``box``."""
    return _against(_light_behind(image, box), colour)


def _light_behind(image: Image, box: Box) -> NDArray[np.float64]:
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    x1, y1 = min(image.width, int(box.x1) + 2), min(image.height, int(box.y1) + 2)
    step = max(1, int((box.width * box.height / 120_000) ** 0.5))
    return pixel_luminance(np.asarray(image.crop((x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))))[::step, ::step])


def _against(behind: NDArray[np.float64], colour: str) -> float:
    own = luminance(colour)
    ratio = (np.maximum(behind, own) + 0.05) / (np.minimum(behind, own) + 0.05)
    return float(np.percentile(ratio, ADVERSE))


def choose_ink(image: Image, box: Box, candidates: tuple[str, ...]) -> tuple[str, float]:
    """The first candidate that is legible over ``box``, else the most legible, and its contrast."""
    behind = _light_behind(image, box)
    measured = []
    for colour in candidates:
        measured.append((colour, _against(behind, colour)))
        if measured[-1][1] >= ENOUGH:
            return measured[-1]
    return max(measured, key=lambda pair: pair[1])
