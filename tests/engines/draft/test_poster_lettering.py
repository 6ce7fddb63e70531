"""A panel comes only where no title can be read on the picture itself."""

import random

import numpy as np
from PIL import Image

from core.domain.generation import ImageRequest, Scene
from core.engines.draft.painter import compose_poster
from core.engines.draft.poster.lettering import Inks, set_title

INKS = Inks(title=("#101820", "#f7efe0"), kicker=("#101820",), panel="#f7efe0", on_panel="#101820")


def noise(side: int) -> Image.Image:
    pixels = np.random.default_rng(3).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def test_on_a_busy_picture_a_panel_makes_the_title_legible() -> None:
    request = ImageRequest(scene=Scene(subject="s"), prompt="p", title="A Rede", kicker="T1", width=300, height=300)
    poster = compose_poster(request)
    before = noise(300)
    after, contrast = set_title(before, poster.layout, INKS, random.Random(1))
    assert contrast is not None
    assert contrast >= 4.5
    assert poster.layout.title is not None
    box = poster.layout.title.box
    middle = np.asarray(after)[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].reshape(-1, 3)
    colours = {tuple(pixel) for pixel in middle.tolist()}
    assert (0x10, 0x18, 0x20) in colours
    assert (0xF7, 0xEF, 0xE0) in colours


def test_on_a_plain_picture_there_is_no_panel() -> None:
    request = ImageRequest(scene=Scene(subject="s"), prompt="p", title="A Rede", width=300, height=300)
    poster = compose_poster(request)
    page = Image.new("RGB", (300, 300), "#8fc1c9")
    after, _ = set_title(page, poster.layout, INKS, random.Random(1))
    colours = after.getcolors(100_000)
    assert colours is not None
    assert (0xF7, 0xEF, 0xE0) not in {colour for _, colour in colours}


def test_no_text_no_change() -> None:
    poster = compose_poster(ImageRequest(scene=Scene(subject="s"), prompt="p", width=100, height=100))
    page = noise(100)
    after, contrast = set_title(page, poster.layout, INKS, random.Random(1))
    assert contrast is None
    assert after.tobytes() == page.tobytes()
