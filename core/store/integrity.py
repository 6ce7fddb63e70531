"""Verify: re-hash every row and picture, and find what was changed, lost or added behind our back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from core.domain.library import Damage
from core.errors import Canceled, LibraryDamaged, LibraryLocked, LibraryUnwritable, StoreError
from core.language import N_
from core.store import migrations
from core.store.database import Database
from core.store.generations import SUBJECT_COLUMNS
from core.store.importing import hash_content, hash_lines
from core.store.ledger import Count, hash_row, select_raw
from core.store.media import Media
from core.store.schema import COUNTED, Base

logger = logging.getLogger(__name__)

OnItem = Callable[[int, int], None]
Row = dict[str, Any]

_NOTIFY_EVERY = 200
"""Items between two calls of ``on_item``."""

FROM_BACKUP = N_(
    "Stop Chamada and put the newest backup in the database's place (remove its -wal and -shm files), "
    "or move the database away, import the shows again and run `python dataprep.py run`."
)
FROM_MEDIA = N_(
    "Put the file back from a copy of the media folder, "
    "or run `python dataprep.py run --force` to show a new version in its place."
)
_CHANGED = N_("This row is not what was stored.")
_PARENT = N_("This row names another that does not exist.")
_ROWS = N_("Rows of this table were removed or added.")
_LINES = N_("The lines of this episode are not those that were imported.")
_CURRENT = N_("Not exactly one version of this step is current.")
_VERSIONS = N_("The versions of this step do not count from 1 without gaps.")
_VERSION = N_("The schema's version is not this program's.")
_SCHEMA = N_("The tables are not those of this version.")
_SEARCH = N_("The search index does not hold the words of the campaigns.")
_UNREADABLE = N_("This part of the database cannot be read.")
_STRUCTURE = N_("SQLite finds the database file malformed.")
_FILE_MISSING = N_("This picture's file is missing.")
_FILE_CHANGED = N_("This picture's file is not what was stored.")


def verify(database: Database, media: Media, on_item: OnItem | None = None) -> list[Damage]:
    """Give every damage found; nothing if the library is whole. Never raises for damage, whatever its kind."""
    inspection = Inspection(media, on_item)
    with inspection.guard(database.where), database.read_raw() as connection:
        inspection.run(connection)
    with inspection.guard("campaign_fts"):
        inspection.check_search(database)
    return inspection.found


class Inspection:
    """One verification: what was found so far and what later checks need of earlier ones."""

    def __init__(self, media: Media, on_item: OnItem | None) -> None:
        self.found: list[Damage] = []
        self._media = media
        self._on_item = on_item or (lambda done, total: None)
        self._done = self._total = 0
        self._counts: dict[str, Count] = {}
        self._ids: dict[str, set[Any]] = {name: set() for name in COUNTED}
        self._seasons: dict[Any, Any] = {}
        self._episodes: dict[Any, Row] = {}
        self._versions: dict[tuple[Any, ...], list[tuple[Any, Any]]] = {}

    @contextmanager
    def guard(self, where: str) -> Iterator[None]:
        """A part of the database that cannot be read at all is a damage like any other."""
        try:
            yield
        except Canceled:  # by on_item
            raise
        except Exception:  # a torn schema raises anything, from sqlite3's own errors to TypeErrors in its readers
            logger.debug("verify: %s", where, exc_info=True)
            self._report(where, _UNREADABLE, FROM_BACKUP)

    def run(self, connection: Connection) -> None:
        """Do every check; one that fails does not stop the next."""
        with self.guard("database"):
            self._check_structure(connection)
        with self.guard("schema"):
            self._check_schema(connection)
        with self.guard("tables"):
            self._total = sum(self._count_rows(connection, name) for name in (*COUNTED, "media"))
        checks: dict[str, Callable[[Row], None]] = {
            "season": self._note_season,
            "episode": self._note_episode,
            "media": self._check_file,
            "generation": self._note_version,
        }
        for name in COUNTED:
            with self.guard(name):
                rows = self._check_rows(connection, name)
                if name == "line":
                    self._check_lines(rows)
                else:
                    for row in rows:
                        checks.get(name, _nothing)(row)
        self._check_versions()
        with self.guard("tally"):
            self._check_tally(connection)
        self._on_item(self._total, self._total)

    def _report(self, where: str, message: str, remedy: str) -> None:
        shown = where.encode("utf-8", "replace").decode()  # damaged text may hold what no screen can show
        self.found.append(Damage(where=shown, message=message, remedy=remedy))

    def _step(self) -> None:
        self._done += 1
        if self._done % _NOTIFY_EVERY == 0:
            self._on_item(self._done, self._total)

    # The database as a whole

    def _check_structure(self, connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            for (line,) in connection.execute(text("PRAGMA integrity_check")):
                if line != "ok":
                    self._report(f"database: {line}", _STRUCTURE, FROM_BACKUP)

    def _check_schema(self, connection: Connection) -> None:
        found = list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
        if found != [migrations.HEAD]:
            self._report(f"alembic_version {found}", _VERSION, FROM_BACKUP)
        for difference in migrations.find_differences(connection):
            self._report(f"schema: {difference}", _SCHEMA, FROM_BACKUP)

    def check_search(self, database: Database) -> None:
        """Compare SQLite's full-text index with the campaigns; on PostgreSQL it is an index like others."""
        if database.path is None:
            return
        check = text("INSERT INTO campaign_fts (campaign_fts, rank) VALUES ('integrity-check', 1)")
        try:
            with database.write() as connection:  # SQLite wants the right to write for it, but it changes nothing
                connection.execute(check)
        except (LibraryLocked, LibraryUnwritable):
            logger.info("verify: the search index was not checked: %s cannot be written now", database.where)
        except LibraryDamaged:
            self._report("campaign_fts", _SEARCH, FROM_BACKUP)

    def _count_rows(self, connection: Connection, name: str) -> int:
        return int(connection.execute(select(func.count()).select_from(Base.metadata.tables[name])).scalar_one())

    def _check_tally(self, connection: Connection) -> None:
        tally = Base.metadata.tables["tally"]
        rows = {row["name"]: dict(row) for row in connection.execute(select_raw(tally)).mappings()}
        for name in sorted({*COUNTED, *rows}, key=str):
            counted = self._counts.get(name)
            row = rows.get(name)
            if counted is None or row is None or hash_row("tally", row) != row["sha256"]:
                self._report(f"tally {name}", _CHANGED, FROM_BACKUP)
            elif (row["rows"], row["total"]) != (counted.rows, f"{counted.total:064x}"):
                self._report(f"{name}: {counted.rows} of {row['rows']}", _ROWS, FROM_BACKUP)

    # Rows

    def _check_rows(self, connection: Connection, name: str) -> Iterator[Row]:
        """Every row of a table, re-hashed; the tally is summed up on the way."""
        table = Base.metadata.tables[name]
        count = Count()
        query = select_raw(table).order_by(*table.primary_key.columns)
        for found in connection.execution_options(yield_per=_NOTIFY_EVERY).execute(query).mappings():
            row = dict(found)
            self._check_row(table, row)
            self._ids[name].add(row[table.primary_key.columns[0].name])
            count = _add(count, row["sha256"])
            self._step()
            yield row
        self._counts[name] = count

    def _check_row(self, table: Table, row: Row) -> None:
        if hash_row(table.name, row) != row["sha256"]:
            self._report(_name(table, row), _CHANGED, FROM_BACKUP)
        for key in table.foreign_keys:
            value = row[key.parent.name]
            if value is not None and value not in self._ids[key.column.table.name]:
                self._report(f"{_name(table, row)}: {key.parent.name} {value}", _PARENT, FROM_BACKUP)

    def _note_season(self, row: Row) -> None:
        self._seasons[row["id"]] = row["number"]

    def _note_episode(self, row: Row) -> None:
        self._episodes[row["id"]] = row

    def _check_lines(self, rows: Iterator[Row]) -> None:
        missing = dict(self._episodes)
        for episode_id, lines in groupby(rows, key=lambda row: row["episode_id"]):
            self._check_episode(missing.pop(episode_id, None), list(lines))
        for episode in missing.values():
            self._check_episode(episode, [])

    def _check_episode(self, episode: Row | None, lines: list[Row]) -> None:
        if episode is None:  # reported already: these lines name an episode that does not exist
            return
        season = self._seasons.get(episode["season_id"])
        whole = (
            [line["seq"] for line in lines] == list(range(len(lines)))
            and episode["line_count"] == len(lines)
            and episode["lines_sha256"] == hash_lines(lines)
            and episode["content_sha256"] == hash_content(season, episode, lines)
        )
        if not whole:
            self._report(f"episode {episode['id']} {episode['key']}", _LINES, FROM_BACKUP)

    def _note_version(self, row: Row) -> None:
        ids = {kind: row[column.key] for kind, column in SUBJECT_COLUMNS.items()}
        subject = " ".join(f"{kind} {found}" for kind, found in ids.items() if found is not None)
        group = (subject, row["step"], row["variant"])
        self._versions.setdefault(group, []).append((row["version"], row["current"]))

    def _check_versions(self) -> None:
        for (subject, step, variant), rows in self._versions.items():
            where = f"{subject} {step} {variant}".strip()
            versions, current = zip(*rows, strict=True)
            if sorted(versions, key=str) != sorted(range(1, len(rows) + 1), key=str):
                self._report(where, _VERSIONS, FROM_BACKUP)
            if [flag for flag in current if flag != 0] not in ([1], [True]):
                self._report(where, _CURRENT, FROM_BACKUP)

    # Files

    def _check_file(self, row: Row) -> None:
        sha256 = str(row["file_sha256"])
        try:
            path = self._media.path(sha256)
        except StoreError:
            self._report(f"media {sha256}", _FILE_MISSING, FROM_MEDIA)
        else:
            if not self._media.check(sha256):
                self._report(str(path), _FILE_CHANGED, FROM_MEDIA)
        self._step()


def _nothing(row: Row) -> None:
    return


def _name(table: Table, row: Mapping[str, Any]) -> str:
    return f"{table.name} " + "/".join(str(row[column.name]) for column in table.primary_key.columns)


def _add(count: Count, sha256: object) -> Count:
    try:
        return count.add(str(sha256))
    except ValueError:  # not hexadecimal; the row itself is reported already
        return count
