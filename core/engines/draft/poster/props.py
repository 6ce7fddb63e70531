"""Things a stage is dressed with, drawn by rule: houses, trees, clouds, birds, lamps, stars, planets."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from core.compose.geometry import Shape, ellipse, move, polygon, rectangle, scale, smooth
from core.engines.draft.poster.stage import Detail, Item


def cloud(x: float, y: float, wide: float, rng: Random) -> Item:
    """A flat-bottomed cloud of three to five humps, centred on x, standing on y."""
    humps = rng.randint(3, 5)
    points = [(x - wide / 2, y)]
    for number in range(humps):
        cx = x - wide / 2 + wide * (number + 0.5) / humps
        tall = wide * rng.uniform(0.14, 0.2) * (1.6 if 0 < number < humps - 1 else 1.0)
        arc = np.linspace(math.pi, 0, 12)
        points += [(cx + wide / humps * 0.62 * math.cos(a), y - tall * math.sin(a) ** 0.8) for a in arc]
    points.append((x + wide / 2, y))
    outline = polygon(*points) + polygon(
        (x - wide * 0.52, y - wide * 0.03),
        (x + wide * 0.52, y - wide * 0.03),
        (x + wide * 0.5, y + wide * 0.015),
        (x - wide * 0.5, y + wide * 0.015),
    )
    shade = rectangle(x - wide, y - wide * 0.07, x + wide, y + wide)
    return Item("cloud", "cloud", 0.05, outline, details=[Detail(shade, "shade")], behind="sky_top")


def bird(x: float, y: float, wide: float) -> Item:
    """A gull: two strokes of a brush."""
    top = [(-0.5, -0.1), (-0.28, -0.26), (-0.08, -0.12), (0, 0.0), (0.1, -0.13), (0.3, -0.27), (0.5, -0.14)]
    low = [(0.3, -0.19), (0.12, -0.05), (0, 0.1), (-0.1, -0.04), (-0.28, -0.18)]
    curve = smooth([(x + a * wide, y + b * wide) for a, b in top + low], steps=5)
    return Item("bird", "near", 0.1, (curve,))


def star(x: float, y: float, r: float, *, points: int = 4) -> Item:
    """A star; small ones are best as dots (``points`` 0)."""
    if not points:
        return Item("star", "light", 0.0, ellipse(x, y, r, points=12))
    angles = np.arange(points * 2) * math.pi / points - math.pi / 2
    radii = np.where(np.arange(points * 2) % 2 == 0, r, r * (0.3 if points == 4 else 0.45))
    return Item("star", "light", 0.0, (np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], 1),))


def house(x: float, base: float, wide: float, rng: Random, tone: str, depth: float) -> Item:
    """A small house with a pitched roof, a door and windows."""
    tall, roof = wide * rng.uniform(0.5, 0.8), wide * rng.uniform(0.32, 0.5)
    left, right, eave = x - wide / 2, x + wide / 2, base - tall
    over = 0.07 * wide
    gable = rng.random() < 0.55
    ridge_left, ridge_right = (x, x) if gable else (left + 0.15 * wide, right - 0.15 * wide)
    roof_shape = polygon(
        (left - over, eave), (ridge_left, eave - roof), (ridge_right, eave - roof), (right + over, eave)
    )
    walls = rectangle(left, eave - 1, right, base + wide * 0.3)
    chimney = rectangle(x + 0.18 * wide, eave - roof, x + 0.29 * wide, eave) if rng.random() < 0.5 else ()
    door_x = x + rng.choice((-0.2, 0.0, 0.22)) * wide
    door = rectangle(door_x - 0.09 * wide, base - 0.36 * wide, door_x + 0.09 * wide, base + wide)
    details = [Detail(roof_shape, rng.choice(("accent", "shade", "shade"))), Detail(door, "shade")]
    for dx in (-0.3, 0.3, 0.02):
        if abs(x + dx * wide - door_x) > 0.22 * wide:
            wx, wy = x + dx * wide, base - tall * 0.6
            details.append(
                Detail(rectangle(wx - 0.08 * wide, wy - 0.1 * wide, wx + 0.08 * wide, wy + 0.1 * wide), "cut")
            )
    return Item("building", tone, depth, walls + roof_shape + chimney, details=details)


def tower(x: float, base: float, wide: float, tall: float, rng: Random, tone: str, depth: float) -> Item:
    """A city building with a roof of some kind and a grid of windows, some of them lit."""
    left, right, top = x - wide / 2, x + wide / 2, base - tall
    outline = rectangle(left, top, right, base + wide)
    roof = rng.randrange(5)
    if roof == 0:
        outline += rectangle(x - wide * 0.3, top - wide * 0.18, x + wide * 0.3, top + 1)
    elif roof == 1:
        outline += rectangle(x + wide * 0.12, top - wide * 0.6, x + wide * 0.16, top + 1)
    elif roof == 2:
        outline += polygon((left, top + 1), (right, top - wide * 0.35), (right, top + 1))
    elif roof == 3:
        tank_x, r = x - wide * 0.12, wide * 0.16
        outline += rectangle(tank_x - r, top - 2.2 * r, tank_x + r, top - 0.5 * r)
        outline += polygon(
            (tank_x - r * 1.15, top - 2.2 * r), (tank_x, top - 3 * r), (tank_x + r * 1.15, top - 2.2 * r)
        )
        outline += rectangle(tank_x - r * 0.7, top - r, tank_x - r * 0.5, top + 1)
        outline += rectangle(tank_x + r * 0.5, top - r, tank_x + r * 0.7, top + 1)
    columns = max(2, min(6, round(wide / max(1.0, tall) * 9)))
    cell = wide / (columns + 0.6)
    rows = max(1, int((tall - cell * 0.6) / (cell * 1.25)))
    lit: list[Shape] = []
    for row in range(min(rows, 14)):
        for column in range(columns):
            if rng.random() < 0.5:
                wx, wy = left + cell * (0.3 + column + 0.22), top + cell * (0.7 + row * 1.25)
                lit.append(rectangle(wx, wy, wx + cell * 0.5, wy + cell * 0.68))
    details = [Detail(rectangle(x + wide * rng.uniform(0.1, 0.25), top - wide, right + 1, base + wide), "shade")]
    if lit:
        details.append(Detail(sum(lit, ()), "cut"))
    return Item("building", tone, depth, outline, details=details)


def leafy(x: float, base: float, tall: float, rng: Random, tone: str, depth: float) -> Item:
    """A round-crowned tree."""
    crown_y, r = base - tall * 0.66, tall * 0.32
    lobes = [
        (x + math.cos(a) * r * rng.uniform(0.85, 1.1), crown_y + math.sin(a) * r * rng.uniform(0.9, 1.15))
        for a in np.linspace(0, math.tau, 9, endpoint=False)
    ]
    trunk = polygon(
        (x - tall * 0.035, base + tall * 0.08),
        (x - tall * 0.02, crown_y),
        (x + tall * 0.02, crown_y),
        (x + tall * 0.035, base + tall * 0.08),
    )
    crown = (smooth(lobes, steps=6),)
    shade = ellipse(x + r * 0.45, crown_y + r * 0.4, r * 0.95)
    branch = polygon((x - tall * 0.012, base), (x, crown_y - r * 0.2), (x + tall * 0.012, base)) + polygon(
        (x, crown_y + r * 0.55), (x + r * 0.42, crown_y), (x + tall * 0.008, crown_y + r * 0.7)
    )
    return Item("plant", tone, depth, crown + trunk, details=[Detail(shade, "shade"), Detail(branch, "line")])


def pine(x: float, base: float, tall: float, rng: Random, tone: str, depth: float, *, snow: bool = False) -> Item:
    """A conifer of three to four storeys."""
    storeys = rng.randint(3, 4)
    wide = tall * rng.uniform(0.36, 0.46)
    left: list[tuple[float, float]] = []
    for number in range(storeys):
        y = base - tall * (1 - (number + 1) / storeys * 0.9)
        half = wide / 2 * (0.42 + 0.58 * (number + 1) / storeys)
        left += [(half, y), (half * 0.52, y - tall * 0.01)]
    left.pop()
    outline = [(x, base - tall)] + [(x - a, b) for a, b in left] + [(x + a, b) for a, b in left[::-1]]
    trunk = rectangle(x - wide * 0.06, base - tall * 0.12, x + wide * 0.06, base + tall * 0.08)
    details = [Detail(rectangle(x + wide * 0.04, base - tall * 2, x + wide, base + tall), "shade")]
    if snow:
        cap = polygon(
            (x, base - tall * 1.02),
            (x - wide * 0.2, base - tall * 0.74),
            (x - wide * 0.05, base - tall * 0.79),
            (x + wide * 0.04, base - tall * 0.72),
            (x + wide * 0.2, base - tall * 0.75),
        )
        details.append(Detail(cap, "paper"))
    return Item("plant", tone, depth, polygon(*outline) + trunk, details=details)


def palm(x: float, base: float, tall: float, rng: Random, tone: str, depth: float) -> Item:
    """A coconut palm that leans."""
    lean = rng.choice((-1, 1)) * rng.uniform(0.08, 0.22) * tall
    top_x, top_y = x + lean, base - tall * 0.8
    thick = tall * 0.026
    spine = smooth([(x, base + tall * 0.05), (x + lean * 0.25, base - tall * 0.4), (top_x, top_y)], closed=False)
    taper = np.linspace(1.25, 0.7, len(spine))[:, None] * np.array([[thick, 0.0]])
    outline: Shape = (np.concatenate([spine - taper, (spine + taper)[::-1]]),)
    for number in range(9):
        angle = math.radians(-180 + number * 22.5 + rng.uniform(-6, 6))
        reach = tall * rng.uniform(0.34, 0.42)
        across, rise = math.cos(angle), -math.sin(angle)
        hang = 0.34 * abs(across) + 0.06
        peak = (top_x + across * reach * 0.5, top_y - rise * reach * 0.55 - reach * 0.1)
        tip = (top_x + across * reach, top_y - rise * reach * 0.5 + reach * hang)
        under = (top_x + across * reach * 0.5, top_y - rise * reach * 0.4 + reach * 0.08)
        frond = smooth([(top_x, top_y - thick), peak, tip], closed=False)
        back = smooth([tip, under, (top_x, top_y + thick)], closed=False)
        outline += (np.concatenate([frond, back]),)
    outline += ellipse(top_x - thick, top_y + 1.6 * thick, 1.3 * thick) + ellipse(
        top_x + thick, top_y + 1.4 * thick, 1.2 * thick
    )
    return Item("plant", tone, depth, outline, details=[])


def tuft(x: float, base: float, tall: float, rng: Random, tone: str, depth: float) -> Item:
    """Blades of grass or reeds."""
    outline: Shape = ()
    for _ in range(rng.randint(4, 7)):
        root, bend = x + rng.uniform(-0.4, 0.4) * tall, rng.uniform(-0.5, 0.5) * tall
        top = base - tall * rng.uniform(0.55, 1.0)
        middle = (base + top) / 2
        blade = smooth(
            [(root - 0.05 * tall, base + 0.2 * tall), (root + bend * 0.25 - 0.03 * tall, middle), (root + bend, top)],
            closed=False,
            steps=5,
        )
        back = smooth(
            [(root + bend, top), (root + bend * 0.25 + 0.05 * tall, middle), (root + 0.07 * tall, base + 0.2 * tall)],
            closed=False,
            steps=5,
        )
        outline += (np.concatenate([blade, back]),)
    return Item("plant", tone, depth, outline)


def saguaro(x: float, base: float, tall: float, rng: Random, tone: str, depth: float) -> Item:
    """A cactus with two arms."""
    w = tall * 0.085

    def column(cx: float, y0: float, y1: float, half: float) -> Shape:
        arc = np.linspace(math.pi, math.tau, 14)
        return polygon(
            *[(cx + half * math.cos(a), y0 + half + half * math.sin(a)) for a in arc], (cx + half, y1), (cx - half, y1)
        )

    outline = column(x, base - tall, base + tall * 0.1, w)
    for sign in (-1, 1):
        elbow, top = base - tall * rng.uniform(0.32, 0.5), base - tall * rng.uniform(0.62, 0.82)
        arm_x = x + sign * tall * 0.24
        outline += column(arm_x, top, elbow, w * 0.75)
        outline += rectangle(min(x, arm_x - w * 0.75), elbow - w * 1.2, max(x, arm_x + w * 0.75), elbow)
    details = [Detail(rectangle(x + w * 0.25, base - tall * 2, x + w * 1.02, base + tall), "shade")]
    return Item("plant", tone, depth, outline, details=details)


def rock(x: float, base: float, wide: float, rng: Random, tone: str, depth: float) -> Item:
    """A boulder with a lit and a dark side."""
    points = [(-0.5, 0.1), (-0.42, -0.2), (-0.15, -0.42 - rng.random() * 0.15), (0.2, -0.36), (0.44, -0.14), (0.5, 0.1)]
    outline = polygon(*[(x + a * wide, base + b * wide * 0.9) for a, b in points])
    shade = polygon(
        (x + 0.05 * wide, base - wide), (x + wide, base - wide), (x + wide, base + wide), (x - 0.1 * wide, base + wide)
    )
    return Item("prop", tone, depth, outline, details=[Detail(shade, "shade")])


def lamp_post(x: float, base: float, tall: float, tone: str, depth: float, side: int = 1) -> Item:
    """A street lamp; its head is a hole that the style lights."""
    w = tall * 0.018
    arm = rectangle(min(x, x + side * tall * 0.2), base - tall, max(x, x + side * tall * 0.2), base - tall + 1.6 * w)
    head_x = x + side * tall * 0.2
    head = polygon(
        (head_x - tall * 0.05, base - tall + w),
        (head_x + tall * 0.05, base - tall + w),
        (head_x + tall * 0.075, base - tall * 0.93),
        (head_x - tall * 0.075, base - tall * 0.93),
    )
    outline = rectangle(x - w, base - tall, x + w, base + tall * 0.1) + arm + head
    bulb = ellipse(head_x, base - tall * 0.93, tall * 0.05, tall * 0.035)
    return Item("lamp", tone, depth, outline, details=[Detail(bulb, "glow", clipped=False)])


def pole(x: float, base: float, tall: float, tone: str, depth: float) -> Item:
    """A telegraph pole."""
    w = tall * 0.022
    outline = rectangle(x - w, base - tall, x + w, base + tall * 0.1)
    outline += rectangle(x - tall * 0.16, base - tall * 0.9, x + tall * 0.16, base - tall * 0.86)
    return Item("prop", tone, depth, outline)


def fence(x0: float, x1: float, base: float, tall: float, tone: str, depth: float) -> Item:
    """Posts and two rails."""
    outline: Shape = rectangle(x0, base - tall * 0.78, x1, base - tall * 0.66) + rectangle(
        x0, base - tall * 0.42, x1, base - tall * 0.3
    )
    count = max(2, round((x1 - x0) / (tall * 1.1)))
    for number in range(count + 1):
        x = x0 + (x1 - x0) * number / count
        outline += rectangle(x - tall * 0.08, base - tall, x + tall * 0.08, base + tall * 0.3)
    return Item("prop", tone, depth, outline)


def planet(x: float, y: float, r: float, rng: Random, tone: str) -> Item:
    """A planet with bands or craters, sometimes a ring."""
    outline = ellipse(x, y, r, points=120)
    details = [Detail(ellipse(x + r * 0.42, y + r * 0.32, r * 1.06, points=120), "shade")]
    if rng.random() < 0.5:
        for _ in range(5):
            a, d, c = rng.uniform(0, math.tau), rng.uniform(0, 0.75) * r, rng.uniform(0.06, 0.17) * r
            details.append(Detail(ellipse(x + math.cos(a) * d, y + math.sin(a) * d, c), "shade"))
    else:
        for offset in (-0.5, -0.12, 0.34):
            band = ellipse(x, y + offset * r, r * 1.3, r * rng.uniform(0.05, 0.12), turn=-0.3)
            details.append(Detail(band, "light"))
    return Item("planet", tone, 0.05, outline, details=details)


def ring(x: float, y: float, r: float, tilt: float = -0.3) -> tuple[Item, Item]:
    """A planet's ring as its far and near halves."""
    angle = np.linspace(math.pi, math.tau, 60)
    outer = np.stack([np.cos(angle) * r * 1.75, np.sin(angle) * r * 0.42], 1)
    inner = np.stack([np.cos(angle) * r * 1.35, np.sin(angle) * r * 0.3], 1)[::-1]
    half = np.concatenate([outer, inner])
    turned = half @ np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
    back: Shape = (turned,)
    front = scale(back, -1, -1)
    return (
        Item("planet", "light", 0.04, move(back, x, y)),
        Item("planet", "light", 0.06, move(front, x, y)),
    )
