"""Open country: the grounds of sea, hills, forest, mountain, desert and snow, and what grows there."""

from __future__ import annotations

from core.compose.geometry import Box, ellipse, polygon
from core.engines.draft.poster import props
from core.engines.draft.poster.stage import Detail, Item, Stage, Tier
from core.engines.draft.poster.terrain import dunes, headland, hills, ridge, swell


def lay_sea(stage: Stage, *, land_side: int, big_land: bool) -> None:
    """Far coast, straight horizon, a headland, three rows of waves and a strip of beach."""
    rng, xs, unit = stage.rng, stage.xs(), stage.unit
    deep = stage.room.y1 - stage.horizon
    coast = 0.14 * (stage.horizon - stage.room.y0)
    stage.add_tier(
        "far",
        "far",
        0.2,
        headland(xs, stage.horizon, coast * rng.uniform(0.8, 1.8), rng, -land_side, rng.uniform(0.35, 0.6)),
    )
    stage.add_tier("sea", "far_water", 0.3, xs * 0 + stage.horizon, "water")
    rise = (0.2 if big_land else 0.12) * (stage.horizon - stage.room.y0) + 0.16 * deep
    stage.add_tier(
        "headland",
        "mid",
        0.45,
        headland(xs, stage.horizon + 0.16 * deep, rise + 0.1 * deep, rng, land_side, rng.uniform(0.5, 0.64)),
    )
    length = rng.uniform(9, 15) * unit
    for number, (share, tone) in enumerate((("0.2", "water_1"), ("0.42", "water_2"), ("0.64", "water_3"))):
        base = stage.horizon + float(share) * deep
        tall = unit * (1.1 + 0.75 * number)
        stage.add_tier(
            f"water{number + 1}",
            tone,
            0.5 + 0.12 * number,
            swell(xs, base, tall, length * (0.8 + 0.3 * number), rng),
            "water",
        )
    base = stage.horizon + rng.uniform(0.84, 0.9) * deep
    stage.add_tier("front", "near", 0.95, hills(xs, base, 1.6 * unit, rng, 0.8))


def lay_country(stage: Stage, *, water: bool) -> None:
    """Three rolling hills; with water, a lake in front of the second."""
    rng, xs = stage.rng, stage.xs()
    deep = stage.room.y1 - stage.horizon
    stage.add_tier("far", "far", 0.25, hills(xs, stage.horizon, 0.09 * deep, rng, 1.3))
    stage.add_tier("mid", "mid", 0.45, hills(xs, stage.horizon + 0.24 * deep, 0.11 * deep, rng, 0.9))
    if water:
        _lake(stage, stage.horizon + 0.46 * deep)
    else:
        stage.add_tier("close", "mid_near", 0.65, hills(xs, stage.horizon + 0.5 * deep, 0.1 * deep, rng, 0.8))
    stage.add_tier("front", "near", 0.92, hills(xs, stage.horizon + 0.8 * deep, 0.06 * deep, rng, 0.7))


def lay_forest(stage: Stage, *, water: bool) -> None:
    """A clearing: woods behind, paler with distance."""
    rng, xs = stage.rng, stage.xs()
    deep = stage.room.y1 - stage.horizon
    stage.add_tier("far", "far", 0.2, hills(xs, stage.horizon + 0.05 * deep, 0.05 * deep, rng, 1.4))
    stage.add_tier("mid", "mid", 0.42, hills(xs, stage.horizon + 0.26 * deep, 0.06 * deep, rng, 1.0))
    if water:
        _lake(stage, stage.horizon + 0.48 * deep)
    else:
        stage.add_tier("close", "mid_near", 0.66, hills(xs, stage.horizon + 0.52 * deep, 0.05 * deep, rng, 0.8))
    stage.add_tier("front", "near", 0.92, hills(xs, stage.horizon + 0.82 * deep, 0.05 * deep, rng, 0.7))


