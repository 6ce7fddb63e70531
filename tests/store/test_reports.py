"""What workers say of themselves: the last word of each seat, seen by other processes, no part of the ledger."""

import datetime as dt

import pytest

from core.domain.residency import ResidencyReport, WorkerReport
from core.store.library import Library

HELD = ResidencyReport(device="Tesla T4", budget_bytes=15 * 2**30, loads={"text": 1}, peak_bytes=9, resident=("text",))


@pytest.fixture
def library(small):
    with Library.open(small.model_copy(update={"workers": 2})) as opened:
        yield opened


def test_every_seat_is_listed_taken_or_not(library):
    assert [(view.number, view.is_taken, view.report) for view in library.reports.list()] == [
        (0, False, None),
        (1, False, None),
    ]
    seat = library.jobs.seats.take(1)
    assert [view.is_taken for view in library.reports.list()] == [False, True]
    seat.close()
    assert [view.is_taken for view in library.reports.list()] == [False, False]


def test_the_last_report_of_a_seat_is_kept_and_read_by_another_process(library, small):
    library.reports.save(0, WorkerReport(profile="draft"))
    library.reports.save(1, WorkerReport(profile="draft"))
    library.reports.save(0, WorkerReport(profile="t4", residency=HELD))
    with Library.open(small.model_copy(update={"workers": 1})) as other:
        [view] = other.reports.list()
    assert view.report == WorkerReport(profile="t4", residency=HELD)
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - view.updated_at < dt.timedelta(minutes=1)


def test_reports_leave_the_ledger_alone(library):
    library.reports.save(0, WorkerReport(profile="draft"))
    assert library.verify() == []


def test_the_report_of_another_version_is_left_out(library):
    library.reports.save(0, WorkerReport(profile="draft"))
    with library._database.write() as connection:
        connection.exec_driver_sql('UPDATE worker_report SET report = \'{"profile": "t4", "mood": "good"}\'')
    assert library.reports.list()[0].report is None
