"""Campaigns, their generations, the full-text index over them, and the queue."""

import sqlalchemy as sa
from alembic import op

from core.store.ledger import hash_row

revision = "0002"
down_revision = "0001"

SHA = sa.String(64)


def upgrade() -> None:
    """Add the tables and let a generation be about a campaign."""
    create_campaign()
    if op.get_bind().dialect.name == "sqlite":
        create_search_on_sqlite()
    else:
        op.execute("CREATE INDEX ix_campaign_search ON campaign USING gin (to_tsvector('simple', search_text))")
    widen_generation()
    create_job()
    count_campaigns()


def create_campaign() -> None:
    """Campaigns."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("tone", sa.String(40), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("show", sa.Text()),
        sa.Column("episode_id", sa.Integer()),
        sa.Column("season_id", sa.Integer()),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("starred", sa.Boolean(), nullable=False),
        sa.Column("trashed_at", sa.DateTime()),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("picture", SHA),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime()),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name="fk_campaign_episode_id"),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name="fk_campaign_season_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["campaign.id"], name="fk_campaign_parent_id"),
        sa.ForeignKeyConstraint(["picture"], ["media.file_sha256"], name="fk_campaign_picture"),
    )
    op.create_index("ix_campaign_parent_id", "campaign", ["parent_id"])
    op.create_index("ix_campaign_picture", "campaign", ["picture"])
    filters = ["trashed_at", "content_type", "platform", "show", "episode_id", "starred"]
    op.create_index("ix_campaign_gallery", "campaign", ["id", *filters])


def create_search_on_sqlite() -> None:
    """An index without a copy of the text, kept in step by triggers. ``prefix`` makes search as you type quick.

    The text comes in folded and in words already (see search.py); "ascii" splits it nowhere else. A later version
    that rebuilds the campaign table must make the triggers again: SQLite drops them with it.
    """
    op.execute(
        "CREATE VIRTUAL TABLE campaign_fts USING fts5(search_text, content='campaign', content_rowid='id', "
        "tokenize='ascii', prefix='1 2 3 4 5 6', detail=none)"
    )
    add = "INSERT INTO campaign_fts (rowid, search_text) VALUES (new.id, new.search_text);"
    remove = "INSERT INTO campaign_fts (campaign_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
    op.execute(f"CREATE TRIGGER campaign_added AFTER INSERT ON campaign BEGIN {add} END")
    op.execute(f"CREATE TRIGGER campaign_removed AFTER DELETE ON campaign BEGIN {remove} END")
    op.execute(f"CREATE TRIGGER campaign_changed AFTER UPDATE OF search_text ON campaign BEGIN {remove} {add} END")


def widen_generation() -> None:
    """A generation's subject may be a campaign."""
    group = ["campaign_id", "step", "variant"]
    subjects = ("episode_id", "season_id", "campaign_id")
    one = " + ".join(f"(CASE WHEN {subject} IS NULL THEN 0 ELSE 1 END)" for subject in subjects)
    with op.batch_alter_table("generation") as generation:
        generation.add_column(sa.Column("campaign_id", sa.Integer()))
        # The naming convention named it twice in version 0001.
        generation.drop_constraint(op.f("ck_generation_ck_generation_one_subject"), type_="check")
        generation.create_check_constraint(op.f("ck_generation_one_subject"), f"{one} = 1")
        generation.create_foreign_key("fk_generation_campaign_id", "campaign", ["campaign_id"], ["id"])
        generation.create_unique_constraint("uq_generation_campaign_id_step_variant_version", [*group, "version"])
    current = sa.column("current", sa.Boolean())
    op.create_index(
        "uq_generation_current_campaign_id",
        "generation",
        group,
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )


def create_job() -> None:
    """The queue."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("campaign_id", sa.Integer()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fraction", sa.Double(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("eta_s", sa.Double()),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime()),
        sa.Column("finished_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_job_campaign_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_campaign_id", "job", ["campaign_id"])
    op.create_index("ix_job_state", "job", ["state", "id"])
    active = sa.column("state").in_(("pending", "in_progress"))
    op.create_index("uq_job_active_token", "job", ["token"], unique=True, sqlite_where=active, postgresql_where=active)


def count_campaigns() -> None:
    """Start the tally of campaigns at zero."""
    tally = sa.table("tally", *(sa.column(name) for name in ("name", "rows", "total", "last_id", "sha256")))
    row = {"name": "campaign", "rows": 0, "total": "0" * 64, "last_id": 0}
    op.bulk_insert(tally, [row | {"sha256": hash_row("tally", row)}])
