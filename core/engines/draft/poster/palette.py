"""Colours of posters: palettes by mood from data/palettes.json, bent by the time of day."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from core.compose.colour import at_lightness, mix, tone
from core.domain.generation import Mood, Setting, TimeOfDay
from core.settings import BUNDLED

PALETTES_FILE = BUNDLED / "palettes.json"


@dataclass(frozen=True)
class Palette:
    """Nine colours as ``#rrggbb``; grounds run far, mid, near; ``ink`` is darkest, ``paper`` and ``light`` lightest."""

    name: str
    mood: str
    sky_top: str
    sky_bottom: str
    far: str
    mid: str
    near: str
    accent: str
    light: str
    ink: str
    paper: str

    def of(self, role: str) -> str:
        """The colour of a role."""
        return str(getattr(self, role))


@lru_cache(maxsize=1)
def load_palettes() -> tuple[Palette, ...]:
    """All palettes, in the file's order."""
    rows = json.loads(PALETTES_FILE.read_text(encoding="utf-8"))["palettes"]
    return tuple(Palette(name=row["name"], mood=row["mood"], **row["colors"]) for row in rows)


def choose_palette(name: str, mood: Mood, family: Random, seed: Random) -> Palette:
    """The palette called ``name``; else one of the mood's, which the family prefers two times in three."""
    known = load_palettes()
    for palette in known:
        if palette.name.casefold() == name.strip().casefold():
            return palette
    of_mood = [palette for palette in known if palette.mood == mood.value]
    favourite = family.choice(of_mood)
    return favourite if seed.random() < 0.62 else seed.choice(of_mood)


def at_time(palette: Palette, time: TimeOfDay) -> Palette:
    """The palette in the light of an hour: dawn is pale and pink, dusk burns low, night keeps few lights."""
    p = palette
    if time is TimeOfDay.NIGHT:
        return replace(
            p,
            sky_top=at_lightness(mix(p.ink, p.sky_top, 0.35), 0.2, 1.15),
            sky_bottom=at_lightness(mix(p.mid, p.sky_top, 0.5), 0.44, 1.05),
            far=at_lightness(mix(p.far, p.sky_top, 0.55), 0.36, 0.9),
            mid=at_lightness(mix(p.mid, p.near, 0.4), 0.28, 0.95),
            near=at_lightness(p.near, 0.2, 0.95),
            ink=at_lightness(p.ink, 0.13),
        )
    if time is TimeOfDay.DUSK:
        return replace(
            p,
            sky_top=mix(tone(p.sky_top, lightness=-0.12), p.near, 0.28),
            sky_bottom=mix(mix(p.accent, p.light, 0.45), p.sky_bottom, 0.25),
            far=mix(tone(p.far, lightness=-0.1), p.accent, 0.22),
            mid=mix(tone(p.mid, lightness=-0.08), p.near, 0.3),
            near=tone(p.near, lightness=-0.05),
        )
    if time is TimeOfDay.DAWN:
        return replace(
            p,
            sky_top=mix(p.sky_top, p.paper, 0.22),
            sky_bottom=mix(mix(p.light, p.accent, 0.3), p.sky_bottom, 0.35),
            far=mix(p.far, mix(p.light, p.accent, 0.35), 0.35),
            mid=mix(p.mid, p.far, 0.2),
        )
    return p


def at_place(palette: Palette, setting: Setting) -> Palette:
    """The palette on the ground of a setting: sand is warm whatever the mood."""
    if setting is not Setting.DESERT:
        return palette
    sand = mix(palette.light, palette.accent, 0.45)
    return replace(
        palette,
        far=mix(palette.far, sand, 0.6),
        mid=mix(palette.mid, mix(sand, palette.near, 0.35), 0.6),
        near=mix(palette.near, palette.accent, 0.22),
    )


def tones(palette: Palette) -> dict[str, str]:
    """Every tone an item can be painted in, from the palette's nine colours."""
    p = palette
    named = {
        name: p.of(name) for name in ("sky_top", "sky_bottom", "far", "mid", "near", "accent", "light", "ink", "paper")
    }
    water = mix(p.mid, p.sky_top, 0.3)
    return named | {
        "cloud": mix(p.sky_bottom, p.paper, 0.6),
        "mid_far": mix(p.far, p.mid, 0.55),
        "mid_near": mix(p.mid, p.near, 0.5),
        "near_dark": mix(p.near, p.ink, 0.55),
        "far_water": mix(water, p.sky_bottom, 0.5),
        "water_1": mix(water, p.far, 0.4),
        "water_2": water,
        "water_3": mix(water, p.near, 0.4),
        "snow_far": mix(p.paper, p.far, 0.45),
        "snow_mid": mix(p.paper, p.far, 0.25),
        "snow_near": mix(p.paper, p.far, 0.08),
        "wall_stripe": mix(p.sky_top, p.sky_bottom, 0.14),
        "wall_low": mix(p.sky_top, p.mid, 0.45),
        "wall_rail": mix(mix(p.sky_top, p.mid, 0.45), p.sky_bottom, 0.22),
        "sand": mix(p.light, p.accent, 0.3),
    }
