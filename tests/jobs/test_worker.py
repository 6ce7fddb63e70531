"""The worker: what becomes of a job, and when the worker leaves."""

import threading
import time

import pytest
from sqlalchemy import text

from core.domain.job import JobState, NewJob
from core.errors import Canceled, EngineError, LibraryLocked
from core.jobs.worker import JobHandle, Worker
from core.store.database import Database
from core.store.library import Library
from core.store.seats import Seat


@pytest.fixture
def jobs(small):
    with Library.open(small) as library:
        yield library.jobs


def submit(jobs, token, kind="test", **payload):
    return jobs.submit(NewJob(kind=kind, token=str(token), payload=payload), 100).id


def work(jobs, handler, **more):
    Worker(jobs, {"test": handler}, more.pop("idle_s", 0), **more).run()


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_jobs_are_done_in_order_and_the_worker_leaves_when_there_is_none(jobs):
    ids = [submit(jobs, number) for number in range(4)]
    done = []
    work(jobs, lambda job, handle: done.append(job.id))
    assert done == ids
    assert {jobs.get(each).state for each in ids} == {JobState.COMPLETED}
    assert jobs.seats.is_free(0)


def test_an_error_we_can_explain_is_the_jobs_message(jobs):
    job_id = submit(jobs, 1)

    def fail(job, handle):
        raise EngineError("No answer in {seconds:g} s. Ask again.", seconds=2.50)

    work(jobs, fail)
    job = jobs.get(job_id)
    assert job.state is JobState.FAILED
    assert job.message.format(**job.values) == "No answer in 2.5 s. Ask again."


def test_an_error_nobody_foresaw_is_a_reference_and_the_worker_lives_on(jobs, caplog):
    first, second = submit(jobs, 1), submit(jobs, 2)

    def divide(job, handle):
        return 1 / (job.id - first)

    work(jobs, divide)
    job = jobs.get(first)
    assert job.state is JobState.FAILED
    assert "nothing stored was lost" in job.message
    assert job.values["reference"] in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert jobs.get(second).state is JobState.COMPLETED


def test_a_job_of_an_unknown_kind_says_to_update(jobs):
    job_id = submit(jobs, 1, kind="from the future")
    work(jobs, lambda job, handle: None)
    assert jobs.get(job_id).state is JobState.FAILED
    assert "Update Chamada" in jobs.get(job_id).message


def run_until_stopped(begun):
    """A handler that works until it is told to stop."""

    def handler(job, handle):
        begun.set()
        while not handle.should_stop():
            time.sleep(0.01)
        raise Canceled("Stopped.")

    return handler


def test_a_canceled_job_stops_within_its_step_and_the_next_begins(jobs):
    job_id, after = submit(jobs, 1), submit(jobs, 2)
    begun = threading.Event()
    worker = threading.Thread(target=work, args=(jobs, run_until_stopped(begun)), daemon=True)
    worker.start()
    assert begun.wait(10)
    jobs.request_cancel(job_id)
    asked = time.monotonic()
    wait_for(lambda: jobs.get(job_id).state is JobState.CANCELED)
    assert time.monotonic() - asked < 2
    wait_for(lambda: jobs.get(after).state is JobState.IN_PROGRESS)
    jobs.request_cancel(after)
    worker.join(10)
    assert jobs.get(after).state is JobState.CANCELED


def test_a_worker_told_to_end_puts_its_job_back(jobs):
    job_id = submit(jobs, 1)
    begun, end = threading.Event(), threading.Event()
    worker = threading.Thread(
        target=work, args=(jobs, run_until_stopped(begun)), kwargs={"idle_s": 60, "should_stop": end.is_set}
    )
    worker.start()
    assert begun.wait(10)
    end.set()
    worker.join(10)
    assert not worker.is_alive()
    assert (jobs.get(job_id).state, jobs.get(job_id).attempts) == (JobState.PENDING, 0)
    work(jobs, lambda job, handle: None)
    assert jobs.get(job_id).state is JobState.COMPLETED


def test_a_job_finished_while_ending_is_done(jobs):
    job_id = submit(jobs, 1)
    end = threading.Event()
    work(jobs, lambda job, handle: end.set(), should_stop=end.is_set)
    assert jobs.get(job_id).state is JobState.COMPLETED


def test_without_a_free_seat_the_worker_leaves(jobs):
    job_id = submit(jobs, 1)
    seats = [jobs.seats.take(number) for number in range(jobs.seats.count)]
    work(jobs, lambda job, handle: None, idle_s=60)
    assert jobs.get(job_id).state is JobState.PENDING
    for seat in seats:
        seat.close()


