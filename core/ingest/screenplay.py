"""Screenplays as text: ``CENA 1 — EXT. …`` or ``INT. …``, ``(rubrica)``, ``NOME: fala`` or a name over its speech."""

from __future__ import annotations

import re

from core.domain.show import LineKind
from core.errors import DamagedInput, UnknownFormat
from core.ingest.assembly import Draft, Row
from core.ingest.cleaning import Cleaner
from core.ingest.csv_profile import refuse_if_nothing
from core.ingest.dialogue import is_bracketed, is_cue, split_cue, split_directions, split_speaker, unwrap
from core.ingest.numbering import after_number, episode_key, find_number
from core.ingest.report import Run
from core.ingest.source import Source
from core.language import N_

TITLE_PAGE = N_("before the first scene")

# Anchored and bounded: each reads a few characters of a line.
_HEADING = re.compile(
    r"\[?(?:(?i:cena|scene|sequência|sequence)\s{1,3}[0-9]{1,4}[A-Za-z]?(?![0-9A-Za-z])|(?:SCENE|Scene|CENA|Cena)\s?[:—–-])"
    r"|(?:[0-9]{1,4}[A-Za-z]?[.)]?\s{1,3})?(?:INT|EXT|I/E|E/I)(?:\.?/(?:INT|EXT))?[.\s—–-]"
)
_HEADER_LINES = 8
_SNIFFED_LINES = 400
_LONGEST_DIRECTION = 40


def is_screenplay(head: str) -> bool:
    """Whether a text's beginning has scene headings, or speeches in at least a fifth of its lines."""
    cleaner = Cleaner()
    lines = [line for raw in head.split("\n")[:_SNIFFED_LINES] if (line := cleaner.clean(raw[:200]))]
    if any(_HEADING.match(line) for line in lines):
        return True
    speeches = sum(bool((found := split_speaker(line, strict=True)) and found[1]) for line in lines)
    return speeches > 1 and speeches * 5 >= len(lines)


def read_screenplay(source: Source, run: Run) -> Draft:
    """The episode of one file.

    Raises:
        UnknownFormat: neither the name nor the first lines tell season and episode.
        DamagedInput: they contradict each other, or there is nothing to read.
    """
    source.check_lines()
    lines = [run.cleaner.clean(raw) for raw in source.text().split("\n")]
    draft, header = _numbered(source, lines)
    script = _Script(lines)
    for place, line in enumerate(lines):
        if not line:
            script.pause()
            continue
        run.row(source)
        if place != header and not script.take(place, line):
            run.drop(TITLE_PAGE)
    script.flush()
    draft.rows = script.rows
    if header is not None:
        draft.title = run.cleaner.title(after_number(lines[header])) or None
    run.finish(source)
    refuse_if_nothing(source, draft.rows, run)
    return draft


def _numbered(source: Source, lines: list[str]) -> tuple[Draft, int | None]:
    """An empty draft, and the place of the line that tells season, episode and title."""
    named = find_number(source.path.name)
    first = [place for place, line in enumerate(lines) if line][:_HEADER_LINES]
    header = next((place for place in first if find_number(lines[place]) and not _HEADING.match(lines[place])), None)
    told = find_number(lines[header]) if header is not None else None
    if named and told and named != told:
        raise DamagedInput(
            "{path} calls itself {told} inside. Correct its name or its first lines.",
            path=source.name,
            told=episode_key(*told),
        )
    number = named or told
    if number is None:
        raise UnknownFormat(
            "{path} does not tell which episode it is. "
            "Name it like S01E03.txt, or begin it with a line such as: Temporada 1, Episódio 3.",
            path=source.name,
        )
    return Draft(number[0], episode_key(*number), source.name, number[1]), header


class _Script:
    """Reads line after line; a speech or direction stays open while its lines go on."""

    def __init__(self, lines: list[str]) -> None:
        self.rows: list[Row] = []
        self._lines = lines
        self._open: Row | None = None
        self._words: list[str] = []
        self._in_cue = False
        self._paused = True

    def take(self, place: int, line: str) -> bool:
        """Take a line that is not blank; False if it is of the title page."""
        paused, self._paused = self._paused, False
        if self._in_direction():
            self._words.append(line)
            return True
        if _HEADING.match(line):
            self._begin(Row(place + 1, "", LineKind.HEADING), unwrap(line))
        elif self._in_cue:
            self._words.append(line)
        elif is_bracketed(line) or line[0] == "(":
            self._begin(Row(place + 1, "", LineKind.DIRECTION), line)
        elif (found := split_speaker(line, strict=True)) and (found[1] or self._goes_on(place)):
            self._begin_speech(place, *found)
        elif (paused or not self._is_speech()) and is_cue(line) and self._goes_on(place):
            self._begin_speech(place, line, "")
        elif self._is_speech() and not paused and not found:
            self._words.append(line)
        elif self.rows or self._open:
            self._begin(Row(place + 1, "", LineKind.DIRECTION), line)
        else:
            return False
        return True

    def pause(self) -> None:
        """A blank line ends what is open."""
        self.flush()
        self._paused = True

    def flush(self) -> None:
        """Close the open speech or direction."""
        row, text = self._open, " ".join(self._words)
        self._open, self._words, self._in_cue = None, [], False
        if row is None:
            return
        if row.kind is not LineKind.SPEECH:
            self.rows.append(row._replace(text=unwrap(text)))
            return
        spoken = split_directions(text, "round")
        row = row._replace(text=spoken.words, before=row.before + spoken.before, after=spoken.after)
        if row.text or row.before or row.after:
            self.rows.append(row)

    def _begin(self, row: Row, text: str) -> None:
        self.flush()
        self._open, self._words = row, [text] if text else []

    def _begin_speech(self, place: int, cue: str, words: str) -> None:
        name, directions = split_cue(cue)
        self._begin(Row(place + 1, "", speaker=name, before=directions), words)
        self._in_cue = not words

    def _is_speech(self) -> bool:
        return self._open is not None and self._open.kind is LineKind.SPEECH

    def _in_direction(self) -> bool:
        """Whether a direction over several lines waits for its closing bracket."""
        if self._open is None or self._open.kind is not LineKind.DIRECTION or len(self._words) > _LONGEST_DIRECTION:
            return False
        return self._words[0][0] == "(" and ")" not in self._words[-1]

    def _goes_on(self, place: int) -> bool:
        """Whether the next line is text that a name can stand over."""
        following = self._lines[place + 1] if place + 1 < len(self._lines) else ""
        return bool(following) and not _HEADING.match(following) and split_speaker(following, strict=True) is None
