"""Input files, opened safely: regular files only, bounded in size, number and line length, decoded or refused."""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, TextIO

from core.errors import DamagedInput, ImportFailed, UnknownFormat
from core.ingest.cleaning import shown

MAX_BYTES = 256 * 1024**2
"""Bytes in one import, folder or file; the largest series known is a CSV of 35 MB."""

MAX_WHOLE_BYTES = 32 * 1024**2
"""Bytes in a file that must be read whole (JSON, subtitles)."""

MAX_LINE = 1_000_000
"""Characters in a line or cell."""

MAX_FILES = 20_000
MAX_DEPTH = 4
HEAD = 64 * 1024
_CHUNK = 1024**2
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x0b\x1b")


@dataclass(frozen=True)
class Source:
    """A file that has been looked through once.

    Attributes:
        name: safe to show and store, relative to what was asked for.
        size: bytes.
        encoding: Python's name for it; it decodes the whole file.
        longest_line: characters.
        head: the first ``HEAD`` characters, line ends as ``\\n``.
    """

    path: Path
    name: str
    size: int
    encoding: str
    longest_line: int
    head: str

    @contextmanager
    def open(self, newline: str | None = None) -> Iterator[TextIO]:
        """The file as text.

        Raises:
            DamagedInput: a line is too long, or the file changed since it was looked through.
        """
        self.check_lines()
        with _open_regular(self.path, self.name) as file, _explained(self.name):
            yield io.TextIOWrapper(file, encoding=self.encoding, newline=newline)

    def check_lines(self) -> None:
        """Refuse a file with an endless line; JSON alone may be on one.

        Raises:
            DamagedInput: a line is longer than ``MAX_LINE``.
        """
        if self.longest_line > MAX_LINE:
            raise DamagedInput(
                "{path} has a line of {size} characters; the limit is {limit}. "
                "It may not be a transcript: check the file or break its lines.",
                path=self.name,
                size=self.longest_line,
                limit=MAX_LINE,
            )

    def text(self) -> str:
        """The whole file, line ends as ``\\n``.

        Raises:
            DamagedInput: too large to be read whole, or it changed.
        """
        if self.size > MAX_WHOLE_BYTES:
            _refuse_size(self.name, self.size, MAX_WHOLE_BYTES)
        with _explained(self.name), _open_regular(self.path, self.name) as file:
            text = file.read(MAX_WHOLE_BYTES).decode(self.encoding)
        return text.replace("\r\n", "\n").replace("\r", "\n")


def scan(path: Path, name: str) -> Source:
    """Look through a file once: is it text, in which encoding, how long are its lines.

    Raises:
        DamagedInput: empty, binary, too large, undecodable or unreadable.
    """
    with _explained(name), _open_regular(path, name) as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_BYTES:
            _refuse_size(name, size, MAX_BYTES)
        head = file.read(_CHUNK)
        bom = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if not bom and (b"\0" in head or len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 20):
            _refuse_binary(name)
        for encoding in ("utf-16",) if bom else ("utf-8-sig", "cp1252"):
            if encoding == "cp1252" and _is_damaged_utf8(file):
                break
            try:
                text, longest = _measure(file, encoding, name)
            except UnicodeDecodeError:
                continue
            return Source(path, name, size, encoding, longest, text)
    raise DamagedInput(
        "{path} is neither UTF-8 nor Windows-1252 text, or some of its characters are damaged. "
        "Save it as UTF-8 and import it again.",
        path=name,
    )


def peek(path: Path) -> str:
    """The first characters of a regular file, whatever it is; "" if it cannot be read."""
    try:
        with _open_regular(path, shown(path.name)) as file:
            return file.read(HEAD).decode("utf-8-sig", "replace")
    except (OSError, ImportFailed):
        return ""


