"""Campaigns in and out: made with their job in one write, noted when done, starred, trashed, deleted for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select

from core.domain.campaign import Brief, Copy, Facts, Finding, clean_text
from core.domain.gallery import CampaignDetail, CampaignFilter, CampaignPage, NewCampaign
from core.domain.generation import Step, Subject, find_current
from core.domain.job import JobState, NewJob
from core.platforms import find_platform
from core.store import gallery
from core.store.database import Database
from core.store.faults import readable
from core.store.generations import list_generations
from core.store.jobs import Jobs, find_active, insert_job
from core.store.ledger import Ledger, find_table, keep_ledger
from core.store.schema import CampaignRow, GenerationRow, JobRow, MediaRow
from core.store.search import fold_campaign

EXCERPT = 200
"""Characters of the text that lists show."""

_BATCH = 100
"""Campaigns changed or deleted in one write, so that other writers wait little."""


class Campaigns:
    """The campaigns of a library; safe to use from many threads, each call a short transaction of its own."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    @contextmanager
    def _write(self) -> Iterator[Ledger]:
        where = self._database.where
        with self._database.write() as connection, readable(where), keep_ledger(connection, where) as ledger:
            yield ledger

    # Writing

    def create(self, new: NewCampaign, job: NewJob, queue_size: int) -> tuple[int, int]:
        """Store a campaign and the job that fills it, both or neither; gives (campaign id, job id).

        A job of the same token that still waits or runs is given instead, with its campaign: a double click is one.

        Raises:
            QueueFull: the queue holds ``queue_size`` jobs already.
            BriefError: the brief names a platform that does not fit.
            NotFound: no such parent, episode or season.
        """
        with self._write() as ledger:
            active = find_active(ledger.connection, job.token)
            if active is not None and active.campaign_id is not None:
                return active.campaign_id, active.id
            campaign_id = _insert(ledger, new)
            wanted = job.model_copy(update={"campaign_id": campaign_id})
            return campaign_id, insert_job(ledger.connection, wanted, queue_size)

    def add(self, new: NewCampaign) -> int:
        """Store a campaign that is filled without the queue; gives its id.

        Raises:
            BriefError: the brief names a platform that does not fit.
        """
        with self._write() as ledger:
            return _insert(ledger, new)

    def note(
        self,
        campaign_id: int,
        *,
        text: str,
        picture: str | None = None,
        errors: int = 0,
        warnings: int = 0,
        finished: bool = True,
    ) -> None:
        """Note what came of a campaign, for lists and search; its steps are stored as generations.

        Args:
            text: the whole text, as it is copied; lists show its beginning, search finds its words.
            picture: sha256 hex of the picture of a stored generation.
            finished: false where the picture failed: its text is found all the same.

        Raises:
            NotFound: no such campaign.
        """
        with self._write() as ledger:
            row = gallery.find_row(ledger.connection, campaign_id)
            changes = {
                **text_values(row["title"], _read_brief(row), _read_facts(row), text),
                "picture": picture,
                "errors": errors,
                "warnings": warnings,
                "finished_at": dt.datetime.now(dt.UTC) if finished else None,
            }
            ledger.update(CampaignRow, CampaignRow.id == campaign_id, changes)

    def star(self, campaign_id: int, starred: bool) -> None:
        """Mark a campaign, or take the mark away.

        Raises:
            NotFound: no such campaign.
        """
        with self._write() as ledger:
            gallery.find_row(ledger.connection, campaign_id)
            ledger.update(CampaignRow, CampaignRow.id == campaign_id, {"starred": starred})

    def trash(self, ids: Sequence[int]) -> None:
        """Put campaigns into the trash; those that are there stay as they are."""
        self._change(ids, {"trashed_at": dt.datetime.now(dt.UTC)}, trashed=False)

    def restore(self, ids: Sequence[int]) -> None:
        """Take campaigns out of the trash."""
        self._change(ids, {"trashed_at": None}, trashed=True)

    def _change(self, ids: Sequence[int], changes: Mapping[str, Any], *, trashed: bool) -> None:
        among = CampaignRow.trashed_at.is_not(None) if trashed else CampaignRow.trashed_at.is_(None)
        for start in range(0, len(ids), _BATCH):
            with self._write() as ledger:
                ledger.update(CampaignRow, CampaignRow.id.in_(ids[start : start + _BATCH]) & among, changes)

    def empty_trash(self) -> int:
        """Delete what is in the trash for good, but what is still being made; gives how many campaigns.

        Their picture files stay until garbage is collected.
        """
        deleted = 0
        while True:
            with self._write() as ledger:
                ids = _deletable(ledger.connection)
                _delete(ledger, ids)
            deleted += len(ids)
            if len(ids) < _BATCH:
                return deleted

    # Reading

    def get(self, campaign_id: int) -> CampaignDetail:
        """A campaign with all that was made for it so far.

        Raises:
            NotFound: there is none.
        """
        # The job first: one that is over then has all its results in what is read after it.
        job = self._jobs.of_campaign(campaign_id)
        with self._database.read() as connection:
            row = gallery.find_row(connection, campaign_id)
            made = list_generations(connection, Subject(kind="campaign", id=campaign_id), None)
            copy = find_current(made, Step.COPY)
            parent_id, children = row["parent_id"], gallery.list_children(connection, campaign_id)
            family = [campaign_id, *children, *([] if parent_id is None else [parent_id])]
            views = {view.id: view for view in gallery.list_views(connection, family)}
            return CampaignDetail(
                view=views[campaign_id],
                brief=_read_brief(row),
                facts=_read_facts(row),
                copy_=Copy.model_validate(copy.output["copy"]) if copy else None,
                findings=tuple(map(Finding.model_validate, copy.output["findings"])) if copy else (),
                generations=tuple(made),
                parent=views.get(parent_id),
                children=tuple(views[child] for child in children),
                job=job,
            )

    def list(
        self,
        wanted: CampaignFilter | None = None,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = 24,
    ) -> CampaignPage:
        """A page of campaigns, newest first; ``before`` and ``after`` are ids to go on from."""
        with self._database.read() as connection:
            return gallery.list_campaigns(
                connection, wanted or CampaignFilter(), before=before, after=after, limit=limit
            )

    def count(self, wanted: CampaignFilter | None = None) -> int:
        """How many campaigns there are with these filters."""
        with self._database.read() as connection:
            return gallery.count_campaigns(connection, wanted or CampaignFilter())


