"""What is in the device's memory, and what it cost to bring it there."""

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
