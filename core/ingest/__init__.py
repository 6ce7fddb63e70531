"""From a file or a folder to episodes, whatever the source: ``read`` gives a Reading, and stores nothing.

The map::

    source.py       open safely, decode, walk folders        sniff.py       which format; the list of all formats
    cleaning.py     one line of clean text                   report.py      Reading, Report, and the Run that counts
    dialogue.py     speakers and directions within a line    numbering.py   S01E03, dates, counts
    csv_profile.py  CSVs by data/formats/*.json              simpsons.py    two CSVs joined
    summscreen.py   JSON transcripts                         metadata.py    episodes.json, show.json
    subtitles.py    SRT, WebVTT                              screenplay.py  text with scenes and speeches
    json_source.py  JSON within bounds                       assembly.py    rows to episodes: sort, number, merge
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections import defaultdict
from pathlib import Path

from core.domain.show import Episode, ShowInfo
from core.errors import DamagedInput, ImportFailed, UnknownFormat
from core.ingest.assembly import build, merge
from core.ingest.cleaning import shown
from core.ingest.report import FIRST_ROWS, Note, OnProgress, Reading, Report, Run
from core.ingest.simpsons import find_sibling
from core.ingest.sniff import FORMATS, METADATA, MIXED, MIXED_DESCRIPTION, detect
from core.ingest.source import MAX_BYTES, Source, scan, walk
from core.language import N_

__all__ = ["Note", "Reading", "Report", "read"]

_TRANSCRIPTS = {".csv", ".tsv", ".json", ".srt", ".vtt", ".txt", ".fountain"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_LONGEST_SHOW = 200


def read(path: Path, show: str, on_progress: OnProgress | None = None) -> Reading:
    """Read every episode of a show.

    Args:
        path: a file, or a folder whose recognised files are taken together.
        show: the show's name, the user's own word for it: 1 to 200 characters.
        on_progress: called with (bytes read, bytes in all); what it raises ends the reading.

    Raises:
        UnknownFormat: nothing there is a format that Chamada knows, or nothing tells where episodes begin.
        DamagedInput: something there cannot be read; the message names the file and the remedy.
        ImportFailed: the show's name cannot be used.
    """
    name = _show_name(show)
    found, passed_over = _find(Path(path))
    run = Run([source for source, _ in found], on_progress)
    run.passed_over += passed_over
    by_format: dict[str, list[Source]] = defaultdict(list)
    for source, format_id in found:
        by_format[format_id].append(source)
    drafts = [
        draft
        for format_id, entry in FORMATS.items()
        if format_id in by_format
        for draft in entry.read(by_format[format_id], run)
    ]
    if not drafts:
        _refuse_nothing(Path(path), len(found) + len(passed_over))
    episodes = tuple(build(draft, run) for draft in merge(drafts, run))
    info = _show_info(name, run)
    told = [format_id for format_id in by_format if format_id not in METADATA] or list(by_format)
    return Reading(
        format=told[0] if len(told) == 1 else MIXED,
        description=FORMATS[told[0]].description if len(told) == 1 else MIXED_DESCRIPTION,
        info=info,
        episodes=episodes,
        report=_report(run, episodes),
    )


def _show_name(show: str) -> str:
    name = unicodedata.normalize("NFC", show[: _LONGEST_SHOW * 2].strip())
    if not 0 < len(name) <= _LONGEST_SHOW or not all(char.isprintable() for char in name):
        raise ImportFailed(
            "A show's name has 1 to {limit} characters, on one line. Give another name.", limit=_LONGEST_SHOW
        )
    return name


def _find(path: Path) -> tuple[list[tuple[Source, str]], list[str]]:
    """The recognised files with their formats, and the names of those passed over."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise DamagedInput(
            "{path} cannot be read ({why}). Check that it exists and that you may read it.",
            path=shown(path),
            why=getattr(error, "strerror", None) or error,
        ) from None
    if not stat.S_ISDIR(mode):
        return _find_file(path), []
    if path.is_symlink():
        raise DamagedInput("{path} is a link to a folder. Give the folder itself.", path=shown(path))
    return _find_folder(path)


def _find_file(path: Path) -> list[tuple[Source, str]]:
    source = scan(path, shown(path.name))
    format_id = detect(source)
    found = [(source, format_id)]
    if format_id == "simpsons_csv" and (sibling := find_sibling(source)):
        found.append((sibling, format_id))
    return found


def _find_folder(folder: Path) -> tuple[list[tuple[Source, str]], list[str]]:
    files, passed_over = walk(folder)
    found: list[tuple[Source, str]] = []
    size = 0
    for path in files:
        name = shown(path.relative_to(folder))
        try:
            source = scan(path, name)
            found.append((source, detect(source)))
        except ImportFailed as error:
            # A transcript that cannot be read must not go missing in silence; a picture or a note may.
            if isinstance(error, DamagedInput) and path.suffix.lower() in _TRANSCRIPTS:
                raise
            passed_over.append(name)
            continue
        size += source.size
        if size > MAX_BYTES:
            raise DamagedInput(
                "{path} holds more than {limit} MB of transcripts. Import it season by season.",
                path=shown(folder),
                limit=MAX_BYTES // 1024**2,
            )
    if not found:
        _refuse_nothing(folder, len(passed_over))
    return found, passed_over


def _refuse_nothing(path: Path, count: int) -> None:
    raise UnknownFormat(
        "{path} holds no transcript with episodes that Chamada knows ({count} files looked at). "
        "Give CSV, JSON, SRT or WebVTT files, or screenplays named like S01E03.txt.",
        path=shown(path),
        count=count,
    )


def _show_info(name: str, run: Run) -> ShowInfo:
    told_name, language = run.show.pop("told_name", None), run.show.get("language")
    if told_name and told_name != name:
        run.note(N_("The files call the show {name}."), name=told_name)
    if language and not _LANGUAGE.fullmatch(language):
        run.note(N_("{language} is no language tag; languages are found in the text."), language=language)
        del run.show["language"]
    return ShowInfo(name=name, **run.show)


def _report(run: Run, episodes: tuple[Episode, ...]) -> Report:
    lines = ((episode.key, line) for episode in episodes for line in episode.lines)
    return Report(
        files=tuple(run.files),
        rows_read=run.rows_read,
        rows_kept=run.rows_read - sum(run.dropped.values()),
        dropped=run.dropped,
        notes=run.notes(),
        first_rows=tuple(entry for entry, _ in zip(lines, range(FIRST_ROWS), strict=False)),
    )
