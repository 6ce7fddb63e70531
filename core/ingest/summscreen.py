"""SummScreen: one JSON file an episode, a list of ``Name: line``, named by its air date."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from typing import Any

from core.domain.show import LineKind
from core.errors import UnknownFormat
from core.ingest.assembly import Draft, Row
from core.ingest.csv_profile import refuse_if_nothing
from core.ingest.dialogue import is_bracketed, split_speaker, unwrap
from core.ingest.json_source import first_of, load_json, text_of
from core.ingest.numbering import episode_key, find_number, read_american_date, read_date
from core.ingest.report import NO_TEXT, Run
from core.ingest.source import Source
from core.language import N_
from core.settings import BUNDLED


@lru_cache(maxsize=1)
def _names() -> dict[str, Any]:
    names: dict[str, Any] = json.loads((BUNDLED / "formats" / "summscreen_json.json").read_text(encoding="utf-8"))
    return names


def is_summscreen(data: object) -> bool:
    """Whether parsed JSON is an episode of SummScreen."""
    return isinstance(data, dict) and isinstance(first_of(data, _names()["transcript"]), list)


def read_summscreen(source: Source, run: Run) -> Draft:
    """The episode of one file.

    Raises:
        UnknownFormat: the file tells neither an air date nor a season and episode.
        DamagedInput: no line in it.
    """
    data, names = load_json(source), _names()
    draft = _numbered(source, data, run)
    draft.title = run.cleaner.title(text_of(first_of(data, names["title"]), source, run) or "") or None
    scene = 1
    for number, item in enumerate(first_of(data, names["transcript"]), 1):
        run.row(source)
        text = text_of(item, source, run)
        if text == names["scene_break"]:
            scene += bool(draft.rows)
        elif text is None:
            run.drop(NO_TEXT)
        else:
            draft.rows.append(_row(number, text, scene))
    run.finish(source)
    refuse_if_nothing(source, draft.rows, run)
    return draft


def _row(number: int, text: str, scene: int) -> Row:
    parts = None if is_bracketed(text) else split_speaker(text, strict=False)
    if parts and parts[1]:
        return Row(number, parts[1], speaker=parts[0], scene=scene)
    return Row(number, unwrap(text), LineKind.DIRECTION, scene=scene)


def _numbered(source: Source, data: dict[str, Any], run: Run) -> Draft:
    name = source.path.name
    if found := find_number(name):
        return Draft(found[0], episode_key(*found), source.name, found[1])
    if date := _air_date(source, data, run):
        run.note(N_("The source tells no seasons: an episode's season is its air year, its key its air date."))
        return Draft(date.year, date.isoformat(), source.name, air_date=date)
    raise UnknownFormat(
        "{path} tells neither its air date nor its season and episode. "
        "Name the file like 2007-05-14.json or S01E03.json.",
        path=source.name,
    )


def _air_date(source: Source, data: dict[str, Any], run: Run) -> dt.date | None:
    told = text_of(first_of(data, _names()["air_date"]), source, run, 40)
    if date := read_date(source.path.name) or read_date(told):
        return date
    date = read_american_date(source.path.name)
    if date:
        run.note(N_("Dates such as 05-14-07 in file names were read as month, day, year."))
    return date
