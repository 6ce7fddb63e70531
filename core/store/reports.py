"""What workers say of themselves, so that a page in another process can show it."""

from __future__ import annotations

import datetime as dt

from pydantic import ValidationError
from sqlalchemy import delete, insert, select

from core.domain.residency import WorkerReport, WorkerView
from core.store.database import Database
from core.store.ledger import find_table
from core.store.schema import WorkerRow
from core.store.seats import Seats


class Reports:
    """The last report from each seat. A state of now, so the ledger leaves it out."""

    def __init__(self, database: Database, seats: Seats) -> None:
        self._database = database
        self._seats = seats

    def save(self, seat: int, report: WorkerReport) -> None:
        """Put the report in the place of the one before."""
        table = find_table(WorkerRow)
        row = {"seat": seat, "report": report.model_dump(mode="json"), "updated_at": dt.datetime.now(dt.UTC)}
        with self._database.write() as connection:
            connection.execute(delete(table).where(WorkerRow.seat == seat))
            connection.execute(insert(table), row)

    def list(self) -> list[WorkerView]:
        """Every seat, taken or not, with its last report."""
        with self._database.read() as connection:
            rows = {row.seat: row for row in connection.execute(select(find_table(WorkerRow)))}
            return [
                WorkerView(
                    number=number,
                    is_taken=not self._seats.is_free(number),
                    report=_read(rows[number].report) if number in rows else None,
                    updated_at=rows[number].updated_at if number in rows else None,
                )
                for number in range(self._seats.count)
            ]


def _read(report: object) -> WorkerReport | None:
    """None for the report of another version of this program, which the next job replaces."""
    try:
        return WorkerReport.model_validate(report)
    except ValidationError:
        return None
