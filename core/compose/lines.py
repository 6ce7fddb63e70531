"""Headline and button set as one group, as large as their room allows."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from core.compose.geometry import Box, Shape, ellipse, rectangle
from core.compose.typography import LEADING, TextBlock, choose_face, fit_text

SMALLEST = 9.0
"""Pixels; letters that would be smaller are left out."""

FACES = ("grotesque", "grotesque", "serif", "round")
"""Headline faces, the commoner ones twice."""

_LARGEST = {"grotesque": 0.105, "serif": 0.112, "round": 0.107}
"""Largest font size of a headline, as a share of the page's measure."""

_LEADING = 1.08
"""Lines stand further apart than on a poster: a Portuguese headline has accents above and cedillas below."""


@dataclass(frozen=True)
class Voice:
    """How a headline is set: face, capitals or not, and how its lines stand."""

    face: str
    caps: bool
    align: str


def choose_voice(headline: str, rng: Random, align: str) -> Voice:
    """A voice for a headline; only short ones are set in capitals."""
    face = rng.choice(FACES)
    return Voice(face, face == "grotesque" and len(headline) <= 26 and rng.random() < 0.35, align)


@dataclass(frozen=True)
class Group:
    """Set text about (0, 0).

    Attributes:
        headline, call: outlines, None where there is no text or no room.
        button: the box that the call stands in.
    """

    headline: TextBlock | None
    call: TextBlock | None
    button: Box | None

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Of the headline's ink and of the button."""
        found = (self.headline.box if self.headline else None, self.button)
        return tuple(box for box in found if box is not None)

    @property
    def box(self) -> Box:
        """Around everything."""
        boxes = self.boxes
        return Box(
            min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
        )

    def moved(self, dx: float, dy: float) -> Group:
        """The group elsewhere."""
        button = self.button
        return Group(
            self.headline.moved(dx, dy) if self.headline else None,
            self.call.moved(dx, dy) if self.call else None,
            Box(button.x0 + dx, button.y0 + dy, button.x1 + dx, button.y1 + dy) if button else None,
        )


def set_group(headline: str, call: str, room: tuple[float, float], measure: float, voice: Voice) -> Group | None:
    """Headline over button within ``room`` (width, height); None where not one letter fits.

    ``measure`` is the length in pixels that sizes are shares of.
    """
    text, button = _set_button(call, room, measure)
    taken = 0.0
    if button is not None:
        taken = button.height + (0.05 * measure if headline else 0.0)
        if headline and taken > 0.5 * room[1]:  # the headline matters more
            text, button, taken = None, None, 0.0
    block = _set_headline(headline, (room[0], room[1] - taken), measure, voice)
    if block is None and text is None:
        return None
    if block is None or text is None or button is None:
        return _at_origin(Group(block, text, button), voice.align)
    gap = min(0.05 * measure, max(0.027 * measure, 0.55 * block.size))
    down = block.box.height + gap
    lower = Group(None, text, button).moved(0, down)
    return _at_origin(Group(block, lower.call, lower.button), voice.align)


def _at_origin(group: Group, align: str) -> Group:
    """The headline and the button aligned, the group's top left at (0, 0)."""
    if align == "centre":
        group = Group(
            group.headline.moved(-group.headline.box.cx, 0) if group.headline else None,
            group.call.moved(-group.button.cx, 0) if group.call and group.button else None,
            Box(-group.button.width / 2, group.button.y0, group.button.width / 2, group.button.y1)
            if group.button
            else None,
        )
    box = group.box
    return group.moved(-box.x0, -box.y0)


def _set_headline(text: str, room: tuple[float, float], measure: float, voice: Voice) -> TextBlock | None:
    face, text = choose_face(text, voice.face)
    capitals = text.upper()
    if voice.caps and face.covers(capitals):
        text = capitals
    if not any(letter.isalnum() for letter in text) or room[1] < SMALLEST:
        return None
    largest = max(1.5 * SMALLEST, measure * _LARGEST.get(face.name, 0.105))
    for smallest, lines in ((0.045 * measure, 5), (SMALLEST, 7)):
        sizes = (max(SMALLEST, smallest), largest)
        block = fit_text(text, face, room, sizes, align=voice.align, most_lines=lines, leading=_LEADING)
        if block is not None and (not block.text.endswith("…") or text.endswith("…")):
            return block
    return block


def _set_button(text: str, room: tuple[float, float], measure: float) -> tuple[TextBlock | None, Box | None]:
    face, text = choose_face(text, "text")
    if not any(letter.isalnum() for letter in text):
        return None, None
    size = max(SMALLEST, 0.032 * measure)
    beside, above = 0.95 * size, 0.72 * size
    inner = (room[0] - 2 * beside, room[1] - 2 * above)
    for smallest, lines in ((0.85 * size, 1), (0.75 * size, 2)):
        block = fit_text(text, face, inner, (max(SMALLEST, smallest), size), align="centre", most_lines=lines)
        if block is not None and (not block.text.endswith("…") or text.endswith("…")):
            break
    if block is None or len(block.text) < 4:
        return None, None
    leading = block.size * LEADING[face.name] * block.text.count("\n")
    tall = block.size * face.cap_height + leading + 2 * above
    # The eye centres capitals, not the ink of accents and descenders.
    down = above + block.size * face.cap_height - block.baseline
    return block.moved(beside, down), Box(0, 0, block.box.width + 2 * beside, tall)


def pill(box: Box, radius: float) -> Shape:
    """A rectangle with round corners."""
    r = min(radius, box.height / 2, box.width / 2)
    middle = rectangle(box.x0 + r, box.y0, box.x1 - r, box.y1) + rectangle(box.x0, box.y0 + r, box.x1, box.y1 - r)
    corners = [(box.x0 + r, box.y0 + r), (box.x1 - r, box.y0 + r), (box.x0 + r, box.y1 - r), (box.x1 - r, box.y1 - r)]
    return middle + tuple(points for x, y in corners for points in ellipse(x, y, r))
