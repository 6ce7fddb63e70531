"""Edges of grounds as curves over the picture's width: hills, ridges, dunes, swell, skylines."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from core.compose.geometry import Points, Waver


def spread(xs: Points) -> Points:
    """Positions as 0..1 of the width."""
    result: Points = (xs - xs[0]) / (xs[-1] - xs[0])
    return result


def hills(xs: Points, base: float, swing: float, rng: Random, cycles: float = 1.1) -> Points:
    """Rolling hills about ``base``, ``swing`` pixels up and down."""
    return base - swing * Waver(rng, cycles)(spread(xs))


def ridge(xs: Points, base: float, tall: float, rng: Random, peaks: int = 4) -> Points:
    """A mountain range: straight flanks between random peaks and saddles."""
    knots_x, knots_y = [0.0], [rng.uniform(0.1, 0.4)]
    for number in range(peaks):
        left = number / peaks
        knots_x += [left + rng.uniform(0.3, 0.7) / peaks, left + 1 / peaks]
        knots_y += [rng.uniform(0.65, 1.0), rng.uniform(0.15, 0.45)]
    line = np.interp(spread(xs), knots_x, knots_y)
    return base - tall * (line + 0.025 * Waver(rng, 14, 3)(spread(xs)))


def dunes(xs: Points, base: float, tall: float, rng: Random, count: int = 2) -> Points:
    """Dunes: long windward slopes and short lee sides."""
    shift, lean = rng.random(), rng.uniform(0.66, 0.8)
    phase = (spread(xs) * count + shift) % 1.0
    rise = np.where(phase < lean, phase / lean, (1 - phase) / (1 - lean))
    eased = rise * rise * (3 - 2 * rise)
    edge: Points = base - tall * eased
    return edge


def swell(xs: Points, base: float, tall: float, length: float, rng: Random) -> Points:
    """Sea waves, ``tall`` pixels high and ``length`` pixels long: some round, some scalloped like paper."""
    phase = xs / length * math.pi + rng.uniform(0, math.pi)
    kind = rng.random()
    wave = np.abs(np.sin(phase)) if kind < 0.5 else 0.5 + 0.5 * np.sin(2 * phase + 0.35 * np.sin(phase))
    return base - tall * wave * (0.85 + 0.15 * Waver(rng, 2)(spread(xs)))


def headland(xs: Points, low: float, tall: float, rng: Random, side: int, reach: float) -> Points:
    """Land that rises ``tall`` above ``low`` at one edge and runs into the water at ``reach`` of the width."""
    t = spread(xs) if side < 0 else 1 - spread(xs)
    share = np.clip(1 - t / reach, 0, 1)
    profile = np.sqrt(share * (2 - share)) * 0.9 + 0.1 * share
    return low + 6 - (tall + 6) * profile * (1 + 0.05 * Waver(rng, 6)(t))


def skyline(xs: Points, base: float, tall: float, rng: Random, blocks: int) -> Points:
    """Roofs of far buildings: a step curve."""
    edges = np.cumsum([rng.uniform(0.6, 1.4) for _ in range(blocks)])
    edges = edges / edges[-1]
    heights = [rng.uniform(0.3, 1.0) for _ in range(blocks)]
    index = np.minimum(np.searchsorted(edges, spread(xs)), blocks - 1)
    return base - tall * np.array(heights)[index]
