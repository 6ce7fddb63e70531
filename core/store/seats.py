"""Seats: each lets one process at a time do jobs. The operating system or the server frees it when its holder dies."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from core.store.database import Database
from core.store.faults import database_faults, file_faults

if TYPE_CHECKING:
    from filelock import BaseFileLock

_SEATS = 0x0C4A3ADB
"""The first half of the advisory locks that stand for seats on a server; the second half is the seat's number."""

_TRY_AGAIN_S = 0.05


class _Hold(Protocol):
    """What keeps a seat taken."""

    def lasts(self) -> bool: ...
    def release(self) -> None: ...


@dataclass(frozen=True)
class Seat:
    """A seat that this process holds, until ``close`` or its death."""

    number: int
    _hold: _Hold

    def is_held(self) -> bool:
        """Whether it is still ours: a database server frees it when the connection breaks."""
        return self._hold.lasts()

    def close(self) -> None:
        """Leave the seat."""
        self._hold.release()


class Seats:
    """The seats of a library.

    Attributes:
        count: how many there are. Higher numbers may still be held by workers of before, when there were more.
    """

    def __init__(self, database: Database, count: int) -> None:
        self._database = database
        self.count = count

    def take(self, number: int) -> Seat | None:
        """The seat of this number; None if another holds it, be it this process."""
        if self._database.path is None:
            hold: _Hold | None = _hold_on_server(self._database, number)
        else:
            hold = _hold_file(self._database.path, number)
        return None if hold is None else Seat(number, hold)

    def take_any(self, *, wait_s: float) -> Seat | None:
        """A free seat; None if none gets free within ``wait_s`` seconds.

        Waiting pays: whoever only looks whether a seat is free holds it for a moment.
        """
        deadline = time.monotonic() + wait_s
        while True:
            for number in range(self.count):
                seat = self.take(number)
                if seat is not None:
                    return seat
            if time.monotonic() >= deadline:
                return None
            time.sleep(_TRY_AGAIN_S)

    def is_free(self, number: int) -> bool:
        """Whether nobody holds the seat of this number."""
        seat = self.take(number)
        if seat is None:
            return False
        seat.close()
        return True


class _FileHold:
    """A lock on a file next to a SQLite database; it lasts as long as the process."""

    def __init__(self, lock: BaseFileLock) -> None:
        self._lock = lock

    def lasts(self) -> bool:
        return True

    def release(self) -> None:
        self._lock.release()


def _hold_file(database: Path, number: int) -> _FileHold | None:
    from filelock import FileLock, Timeout

    path = database.with_name(f"{database.name}-worker{number}.lock")
    # Never a "soft" lock, which is a mere file: it would outlive a killed process.
    lock = FileLock(path, timeout=0, thread_local=False, fallback_to_soft=False)
    with file_faults(path):
        try:
            lock.acquire()
        except Timeout:
            return None
    return _FileHold(lock)


class _ServerHold:
    """An advisory lock of a connection to a database server; it lasts as long as the connection."""

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number

    def lasts(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def release(self) -> None:
        try:
            self._connection.execute(text("SELECT pg_advisory_unlock(:seats, :number)"), self._key)
        except SQLAlchemyError:
            self._connection.invalidate()
        finally:
            self._connection.close()

    @property
    def _key(self) -> dict[str, int]:
        return {"seats": _SEATS, "number": self._number}


def _hold_on_server(database: Database, number: int) -> _ServerHold | None:
    with database_faults(database.where, 0):
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        key = {"seats": _SEATS, "number": number}
        if connection.execute(text("SELECT pg_try_advisory_lock(:seats, :number)"), key).scalar_one():
            return _ServerHold(connection, number)
        connection.close()
        return None
