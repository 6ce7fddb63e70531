"""core.ingest.read: files, folders, names, refusals; any bytes give a Reading or an ImportFailed."""

import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Canceled, DamagedInput, ImportFailed, UnknownFormat
from core.ingest import Reading, read
from core.settings import BUNDLED

Put = Callable[[str, str | bytes], Path]
Take = Callable[[str, str | bytes], Reading]

SCRIPT = "INT. FAROL — NOITE\nLIA: Apagou.\nZÉ: De novo?\n"
CSV = "Season,Episode,Character,Line\n1,1,Zé,Oi\n1,2,Lia,Olá\n"


def test_a_folder_of_scripts(put: Put) -> None:
    for name in ("S01E02.txt", "season 2/S02E01.txt", "S01E01.txt"):
        folder = put(name, SCRIPT)
    reading = read(folder.parent, "Farol")
    assert reading.format == "screenplay"
    assert [episode.key for episode in reading.episodes] == ["S01E01", "S01E02", "S02E01"]
    assert reading.report.files == ("S01E01.txt", "S01E02.txt", "season 2/S02E01.txt")
    assert reading.episodes[2].lines[0].source_file == "season 2/S02E01.txt"
    assert [key for key, _ in reading.report.first_rows] == ["S01E01"] * 3 + ["S01E02"] * 3 + ["S02E01"] * 3


def test_a_folder_of_mixed_things(put: Put, tmp_path: Path) -> None:
    put("S01E09.srt", "1\n00:00:01,000 --> 00:00:02,000\nOi.\n")
    put("notes.txt", "Buy bread.\n")
    put("draft.txt", SCRIPT)
    put("poster.png", b"\x89PNG\0\0")
    put("prices.csv", "item,price\nbread,1\n")
    put("empty.log", "")
    put(".hidden.csv", "")
    folder = put("lines.csv", CSV).parent
    outside = tmp_path / "S01E07.txt"
    outside.write_text(SCRIPT)
    (folder / "S01E07.txt").symlink_to(outside)
    os.mkfifo(folder / "S01E08.txt")
    reading = read(folder, "Farol")
    assert (reading.format, reading.description) == ("mixed", "files of several formats")
    assert [episode.key for episode in reading.episodes] == ["S01E01", "S01E02", "S01E09"]
    (note,) = reading.report.notes
    assert note.values["count"] == 7
    assert reading.report.files == ("S01E09.srt", "lines.csv")


def test_a_link_given_by_name_is_followed_to_a_file_only(put: Put, tmp_path: Path) -> None:
    path = put("S01E01.txt", SCRIPT)
    link = tmp_path / "S01E01.txt"
    link.symlink_to(path)
    assert len(read(link, "Farol").episodes) == 1
    folder = tmp_path / "link"
    folder.symlink_to(path.parent)
    with pytest.raises(DamagedInput, match="is a link to a folder"):
        read(folder, "Farol")
    device = tmp_path / "device.csv"
    device.symlink_to("/dev/zero")
    with pytest.raises(DamagedInput, match="not a regular file"):
        read(device, "Farol")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(DamagedInput, match="cannot be read"):
        read(loop, "Farol")


@pytest.mark.timeout(10)
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(DamagedInput, match=r"pipe\.csv is not a regular file"):
        read(pipe, "Farol")


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(DamagedInput, match=r"none\.csv cannot be read \(No such file"):
        read(tmp_path / "none.csv", "Farol")
    with pytest.raises(DamagedInput, match="cannot be read"):
        read(Path("a\0b"), "Farol")


def test_a_folder_without_transcripts(put: Put, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    with pytest.raises(UnknownFormat, match=r"bare holds no transcript .* \(0 files looked at\)"):
        read(tmp_path / "bare", "Farol")
    put("a.md", "# Notes\n")
    folder = put("b.txt", SCRIPT).parent
    with pytest.raises(UnknownFormat, match=r"a transcript|no transcript|does not tell"):
        read(folder, "Farol")


def test_a_damaged_transcript_in_a_folder_is_not_lost_in_silence(put: Put) -> None:
    put("S01E01.txt", SCRIPT)
    folder = put("S01E02.txt", b"").parent
    with pytest.raises(DamagedInput, match=r"S01E02\.txt is empty"):
        read(folder, "Farol")


def test_one_episode_twice(put: Put) -> None:
    put("S01E01.txt", SCRIPT)
    copy = put("copy of S01E01.txt", SCRIPT)
    reading = read(copy.parent, "Farol")
    assert len(reading.episodes) == 1
    assert reading.report.rows_kept == reading.report.rows_read - 3 == 3
    copy.write_text(SCRIPT.replace("Apagou", "Acendeu"))
    with pytest.raises(DamagedInput, match=r"both hold episode S01E01, and differ"):
        read(copy.parent, "Farol")


def test_names_of_files_cannot_forge_the_screen(put: Put) -> None:
    reading = read(put("S01E01 \x1b[2J\n{evil}.txt", SCRIPT), "Farol")
    assert reading.report.files == ("S01E01 [2J {evil}.txt",)
    with pytest.raises(UnknownFormat) as caught:
        read(put("{evil}.txt", "Era uma vez."), "Farol")
    assert str(caught.value).startswith("{evil}.txt is no transcript")


@pytest.mark.parametrize("show", ["O Farol", 'D\'Ávila "X" / ../etc; DROP TABLE', "番組", "x" * 200, "  Farol  "])
def test_names_of_shows(put: Put, show: str) -> None:
    assert read(put("a.csv", CSV), show).info.name == show.strip()


@pytest.mark.parametrize("show", ["", "   ", "a\nb", "a\x00", "a\u202eb", "x" * 201, "\ud800"])
def test_names_that_no_show_can_have(put: Put, show: str) -> None:
    with pytest.raises(ImportFailed, match="1 to 200 characters"):
        read(put("a.csv", CSV), show)


def test_progress_reaches_the_end_and_can_cancel(put: Put) -> None:
    path = put("a.csv", "Season,Episode,Character,Line\n" + "1,1,Zé,Oi de novo\n1,1,Lia,Olá\n" * 5_000)
    seen: list[tuple[int, int]] = []
    read(path, "Farol", lambda done, total: seen.append((done, total)))
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1] == (path.stat().st_size,) * 2

    def cancel(done: int, total: int) -> None:
        raise Canceled("Stopped.")

    with pytest.raises(Canceled):
        read(path, "Farol", cancel)