def _insert(ledger: Ledger, new: NewCampaign) -> int:
    campaign_id = ledger.next_id(CampaignRow)
    ledger.insert(CampaignRow, [row_values(campaign_id, new, dt.datetime.now(dt.UTC))])
    return campaign_id


def row_values(campaign_id: int, new: NewCampaign, now: dt.datetime) -> dict[str, Any]:
    """The row of a campaign of which nothing is made yet.

    Raises:
        BriefError: the brief names a platform that does not fit.
    """
    brief = new.brief
    return {
        "id": campaign_id,
        "title": new.title,
        "content_type": brief.content_type.value,
        "platform": find_platform(brief).key,
        "tone": brief.tone.value,
        "language": brief.language,
        "show": new.facts.show if new.facts else brief.show or None,
        "episode_id": new.episode_id,
        "season_id": new.season_id,
        "parent_id": new.parent_id,
        "seed": new.seed,
        "starred": False,
        "trashed_at": None,
        "errors": 0,
        "warnings": 0,
        "picture": None,
        "created_at": now,
        "finished_at": None,
        "brief": brief.model_dump(mode="json"),
        "facts": new.facts.model_dump(mode="json") if new.facts else None,
        **text_values(new.title, brief, new.facts, ""),
    }


def text_values(title: str, brief: Brief, facts: Facts | None, text: str) -> dict[str, str]:
    """The columns of a campaign's row that come of its text: what lists show, and what search looks through."""
    asked = (brief.topic, brief.audience, brief.objective, *brief.keywords, brief.call_to_action)
    about = (facts.show, facts.title, facts.label, facts.episode) if facts else (brief.show, brief.episode)
    return {
        "excerpt": str(clean_text(" ".join(text.split())))[:EXCERPT],
        "search_text": fold_campaign(title, *asked, *about, text),
    }


def _read_brief(row: RowMapping) -> Brief:
    return Brief.model_validate(row["brief"])


def _read_facts(row: RowMapping) -> Facts | None:
    return None if row["facts"] is None else Facts.model_validate(row["facts"])


def _deletable(connection: Connection) -> list[int]:
    being_made = (JobRow.campaign_id == CampaignRow.id) & JobRow.state.in_((JobState.PENDING, JobState.IN_PROGRESS))
    query = select(CampaignRow.id).where(
        CampaignRow.trashed_at.is_not(None), ~select(JobRow.id).where(being_made).exists()
    )
    return list(connection.execute(query.order_by(CampaignRow.id).limit(_BATCH)).scalars())


def _delete(ledger: Ledger, ids: Sequence[int]) -> None:
    """Remove campaigns with their generations and jobs, and the rows of pictures that nothing names any more."""
    about = GenerationRow.campaign_id.in_(ids)
    query = select(GenerationRow.media).where(about, GenerationRow.media.is_not(None)).distinct()
    pictures = list(ledger.connection.execute(query).scalars())
    ledger.delete(GenerationRow, about)
    ledger.connection.execute(delete(find_table(JobRow)).where(JobRow.campaign_id.in_(ids)))
    ledger.update(CampaignRow, CampaignRow.parent_id.in_(ids), {"parent_id": None})
    ledger.delete(CampaignRow, CampaignRow.id.in_(ids))
    named = (
        select(GenerationRow.id).where(GenerationRow.media == MediaRow.file_sha256).exists()
        | select(CampaignRow.id).where(CampaignRow.picture == MediaRow.file_sha256).exists()
    )
    ledger.delete(MediaRow, MediaRow.file_sha256.in_(pictures) & ~named)
