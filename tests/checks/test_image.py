"""Faults of pictures: size, blank, black, noise; and none in drawings of every style."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.checks.image import check_picture
from core.domain.generation import Style
from core.engines.draft.painter import DraftPainter
from tests.engines.image_contract import REQUEST


def codes(image: Image.Image, width: int, height: int) -> list[str]:
    return [finding.code for finding in check_picture(image, width, height)]


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("size", [(64, 64), (270, 338), (1200, 600)])
def test_a_drawing_has_no_faults(style: Style, size: tuple[int, int]) -> None:
    request = REQUEST.model_copy(update={"style": style, "width": size[0], "height": size[1], "title": ""})
    assert codes(DraftPainter().generate(request).image, *size) == []


def test_a_picture_of_another_size_is_named_with_both() -> None:
    (finding,) = check_picture(Image.linear_gradient("L").convert("RGB"), 300, 200)
    assert (finding.code, finding.level) == ("picture_size", "error")
    text = finding.message.format(**finding.values)
    assert text == "The picture is 256 × 256 pixels instead of 300 × 200."


@pytest.mark.parametrize(("colour", "code"), [("#000000", "picture_black"), ("#8090a0", "picture_blank")])
def test_one_colour_is_a_fault(colour: str, code: str) -> None:
    assert codes(Image.new("RGB", (200, 100), colour), 200, 100) == [code]


def test_black_with_a_little_noise_is_black() -> None:
    pixels = np.random.default_rng(1).integers(0, 5, (128, 128, 3), dtype=np.uint8)
    assert codes(Image.fromarray(pixels), 128, 128) == ["picture_black"]


@pytest.mark.parametrize("side", [256, 1024])
def test_noise_is_a_fault(side: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
    assert codes(Image.fromarray(pixels), side, side) == ["picture_noise"]


def test_a_night_with_one_lamp_is_a_picture() -> None:
    night = Image.new("RGB", (400, 400), "#030305")
    ImageDraw.Draw(night).ellipse((170, 170, 230, 230), fill="#ffe9a0")
    assert codes(night, 400, 400) == []


def test_a_dark_pattern_is_a_picture() -> None:
    pattern = Image.new("RGB", (400, 400), "#101018")
    draw = ImageDraw.Draw(pattern)
    for number in range(0, 400, 40):
        draw.rectangle((number, 0, number + 20, 400), fill="#303048")
    assert codes(pattern, 400, 400) == []
