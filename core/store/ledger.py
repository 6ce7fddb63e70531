"""The only place that changes rows: it keeps the sha256 of every row and the tally of every table in step.

A changed cell no longer matches its row's sha256; a row that was added or removed no longer matches the tally.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, insert, select, type_coerce, update
from sqlalchemy.types import NullType

from core.store.database import canonical_json
from core.store.faults import damaged
from core.store.schema import Base, TallyRow

_MODULUS = 2**256


def plain(value: object) -> Any:
    """A column's value as SQLite's driver gives it back, so that every database hashes alike."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dict | list | tuple):
        return canonical_json(value)
    if isinstance(value, dt.datetime):
        utc = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        return utc.isoformat(" ", "microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _name_bytes(value: bytes) -> dict[str, str]:
    """Bytes are in no column of ours: only damage looks like this."""
    return {"bytes": bytes(value).hex()}


def digest(values: object) -> str:
    """The sha256 hex of plain values as JSON, which tells 1 from "1" and from 1.0."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_name_bytes)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def hash_row(name: str, values: Mapping[str, Any]) -> str:
    """The sha256 hex of a row of table ``name``: every column but ``sha256`` that is not NULL.

    NULL is left out so that a later migration may add a column without touching old rows.
    """
    return digest([name, {key: plain(v) for key, v in values.items() if v is not None and key != "sha256"}])


def select_raw(of: Table) -> Select[*tuple[Any, ...]]:
    """Select a table's rows as the driver gives them, so that a damaged value arrives instead of an error."""
    return select(*(type_coerce(each, NullType()).label(each.name) for each in of.columns))


def find_table(row: type[Base]) -> Table:
    """The table of a typed row."""
    return Base.metadata.tables[row.__tablename__]


@dataclass(frozen=True)
class Count:
    """A table's tally in memory; ``total`` is the sum of the sha256 of all rows modulo 2**256."""

    rows: int = 0
    total: int = 0
    last_id: int = 0

    def values(self, name: str) -> dict[str, Any]:
        """The tally's row for table ``name``."""
        row = {"name": name, "rows": self.rows, "total": f"{self.total:064x}", "last_id": self.last_id}
        return row | {"sha256": hash_row("tally", row)}

    def add(self, sha256: str, rows: int = 1) -> Count:
        """The count with one row more (or with ``rows=-1``, less)."""
        return replace(self, rows=self.rows + rows, total=(self.total + rows * int(sha256, 16)) % _MODULUS)


class Ledger:
    """Changes rows inside one write; made by ``keep_ledger``."""

    def __init__(self, connection: Connection, where: str) -> None:
        self.connection = connection
        self.where = where
        self._counts: dict[str, Count] = {}
        # The lock on the tally lets one writer in at a time on a database server, as BEGIN IMMEDIATE does on SQLite.
        for row in connection.execute(select(find_table(TallyRow)).with_for_update()).mappings():
            if hash_row("tally", dict(row)) != row["sha256"]:
                raise damaged(where, f"tally {row['name']}")
            self._counts[row["name"]] = Count(row["rows"], int(row["total"], 16), row["last_id"])
        self._stored = dict(self._counts)

    def _count(self, name: str) -> Count:
        if name not in self._counts:
            raise damaged(self.where, f"no tally {name}")
        return self._counts[name]

    def next_id(self, row: type[Base]) -> int:
        """Give out an id that no row of this table has or had."""
        name = row.__tablename__
        count = self._count(name)
        self._counts[name] = replace(count, last_id=count.last_id + 1)
        return count.last_id + 1

    def insert(self, row: type[Base], rows: Sequence[dict[str, Any]]) -> None:
        """Add rows, each with every column; ``sha256`` is added where a row does not bring it."""
        if not rows:
            return
        name = row.__tablename__
        count = self._count(name)
        hashed = [values if "sha256" in values else values | {"sha256": hash_row(name, values)} for values in rows]
        self.connection.execute(insert(find_table(row)), hashed)
        for values in hashed:
            count = count.add(values["sha256"])
        self._counts[name] = count

    def update(self, row: type[Base], where: ColumnElement[bool], changes: Mapping[str, Any]) -> None:
        """Change columns of the rows that match.

        Raises:
            LibraryDamaged: a row was changed behind our back; a new sha256 would hide it.
        """
        name, of = row.__tablename__, find_table(row)
        for old in map(dict, self.connection.execute(select_raw(of).where(where)).mappings().all()):
            if hash_row(name, old) != old["sha256"]:
                raise damaged(self.where, f"{name} {old[of.primary_key.columns[0].name]}")
            new = old | dict(changes)
            if all(plain(new[key]) == plain(old[key]) for key in changes):
                continue
            sha256 = hash_row(name, new)
            same = [each == old[each.name] for each in of.primary_key.columns]
            self.connection.execute(update(of).where(*same).values(**changes, sha256=sha256))
            self._counts[name] = self._count(name).add(old["sha256"], -1).add(sha256)

    def delete(self, row: type[Base], where: ColumnElement[bool]) -> None:
        """Remove the rows that match."""
        name, of = row.__tablename__, find_table(row)
        count = self._count(name)
        for sha256 in self.connection.execute(select(of.c.sha256).where(where)).scalars():
            count = count.add(sha256, -1)
        self.connection.execute(delete(of).where(where))
        self._counts[name] = count

    def save(self) -> None:
        """Write the counts that changed."""
        of = find_table(TallyRow)
        for name, count in self._counts.items():
            if count != self._stored[name]:
                self.connection.execute(update(of).where(of.c.name == name).values(**count.values(name)))


@contextmanager
def keep_ledger(connection: Connection, where: str) -> Iterator[Ledger]:
    """A ledger that writes its counts when the block ends well."""
    ledger = Ledger(connection, where)
    yield ledger
    ledger.save()
