"""Workers as processes: started once a seat, outliving a refresh, killed without a loss, taken over at once."""

import json
import os
import sys
import threading
import time

import psutil
import pytest

from core.domain.generation import Step
from core.domain.job import JobState, NewJob
from core.errors import ChamadaError
from core.jobs.process import WorkerStarter, as_environment
from core.settings import Settings
from core.store.library import Library
from tests.jobs.hands import STEPS
from tests.show import EPISODES, INFO
from tests.store.rows import episode

HANDS = (sys.executable, "-m", "tests.jobs.hands")


@pytest.fixture
def knobs(small):
    return small.model_copy(update={"worker_idle_s": 60, "lock_timeout_s": 30})


@pytest.fixture
def library(knobs):
    with Library.open(knobs) as opened:
        opened.import_episodes(INFO, EPISODES)
        yield opened
        for process in workers(knobs):
            process.kill()
            process.wait()


@pytest.fixture
def starter(knobs, library):
    return WorkerStarter(knobs, library.jobs.seats, HANDS)


def workers(knobs):
    """The workers of this test's library, by their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("CHAMADA_DATA_DIR") == str(knobs.data_dir.resolve()):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found


def submit(library, count, kind="chain", first=0, **payload):
    new = [NewJob(kind=kind, token=str(number), payload=payload) for number in range(first, first + count)]
    return [library.jobs.submit(job, 10_000).id for job in new]


def wait_until(condition, starter=None, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "took too long"
        if starter is not None:
            starter.ensure_workers()  # as a page that polls does
        time.sleep(0.02)


def all_over(library):
    return lambda: library.jobs.active() == []


def texts(library):
    """Every step that chains stored, as often as it is there."""
    rows = [row for number in range(1, 5) for row in library.generations(episode(number))]
    assert len({row.key for row in rows}) == len(rows)
    return sorted(row.output["text"] for row in rows if row.step is Step.SUMMARY)


def test_a_worker_a_seat_is_started_and_no_more(knobs, library, starter):
    clicks = [threading.Thread(target=starter.ensure_workers) for _ in range(50)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    wait_until(lambda: not any(map(library.jobs.seats.is_free, (0, 1))), starter)
    for _ in range(100):
        starter.ensure_workers()
    assert len(workers(knobs)) == 2
    ids = submit(library, 10)
    wait_until(all_over(library))
    assert {library.jobs.get(each).state for each in ids} == {JobState.COMPLETED}
    assert len(texts(library)) == 10 * STEPS


def test_two_dashboards_start_no_more_workers_than_seats(knobs, library):
    one = knobs.model_copy(update={"workers": 1})
    with Library.open(one) as again:
        starters = [WorkerStarter(one, again.jobs.seats, HANDS) for _ in range(3)]
        for starter in starters:
            starter.ensure_workers()
        wait_until(lambda: not again.jobs.seats.is_free(0))
        submit(again, 5)
        wait_until(all_over(again))
        wait_until(lambda: len(workers(knobs)) == 1)


def test_settings_reach_the_worker(knobs, library, monkeypatch):
    code = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('CHAMADA_')}))"
    starter = WorkerStarter(knobs, library.jobs.seats, (sys.executable, "-c", code))
    starter.ensure_workers()
    log = knobs.data_dir / "worker.log"
    wait_until(lambda: log.read_bytes().count(b"\n") == 2)
    told = json.loads(log.read_text().splitlines()[0])
    assert told == as_environment(knobs)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert Settings() == knobs.model_copy(update={"data_dir": knobs.data_dir.resolve()})


def test_a_worker_that_cannot_start_is_not_started_without_end(knobs, library):
    starter = WorkerStarter(knobs, library.jobs.seats, (sys.executable, "-c", "print('dead')"))
    started = time.monotonic()
    wait_until(lambda: time.monotonic() - started > 1, starter)
    assert (knobs.data_dir / "worker.log").read_text() == "dead\n" * 2


def test_a_long_log_begins_anew(knobs, library):
    log = knobs.data_dir / "worker.log"
    log.write_bytes(b"x" * 1_000_001)
    WorkerStarter(knobs.model_copy(update={"workers": 1}), library.jobs.seats, (sys.executable, "-V")).ensure_workers()
    wait_until(lambda: log.exists() and log.read_bytes().startswith(b"Python"))
    assert (knobs.data_dir / "worker.log.1").stat().st_size == 1_000_001


def test_a_system_that_starts_no_process_says_so(knobs, library):
    with pytest.raises(ChamadaError, match="cannot be started"):
        WorkerStarter(knobs, library.jobs.seats, ("/nowhere/python",)).ensure_workers()


def test_without_workers_of_our_own_none_is_started(knobs, library):
    WorkerStarter(knobs.model_copy(update={"workers": 0}), library.jobs.seats, HANDS).ensure_workers()
    assert workers(knobs) == []


def test_a_terminated_worker_puts_its_job_back_and_another_goes_on(knobs, library, starter):
    # One that is still starting would die of the signal: nothing lost, but no polite end either.
    wait_until(lambda: not any(map(library.jobs.seats.is_free, (0, 1))), starter)
    (job_id,) = submit(library, 1, seconds=0.5)
    wait_until(lambda: library.jobs.get(job_id).state is JobState.IN_PROGRESS, starter)
    for process in workers(knobs):
        process.terminate()
        assert process.wait(10) in (0, None)
    assert (library.jobs.get(job_id).state, library.jobs.get(job_id).attempts) == (JobState.PENDING, 0)
    wait_until(all_over(library), starter)
    assert len(texts(library)) == STEPS


def test_a_killed_workers_job_is_taken_over_at_once_by_the_other(knobs, library, starter):
    wait_until(lambda: not any(map(library.jobs.seats.is_free, (0, 1))), starter)
    (job_id,) = submit(library, 1, seconds=0.3)
    wait_until(lambda: library.jobs.get(job_id).fraction > 0)
    seat = library.jobs.get(job_id).worker
    killed = time.monotonic()
    for process in workers(knobs):
        if f"seat {seat}" in said(knobs, process):
            process.kill()
    wait_until(lambda: library.jobs.get(job_id).attempts == 2)
    assert time.monotonic() - killed < 4
    wait_until(all_over(library))
    assert library.jobs.get(job_id).state is JobState.COMPLETED
    assert len(texts(library)) == STEPS


def said(knobs, process):
    log = (knobs.data_dir / "worker.log").read_text().splitlines()
    return "\n".join(line for line in log if line.startswith(f"{process.pid} "))


def test_a_job_that_kills_its_worker_three_times_fails_and_no_other_does(knobs, library, starter):
    (deadly,) = submit(library, 1, kind="die")
    others = submit(library, 6, first=1)
    wait_until(all_over(library), starter, seconds=90)
    assert library.jobs.get(deadly).state is JobState.FAILED
    assert library.jobs.get(deadly).attempts == 3
    assert "three times" in library.jobs.get(deadly).message
    assert {library.jobs.get(each).state for each in others} == {JobState.COMPLETED}


def test_a_worker_leaves_when_there_is_nothing_to_do_and_leaves_no_zombie(knobs, library):
    quick = knobs.model_copy(update={"worker_idle_s": 0})
    starter = WorkerStarter(quick, library.jobs.seats, HANDS)
    submit(library, 2)
    starter.ensure_workers()
    wait_until(all_over(library))
    wait_until(lambda: workers(knobs) == [])
    wait_until(lambda: not [each for each in psutil.Process().children() if each.status() == psutil.STATUS_ZOMBIE])


def test_signals_to_the_dashboard_do_not_reach_the_worker(knobs, library, starter):
    starter.ensure_workers()
    wait_until(lambda: len(workers(knobs)) == 2)
    assert {os.getpgid(process.pid) for process in workers(knobs)}.isdisjoint({os.getpgid(0)})
