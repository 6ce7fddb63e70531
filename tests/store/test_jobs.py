"""The queue: one job a token, in order, bounded, and never lost."""

import datetime as dt
from contextlib import closing

import pytest
from sqlalchemy import text

from core.domain.job import JobState, NewJob
from core.errors import LibraryLocked, LibraryUnwritable, NotFound, QueueFull
from core.store.database import Database
from core.store.library import Library
from tests.store.workers import claim_all, processes, submit_the_same

SIZE = 100


@pytest.fixture
def library(small):
    with Library.open(small) as opened:
        yield opened


@pytest.fixture
def jobs(library):
    return library.jobs


@pytest.fixture
def seat(jobs):
    with closing(jobs.seats.take(0)) as taken:
        yield taken


def new(token, **more):
    return NewJob(kind="sum", token=str(token), **more)


def fill(jobs, count):
    return [jobs.submit(new(number), SIZE).id for number in range(count)]


def change(small, statement):
    database = Database(small)
    with database.write() as connection:
        connection.execute(text(statement))
    database.close()


def test_a_job_comes_back_as_it_was_put_in(jobs):
    put = jobs.submit(new("a", payload={"words": ["é", 1, None]}), SIZE)
    assert jobs.get(put.id) == put
    assert put.payload == {"words": ["é", 1, None]}
    assert (put.state, put.attempts, put.fraction, put.ahead, put.eta_s) == (JobState.PENDING, 0, 0.0, 0, None)
    with pytest.raises(NotFound, match="Reload"):
        jobs.get(put.id + 1)


def test_a_thousand_submissions_of_one_token_are_one_job(jobs):
    assert len({jobs.submit(new("double click"), 1).id for _ in range(1000)}) == 1
    assert len(jobs.active()) == 1


def test_submissions_of_one_token_by_many_processes_are_one_job(small, jobs):
    ready, results = processes.Event(), processes.Queue()
    clicks = [processes.Process(target=submit_the_same, args=(small.data_dir, ready, results)) for _ in range(4)]
    for click in clicks:
        click.start()
    ready.set()
    ids = {each for _ in clicks for each in results.get(timeout=60)}
    for click in clicks:
        click.join()
    assert len(ids) == len(jobs.active()) == 1


def test_a_token_serves_again_once_its_job_is_over(jobs, seat):
    first = jobs.submit(new("again"), SIZE)
    assert jobs.submit(new("again"), SIZE).id == jobs.claim(seat).id == first.id
    assert jobs.submit(new("again"), SIZE).id == first.id
    jobs.finish(first.id, JobState.FAILED, "No.")
    assert jobs.submit(new("again"), SIZE).id != first.id


def test_without_a_token_each_submission_is_a_job(jobs):
    assert len({jobs.submit(new(""), SIZE).id for _ in range(3)}) == 3


def test_a_full_queue_says_so_and_takes_more_once_there_is_room(jobs, seat):
    for number in range(3):
        jobs.submit(new(number), 3)
    with pytest.raises(QueueFull, match="3 jobs are waiting"):
        jobs.submit(new("one more"), 3)
    assert jobs.submit(new(0), 3).id == 1  # a job that is there already is not one more
    jobs.claim(seat)
    jobs.submit(new("one more"), 3)


def test_jobs_are_begun_in_the_order_they_came(jobs, seat):
    ids = fill(jobs, 5)
    assert [job.ahead for job in jobs.active()] == [0, 1, 2, 3, 4]
    claimed = [jobs.claim(seat).id for _ in ids]
    assert claimed == ids
    assert jobs.claim(seat) is None
    assert [job.ahead for job in jobs.active()] == [0] * 5


def test_processes_that_claim_at_once_get_each_job_once(small, jobs):
    ids = fill(jobs, 60)
    ready, results = processes.Event(), processes.Queue()
    workers = [processes.Process(target=claim_all, args=(small.data_dir, n, ready, results)) for n in (0, 1, 2)]
    for worker in workers:
        worker.start()
    ready.set()
    claimed = [each for _ in workers for each in results.get(timeout=60)]
    for worker in workers:
        worker.join()
    assert sorted(claimed) == ids


def test_jobs_of_one_campaign_are_done_one_after_the_other(small, library, seat):
    from tests.jobs.campaigns import add_campaign

    one, two = add_campaign(library, "um"), add_campaign(library, "dois")
    jobs = library.jobs
    first, second, other = (
        jobs.submit(new(number, campaign_id=campaign), SIZE).id for number, campaign in enumerate((one, one, two))
    )
    assert [jobs.claim(seat).id, jobs.claim(seat).id, jobs.claim(seat)] == [first, other, None]
    jobs.finish(first, JobState.COMPLETED)
    assert jobs.claim(seat).id == second == jobs.of_campaign(one).id
    assert jobs.of_campaign(99) is None


def test_progress_is_kept_while_the_job_is_in_progress(jobs, seat):
    (job_id,) = fill(jobs, 1)
    jobs.report(job_id, 0.5, "Too early", {}, None)
    assert jobs.get(job_id).message == ""
    jobs.claim(seat)
    values = {"seconds": 2.5, "count": 3, "path": seat, "odd": "\udc80"}
    jobs.report(job_id, 0.5, "{count} of them, {seconds:g} s", values, 1.5)
    job = jobs.get(job_id)
    assert (job.fraction, job.eta_s, job.worker) == (0.5, 1.5, "0")
    assert job.message.format(**job.values) == "3 of them, 2.5 s"
    jobs.finish(job_id, JobState.COMPLETED)
    jobs.report(job_id, 0.7, "Too late", {}, 9)
    done = jobs.get(job_id)
    assert (done.fraction, done.message, done.values, done.eta_s) == (1.0, "", {}, None)
    assert done.created_at <= done.started_at <= done.finished_at


