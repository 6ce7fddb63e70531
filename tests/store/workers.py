"""What other processes do to a library in the tests; each function runs in a process of its own."""

import time
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import text

from core.domain.generation import Step
from core.domain.job import NewJob
from core.settings import Settings
from core.store.database import Database
from core.store.library import Library
from tests.show import EPISODES, INFO
from tests.store.rows import episode, new_campaign, save_picture, summary

# Children of a server that has the library loaded already start in milliseconds, and share nothing with the test.
processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.store.workers"])


def add_up(folder: Path, times: int) -> None:
    """Read, add one, write back, through the one helper."""
    database = Database(Settings(data_dir=folder))
    for _ in range(times):
        with database.write() as connection:
            value = connection.execute(text("SELECT value FROM counter")).scalar_one()
            connection.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})
    database.close()


def open_and_import(folder: Path, ready, results) -> None:
    """Open a library that does not exist yet, at the same moment as others, and import."""
    ready.wait()
    with Library.open(Settings(data_dir=folder)) as library:
        results.put(library.import_episodes(INFO, EPISODES).added)


def save_the_same(folder: Path, ready, results) -> None:
    """Save 20 keys that the others save too; puts the ids and versions that came back."""
    with Library.open(Settings(data_dir=folder)) as library:
        ready.wait()
        saved = [library.save_generation(summary(1, f"same {number}", "x")) for number in range(20)]
        picture = save_picture(library, episode(1), Step.ILLUSTRATION, 7)
        results.put(([(row.id, row.version) for row in saved], picture))


def save_until_killed(folder: Path, life: int, told) -> None:
    """Save summaries and pictures without end; tells each key once it is stored."""
    library = Library.open(Settings(data_dir=folder))
    number = 0
    while True:
        number += 1
        library.save_generation(summary(1 + number % 4, f"{life} {number}", f"Resumo {life} {number}"))
        told.send_bytes(f"{life} {number}".encode())
        save_picture(library, episode(1 + number % 4), Step.ILLUSTRATION, 1000 * life + number)
        told.send_bytes(f"picture {1000 * life + number}".encode())


def create_until_killed(folder: Path, life: int, told) -> None:
    """Create campaigns with their jobs without end; tells the ids of both once they are stored."""
    library = Library.open(Settings(data_dir=folder))
    number = 0
    while True:
        number += 1
        job = NewJob(kind="campaign", token=f"{life} {number}")
        told.send_bytes("{} {}".format(*library.campaigns.create(new_campaign(), job, 100_000)).encode())


def submit_the_same(folder: Path, ready, results) -> None:
    """Submit one token 50 times, at the same moment as others."""
    with Library.open(Settings(data_dir=folder)) as library:
        ready.wait()
        results.put([library.jobs.submit(NewJob(kind="sum", token="same"), 1).id for _ in range(50)])


def claim_all(folder: Path, number: int, ready, results) -> None:
    """Claim at a seat until there is nothing left; puts the ids."""
    with Library.open(Settings(data_dir=folder)) as library, closing(library.jobs.seats.take(number)) as seat:
        ready.wait()
        results.put([job.id for job in iter(lambda: library.jobs.claim(seat), None)])


def sit(folder: Path, tell) -> None:
    """Take any seat and keep it; tells its number."""
    with Library.open(Settings(data_dir=folder)) as library, closing(library.jobs.seats.take_any(wait_s=5)) as seat:
        tell.send(seat.number)
        time.sleep(60)
