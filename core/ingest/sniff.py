"""What a file is, by its content: every format Chamada reads, what it is called, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from core.errors import UnknownFormat
from core.ingest.assembly import Draft
from core.ingest.csv_profile import match_table, read_tables, refuse_columns
from core.ingest.json_source import load_json
from core.ingest.metadata import is_episodes, is_show, read_episodes, read_show
from core.ingest.report import Run
from core.ingest.screenplay import is_screenplay, read_screenplay
from core.ingest.simpsons import read_simpsons
from core.ingest.source import Source
from core.ingest.subtitles import is_subtitles, read_subtitles
from core.ingest.summscreen import is_summscreen, read_summscreen
from core.language import N_

Reader = Callable[[list[Source], Run], list[Draft]]

_JSON_START = re.compile(r"\s*(?:\{|\[\s*[\[{\"])")


class Format(NamedTuple):
    """A format: its name on screen (a gettext msgid) and its reader."""

    description: str
    read: Reader


def _one_each(read: Callable[[Source, Run], Draft]) -> Reader:
    """A reader of many files from a reader of one; in a folder, what names no episode is passed over."""

    def read_all(sources: list[Source], run: Run) -> list[Draft]:
        drafts = []
        for source in sources:
            try:
                drafts.append(read(source, run))
            except UnknownFormat:
                if len(run.files) == 1:
                    raise
                run.pass_over(source)
        return drafts

    return read_all


METADATA = ("episodes_json", "show_json")
"""Formats that tell of episodes without their words."""

MIXED = "mixed"
MIXED_DESCRIPTION = N_("files of several formats")

FORMATS: dict[str, Format] = {
    "simpsons_csv": Format(N_("a pair of CSVs, script lines and episodes (The Simpsons)"), read_simpsons),
    "southpark_csv": Format(N_("a CSV of Season, Episode, Character, Line (South Park)"), read_tables),
    "friends_csv": Format(N_("a CSV of text, speaker, season, episode, scene, utterance (Friends)"), read_tables),
    "avatar_csv": Format(N_("a CSV of books and chapters (Avatar)"), read_tables),
    "lines_csv": Format(N_("a CSV of season, episode, speaker, text"), read_tables),
    "summscreen_json": Format(N_("JSON transcripts, one file an episode (SummScreen)"), _one_each(read_summscreen)),
    "episodes_json": Format(N_("a JSON list of episodes, without their words"), read_episodes),
    "show_json": Format(N_("Chamada's own show.json"), read_show),
    "subtitles": Format(N_("subtitles (SRT or WebVTT), one file an episode"), _one_each(read_subtitles)),
    "screenplay": Format(N_("screenplays as text, one file an episode"), _one_each(read_screenplay)),
}


def detect(source: Source) -> str:
    """The id of the format in ``FORMATS``.

    Raises:
        UnknownFormat: nothing fits; the message says what would.
        DamagedInput: JSON that does not parse.
    """
    if table := match_table(source):
        return "simpsons_csv" if table.profile.id.startswith("simpsons_") else table.profile.id
    suffix = source.path.suffix.lower()
    if suffix == ".json" or _JSON_START.match(source.head):
        return _detect_json(source)
    if is_subtitles(source.head):
        return "subtitles"
    if suffix in {".csv", ".tsv"}:
        refuse_columns(source)
    if is_screenplay(source.head):
        return "screenplay"
    raise UnknownFormat(
        "{path} is no transcript that Chamada knows. It reads CSV tables (season, episode, speaker, text), "
        "JSON, SRT, WebVTT, and screenplays with lines such as TIÃO: Bom dia.",
        path=source.name,
    )


def _detect_json(source: Source) -> str:
    data = load_json(source)
    for name, fits in (("summscreen_json", is_summscreen), ("show_json", is_show), ("episodes_json", is_episodes)):
        if fits(data):
            return name
    raise UnknownFormat(
        "{path} is JSON without episodes. Chamada reads a list named episodes (season, episode, title), "
        "or an episode with a list named Transcript.",
        path=source.name,
    )
