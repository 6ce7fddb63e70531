"""Shapes that several styles draw: the crescent, rays, hatching."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from core.compose.geometry import Box, Points, Shape, holds, polygon


def crescent(x: float, y: float, r: float) -> Shape:
    """A waxing moon."""
    outer = np.linspace(math.radians(60), math.radians(300), 60)
    inner = np.linspace(math.radians(285), math.radians(75), 50)
    edge = np.stack([x + r * np.cos(outer), y + r * np.sin(outer)], 1)
    hollow = np.stack([x + 0.28 * r + 0.86 * r * np.cos(inner), y + 0.86 * r * np.sin(inner)], 1)
    return (np.concatenate([edge, hollow]),)


def rays(x: float, y: float, near: float, far: float, count: int, rng: Random, share: float = 0.42) -> Shape:
    """Wedges that point at (x, y), each ``share`` of its sector wide at the far end, uneven as if carved."""
    wedges: Shape = ()
    for number in range(count):
        middle = math.tau * (number + rng.uniform(-0.12, 0.12)) / count
        half = math.pi / count * share * rng.uniform(0.75, 1.25)
        start, end = near * rng.uniform(1.0, 1.12), far * rng.uniform(0.8, 1.0)
        points = []
        for distance, spread in ((start, half * 0.35), (end, half)):
            points.append((x + distance * math.cos(middle - spread), y + distance * math.sin(middle - spread)))
        for distance, spread in ((end, half), (start, half * 0.35)):
            points.append((x + distance * math.cos(middle + spread), y + distance * math.sin(middle + spread)))
        wedges += polygon(*points)
    return wedges


def cut_line(line: Points, thick: float, rng: Random, *, broken: float = 0.3) -> Shape:
    """A line as a gouge leaves it: pieces that swell and taper, ``broken`` of it left uncut."""
    pieces: Shape = ()
    start, total = 0, len(line)
    while start < total - 3:
        end = min(total, start + rng.randint(8, 26))
        piece = line[start:end]
        if len(piece) >= 4:
            swell = np.sin(np.linspace(0.12, math.pi - 0.12, len(piece)))[:, None] * thick * rng.uniform(0.6, 1.0) / 2
            along = np.gradient(piece, axis=0)
            across = np.stack([-along[:, 1], along[:, 0]], 1)
            across /= np.maximum(1e-6, np.hypot(across[:, 0], across[:, 1]))[:, None]
            pieces += (np.concatenate([piece + across * swell, (piece - across * swell)[::-1]]),)
        start = end + (round(rng.uniform(1, 9) * broken * 2) if rng.random() < 0.75 else 0)
    return pieces


def hatch(box: Box, gap: float, thick: float, angle: float, rng: Random, *, inside: Shape) -> Shape:
    """Parallel gouge cuts over what of ``inside`` is in a box."""
    reach = math.hypot(box.width, box.height) / 2 + gap
    count = max(2, int(2 * reach / gap))
    cuts: Shape = ()
    for number in range(count):
        offset = -reach + 2 * reach * (number + 0.5 + rng.uniform(-0.18, 0.18)) / count
        t = np.linspace(-reach, reach, 52)
        bow = 0.02 * reach * np.sin(t / reach * 2 + number)
        x = box.cx + t * math.cos(angle) - (offset + bow) * math.sin(angle)
        y = box.cy + t * math.sin(angle) + (offset + bow) * math.cos(angle)
        line = np.stack([x, y], 1)
        held = holds(inside, line) & (x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)
        for run in np.split(np.arange(len(line)), np.flatnonzero(np.diff(held)) + 1):
            if held[run[0]] and len(run) > 3:
                cuts += cut_line(line[run], thick, rng, broken=0.12)
    return cuts
