"""What is in the device's memory, and what it cost to bring it there."""

import datetime as dt

from pydantic import Field

from core.domain.frozen import Frozen


class ResidencyReport(Frozen):
    """What a process has done with the device's memory since it began.

    Attributes:
        device: the device's name, or ``cpu``.
        budget_bytes: what models and their work may take there; None for no limit.
        loads: how often each part was read from disk.
        moves: how often each part went to host memory or came back from it.
        peak_bytes: the most that was taken at once.
        resident: the parts on the device now.
    """

    device: str = "cpu"
    budget_bytes: int | None = None
    loads: dict[str, int] = Field(default_factory=dict)
    moves: dict[str, int] = Field(default_factory=dict)
    peak_bytes: int = 0
    resident: tuple[str, ...] = ()


class WorkerReport(Frozen):
    """What a worker says of itself after each job, and now and then during a long one.

    Attributes:
        profile: which engines it has.
        residency: None where no model runs in it.
    """

    profile: str
    residency: ResidencyReport | None = None


class WorkerView(Frozen):
    """A worker's seat.

    Attributes:
        number: the seat's; Job.worker names it.
        is_taken: whether a worker is there now.
        report: what the last worker there said; None if none ever did a job.
        updated_at: when it said so.
    """

    number: int
    is_taken: bool
    report: WorkerReport | None = None
    updated_at: dt.datetime | None = None