def lay_mountain(stage: Stage, *, water: bool) -> None:
    """Two ranges, the farther with snow, and foothills."""
    rng, xs = stage.rng, stage.xs()
    deep, high = stage.room.y1 - stage.horizon, stage.horizon - stage.room.y0
    tall = 0.5 * high
    range_far = stage.add_tier("range", "far", 0.2, ridge(xs, stage.horizon + 0.1 * deep, tall, rng, rng.randint(2, 3)))
    _snow_caps(stage, range_far, tall)
    stage.add_tier("far", "mid_far", 0.35, ridge(xs, stage.horizon + 0.22 * deep, 0.3 * tall, rng, rng.randint(4, 6)))
    stage.add_tier("mid", "mid", 0.5, hills(xs, stage.horizon + 0.36 * deep, 0.08 * deep, rng, 0.9))
    if water:
        _lake(stage, stage.horizon + 0.52 * deep)
    else:
        stage.add_tier("close", "mid_near", 0.7, hills(xs, stage.horizon + 0.56 * deep, 0.06 * deep, rng, 0.8))
    stage.add_tier("front", "near", 0.92, hills(xs, stage.horizon + 0.84 * deep, 0.05 * deep, rng, 0.7))


def lay_desert(stage: Stage, *, water: bool) -> None:
    """Table mountains and dunes with a lit and a dark side."""
    rng, xs = stage.rng, stage.xs()
    deep, high = stage.room.y1 - stage.horizon, stage.horizon - stage.room.y0
    far = stage.add_tier("far", "far", 0.22, xs * 0 + stage.horizon + 0.02 * deep)
    for _ in range(rng.randint(1, 3)):
        x, wide = rng.uniform(stage.art.x0, stage.art.x1), rng.uniform(0.12, 0.26) * stage.art.width
        tall = rng.uniform(0.1, 0.22) * high
        mesa = Item(
            "ground",
            "far",
            0.2,
            polygon(
                (x - wide / 2, far.ys[0] + 4),
                (x - wide * 0.4, far.ys[0] - tall * 0.45),
                (x - wide * 0.36, far.ys[0] - tall),
                (x + wide * 0.34, far.ys[0] - tall),
                (x + wide * 0.39, far.ys[0] - tall * 0.4),
                (x + wide / 2, far.ys[0] + 4),
            ),
        )
        if stage.is_free(mesa.box):
            far.standing.append(mesa)
    stage.add_tier("mid", "mid_far", 0.42, dunes(xs, stage.horizon + 0.3 * deep, 0.2 * deep, rng, 2))
    if water:
        _lake(stage, stage.horizon + 0.5 * deep)
    else:
        stage.add_tier("close", "mid", 0.66, dunes(xs, stage.horizon + 0.6 * deep, 0.18 * deep, rng, 1))
    stage.add_tier("front", "near", 0.92, hills(xs, stage.horizon + 0.85 * deep, 0.05 * deep, rng, 0.6))


def lay_snow(stage: Stage, *, water: bool) -> None:
    """White hills with a wood on the horizon."""
    rng, xs = stage.rng, stage.xs()
    deep, high = stage.room.y1 - stage.horizon, stage.horizon - stage.room.y0
    range_far = stage.add_tier("range", "far", 0.2, ridge(xs, stage.horizon + 0.1 * deep, 0.3 * high, rng, 3))
    _snow_caps(stage, range_far, 0.3 * high)
    stage.add_tier("far", "snow_far", 0.35, hills(xs, stage.horizon + 0.12 * deep, 0.06 * deep, rng, 1.2))
    stage.add_tier("mid", "snow_mid", 0.5, hills(xs, stage.horizon + 0.3 * deep, 0.08 * deep, rng, 0.9))
    if water:
        _lake(stage, stage.horizon + 0.52 * deep)
    else:
        stage.add_tier("close", "snow_near", 0.7, hills(xs, stage.horizon + 0.54 * deep, 0.07 * deep, rng, 0.8))
    stage.add_tier("front", "near", 0.92, hills(xs, stage.horizon + 0.86 * deep, 0.04 * deep, rng, 0.7))