def test_canceling_ends_what_waits_and_asks_what_runs(jobs, seat):
    running, waiting = fill(jobs, 2)
    jobs.claim(seat)
    assert not jobs.is_cancel_requested(running)
    for job_id in (running, waiting, waiting, 99):
        jobs.request_cancel(job_id)
    assert jobs.is_cancel_requested(running)
    assert [jobs.get(each).state for each in (running, waiting)] == [JobState.IN_PROGRESS, JobState.CANCELED]
    assert jobs.claim(seat) is None
    jobs.finish(running, JobState.COMPLETED)
    jobs.request_cancel(running)
    assert jobs.get(running).state is JobState.COMPLETED


def test_a_job_put_back_keeps_its_place_and_its_attempts(jobs, seat):
    first, _ = fill(jobs, 2)
    for _ in range(5):
        assert jobs.claim(seat).id == first
        jobs.put_back(first)
    assert (jobs.get(first).state, jobs.get(first).attempts) == (JobState.PENDING, 0)
    jobs.claim(seat)
    jobs.request_cancel(first)
    jobs.put_back(first)
    assert jobs.get(first).state is JobState.CANCELED


def test_orphans_wait_again_and_are_given_up_at_the_third_time(jobs, seat):
    first, second = fill(jobs, 2)
    with closing(jobs.seats.take(1)) as dying:
        for _ in range(2):
            assert jobs.claim(dying).id == first
            assert jobs.release_orphans(seat) == 0  # somebody sits there
            assert jobs.release_orphans(dying) == 1  # a worker that does nothing has nothing in progress
        assert jobs.claim(dying).attempts == 3
    jobs.claim(seat)
    jobs.finish(second, JobState.COMPLETED)
    assert jobs.release_orphans(seat) == 1
    given_up = jobs.get(first)
    assert given_up.state is JobState.FAILED
    assert "three times" in given_up.message


def test_an_orphan_whose_user_canceled_it_is_canceled(jobs, seat):
    (job_id,) = fill(jobs, 1)
    with closing(jobs.seats.take(1)) as dying:
        jobs.claim(dying)
        jobs.request_cancel(job_id)
    assert jobs.release_orphans(seat) == 1
    assert jobs.get(job_id).state is JobState.CANCELED


def test_past_runs_tell_how_long_a_job_takes(small, jobs, seat):
    for job_id in fill(jobs, 3):
        jobs.claim(seat)
        jobs.finish(job_id, JobState.COMPLETED)
        second = f"2026-01-01 00:00:0{2 * job_id}.000000"
        change(
            small, f"UPDATE job SET started_at = '2026-01-01 00:00:00', finished_at = '{second}' WHERE id = {job_id}"
        )
    waiting = [jobs.submit(new(f"later {number}"), SIZE).id for number in range(4)]
    assert [jobs.get(job_id).eta_s for job_id in waiting] == [4, 4, 8, 8]  # two seats
    assert jobs.submit(NewJob(kind="other", token="x"), SIZE).eta_s is None


def test_jobs_of_long_ago_are_forgotten(small, jobs, seat):
    old, recent, waiting = fill(jobs, 3)
    for job_id in (old, recent):
        jobs.claim(seat)
        jobs.finish(job_id, JobState.COMPLETED)
    change(small, f"UPDATE job SET finished_at = '2020-01-01 00:00:00' WHERE id = {old}")
    change(small, f"UPDATE job SET created_at = '2020-01-01 00:00:00' WHERE id = {waiting}")
    jobs.forget(dt.timedelta(days=30))
    with pytest.raises(NotFound):
        jobs.get(old)
    assert {jobs.get(recent).state, jobs.get(waiting).state} == {JobState.COMPLETED, JobState.PENDING}


def test_a_locked_library_is_a_sentence_and_the_next_click_works(small, jobs):
    holder = Database(small)
    with holder.write():
        with pytest.raises(LibraryLocked, match="CHAMADA_LOCK_TIMEOUT_S"):
            jobs.submit(new("a"), SIZE)
        assert jobs.active() == []
    holder.close()
    assert jobs.submit(new("a"), SIZE).id == 1


def test_a_full_disk_is_a_sentence_and_loses_no_job(small, library, jobs):
    fill(jobs, 3)
    with library._database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        connection.rollback()
    with pytest.raises(LibraryUnwritable, match="full"):
        jobs.submit(new("big", payload={"words": "x" * 50_000}), SIZE)
    with library._database.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
        connection.rollback()
    assert len(jobs.active()) == 3
    jobs.submit(new("big", payload={"words": "x" * 50_000}), SIZE)


def test_the_queue_outlives_whoever_filled_it(small, library, jobs):
    ids = fill(jobs, 3)
    library.close()
    with Library.open(small) as again:
        assert [job.id for job in again.jobs.active()] == ids
        assert again.verify() == []
