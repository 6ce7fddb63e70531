"""Where a poster's title goes and what is left for the picture; what a family of posters has in common."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from core.compose.geometry import Box, Shape, bounds, derive, ellipse, move, polygon, rectangle
from core.compose.typography import TextBlock, choose_face, clean_title, fit_text
from core.domain.generation import ImageRequest, Style

SMALLEST_TITLE = 10.0
"""Pixels; a title that would be smaller is left out."""

SAFE_MARGIN = 0.055
"""Clear space around text, as a share of the shorter side."""


@dataclass(frozen=True)
class Design:
    """What siblings share.

    Attributes:
        face: the title's typeface; caps: whether titles are set in capitals.
        frame: ``bleed`` (picture to the edges), ``mat`` (paper margin) or ``band`` (a solid strip for the text).
        place: ``top`` or ``bottom`` on upright pages; side: ``left`` or ``right`` on wide ones.
        align: of the title's lines.
        mark: number of the series mark.
    """

    face: str
    caps: bool
    frame: str
    place: str
    side: str
    align: str
    mark: int


@dataclass(frozen=True)
class Layout:
    """A page divided.

    Attributes:
        name: ``frame-side``, for the record.
        margin: pixels around text.
        art: the picture; room: the part of it free for motifs; zone: the title's own area, or what is
            kept for words that come later.
        panel: whether the zone is outside the picture, on plain paper.
        side: which side of the page the zone is on.
        title, kicker, mark: outlines in page pixels.
    """

    name: str
    width: int
    height: int
    margin: float
    art: Box
    room: Box
    zone: Box
    panel: bool
    side: str
    title: TextBlock | None
    kicker: TextBlock | None
    mark: Shape
    design: Design

    @property
    def page(self) -> Box:
        """The whole page."""
        return Box(0, 0, self.width, self.height)

    @property
    def text_boxes(self) -> list[Box]:
        """Boxes of the ink of title, kicker and mark."""
        boxes = [block.box for block in (self.title, self.kicker) if block is not None]
        return boxes + ([bounds(self.mark)] if self.mark else [])


FACES_BY_STYLE = {
    Style.RECORTE: ("round", "grotesque", "serif"),
    Style.RISO: ("grotesque", "serif", "round"),
    Style.NOTURNO: ("serif", "italic", "grotesque"),
    Style.TIPOGRAFICO: ("grotesque", "serif"),
    Style.CORDEL: ("serif", "hand"),
}

FRAMES_BY_STYLE = {
    Style.RECORTE: ("bleed", "bleed", "mat"),
    Style.RISO: ("mat", "band", "bleed"),
    Style.NOTURNO: ("bleed",),
    Style.TIPOGRAFICO: ("band",),
    Style.CORDEL: ("mat",),
}

FRAME_WITHOUT_WORDS = {
    Style.RECORTE: ("bleed", "bleed"),
    Style.RISO: ("bleed", "band"),
    Style.NOTURNO: ("bleed", "bleed"),
    Style.TIPOGRAFICO: ("band", "band"),
    Style.CORDEL: ("mat", "mat"),
}
"""Of pictures that get their words later: upright, and wide."""


def family_design(request: ImageRequest) -> Design:
    """The design that all posters of a family have in one style."""
    rng = derive("family", request.family, request.style.value)
    face = rng.choice(FACES_BY_STYLE[request.style])
    return Design(
        face=face,
        caps=face == "hand" or (face == "grotesque" and rng.random() < 0.4),
        frame=rng.choice(FRAMES_BY_STYLE[request.style]),
        place=rng.choice(("top", "top", "bottom")),
        side=rng.choice(("left", "right")),
        align=rng.choice(("left", "left", "centre")),
        mark=derive("mark", request.family).randrange(6),
    )


def plan_layout(request: ImageRequest, design: Design, rng: Random) -> Layout:
    """Divide the page: set the text first, then give the picture what is left."""
    width, height = request.width, request.height
    short = min(width, height)
    margin = max(2.0, SAFE_MARGIN * short)
    wide = width / height >= 1.4
    side = design.side if wide else design.place
    align = "left" if wide else design.align
    frame = design.frame
    leads = request.style is Style.TIPOGRAFICO
    share = (0.5, 0.46) if leads else (0.4, 0.3)
    room = (width * share[0] - margin, height - 2 * margin) if wide else (width - 2 * margin, height * share[1])
    if frame == "mat" and not wide:
        room = (room[0] - margin, room[1])
    title, kicker, mark, block = _set_text(request, design, room, align)
    if block is None:
        block, frame = _reserve(width, height, margin, wide=wide), FRAME_WITHOUT_WORDS[request.style][wide]
        side = side if wide else "top"
    elif frame == "bleed" and wide and (block.height > 0.46 * height or width / height > 2.2):
        frame = "band"
    art, free, zone, origin = _divide(width, height, margin, side, frame, block, align)
    return Layout(
        name=f"{frame}-{side}",
        width=width,
        height=height,
        margin=margin,
        art=art,
        room=free,
        zone=zone,
        panel=frame != "bleed",
        side=side,
        title=title.moved(*origin) if title else None,
        kicker=kicker.moved(*origin) if kicker else None,
        mark=move(mark, *origin),
        design=design,
    )


def _reserve(width: int, height: int, margin: float, *, wide: bool) -> Box:
    """The place that a picture without words of its own keeps quiet for those that are set on it later."""
    if wide:
        return Box(0, 0, 0.44 * width - 2 * margin, 0.7 * height - 1.62 * margin)
    share = 0.46 if height > 1.6 * width else 0.38
    return Box(0, 0, width - 2 * margin, share * height - 1.62 * margin)


def _set_text(
    request: ImageRequest, design: Design, room: tuple[float, float], align: str
) -> tuple[TextBlock | None, TextBlock | None, Shape, Box | None]:
    """Title, kicker and mark about (0, 0), and the box of all three."""
    short = min(request.width, request.height)
    small = max(SMALLEST_TITLE * 0.8, min(0.026 * short, room[0] * 0.05, 0.02 * max(request.width, request.height)))
    kicker, mark = _set_kicker(request.kicker, design, room[0], small, align)
    gap = 1.25 * small if kicker else 0.0
    taken = kicker.box.height + gap if kicker else 0.0
    title = _set_title(
        request.title, design, (room[0], room[1] - taken), short, align, request.style is Style.TIPOGRAFICO
    )
    if title is not None:
        title = title.moved(0, taken)
    boxes = [block.box for block in (kicker, title) if block]
    if mark:
        boxes.append(bounds(mark))
    if not boxes:
        return None, None, (), None
    left, top = min(b.x0 for b in boxes), min(b.y0 for b in boxes)
    return title, kicker, mark, Box(left, top, max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def _set_title(
    text: str, design: Design, room: tuple[float, float], short: int, align: str, leads: bool
) -> TextBlock | None:
    face, text = choose_face(clean_title(text), design.face)
    if design.caps:
        capitals = text.upper()
        text = capitals if face.covers(capitals) else text
    if not text or room[1] <= SMALLEST_TITLE:
        return None
    largest = short * (0.24 if face.name == "hand" else 0.165) * (2.0 if leads else 1.0)
    smallest = max(SMALLEST_TITLE, min(0.045 * short, 40.0))
    block = fit_text(text, face, room, (smallest, largest), align=align)
    if block is None and smallest > SMALLEST_TITLE:
        block = fit_text(text, face, room, (SMALLEST_TITLE, largest), align=align, most_lines=8)
    return _aligned(block, room[0], align)


def _set_kicker(text: str, design: Design, width: float, size: float, align: str) -> tuple[TextBlock | None, Shape]:
    face, text = choose_face(clean_title(text).upper(), "text")
    if not text or width < 5 * size:
        return None, ()
    indent = 1.75 * size
    block = fit_text(text, face, (width - indent, size * 1.6), (size * 0.8, size), tracking=0.1, most_lines=1)
    if block is None:
        return None, ()
    line = _aligned(block, width, "left")
    assert line is not None
    total = line.box.width + indent
    left = {"left": 0.0, "centre": -total / 2, "right": -total}[align]
    high = line.box.height
    radius = 0.56 * size
    mark = series_mark(design.mark, left + radius, high / 2, radius)
    top = min(0.0, bounds(mark).y0)
    return line.moved(left + indent - line.box.x0, -top), move(mark, 0, -top)


def _aligned(block: TextBlock | None, width: float, align: str) -> TextBlock | None:
    """The block with x = 0 as the line it is aligned to."""
    if block is None:
        return None
    return block.moved({"left": 0.0, "centre": -block.box.width / 2, "right": -block.box.width}[align], 0)


def _divide(
    width: int, height: int, margin: float, side: str, frame: str, block: Box, align: str
) -> tuple[Box, Box, Box, tuple[float, float]]:
    """Picture, room for motifs, zone of the text, and where the text's (0, 0) goes."""
    page = Box(0, 0, width, height)
    inset = margin if frame == "mat" else 0.0
    gap = 0.62 * margin
    if side in ("left", "right"):
        apart = 0.8 * margin if frame == "mat" else 0.0
        column = block.width + 2 * margin + apart
        zone_x = 0.0 if side == "left" else width - column
        x = zone_x + margin + (apart if side == "right" else 0.0) - block.x0
        y = margin - block.y0 if frame == "bleed" else (height - block.height) / 2 - block.y0
        zone = Box(zone_x, 0, zone_x + column, height)
        rest = Box(column, 0, width, height) if side == "left" else Box(0, 0, width - column, height)
        if frame == "bleed":
            zone = Box(zone_x, 0, zone_x + column, y + block.y1 + gap)
            return page, rest, zone, (x, y)
        art = rest if frame == "band" else Box(rest.x0, inset, rest.x1, height - inset)
        if frame == "mat":
            art = Box(
                art.x0 + (inset if side == "right" else 0), art.y0, art.x1 - (inset if side == "left" else 0), art.y1
            )
        return art, art, zone, (x, y)
    strip = margin + block.height + (gap if frame == "bleed" else 1.4 * margin)
    start = {"left": margin, "centre": width / 2, "right": width - margin}[align]
    x = start - (block.x0 if align == "left" else 0.0)
    y = (margin if side == "top" else height - margin - block.height) - block.y0
    zone = Box(0, 0, width, strip) if side == "top" else Box(0, height - strip, width, height)
    rest = Box(0, strip, width, height) if side == "top" else Box(0, 0, width, height - strip)
    if frame == "bleed":
        return page, rest, zone, (x, y)
    low = 0.0 if side == "top" else inset
    art = Box(inset, rest.y0 + low, width - inset, rest.y1 - (inset if side == "top" else 0.0))
    return art, art, zone, (x, y)


def series_mark(number: int, cx: float, cy: float, r: float) -> Shape:
    """A small geometric sign; the same number gives the same sign."""
    half = rectangle(cx - r, cy - r, cx, cy + r)
    marks: tuple[Shape, ...] = (
        ellipse(cx, cy, r),
        polygon((cx, cy - r), (cx + r, cy), (cx, cy + r), (cx - r, cy)),
        half + ellipse(cx + r / 2, cy, r / 2),
        polygon((cx - r, cy + r), (cx - r, cy - r), (cx + r, cy + r)),
        rectangle(cx - r, cy - r, cx + r, cy - r / 3) + rectangle(cx - r, cy + r / 3, cx + r, cy + r),
        polygon((cx - r, cy - r), (cx + r, cy), (cx - r, cy + r)),
    )
    return marks[number % len(marks)]
