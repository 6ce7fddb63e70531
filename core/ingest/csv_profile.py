"""CSV transcripts by profile: data/formats/*.json says which column plays which role, this reads the rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, NoReturn, TextIO, cast

from pydantic import Field

from core.domain.frozen import Frozen
from core.domain.show import LineKind
from core.errors import DamagedInput, UnknownFormat
from core.ingest.assembly import Draft, Row
from core.ingest.dialogue import Spoken, split_directions, unwrap
from core.ingest.numbering import episode_key, read_count, read_date
from core.ingest.report import CELLS, NO_EPISODE, NO_TEXT, QUOTES, Run
from core.ingest.source import MAX_LINE, Source
from core.language import N_
from core.settings import BUNDLED

_DELIMITERS = ",;\t"
_ORDER_LIMIT = 10**12
_PROGRESS_ROWS = 2_000

UNNUMBERED = N_("no number to sort it by")


class Profile(Frozen):
    """A CSV shape; see data/formats/README.md."""

    id: str
    columns: dict[str, tuple[str, ...]]
    optional: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    na: frozenset[str] = frozenset()
    direction_speakers: frozenset[str] = frozenset()
    heading_prefixes: tuple[str, ...] = ()
    nameless_speakers: frozenset[str] = frozenset()
    directions: Literal["keep", "round", "square"] = "keep"
    source: str

    def places(self, header: list[str]) -> dict[str, int] | None:
        """Role -> column index, or None if a column is missing."""
        if self.missing(header):
            return None
        known = {name: place for place, name in reversed(list(enumerate(header)))}
        roles = {**self.optional, **self.columns}
        return {
            role: known[name.casefold()]
            for role, names in roles.items()
            for name in reversed(names)
            if name.casefold() in known
        }

    def missing(self, header: list[str]) -> list[str]:
        """The columns that ``header`` (folded names) lacks."""
        return [names[0] for names in self.columns.values() if not any(name.casefold() in header for name in names)]


class Table(NamedTuple):
    """A source recognised as a CSV: its profile, its delimiter, and where each role is."""

    profile: Profile
    delimiter: str
    places: dict[str, int]


Cells = Callable[[str], "str | None"]
"""A row's cell by role; None where it is missing."""


@lru_cache(maxsize=1)
def profiles() -> tuple[Profile, ...]:
    """All CSV profiles; the plain hand-made shape comes last, so that a known series wins a tie."""
    names = ("simpsons_lines", "simpsons_episodes", "avatar_csv", "friends_csv", "southpark_csv", "lines_csv")
    files = (BUNDLED / "formats" / f"{name}.json" for name in names)
    return tuple(Profile.model_validate(json.loads(file.read_text(encoding="utf-8"))) for file in files)


def match_table(source: Source) -> Table | None:
    """What a CSV's header says it is; the profile with the most columns wins."""
    best: Table | None = None
    for delimiter in _DELIMITERS:
        header = _header(source, delimiter)
        for profile in profiles():
            places = profile.places(header)
            if places and (best is None or len(places) > len(best.places)):
                best = Table(profile, delimiter, places)
    return best


def refuse_columns(source: Source) -> NoReturn:
    """Say what a CSV lacks, measured against the nearest known shape.

    Raises:
        UnknownFormat: always.
    """
    headers = [_header(source, delimiter) for delimiter in _DELIMITERS]
    header = max(headers, key=len)
    nearest = min(reversed(profiles()), key=lambda profile: len(profile.missing(header)) / len(profile.columns))
    raise UnknownFormat(
        "{path} lacks the columns {missing}. The nearest table that Chamada reads has the columns {columns}: "
        "name yours so and import it again.",
        path=source.name,
        missing=", ".join(nearest.missing(header)),
        columns=", ".join(dict.fromkeys(names[0] for names in nearest.columns.values())),
    )


def read_tables(sources: list[Source], run: Run) -> list[Draft]:
    """The episodes of CSVs that number their seasons and episodes themselves.

    Raises:
        DamagedInput: a file holds no usable row.
    """
    drafts: list[Draft] = []
    for source in sources:
        table = recognized(source)
        found: dict[str, Draft] = {}
        for number, cell in read_cells(source, table, run):
            season, episode = read_count(cell("season")), read_count(cell("episode"))
            if season is None or episode is None:
                run.drop(NO_EPISODE)
                continue
            row = to_row(number, cell, table, run)
            if isinstance(row, str):
                run.drop(row)
                continue
            key = episode_key(season, episode)
            draft = found.get(key) or found.setdefault(key, Draft(season, key, source.name, episode, repeats=False))
            _add_facts(draft, cell, run)
            draft.rows.append(row)
        refuse_if_nothing(source, found, run)
        drafts += found.values()
    return drafts


def recognized(source: Source) -> Table:
    """The table that a source was recognised as."""
    return match_table(source) or refuse_columns(source)


