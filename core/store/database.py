"""Connections to the library's database: one way to read, one way to write."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from core.errors import SettingsError
from core.settings import Settings
from core.store.faults import database_faults, file_faults, is_busy, readable

_TURN = 0x0C4A3ADA
"""The advisory lock that stands for the right to write; any number that others are unlikely to use."""

T = TypeVar("T")


def canonical_json(value: object) -> str:
    """JSON that is the same text for equal values; NaN is refused because JSON has none."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class Database:
    """An engine and its manners; safe to use from many threads, each call with a connection of its own.

    Attributes:
        path: the SQLite file; None for a database server.
        where: the database's name for messages, without its password.
    """

    def __init__(self, settings: Settings) -> None:
        self._lock_timeout_s = settings.lock_timeout_s
        self._url = _read_url(settings)
        self.path = _sqlite_path(self._url)
        self.where = str(self.path) if self.path else self._url.render_as_string(hide_password=True)
        # SQLite's connections are cheap, and writers that wait for their turn must not keep readers out.
        pool = {"pool_pre_ping": True} if self.path is None else {"max_overflow": -1}
        self.engine = self._create_engine(pool_timeout=self._lock_timeout_s, **pool)

    def _create_engine(self, **options: Any) -> Engine:
        if self.path is not None:
            options["connect_args"] = {"timeout": self._lock_timeout_s}
        try:
            engine = create_engine(self._url, json_serializer=canonical_json, **options)
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise SettingsError(
                "CHAMADA_DATABASE_URL asks for a database driver that is not installed ({why}). "
                "Install it with pip, or unset the variable to use SQLite.",
                why=error,
            ) from error
        if self.path is not None:
            event.listen(engine, "connect", _greet_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the library throughout.

        Raises:
            LibraryDamaged: a stored value cannot be read back as what it should be.
        """
        faults = database_faults(self.where, self._lock_timeout_s)
        with faults, self.engine.connect() as connection, connection.begin(), readable(self.where):
            yield connection

    @contextmanager
    def read_raw(self) -> Iterator[Connection]:
        """For looking at damage: nothing cached, text that is not UTF-8 let through, errors not explained."""
        engine = self._create_engine(poolclass=NullPool)
        if self.path is not None:
            event.listen(engine, "connect", _let_any_text_through)
        with engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one way to write: waits for its turn, then commits all of the block or nothing. Keep the block short.

        On SQLite the turn is taken by BEGIN IMMEDIATE: a plain BEGIN loses updates or fails in the middle.
        On PostgreSQL it is taken by an advisory lock, which ends with the transaction.

        Raises:
            LibraryLocked: another program kept the database busy for ``lock_timeout_s`` seconds.
            LibraryUnwritable: read-only or full; nothing of the block is stored.
        """
        with database_faults(self.where, self._lock_timeout_s), self.engine.connect() as connection:
            connection.execution_options(write=True)
            with self._patiently(connection.begin):
                if self.path is None:
                    connection.execute(text(f"SET LOCAL lock_timeout = {int(self._lock_timeout_s * 1000)}"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_TURN})"))
                yield connection

    def _patiently(self, act: Callable[[], T]) -> T:
        # SQLite waits lock_timeout_s by itself in most cases, but answers "busy" at once in a few (recovery after
        # a crash, a switch to WAL). Those are tried again until the same limit.
        deadline = time.monotonic() + self._lock_timeout_s
        while True:
            try:
                return act()
            except (OperationalError, sqlite3.OperationalError) as error:
                if not is_busy(error) or time.monotonic() >= deadline:
                    raise
                time.sleep(0.01)

    def prepare(self) -> None:
        """Make the folder of a SQLite library and switch the file to write-ahead logging, once for its life.

        Raises:
            LibraryUnwritable: the folder cannot be made or written.
            LibraryDamaged: the file is not a database.
        """
        if self.path is None:
            return
        with file_faults(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with database_faults(self.where, self._lock_timeout_s):
            self._patiently(self._switch_to_wal)

    def _switch_to_wal(self) -> None:
        # A pragma cannot run inside a transaction, so it goes to the driver's own connection.
        pooled = self.engine.raw_connection()
        try:
            cursor = pooled.cursor()
            if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                cursor.execute("PRAGMA journal_mode = WAL")
            cursor.close()
        finally:
            pooled.close()

    def copy_to(self, path: Path) -> None:
        """Copy a SQLite database as it is at this moment, in one step that no writer can make start anew.

        Raises:
            LibraryUnwritable: ``path`` cannot be written or its disk is full.
        """
        with database_faults(str(path), self._lock_timeout_s):
            pooled = self.engine.raw_connection()
            try:
                with closing(sqlite3.connect(path)) as copy:
                    cast(sqlite3.Connection, pooled.driver_connection).backup(copy, pages=-1)
            finally:
                pooled.close()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _read_url(settings: Settings) -> URL:
    if not settings.database_url:  # built from parts, so that no character of the folder's name is taken for syntax
        return URL.create("sqlite", database=str((settings.data_dir / "chamada.sqlite3").resolve()))
    try:
        url = make_url(settings.database_url)
    except ArgumentError as error:
        raise SettingsError(
            "CHAMADA_DATABASE_URL is not a database URL. Write it like postgresql+psycopg://user@host/name, "
            "or unset it to use SQLite."
        ) from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingsError(
            "CHAMADA_DATABASE_URL asks for {name}; Chamada knows SQLite and PostgreSQL.",
            name=url.get_backend_name(),
        )
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise SettingsError("CHAMADA_DATABASE_URL names a SQLite database without a file. Add a path, or unset it.")
    return url


def _sqlite_path(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database.removeprefix("file:"))


def _greet_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite alone
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # With WAL, NORMAL may lose the last commits at a power cut but never damages; a killed process loses nothing.
    # Source: https://www.sqlite.org/pragma.html#pragma_synchronous
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _let_any_text_through(connection: Any, _record: Any) -> None:
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
