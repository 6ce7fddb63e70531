"""Tipográfico: the title leads on a flat field, over a motif cropped huge, a grid, or the setting as geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.compose.colour import at_lightness, contrast, distance, legible, mix, tone
from core.compose.geometry import box_shape
from core.domain.generation import TimeOfDay
from core.engines.draft.poster.brush import Brush
from core.engines.draft.poster.lettering import Inks
from core.engines.draft.poster.manner import Poster
from core.engines.draft.poster.stage import Item
from core.engines.draft.poster.texture import paper_grain

if TYPE_CHECKING:
    from PIL.Image import Image


def field_colours(poster: Poster) -> dict[str, str]:
    """Four flat colours: field, first, second, third; the night prints on the dark one."""
    p = poster.palette
    rng = poster.stream("field")
    dark = at_lightness(p.near, 0.27, 1.1)
    fields = {
        TimeOfDay.DAWN: (p.light, p.sky_bottom),
        TimeOfDay.DAY: (p.paper, p.sky_top),
        TimeOfDay.DUSK: (p.accent, p.mid),
        TimeOfDay.NIGHT: (dark, p.ink),
    }[poster.request.scene.time_of_day]
    field = legible(rng.choice(fields), at_lightness(p.ink, 0.15), p.paper)
    rest = [
        colour
        for colour in (p.accent, dark, p.light, p.sky_top, p.far, p.paper, p.mid)
        if distance(colour, field) > 0.2
    ]
    first = max(rest[:4], key=lambda colour: distance(colour, field))
    others = [colour for colour in rest if distance(colour, first) > 0.16] or [mix(field, first, 0.5)]
    second = others[0]
    third = next((c for c in others[1:] if distance(c, second) > 0.14), mix(field, first, 0.3))
    return {
        "field": field,
        "first": first,
        "second": second,
        "third": third,
        "ink": at_lightness(p.ink, 0.15),
        "paper": p.paper,
    }


def draw(poster: Poster) -> str:
    """The field, then the items the stage has arranged."""
    colours = field_colours(poster)
    brush, page = Brush(colours), poster.layout.page
    brush.fill(box_shape(page.pad(2)), colours["field"])
    for item in poster.stage.items():
        _item(brush, item, colours)
    brush.mask(box_shape(poster.stage.art), page, colours["field"])
    return brush.svg()


def _item(brush: Brush, item: Item, colours: dict[str, str]) -> None:
    colour = colours[item.tone]
    if item.body is not None:
        cut = colours.get(item.behind, colours["field"])
        brush.fill(item.outline, cut if distance(cut, colour) > 0.12 else colours["second"])
        brush.fill(item.body, colour)
        inside = [brush.path(d.shape, tone(colour, lightness=-0.07)) for d in item.details if d.tone == "shade"]
        brush.group(
            inside, clip_path=brush.clip_around(item.body, [d.shape for d in item.details if d.tone == "shade"])
        )
        return
    brush.fill(item.outline, colour)
    if item.details:
        behind = colours.get(item.behind, colours["field"])
        choices = [colours[role] for role in ("second", "third", "field", "paper")]
        trim = next((c for c in choices if distance(c, colour) > 0.2 and distance(c, behind) > 0.12), colours["field"])
        paint = {"trim": trim, "glow": trim, "cut": behind, "line": tone(colour, lightness=-0.16), "seam": colour}
        paint["paper"] = colours["paper"] if distance(colours["paper"], colour) > 0.12 else trim
        marks = [brush.path(d.shape, paint.get(d.tone, tone(colour, lightness=-0.07))) for d in item.details]
        brush.group(marks, clip_path=brush.clip_around(item.outline, [d.shape for d in item.details]))


def develop(plate: Image, poster: Poster) -> Image:
    """Offset printing on good paper: hardly any grain."""
    return paper_grain(plate.convert("RGB"), poster.stream("grain"), 2.6, fibre=2)


def inks(poster: Poster) -> Inks:
    """Ink, paper, or the first colour where it can be read on the field."""
    c = field_colours(poster)
    dark, pale = c["ink"], "#ffffff" if contrast(c["paper"], c["field"]) < 5 else c["paper"]
    order = (c["first"], dark, pale) if poster.stream("ink").random() < 0.5 else (dark, pale, c["first"])
    best = max((dark, pale), key=lambda colour: contrast(colour, c["field"]))
    return Inks(title=order, kicker=(best, dark, pale), panel=c["field"], on_panel=best)
