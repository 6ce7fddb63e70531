"""What is given up, in which order, so that a picture is finished where memory runs short."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from core.language import N_


class Phase(StrEnum):
    """What a picture goes through, in order."""

    ENCODE = "encode"
    BASE = "base"
    REFINE = "refine"
    DECODE = "decode"


class Rung(StrEnum):
    """One thing to give up: other models' room, speed in the VAE, the refiner, the trained size."""

    FREED = "freed"
    TILED = "tiled"
    UNREFINED = "unrefined"
    SMALLER = "smaller"


RUNGS: dict[Phase, tuple[Rung, ...]] = {
    Phase.ENCODE: (Rung.FREED,),
    Phase.BASE: (Rung.FREED, Rung.SMALLER),
    Phase.REFINE: (Rung.FREED, Rung.UNREFINED, Rung.SMALLER),
    Phase.DECODE: (Rung.FREED, Rung.TILED, Rung.SMALLER),
}
"""What may help in each phase, the cheapest first."""

NOTES = {
    Rung.UNREFINED: N_("Memory ran short: the picture was finished without the refiner."),
    Rung.SMALLER: N_("Memory ran short: the picture was painted smaller and enlarged."),
}
"""What the user should know of; the other rungs leave the picture as it would have been."""


def next_rung(phase: Phase, taken: Collection[tuple[Phase, Rung]]) -> Rung | None:
    """What to give up now that memory ran out in ``phase``; None where nothing is left.

    Room is made once a phase, for each brings its own models; the rest is given up once.
    """
    given_up = {rung for at, rung in taken if at is phase or rung is not Rung.FREED}
    return next((rung for rung in RUNGS[phase] if rung not in given_up), None)
