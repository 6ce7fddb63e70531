"""Work in the queue: one row a job, done by the worker."""

import datetime as dt
from enum import StrEnum
from typing import Any

from pydantic import Field

from core.domain.frozen import Frozen


class JobState(StrEnum):
    """Where a job is; each maps one to one to a state of Celery's."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in (JobState.COMPLETED, JobState.FAILED, JobState.CANCELED)


class NewJob(Frozen):
    """A job on its way into the queue.

    Attributes:
        kind: which handler does it: ``campaign`` or ``prepare``.
        token: two jobs of one token are never pending or in progress at once: a double click is one job.
        campaign_id: the campaign it fills, for kind ``campaign``.
    """

    kind: str = Field(max_length=40)
    token: str = Field(max_length=64)
    payload: dict[str, Any] = Field(default_factory=dict)
    campaign_id: int | None = None


class Job(NewJob):
    """A job as stored.

    Attributes:
        attempts: how often a worker began it; at most 3.
        fraction: share done, 0..1.
        message: gettext id of what it is doing, or of its error once it failed; filled in with ``values``,
            whose numbers stay numbers because a message may say ``{seconds:g}``; ``words`` among them is what a
            model has written so far, ``preview`` its picture so far, as base64 of a WebP.
        eta_s: seconds left, from past runs; None where unknown.
        ahead: how many jobs are before it in the queue; 0 once it has begun.
        worker: the seat of the worker that does it.
    """

    id: int
    state: JobState
    attempts: int = 0
    fraction: float = 0.0
    message: str = ""
    values: dict[str, str | int | float] = Field(default_factory=dict)
    eta_s: float | None = None
    ahead: int = 0
    cancel_requested: bool = False
    worker: str = ""
    created_at: dt.datetime
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
