"""Counting, notes and progress of an import."""

from pathlib import Path

import pytest

from core.errors import DamagedInput
from core.ingest import report
from core.ingest.report import Note, Run
from core.ingest.source import Source


def source(name: str, size: int) -> Source:
    return Source(Path(name), name, size, "utf-8", 1, "")


def test_progress_adds_up_over_files_and_never_goes_beyond() -> None:
    seen: list[tuple[int, int]] = []
    files = [source("a", 10), source("b", 5)]
    run = Run(files, lambda done, total: seen.append((done, total)))
    run.progress(4)
    run.finish(files[0])
    run.progress(99)
    run.finish(files[1])
    assert seen == [(4, 15), (10, 15), (15, 15), (15, 15)]


def test_rows_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_ROWS", 2)
    run = Run([], None)
    run.row(source("a", 1))
    run.row(source("a", 1))
    with pytest.raises(DamagedInput, match="a goes beyond 2 rows"):
        run.row(source("a", 1))


def test_notes_are_told_once_and_counts_add_up() -> None:
    run = Run([], None)
    run.note("{name} is odd.", name="{x}")
    run.note("{name} is odd.", name="{x}")
    run.count("{count} odd rows.", 2)
    run.count("{count} odd rows.")
    run.count("{count} never.", 0)
    run.cleaner.clean("a\u200b")
    told = [str(note) for note in run.notes()]
    assert told == ["{x} is odd.", "3 odd rows.", "1 invisible or control characters were removed."]
    assert [str(note) for note in run.notes()] == told


def test_files_passed_over_are_named_up_to_a_few() -> None:
    run = Run([], None)
    run.passed_over = [f"{number}.png" for number in range(9)]
    (note,) = run.notes()
    assert note == Note(
        "{count} files were passed over: {names}.", {"count": 9, "names": "0.png, 1.png, 2.png, 3.png, 4.png, …"}
    )
