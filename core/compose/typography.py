"""Titles as outlines: which face has the letters, kerning, balanced lines, and the size at which they fit."""

from __future__ import annotations

import importlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.compose.geometry import Box, Points, Shape, bounds, move
from core.compose.outlines import Flattener

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FACES = {
    "grotesque": ("font_manrope", "Manrope-ExtraBold.ttf"),
    "text": ("font_manrope", "Manrope-Bold.ttf"),
    "serif": ("font_source_serif_pro", "SourceSerifPro-Black.ttf"),
    "italic": ("font_source_serif_pro", "SourceSerifPro-BoldIt.ttf"),
    "round": ("font_fredoka_one", "FredokaOne-Regular.ttf"),
    "hand": ("font_amatic_sc", "AmaticSC-Bold.ttf"),
}
"""Our name of a face -> its package and file; all are under the SIL Open Font License."""

LEADING = {"grotesque": 1.02, "text": 1.2, "serif": 1.0, "italic": 1.04, "round": 1.0, "hand": 0.92}
"""Distance between baselines, in font sizes, for titles."""

LONGEST_TITLE = 240
"""Characters of a title that are looked at; a poster is no place for more."""

ELLIPSIS = "…"

_PAUSES = tuple(",;:.!?–—")
"""Where a line ends well."""

_HANGING = 1.12
"""How much wider a line counts that ends in an article or a preposition."""


class Face:
    """A font at unit size: outlines, advances and kerning in ems."""

    def __init__(self, name: str) -> None:
        from fontTools.ttLib import TTFont

        package, file = FACES[name]
        folder = Path(str(importlib.import_module(package).__file__)).parent / "files"
        self.name = name
        self.font: TTFont = TTFont(folder / file, lazy=True)
        self.em = float(self.font["head"].unitsPerEm)
        self.cmap: dict[int, str] = self.font.getBestCmap()
        self.glyphs: Any = self.font.getGlyphSet()
        self.kern_tables = _kern_tables(self.font)
        self._kern: dict[tuple[str, str], float] = {}
        self._outlines: dict[str, Shape] = {}
        self.cap_height = -bounds(self.outline(self.cmap[ord("H")])).y0

    def covers(self, text: str) -> bool:
        """Whether every character has a glyph."""
        return all(ord(letter) in self.cmap for letter in text)

    def outline(self, glyph: str) -> Shape:
        """A glyph's polygons in ems, baseline at 0, y downwards."""
        if glyph not in self._outlines:
            pen = Flattener(8, self.glyphs)
            self.glyphs[glyph].draw(pen)
            self._outlines[glyph] = tuple(points / self.em for points in pen.polygons())
        return self._outlines[glyph]

    def kern(self, left: str, right: str) -> float:
        """What to add between two glyphs, in ems."""
        pair = (left, right)
        if pair not in self._kern:
            self._kern[pair] = next(filter(None, (_pair_kern(t, left, right) for t in self.kern_tables)), 0) / self.em
        return self._kern[pair]

    def measure(self, text: str, tracking: float = 0.0) -> float:
        """A line's width in ems."""
        glyphs = [self.cmap[ord(letter)] for letter in text]
        kerning = sum(self.kern(left, right) for left, right in pairwise(glyphs))
        advance = sum(float(self.glyphs[glyph].width) for glyph in glyphs) / self.em
        return max(0.0, advance + kerning + tracking * (len(glyphs) - 1))

    def set_line(self, text: str, tracking: float = 0.0) -> tuple[Shape, float]:
        """A line's outlines and width in ems; ``tracking`` ems are added between letters."""
        shape: list[Points] = []
        pen, before = 0.0, ""
        for letter in text:
            glyph = self.cmap[ord(letter)]
            pen += self.kern(before, glyph) if before else 0.0
            shape.extend(move(self.outline(glyph), pen))
            pen += self.glyphs[glyph].width / self.em + tracking
            before = glyph
        return tuple(shape), max(0.0, pen - tracking)


