"""From rows to episodes: sort, drop repeats, number scenes and lines, join what several files tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from core.domain.show import Episode, Line, LineKind
from core.errors import DamagedInput
from core.ingest.report import REPEATED, Run
from core.language import N_

_FACTS = ("number", "title", "air_date", "logline", "cast")


class Row(NamedTuple):
    """A row of a source on its way to become one line, or several with its directions.

    Attributes:
        number: 1-based place in the file, as ``Line.source_row``.
        scene: the source's own mark of the scene; any change of it starts a scene. None: headings start scenes.
        order: what the source numbers its rows by; () where it does not.
        before: directions ahead of the words; after: those within or behind them.
    """

    number: int
    text: str
    kind: LineKind = LineKind.SPEECH
    speaker: str | None = None
    scene: int | None = None
    order: tuple[int, ...] = ()
    start_ms: int | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass
class Draft:
    """An episode while it is being read.

    Attributes:
        source: name of the file it comes from.
        authority: who is right about title, date and the like where files disagree: 2 show.json,
            1 other metadata, 0 transcripts.
        repeats: whether an exact repeat of a row is another line (True) or a fault of the source (False).
    """

    season: int
    key: str
    source: str
    number: int | None = None
    title: str | None = None
    air_date: dt.date | None = None
    logline: str | None = None
    cast: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    authority: int = 0
    repeats: bool = True


def merge(drafts: list[Draft], run: Run) -> list[Draft]:
    """One draft a key: transcripts get their metadata, an identical copy is noted.

    Raises:
        DamagedInput: two files tell different things of one episode.
    """
    peers: dict[tuple[int, str], Draft] = {}
    for draft in drafts:
        known = peers.setdefault((draft.authority, draft.key), draft)
        if known is not draft:
            _check_same(known, draft)
            run.note(N_("{second} repeats {first}."), first=known.source, second=draft.source)
            run.dropped[REPEATED] += max(len(draft.rows), 1)
    merged: dict[str, Draft] = {}
    for draft in sorted(peers.values(), key=lambda draft: -draft.authority):
        known = merged.setdefault(draft.key, draft)
        if known is not draft:
            _complete(known, draft)
    return sorted(merged.values(), key=lambda draft: (draft.season, draft.number or 0, draft.key))


def _complete(known: Draft, draft: Draft) -> None:
    """Fill what ``known`` lacks from a draft of less authority, whose words beat a mere list of scenes."""
    if draft.rows:
        known.rows, known.source, known.repeats = draft.rows, draft.source, draft.repeats
    for fact in _FACTS:
        if not getattr(known, fact):
            setattr(known, fact, getattr(draft, fact))


def _check_same(first: Draft, second: Draft) -> None:
    rows = [[row._replace(number=0) for row in draft.rows] for draft in (first, second)]
    facts = [[getattr(draft, fact) for fact in _FACTS] for draft in (first, second)]
    if rows[0] != rows[1] or facts[0] != facts[1]:
        raise DamagedInput(
            "{first} and {second} both hold episode {key}, and differ. Remove one of them or number them apart.",
            first=first.source,
            second=second.source,
            key=first.key,
        )


def build(draft: Draft, run: Run) -> Episode:
    """The finished episode."""
    rows = _sorted(draft.rows, run)
    if not draft.repeats:
        rows = _without_repeats(rows, run)
    facts: dict[str, Any] = {fact: getattr(draft, fact) for fact in _FACTS}
    return Episode(season=draft.season, key=draft.key, lines=tuple(_lines(rows, draft.source)), **facts)


def _sorted(rows: list[Row], run: Run) -> list[Row]:
    late = sum(after.order < before.order for before, after in pairwise(rows))
    if not late:
        return rows
    run.count(N_("{count} rows were out of order; the episode was sorted by the source's own numbers."), late)
    return sorted(rows, key=lambda row: (row.order, row.number))


def _without_repeats(rows: list[Row], run: Run) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        if kept and row[1:] == kept[-1][1:]:
            run.drop(REPEATED)
        else:
            kept.append(row)
    return kept


def _lines(rows: list[Row], source: str) -> list[Line]:
    lines: list[Line] = []
    scene, mark = 1, rows[0].scene if rows else None
    for row in rows:
        if row.scene is None:
            scene += bool(lines) and row.kind is LineKind.HEADING
        elif row.scene != mark:
            scene, mark = scene + 1, row.scene
        for kind, text in _parts(row):
            lines.append(
                Line(
                    scene=scene,
                    seq=len(lines),
                    start_ms=row.start_ms,
                    speaker=row.speaker,
                    kind=kind,
                    text=text,
                    source_file=source,
                    source_row=row.number,
                )
            )
    return lines


def _parts(row: Row) -> list[tuple[LineKind, str]]:
    parts = [(LineKind.DIRECTION, text) for text in row.before]
    if row.text:
        parts.append((row.kind, row.text))
    return parts + [(LineKind.DIRECTION, text) for text in row.after]
