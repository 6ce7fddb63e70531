"""What the database and the disk say, turned into errors that name the thing and the remedy. All in this one place."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import LibraryDamaged, LibraryLocked, LibraryUnwritable, StoreError
from core.language import N_

# SQLite's result code names, by prefix. Source: https://www.sqlite.org/rescode.html
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_FULL = ("SQLITE_FULL",)
_READ_ONLY = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
_DISK = ("SQLITE_IOERR",)
_CORRUPT = ("SQLITE_CORRUPT", "SQLITE_NOTADB")

# PostgreSQL's SQLSTATE classes. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES = {
    "55P03": "busy",  # lock_not_available
    "53100": "full",  # disk_full
    "25006": "read_only",  # read_only_sql_transaction
    "XX001": "corrupt",  # data_corrupted
    "XX002": "corrupt",  # index_corrupted
}


def _fault(error: BaseException) -> str:
    """One word for a driver's error: busy, full, read_only, disk, corrupt, schema, gone; "" for none of ours."""
    name = getattr(error, "sqlite_errorname", None)
    if name is not None:
        for word, prefixes in (
            ("busy", _BUSY),
            ("full", _FULL),
            ("read_only", _READ_ONLY),
            ("disk", _DISK),
            ("corrupt", _CORRUPT),
        ):
            if name.startswith(prefixes):
                return word
        return "schema" if name == "SQLITE_ERROR" else ""
    if isinstance(error, sqlite3.OperationalError):  # "Could not decode to UTF-8 column": no code, damaged text
        return "corrupt"
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state:
        return _STATES.get(state, "gone" if state.startswith(("08", "57P")) else "")
    return "gone" if type(error).__name__ == "OperationalError" else ""


def is_busy(error: DBAPIError) -> bool:
    """Whether another program holds the database: worth another try."""
    return error.orig is not None and _fault(error.orig) == "busy"


def damaged(where: str, why: object) -> LibraryDamaged:
    """The library's content cannot be what was stored."""
    return LibraryDamaged(
        N_(
            "The library at {where} is damaged ({why}). Run `python dataprep.py verify` to see what, "
            "then put a backup in its place, or move it away and import the show again."
        ),
        where=where,
        why=why,
    )


def _explain(fault: str, where: str, why: object, lock_timeout_s: float) -> StoreError:
    if fault == "busy":
        return LibraryLocked(
            N_(
                "Another program has kept the library at {where} busy for {seconds:g} s. "
                "Wait for it or close it, then try again; CHAMADA_LOCK_TIMEOUT_S sets how long to wait."
            ),
            where=where,
            seconds=lock_timeout_s,
        )
    if fault == "full":
        return LibraryUnwritable(
            N_("The disk of {where} is full. Free some space and try again; what was stored before is safe."),
            where=where,
        )
    if fault == "read_only":
        return LibraryUnwritable(
            N_(
                "Chamada cannot write to {where} ({why}). Give this user write access to the file and its folder, "
                "or set CHAMADA_DATA_DIR to another folder."
            ),
            where=where,
            why=why,
        )
    if fault == "disk":
        return LibraryUnwritable(
            N_("The disk of {where} refused to read or write ({why}). Check its space and health, then try again."),
            where=where,
            why=why,
        )
    if fault == "gone":
        return LibraryUnwritable(
            N_("The database at {where} does not answer ({why}). Start it, or correct CHAMADA_DATABASE_URL."),
            where=where,
            why=why,
        )
    return damaged(where, why)


@contextmanager
def database_faults(where: str, lock_timeout_s: float) -> Iterator[None]:
    """Turn driver errors inside the block into errors of the store.

    Raises:
        LibraryLocked: another program kept the database busy.
        LibraryUnwritable: read-only, full, or not answering.
        LibraryDamaged: not a database, malformed, or without its tables.
    """
    try:
        yield
    except PoolTimeout as error:
        raise _explain("busy", where, error, lock_timeout_s) from error
    except (DBAPIError, sqlite3.Error) as error:
        driver_error = error.orig if isinstance(error, DBAPIError) else error
        fault = _fault(driver_error) if driver_error is not None else ""
        if not fault:
            raise
        raise _explain(fault, where, driver_error, lock_timeout_s) from error


@contextmanager
def readable(where: str) -> Iterator[None]:
    """Turn values that cannot be read back inside the block into LibraryDamaged; keep calculations out of it."""
    try:
        yield
    except (ValueError, TypeError) as error:  # pydantic, JSON or a date that no longer parses
        raise damaged(where, error) from error


@contextmanager
def file_faults(path: Path) -> Iterator[None]:
    """Turn operating system errors inside the block into errors of the store.

    Raises:
        LibraryUnwritable: read-only folder, full disk, a file where a folder should be.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        denied = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT)
        fault = "full" if full else "read_only" if denied else "disk"
        raise _explain(fault, str(path), error.strerror or error, 0) from error
