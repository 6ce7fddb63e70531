"""A consistent copy of the database, also while others write. Pictures are plain files: copy the media folder."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from core.errors import LibraryUnwritable, StoreError
from core.store.database import Database
from core.store.faults import damaged, file_faults


def back_up(database: Database, to: Path) -> Path:
    """Copy the database with SQLite's backup API; a plain copy of an open database misses what is in its log.

    Args:
        to: a file that does not exist yet, or a folder that gets ``chamada-DATE-TIME.sqlite3``.

    Raises:
        LibraryUnwritable: the file exists, or cannot be written.
        LibraryDamaged: the copy does not pass SQLite's own check.
        StoreError: the database is on a server.
    """
    if database.path is None:
        raise StoreError("The library is at {where}. Back it up with pg_dump.", where=database.where)
    target = _choose_name(to)
    if target.exists():
        raise LibraryUnwritable("{path} exists already. Choose another name or move it away.", path=target)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    with file_faults(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            database.copy_to(partial)
            _check(partial)
            _sync(partial)
            partial.replace(target)
            _sync(target.parent)
        finally:
            partial.unlink(missing_ok=True)
    return target


def _choose_name(to: Path) -> Path:
    if to.is_dir() or not to.suffix:
        now = dt.datetime.now(dt.UTC)
        return to / f"chamada-{now:%Y%m%d-%H%M%S-%f}.sqlite3"
    return to


def _check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        # One file to move about, without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise damaged(str(path), found)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
