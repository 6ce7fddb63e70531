"""Pictures brought to a size keep what is in them; quiet parts are told from restless ones."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.compose.crop import cover, restlessness
from core.compose.geometry import Box


def with_spot(size: tuple[int, int], x: int, y: int) -> Image.Image:
    image = Image.new("RGB", size, "#e8e0d0")
    ImageDraw.Draw(image).ellipse((x - 30, y - 30, x + 30, y + 30), fill="#203040")
    return image


@pytest.mark.parametrize(("size", "at"), [((800, 300), (640, 150)), ((300, 800), (150, 120))])
def test_the_busiest_part_is_kept(size: tuple[int, int], at: tuple[int, int]) -> None:
    pixels = np.asarray(cover(with_spot(size, *at), 200, 200).convert("L"))
    assert (pixels < 90).sum() == pytest.approx(np.pi * (30 * 200 / 300) ** 2, rel=0.05)


def test_a_picture_of_that_size_is_left_alone() -> None:
    image = with_spot((120, 90), 60, 45)
    assert cover(image, 120, 90) is image


@pytest.mark.parametrize("size", [(64, 64), (64, 900), (900, 64), (333, 211)])
def test_any_size_is_covered(size: tuple[int, int]) -> None:
    made = cover(with_spot((97, 31), 40, 15), *size)
    assert (made.size, made.mode) == (size, "RGB")


def test_grain_is_quiet_and_shapes_are_not() -> None:
    generator = np.random.default_rng(1)
    grain = Image.fromarray((128 + generator.integers(-12, 12, (400, 400, 3))).astype(np.uint8))
    box = Box(50, 50, 350, 350)
    assert restlessness(grain, box) < 5
    assert restlessness(with_spot((400, 400), 200, 200), box) > 15
