"""The ways words stand over a picture: bare, on a veil, beside it on a band, on a card; each drawn and measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from core.compose.colour import contrast, legible, to_hex
from core.compose.contrast import ENOUGH, choose_ink
from core.compose.crop import cover, restlessness
from core.compose.geometry import Box, Shape, path_data
from core.compose.lines import Group, Voice, pill, set_group
from core.compose.svg import element, rasterize
from core.compose.swatches import BLACK, WHITE, Swatches, choose_button

if TYPE_CHECKING:
    from PIL.Image import Image

QUIET = 15.0
"""Restlessness below which words may stand on the bare picture."""

VEILS = (0.62, 0.74, 0.84, 0.92)
"""How dense a veil may be, at its densest; the first that is enough is taken."""

SHARE = 0.46
"""How much of the safe area words may take."""

LEVELS = (0.5, 0.22, 0.8)
"""How high words may stand beside a picture, 0 at the top of the safe area; the middle is preferred."""


@dataclass(frozen=True)
class Composed:
    """A finished picture.

    Attributes:
        image: ``(height, width, 3) uint8`` as a PIL RGB image.
        contrast: the lowest of its texts; None without text.
        boxes: of the headline's ink and of the button, in pixels.
        layout: how the words stand: ``clear-top``, ``veil-bottom``, ``band-left`` …
        headline, call_to_action: what was drawn, lines joined by a space; "" for none.
    """

    image: Image
    contrast: float | None = None
    boxes: tuple[Box, ...] = ()
    layout: str = "bare"
    headline: str = ""
    call_to_action: str = ""


@dataclass(frozen=True)
class Page:
    """What every way is given.

    Attributes:
        source: the picture as it came; full: the same, covering the page.
        safe: where words may stand.
    """

    source: Image
    full: Image
    safe: Box
    swatches: Swatches
    headline: str
    call: str
    voice: Voice
    rng: Random

    @property
    def width(self) -> int:
        """Pixels."""
        return self.full.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self.full.height

    @property
    def short(self) -> int:
        """The shorter side, in pixels."""
        return min(self.full.size)

    @property
    def measure(self) -> float:
        """What sizes of type are shares of: the mean side, in pixels; on long strips less."""
        return float(min((self.width * self.height) ** 0.5, 1.35 * self.short))

    @property
    def wide(self) -> bool:
        """Whether words go beside the subject rather than over or under it."""
        return self.width >= 1.25 * self.height

    @property
    def places(self) -> tuple[str, str]:
        """The sides where words may go."""
        return ("left", "right") if self.wide else ("top", "bottom")


Way = Callable[[Page], Iterator[Composed]]
"""Yields finished pictures that can be read, the best first; none where this way does not work."""


def set_words(page: Page, place: str, share: float = SHARE, level: float = 0.5) -> Group | None:
    """The words set within ``share`` of the safe area, at a side of it; ``level`` is their height on a wide page."""
    safe = page.safe
    room = (safe.width * share, safe.height) if page.wide else (safe.width, safe.height * share)
    group = set_group(page.headline, page.call, room, page.measure, page.voice)
    if group is None:
        return None
    box = group.box
    x = safe.x0 + safe.width * (1 - share) if place == "right" else safe.x0
    if page.voice.align == "centre":
        x = safe.cx - box.width / 2
    level = {"top": 0.0, "bottom": 1.0}.get(place, level)
    y = safe.y0 + level * (safe.height - box.height)
    return group.moved(x, y)


def _ranked(page: Page, share: float = SHARE) -> list[tuple[float, str, Group]]:
    """The words at each side, the quietest first."""
    rated = []
    for place, level in ((place, level) for place in page.places for level in (LEVELS if page.wide else LEVELS[:1])):
        if group := set_words(page, place, share, level):
            rest = restlessness(page.full, group.box.pad(0.03 * page.short))
            rated.append((rest + 4 * abs(level - 0.5), place, group))
    return sorted(rated, key=lambda each: each[0])


def on_picture(page: Page) -> Iterator[Composed]:
    """On the bare picture, where it is quiet."""
    for share in (SHARE, 0.8 * SHARE):
        for rest, place, group in _ranked(page, share):
            if rest < QUIET:
                yield from _draw(page, page.full, group, f"clear-{place}")


def on_veil(page: Page) -> Iterator[Composed]:
    """On a veil of the picture's own dark or pale, densest at the words' edge."""
    for _, place, group in _ranked(page):
        colour = page.swatches.pale if _lightness(page.full, group.box) > 170 else page.swatches.dark
        for density in VEILS:
            veiled = _lay_veil(page, place, group.box, colour, density)
            yield from _draw(page, veiled, group, f"veil-{place}")


def on_band(page: Page) -> Iterator[Composed]:
    """Beside the picture, on a band of one of its colours."""
    found = [(place, group) for place in page.places if (group := set_words(page, place))]
    bands = [(_band_box(page, place, group.box), place, group) for place, group in found]
    page.rng.shuffle(bands)
    bands.sort(key=lambda each: round(each[0].width * each[0].height / (page.width * page.height), 1))
    for band, place, group in bands:
        yield from _draw(page, _beside(page, band, place), group, f"band-{place}")


def on_card(page: Page) -> Iterator[Composed]:
    """On a card over the picture, as much of it as the words need: where nothing else has room."""
    group = set_words(page, page.places[-1], 1.0)
    if group is None:
        return
    pad = min(group.box.x0, group.box.y0, page.width - group.box.x1, page.height - group.box.y1) * 0.6
    card = page.full.copy()
    _paint(card, [(pill(group.box.pad(pad), 0.4 * pad), page.swatches.pale)])
    yield from _draw(page, card, group, "card")


def _band_box(page: Page, place: str, words: Box) -> Box:
    """From the page's edge to a margin beyond the words."""
    margin = 0.06 * page.short
    if place == "left":
        return Box(0, 0, round(words.x1 + margin), page.height)
    if place == "right":
        return Box(round(words.x0 - margin), 0, page.width, page.height)
    if place == "top":
        return Box(0, 0, page.width, round(words.y1 + margin))
    return Box(0, round(words.y0 - margin), page.width, page.height)