def _kern_tables(font: TTFont) -> list[Any]:
    """The pair adjustment subtables of the ``kern`` feature."""
    if "GPOS" not in font:
        return []
    gpos = font["GPOS"].table
    chosen = {
        i
        for record in gpos.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for i in record.Feature.LookupListIndex
    }
    tables = []
    for index in sorted(chosen):
        for table in gpos.LookupList.Lookup[index].SubTable:
            inner = table.ExtSubTable if table.LookupType == 9 else table
            if inner.LookupType == 2:
                tables.append(inner)
    return tables


def _pair_kern(table: Any, left: str, right: str) -> float:
    if left not in table.Coverage.glyphs:
        return 0.0
    if table.Format == 1:
        records = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
        value = next((record.Value1 for record in records if record.SecondGlyph == right), None)
    else:
        row = table.ClassDef1.classDefs.get(left, 0)
        value = table.Class1Record[row].Class2Record[table.ClassDef2.classDefs.get(right, 0)].Value1
    return float(getattr(value, "XAdvance", 0) or 0)


@lru_cache(maxsize=len(FACES))
def load_face(name: str) -> Face:
    """The face called ``name`` in ``FACES``."""
    return Face(name)


def clean_title(text: str) -> str:
    """One line of printable characters, at most ``LONGEST_TITLE`` long, cut at a word's end with an ellipsis."""
    head = unicodedata.normalize("NFC", text[: LONGEST_TITLE * 4])
    visible = "".join(" " if c.isspace() else c for c in head if c.isspace() or unicodedata.category(c)[0] != "C")
    flat = " ".join(visible.split())
    return flat if len(flat) <= LONGEST_TITLE else _clip_words(flat[:LONGEST_TITLE])


def _clip_words(text: str) -> str:
    """``text`` less its last word (or letter, if it has but one), with an ellipsis."""
    head, space, _ = text.rstrip(ELLIPSIS).rpartition(" ")
    return (head if space else text.rstrip(ELLIPSIS)[:-1]).rstrip(" ,;:.-–—") + ELLIPSIS


def choose_face(text: str, preferred: str) -> tuple[Face, str]:
    """A face for ``text`` and the text it can set.

    The preferred face if it has every letter, else the first that has; else the preferred one with accents folded
    and unknown characters dropped: never a tofu box. The text is "" when nothing of it can be set.
    """
    for name in (preferred, *(name for name in ("serif", "grotesque", "round") if name != preferred)):
        face = load_face(name)
        if face.covers(text):
            return face, text
    face = load_face(preferred)
    kept = "".join(_settable(letter, face) for letter in text)
    return face, " ".join(kept.split()).strip(" ,;:-–—")


def _settable(letter: str, face: Face) -> str:
    if ord(letter) in face.cmap:
        return letter
    folded = unicodedata.normalize("NFKD", letter)
    return "".join(c for c in folded if ord(c) in face.cmap and not unicodedata.combining(c))


@dataclass(frozen=True)
class TextBlock:
    """Set lines, with their ink's box.

    Attributes:
        lines: one shape a line, in pixels.
        size: font size in pixels.
        text: what is set, lines joined by a newline.
        baseline: y of the first line's.
    """

    lines: tuple[Shape, ...]
    box: Box
    size: float
    text: str
    baseline: float

    def moved(self, dx: float, dy: float) -> TextBlock:
        """The block elsewhere."""
        box = Box(self.box.x0 + dx, self.box.y0 + dy, self.box.x1 + dx, self.box.y1 + dy)
        lines = tuple(move(line, dx, dy) for line in self.lines)
        return TextBlock(lines, box, self.size, self.text, self.baseline + dy)


