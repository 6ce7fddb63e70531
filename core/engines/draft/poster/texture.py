"""Surfaces made with numpy after the drawing: paper grain, halftone and engraved screens, all from a seed."""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

Field = NDArray[np.float32]

TILE = 256
"""Side of the grain tile in pixels; textures repeat at it, too far apart to see."""


def noise_tile(rng: Random, side: int = TILE) -> Field:
    """``(side, side) float32`` white noise in -1..1."""
    generator = np.random.Generator(np.random.PCG64(rng.getrandbits(63)))
    return (generator.random((side, side), dtype=np.float32) * 2 - 1).astype(np.float32)


def soft_tile(rng: Random, reach: int, side: int = TILE) -> Field:
    """Noise smoothed over ``reach`` pixels, wrapping at the edges, scaled to about -1..1."""
    tile: Field = noise_tile(rng, side)
    for axis in (0, 1):
        total = tile.copy()
        for shift in range(1, reach + 1):
            total += np.roll(tile, shift, axis) + np.roll(tile, -shift, axis)
        tile = (total / np.float32(2 * reach + 1)).astype(np.float32)
    result: Field = tile / max(1e-6, float(np.abs(tile).max()))
    return result


def paper_grain(image: Image, rng: Random, strength: float, *, fibre: int = 5) -> Image:
    """The RGB image on toothed paper; ``strength`` in 8-bit steps (6 is plain paper, 14 is rough)."""
    from PIL import Image as Images

    pixels = np.asarray(image, dtype=np.uint8)
    height, width = pixels.shape[:2]
    tile = 0.55 * noise_tile(rng) + 0.45 * soft_tile(rng, 1) + 0.6 * soft_tile(rng, fibre)
    rounded = np.round(tile * strength).astype(np.int16)
    out = np.empty_like(pixels)
    for top in range(0, height, TILE):  # strips, so that a large picture needs no large temporary
        strip = pixels[top : top + TILE].astype(np.int16)
        strip += np.tile(rounded, (1, -(-width // TILE)))[: strip.shape[0], :width, None]
        out[top : top + TILE] = np.clip(strip, 0, 255)
    return Images.fromarray(out)


def dot_screen(height: int, width: int, cell: float, angle: float, top: int = 0) -> Field:
    """A round-dot halftone threshold, ``(height, width) float32`` in 0..1, for rows from ``top``."""
    y, x = np.arange(top, top + height)[:, None], np.arange(width)[None, :]
    result: Field = np.full((height, width), 0.5, dtype=np.float32)
    # cos(a + b) by its addition theorem: two outer products cost a tenth of a cosine a pixel.
    for across, down in ((math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))):
        a, b = (x * across * (math.tau / cell)), (y * down * (math.tau / cell))
        result += (0.25 * np.cos(b)).astype(np.float32) * np.cos(a).astype(np.float32)
        result -= (0.25 * np.sin(b)).astype(np.float32) * np.sin(a).astype(np.float32)
    return result