def _beside(page: Page, band: Box, place: str) -> Image:
    from PIL import Image as Images

    swatches = page.swatches
    colour = page.rng.choice((swatches.dark, swatches.pale, legible(swatches.accent, swatches.dark, swatches.pale)))
    sheet = Images.new("RGB", page.full.size, colour)
    left, top = (round(band.x1), 0) if place == "left" else (0, round(band.y1) if place == "top" else 0)
    wide = page.width - round(band.width) if page.wide else page.width
    tall = page.height if page.wide else page.height - round(band.height)
    sheet.paste(cover(page.source, max(1, wide), max(1, tall)), (left, top))
    return sheet


def _lay_veil(page: Page, place: str, words: Box, colour: str, density: float) -> Image:
    from PIL import Image as Images

    long = page.width if page.wide else page.height
    inner = words.x1 if place == "left" else long - words.x0 if place == "right" else 0.0
    if not page.wide:
        inner = words.y1 if place == "top" else long - words.y0
    away = np.arange(long, dtype=np.float32) + 0.5
    fade = np.clip(1 - (away - inner) / (0.34 * long), 0, 1)
    alpha = density * fade * fade * (3 - 2 * fade)
    if place in ("right", "bottom"):
        alpha = alpha[::-1]
    ramp = np.round(255 * alpha).astype(np.uint8)
    mask = Images.fromarray(ramp[None, :] if page.wide else ramp[:, None]).resize(page.full.size)
    veiled = page.full.copy()
    veiled.paste(colour, (0, 0), mask)
    return veiled


def _draw(page: Page, image: Image, group: Group, layout: str) -> Iterator[Composed]:
    """The words drawn, if they can be read."""
    swatches, marks, ratios = page.swatches, [], []
    if group.headline is not None:
        light = _lightness(image, group.headline.box) > 140
        inks = (swatches.dark, swatches.pale) if light else (swatches.pale, swatches.dark)
        ink, ratio = choose_ink(image, group.headline.box.pad(1), (*inks, WHITE, BLACK))
        ratios.append(ratio)
        marks += [(line, ink) for line in group.headline.lines]
    if group.call is not None and group.button is not None:
        fill, text = choose_button(swatches, _mean(image, group.button))
        ratios.append(contrast(fill, text))
        marks.append((pill(group.button, group.button.height), fill))
        marks += [(line, text) for line in group.call.lines]
    if min(ratios) < ENOUGH:
        return
    finished = image.copy()
    _paint(finished, marks)
    headline = group.headline.text if group.headline else ""
    call = group.call.text if group.call else ""
    yield Composed(finished, min(ratios), group.boxes, layout, headline.replace("\n", " "), call.replace("\n", " "))


def _paint(image: Image, marks: list[tuple[Shape, str]]) -> None:
    """Draw shapes in colours on the image itself."""
    points = np.concatenate([part for shape, _ in marks for part in shape])
    left, top = (int(value) for value in np.floor(points.min(axis=0)) - 1)
    right, bottom = (int(value) for value in np.ceil(points.max(axis=0)) + 1)
    body = "".join(element("path", d=path_data(shape), fill=colour) for shape, colour in marks)
    layer = rasterize(body, right - left, bottom - top, left, top)
    image.paste(layer.convert("RGB"), (left, top), layer.getchannel("A"))


def _mean(image: Image, box: Box) -> str:
    small = image.resize((1, 1), box=box)
    red, green, blue = np.asarray(small)[0, 0].tolist()
    return to_hex(red, green, blue)


def _lightness(image: Image, box: Box) -> float:
    return float(np.asarray(image.resize((8, 8), box=box).convert("L")).mean())
