"""The queue: jobs in and out, one short transaction each. A state of now, so the ledger leaves it out."""

from __future__ import annotations

import datetime as dt
import secrets
import statistics
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from core.domain.job import Job, JobState, NewJob
from core.errors import NotFound, QueueFull
from core.language import N_
from core.store.database import Database
from core.store.ledger import find_table
from core.store.schema import JobRow
from core.store.seats import Seat, Seats

MOST_ATTEMPTS = 3
"""How often a job is begun before it is given up: it may be what kills its worker."""

PAST_RUNS = 20
"""How many runs tell how long the next one takes."""

_PENDING, _IN_PROGRESS = JobState.PENDING.value, JobState.IN_PROGRESS.value

_GIVEN_UP = N_(
    "The worker stopped in the middle of this three times, so it was given up. Try again, or ask for something smaller."
)

Rows = Select[*tuple[Any, ...]]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _active() -> ColumnElement[bool]:
    return JobRow.state.in_((_PENDING, _IN_PROGRESS))


@cache  # building it costs more than running it
def _select_jobs() -> Rows:
    earlier = aliased(JobRow)
    ahead = select(func.count(earlier.id)).where(earlier.state == _PENDING, earlier.id < JobRow.id).scalar_subquery()
    return select(find_table(JobRow), case((JobRow.state == _PENDING, ahead), else_=0).label("ahead"))


@cache
def _select_next() -> Select[int]:
    # Two jobs of one campaign would make the same steps twice: the second waits.
    other = aliased(JobRow)
    busy = select(other.id).where(other.state == _IN_PROGRESS, other.campaign_id == JobRow.campaign_id).exists()
    return select(JobRow.id).where(JobRow.state == _PENDING, ~busy).order_by(JobRow.id).limit(1)


def find_active(connection: Connection, token: str) -> Job | None:
    """The job of this token that is pending or in progress."""
    row = connection.execute(_select_jobs().where(JobRow.token == token, _active())).mappings().first()
    return None if row is None else Job(**row)


def insert_job(connection: Connection, new: NewJob, queue_size: int) -> int:
    """Put a job whose token has no active job at the end of the queue; gives its id. No token: one of its own.

    Raises:
        QueueFull: ``queue_size`` jobs are waiting already.
    """
    waiting = connection.execute(select(func.count(JobRow.id)).where(JobRow.state == _PENDING)).scalar_one()
    if waiting >= queue_size:
        raise QueueFull(
            "The queue is full: {count} jobs are waiting. Try again when some are done, or cancel one.",
            count=waiting,
        )
    row = dict(new) | {
        "token": new.token or secrets.token_hex(16),
        "state": _PENDING,
        "attempts": 0,
        "fraction": 0.0,
        "message": "",
        "values": {},
        "eta_s": _usual_seconds(connection, new.kind),
        "cancel_requested": False,
        "worker": "",
        "created_at": _now(),
    }
    return int(connection.execute(insert(find_table(JobRow)).returning(JobRow.id), row).scalar_one())


def _usual_seconds(connection: Connection, kind: str) -> float | None:
    done = (JobRow.kind == kind) & (JobRow.state == JobState.COMPLETED.value)
    query = select(JobRow.started_at, JobRow.finished_at).where(done).order_by(JobRow.id.desc()).limit(PAST_RUNS)
    times = [(end - start).total_seconds() for start, end in connection.execute(query) if start and end]
    return statistics.median(times) if times else None


