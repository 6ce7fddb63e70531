"""A scene becomes a stage: room, horizon, sun, grounds, motifs, dressing, in that order."""

from __future__ import annotations

from random import Random

from core.compose.geometry import Box
from core.domain.generation import Scene, Setting, Style, TimeOfDay
from core.engines.draft.poster import builtscapes, landscapes, props, studio, swiss
from core.engines.draft.poster.casting import AS_CLOUDS, AS_STARS, AS_WATER, SKY_BODIES, Part, cast_motifs, place_motifs
from core.engines.draft.poster.landscapes import frame_front
from core.engines.draft.poster.layout import Layout
from core.engines.draft.poster.stage import Stage, Sun


def compose(scene: Scene, layout: Layout, style: Style, rng: Random) -> Stage:
    """Everything that is in the picture, and where."""
    room = layout.room
    art = layout.art
    share = rng.uniform(0.48, 0.7) if scene.setting in (Setting.SEA, Setting.ROAD) else rng.uniform(0.44, 0.62)
    if scene.setting is Setting.INTERIOR:
        share = rng.uniform(0.62, 0.7)
    if scene.setting is Setting.SPACE:
        share = rng.uniform(0.66, 0.76)
    parts = cast_motifs(scene.motifs)
    stage = Stage(scene, layout, rng, art, room, room.y0 + share * room.height)
    stage.light_from = rng.choice((-1, 1))
    if style is Style.TIPOGRAFICO:
        swiss.arrange(stage, parts)
        return stage
    if scene.setting is Setting.INTERIOR and not layout.text_boxes:
        studio.arrange(stage, parts)
        return stage
    narrow = room.height / room.width > 1.5
    stage.hero_at = rng.choice((0.4, 0.5, 0.6) if narrow else (0.3, 0.38, 0.5, 0.62, 0.7))
    if scene.setting is Setting.INTERIOR:
        stage.hero_at = rng.choice((0.32, 0.37, 0.63, 0.68))
    stage.sun = _raise_sun(stage, parts)
    _lay_grounds(stage, parts)
    place_motifs(stage, parts)
    _dress(stage)
    frame_front(stage)
    _fill_sky(stage)
    return stage


def _raise_sun(stage: Stage, parts: list[Part]) -> Sun | None:
    rng, room, scene = stage.rng, stage.room, stage.scene
    asked = next((SKY_BODIES[name] for name in scene.motifs if name in SKY_BODIES), "")
    if scene.setting is Setting.SPACE and not asked:
        return None
    time = scene.time_of_day
    high = stage.horizon - room.y0
    side = min(room.width, room.height)
    moon = (time is TimeOfDay.NIGHT and asked != "sun") or asked in ("moon", "crescent")
    if moon:
        radius = side * rng.uniform(0.09, 0.15) * (1.3 if asked else 1.0)
        y = room.y0 + max(radius * 1.2, high * rng.uniform(0.2, 0.38))
    elif time is TimeOfDay.DAY:
        radius = side * rng.uniform(0.09, 0.15)
        y = room.y0 + max(radius * 1.15, high * rng.uniform(0.18, 0.4))
    else:
        radius = side * rng.uniform(0.17, 0.25)
        y = stage.horizon - radius * rng.uniform(0.15, 0.8)
    radius = min(radius, 0.45 * high)
    # A disc behind the hero is the strongest picture; else it balances the other side.
    across = stage.hero_at if rng.random() < 0.42 else rng.choice((0.22, 0.32, 0.68, 0.78))
    if scene.setting is Setting.INTERIOR:
        across = 0.26 if stage.hero_at > 0.5 else 0.74
    x = room.x0 + room.width * across
    stage.light_from = -1 if x < room.cx else 1
    crescent = moon and (asked == "crescent" or (asked == "" and rng.random() < 0.5))
    return Sun(x, max(y, room.y0 + radius * 1.1), radius, moon, crescent)


def _lay_grounds(stage: Stage, parts: list[Part]) -> None:
    setting = stage.scene.setting
    water = any(part.role == "water" for part in parts) or any(name in AS_WATER for name in stage.scene.motifs)
    if setting is Setting.SEA:
        landed = bool(parts) and parts[0].role == "ground"
        landscapes.lay_sea(stage, land_side=stage.rng.choice((-1, 1)), big_land=landed)
    elif setting is Setting.INTERIOR:
        builtscapes.lay_interior(stage)
    elif setting is Setting.SPACE:
        builtscapes.lay_space(stage)
    else:
        lay = {
            Setting.COUNTRY: landscapes.lay_country,
            Setting.FOREST: landscapes.lay_forest,
            Setting.MOUNTAIN: landscapes.lay_mountain,
            Setting.DESERT: landscapes.lay_desert,
            Setting.SNOW: landscapes.lay_snow,
            Setting.CITY: builtscapes.lay_city,
            Setting.ROAD: builtscapes.lay_road,
        }[setting]
        lay(stage, water=water)


