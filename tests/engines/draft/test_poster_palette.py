"""Palettes: three or more a mood, distinct, in the light of the hour."""

import random
from collections import Counter

import pytest

from core.compose.colour import contrast, distance, luminance
from core.domain.generation import Mood, TimeOfDay
from core.engines.draft.poster.palette import at_time, choose_palette, load_palettes, tones


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


def test_a_name_wins_and_families_lean_to_a_favourite() -> None:
    named = choose_palette("pipa", Mood.TENSE, random.Random(1), random.Random(2))
    assert named.name == "Pipa"
    chosen = Counter(choose_palette("", Mood.CALM, random.Random(7), random.Random(seed)).name for seed in range(200))
    assert chosen.most_common(1)[0][1] > 100
    assert len(chosen) == 3
