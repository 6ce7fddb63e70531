"""The worker: a process that takes a seat and does jobs, one at a time, until it is told to stop or has none."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.domain.job import Job, JobState
from core.errors import Canceled, ChamadaError, StoreError
from core.language import N_

if TYPE_CHECKING:
    from core.store.jobs import Jobs
    from core.store.seats import Seat

log = logging.getLogger("chamada.worker")

LOOK_S = 0.1
"""How often an idle worker looks for a job, in seconds."""

SWEEP_S = 2.0
"""How often it looks for jobs whose worker is gone."""

REMEMBER = dt.timedelta(days=30)
"""How long jobs that are over are kept."""

_UNFORESEEN = N_(
    "Something went wrong that we did not foresee; nothing stored was lost. Try again. "
    "The worker's log tells more under reference {reference}."
)
_UNKNOWN = N_("This worker does not know how to do {kind}. Update Chamada, then try again.")


class JobHandle:
    """What a handler holds while it does a job: it reports, and asks whether to stop."""

    ASK_S = 0.2
    REPORT_S = 0.25

    def __init__(self, jobs: Jobs, job: Job, is_ending: Callable[[], bool]) -> None:
        self._jobs = jobs
        self._job = job
        self._is_ending = is_ending
        self._canceled = False
        self._asked = self._reported = -self.REPORT_S
        self._message = ""

    def report(self, fraction: float, message: str, **values: object) -> None:
        """Say how far the job is; cheap enough to call often.

        Args:
            fraction: share done, 0..1.
            message: gettext id of what is being done, filled in with ``values``.
        """
        now = time.monotonic()
        if message == self._message and now - self._reported < self.REPORT_S:
            return
        self._reported, self._message = now, message
        usual_s = self._job.eta_s
        eta_s = None if usual_s is None else usual_s * (1 - fraction)
        try:
            self._jobs.report(self._job.id, fraction, message, values, eta_s)
        except StoreError as error:  # a job is worth more than its progress bar
            log.warning("Job %d could not report: %s", self._job.id, error)

    def should_stop(self) -> bool:
        """Whether to raise Canceled now: the user canceled the job, or the worker must end. Cheap to call often."""
        return self._is_ending() or self.is_canceled()

    def is_canceled(self) -> bool:
        """Whether the user canceled the job."""
        now = time.monotonic()
        if not self._canceled and now - self._asked >= self.ASK_S:
            self._asked = now
            try:
                self._canceled = self._jobs.is_cancel_requested(self._job.id)
            except StoreError as error:
                log.warning("Job %d could not ask whether it is canceled: %s", self._job.id, error)
        return self._canceled


Handler = Callable[[Job, JobHandle], None]
"""Does a job; raises Canceled soon after ``should_stop`` says so. What it stored stays, and is found next time."""


def _nothing() -> None:
    return


@dataclass
class Worker:
    """Does jobs at one seat.

    Args:
        handlers: who does which kind of job.
        idle_s: how long to wait for a job before leaving; 0 leaves as soon as there is none.
        should_stop: whether the process was asked to end.
        warm_up: loads what the first job needs, while there is none yet.
    """

    jobs: Jobs
    handlers: Mapping[str, Handler]
    idle_s: float
    should_stop: Callable[[], bool] = lambda: False
    warm_up: Callable[[], None] = _nothing

    def run(self) -> None:
        """Do jobs until there is a reason to leave; at once if every seat is taken.

        Raises:
            StoreError: the library cannot be used.
        """
        while not self.should_stop():
            seat = self.jobs.seats.take_any(wait_s=1)
            if seat is None:
                log.info("Every seat is taken.")
                return
            with closing(seat):
                self._work(seat)
            # A job that came while we were leaving found the seat taken, so nobody was started for it.
            if not self.jobs.has_next():
                return

    def _work(self, seat: Seat) -> None:
        log.info("Working at seat %d.", seat.number)
        self._prepare()
        swept = -SWEEP_S
        busy = time.monotonic()
        while not self.should_stop():
            try:
                if time.monotonic() - swept >= SWEEP_S:
                    swept = time.monotonic()
                    if not seat.is_held():
                        log.warning("Seat %d was lost.", seat.number)
                        return
                    self.jobs.release_orphans(seat)
                job = self.jobs.claim(seat)
                if job is not None:
                    self._do(job)
                    busy = time.monotonic()
                    continue
            except StoreError as error:  # locked or full: it may pass
                log.warning("%s", error)
            if time.monotonic() - busy >= self.idle_s:
                return
            time.sleep(LOOK_S)

    def _prepare(self) -> None:
        try:
            self.jobs.forget(REMEMBER)
            if not self.jobs.has_next():  # a job that waits warms up as well
                self.warm_up()
        except Exception:  # the job that needs it will say so
            log.exception("Preparing failed.")

    def _do(self, job: Job) -> None:
        log.info("Job %d (%s) begins, attempt %d.", job.id, job.kind, job.attempts)
        handle = JobHandle(self.jobs, job, self.should_stop)
        try:
            self._handle(job, handle)
        except Canceled:
            if self.should_stop() and not handle.is_canceled():
                self.jobs.put_back(job.id)
                log.info("Job %d is back in the queue.", job.id)
                return
            self.jobs.finish(job.id, JobState.CANCELED)
        except ChamadaError as error:
            log.warning("Job %d failed: %s", job.id, error)
            self.jobs.finish(job.id, JobState.FAILED, error.message, error.values)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("Job %d failed. Reference %s", job.id, reference)
            self.jobs.finish(job.id, JobState.FAILED, _UNFORESEEN, {"reference": reference})
        else:
            self.jobs.finish(job.id, JobState.COMPLETED)
        log.info("Job %d is over.", job.id)

    def _handle(self, job: Job, handle: JobHandle) -> None:
        if job.kind not in self.handlers:
            raise ChamadaError(_UNKNOWN, kind=job.kind)
        self.handlers[job.kind](job, handle)