def _dress(stage: Stage) -> None:
    setting = stage.scene.setting
    if setting is Setting.CITY:
        builtscapes.dress_city(stage)
    elif setting is Setting.INTERIOR:
        builtscapes.dress_interior(stage)
    elif setting is Setting.SPACE:
        builtscapes.dress_space(stage)
    elif setting is not Setting.ROAD:
        landscapes.dress_land(stage, setting.value)
    if setting is Setting.SEA:
        _village(stage)
    landscapes.mark_water(stage)


def _village(stage: Stage) -> None:
    """A few houses on the headland, where the motifs leave room."""
    rng, tier = stage.rng, stage.tier("headland")
    for _ in range(rng.randint(3, 6)):
        x = rng.uniform(stage.art.x0, stage.art.x1)
        wide = rng.uniform(4.5, 7.5) * stage.unit
        base = tier.height_at(x)
        item = props.house(x, base, wide, rng, rng.choice(("paper", "light", "sand")), tier.depth - 0.02)
        box = item.box
        if base < stage.horizon and stage.is_free(Box(box.x0, box.y0, box.x1, base), 0.3 * stage.unit):
            tier.flatten(x - wide * 0.4, x + wide * 0.4)
            tier.standing.insert(0, item)


def _fill_sky(stage: Stage) -> None:
    """Clouds, birds or stars in the free part of the sky."""
    scene = stage.scene
    if stage.indoors:
        return
    dark = scene.time_of_day is TimeOfDay.NIGHT or scene.setting is Setting.SPACE
    if dark or AS_STARS & set(scene.motifs):
        _sow_stars(stage)
    if scene.setting is Setting.SPACE:
        return
    _hang_clouds(stage)
    if not dark and scene.setting is not Setting.SNOW:
        _fly_birds(stage)


def _sow_stars(stage: Stage) -> None:
    rng, unit, art = stage.rng, stage.unit, stage.art
    for _ in range(rng.randint(26, 44) if stage.scene.setting is not Setting.SPACE else 90):
        x, y = rng.uniform(art.x0, art.x1), art.y0 + rng.uniform(0.02, 0.95) * (stage.horizon - art.y0)
        item = props.star(x, y, rng.uniform(0.16, 0.34) * unit, points=0)
        if rng.random() < 0.14:
            item = props.star(x, y, rng.uniform(0.8, 1.5) * unit)
        if stage.is_free(item.box, 0.4 * unit) and not _in_sun(stage, x, y, 1.2):
            stage.sky.insert(0, item)


def _hang_clouds(stage: Stage) -> None:
    rng, room, unit = stage.rng, stage.room, stage.unit
    high = stage.horizon - room.y0
    for _ in range(rng.randint(1, 3) + (2 if AS_CLOUDS & set(stage.scene.motifs) else 0)):
        x, y = room.x0 + rng.uniform(0.05, 0.95) * room.width, room.y0 + rng.uniform(0.12, 0.62) * high
        item = props.cloud(x, y, rng.uniform(13, 26) * unit, rng)
        others = [other for other in stage.sky if other.kind == "cloud"]
        if stage.is_free(item.box, unit) and not any(item.box.pad(unit).overlaps(other.box) for other in others):
            stage.sky.append(item)


def _fly_birds(stage: Stage) -> None:
    rng, room, unit = stage.rng, stage.room, stage.unit
    x = room.x0 + rng.uniform(0.2, 0.8) * room.width
    y = room.y0 + rng.uniform(0.2, 0.5) * (stage.horizon - room.y0)
    for _ in range(rng.randint(0, 4)):
        item = props.bird(x, y + rng.uniform(-3, 3) * unit, rng.uniform(3.2, 5) * unit)
        x += rng.uniform(4.5, 7) * unit
        alone = not any(other.box.overlaps(item.box) for other in stage.sky)
        if alone and item.box.x1 < stage.art.x1 and stage.is_free(item.box, unit):
            stage.sky.append(item)


def _in_sun(stage: Stage, x: float, y: float, share: float) -> bool:
    sun = stage.sun
    return sun is not None and (x - sun.x) ** 2 + (y - sun.y) ** 2 < (share * sun.radius) ** 2