def test_ten_thousand_files_are_read(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"S{number // 100:02d}E{number % 100:02d}.txt").write_text("INT. FAROL\nLIA: Oi.\n")
    began = time.perf_counter()
    reading = read(tmp_path, "Farol")
    assert len(reading.episodes) == 10_000
    assert time.perf_counter() - began < 60


def test_a_folder_is_bounded_in_bytes(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("S01E01.txt", SCRIPT)
    folder = put("S01E02.txt", SCRIPT).parent
    monkeypatch.setattr("core.ingest.MAX_BYTES", len(SCRIPT.encode()) + 1)
    with pytest.raises(DamagedInput, match="Import it season by season"):
        read(folder, "Farol")


def test_a_season_of_a_hundred_and_sixty_thousand_lines_is_read_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Season,Episode,Character,Line\n")
        file.writelines(f'{n // 8000 + 1},{n // 400 % 20 + 1},Zé,"A rede {n} rasgou.\n"\n' for n in range(160_000))
    began = time.perf_counter()
    reading = read(path, "Farol")
    # About 4 s on two cores; the margin is for busy machines.
    assert time.perf_counter() - began < 40
    assert sum(len(episode.lines) for episode in reading.episodes) == 160_000


def check(reading: Reading) -> None:
    """What holds for every reading."""
    report = reading.report
    assert report.rows_read == report.rows_kept + sum(report.dropped.values())
    assert report.rows_kept >= 0
    keys = Counter(episode.key for episode in reading.episodes)
    assert max(keys.values()) == 1
    for episode in reading.episodes:
        assert [line.seq for line in episode.lines] == list(range(len(episode.lines)))
        scenes = [line.scene for line in episode.lines]
        assert scenes == sorted(scenes)
        assert scenes[:1] in ([], [1])
        for line in episode.lines:
            assert line.text == " ".join(line.text.split()) != ""
            line.text.encode("utf-8")


STARTS = [
    b"",
    b"Season,Episode,Character,Line\n1,1,a,b\n",
    b"text,speaker,season,episode,scene,utterance\nhi,a,1,1,1,1\n",
    b"season;episode;speaker;text;scene\n1;1;a;b;1\n",
    b'{"Transcript": ["A: b", ',
    b'{"show": "x", "episodes": [',
    b'[{"season": 1, "episode": 1, ',
    b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
    b"1\n00:00:01,000 --> 00:00:02,000\n",
    b"INT. PIER\nLIA: hi\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
]
PIECES = [
    *(b'\n|"|,|(|)|[|]|{|}|:|\r|NA|null|1e999|- |LIA: |CENA 2|<v A>|1,1,a,b\n|1;1;a;b;2\n'.split(b"|")),
    *(b'\0|\xe7\xe3|]}|00:00:03,000 --> 00:00:04,000\n|"season": 1|"\\ud800"'.split(b"|")),
    "é\u0301\u200d".encode(),
]


@given(
    start=st.sampled_from(STARTS),
    rest=st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)),
    name=st.sampled_from(["S01E01.txt", "a.csv", "2007-05-14.json", "S01E01.srt", "x"]),
)
def test_any_bytes_are_a_reading_or_an_explained_refusal(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(start + rest)
    try:
        check(read(path, "Farol"))
    except (UnknownFormat, DamagedInput) as refusal:
        explained = str(refusal)
        # The name of the file, and a second sentence with the remedy.
        assert name in explained and ". " in explained  # noqa: PT018


def test_the_bundled_show() -> None:
    folder = BUNDLED / "shows" / "mare-alta"
    reading = read(folder, "Maré Alta")
    check(reading)
    assert reading.format == "screenplay"
    assert reading.info.name == "Maré Alta"
    assert reading.info.language == "pt-BR"
    assert [episode.key for episode in reading.episodes] == [f"S{s:02d}E{e:02d}" for s in (1, 2) for e in range(1, 7)]
    assert not reading.report.dropped
    speakers = {line.speaker for episode in reading.episodes for line in episode.lines if line.speaker}
    assert speakers <= set(reading.info.cast)
    for episode in reading.episodes:
        assert episode.title
        assert episode.logline
        assert episode.air_date
        assert episode.lines[-1].scene >= 5
