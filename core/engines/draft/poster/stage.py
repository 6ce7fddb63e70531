"""What a poster shows before any style touches it: items on tiers of ground, from the sky to the front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np

from core.compose.geometry import Box, Points, Shape, bounds, oriented
from core.domain.generation import Scene
from core.engines.draft.poster.layout import Layout


@dataclass(frozen=True)
class Detail:
    """A mark inside an item.

    Attributes:
        tone: ``shade`` and ``light`` of the item's own colour, ``cut`` (a hole or window), or a palette role.
        clipped: whether it may only show inside the item's body.
    """

    shape: Shape
    tone: str
    clipped: bool = True


@dataclass
class Item:
    """One thing on the stage.

    Attributes:
        kind: ``ground``, ``water``, ``motif``, ``building``, ``plant``, ``cloud``, ``bird``, ``star``, ``prop`` …
        tone: palette role it is painted in.
        depth: 0 at the sky, 1 at the front; the air pales what is far.
        outline: its silhouette, holes filled.
        body: the silhouette less its holes, where it has any.
        behind: palette role of what is mostly behind it, to stand out from.
        name: the motif's name, for motifs.
    """

    kind: str
    tone: str
    depth: float
    outline: Shape
    body: Shape | None = None
    details: list[Detail] = field(default_factory=list)
    behind: str = "sky_bottom"
    name: str = ""
    hero: bool = False

    def __post_init__(self) -> None:
        self.outline = oriented(self.outline)

    @property
    def box(self) -> Box:
        """Where it is."""
        return bounds(self.outline)


@dataclass
class Tier:
    """A strip of ground whose top edge is a curve; things stand on it, sunk a little behind its edge.

    Attributes:
        kind: ``land``, ``water`` or ``floor``.
        xs: ``(n,)`` pixels, left to right; ys: the edge's height there.
        standing: items behind the edge; face: items painted on the ground itself.
    """

    name: str
    kind: str
    tone: str
    depth: float
    xs: Points
    ys: Points
    standing: list[Item] = field(default_factory=list)
    face: list[Item] = field(default_factory=list)

    def height_at(self, x: float) -> float:
        """The edge's y at ``x``."""
        return float(np.interp(x, self.xs, self.ys))

    def flatten(self, x0: float, x1: float) -> float:
        """Level the edge between two x, easing in and out, and give its y there."""
        inside = (self.xs >= x0) & (self.xs <= x1)
        level = float(self.ys[inside].mean()) if inside.any() else self.height_at((x0 + x1) / 2)
        ease = max(1.0, (x1 - x0) * 0.6)
        away = np.maximum(np.maximum(x0 - self.xs, self.xs - x1), 0) / ease
        share = np.clip(1 - away, 0, 1)
        share = share * share * (3 - 2 * share)
        self.ys = self.ys * (1 - share) + level * share
        return level

    def shape(self, bottom: float) -> Shape:
        """The ground as a polygon down to ``bottom``."""
        edge = np.stack([self.xs, self.ys], axis=1)
        return (np.concatenate([edge, [[self.xs[-1], bottom], [self.xs[0], bottom]]]),)


@dataclass
class Sun:
    """The sun, or the moon."""

    x: float
    y: float
    radius: float
    moon: bool = False
    crescent: bool = False


@dataclass
class Stage:
    """A composed picture.

    Attributes:
        art: where the picture is; room: the part of it that motifs may use.
        horizon: y where sky meets ground.
        tiers: grounds, farthest first.
        sky: items before all tiers (clouds, stars, birds, floating motifs).
        front: items after all tiers.
        indoors: whether the "sky" is a wall.
        light_from: -1 when light comes from the left, 1 from the right.
        hero_at: where the hero stands, as a share of the room's width.
    """

    scene: Scene
    layout: Layout
    rng: Random
    art: Box
    room: Box
    horizon: float
    sun: Sun | None = None
    tiers: list[Tier] = field(default_factory=list)
    sky: list[Item] = field(default_factory=list)
    front: list[Item] = field(default_factory=list)
    indoors: bool = False
    light_from: int = -1
    hero_at: float = 0.5

    @property
    def unit(self) -> float:
        """A hundredth of the picture's mean side: what sizes of marks are counted in."""
        return float((self.art.width * self.art.height) ** 0.5 / 100)

    def add_tier(self, name: str, tone: str, depth: float, ys: Points, kind: str = "land") -> Tier:
        """A new ground in front of those before; its edge keeps clear of the title."""
        xs = self.xs()
        zone = self.layout.zone
        if self.layout.side in ("left", "right") and not self.layout.panel:
            near = np.clip(1 - np.maximum(np.maximum(zone.x0 - xs, xs - zone.x1), 0) / (0.12 * self.art.width), 0, 1)
            ceiling = zone.y1 + 2 * self.unit
            ys = ys + near * np.maximum(0.0, ceiling - ys)
        tier = Tier(name, kind, tone, depth, xs, np.asarray(ys, dtype=np.float64))
        self.tiers.append(tier)
        return tier

    def xs(self) -> Points:
        """Sample positions across the picture and a little beyond its edges."""
        beyond = 0.03 * self.art.width
        result: Points = np.linspace(self.art.x0 - beyond, self.art.x1 + beyond, 241)
        return result

    def tier(self, *names: str) -> Tier:
        """The first tier found by name; the frontmost if none is."""
        for name in names:
            for tier in self.tiers:
                if tier.name == name:
                    return tier
        return self.tiers[-1]

    def motifs(self) -> list[Item]:
        """The placed motifs, the hero first."""
        found = [item for item in self.items() if item.kind == "motif"]
        return sorted(found, key=lambda item: not item.hero)

    def items(self) -> list[Item]:
        """Everything but the sky itself and the sun, in painting order."""
        listed = list(self.sky)
        for number, tier in enumerate(self.tiers):
            listed += tier.standing
            bottom = self._hidden_below(number)
            listed.append(Item(tier.kind, tier.tone, tier.depth, tier.shape(bottom), name=tier.name))
            listed += tier.face
        return listed + self.front

    @property
    def sky_box(self) -> Box:
        """The picture above the grounds, a little beyond its edges."""
        box = self.art.pad(4)
        return box if not self.tiers else Box(box.x0, box.y0, box.x1, min(box.y1, self._hidden_below(-1)))

    def _hidden_below(self, number: int) -> float:
        """The y from which nearer grounds cover a tier: what is not seen need not be painted."""
        nearer = [tier.ys for tier in self.tiers[number + 1 :]]
        covered = float(np.min(nearer, axis=0).max()) + 3 * self.unit if nearer else np.inf
        lowest = float(self.tiers[number].ys.max()) + 1 if number >= 0 else 0.0
        return max(lowest, min(self.art.y1 + 4, covered))

    def before_sun(self, item: Item) -> bool:
        """Whether an item is seen against the sun or the moon."""
        sun = self.sun
        if sun is None or self.indoors:
            return False
        return Box(sun.x, sun.y, sun.x, sun.y).pad(0.8 * sun.radius).overlaps(item.box)

    def is_free(self, box: Box, margin: float = 0.0, among: Sequence[Item] | None = None) -> bool:
        """Whether ``box`` touches no motif and not the title."""
        if self.layout.zone.overlaps(box.pad(margin)):
            return False
        taken = self.motifs() if among is None else among
        return not any(item.box.pad(margin).overlaps(box) for item in taken)
