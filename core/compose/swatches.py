"""The colours that go with a picture, taken from it: a dark, a pale and a strong one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.compose.colour import Oklch, at_lightness, contrast, distance, from_oklch, legible, oklch, to_hex

if TYPE_CHECKING:
    from PIL.Image import Image

_COLOURS = 10
"""Colours that a picture is reduced to."""

BLACK, WHITE = "#121212", "#ffffff"


class Swatches(NamedTuple):
    """Colours as ``#rrggbb``: text is read in ``dark`` on ``pale`` and the other way round."""

    dark: str
    pale: str
    accent: str


def take_swatches(image: Image) -> Swatches:
    """The swatches of an RGB image."""
    from PIL.Image import Quantize, Resampling

    small = image.resize((48, 48), Resampling.BOX, reducing_gap=1.0).quantize(_COLOURS, Quantize.MEDIANCUT)
    palette = small.getpalette() or []
    shares = np.bincount(np.asarray(small).ravel()) / 48**2
    weighed = [
        (float(share), oklch(to_hex(*palette[3 * index : 3 * index + 3])))
        for index, share in enumerate(shares)
        if share
    ]
    darkest = min(weighed, key=lambda pair: pair[1][0] - 0.5 * min(pair[0], 0.2))[1]
    palest = max(weighed, key=lambda pair: pair[1][0] + 0.5 * min(pair[0], 0.2))[1]
    return Swatches(
        dark=from_oklch(0.22, min(darkest[1], 0.07), darkest[2]),
        pale=from_oklch(0.968, min(palest[1], 0.025), palest[2]),
        accent=_strongest(weighed),
    )


def _strongest(weighed: list[tuple[float, Oklch]]) -> str:
    """The most colourful; in a grey picture, a gold that goes with anything."""
    light, chroma, hue = max(weighed, key=lambda pair: pair[1][1] * min(1.0, 0.35 + 4 * pair[0]))[1]
    if chroma < 0.045:
        return "#f2b632"
    return from_oklch(min(0.78, max(0.5, light)), min(0.2, max(chroma, 0.12)), hue)


def choose_button(swatches: Swatches, behind: str) -> tuple[str, str]:
    """Fill and text of a button that stands out from the colour ``behind`` it."""
    fills = (swatches.accent, swatches.pale, swatches.dark, at_lightness(swatches.accent, 0.85))
    fill = next((colour for colour in fills if distance(colour, behind) >= 0.3), fills[1])
    fill = legible(fill, swatches.dark, WHITE, 4.8)
    return fill, max((swatches.dark, WHITE), key=lambda colour: contrast(colour, fill))
