"""A campaign's finished picture: headline and call to action over a picture, in a network's size.

Where the picture is quiet the words stand on it; else on a veil, a band or a card in its own colours. Each way is
tried until one can be read, measured on the real pixels behind the letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.compose.crop import cover
from core.compose.geometry import Box, derive
from core.compose.lines import choose_voice
from core.compose.swatches import take_swatches
from core.compose.ways import Composed, Page, Way, on_band, on_card, on_picture, on_veil
from core.compose.wording import drawn_call, drawn_headline

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN = 0.06
"""Clear space around words, as a share of the shorter side; more where the network's own buttons are."""


def compose(
    image: Image,
    *,
    headline: str,
    call_to_action: str,
    width: int,
    height: int,
    safe: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0),
    seed: int = 0,
) -> Composed:
    """Draw headline and call to action over ``image``; the same arguments give the same pixels.

    Characters that no face has are dropped; long texts wrap, shrink and end in an ellipsis; hashtags are not drawn.

    Args:
        image: an RGB picture of any size; it is cropped to cover ``width`` × ``height`` pixels (64..4096).
        safe: shares of the height or width to keep free at the top, right, bottom and left edge.
        seed: varies face and layout.
    """
    headline = drawn_headline(headline)
    full = cover(image, width, height)
    rng = derive("composition", seed, headline)
    align = rng.choice(("left", "left", "centre"))
    page = Page(
        source=image,
        full=full,
        safe=_safe_area(width, height, safe),
        swatches=take_swatches(full),
        headline=headline,
        call=drawn_call(call_to_action),
        voice=choose_voice(headline, rng, "left" if width >= 1.25 * height else align),
        rng=rng,
    )
    covered: list[Way] = [on_veil, on_band] if rng.random() < 0.5 else [on_band, on_veil]
    for way in (on_picture, *covered, on_card):
        for composed in way(page):
            return composed
    return Composed(full)


def _safe_area(width: int, height: int, safe: tuple[float, float, float, float]) -> Box:
    margin = MARGIN * min(width, height)
    top, right, bottom, left = safe
    return Box(
        max(margin, left * width),
        max(margin, top * height),
        width - max(margin, right * width),
        height - max(margin, bottom * height),
    )
