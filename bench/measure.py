"""Two ways of doing the same thing, measured in turns, so that what else the machine does falls on both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], float]
"""Does it once and gives how much it was: tokens, answers, pictures."""


@dataclass(frozen=True)
class Comparison:
    """How many times faster the second way is.

    Attributes:
        ratio: the median of the rounds, by processor time: on a shared machine what others run slows the clock alone.
        low: the least ratio of a round.
        high: the greatest.
        by_clock: the median by wall-clock time.
        slow_ms: the first way's processor time for one piece of work, the median.
        fast_ms: the second way's.
    """

    ratio: float
    low: float
    high: float
    by_clock: float
    slow_ms: float
    fast_ms: float


def compare(slow: Work, fast: Work, rounds: int) -> Comparison:
    """Measure both ``rounds`` times, each first in every other round.

    Run torch with one thread: then processor time is what it would take on a machine that does nothing else.
    """
    times: dict[Work, list[tuple[float, float]]] = {slow: [], fast: []}
    for number in range(rounds):
        for work in (slow, fast) if number % 2 else (fast, slow):
            processor, clock = time.process_time(), time.perf_counter()
            amount = work()
            times[work].append(((time.process_time() - processor) / amount, (time.perf_counter() - clock) / amount))
    pairs = list(zip(times[slow], times[fast], strict=True))
    ratios = [first[0] / second[0] for first, second in pairs]
    return Comparison(
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        by_clock=statistics.median(first[1] / second[1] for first, second in pairs),
        slow_ms=1000 * statistics.median(first[0] for first, _ in pairs),
        fast_ms=1000 * statistics.median(second[0] for _, second in pairs),
    )