class Jobs:
    """The queue of a library, safe to use from many threads and processes.

    Attributes:
        seats: a worker holds one while it works; what is in progress at a seat nobody holds is an orphan.
    """

    def __init__(self, database: Database, seats: int) -> None:
        self._database = database
        self.seats = Seats(database, seats)

    # For those who want something done

    def submit(self, new: NewJob, queue_size: int) -> Job:
        """Put a job into the queue; the job of the same token that is active already instead of a second one.

        Raises:
            QueueFull: ``queue_size`` jobs are waiting already.
        """
        with self._database.write() as connection:
            active = find_active(connection, new.token)
            job_id = active.id if active else insert_job(connection, new, queue_size)
        return self.get(job_id)

    def get(self, job_id: int) -> Job:
        """One job.

        Raises:
            NotFound: there is none; jobs done long ago are forgotten.
        """
        found = self._list(_select_jobs().where(JobRow.id == job_id))
        if not found:
            raise NotFound("There is no job {id} any more. Reload the page.", id=job_id)
        return found[0]

    def of_campaign(self, campaign_id: int) -> Job | None:
        """The newest job of a campaign."""
        query = _select_jobs().where(JobRow.campaign_id == campaign_id).order_by(JobRow.id.desc()).limit(1)
        return next(iter(self._list(query)), None)

    def of_token(self, token: str) -> Job | None:
        """The newest job of a token."""
        query = _select_jobs().where(JobRow.token == token).order_by(JobRow.id.desc()).limit(1)
        return next(iter(self._list(query)), None)

    def active(self) -> list[Job]:
        """What is in progress or pending, oldest first."""
        return self._list(_select_jobs().where(_active()).order_by(JobRow.id))

    def _list(self, query: Rows) -> list[Job]:
        with self._database.read() as connection:
            return [self._expect(Job(**row)) for row in connection.execute(query).mappings()]

    def _expect(self, job: Job) -> Job:
        # While it is pending, eta_s is what the job itself takes.
        if job.state is not JobState.PENDING or job.eta_s is None:
            return job
        return job.model_copy(update={"eta_s": job.eta_s * (1 + job.ahead // self.seats.count)})

    def request_cancel(self, job_id: int) -> None:
        """Cancel a job: a pending one at once, one in progress within its step; one that is over stays as it is."""
        ended = {"state": JobState.CANCELED.value, "finished_at": _now()}
        with self._database.write() as connection:
            self._change(connection, job_id, _IN_PROGRESS, {"cancel_requested": True})
            self._change(connection, job_id, _PENDING, ended)

    # For the worker

    def claim(self, seat: Seat) -> Job | None:
        """Begin the oldest pending job; None if there is none."""
        if not self.has_next():  # seldom is there one, and looking keeps nobody waiting
            return None
        with self._database.write() as connection:
            job_id = connection.execute(_select_next()).scalar()
            if job_id is None:
                return None
            begun = {"state": _IN_PROGRESS, "worker": str(seat.number), "started_at": _now()}
            self._change(connection, job_id, _PENDING, begun | {"attempts": JobRow.attempts + 1})
        return self.get(job_id)

    def has_next(self) -> bool:
        """Whether there is a job to begin."""
        with self._database.read() as connection:
            return connection.execute(_select_next()).scalar() is not None

    def report(
        self, job_id: int, fraction: float, message: str, values: Mapping[str, object], eta_s: float | None
    ) -> None:
        """Say how far a job is."""
        doing = {"fraction": fraction, "message": message, "values": _keep(values), "eta_s": eta_s}
        with self._database.write() as connection:
            self._change(connection, job_id, _IN_PROGRESS, doing)

    def is_cancel_requested(self, job_id: int) -> bool:
        """Whether the user asked to stop this job."""
        with self._database.read() as connection:
            return bool(connection.execute(select(JobRow.cancel_requested).where(JobRow.id == job_id)).scalar())

    def finish(
        self, job_id: int, state: JobState, message: str = "", values: Mapping[str, object] | None = None
    ) -> None:
        """End a job in progress; with ``message``, what went wrong."""
        ended: dict[str, Any] = {"state": state.value, "finished_at": _now(), "eta_s": None}
        ended |= {"message": message, "values": _keep(values or {})}
        if state is JobState.COMPLETED:
            ended["fraction"] = 1.0
        with self._database.write() as connection:
            self._change(connection, job_id, _IN_PROGRESS, ended)

    def put_back(self, job_id: int) -> None:
        """Undo a claim: the worker was told to stop. The attempt does not count."""
        with self._database.write() as connection:
            self._change(connection, job_id, _IN_PROGRESS, {"attempts": JobRow.attempts - 1})
            _release(connection, JobRow.id == job_id)

    def release_orphans(self, mine: Seat) -> int:
        """Take jobs back from workers that are gone; gives how many. Call it while doing none.

        They are pending again, in their old order; or canceled, if that was asked for; or failed, at the third time.
        """
        with self._database.read() as connection:
            query = select(JobRow.worker).where(JobRow.state == _IN_PROGRESS).distinct()
            numbers = [int(worker) for worker in connection.execute(query).scalars()]
        return sum(self._release_seat(number, mine) for number in numbers)

    def _release_seat(self, number: int, mine: Seat) -> int:
        # The seat is held meanwhile: a worker that takes it must not have its new job taken away.
        seat = mine if number == mine.number else self.seats.take(number)
        if seat is None:
            return 0
        try:
            with self._database.write() as connection:
                return _release(connection, JobRow.worker == str(number))
        finally:
            if seat is not mine:
                seat.close()

    def forget(self, older_than: dt.timedelta) -> None:
        """Remove jobs that were over so long ago."""
        old = JobRow.finished_at < _now() - older_than
        with self._database.write() as connection:
            connection.execute(delete(find_table(JobRow)).where(old))

    def _change(self, connection: Connection, job_id: int, state: str, values: Mapping[str, Any]) -> None:
        where = (JobRow.id == job_id, JobRow.state == state)
        connection.execute(update(find_table(JobRow)).where(*where).values(dict(values)))


def _release(connection: Connection, where: ColumnElement[bool]) -> int:
    table = find_table(JobRow)
    held = where & (JobRow.state == _IN_PROGRESS)
    canceled = {"state": JobState.CANCELED.value, "finished_at": _now(), "eta_s": None}
    failed = {"state": JobState.FAILED.value, "finished_at": _now(), "eta_s": None, "message": _GIVEN_UP, "values": {}}
    pending: dict[str, Any] = {
        "state": _PENDING,
        "worker": "",
        "started_at": None,
        "fraction": 0.0,
        "message": "",
        "values": {},
    }
    count = 0
    for which, values in (
        (JobRow.cancel_requested, canceled),
        (JobRow.attempts >= MOST_ATTEMPTS, failed),
        (JobRow.id.is_not(None), pending),
    ):
        count += connection.execute(update(table).where(held, which).values(values)).rowcount
    return count


def _keep(values: Mapping[str, object]) -> dict[str, str | int | float]:
    """Values as JSON can hold them; numbers stay numbers for messages that format them."""
    return {
        name: value if isinstance(value, int | float) else str(value).encode("utf-8", "replace").decode()
        for name, value in values.items()
    }