def walk(folder: Path) -> tuple[list[Path], list[str]]:
    """The regular files under ``folder``, sorted, and the names of what was passed over (links, pipes, devices).

    Hidden files are passed over in silence.

    Raises:
        DamagedInput: more than ``MAX_FILES`` files, deeper than ``MAX_DEPTH`` folders, or a folder that cannot be read.
    """
    files: list[Path] = []
    skipped: list[str] = []
    pending = [(folder, 1)]
    while pending:
        place, depth = pending.pop()
        for entry in _entries(place):
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                _check(depth < MAX_DEPTH, "{path} has folders more than {limit} deep.", folder, MAX_DEPTH)
                pending.append((path, depth + 1))
            elif entry.is_file(follow_symlinks=False):
                files.append(path)
            else:
                skipped.append(shown(path.relative_to(folder)))
            _check(
                len(files) + len(skipped) + len(pending) <= MAX_FILES,
                "{path} has more than {limit} files.",
                folder,
                MAX_FILES,
            )
    return sorted(files), sorted(skipped)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError as error:
        _refuse_unreadable(shown(folder), error)


def _check(fine: bool, message: str, folder: Path, limit: int) -> None:
    if not fine:
        remedy = " Point to a smaller folder that holds the transcripts alone."
        raise DamagedInput(message + remedy, path=shown(folder), limit=limit)


@contextmanager
def _open_regular(path: Path, name: str) -> Iterator[BinaryIO]:
    """Open a regular file; a pipe or a device is refused before it is opened, so nothing ever blocks."""
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            _refuse_irregular(name)
        # O_NONBLOCK covers a pipe put in the file's place between the two calls.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        _refuse_unreadable(name, error)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            _refuse_irregular(name)
        yield file


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn what the disk or the decoder says into our words."""
    try:
        yield
    except OSError as error:
        _refuse_unreadable(name, error)
    except UnicodeDecodeError:
        raise DamagedInput("{path} changed while it was being read. Import it again.", path=name) from None


def _measure(file: BinaryIO, encoding: str, name: str) -> tuple[str, int]:
    """Decode the whole file in pieces: its head and the length of its longest line."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    file.seek(0)
    head, longest, current, blank = "", 0, 0, True
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        text = decoder.decode(chunk)
        if "\0" in text:
            _refuse_binary(name)
        blank = blank and not text.strip()
        head += text[: HEAD - len(head)]
        lines = [len(line) for line in text.split("\n")]
        lines[0] += current
        longest, current = max(longest, *lines), lines[-1]
    decoder.decode(b"", final=True)
    if blank:
        raise DamagedInput("{path} is empty. Export it again and import the new file.", path=name)
    return head, longest


def _is_damaged_utf8(file: BinaryIO) -> bool:
    """Whether bytes that are not UTF-8 are the exception among characters that are.

    Read as Windows-1252 such a file would turn every accent into two wrong letters.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    file.seek(0)
    valid = broken = 0
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        text = decoder.decode(chunk)
        accented = len(text) - len(text.encode("ascii", "ignore"))
        wrong = len(text) - len(text.encode("utf-8", "ignore").decode("utf-8"))
        valid, broken = valid + accented - wrong, broken + wrong
    return valid > broken


def _refuse_size(name: str, size: int, limit: int) -> NoReturn:
    raise DamagedInput(
        "{path} has {size} MB; the limit is {limit} MB. Split it by season.",
        path=name,
        size=size // 1024**2,
        limit=limit // 1024**2,
    )


def _refuse_binary(name: str) -> NoReturn:
    raise UnknownFormat(
        "{path} is not text. Give a transcript as CSV, JSON, SRT, VTT or plain text (UTF-8).", path=name
    )


def _refuse_irregular(name: str) -> NoReturn:
    raise DamagedInput("{path} is not a regular file. Give a file or a folder.", path=name)


def _refuse_unreadable(name: str, error: Exception) -> NoReturn:
    raise DamagedInput(
        "{path} cannot be read ({why}). Check that it exists and that you may read it.",
        path=name,
        why=getattr(error, "strerror", None) or error,
    ) from None
