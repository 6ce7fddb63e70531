"""Seats: one process each, and free the moment it dies."""

import os
import signal
import time
from contextlib import closing

import pytest

from core.errors import LibraryUnwritable
from core.store.library import Library
from tests.store.workers import processes, sit


@pytest.fixture
def seats(small):
    with Library.open(small) as library:
        yield library.jobs.seats


def start_sitting(small):
    told, tell = processes.Pipe(duplex=False)
    process = processes.Process(target=sit, args=(small.data_dir, tell))
    process.start()
    return process, told.recv()


def test_a_seat_is_one_holders(seats):
    seat = seats.take(0)
    assert seat.is_held()
    assert seats.take(0) is None
    assert not seats.is_free(0)
    assert seats.is_free(1)
    seat.close()
    assert seats.is_free(0)


def test_any_free_seat_will_do(seats):
    with closing(seats.take_any(wait_s=0)) as one, closing(seats.take_any(wait_s=0)) as two:
        assert {one.number, two.number} == {0, 1}
        started = time.monotonic()
        assert seats.take_any(wait_s=0.2) is None
        assert 0.2 <= time.monotonic() - started < 2


def test_a_killed_process_leaves_its_seat_at_once(small, seats):
    for _ in range(5):
        process, number = start_sitting(small)
        assert number == 0
        assert not seats.is_free(0)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert seats.is_free(0)


def test_looking_does_not_take_a_seat_away(small, seats):
    process, _ = start_sitting(small)
    other, number = start_sitting(small)
    assert number == 1
    for _ in range(100):
        assert not seats.is_free(0)
    for each in (process, other):
        each.kill()
        each.join()


def test_libraries_have_seats_of_their_own(small, seats, tmp_path):
    with closing(seats.take(0)), Library.open(small.model_copy(update={"data_dir": tmp_path / "other"})) as other:
        assert other.jobs.seats.is_free(0)


def test_there_is_a_seat_for_a_worker_started_by_hand(small):
    with Library.open(small.model_copy(update={"workers": 0})) as library:
        library.jobs.seats.take_any(wait_s=0).close()


def test_a_folder_that_cannot_be_written_is_a_sentence(small, seats):
    lock = small.data_dir / "chamada.sqlite3-worker0.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    with pytest.raises(LibraryUnwritable, match="worker0"):
        seats.take(0)
