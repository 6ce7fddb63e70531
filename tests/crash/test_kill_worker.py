"""kill -9 at random points of workers that make campaigns: none is lost, no step is there twice."""

import datetime as dt
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import psutil
import pytest

from core.domain.campaign import Brief
from core.domain.gallery import CampaignFilter
from core.domain.generation import Step
from core.domain.job import JobState
from core.jobs.process import as_environment
from core.settings import ROOT
from core.studio import Studio

KILLS = int(os.environ.get("CHAMADA_TEST_WORKER_KILLS", "50"))
STEPS = (Step.COPY, Step.CONCEPT, Step.IMAGE_PROMPT, Step.PICTURE, Step.COMPOSITION)
WAITING = 6
"""Campaigns in the queue: every kill finds work going on."""


def brief(number):
    return Brief(topic=f"Bolo de fubá número {number}, assado em forno a lenha", width=320, height=320)


@pytest.fixture
def busy(small):
    """A studio whose workers are processes of their own, gone with the test."""
    studio = Studio.open(small.model_copy(update={"lock_timeout_s": 30}))
    yield studio
    studio.close()
    for process in find_workers(studio):
        process.kill()
        process.wait()


def find_workers(studio):
    folder = str(studio.settings.data_dir.resolve())
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("CHAMADA_DATA_DIR") == folder and "worker" in process.cmdline():
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return found


def stored(studio):
    """Every generation's key with its sha256; read past the program."""
    with sqlite3.connect(studio.settings.data_dir / "chamada.sqlite3") as database:
        rows = database.execute("select key, sha256, campaign_id, step from generation").fetchall()
    assert len({row[0] for row in rows}) == len({row[2:] for row in rows}) == len(rows), "a step is there twice"
    return set(row[:2] for row in rows) if rows else set()


def wait_until(studio, condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "took too long"
        studio.desk.call_worker()  # as a page that polls does
        time.sleep(0.005)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_kills_lose_no_campaign_and_make_no_step_twice(busy):
    desk, rng = busy.desk, random.Random(3)
    tickets, retried, known, killed = [], 0, set(), dt.datetime.now(dt.UTC)
    for _ in range(KILLS):
        while len(desk.queue()) < WAITING:
            tickets.append(desk.submit(brief(len(tickets)), token=f"click {len(tickets)}"))
        last = killed
        wait_until(busy, lambda: any(job.started_at and job.started_at > last for job in desk.queue()))  # noqa: B023
        time.sleep(rng.uniform(0, 0.7))
        for process in rng.sample(running := find_workers(busy), k=min(len(running), rng.choice((1, 1, 2)))):
            process.kill()
            process.wait()
        killed = dt.datetime.now(dt.UTC)
        now = stored(busy)
        assert known <= now, "a stored step was lost or changed"
        known = now
    while True:
        wait_until(busy, lambda: desk.queue() == [])
        failed = [each for each in tickets if desk.job(each.campaign_id).state is JobState.FAILED]
        if not failed:
            break
        for each in failed:  # three of the kills hit the same campaign: its user tries again
            assert desk.job(each.campaign_id).attempts == 3
            desk.retry(each.campaign_id)
            retried += 1
    assert busy.verify() == []
    assert desk.count(CampaignFilter()) == len(tickets)
    for number, ticket in enumerate(tickets):
        detail = desk.get(ticket.campaign_id)
        assert detail.brief.topic == brief(number).topic
        assert detail.view.finished_at is not None
        assert {row.step: row.version for row in detail.generations} == dict.fromkeys(STEPS, 1)
        assert len(detail.generations) == len(STEPS)
    print(f"{KILLS} kills, {len(tickets)} campaigns, {retried} tried again")


def meet_fate(studio, fate, at):
    command = [sys.executable, "-m", "tests.crash.mortal", fate, str(at)]
    environment = {**os.environ, **as_environment(studio.settings)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def alone(small):
    """A studio that starts no worker."""
    studio = Studio.open(small.model_copy(update={"workers": 0}))
    yield studio
    studio.close()


@pytest.mark.slow
@pytest.mark.parametrize("at", range(len(STEPS) + 1))
def test_after_a_death_at_a_step_the_next_worker_goes_on_from_there(alone, at):
    ticket = alone.desk.submit(brief(at))
    assert meet_fate(alone, "killed", at).returncode == -signal.SIGKILL
    before = stored(alone)
    assert len(before) == min(at, len(STEPS))
    assert alone.desk.job(ticket.campaign_id).state is JobState.IN_PROGRESS
    alone.work(idle_s=0)
    assert (alone.desk.job(ticket.campaign_id).state, alone.desk.job(ticket.campaign_id).attempts) == ("completed", 2)
    assert before <= stored(alone)
    assert len(alone.desk.get(ticket.campaign_id).generations) == len(STEPS)
    assert alone.verify() == []


@pytest.mark.slow
def test_a_disk_that_fills_up_fails_the_job_by_name_and_a_retry_goes_on(alone):
    large = brief(1).model_copy(update={"width": 1080, "height": 1350})
    ticket = alone.desk.submit(large)
    done = meet_fate(alone, "full", STEPS.index(Step.PICTURE))
    assert done.returncode == 0, done.stderr
    job = alone.desk.job(ticket.campaign_id)
    assert job.state is JobState.FAILED
    assert "full" in job.message
    assert len(stored(alone)) == STEPS.index(Step.PICTURE)
    alone.desk.retry(ticket.campaign_id)
    alone.work(idle_s=0)
    assert alone.desk.job(ticket.campaign_id).state is JobState.COMPLETED
    assert len(alone.desk.get(ticket.campaign_id).generations) == len(STEPS)
    assert alone.verify() == []
