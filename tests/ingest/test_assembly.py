"""Scenes, numbering, repeats, and several files of one episode."""

import datetime as dt

import pytest

from core.domain.show import LineKind
from core.errors import DamagedInput
from core.ingest.assembly import Draft, Row, build, merge
from core.ingest.report import REPEATED, Run


def draft(key: str = "S01E01", source: str = "a.txt", *rows: Row, **facts: object) -> Draft:
    return Draft(1, key, source, 1, rows=list(rows), **facts)  # type: ignore[arg-type]


def test_scenes_by_headings_begin_at_one() -> None:
    heading = LineKind.HEADING
    rows = [Row(1, "a"), Row(2, "H", heading), Row(3, "b"), Row(4, "H2", heading), Row(5, "c")]
    assert [line.scene for line in build(draft("k", "f", *rows), Run([], None)).lines] == [1, 2, 2, 3, 3]
    assert [line.scene for line in build(draft("k", "f", *rows[1:]), Run([], None)).lines] == [1, 1, 2, 2]


def test_scenes_by_marks_are_dense() -> None:
    rows = [Row(1, "a", scene=4), Row(2, "b", scene=4), Row(3, "c", scene=9)]
    assert [line.scene for line in build(draft("k", "f", *rows), Run([], None)).lines] == [1, 1, 2]


def test_lines_are_numbered_without_gaps_and_know_their_row() -> None:
    row = Row(7, "words", speaker="LIA", before=("one",), after=("two",))
    lines = build(draft("k", "f", row), Run([], None)).lines
    assert [(line.seq, line.text, line.kind.value, line.source_row, line.source_file) for line in lines] == [
        (0, "one", "direction", 7, "f"),
        (1, "words", "speech", 7, "f"),
        (2, "two", "direction", 7, "f"),
    ]


def test_repeats_are_dropped_where_they_are_a_fault() -> None:
    rows = (Row(1, "Não!"), Row(2, "Não!"), Row(3, "Sim."), Row(4, "Não!"))
    run = Run([], None)
    assert len(build(draft("k", "f", *rows, repeats=False), run).lines) == 3
    assert run.dropped == {REPEATED: 1}
    assert len(build(draft("k", "f", *rows), Run([], None)).lines) == 4


def test_rows_of_equal_number_keep_their_places() -> None:
    rows = (Row(1, "c", order=(2,)), Row(2, "a", order=(1,)), Row(3, "b", order=(1,)))
    assert [line.text for line in build(draft("k", "f", *rows), Run([], None)).lines] == ["a", "b", "c"]


def test_one_episode_in_two_files_is_refused_with_both_names() -> None:
    with pytest.raises(DamagedInput, match=r"a\.txt and b\.txt both hold episode S01E01, and differ"):
        merge([draft("S01E01", "a.txt", Row(1, "x")), draft("S01E01", "b.txt", Row(1, "y"))], Run([], None))


def test_metadata_does_not_hide_that_two_scripts_differ() -> None:
    drafts = [
        draft("S01E01", "show.json", authority=2, title="T"),
        draft("S01E01", "a.txt", Row(1, "x")),
        draft("S01E01", "b.txt", Row(1, "y")),
    ]
    with pytest.raises(DamagedInput, match=r"a\.txt and b\.txt"):
        merge(drafts, Run([], None))


def test_an_identical_copy_is_noted() -> None:
    run = Run([], None)
    (merged,) = merge([draft("k", "a.txt", Row(1, "x")), draft("k", "copy.txt", Row(2, "x"))], run)
    assert merged.source == "a.txt"
    assert [str(note) for note in run.notes()] == ["copy.txt repeats a.txt."]
    assert run.dropped == {REPEATED: 1}


def test_facts_come_from_the_better_source_first() -> None:
    day = dt.date(2025, 3, 5)
    drafts = [
        draft("k", "a.txt", Row(1, "x"), title="Old", logline="from the script"),
        draft("k", "episodes.json", authority=1, title="Better", air_date=day),
        draft("k", "show.json", authority=2, title="Best"),
    ]
    (merged,) = merge(drafts, Run([], None))
    assert (merged.title, merged.air_date, merged.logline) == ("Best", day, "from the script")
    assert (merged.source, merged.rows) == ("a.txt", [Row(1, "x")])


def test_episodes_are_sorted_by_number_even_past_a_hundred() -> None:
    drafts = [Draft(1, f"S01E{number}", "f", number) for number in (100, 99, 2)]
    assert [item.number for item in merge(drafts, Run([], None))] == [2, 99, 100]
