"""Palettes: three or more a mood, distinct, in the light of the hour; colour arithmetic."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compose.colour import contrast, distance, from_oklch, legible, luminance, mix, oklch, rgb
from core.domain.generation import Mood, TimeOfDay
from core.engines.draft.poster.palette import at_time, choose_palette, load_palettes, tones

COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda value: "#{:02x}{:02x}{:02x}".format(*value))


def test_every_mood_has_three_palettes_with_names_of_their_own() -> None:
    palettes = load_palettes()
    assert set(Counter(palette.mood for palette in palettes)) == {mood.value for mood in Mood}
    assert min(Counter(palette.mood for palette in palettes).values()) >= 3
    assert len({palette.name.casefold() for palette in palettes}) == len(palettes)


@pytest.mark.parametrize("palette", load_palettes(), ids=lambda palette: palette.name)
def test_a_palette_can_carry_text_and_tell_its_grounds_apart(palette) -> None:  # type: ignore[no-untyped-def]
    assert contrast(palette.ink, palette.paper) >= 10
    assert contrast(palette.ink, palette.light) >= 10
    assert distance(palette.far, palette.mid) > 0.08
    assert distance(palette.mid, palette.near) > 0.08
    assert distance(palette.accent, palette.paper) > 0.2
    for hour in TimeOfDay:
        lit = tones(at_time(palette, hour))
        assert all(len(colour) == 7 for colour in lit.values())
        assert distance(lit["mid"], lit["near"]) > 0.05


@pytest.mark.parametrize("palette", load_palettes(), ids=lambda palette: palette.name)
def test_night_is_darker_than_day(palette) -> None:  # type: ignore[no-untyped-def]
    night = at_time(palette, TimeOfDay.NIGHT)
    for role in ("sky_bottom", "far"):
        assert luminance(night.of(role)) < luminance(palette.of(role))


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


def test_a_name_wins_and_families_lean_to_a_favourite() -> None:
    named = choose_palette("pipa", Mood.TENSE, random.Random(1), random.Random(2))
    assert named.name == "Pipa"
    chosen = Counter(choose_palette("", Mood.CALM, random.Random(7), random.Random(seed)).name for seed in range(200))
    assert chosen.most_common(1)[0][1] > 100
    assert len(chosen) == 3
