"""Two ways, measured in turns: the ratio says which is faster, and by how much."""

import time
from collections.abc import Callable

from bench.measure import compare


def spend(seconds: float, order: list[float]) -> Callable[[], float]:
    def work() -> float:
        order.append(seconds)
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
        return 2

    return work


def test_the_ratio_is_of_processor_time_for_each_piece_of_work():
    order: list[float] = []
    found = compare(spend(0.06, order), spend(0.02, order), 3)
    assert 2.5 < found.low <= found.ratio <= found.high < 3.5
    assert 30 <= found.slow_ms < 36
    assert 10 <= found.fast_ms < 12


def test_each_way_comes_first_in_every_other_round():
    order: list[float] = []
    compare(spend(0.002, order), spend(0.001, order), 2)
    assert order == [0.001, 0.002, 0.002, 0.001]
