"""Episode lists without words: episodes.json, and our own show.json with what is known of the show."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from core.domain.show import LineKind
from core.errors import DamagedInput
from core.ingest.assembly import Draft, Row
from core.ingest.cleaning import LONGEST_NAME
from core.ingest.csv_profile import refuse_if_nothing
from core.ingest.json_source import first_of, load_json, text_of
from core.ingest.numbering import episode_key, read_clock, read_count, read_date
from core.ingest.report import NO_EPISODE, Run
from core.ingest.source import Source
from core.language import N_
from core.settings import BUNDLED

_LONGEST_LOGLINE, _MOST_CAST = 5000, 500


@lru_cache(maxsize=1)
def _names() -> dict[str, Any]:
    names: dict[str, Any] = json.loads((BUNDLED / "formats" / "episodes_json.json").read_text(encoding="utf-8"))
    return names


def is_show(data: object) -> bool:
    """Whether parsed JSON is our show.json: it names a show."""
    return isinstance(data, dict) and isinstance(data.get("show"), str) and bool({"cast", "episodes"} & set(data))


def is_episodes(data: object) -> bool:
    """Whether parsed JSON is a list of numbered episodes."""
    entries = _entries(data)
    return bool(entries) and all(
        isinstance(entry, dict) and (first_of(entry, _names()["season"]) is not None or _date_told(entry))
        for entry in entries[:3]
    )


def read_episodes(sources: list[Source], run: Run) -> list[Draft]:
    """The episodes of episodes.json files; their scenes become headings.

    Raises:
        DamagedInput: a file without a usable episode.
    """
    drafts: list[Draft] = []
    for source in sources:
        found = _drafts(source, _entries(load_json(source)), 1, run)
        run.finish(source)
        refuse_if_nothing(source, found, run)
        drafts += found
    return drafts


def read_show(sources: list[Source], run: Run) -> list[Draft]:
    """The episodes of show.json; what it says of the show goes to ``run.show``.

    Raises:
        DamagedInput: two such files, or a field of the wrong type.
    """
    if len(sources) > 1:
        raise DamagedInput(
            "{first} and {second} both describe the show. Remove one of them.",
            first=sources[0].name,
            second=sources[1].name,
        )
    source = sources[0]
    data = load_json(source)
    for field in ("language", "genre", "tagline", "license"):
        if text := text_of(data.get(field), source, run, LONGEST_NAME):
            run.show[field] = text
    if isinstance(data.get("fiction"), bool):
        run.show["fiction"] = data["fiction"]
    run.show["cast"] = _cast(data.get("cast") or [], source, run)
    run.show["told_name"] = text_of(data["show"], source, run, 200)
    drafts = _drafts(source, _entries(data), 2, run)
    run.finish(source)
    return drafts


def _entries(data: object) -> list[Any]:
    entries = data.get("episodes") if isinstance(data, dict) else data
    return entries if isinstance(entries, list) else []


def _drafts(source: Source, entries: list[Any], authority: int, run: Run) -> list[Draft]:
    drafts = []
    for entry in entries:
        run.row(source)
        draft = _draft(source, entry, run) if isinstance(entry, dict) else None
        if draft is None:
            run.drop(NO_EPISODE)
            continue
        draft.authority = authority
        drafts.append(draft)
    return drafts


def _draft(source: Source, entry: dict[str, Any], run: Run) -> Draft | None:
    names = _names()
    season, number = (read_count(first_of(entry, names[field])) for field in ("season", "number"))
    date = read_date(_date_told(entry))
    if season is not None and number is not None:
        draft = Draft(season, episode_key(season, number), source.name, number)
    elif date and number is None:
        draft = Draft(season if season is not None else date.year, date.isoformat(), source.name)
    else:
        return None
    draft.air_date = date
    draft.title = run.cleaner.title(text_of(first_of(entry, names["title"]), source, run) or "") or None
    draft.logline = text_of(first_of(entry, names["logline"]), source, run, _LONGEST_LOGLINE)
    scenes = first_of(entry, names["scenes"])
    scenes = [scene for scene in scenes if isinstance(scene, dict)] if isinstance(scenes, list) else []
    cast = first_of(entry, names["cast"])
    people = cast if isinstance(cast, list) else [person for scene in scenes for person in _people(scene)]
    draft.cast = tuple(dict.fromkeys(_people_names(people, source, run)))[:_MOST_CAST]
    draft.rows = [row for number, scene in enumerate(scenes, 1) if (row := _heading(number, scene, source, run))]
    return draft


def _date_told(entry: dict[str, Any]) -> str | None:
    told = first_of(entry, _names()["air_date"])
    return told if isinstance(told, str) else None


def _people(scene: dict[str, Any]) -> list[Any]:
    people = first_of(scene, _names()["cast"])
    return people if isinstance(people, list) else []


def _people_names(people: list[Any], source: Source, run: Run) -> list[str]:
    told = (person.get("name") if isinstance(person, dict) else person for person in people)
    return [name for person in told if (name := text_of(person, source, run, LONGEST_NAME))]


def _heading(number: int, scene: dict[str, Any], source: Source, run: Run) -> Row | None:
    places = (text_of(scene.get(name), source, run, LONGEST_NAME) for name in _names()["place"])
    text = ", ".join(place for place in places if place)
    start = first_of(scene, _names()["start"])
    start_ms = read_clock(start) if isinstance(start, str) else None
    return Row(number, text, LineKind.HEADING, scene=number, start_ms=start_ms) if text else None


def _cast(people: object, source: Source, run: Run) -> dict[str, str]:
    """Speaker as in the transcript -> ``Name: description``; without a speaker of its own, by the name."""
    cast: dict[str, str] = {}
    for person in people if isinstance(people, list) else []:
        if not isinstance(person, dict):
            run.count(N_("{count} entries of the cast have no name."))
            continue
        name = text_of(person.get("name"), source, run, LONGEST_NAME)
        speaker = text_of(person.get("speaker"), source, run, LONGEST_NAME) or name
        description = text_of(person.get("description"), source, run, _LONGEST_LOGLINE)
        if speaker is None:
            run.count(N_("{count} entries of the cast have no name."))
            continue
        cast[speaker] = ": ".join(text for text in (name, description) if text)
    return cast
