"""The picture sizes that SDXL was trained on; anything else it paints with doubled heads and cut limbs."""

from __future__ import annotations

import math

TRAINED_SIDE = 1024
"""Pixels: the side of SDXL's square bucket; a model of another size has the same shapes at its own."""

SMALLER = 0.75
"""How long the sides are of the bucket that is painted when memory is short; it takes about half the memory."""

SHAPES = (
    (2048, 512), (1984, 512), (1920, 512), (1856, 512), (1792, 576), (1728, 576), (1664, 576), (1600, 640),
    (1536, 640), (1472, 704), (1408, 704), (1344, 704), (1344, 768), (1280, 768), (1216, 832), (1152, 832),
    (1152, 896), (1088, 896), (1088, 960), (1024, 960), (1024, 1024), (960, 1024), (960, 1088), (896, 1088),
    (896, 1152), (832, 1152), (832, 1216), (768, 1280), (768, 1344), (704, 1344), (704, 1408), (704, 1472),
    (640, 1536), (640, 1600), (576, 1664), (576, 1728), (576, 1792), (512, 1856), (512, 1920), (512, 1984),
    (512, 2048),
)  # fmt: skip
"""Width and height in pixels, the widest first.

Source: Podell et al., "SDXL: Improving Latent Diffusion Models for High-Resolution Image Synthesis" (2023), appendix I.
"""


def nearest_bucket(width: int, height: int, side: int = TRAINED_SIDE) -> tuple[int, int]:
    """Width and height in pixels of the trained size whose shape is nearest to ``width`` × ``height``.

    Args:
        side: the side of the square that the model was trained on.
    """
    wanted = math.log(width / height)
    wide, tall = min(SHAPES, key=lambda shape: abs(math.log(shape[0] / shape[1]) - wanted))
    return _scale(wide, tall, side / TRAINED_SIDE)


def smaller_bucket(width: int, height: int) -> tuple[int, int]:
    """The same shape with sides a quarter shorter."""
    return _scale(width, height, SMALLER)


def _scale(width: int, height: int, factor: float) -> tuple[int, int]:
    """In whole latents (8 pixels) that the UNet can halve twice where the sides are long enough for it."""
    grain = 32 if min(width, height) * factor >= 256 else 8
    return max(grain, round(width * factor / grain) * grain), max(grain, round(height * factor / grain) * grain)
