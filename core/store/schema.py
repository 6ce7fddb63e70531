"""The tables, as SQLAlchemy typed rows.

Every table but the queue and the workers' reports has a ``sha256`` column over its other columns (see ledger.py), so
that a changed cell is found. Their ids are given out by the ``tally`` table, never by the database, so that a deleted
row's id is not used again. What searches the campaigns is made by the migration alone: SQLAlchemy knows no word for it.
"""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

SHA = String(64)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware datetime, kept as UTC without a zone, which SQLite and PostgreSQL write alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn into UTC and drop the zone."""
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Put the zone back."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can name it too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy declares it as a plain attribute
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        dt.datetime: UtcDateTime,
    }


class ShowRow(Base):
    """A show; ``name`` is the user's word for it."""

    __tablename__ = "show"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    language: Mapped[str | None] = mapped_column(Text)
    genre: Mapped[str | None] = mapped_column(Text)
    fiction: Mapped[bool]
    tagline: Mapped[str | None] = mapped_column(Text)
    license: Mapped[str | None] = mapped_column(Text)
    cast: Mapped[dict[str, str]]
    sha256: Mapped[str] = mapped_column(SHA)


class SeasonRow(Base):
    """A season; ``number`` is an air year where the source has dates and no seasons."""

    __tablename__ = "season"
    __table_args__ = (UniqueConstraint("show_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    show_id: Mapped[int] = mapped_column(ForeignKey("show.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(SHA)


class EpisodeRow(Base):
    """An episode and what lists need of it.

    ``content_sha256`` is over metadata and words, ``lines_sha256`` over the sha256 of every line;
    ``search_text`` is title, logline, key and current summary, folded for search.
    """

    __tablename__ = "episode"
    __table_args__ = (UniqueConstraint("show_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    show_id: Mapped[int] = mapped_column(ForeignKey("show.id"))
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(Text)
    air_date: Mapped[dt.date | None]
    logline: Mapped[str | None] = mapped_column(Text)
    cast: Mapped[list[str]]
    line_count: Mapped[int]
    word_count: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(SHA)
    lines_sha256: Mapped[str] = mapped_column(SHA)
    search_text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(SHA)


class LineRow(Base):
    """One row of a transcript."""

    __tablename__ = "line"

    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scene: Mapped[int]
    start_ms: Mapped[int | None] = mapped_column(BigInteger)
    speaker: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    source_file: Mapped[str] = mapped_column(Text)
    source_row: Mapped[int]
    sha256: Mapped[str] = mapped_column(SHA)


class MediaRow(Base):
    """A picture's file, named by the sha256 of its bytes; sizes in pixels and bytes."""

    __tablename__ = "media"

    file_sha256: Mapped[str] = mapped_column(SHA, primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int]
    mime: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(SHA)


class CampaignRow(Base):
    """A campaign: its brief, and what lists and search need of what was made for it.

    ``search_text`` is kept in step with the full-text index by the database: triggers on SQLite, an index on
    PostgreSQL. The wide columns come last, so that reading the others does not read them.
    """

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(String(40))
    platform: Mapped[str] = mapped_column(String(40))
    tone: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(20))
    show: Mapped[str | None] = mapped_column(Text)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    season_id: Mapped[int | None] = mapped_column(ForeignKey("season.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    starred: Mapped[bool]
    trashed_at: Mapped[dt.datetime | None]
    errors: Mapped[int]
    warnings: Mapped[int]
    picture: Mapped[str | None] = mapped_column(ForeignKey("media.file_sha256"), index=True)
    excerpt: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    sha256: Mapped[str] = mapped_column(SHA)
    brief: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


# Everything a list filters by, newest last: one narrow index that answers every mix of filters.
Index(
    "ix_campaign_gallery",
    CampaignRow.id,
    CampaignRow.trashed_at,
    CampaignRow.content_type,
    CampaignRow.platform,
    CampaignRow.show,
    CampaignRow.episode_id,
    CampaignRow.starred,
)


class GenerationRow(Base):
    """A finished step; its subject is an episode, a season or a campaign: exactly one of them.

    ``text`` repeats the text of a summary's output, for lists and search.
    """

    __tablename__ = "generation"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN episode_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN season_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN campaign_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        UniqueConstraint("episode_id", "step", "variant", "version"),
        UniqueConstraint("season_id", "step", "variant", "version"),
        UniqueConstraint("campaign_id", "step", "variant", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    season_id: Mapped[int | None] = mapped_column(ForeignKey("season.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    step: Mapped[str] = mapped_column(String(40))
    variant: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    current: Mapped[bool]
    input_key: Mapped[str] = mapped_column(SHA)
    key: Mapped[str] = mapped_column(SHA, unique=True)
    engine: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    prompt_name: Mapped[str] = mapped_column(Text)
    prompt_fingerprint: Mapped[str] = mapped_column(Text)
    options: Mapped[dict[str, Any]]
    seed: Mapped[int] = mapped_column(BigInteger)
    output: Mapped[dict[str, Any]]
    text: Mapped[str | None] = mapped_column(Text)
    media: Mapped[str | None] = mapped_column(ForeignKey("media.file_sha256"), index=True)
    findings: Mapped[list[str]]
    prompt_tokens: Mapped[int | None]
    new_tokens: Mapped[int | None]
    seconds: Mapped[float]
    created_at: Mapped[dt.datetime]
    sha256: Mapped[str] = mapped_column(SHA)


# One current version of each step: the database itself refuses a second.
for _subject in (GenerationRow.episode_id, GenerationRow.season_id, GenerationRow.campaign_id):
    Index(
        f"uq_generation_current_{_subject.key}",
        _subject,
        GenerationRow.step,
        GenerationRow.variant,
        unique=True,
        sqlite_where=GenerationRow.current,
        postgresql_where=GenerationRow.current,
    )


class JobRow(Base):
    """Work in the queue: no record but a state of now, so it carries no sha256 and the tally leaves it out."""

    __tablename__ = "job"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy declares it as a plain attribute

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    token: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    fraction: Mapped[float]
    message: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, str]]
    eta_s: Mapped[float | None]
    cancel_requested: Mapped[bool]
    worker: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]


Index("ix_job_state", JobRow.state, JobRow.id)

# Two jobs of one token are never pending or in progress at once: the database itself refuses a second.
_ACTIVE = JobRow.state.in_(("pending", "in_progress"))
Index("uq_job_active_token", JobRow.token, unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)


class WorkerRow(Base):
    """What the worker at a seat said last: like the queue, a state of now, so the tally leaves it out."""

    __tablename__ = "worker_report"

    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    report: Mapped[dict[str, Any]]
    updated_at: Mapped[dt.datetime]


class TallyRow(Base):
    """What a table holds: how many rows, the sum of their sha256, and the last id given out."""

    __tablename__ = "tally"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    rows: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[str] = mapped_column(SHA)
    last_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(SHA)


COUNTED = ("show", "season", "episode", "line", "media", "campaign", "generation")
"""The tables that the tally counts, parents before children."""