def read_cells(source: Source, table: Table, run: Run) -> Iterator[tuple[int, Cells]]:
    """(row number, cells by role) of every well-formed row, streamed; the others are dropped and counted.

    Raises:
        DamagedInput: a cell is too long, or most rows have broken quotation marks.
    """
    # The module's own limit (131,072) is global; it is only ever raised, so two imports cannot disturb each other.
    if csv.field_size_limit() < MAX_LINE:
        csv.field_size_limit(MAX_LINE)
    na, places = table.profile.na, table.places
    width, number, broken = 0, 0, run.dropped[QUOTES]
    with source.open(newline="") as file:
        for row in _parsed(file, table.delimiter, source):
            if not width:
                width = len(row or ())
                continue
            number += 1
            run.row(source)
            if number % _PROGRESS_ROWS == 0:
                run.progress(file.buffer.tell())
            if row is None or len(row) != width:
                run.drop(QUOTES if row is None else CELLS if any(row) else NO_TEXT)
                continue

            def cell(role: str, row: list[str] = row) -> str | None:
                place = places.get(role)
                text = row[place] if place is not None else ""
                return None if not text or text in na else text

            yield number, cell
    if (broken := run.dropped[QUOTES] - broken) > number // 2:
        raise DamagedInput(
            "{path} has broken quotation marks in {count} of {rows} rows. Export it again as CSV.",
            path=source.name,
            count=broken,
            rows=number,
        )
    run.finish(source)


def to_row(number: int, cell: Cells, table: Table, run: Run) -> Row | str:
    """A row of the transcript, or the reason why it gives none."""
    speaker = run.cleaner.name(cell("speaker") or "") or None
    text = run.cleaner.clean(cell("text") or "")
    raw = run.cleaner.clean(cell("raw") or "")
    profile = table.profile
    order = tuple(read_count(cell(role), _ORDER_LIMIT) for role in ("order", "order2") if role in table.places)
    if None in order:
        return UNNUMBERED
    kind, spoken = _kind(speaker, text, raw, cell, profile)
    if not (spoken.words or spoken.before or spoken.after):
        return NO_TEXT
    if speaker in profile.direction_speakers or speaker in profile.nameless_speakers:
        speaker = None
    return Row(
        number,
        spoken.words,
        kind,
        speaker,
        scene=read_count(cell("scene"), _ORDER_LIMIT),
        order=cast("tuple[int, ...]", order),
        start_ms=read_count(cell("start_ms"), _ORDER_LIMIT),
        before=spoken.before,
        after=spoken.after,
    )


def refuse_if_nothing(source: Source, found: object, run: Run) -> None:
    """Raise if a file gave nothing.

    Raises:
        DamagedInput: naming the commonest reason.
    """
    if found:
        return
    reasons = ", ".join(f"{reason} ({count})" for reason, count in run.dropped.most_common(3)) or "no rows"
    raise DamagedInput(
        "{path} has the right columns but no usable row: {reasons}. Check the file and export it again.",
        path=source.name,
        reasons=reasons,
    )


def _kind(speaker: str | None, text: str, raw: str, cell: Cells, profile: Profile) -> tuple[LineKind, Spoken]:
    if speaker in profile.direction_speakers:
        whole = text or raw
        heading = whole.startswith(profile.heading_prefixes) if profile.heading_prefixes else False
        return (LineKind.HEADING if heading else LineKind.DIRECTION), Spoken(unwrap(whole))
    if (cell("spoken") or "true").casefold() in {"false", "0"}:
        if speaker is None:
            return LineKind.HEADING, Spoken(unwrap(raw or text))
        return LineKind.DIRECTION, Spoken(unwrap(_without_name(raw, speaker) or text))
    if profile.directions == "keep":
        return LineKind.SPEECH, Spoken(text or raw)
    split = split_directions(_without_name(raw, speaker) or text, profile.directions)
    return LineKind.SPEECH, split._replace(words=text if raw and text else split.words)


def _without_name(raw: str, speaker: str | None) -> str:
    return raw[len(speaker) + 1 :].strip() if speaker and raw.startswith(f"{speaker}:") else raw


def _add_facts(draft: Draft, cell: Cells, run: Run) -> None:
    if draft.title is None and (title := cell("title")):
        draft.title = run.cleaner.title(title) or None
    if draft.air_date is None and (date := cell("air_date")):
        draft.air_date = read_date(date)


def _header(source: Source, delimiter: str) -> list[str]:
    line = source.head.partition("\n")[0]
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [name.strip().casefold() for name in cells]


def _parsed(file: TextIO, delimiter: str, source: Source) -> Iterator[list[str] | None]:
    """Every row, None for one that does not parse; after it the reader goes on with the next line."""
    # Strict: a broken quotation mark must be seen, not swallow the rows up to the next one.
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise DamagedInput(
                    "{path} has a cell of more than {limit} characters that ends near line {line}. "
                    "A quotation mark may be missing before it: mend it and import the file again.",
                    path=source.name,
                    limit=MAX_LINE,
                    line=reader.line_num,
                ) from None
            yield None