def test_an_idle_worker_waits_and_takes_what_comes(jobs):
    worker = threading.Thread(target=work, args=(jobs, lambda job, handle: None), kwargs={"idle_s": 1})
    worker.start()
    wait_for(lambda: not jobs.seats.is_free(0) or not jobs.seats.is_free(1))
    started = time.monotonic()
    job_id = submit(jobs, 1)
    wait_for(lambda: jobs.get(job_id).state is JobState.COMPLETED)
    assert time.monotonic() - started < 1
    worker.join(10)
    assert not worker.is_alive()


class LastMoment:
    """A seat's hold that lets something happen just before it is released."""

    def __init__(self, seat, happen):
        self.seat, self.happen = seat, happen

    def lasts(self):
        return self.seat.is_held()

    def release(self):
        self.happen()
        self.seat.close()


def test_a_job_that_comes_while_the_worker_leaves_is_done(jobs, monkeypatch):
    take_any, ids = jobs.seats.take_any, [submit(jobs, "early")]

    def come_late():
        if len(ids) == 1:
            ids.append(submit(jobs, "late"))

    def take(**more):
        seat = take_any(**more)
        return Seat(seat.number, LastMoment(seat, come_late))

    monkeypatch.setattr(jobs.seats, "take_any", take)
    work(jobs, lambda job, handle: None)
    assert [jobs.get(each).state for each in ids] == [JobState.COMPLETED] * 2


def test_a_worker_warms_up_while_nothing_waits(jobs, caplog):
    warmed = []
    work(jobs, lambda job, handle: None, warm_up=lambda: warmed.append(1))
    submit(jobs, 1)
    work(jobs, lambda job, handle: None, warm_up=lambda: warmed.append(2))
    assert warmed == [1]
    work(jobs, lambda job, handle: None, warm_up=lambda: 1 / 0)
    assert "ZeroDivisionError" in caplog.text


def test_a_locked_library_delays_a_job_and_loses_nothing(small, jobs):
    job_id = submit(jobs, 1)
    quick = small.model_copy(update={"lock_timeout_s": 0.2})
    holder = Database(small)
    with Library.open(quick) as library:
        worker = threading.Thread(target=work, args=(library.jobs, lambda job, handle: None), kwargs={"idle_s": 20})
        with holder.write():
            worker.start()
            time.sleep(1)
            assert worker.is_alive()
            assert jobs.get(job_id).state is JobState.PENDING
        wait_for(lambda: jobs.get(job_id).state is JobState.COMPLETED)
        holder.close()


def test_a_result_that_cannot_be_noted_is_found_again(small, jobs, monkeypatch):
    job_id = submit(jobs, 1)
    finish, runs = jobs.finish, []

    def fail_once(*arguments):
        monkeypatch.setattr(jobs, "finish", finish)
        raise LibraryLocked("Busy.")

    monkeypatch.setattr(jobs, "finish", fail_once)
    work(jobs, lambda job, handle: runs.append(job.attempts), idle_s=4)
    assert runs == [1, 2]
    assert jobs.get(job_id).state is JobState.COMPLETED


def test_reports_are_few_but_a_new_message_is_seen_at_once(small, jobs):
    job_id = submit(jobs, 1)
    seen = []

    def handler(job, handle):
        for step in range(100):
            handle.report(step / 100, "Painting")
            seen.append(jobs.get(job_id).fraction)
        handle.report(0.99, "Setting the title")
        seen.append(jobs.get(job_id).message)
        time.sleep(JobHandle.REPORT_S)
        handle.report(0.995, "Setting the title")
        seen.append(jobs.get(job_id).fraction)

    started = time.monotonic()
    work(jobs, handler)
    assert len(set(seen)) <= 4 + (time.monotonic() - started) / JobHandle.REPORT_S
    assert seen[-2:] == ["Setting the title", 0.995]


def test_time_left_comes_from_past_runs(small, jobs):
    done = submit(jobs, 1)
    work(jobs, lambda job, handle: None)
    database = Database(small)
    with database.write() as connection:
        times = "started_at = '2026-01-01 00:00:00', finished_at = '2026-01-01 00:00:08'"
        connection.execute(text(f"UPDATE job SET {times} WHERE id = {done}"))
    database.close()
    job_id = submit(jobs, 2)
    left = []

    def handler(job, handle):
        handle.report(0.25, "Painting")
        left.append(jobs.get(job_id).eta_s)

    work(jobs, handler)
    assert left == [6]


def test_a_report_that_cannot_be_stored_stops_no_job(small, jobs):
    job_id = submit(jobs, 1)
    quick = small.model_copy(update={"lock_timeout_s": 0.1})
    holder = Database(small)

    def handler(job, handle):
        with holder.write():
            handle.report(0.5, "Painting")
            assert not handle.should_stop()

    with Library.open(quick) as library:
        work(library.jobs, handler)
    holder.close()
    assert jobs.get(job_id).state is JobState.COMPLETED
