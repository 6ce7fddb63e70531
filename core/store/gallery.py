"""Finds campaigns: filters, full-text search as you type, pages by id. Quick over a hundred thousand.

SQLite answers filters from one narrow index and search from an FTS5 table, newest first, without sorting;
PostgreSQL has an index over ``to_tsvector('simple', search_text)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    column,
    false,
    func,
    literal_column,
    select,
    text,
)

from core.domain.gallery import CampaignFilter, CampaignPage, CampaignView
from core.store.generations import no_campaign
from core.store.ledger import find_table
from core.store.schema import CampaignRow
from core.store.search import split_search

_VIEW = [getattr(CampaignRow, name) for name in CampaignView.model_fields]


def list_campaigns(
    connection: Connection, wanted: CampaignFilter, *, before: int | None, after: int | None, limit: int
) -> CampaignPage:
    """A page of campaigns, newest first.

    Args:
        before, after: an id to go on from, towards older or newer ones; the newest page without either.
        limit: at most this many.
    """
    key, found = _find(connection, wanted)
    if after is not None:
        query = found.where(key > after).order_by(key)
    else:
        query = found.order_by(key.desc()) if before is None else found.where(key < before).order_by(key.desc())
    ids = list(connection.execute(query.limit(limit + 1)).scalars())
    more, ids = len(ids) > limit, sorted(ids[:limit], reverse=True)
    # An empty page lies beyond an end: one step back from where it was asked for.
    newest, oldest = (ids[0], ids[-1]) if ids else ((before or 0) - 1, (after or 0) + 1)

    def there_are(beyond: ColumnElement[bool]) -> bool:
        return connection.execute(found.where(beyond).limit(1)).scalar() is not None

    older = more if after is None else there_are(key <= after)
    newer = more if after is not None else before is not None and there_are(key >= before)
    return CampaignPage(
        items=tuple(list_views(connection, ids)),
        before=oldest if older else None,
        after=newest if newer else None,
    )


def count_campaigns(connection: Connection, wanted: CampaignFilter) -> int:
    """How many campaigns there are with these filters."""
    _, found = _find(connection, wanted)
    return int(connection.execute(found.with_only_columns(func.count())).scalar_one())


def list_views(connection: Connection, ids: Sequence[int]) -> list[CampaignView]:
    """The campaigns of these ids as lists show them, newest first."""
    rows = connection.execute(select(*_VIEW).where(CampaignRow.id.in_(ids)).order_by(CampaignRow.id.desc()))
    return [CampaignView(**row) for row in rows.mappings()]


def list_children(connection: Connection, campaign_id: int) -> list[int]:
    """The ids of the campaigns that were made from one again, newest first."""
    query = select(CampaignRow.id).where(CampaignRow.parent_id == campaign_id).order_by(CampaignRow.id.desc())
    return list(connection.execute(query).scalars())


def find_row(connection: Connection, campaign_id: int) -> RowMapping:
    """A campaign's row.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(find_table(CampaignRow)).where(CampaignRow.id == campaign_id)).mappings().first()
    if row is None:
        raise no_campaign(campaign_id)
    return row


def _find(connection: Connection, wanted: CampaignFilter) -> tuple[ColumnElement[int], Select[Any]]:
    """The ids of the campaigns that fit, and the column to sort and page them by."""
    words = split_search(wanted.search)
    of = {each.name: column(each.name, each.type) for each in find_table(CampaignRow).columns}
    equal = {
        "content_type": wanted.content_type and wanted.content_type.value,
        "platform": wanted.platform or None,
        "show": wanted.show or None,
        "episode_id": wanted.episode_id,
        "starred": wanted.starred or None,
    }
    conditions = [of[name] == value for name, value in equal.items() if value is not None]
    conditions.append(of["trashed_at"].is_not(None) if wanted.trashed else of["trashed_at"].is_(None))
    if wanted.search.strip() and not words:  # nothing but signs: no campaign's words hold them
        conditions.append(false())
    key, source = literal_column("campaign.id", Integer), "campaign"
    if connection.dialect.name == "sqlite":
        source = "campaign INDEXED BY ix_campaign_gallery"  # left to itself it reads the whole rows
        if words:
            key = literal_column("campaign_fts.rowid", Integer)
            source = f"campaign_fts CROSS JOIN {source} ON campaign.id = campaign_fts.rowid"
            starts = " ".join(f'"{word}"*' for word in words)
            conditions.append(literal_column("campaign_fts").bool_op("MATCH")(starts))
    elif words:
        simple: ColumnElement[str] = literal_column("'simple'")
        starts = " & ".join(f"{word}:*" for word in words)
        conditions.append(func.to_tsvector(simple, of["search_text"]).bool_op("@@")(func.to_tsquery(simple, starts)))
    return key, select(key).select_from(text(source)).where(*conditions)
