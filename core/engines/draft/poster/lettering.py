"""The title on the finished picture: its colour is chosen by measuring the pixels that are really behind it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from core.compose.contrast import ENOUGH, choose_ink
from core.compose.geometry import Box, Shape, path_data, rectangle, roughen
from core.compose.svg import element, rasterize
from core.engines.draft.poster.layout import Layout

if TYPE_CHECKING:
    from PIL.Image import Image


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
