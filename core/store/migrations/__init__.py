"""The schema's versions: brings a library up to this program's, after a backup.

Alembic is imported only when there is something to do. To add a version: write ``versions/000N_….py``, set HEAD,
and let tests/store/test_migrations.py tell what differs from schema.py.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from core.errors import NotFound, StoreError
from core.store.backup import back_up
from core.store.database import Database
from core.store.faults import damaged
from core.store.schema import Base

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
"""The version that schema.py describes."""

SEARCH_INDEX = "ix_campaign_search"
"""PostgreSQL's full-text index over the campaigns, which schema.py leaves to the migration."""

FOLDER = Path(__file__).parent

logger = logging.getLogger(__name__)


def read_version(connection: Connection, where: str) -> str | None:
    """The library's version; None for an empty database.

    Raises:
        LibraryDamaged: there are tables, but not exactly one version.
    """
    tables = set(inspect(connection).get_table_names())
    found = []
    if "alembic_version" in tables:
        found = list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if not found and "tally" not in tables:
        return None
    if len(found) != 1:
        raise damaged(where, "alembic_version")
    return str(found[0])


def bring_up_to_date(database: Database, backups: Path, *, create: bool) -> None:
    """Make the tables of a new library, or migrate an old one after backing it up.

    Raises:
        NotFound: there is no library and ``create`` is false.
        StoreError: the library's version is not one of this program's.
    """
    if not create and database.path is not None and not database.path.exists():
        raise _no_library(database)
    database.prepare()
    with database.read() as connection:
        version = read_version(connection, database.where)
    if version == HEAD:
        return
    if version is None and not create:
        raise _no_library(database)
    with database.write() as connection:  # another process may have been quicker: look again now that it is our turn
        version = read_version(connection, database.where)
        if version == HEAD:
            return
        if version is not None:
            _require_known(database, version)
            _keep_old(database, backups, version)
        _upgrade(connection)


def _no_library(database: Database) -> NotFound:
    return NotFound(
        "There is no library at {where} yet. Import a show first: `python dataprep.py import PATH --show NAME`.",
        where=database.where,
    )


def _require_known(database: Database, version: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}
    if version not in known:
        raise StoreError(
            "The library at {where} has version {version}; this program knows versions up to {head}. "
            "Update Chamada, or put an older backup in the library's place.",
            where=database.where,
            version=version,
            head=HEAD,
        )


def _keep_old(database: Database, backups: Path, version: str) -> None:
    if database.path is None:
        logger.warning("Migrating %s from version %s without a backup: make one with pg_dump.", database.where, version)
        return
    logger.warning("Migrating the library from version %s. Backup: %s", version, back_up(database, backups))


def _configure(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(_configure(connection), "head")


def find_differences(connection: Connection) -> list[str]:
    """What the tables in the database are not, in comparison with schema.py; other programs' tables are left alone."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def is_ours(_item: object, name: str | None, kind: str, reflected: bool, counterpart: object) -> bool:
        return name != SEARCH_INDEX and not (kind == "table" and reflected and counterpart is None)

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
    return [str(difference) for difference in compare_metadata(context, Base.metadata)]
