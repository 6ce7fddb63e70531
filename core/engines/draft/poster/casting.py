"""Motifs find their place: the hero large, the others smaller, each on ground that bears it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.compose.geometry import Box, Shape, bounds, ellipse, move, polygon, scale
from core.domain.generation import Setting
from core.engines.draft.poster.drawings import load_drawing
from core.engines.draft.poster.icons import has_icon, load_icon, place
from core.engines.draft.poster.stage import Detail, Item, Stage, Tier

SKY_BODIES = {
    "sun": "sun",
    "sunrise": "sun",
    "sunset": "sun",
    "moon": "crescent",
    "full moon": "moon",
}
"""Motifs that are the sun or the moon of the picture, not an icon in it."""

AS_WATER = {"waves", "river", "lake"}
AS_STARS = {"star", "shooting star"}
AS_CLOUDS = {"cloud", "fog", "wind"}

SUNK = {"water": 0.16, "ground": 0.03, "figure": 0.02, "foreground": 0.035, "sky": 0.0}
"""How far a motif is set into its ground, as a share of its height."""

WIDE_HEROES = {"giant wave"}

MOTIFS_SHOWN = 4


@dataclass(frozen=True)
class Part:
    """A motif with a part to play."""

    name: str
    icon: str
    role: str

    @property
    def aspect(self) -> float:
        """Width for height 1."""
        drawing = load_drawing(self.name)
        return drawing.aspect if drawing else load_icon(self.icon).aspect


def cast_motifs(names: tuple[str, ...]) -> list[Part]:
    """The motifs that can be drawn as objects, in the order given; names nobody knows are passed over."""
    from core.engines.draft.motifs import load_motifs

    known = load_motifs()
    parts: list[Part] = []
    for name in names:
        motif = known.get(name)
        if motif is None or name in SKY_BODIES or name in AS_WATER | AS_STARS | AS_CLOUDS or not has_icon(motif.icon):
            continue
        if motif.icon not in {part.icon for part in parts}:
            parts.append(Part(name, motif.icon, str(motif.role)))
    return parts[:MOTIFS_SHOWN]


def place_motifs(stage: Stage, parts: list[Part]) -> None:
    """Put every part on stage, the hero (the first) where the composition turns."""
    if not parts:
        return
    rng = stage.rng
    hero_at = stage.hero_at
    # A room too low for the hero at its full size gets it smaller: no poster goes without.
    for fitted in (1.0, 0.8, 0.6, 0.45):
        if _place(stage, parts[0], hero_at, hero=True, fitted=fitted):
            break
    slots = [0.16, 0.84, 0.3, 0.7, 0.5, 0.08, 0.92]
    if rng.random() < 0.5:
        slots = [1 - slot for slot in slots]
    for part in parts[1:]:
        for slot in sorted(slots, key=lambda s: (round(-abs(s - hero_at) * 3), s)):
            if _place(stage, part, slot + rng.uniform(-0.03, 0.03), hero=False):
                slots.remove(slot)
                break


def _tier_for(stage: Stage, role: str, hero: bool) -> Tier:
    setting = stage.scene.setting
    if role == "water":
        return stage.tier("water3" if hero else "water2", "close", "front")
    if setting is Setting.ROAD:
        return stage.tier("close")
    if setting is Setting.SEA:
        if role == "ground":
            return stage.tier("headland")
        return stage.tier("front")
    if hero:
        return stage.tier("close" if role != "foreground" else "front", "mid")
    if role == "ground":
        return stage.tier("mid", "far")
    return stage.tier("close" if role == "figure" else "front", "front")


def _size(stage: Stage, part: Part, hero: bool, floor: float) -> float:
    """Height in pixels."""
    rng, room = stage.rng, stage.room
    if hero:
        if part.name in WIDE_HEROES:
            return float(min(0.74 * room.width / part.aspect, 0.6 * (floor - room.y0)))
        # A long thing may take more of the width, or it would look small beside a tall one.
        wide = room.width * rng.uniform(0.4, 0.5) * min(1.35, max(1.0, part.aspect**0.5))
        most = (floor - room.y0) * rng.uniform(0.74, 0.86)
        return float(min(wide / part.aspect, most, 0.62 * room.height, 0.85 * room.width))
    share = {"ground": 0.24, "water": 0.2, "figure": 0.26, "foreground": 0.24, "sky": 0.18}[part.role]
    tall = min(room.width, room.height) * share * rng.uniform(0.85, 1.2)
    return float(min(tall / max(1.0, part.aspect**0.5), 0.5 * (floor - room.y0)))


def _place(stage: Stage, part: Part, at: float, *, hero: bool, fitted: float = 1.0) -> bool:
    rng, room = stage.rng, stage.room
    x = room.x0 + at * room.width
    floating = part.role == "sky"
    tier = _tier_for(stage, part.role, hero)
    if tier.name == "headland":
        x = _on_headland(stage, tier, at, hero)
    on_road = stage.scene.setting is Setting.ROAD and not floating
    floor = stage.horizon if floating else tier.height_at(x)
    if on_road:
        floor += (0.5 if hero else 0.34) * (stage.room.y1 - floor)
    tall = fitted * _size(stage, part, hero, floor)
    wide = tall * part.aspect
    x = min(max(x, room.x0 + wide / 2 + 3 * stage.unit), room.x1 - wide / 2 - 3 * stage.unit)
    if floating:
        low, high = room.y0 + tall * 1.04, floor - 0.06 * (floor - room.y0)
        base = min(high, max(low, room.y0 + (floor - room.y0) * (0.78 if hero else rng.uniform(0.3, 0.65))))
    else:
        base = floor + (0.0 if on_road else SUNK[part.role] * tall)
    box = Box(x - wide / 2, base - tall, x + wide / 2, base)
    if not stage.is_free(box, 0.8 * stage.unit) or not room.pad(stage.unit).holds(
        Box(box.x0, box.y0, box.x1, min(base, room.y1))
    ):
        return False
    if not floating and not on_road and tier.kind != "water":
        base = tier.flatten(x - wide * 0.42, x + wide * 0.42) + SUNK[part.role] * tall
    item = motif_item(part, x, base, tall, stage.light_from, mirrored=rng.random() < 0.5)
    item.hero = hero
    item.depth = 0.15 if floating else tier.depth - 0.01
    item.behind = _backdrop(stage, item.box, tier)
    if floating:
        stage.sky.append(item)
        return True
    if on_road:
        tier.face += [Item("contact", "ink", tier.depth, contact_shadow(item, stage.unit)), item]
        return True
    tier.standing.append(item)
    if tier.kind == "water":
        tier.face.append(_reflection(item, tier.height_at(x), stage))
    return True


def _on_headland(stage: Stage, tier: Tier, at: float, hero: bool) -> float:
    """An x on the land, not in the water."""
    dry = tier.xs[
        (tier.ys < stage.horizon + 0.04 * stage.room.height) & (tier.xs > stage.room.x0) & (tier.xs < stage.room.x1)
    ]
    if not len(dry):
        return stage.room.x0 + at * stage.room.width
    share = 0.55 if hero else min(1.0, max(0.0, at))
    return float(dry[int(share * (len(dry) - 1))])


def _backdrop(stage: Stage, box: Box, tier: Tier) -> str:
    """The palette role that most of the box is seen against."""
    centre, best = box.cy, "sky_bottom" if not stage.indoors else "far"
    for other in stage.tiers:
        if other is tier:
            break
        if other.height_at(box.cx) < centre:
            best = other.tone
    if best.startswith("sky") and box.cy < stage.art.y0 + 0.35 * stage.art.height:
        best = "sky_top"
    if stage.scene.setting is Setting.CITY and best == "sky_bottom":
        best = "mid"
    return best


def motif_item(part: Part, x: float, base: float, tall: float, light_from: int, *, mirrored: bool = False) -> Item:
    """A motif as an item: its own drawing where it has one, else its icon with a lit and a shaded side."""
    drawing = load_drawing(part.name)
    if drawing is not None:
        turned = light_from > 0  # drawings are shaded on their right
        outline = place(drawing.outline, x, base, tall, mirrored=turned)
        details = [Detail(place(shape, x, base, tall, mirrored=turned), tone) for shape, tone in drawing.details]
        return Item("motif", "hero", 0.5, outline, details=details, name=part.name)
    icon = load_icon(part.icon)
    body = place(icon.body, x, base, tall, mirrored=mirrored)
    outline = place(icon.silhouette, x, base, tall, mirrored=mirrored)
    box = bounds(outline)
    away = -light_from
    edge, far_edge = box.cx + away * 0.04 * box.width, box.cx + away * box.width
    lean = 0.16 * box.width * away
    shade = polygon(
        (edge + lean, box.y0 - 2), (far_edge, box.y0 - 2), (far_edge, box.y1 + 2), (edge - lean, box.y1 + 2)
    )
    return Item("motif", "hero", 0.5, outline, body=body, details=[Detail(shade, "shade")], name=part.name)


def _reflection(item: Item, water_line: float, stage: Stage) -> Item:
    """The item upside down in the water, shorter, broken by ripples."""
    flipped = scale(item.outline, 1, -0.55, about=(0, water_line))
    rippled: Shape = tuple(
        np.stack([p[:, 0] + 0.45 * stage.unit * np.sin(p[:, 1] / (0.9 * stage.unit)), p[:, 1]], axis=1)
        for p in move(flipped, 0, 0.2 * stage.unit)
    )
    return Item("reflection", item.tone, item.depth, rippled, behind=item.behind, name=item.name)


def contact_shadow(item: Item, unit: float) -> Shape:
    """A thin ellipse on the ground under an item."""
    box = item.box
    return ellipse(box.cx, box.y1 - 0.1 * unit, box.width * 0.5, max(0.5 * unit, box.width * 0.05))
