"""The Simpsons pair of CSVs: script lines joined with their episodes on ``episode_id = id``."""

from __future__ import annotations

from dataclasses import replace

from core.errors import DamagedInput
from core.ingest.assembly import Draft
from core.ingest.cleaning import shown
from core.ingest.csv_profile import match_table, read_cells, recognized, refuse_if_nothing, to_row
from core.ingest.numbering import episode_key, read_count, read_date
from core.ingest.report import NO_EPISODE, Run
from core.ingest.source import Source, peek, scan
from core.language import N_

LINES, EPISODES = "simpsons_lines", "simpsons_episodes"
NO_MATCH = N_("its episode is not in the episodes CSV")
_MOST_SIBLINGS = 50


def read_simpsons(sources: list[Source], run: Run) -> list[Draft]:
    """Episodes with their lines; episodes without lines stay, as metadata.

    Raises:
        DamagedInput: there are lines but no episodes to say which season they belong to.
    """
    tables = [(source, recognized(source).profile.id) for source in sources]
    episodes = {key: draft for source, kind in tables if kind == EPISODES for key, draft in _episodes(source, run)}
    lines = [source for source, kind in tables if kind == LINES]
    if lines and not episodes:
        raise DamagedInput(
            "{path} does not say the season of its lines. "
            "Put the episodes CSV (id, season, number_in_season, title) beside it and import again.",
            path=lines[0].name,
        )
    for source in lines:
        _add_lines(source, episodes, run)
    return list(episodes.values())


def find_sibling(source: Source) -> Source | None:
    """The other half of the pair in the same folder, if there is exactly one."""
    other = {LINES: EPISODES, EPISODES: LINES}[recognized(source).profile.id]
    found = []
    for path in sorted(source.path.parent.glob("*.csv"))[:_MOST_SIBLINGS]:
        if path != source.path and not path.is_symlink() and path.is_file():
            table = match_table(replace(source, path=path, head=peek(path)))
            if table and table.profile.id == other:
                found.append(scan(path, shown(path.name)))
    if len(found) > 1:
        raise DamagedInput(
            "{path} has two files beside it that could complete it, {first} and {second}. Leave one of them there.",
            path=source.name,
            first=found[0].name,
            second=found[1].name,
        )
    return found[0] if found else None


def _episodes(source: Source, run: Run) -> list[tuple[int, Draft]]:
    drafts: dict[int, Draft] = {}
    for _, cell in read_cells(source, recognized(source), run):
        identity = read_count(cell("episode_id"), 10**9)
        season, number = read_count(cell("season")), read_count(cell("episode"))
        if identity is None or season is None or number is None:
            run.drop(NO_EPISODE)
            continue
        title = run.cleaner.title(cell("title") or "") or None
        key = episode_key(season, number)
        drafts[identity] = Draft(season, key, source.name, number, title, read_date(cell("air_date")), repeats=False)
    refuse_if_nothing(source, drafts, run)
    return list(drafts.items())


def _add_lines(source: Source, episodes: dict[int, Draft], run: Run) -> None:
    table, kept = recognized(source), 0
    for number, cell in read_cells(source, table, run):
        draft = episodes.get(read_count(cell("episode_id"), 10**9) or -1)
        if draft is None:
            run.drop(NO_MATCH)
            continue
        row = to_row(number, cell, table, run)
        if isinstance(row, str):
            run.drop(row)
            continue
        draft.rows.append(row)
        draft.source = source.name
        kept += 1
    refuse_if_nothing(source, kept, run)
