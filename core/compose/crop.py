"""A picture brought to a size: scaled to cover it, the busiest part kept; and how quiet parts of it are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.compose.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDE = 96
"""Longer side, in pixels, of the small copy that is searched."""

_CENTRE = 0.35
"""How much the middle is worth beside what is in a part."""


def cover(image: Image, width: int, height: int) -> Image:
    """The RGB image scaled to cover ``width`` × ``height`` pixels, cut where least is lost."""
    from PIL.Image import Resampling

    image = image if image.mode == "RGB" else image.convert("RGB")
    if image.size == (width, height):
        return image
    factor = max(width / image.width, height / image.height)
    wide, tall = min(image.width, width / factor), min(image.height, height / factor)
    left, top = _best_window(image, wide, tall)
    box = (left, top, left + wide, top + tall)
    return image.resize((width, height), Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _best_window(image: Image, wide: float, tall: float) -> tuple[float, float]:
    """Left and top of the window with most in it; the window is as wide or as tall as the image."""
    energy = edges(small_grey(image))
    across = image.width - wide > image.height - tall
    profile = energy.sum(axis=0 if across else 1)
    whole, part = (image.width, wide) if across else (image.height, tall)
    length = max(1, round(len(profile) * part / whole))
    sums = np.convolve(profile / max(1e-9, float(profile.sum())), np.ones(length), "valid")
    if len(sums) == 1:
        return 0.0, 0.0
    at = np.linspace(0, 1, len(sums))
    best = float(at[int(np.argmax(sums - _CENTRE * np.abs(at - 0.5)))]) * (whole - part)
    return (best, 0.0) if across else (0.0, best)


def small_grey(image: Image, side: int = _SIDE) -> NDArray[np.float32]:
    """``(h, w) float32`` lightness 0..255 of a copy whose longer side is ``side`` pixels."""
    from PIL.Image import Resampling

    factor = side / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    small = image.resize(size, Resampling.BOX, reducing_gap=1.0).convert("L")
    return np.asarray(small, dtype=np.float32)


def edges(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The step from each pixel to its neighbours, of the same shape."""
    down = np.abs(np.diff(grey, axis=0, append=grey[-1:]))
    across = np.abs(np.diff(grey, axis=1, append=grey[:, -1:]))
    result: NDArray[np.float32] = down + across
    return result


def restlessness(image: Image, box: Box) -> float:
    """How uneven a part of the picture is: 0 plain, 20 a soft gradient, 60 a crowd. Grain and halftone do not count."""
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    x1, y1 = min(image.width, max(x0 + 1, int(box.x1) + 1)), min(image.height, max(y0 + 1, int(box.y1) + 1))
    grey = small_grey(image.crop((x0, y0, x1, y1)), 40)
    return float(grey.std() + edges(grey).mean())
