"""Episodes in: what is new is added, what changed replaces only its own rows, the rest stays untouched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, select

from core.domain.generation import Step
from core.domain.show import Episode, Line, LineKind, ShowInfo
from core.store.faults import readable
from core.store.ledger import Ledger, digest, find_table, hash_row, plain, select_raw
from core.store.schema import EpisodeRow, GenerationRow, LineRow, SeasonRow, ShowRow
from core.store.search import fold_episode

Outcome = Literal["added", "replaced", "unchanged"]

# What an episode says, in contrast to where it was read: a CSV with a row inserted at its top changes every
# source_row below, and must not make every summary out of date.
METADATA = ("key", "number", "title", "air_date", "logline", "cast")
WORDS = ("seq", "scene", "start_ms", "speaker", "kind", "text")
_SHOW = ("language", "genre", "tagline", "license", "cast")


def hash_content(season: int | None, metadata: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> str:
    """The sha256 hex over an episode's metadata and words, the same in every library that holds them."""
    return digest(
        [
            season,
            [plain(metadata[name]) for name in METADATA],
            [[plain(line[name]) for name in WORDS] for line in lines],
        ]
    )


def hash_lines(lines: Iterable[Mapping[str, Any]]) -> str:
    """The sha256 hex over the ``sha256`` of an episode's line rows, in order."""
    return digest([line["sha256"] for line in lines])


def save_show(ledger: Ledger, info: ShowInfo) -> int:
    """Add a show or bring it up to date; what ``info`` does not tell stays as it was. Gives its id."""
    told = {name: getattr(info, name) for name in _SHOW if getattr(info, name)}
    if "fiction" in info.model_fields_set:
        told["fiction"] = info.fiction
    known = ledger.connection.execute(select(ShowRow.id).where(ShowRow.name == info.name)).scalar()
    if known is not None:
        ledger.update(ShowRow, ShowRow.id == known, told)
        return known
    show_id = ledger.next_id(ShowRow)
    blank = {"id": show_id, "name": info.name, "fiction": info.fiction, "cast": {}}
    ledger.insert(ShowRow, [dict.fromkeys(_SHOW) | blank | told])
    return show_id


def save_episode(ledger: Ledger, show_id: int, episode: Episode) -> Outcome:
    """Add an episode, or replace what changed of it.

    Metadata that ``episode`` does not tell, and lines where it has none, stay as they were: transcripts and
    metadata may come from two sources, in either order.

    Raises:
        ValueError: the lines' ``seq`` does not count from 0 without gaps.
    """
    if any(line.seq != seq for seq, line in enumerate(episode.lines)):
        raise ValueError(f"{episode.key}: seq must count from 0 without gaps")
    of = find_table(EpisodeRow)
    same = (EpisodeRow.show_id == show_id, EpisodeRow.key == episode.key)
    with readable(ledger.where):
        stored = ledger.connection.execute(select(of).where(*same)).mappings().first()
    if stored is None:
        _add(ledger, show_id, episode)
        return "added"
    return _replace(ledger, dict(stored), episode)


def _add(ledger: Ledger, show_id: int, episode: Episode) -> None:
    episode_id = ledger.next_id(EpisodeRow)
    lines = _line_values(episode_id, episode.lines)
    metadata = {name: getattr(episode, name) for name in METADATA} | {"cast": list(episode.cast)}
    values = {
        "id": episode_id,
        "show_id": show_id,
        "season_id": _season_id(ledger, show_id, episode.season),
        **metadata,
        **_about_lines(lines),
        "content_sha256": hash_content(episode.season, metadata, lines),
        "lines_sha256": hash_lines(lines),
        "search_text": fold_episode(episode.title, episode.logline, episode.key, None),
    }
    ledger.insert(EpisodeRow, [values])
    ledger.insert(LineRow, lines)


def _replace(ledger: Ledger, stored: Mapping[str, Any], episode: Episode) -> Outcome:
    episode_id = stored["id"]
    told = {name: getattr(episode, name) for name in METADATA if getattr(episode, name) not in (None, ())}
    metadata = {name: stored[name] for name in METADATA} | told
    metadata["cast"] = list(metadata["cast"])
    lines = _line_values(episode_id, episode.lines) or _stored_lines(ledger.connection, episode_id)
    changes = metadata | {
        "season_id": _season_id(ledger, stored["show_id"], episode.season),
        **_about_lines(lines),
        "content_sha256": hash_content(episode.season, metadata, lines),
        "search_text": fold_episode(
            metadata["title"], metadata["logline"], episode.key, _summary(ledger.connection, episode_id)
        ),
    }
    if episode.lines:
        changes["lines_sha256"] = hash_lines(lines)
    ledger.update(EpisodeRow, EpisodeRow.id == episode_id, changes)
    if changes.get("lines_sha256", stored["lines_sha256"]) != stored["lines_sha256"]:
        ledger.delete(LineRow, LineRow.episode_id == episode_id)
        ledger.insert(LineRow, lines)
    return "unchanged" if changes["content_sha256"] == stored["content_sha256"] else "replaced"


def _season_id(ledger: Ledger, show_id: int, number: int) -> int:
    where = (SeasonRow.show_id == show_id, SeasonRow.number == number)
    known = ledger.connection.execute(select(SeasonRow.id).where(*where)).scalar()
    if known is not None:
        return known
    season_id = ledger.next_id(SeasonRow)
    ledger.insert(SeasonRow, [{"id": season_id, "show_id": show_id, "number": number}])
    return season_id


def _line_values(episode_id: int, lines: Sequence[Line]) -> list[dict[str, Any]]:
    rows = ({"episode_id": episode_id, **dict(line), "kind": line.kind.value} for line in lines)
    return [row | {"sha256": hash_row("line", row)} for row in rows]


def _stored_lines(connection: Connection, episode_id: int) -> list[dict[str, Any]]:
    of = find_table(LineRow)
    rows = connection.execute(select_raw(of).where(LineRow.episode_id == episode_id).order_by(LineRow.seq))
    return [dict(row) for row in rows.mappings()]


def _about_lines(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    spoken = (line["text"] for line in lines if line["kind"] == LineKind.SPEECH.value)
    return {"line_count": len(lines), "word_count": sum(len(text.split()) for text in spoken)}


def _summary(connection: Connection, episode_id: int) -> str | None:
    where = (
        GenerationRow.episode_id == episode_id,
        GenerationRow.step == Step.SUMMARY.value,
        GenerationRow.variant == "",
        GenerationRow.current,
    )
    return connection.execute(select(GenerationRow.text).where(*where)).scalar()
