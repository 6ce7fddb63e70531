"""core/domain/transcript.py: shares of speech and where the ending begins."""

import pytest

from core.domain.show import Line, LineKind
from core.domain.transcript import character_shares, split_speakers, spoiler_seqs


def line(seq: int, speaker: str | None = "ANA", *, scene: int = 1, kind: LineKind = LineKind.SPEECH) -> Line:
    return Line(scene=scene, seq=seq, speaker=speaker, kind=kind, text="Olá.", source_file="a.txt", source_row=seq + 1)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Stan, Kyle", ("Stan", "Kyle")),
        ("ANA E RUI", ("ANA", "RUI")),
        ("Ana & Rui / Zé", ("Ana", "Rui", "Zé")),
        ("TIÃO (OFF)", ("TIÃO",)),
        ("Ana, Ana", ("Ana",)),
        ("#ALL#", ()),
        ("Todos", ()),
        ("—", ()),
        ("", ()),
        (None, ()),
        ("Denise", ("Denise",)),
    ],
)
def test_split_speakers(cell: str | None, names: tuple[str, ...]) -> None:
    assert split_speakers(cell) == names


def test_a_group_counts_for_each_member() -> None:
    shares = character_shares([line(0, "Stan, Kyle"), line(1, "Kyle"), line(2, "#ALL#"), line(3, None)])
    assert [(s.name, s.lines, s.share) for s in shares] == [("Kyle", 2, 0.5), ("Stan", 1, 0.25)]


def test_case_makes_no_second_character_and_the_common_spelling_wins() -> None:
    (share,) = character_shares([line(0, "Tião"), line(1, "TIÃO"), line(2, "TIÃO")])
    assert (share.name, share.lines) == ("TIÃO", 3)


def test_only_speech_counts() -> None:
    shares = character_shares([line(0), line(1, "RUI", kind=LineKind.DIRECTION), line(2, None, kind=LineKind.SOUND)])
    assert [(s.name, s.share) for s in shares] == [("ANA", 1.0)]
    assert character_shares([]) == ()


@pytest.mark.parametrize(("scenes", "last"), [(3, 1), (5, 1), (6, 2), (10, 2), (11, 3)])
def test_the_last_fifth_of_scenes_is_spoiler(scenes: int, last: int) -> None:
    lines = [line(seq, scene=seq // 2 + 1) for seq in range(2 * scenes)]
    assert spoiler_seqs(lines) == frozenset(range(2 * (scenes - last), 2 * scenes))


@pytest.mark.parametrize(("count", "last"), [(0, 0), (1, 0), (6, 0), (7, 2), (100, 15)])
def test_without_scenes_the_last_lines_are_spoiler(count: int, last: int) -> None:
    assert spoiler_seqs([line(seq) for seq in range(count)]) == frozenset(range(count - last, count))
