"""Colours as ``#rrggbb``: mixing in OKLab, where a half-way mix looks half-way, and WCAG contrast.

Source: Björn Ottosson, https://bottosson.github.io/posts/oklab/
"""

from __future__ import annotations

import math
from functools import lru_cache

Oklch = tuple[float, float, float]


def rgb(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def to_hex(red: float, green: float, blue: float) -> str:
    """0..255 as ``#rrggbb``, clipped."""
    return "#" + "".join(f"{min(255, max(0, round(value))):02x}" for value in (red, green, blue))


def _linear(value: float) -> float:
    value /= 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _gamma(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return 255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)


@lru_cache(maxsize=4096)
def oklch(colour: str) -> Oklch:
    """Lightness 0..1, chroma, hue in radians."""
    r, g, b = (_linear(value) for value in rgb(colour))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    bb = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return light, math.hypot(a, bb), math.atan2(bb, a)


def from_oklch(light: float, chroma: float, hue: float) -> str:
    """The nearest ``#rrggbb``; channels out of gamut are clipped."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return to_hex(
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def mix(first: str, second: str, share: float) -> str:
    """``first`` with ``share`` (0..1) of ``second``, in OKLab."""
    (l1, c1, h1), (l2, c2, h2) = oklch(first), oklch(second)
    a = c1 * math.cos(h1) * (1 - share) + c2 * math.cos(h2) * share
    b = c1 * math.sin(h1) * (1 - share) + c2 * math.sin(h2) * share
    return from_oklch(l1 * (1 - share) + l2 * share, math.hypot(a, b), math.atan2(b, a))


def tone(colour: str, *, lightness: float = 0.0, chroma: float = 1.0) -> str:
    """The colour with OKLab lightness shifted and chroma scaled."""
    light, c, hue = oklch(colour)
    return from_oklch(min(0.99, max(0.03, light + lightness)), c * chroma, hue)


def at_lightness(colour: str, lightness: float, chroma: float = 1.0) -> str:
    """The colour's hue at a given OKLab lightness."""
    _, c, hue = oklch(colour)
    return from_oklch(lightness, c * chroma, hue)


def luminance(colour: str) -> float:
    """WCAG relative luminance, 0..1. Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    r, g, b = (_linear(value) for value in rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio, 1..21."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def distance(first: str, second: str) -> float:
    """How different two colours look: Euclid in OKLab, 0 to about 1; lightness counts most."""
    (l1, c1, h1), (l2, c2, h2) = oklch(first), oklch(second)
    a = c1 * math.cos(h1) - c2 * math.cos(h2)
    b = c1 * math.sin(h1) - c2 * math.sin(h2)
    return math.sqrt((l1 - l2) ** 2 * 1.6 + a * a + b * b)


def legible(colour: str, dark: str, pale: str, ratio: float = 5.4) -> str:
    """The colour, lightened or darkened as little as lets ``dark`` or ``pale`` text reach ``ratio`` on it."""
    light = oklch(colour)[0]
    for step in range(60):
        for moved in (light + 0.012 * step, light - 0.012 * step):
            tried = at_lightness(colour, min(0.97, max(0.08, moved)))
            if max(contrast(tried, dark), contrast(tried, pale)) >= ratio:
                return tried if step else colour
    return pale
