"""A worker process for the tests: ``python -m tests.jobs.hands`` works on the library of the settings.

Its jobs of kind ``chain`` store steps as a campaign's do: each once, by its key, so that a job begun again goes on.
"""

import logging
import os
import signal
import sys
import time

from core.domain.generation import Step
from core.domain.job import Job
from core.errors import Canceled
from core.jobs.worker import JobHandle, Worker
from core.settings import settings
from core.store.library import Library
from tests.store.rows import episode, finished, save_picture

STEPS = 4
"""Texts that a chain stores before its picture."""

stop = False


def catch(*_: object) -> None:
    global stop
    stop = True


def chain_key(job: Job, step: int) -> str:
    return f"{job.token} {step}"


def do_chain(library: Library, job: Job, handle: JobHandle) -> None:
    """Store a few texts and a picture about an episode of the test show."""
    subject = episode(1 + job.id % 4)
    for step in range(STEPS):
        if handle.should_stop():
            raise Canceled("Stopped.")
        handle.report(step / STEPS, "Step {n}", n=step)
        time.sleep(job.payload.get("seconds", 0.005))
        output = {"language": "pt", "text": f"{job.token} {step}"}
        library.save_generation(finished(subject, Step.SUMMARY, chain_key(job, step), output=output))
    save_picture(library, subject, Step.ILLUSTRATION, int(job.token))


def die(library: Library, job: Job, handle: JobHandle) -> None:
    """Kill the worker, as running out of memory does."""
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, catch)
    logging.basicConfig(level=logging.INFO, format="%(process)d %(message)s")
    with Library.open(settings()) as library:
        handlers = {
            "chain": lambda job, handle: do_chain(library, job, handle),
            "die": lambda job, handle: die(library, job, handle),
        }
        Worker(library.jobs, handlers, settings().worker_idle_s, lambda: stop).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
