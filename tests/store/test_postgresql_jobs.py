"""The queue and the seats on PostgreSQL, in the scratch database that CHAMADA_TEST_POSTGRESQL names."""

import os
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text

from core.domain.job import JobState, NewJob
from core.errors import QueueFull
from core.jobs.process import as_environment
from core.jobs.worker import Worker
from core.settings import ROOT
from core.store.library import Library

URL = os.environ["CHAMADA_TEST_POSTGRESQL"]


def ask_server(statement):
    engine = create_engine(URL, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        rows = connection.execute(text(statement))
        found = rows.all() if rows.returns_rows else []
    engine.dispose()
    return found


@pytest.fixture
def server(small):
    ask_server("DROP SCHEMA public CASCADE")
    ask_server("CREATE SCHEMA public")
    return small.model_copy(update={"database_url": URL, "lock_timeout_s": 30})


@pytest.fixture
def library(server):
    with Library.open(server) as opened:
        yield opened


@pytest.fixture
def jobs(library):
    return library.jobs


def new(token):
    return NewJob(kind="test", token=str(token), payload={"words": "é"})


def test_the_queue_works_as_on_sqlite(jobs, library):
    first, second, third = (jobs.submit(new(number), 3).id for number in range(3))
    with pytest.raises(QueueFull):
        jobs.submit(new(4), 3)
    with closing(jobs.seats.take(0)) as seat:
        assert jobs.claim(seat).id == first
        jobs.report(first, 0.5, "{seconds:g} s", {"seconds": 2.5}, 1.5)
        assert jobs.get(first).values == {"seconds": 2.5}
        with closing(jobs.seats.take(1)) as dying:
            assert jobs.claim(dying).id == second
            assert jobs.release_orphans(dying) == 1  # the first worker still sits there
            assert jobs.claim(dying).id == second
        assert jobs.release_orphans(seat) == 2
        assert [job.id for job in jobs.active()] == [first, second, third]
        assert jobs.claim(seat).attempts == 2
        jobs.request_cancel(first)
        jobs.put_back(first)
        assert jobs.get(first).state is JobState.CANCELED
        jobs.request_cancel(second)
    Worker(jobs, {"test": lambda job, handle: None}, 0).run()
    assert {job_id: jobs.get(job_id).state for job_id in (second, third)} == {second: "canceled", third: "completed"}
    assert library.verify() == []


def test_many_connections_submit_one_job_and_claim_each_job_once(server, jobs):
    ids, claimed, same = [jobs.submit(new(number), 99).id for number in range(40)], [], set()

    def work(number):
        with Library.open(server) as mine, closing(mine.jobs.seats.take(number)) as seat:
            same.update(mine.jobs.submit(new("same"), 99).id for _ in range(20))
            claimed.extend(job.id for job in iter(lambda: mine.jobs.claim(seat), None))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == [*ids, *sorted(same)][: len(claimed)]
    assert len(claimed) == len(set(claimed)) >= 41


def test_a_seat_is_one_connections_and_free_when_its_process_is_killed(server, jobs):
    with closing(jobs.seats.take(0)) as seat:
        assert seat.is_held()
        assert not jobs.seats.is_free(0)
    code = (
        "import time; from core.settings import settings; from core.store.library import Library\n"
        "library = Library.open(settings()); seat = library.jobs.seats.take_any(wait_s=1)\n"
        "print(seat.number, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, **as_environment(server)}
    holder = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"0\n"
    assert not jobs.seats.is_free(0)
    holder.kill()
    holder.communicate()
    with closing(jobs.seats.take_any(wait_s=5)) as seat:
        assert seat.number == 0 or jobs.seats.is_free(0)


def test_a_broken_connection_loses_the_seat_and_the_worker_takes_another(server, jobs):
    seat = jobs.seats.take(0)
    ask_server(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
    )
    assert not seat.is_held()
    seat.close()
    with closing(jobs.seats.take_any(wait_s=5)) as again:
        assert again.is_held()
