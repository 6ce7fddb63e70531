"""Facts of a transcript that need no engine: who speaks how much, and which lines give the ending away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import ceil

from core.domain.show import CharacterShare, Line, LineKind

SPOILER_SCENES = 0.2
"""Share of scenes, counted from the end, that are kept out of marketing; rounded up."""

SPOILER_LINES = 0.15
"""Share of lines, counted from the end, that are kept out where there are too few scenes to count."""

MIN_SCENES = 3
"""Below this many scenes the ending is found by lines."""

LONGEST_SPEAKER = 200
"""Characters of a speaker cell that are read; more is no list of names."""

_GROUP = re.compile(r"\s*[,/&;+]\s*|\s+(?:and|e|y|et|und)\s+", re.IGNORECASE)
_NOTE = re.compile(r"[(\[].*?[)\]]")
_EVERYONE = frozenset({"all", "everyone", "everybody", "both", "todos", "todas", "ambos", "ambas", "tous", "alle"})


def split_speakers(speaker: str | None) -> tuple[str, ...]:
    """The people a speaker cell names: ``"STAN, KYLE (V.O.)"`` is ``("STAN", "KYLE")``.

    ``#ALL#`` and its like name nobody in particular, so they give ``()``.
    """
    if not speaker:
        return ()
    cell = _NOTE.sub(" ", " ".join(speaker[:LONGEST_SPEAKER].split()))
    names = (part.strip(" .:-–—") for part in _GROUP.split(cell))
    return tuple(
        dict.fromkeys(
            " ".join(name.split())
            for name in names
            if any(char.isalnum() for char in name) and not name.startswith("#") and name.casefold() not in _EVERYONE
        )
    )


def character_shares(lines: Sequence[Line]) -> tuple[CharacterShare, ...]:
    """How many speech lines each character has, most first; ties keep the order of first appearance.

    A line spoken by a group counts whole for each of its members, so shares may add up to more than 1.
    Spellings that differ only in case are one character, under the spelling used most.
    """
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    speech = 0
    for line in lines:
        if line.kind is not LineKind.SPEECH:
            continue
        speech += 1
        for name in split_speakers(line.speaker):
            counts[name.casefold()] += 1
            spellings.setdefault(name.casefold(), Counter())[name] += 1
    return tuple(
        CharacterShare(name=spellings[key].most_common(1)[0][0], lines=count, share=count / speech)
        for key, count in counts.most_common()
    )


def spoiler_seqs(lines: Sequence[Line]) -> frozenset[int]:
    """The ``seq`` of every line that gives the ending away.

    These are the lines of the last fifth of the scenes (rounded up: a spoiler let out costs more than a quote kept
    in), or, with fewer than three scenes, the last 15 % of the lines (rounded up; none where there are under seven).
    """
    scenes = sorted({line.scene for line in lines})
    if len(scenes) >= MIN_SCENES:
        last = frozenset(scenes[-ceil(len(scenes) * SPOILER_SCENES) :])
        return frozenset(line.seq for line in lines if line.scene in last)
    count = ceil(len(lines) * SPOILER_LINES) if len(lines) * SPOILER_LINES >= 1 else 0
    ordered = sorted(line.seq for line in lines)
    return frozenset(ordered[len(ordered) - count :])
