"""Opening, decoding and walking, and everything refused on the way."""

import os
from pathlib import Path

import pytest

from core.errors import DamagedInput, UnknownFormat
from core.ingest import source as source_module
from core.ingest.source import MAX_LINE, Source, peek, scan, walk


def scan_bytes(tmp_path: Path, data: bytes) -> Source:
    path = tmp_path / "file.txt"
    path.write_bytes(data)
    return scan(path, "file.txt")


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_decodes(tmp_path: Path, encoding: str, found: str) -> None:
    text = "ZÉ: Não há pão, irmã.\r\nZÉ: “Já” disse…\n"
    source = scan_bytes(tmp_path, text.encode(encoding))
    assert source.encoding == found
    assert source.text() == source.head == text.replace("\r\n", "\n")
    with source.open() as file:
        assert file.read() == source.text()


def test_a_character_across_two_pieces_is_one(tmp_path: Path) -> None:
    text = "x" * (1024**2 - 1) + "é\n" + "ação\n" * 10
    source = scan_bytes(tmp_path, text.encode())
    assert source.encoding == "utf-8-sig"
    assert source.longest_line == 1024**2
    with pytest.raises(DamagedInput):
        source.check_lines()


def test_many_short_lines_are_no_long_line(tmp_path: Path) -> None:
    source = scan_bytes(tmp_path, b"a line\n" * 400_000)
    assert source.longest_line == 6
    source.check_lines()


def test_damaged_utf8_is_not_taken_for_windows_1252(tmp_path: Path) -> None:
    with pytest.raises(DamagedInput, match="Save it as UTF-8"):
        scan_bytes(tmp_path, "ação, irmã, pão".encode() + b" \xe7\n")


@pytest.mark.parametrize("data", [b"\x81\x8d\x8f ol\xe1", "olá".encode("utf-16")[:-1]])
def test_refuses_what_no_encoding_fits(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DamagedInput, match=r"file\.txt is neither UTF-8 nor Windows-1252"):
        scan_bytes(tmp_path, data)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"a\0b", bytes(range(1, 32)) * 9])
def test_refuses_binary(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnknownFormat, match=r"file\.txt is not text"):
        scan_bytes(tmp_path, data)


def test_refuses_a_nul_far_into_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="is not text"):
        scan_bytes(tmp_path, b"line\n" * 500_000 + b"\0")


@pytest.mark.parametrize("data", [b"", b" \n\r\n\t", b"\xef\xbb\xbf"])
def test_refuses_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DamagedInput, match=r"file\.txt is empty\. Export it again"):
        scan_bytes(tmp_path, data)


def test_refuses_a_line_without_end(tmp_path: Path) -> None:
    source = scan_bytes(tmp_path, b"a\n" + b"b" * 10_000_000 + b"\nc")
    assert source.longest_line == 10_000_000
    with pytest.raises(DamagedInput, match=f"has a line of .* the limit is {MAX_LINE}"), source.open():
        pass


def test_refuses_what_is_too_large_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(source_module.MAX_BYTES + 1)
    with pytest.raises(DamagedInput, match=r"huge\.csv has 256 MB; the limit is 256 MB"):
        scan(path, "huge.csv")


def test_refuses_to_hold_a_large_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = scan_bytes(tmp_path, b"line\n" * 10)
    monkeypatch.setattr(source_module, "MAX_WHOLE_BYTES", 49)
    with pytest.raises(DamagedInput, match="Split it by season"):
        source.text()


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    source = scan_bytes(tmp_path, "pão\n".encode())
    source.path.write_bytes(b"p\xe3o\n")
    with pytest.raises(DamagedInput, match="changed while"):
        source.text()
    with pytest.raises(DamagedInput, match="changed while"), source.open() as file:
        file.read()


@pytest.mark.timeout(10)
def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(DamagedInput, match="is not a regular file"):
            scan(path, "it")
    assert peek(pipe) == ""


def test_a_file_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("a")

    def deny(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)
    with pytest.raises(DamagedInput, match=r"secret\.csv cannot be read \(Permission denied\)"):
        scan(path, "secret.csv")


def test_missing_and_impossible_paths(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path / ("n" * 5000), tmp_path / "nul\0"):
        with pytest.raises(DamagedInput, match="cannot be read"):
            scan(path, "it")


def test_a_disk_that_fails_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    path.write_text("a")

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(source_module, "_measure", fail)
    with pytest.raises(DamagedInput, match="Input/output error"):
        scan(path, "file.txt")


def test_walks_sorted_without_hidden_files_and_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    folder = tmp_path / "show"
    (folder / "b").mkdir(parents=True)
    for name in ("b/2.txt", "a.txt", ".hidden", "b/1.txt"):
        (folder / name).write_text("x")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    files, skipped = walk(folder)
    assert [str(path.relative_to(folder)) for path in files] == ["a.txt", "b/1.txt", "b/2.txt"]
    assert skipped == ["link.txt", "loop", "pipe"]


def test_bounds_of_a_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "a/b/c/d/e"
    deep.mkdir(parents=True)
    with pytest.raises(DamagedInput, match="folders more than 4 deep"):
        walk(tmp_path)
    monkeypatch.setattr(source_module, "MAX_FILES", 3)
    for number in range(4):
        (deep / str(number)).touch()
    with pytest.raises(DamagedInput, match="has more than 3 files"):
        walk(deep)
    with pytest.raises(DamagedInput, match="cannot be read"):
        walk(tmp_path / "none")
