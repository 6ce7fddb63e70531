"""The first tables: shows and their lines, what is made of them, and the tally that finds lost rows."""

import sqlalchemy as sa
from alembic import op

from core.store.ledger import hash_row

revision = "0001"
down_revision = None

SHA = sa.String(64)


def upgrade() -> None:
    """Make every table and start the tally at zero."""
    create_show_and_season()
    create_episode_and_line()
    create_media()
    create_generation()
    create_tally()


def create_show_and_season() -> None:
    """Shows and seasons."""
    op.create_table(
        "show",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("genre", sa.Text()),
        sa.Column("fiction", sa.Boolean(), nullable=False),
        sa.Column("tagline", sa.Text()),
        sa.Column("license", sa.Text()),
        sa.Column("cast", sa.JSON(), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_show"),
        sa.UniqueConstraint("name", name="uq_show_name"),
    )
    op.create_table(
        "season",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("show_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_season"),
        sa.ForeignKeyConstraint(["show_id"], ["show.id"], name="fk_season_show_id"),
        sa.UniqueConstraint("show_id", "number", name="uq_season_show_id_number"),
    )


def create_episode_and_line() -> None:
    """Episodes and their lines."""
    op.create_table(
        "episode",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("show_id", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("title", sa.Text()),
        sa.Column("air_date", sa.Date()),
        sa.Column("logline", sa.Text()),
        sa.Column("cast", sa.JSON(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("content_sha256", SHA, nullable=False),
        sa.Column("lines_sha256", SHA, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_episode"),
        sa.ForeignKeyConstraint(["show_id"], ["show.id"], name="fk_episode_show_id"),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name="fk_episode_season_id"),
        sa.UniqueConstraint("show_id", "key", name="uq_episode_show_id_key"),
    )
    op.create_index("ix_episode_season_id", "episode", ["season_id"])
    op.create_table(
        "line",
        sa.Column("episode_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scene", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.BigInteger()),
        sa.Column("speaker", sa.Text()),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_file", sa.Text(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("episode_id", "seq", name="pk_line"),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_line_episode_id"),
    )


def create_media() -> None:
    """Picture files."""
    op.create_table(
        "media",
        sa.Column("file_sha256", SHA, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("mime", sa.String(40), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("file_sha256", name="pk_media"),
    )


def create_generation() -> None:
    """Finished steps, one version of each current."""
    group = ["step", "variant"]
    op.create_table(
        "generation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("episode_id", sa.Integer()),
        sa.Column("season_id", sa.Integer()),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("variant", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("input_key", SHA, nullable=False),
        sa.Column("key", SHA, nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_name", sa.Text(), nullable=False),
        sa.Column("prompt_fingerprint", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("output", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("media", SHA),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer()),
        sa.Column("new_tokens", sa.Integer()),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_generation"),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_generation_episode_id"),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name="fk_generation_season_id"),
        sa.ForeignKeyConstraint(["media"], ["media.file_sha256"], name="fk_generation_media"),
        sa.CheckConstraint("(episode_id IS NULL) <> (season_id IS NULL)", name="ck_generation_one_subject"),
        sa.UniqueConstraint("key", name="uq_generation_key"),
        sa.UniqueConstraint("episode_id", *group, "version", name="uq_generation_episode_id_step_variant_version"),
        sa.UniqueConstraint("season_id", *group, "version", name="uq_generation_season_id_step_variant_version"),
    )
    op.create_index("ix_generation_media", "generation", ["media"])
    current = sa.column("current", sa.Boolean())
    for subject in ("episode_id", "season_id"):
        name = f"uq_generation_current_{subject}"
        columns = [subject, *group]
        op.create_index(name, "generation", columns, unique=True, sqlite_where=current, postgresql_where=current)


def create_tally() -> None:
    """How many rows each table holds, and the sum of their sha256."""
    tally = op.create_table(
        "tally",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("total", SHA, nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_tally"),
    )
    counted = ("show", "season", "episode", "line", "media", "generation")
    rows = [{"name": name, "rows": 0, "total": "0" * 64, "last_id": 0} for name in counted]
    op.bulk_insert(tally, [row | {"sha256": hash_row("tally", row)} for row in rows])
