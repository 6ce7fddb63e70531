"""Faults a program can see in a picture: wrong size, blank, black, noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.domain.campaign import Finding
from core.language import N_

if TYPE_CHECKING:
    from PIL.Image import Image

PLAIN = 3.0
"""Spread of lightness, 0..255, below which a picture shows nothing."""

DARK = 6.0
"""Lightness, 0..255, that hardly a pixel of a black picture exceeds; half-precision overflow decodes to black."""

NOISE = 0.2
"""Spread left after averaging 8 × 8 pixels, as a share of the whole spread, below which there are no shapes."""


def check_picture(image: Image, width: int, height: int) -> tuple[Finding, ...]:
    """The faults of a picture that was to be ``width`` × ``height`` pixels."""
    from PIL.Image import Resampling

    found = []
    if image.size != (width, height):
        values = {
            "width": str(image.width),
            "height": str(image.height),
            "wanted": f"{width} × {height}",
        }
        message = N_("The picture is {width} × {height} pixels instead of {wanted}.")
        found.append(Finding(code="picture_size", level="error", message=message, values=values))
    factor = max(1, min(image.size) // 512)
    grey = image.convert("L").reduce(factor)
    pixels = np.asarray(grey, dtype=np.float32)
    spread = float(pixels.std())
    coarse = np.asarray(grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)), Resampling.BOX))
    if np.percentile(pixels, 99) < DARK:
        found.append(Finding(code="picture_black", level="error", message=N_("The picture is black.")))
    elif spread < PLAIN:
        found.append(Finding(code="picture_blank", level="error", message=N_("The picture shows nothing.")))
    elif coarse.size > 16 and float(coarse.std()) < NOISE * spread:
        found.append(Finding(code="picture_noise", level="error", message=N_("The picture is only noise.")))
    return tuple(found)
