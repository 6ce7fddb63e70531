"""What the database and the disk say, turned into errors that name the thing and the remedy. All in this one place."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import LibraryDamaged, LibraryLocked, LibraryUnwritable, NotFound, StoreError
from core.language import N_

# SQLite's result code names, by prefix. An SQLITE_ERROR is a table or column that is not there, or JSON that is none.
# Source: https://www.sqlite.org/rescode.html
_CODES = {
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_FULL": "full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_IOERR": "disk",
    "SQLITE_CORRUPT": "corrupt",
    "SQLITE_NOTADB": "corrupt",
    "SQLITE_ERROR": "corrupt",
}

# PostgreSQL's SQLSTATE classes. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES = {
    "55P03": "busy",  # lock_not_available
    "53100": "full",  # disk_full
    "25006": "read_only",  # read_only_sql_transaction
    "XX001": "corrupt",  # data_corrupted
    "XX002": "corrupt",  # index_corrupted
}


_ANSWERS: dict[str, tuple[type[StoreError], str]] = {
    "busy": (
        LibraryLocked,
        N_(
            "Another program has kept the library at {where} busy for {seconds:g} s. "
            "Wait for it or close it, then try again; CHAMADA_LOCK_TIMEOUT_S sets how long to wait."
        ),
    ),
    "full": (
        LibraryUnwritable,
        N_("The disk of {where} is full. Free some space and try again; what was stored before is safe."),
    ),
    "read_only": (
        LibraryUnwritable,
        N_(
            "Chamada cannot write to {where} ({why}). Give this user write access to the file and its folder, "
            "or set CHAMADA_DATA_DIR to another folder."
        ),
    ),
    "disk": (
        LibraryUnwritable,
        N_("The disk of {where} refused to read or write ({why}). Check its space and health, then try again."),
    ),
    "gone": (
        LibraryUnwritable,
        N_("The database at {where} does not answer ({why}). Start it, or correct CHAMADA_DATABASE_URL."),
    ),
    "corrupt": (
        LibraryDamaged,
        N_(
            "The library at {where} is damaged ({why}). Run `python dataprep.py verify` to see what, "
            "then put a backup in its place, or move it away and import the show again."
        ),
    ),
}


def _fault(error: BaseException | None) -> str:
    """A driver's error as a key of the answers above; "" for one that is our own mistake."""
    name = getattr(error, "sqlite_errorname", None)
    if name is not None:
        return next((fault for prefix, fault in _CODES.items() if name.startswith(prefix)), "")
    if isinstance(error, sqlite3.OperationalError):  # "Could not decode to UTF-8 column": no code, damaged text
        return "corrupt"
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state:
        return _STATES.get(state, "gone" if state.startswith(("08", "57P")) else "")
    return "gone" if type(error).__name__ == "OperationalError" else ""


def is_busy(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether another program holds the database: worth another try."""
    return _fault(_driver_error(error)) == "busy"


def damaged(where: str, why: object) -> StoreError:
    """The library's content cannot be what was stored."""
    return _explain("corrupt", where, why)


def _driver_error(error: DBAPIError | sqlite3.Error) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _explain(fault: str, where: str, why: object, lock_timeout_s: float = 0) -> StoreError:
    kind, message = _ANSWERS[fault]
    return kind(message, where=where, why=why, seconds=lock_timeout_s)


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
    except UnicodeDecodeError as error:  # SQLite's own message quotes damaged bytes
        raise damaged(where, error.reason) from error
    except (DBAPIError, sqlite3.Error) as error:
        why = _driver_error(error)
        fault = _fault(why)
        if not fault:
            raise
        raise _explain(fault, where, why, lock_timeout_s) from error


@contextmanager
def readable(where: str) -> Iterator[None]:
    """Turn values that cannot be read back inside the block into LibraryDamaged; keep calculations out of it.

    Raises:
        LibraryDamaged: a stored value is not of its column's kind.
        NotFound: an id, perhaps from a URL, is larger than any can be.
    """
    try:
        yield
    except (OverflowError, DataError) as error:
        raise NotFound("There is no entry of that number. Choose one from the list.") from error
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
        raise _explain(fault, str(path), error.strerror or error) from error
