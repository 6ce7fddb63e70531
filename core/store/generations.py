"""Finished steps in and out: one row each, saved once by its key, one version of each step current."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, func, literal, select, union_all

from core.domain.generation import Generation, NewGeneration, Step, Subject
from core.domain.library import CurrentKey, CurrentRow, VersionRow
from core.errors import NotFound, StoreError
from core.store.faults import readable
from core.store.ledger import Ledger, find_table
from core.store.media import MediaFile
from core.store.schema import CampaignRow, EpisodeRow, GenerationRow, MediaRow, SeasonRow
from core.store.search import fold_episode

_ROWS: dict[str, type[EpisodeRow | SeasonRow | CampaignRow]] = {
    "episode": EpisodeRow,
    "season": SeasonRow,
    "campaign": CampaignRow,
}
"""What a generation may be about."""

SUBJECT_COLUMNS = {
    "episode": GenerationRow.episode_id,
    "season": GenerationRow.season_id,
    "campaign": GenerationRow.campaign_id,
}
"""Where a generation says what it is about."""


def is_about(subject: Subject) -> ColumnElement[bool]:
    """The condition that a generation is about ``subject``."""
    return SUBJECT_COLUMNS[subject.kind] == subject.id


def _same_step(subject: Subject, step: Step, variant: str) -> ColumnElement[bool]:
    return is_about(subject) & (GenerationRow.step == step.value) & (GenerationRow.variant == variant)


def read_generation(row: RowMapping) -> Generation:
    """A stored row as a Generation."""
    values = dict(row)
    ids = {kind: values.pop(column.key) for kind, column in SUBJECT_COLUMNS.items()}
    [subject] = [{"kind": kind, "id": found} for kind, found in ids.items() if found is not None]
    del values["text"], values["sha256"]
    return Generation(subject=subject, **values)


def _select_one(ledger: Ledger, where: ColumnElement[bool]) -> Generation | None:
    with readable(ledger.where):
        row = ledger.connection.execute(select(find_table(GenerationRow)).where(where)).mappings().first()
        return None if row is None else read_generation(row)


def save_generation(ledger: Ledger, new: NewGeneration, media: MediaFile | None) -> Generation:
    """Store a finished step and make it current; a key that is stored already is not stored again.

    Raises:
        NotFound: there is no such episode, season or campaign.
        StoreError: the key is stored already for another subject, step or variant.
    """
    stored = _select_one(ledger, GenerationRow.key == new.key)
    if stored is not None:
        if (stored.subject, stored.step, stored.variant) != (new.subject, new.step, new.variant):
            raise StoreError(
                "The key {key} is stored already for {kind} {id}, step {step}. A key must cover subject and step.",
                key=new.key,
                kind=stored.subject.kind,
                id=stored.subject.id,
                step=stored.step.value,
            )
        return make_current(ledger, stored.id)
    _require_subject(ledger.connection, new.subject)
    if media is not None:
        _save_media(ledger, media)
    group = _same_step(new.subject, new.step, new.variant)
    newest = ledger.connection.execute(select(func.max(GenerationRow.version)).where(group)).scalar()
    generation = Generation(
        **dict(new),
        id=ledger.next_id(GenerationRow),
        version=(newest or 0) + 1,
        current=True,
        created_at=dt.datetime.now(dt.UTC),
    )
    ledger.update(GenerationRow, group & GenerationRow.current, {"current": False})
    ledger.insert(GenerationRow, [_row_values(generation)])
    _refresh_search(ledger, generation)
    return generation


def make_current(ledger: Ledger, generation_id: int) -> Generation:
    """Make a stored version the one that is shown.

    Raises:
        NotFound: there is no such generation.
    """
    chosen = _select_one(ledger, GenerationRow.id == generation_id)
    if chosen is None:
        raise NotFound("There is no generation {id}. Reload the page and choose again.", id=generation_id)
    if chosen.current:
        return chosen
    group = _same_step(chosen.subject, chosen.step, chosen.variant)
    # First the old one, then the new one: at no moment are there two.
    ledger.update(GenerationRow, group & GenerationRow.current, {"current": False})
    ledger.update(GenerationRow, GenerationRow.id == generation_id, {"current": True})
    _refresh_search(ledger, chosen)
    return chosen.model_copy(update={"current": True})


def _row_values(generation: Generation) -> dict[str, Any]:
    values = dict(generation)
    subject = values.pop("subject")
    ids = {column.key: subject.id if subject.kind == kind else None for kind, column in SUBJECT_COLUMNS.items()}
    return values | {
        **ids,
        "step": generation.step.value,
        "text": _summary_text(generation),
        "findings": list(generation.findings),
    }


def _summary_text(generation: Generation) -> str | None:
    return generation.output.get("text") if generation.step is Step.SUMMARY else None


def _require_subject(connection: Connection, subject: Subject) -> None:
    row = _ROWS[subject.kind]
    if connection.execute(select(row.id).where(row.id == subject.id)).scalar() is not None:
        return
    if subject.kind == "campaign":
        raise no_campaign(subject.id)
    raise NotFound("There is no {kind} {id}. Import its show first.", kind=subject.kind, id=subject.id)


def no_campaign(campaign_id: int) -> NotFound:
    """The answer to an id that no campaign has (any more)."""
    return NotFound("There is no campaign {id}. It may have been deleted; choose one from the list.", id=campaign_id)


def _save_media(ledger: Ledger, media: MediaFile) -> None:
    where = MediaRow.file_sha256 == media.sha256
    if ledger.connection.execute(select(MediaRow.file_sha256).where(where)).scalar() is None:
        values = media._asdict()
        ledger.insert(MediaRow, [{"file_sha256": values.pop("sha256"), **values}])


def _refresh_search(ledger: Ledger, generation: Generation) -> None:
    if generation.step is not Step.SUMMARY or generation.variant or generation.subject.kind != "episode":
        return
    where = EpisodeRow.id == generation.subject.id
    row = ledger.connection.execute(select(EpisodeRow.title, EpisodeRow.logline, EpisodeRow.key).where(where)).one()
    text = fold_episode(row.title, row.logline, row.key, _summary_text(generation))
    ledger.update(EpisodeRow, where, {"search_text": text})


def list_generations(connection: Connection, subject: Subject, step: Step | None) -> list[Generation]:
    """What was made of a subject, newest first."""
    query = select(find_table(GenerationRow)).where(is_about(subject)).order_by(GenerationRow.id.desc())
    if step is not None:
        query = query.where(GenerationRow.step == step.value)
    return [read_generation(row) for row in connection.execute(query).mappings()]


def find_by_input_key(
    connection: Connection, subject: Subject, step: Step, variant: str, input_key: str
) -> Generation | None:
    """The version made from this input: the current one, else the newest."""
    query = (
        select(find_table(GenerationRow))
        .where(_same_step(subject, step, variant), GenerationRow.input_key == input_key)
        .order_by(GenerationRow.current.desc(), GenerationRow.version.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else read_generation(row)


def _list_of_show(connection: Connection, show_id: int) -> list[tuple[CurrentKey, Row[Any]]]:
    """Every version of everything made of a show's episodes and seasons, in one query; current ones and newest last."""
    g, halves = GenerationRow, []
    for row in (EpisodeRow, SeasonRow):
        kind = row.__tablename__
        about: list[Any] = [literal(kind), SUBJECT_COLUMNS[kind], g.step, g.variant]
        query = select(*about, g.current, g.version, g.id, g.input_key, g.key, g.media, g.seed)
        halves.append(query.join(row, row.id == SUBJECT_COLUMNS[kind]).where(row.show_id == show_id))
    rows = sorted(connection.execute(union_all(*halves)), key=lambda found: (found.current, found.version))
    return [(CurrentKey(*found[:4]), found) for found in rows]


def map_current(connection: Connection, show_id: int) -> dict[CurrentKey, CurrentRow]:
    """Every current generation of a show, its episodes' and its seasons', in one query."""
    found = _list_of_show(connection, show_id)
    versions = Counter(key for key, _ in found)
    return {
        key: CurrentRow(row.id, row.input_key, row.key, row.media, versions[key]) for key, row in found if row.current
    }


def map_versions(connection: Connection, show_id: int) -> dict[tuple[CurrentKey, str], VersionRow]:
    """Every version of a show by where it sits and its input key; of equal inputs the current one, else the newest."""
    return {(key, row.input_key): VersionRow(row.id, row.seed) for key, row in _list_of_show(connection, show_id)}
