"""Work with a deadline: its result, its errors, and its end when time is up."""

import asyncio
import threading
import time

import pytest

from core.engines.deadline import run_until
from core.errors import Canceled


async def work(seconds: float, result: str = "done") -> str:
    await asyncio.sleep(seconds)
    return result


def nothing() -> None:
    return


def soon(seconds: float = 5) -> float:
    return time.monotonic() + seconds


def test_the_result_is_given_and_the_last_tick_comes_after_it() -> None:
    ticks: list[float] = []
    assert run_until(soon(), work(0.25), lambda: ticks.append(time.monotonic())) == "done"
    assert len(ticks) >= 3


def test_an_error_of_the_work_is_raised() -> None:
    async def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run_until(soon(), fail(), nothing)


def test_time_is_up_even_where_the_work_will_not_end() -> None:
    async def stubborn() -> None:
        for _ in range(50):
            try:
                await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                continue

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        run_until(started + 0.2, stubborn(), nothing)
    assert time.monotonic() - started < 2


def test_a_thread_that_hangs_is_not_waited_for() -> None:
    hanging = threading.Event()

    async def look_up() -> None:
        await asyncio.get_running_loop().run_in_executor(None, hanging.wait)

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        run_until(started + 0.2, look_up(), nothing)
    hanging.set()
    assert time.monotonic() - started < 2


def test_a_stop_ends_the_work() -> None:
    ended = threading.Event()

    async def note_its_end() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    def stop() -> None:
        raise Canceled("Stop.")

    with pytest.raises(Canceled):
        run_until(soon(60), note_its_end(), stop)
    assert ended.is_set()
