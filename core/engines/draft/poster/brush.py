"""Paths in colours: how items become SVG, shared by the styles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.compose.colour import distance, mix, tone
from core.compose.geometry import Box, Shape, bounds, box_shape, holds, path_data
from core.compose.svg import element
from core.engines.draft.poster.stage import Item, Stage

TRIMS = ("paper", "accent", "near")
"""Roles of a second colour beside a body's own, the preferred first."""

NATURAL = {"giant wave": "water_1", "tree": "near", "pine tree": "near", "palm tree": "near", "cactus": "near"}
"""Motifs that keep the colour of their kind: a wave is never red."""

ENOUGH = 0.24
"""OKLab distance at which a thing stands out from what is behind it."""


class Brush:
    """Collects definitions (gradients, clips) and paths of one drawing."""

    def __init__(self, colours: dict[str, str]) -> None:
        self.colours = colours
        self.definitions: list[str] = []
        self.marks: list[str] = []

    def define(self, make: str) -> None:
        """Add a gradient or other definition."""
        self.definitions.append(make)

    def clip_to(self, shape: Shape) -> str:
        """The ``url(#…)`` of a new clipping path."""
        name = f"c{len(self.definitions)}"
        self.definitions.append(element("clipPath", element("path", d=path_data(shape)), id=name))
        return f"url(#{name})"

    def clip_around(self, within: Shape, shapes: Sequence[Shape]) -> str | None:
        """A clip to ``within``, or None where the shapes lie inside it anyway: each clip costs a layer of pixels."""
        points = [part for shape in shapes for part in shape]
        return None if not points or holds(within, np.concatenate(points)).all() else self.clip_to(within)

    def fill(self, shape: Shape, colour: str, opacity: float = 1.0, **attributes: object) -> None:
        """Paint a shape."""
        self.marks.append(self.path(shape, colour, opacity, **attributes))

    def path(self, shape: Shape, colour: str, opacity: float = 1.0, **attributes: object) -> str:
        """A shape's path element."""
        shown = None if opacity >= 1 else float(opacity)
        return element("path", "", d=path_data(shape), fill=colour, fill_opacity=shown, **attributes)

    def group(self, body: Sequence[str], **attributes: object) -> None:
        """Paint several elements as one."""
        if body:
            self.marks.append(element("g", "".join(body), **attributes))

    def mask(self, opening: Shape, page: Box, colour: str) -> None:
        """Cover the page but for an opening: looks like clipping to it, at a fifth of the cost."""
        if bounds(opening) != page:
            around = box_shape(page.pad(4)) + opening
            self.fill(around, colour, fill_rule="evenodd")

    def svg(self, clip: Shape | None = None) -> str:
        """All of it."""
        marks = "".join(self.marks)
        if clip is not None:
            marks = element("g", marks, clip_path=self.clip_to(clip))
        return element("defs", "".join(self.definitions)) + marks if self.definitions else marks


def assign_colours(stage: Stage, colours: dict[str, str]) -> dict[int, str]:
    """A colour for each item by ``id``: its tone; for motifs, one that stands out from what is behind them.

    The hero has the accent where it can; neighbours differ from one another.
    """
    assigned: dict[int, str] = {}
    used: list[str] = []
    for item in stage.motifs():
        if item.name in NATURAL:
            assigned[id(item)] = colours[NATURAL[item.name]]
            continue
        order = (
            ("accent", "paper", "near", "light") if item.hero else ("paper", "near", "light", "sand", "ink", "accent")
        )
        behind = colours.get(item.behind, colours["sky_bottom"])
        fresh = [role for role in order if role not in used] + [role for role in order if role in used]
        against = [behind, colours["light"]] if stage.before_sun(item) else [behind]
        apart = {role: min(distance(colours[role], other) for other in against) for role in order}
        good = [role for role in fresh if apart[role] >= (0.16 if role == "accent" else ENOUGH)]
        best = good[0] if good else max(order, key=apart.__getitem__)
        used.append(best)
        assigned[id(item)] = colours[best]
    return assigned


def item_colour(item: Item, colours: dict[str, str], assigned: dict[int, str]) -> str:
    """The colour of any item."""
    return assigned.get(id(item)) or colours.get(item.tone, colours["mid"])


def detail_colour(name: str, base: str, colours: dict[str, str], *, night: bool) -> str:
    """A detail's colour on an item of colour ``base``."""
    if name in ("shade", "line", "seam"):
        return mix(tone(base, lightness=-0.1), colours["ink"], 0.18)
    if name in ("trim", "trim_shade"):
        trim = next((colours[role] for role in TRIMS if distance(colours[role], base) >= 0.3), colours["ink"])
        return trim if name == "trim" else mix(tone(trim, lightness=-0.08), colours["ink"], 0.1)
    if name == "light":
        return mix(base, colours["light"], 0.35)
    if name == "glow":
        return colours["light"]
    if name == "snow":
        return colours["paper"]
    if name == "cut":
        lit = colours["light"] if night else mix(colours["ink"], base, 0.25)
        return lit if distance(lit, base) > 0.2 else mix(colours["ink"], base, 0.2)
    return colours.get(name, base)