def break_lines(words: list[str], widths: list[float], space: float, count: int) -> list[str]:
    """``words`` in ``count`` lines, the widest line as narrow as possible (dynamic programming)."""
    total = len(words)
    run = np.concatenate([[0.0], np.cumsum(widths)])

    def width(start: int, end: int) -> float:
        return float(run[end] - run[start]) + space * (end - start - 1)

    best = [[float("inf")] * (total + 1) for _ in range(count + 1)]
    cut = [[0] * (total + 1) for _ in range(count + 1)]
    best[0][0] = 0.0
    for row in range(1, count + 1):
        for end in range(row, total + 1):
            for start in range(row - 1, end):
                # The square term evens out the lines that are not the widest.
                wide = width(start, end) * (_HANGING if end < total and len(words[end - 1]) <= 2 else 1.0)
                cost = max(best[row - 1][start], wide) + 1e-3 * wide**2 / (run[-1] or 1)
                cost -= 2e-4 * float(run[-1]) * (words[end - 1][-1:] in _PAUSES)
                if cost < best[row][end]:
                    best[row][end], cut[row][end] = cost, start
    lines, end = [], total
    for row in range(count, 0, -1):
        lines.append(" ".join(words[cut[row][end] : end]))
        end = cut[row][end]
    return lines[::-1]


def fit_text(
    text: str,
    face: Face,
    room: tuple[float, float],
    sizes: tuple[float, float],
    *,
    align: str = "left",
    most_lines: int = 6,
    tracking: float = 0.0,
    leading: float = 1.0,
) -> TextBlock | None:
    """``text`` as large as fits ``room`` (width, height) within ``sizes`` (smallest, largest), clipped if it must.

    ``leading`` multiplies the face's own distance between lines.

    Returns:
        the block with its ink's top left at (0, 0), or None if not even one letter fits.
    """
    while text:
        block = _best_setting(
            text, face, room, sizes, _Setting(align, most_lines, tracking, LEADING[face.name] * leading)
        )
        if block is not None or text == ELLIPSIS:
            return block
        words = text.split(" ")
        # Long texts lose several words a turn, so that hostile input costs little.
        drop = max(1, len(words) // 8)
        for _ in range(drop):
            text = _clip_words(text)
    return None


@dataclass(frozen=True)
class _Setting:
    """How lines are set; ``leading`` and ``tracking`` in ems."""

    align: str
    most_lines: int
    tracking: float
    leading: float


def _best_setting(
    text: str, face: Face, room: tuple[float, float], sizes: tuple[float, float], how: _Setting
) -> TextBlock | None:
    words = text.split(" ")
    widths = [face.measure(word, how.tracking) for word in words]
    space = face.measure(" ") + how.tracking
    found: tuple[float, list[str]] | None = None
    for count in range(1, min(how.most_lines, len(words)) + 1):
        lines = break_lines(words, widths, space, count)
        widest = max(face.measure(line, how.tracking) for line in lines)
        tall = face.cap_height + 0.42 + how.leading * (count - 1)
        size = min(sizes[1], room[0] / (widest * 1.01), room[1] / tall)
        # A further line must earn its place with letters a tenth larger.
        if size >= sizes[0] and (found is None or size > found[0] * 1.1):
            found = (size, lines)
    if found is None:
        return None
    block = _set_block(found[1], face, found[0], how)
    # Ink may reach beyond advances and the usual height: a j to the left, an accent over a capital.
    over = 0.0 if block is None else max(block.box.width / room[0], block.box.height / room[1])
    return _set_block(found[1], face, found[0] / over, how) if over > 1 else block


def _set_block(lines: list[str], face: Face, size: float, how: _Setting) -> TextBlock | None:
    shapes: list[Shape] = []
    for number, line in enumerate(lines):
        outline, width = face.set_line(line, how.tracking)
        left = {"left": 0.0, "centre": -width / 2, "right": -width}[how.align]
        shapes.append(tuple((points + np.array([left, number * how.leading])) * size for points in outline))
    inked: list[Points] = [points for shape in shapes for points in shape]
    if not inked:
        return None
    box = bounds(tuple(inked))
    block = TextBlock(tuple(shapes), box, size, "\n".join(lines), 0.0)
    return block.moved(-box.x0, -box.y0)
