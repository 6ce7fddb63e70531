"""Contrast is measured on the pixels that are really behind the letters."""

import numpy as np
import pytest
from PIL import Image

from core.compose.colour import luminance
from core.compose.contrast import choose_ink, least_contrast, pixel_luminance
from core.compose.geometry import Box


def test_luminance_of_pixels_is_that_of_colours() -> None:
    pixels = np.array([[18, 52, 86], [255, 255, 255]], dtype=np.uint8)
    assert pixel_luminance(pixels) == pytest.approx([luminance("#123456"), 1.0])


def test_contrast_is_that_of_the_least_favourable_pixels() -> None:
    page = Image.new("RGB", (100, 100), "#ffffff")
    page.paste("#202020", (0, 0, 20, 100))
    assert least_contrast(page, Box(0, 0, 99, 99), "#000000") < 1.5
    assert least_contrast(page, Box(30, 0, 99, 99), "#000000") == pytest.approx(21)


def test_the_first_legible_ink_wins_else_the_best() -> None:
    page = Image.new("RGB", (50, 50), "#fdf4e0")
    box = Box(5, 5, 45, 45)
    assert choose_ink(page, box, ("#e0d0b0", "#a02010", "#000000"))[0] == "#a02010"
    assert choose_ink(page, box, ("#ffffff", "#e0d0b0"))[0] == "#e0d0b0"
