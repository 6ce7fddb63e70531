"""What a line of a script is made of: a speaker before a colon, stage directions in brackets, spoken words."""

from __future__ import annotations

import re
from typing import NamedTuple

_LONGEST_NAME = 60
_MOST_WORDS = 6

# Neither pattern can backtrack: each bracket group ends at the next bracket of its kind.
_GROUPS = {"round": re.compile(r"\(([^()]*)\)"), "square": re.compile(r"\[([^\[\]]*)\]")}
_PAIRS = {"(": ")", "[": "]"}
_NOT_IN_NAMES = frozenset('?!;"“”[]{}<>=|*_…')
_SMALL_WORDS = frozenset(
    {"e", "de", "da", "do", "das", "dos", "o", "a", "os", "as", "and", "of", "the", "&", "y", "van", "von"}
)
_OFF_SCREEN = re.compile(r"(?:v\.?o\.?|o\.?s\.?|o\.?c\.?|off|em off|cont['’]?d\.?|cont\.?)", re.IGNORECASE)


class Spoken(NamedTuple):
    """Words and the directions around them.

    Attributes:
        before: directions ahead of the first word; after: those within or behind the words.
    """

    words: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def split_directions(text: str, brackets: str) -> Spoken:
    """Take bracketed directions out of clean ``text``; ``brackets`` is ``round`` or ``square``.

    Unbalanced brackets stay words. ``(SAD) Hello (beat) there`` gives the words ``Hello there``.
    """
    before: list[str] = []
    after: list[str] = []
    words: list[str] = []
    end = 0
    for match in _GROUPS[brackets].finditer(text):
        if piece := text[end : match.start()].strip():
            words.append(piece)
        end = match.end()
        if direction := match[1].strip():
            (after if words else before).append(direction)
    if piece := text[end:].strip():
        words.append(piece)
    return Spoken(" ".join(words), tuple(before), tuple(after))


def unwrap(text: str) -> str:
    """``text`` without the one pair of brackets that encloses it all, where there is one."""
    inner = text[1:-1]
    if len(text) > 1 and _PAIRS.get(text[0]) == text[-1] and text[0] not in inner and text[-1] not in inner:
        return inner.strip()
    return text


def is_bracketed(text: str) -> bool:
    """Whether ``text`` opens and ends with a bracket of one kind."""
    return len(text) > 1 and _PAIRS.get(text[0]) == text[-1]


def split_speaker(text: str, *, strict: bool) -> tuple[str, str] | None:
    """(speaker, what follows) of ``NOME: fala``, else None.

    Args:
        text: a clean line.
        strict: take only what looks like a name (``TIÃO``, ``Dona Lurdes``), for sources where other text has colons.
    """
    name, colon, rest = text[: _LONGEST_NAME + 1].partition(":")
    name = name.strip()
    if not colon or not _may_be_name(name) or (strict and not _is_capitalized(name)):
        return None
    # A colon within a word or an hour is not a speaker's: 10:30, http://
    if rest and not rest[0].isspace() and (rest[0].isdigit() or rest[0] == "/"):
        return None
    return name, text[text.index(":") + 1 :].strip()


def split_cue(name: str) -> tuple[str, tuple[str, ...]]:
    """A speaker's name and the directions in it: ``TIÃO (baixo)`` gives ``TIÃO`` and ``baixo``; (V.O.) is dropped."""
    spoken = split_directions(name, "round")
    if not spoken.words:
        return name, ()
    directions = (*spoken.before, *spoken.after)
    return spoken.words, tuple(text for text in directions if not _OFF_SCREEN.fullmatch(text))


def is_cue(text: str) -> bool:
    """Whether a whole line is a speaker's name in capitals, as over a speech in an industry screenplay."""
    bare = split_directions(text, "round").words if len(text) <= _LONGEST_NAME else ""
    return _may_be_name(bare) and bare == bare.upper() and bare != bare.lower() and bare[-1] not in ".,:-—"


def _may_be_name(name: str) -> bool:
    words = name.split()
    return (
        0 < len(words) <= _MOST_WORDS and any(char.isalnum() for char in name) and not _NOT_IN_NAMES.intersection(name)
    )


def _is_capitalized(name: str) -> bool:
    bare = split_directions(name, "round").words.replace(",", " ").replace("/", " ")
    words = [word for word in bare.split() if word not in _SMALL_WORDS]
    # Not lower case, rather than upper: Hebrew, Arabic or Chinese names have no case.
    return 0 < len(words) <= 4 and all(
        word[0] == "#" or (word[0].isalnum() and not word[0].islower()) for word in words
    )
