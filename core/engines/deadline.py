"""Work on the network of which nothing can outlast its deadline: names that do not resolve, servers that drip."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

V = TypeVar("V")

TICK_S = 0.1
"""How often the caller hears that the work goes on, and may stop it."""

GRACE_S = 0.2
"""How long work that was stopped may take to let go of its connection."""


def run_until(deadline: float, work: Coroutine[Any, Any, V], on_tick: Callable[[], None]) -> V:
    """The result of ``work``, which runs in this thread.

    Args:
        deadline: by ``time.monotonic()``.
        on_tick: called each ``TICK_S`` and once at the end; what it raises stops the work.

    Raises:
        TimeoutError: the deadline came first.
    """
    # Not asyncio.run: at its end it waits for threads, and one may be waiting for a name server.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_watch(work, deadline, on_tick))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _watch(work: Coroutine[Any, Any, V], deadline: float, on_tick: Callable[[], None]) -> V:
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            await asyncio.wait({task}, timeout=min(left, TICK_S))
            on_tick()
        return task.result()
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=GRACE_S)
        if task.done() and not task.cancelled():
            task.exception()  # seen, so that asyncio does not log it
