"""Colour arithmetic: OKLab there and back, mixing, contrast, shades that text can be read on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compose.colour import contrast, from_oklch, legible, mix, oklch, rgb

COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda value: "#{:02x}{:02x}{:02x}".format(*value))


@given(COLOURS)
def test_oklch_round_trips(colour: str) -> None:
    assert all(abs(a - b) <= 1 for a, b in zip(rgb(from_oklch(*oklch(colour))), rgb(colour), strict=True))


@given(COLOURS, COLOURS)
def test_mixing_starts_and_ends_at_its_colours(first: str, second: str) -> None:
    for share, end in ((0.0, first), (1.0, second)):
        assert all(abs(a - b) <= 1 for a, b in zip(rgb(mix(first, second, share)), rgb(end), strict=True))


def test_contrast_as_wcag_gives_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@given(COLOURS)
def test_legible_always_finds_a_shade_that_text_can_be_read_on(colour: str) -> None:
    found = legible(colour, "#101820", "#f7efe0")
    assert max(contrast(found, "#101820"), contrast(found, "#f7efe0")) >= 5.3
