"""What an import found: the Reading that ``read`` gives, and the Run that counts while files are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.domain.show import Episode, Line, ShowInfo
from core.errors import DamagedInput
from core.ingest.cleaning import Cleaner
from core.language import N_

if TYPE_CHECKING:
    from core.ingest.source import Source

MAX_ROWS = 1_000_000
"""Rows in one import. A line costs about 1 kB of memory; the longest series known has 160,000 lines."""

FIRST_ROWS = 10
_FEW = 5

OnProgress = Callable[[int, int], None]
"""Called with (bytes read, bytes in all); raises Canceled to stop."""

NO_TEXT = N_("no text")
REPEATED = N_("exact repeat of the row before")
NO_EPISODE = N_("no season and episode number")
CELLS = N_("wrong number of cells")
QUOTES = N_("broken quotation marks")


@dataclass(frozen=True)
class Note:
    """A remark about an import: ``message`` is a gettext msgid, ``values`` what it is filled with."""

    message: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.values)


@dataclass(frozen=True)
class Report:
    """How an import went; ``rows_read == rows_kept + sum(dropped.values())``.

    A row is a CSV row, a subtitle cue, a line of text that is not blank, or an entry of a JSON list.

    Attributes:
        files: names of the files read, relative to what was asked for.
        dropped: reason (gettext msgid) -> rows.
        first_rows: the first ten lines, each with its episode's key.
    """

    files: tuple[str, ...]
    rows_read: int
    rows_kept: int
    dropped: Counter[str]
    notes: tuple[Note, ...]
    first_rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Reading:
    """A show as read from a file or a folder, nothing stored yet.

    Attributes:
        format: short id of what it was taken for (``southpark_csv``), ``mixed`` for several formats.
        description: the same in words, as a gettext msgid.
    """

    format: str
    description: str
    info: ShowInfo
    episodes: tuple[Episode, ...]
    report: Report


class Run:
    """Counts and cleans for one import. Readers get it with their sources."""

    def __init__(self, sources: list[Source], on_progress: OnProgress | None) -> None:
        self.cleaner = Cleaner()
        self.rows_read = 0
        self.dropped: Counter[str] = Counter()
        self.show: dict[str, Any] = {}
        self.files = [source.name for source in sources]
        self.passed_over: list[str] = []
        self._notes: list[Note] = []
        self._counts: Counter[str] = Counter()
        self._total = sum(source.size for source in sources)
        self._done = 0
        self._on_progress = on_progress

    def row(self, source: Source) -> None:
        """Count a row.

        Raises:
            DamagedInput: more than ``MAX_ROWS`` of them.
        """
        self.rows_read += 1
        if self.rows_read > MAX_ROWS:
            raise DamagedInput(
                "{path} goes beyond {limit} rows. Split the import by season.", path=source.name, limit=MAX_ROWS
            )

    def drop(self, reason: str) -> None:
        """Count a row that gives no line."""
        self.dropped[reason] += 1

    def note(self, message: str, **values: object) -> None:
        """Remark something once."""
        note = Note(message, values)
        if note not in self._notes:
            self._notes.append(note)

    def pass_over(self, source: Source) -> None:
        """Leave a file out: it tells no episode."""
        self.files.remove(source.name)
        self.passed_over.append(source.name)
        self.finish(source)

    def count(self, message: str, amount: int = 1) -> None:
        """Add to a remark that carries a ``{count}``."""
        if amount:
            self._counts[message] += amount

    def progress(self, bytes_of_file: int) -> None:
        """Tell how much of the current file is read."""
        if self._on_progress:
            self._on_progress(min(self._done + bytes_of_file, self._total), self._total)

    def finish(self, source: Source) -> None:
        """Tell that a file is read to its end."""
        self._done += source.size
        self.progress(0)

    def notes(self) -> tuple[Note, ...]:
        """All remarks, single ones first."""
        if self.passed_over:
            names = ", ".join(self.passed_over[:_FEW]) + (", …" if len(self.passed_over) > _FEW else "")
            self.note(N_("{count} files were passed over: {names}."), count=len(self.passed_over), names=names)
        self.count(N_("{count} invisible or control characters were removed."), self.cleaner.removed)
        self.cleaner.removed = 0
        return (*self._notes, *(Note(message, {"count": n}) for message, n in self._counts.items()))