def _lake(stage: Stage, base: float) -> Tier:
    xs, unit = stage.xs(), stage.unit
    stage.add_tier("water1", "water_1", 0.55, xs * 0 + base, "water")
    stage.add_tier(
        "water2",
        "water_2",
        0.62,
        swell(xs, base + 0.09 * (stage.room.y1 - base), 0.5 * unit, 12 * unit, stage.rng),
        "water",
    )
    return stage.add_tier(
        "water3",
        "water_3",
        0.7,
        swell(xs, base + 0.38 * (stage.room.y1 - base), 0.9 * unit, 16 * unit, stage.rng),
        "water",
    )


def _snow_caps(stage: Stage, tier: Tier, tall: float) -> None:
    """White above a zigzag line near the peaks."""
    rng = stage.rng
    line = float(tier.ys.min()) + 0.36 * tall
    zigzag = [(float(x), line + rng.uniform(-0.09, 0.09) * tall) for x in tier.xs[::5]]
    cap = polygon((float(tier.xs[0]), stage.art.y0 - 9), (float(tier.xs[-1]), stage.art.y0 - 9), *zigzag[::-1])
    tier.face.append(Item("overlay", "paper", 0.2, tier.shape(stage.art.y1), details=[Detail(cap, "snow")]))


def dress_land(stage: Stage, kind: str) -> None:
    """Plants where the setting has them, in groups, none in front of a motif or behind the title."""
    rng, unit = stage.rng, stage.unit
    plans = {
        "country": (("far", 0.9, 4.5, 9), ("mid", 0.9, 9, 5), ("front", 1.0, 5, 6)),
        "forest": (("far", 1.0, 22, 16), ("mid", 1.0, 34, 10), ("close", 0.5, 14, 4), ("front", 1.0, 6, 9)),
        "mountain": (("far", 0.7, 5, 12), ("mid", 1.0, 10, 12), ("front", 1.0, 5, 5)),
        "desert": (("mid", 0.5, 7, 2), ("close", 0.7, 13, 2), ("front", 1.0, 4, 5)),
        "snow": (("far", 0.9, 7, 14), ("mid", 0.9, 15, 5), ("front", 1.0, 4, 4)),
        "sea": (("headland", 0.9, 9, 5), ("front", 1.0, 5, 5)),
    }
    if kind == "country" and rng.random() < 0.6:
        _fence_in(stage)
    for name, chance, tall, count in plans[kind]:
        tier = next((t for t in stage.tiers if t.name == name), None)
        if tier is None or rng.random() > chance:
            continue
        for _ in range(rng.randint(max(1, count // 2), count)):
            _plant(stage, tier, kind, name, tall * unit * rng.uniform(0.65, 1.2))


def _fence_in(stage: Stage) -> None:
    """A fence along part of the nearest field."""
    rng, art, unit = stage.rng, stage.art, stage.unit
    tier = stage.tier("close", "mid")
    x0 = art.x0 + rng.choice((-0.02, 0.5)) * art.width
    x1 = x0 + rng.uniform(0.4, 0.6) * art.width
    item = props.fence(x0, x1, tier.flatten(x0, x1), 4.5 * unit, "near", tier.depth)
    if stage.is_free(item.box):
        tier.standing.append(item)


def _plant(stage: Stage, tier: Tier, kind: str, name: str, tall: float) -> None:
    rng = stage.rng
    x = _clump(stage)
    base = tier.height_at(x)
    if name == "headland" and base > stage.horizon:
        return
    tone = {"far": "mid_far", "mid": "mid_near", "headland": "mid_near", "close": "near", "front": "near_dark"}[name]
    depth = tier.depth - 0.02
    if name == "front":
        item = (
            props.rock(x, base, tall * 1.3, rng, tone, depth)
            if rng.random() < 0.2
            else props.tuft(x, base, tall, rng, tone, depth)
        )
    elif kind in ("forest", "mountain", "snow"):
        leafy = kind == "forest" and rng.random() < 0.3
        item = (
            props.leafy(x, base, tall, rng, tone, depth)
            if leafy
            else props.pine(x, base, tall, rng, tone, depth, snow=kind == "snow")
        )
    elif kind == "desert":
        item = props.saguaro(x, base, tall, rng, tone, depth)
    elif kind == "sea":
        item = props.palm(x, base, tall * 1.1, rng, tone, depth)
    else:
        item = props.leafy(x, base, tall, rng, tone, depth)
    item.behind = "far" if name != "far" else "sky_bottom"
    limit = item.box
    if stage.is_free(Box(limit.x0, limit.y0, limit.x1, base), 0.4 * stage.unit):
        tier.standing.append(item)


def _clump(stage: Stage) -> float:
    """An x nearer to the picture's sides than to its middle: plants frame the scene."""
    share = stage.rng.betavariate(0.7, 0.7)
    return stage.art.x0 + share * stage.art.width


def mark_water(stage: Stage) -> None:
    """Short strokes of light on the water, and a path of them under the sun."""
    rng, unit, sun = stage.rng, stage.unit, stage.sun
    for tier in stage.tiers:
        if tier.kind != "water":
            continue
        for _ in range(rng.randint(3, 6)):
            x, wide = rng.uniform(stage.art.x0, stage.art.x1), rng.uniform(3, 9) * unit
            y = tier.height_at(x) + rng.uniform(1.6, 5.5) * unit
            stroke = ellipse(x, y, wide / 2, 0.22 * unit, points=24)
            tier.face.append(Item("ripple", "light", tier.depth, stroke))
    sea = next((tier for tier in stage.tiers if tier.kind == "water"), None)
    if sea is None or sun is None:
        return
    top, y = sea.height_at(sun.x), sea.height_at(sun.x) + 0.9 * unit
    while y < top + 0.2 * stage.art.height and y < stage.room.y1:
        reach = sun.radius * (0.95 - 0.5 * (y - top) / (0.2 * stage.art.height)) * rng.uniform(0.55, 1.0)
        sea.face.append(
            Item(
                "glint",
                "light",
                sea.depth,
                ellipse(sun.x + rng.uniform(-0.15, 0.15) * reach, y, reach, 0.28 * unit, points=28),
            )
        )
        y += rng.uniform(1.0, 1.6) * unit


def frame_front(stage: Stage) -> None:
    """Half the time one large dark thing at the very front, at a side: it gives the picture depth."""
    rng, room, unit = stage.rng, stage.room, stage.unit
    setting = stage.scene.setting
    make = {
        "sea": props.palm,
        "country": props.leafy,
        "forest": props.pine,
        "mountain": props.pine,
        "snow": props.pine,
        "desert": props.saguaro,
    }.get(setting.value)
    if make is None or rng.random() < 0.4:
        return
    side = -1 if stage.hero_at > 0.5 else 1
    tier = stage.tier("front")
    for tall in (0.72, 0.58, 0.44):
        size = min(tall * room.height, 0.9 * room.width) * rng.uniform(0.92, 1.05)
        for inset in (0.02, -0.04, -0.09):
            x = (room.x0 + inset * room.width) if side < 0 else (room.x1 - inset * room.width)
            item = make(x, tier.height_at(x) + 2 * unit, size, rng, "near_dark", 0.97)
            shown = item.box.meet(stage.art).width / item.box.width
            if shown > 0.6 and stage.is_free(item.box, 0.5 * unit):
                item.behind = "mid"
                stage.tiers[-1].standing.append(item)
                return
