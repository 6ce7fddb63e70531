"""What several threads ask at once, answered as one batch: chains go on asking one thing after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from core.engines.base import BatchTextEngine, OnText, T, TextEngine, TextOptions, TextResult, WatchedText, Wrapping
from core.errors import EngineError
from core.prompts import Prompt

V = TypeVar("V")


@dataclass
class _Request:
    prompt: Prompt
    schema: type[Any]
    options: TextOptions
    on_text: OnText | None
    answer: TextResult[Any] | BaseException | None = None


class GatheredText(Wrapping):
    """Implements TextEngine over one that answers in batches; outside ``gather`` it answers at once."""

    def __init__(self, engine: BatchTextEngine) -> None:
        self.engine = engine
        self._running = 0
        self._threads: set[threading.Thread] = set()
        self._waiting: list[_Request] = []
        self._changed = threading.Condition()

    def gather(self, work: Sequence[Callable[[], None]]) -> None:
        """Run each of ``work``, which must raise nothing, in a thread of its own; what they ask goes off together.

        A batch starts when every thread that is still running waits for an answer. A thread may gather in its turn:
        those it starts then run in its place.
        """
        inside = threading.current_thread() in self._threads
        left = len(work)

        def run(each: Callable[[], None]) -> None:
            nonlocal left
            try:
                each()
            finally:
                with self._changed:
                    left -= 1
                    self._running -= bool(left) or not inside  # the last gives its place back to who gathers
                    self._changed.notify_all()

        threads = [threading.Thread(target=run, args=(each,)) for each in work]
        with self._changed:
            self._threads.update(threads)
            self._running += len(threads) - bool(inside and threads)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._threads.difference_update(threads)

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        """The engine's answer, in a batch with those that other threads of ``gather`` wait for."""
        request = _Request(prompt, schema, options, on_text)
        with self._changed:
            self._waiting.append(request)
            self._changed.notify_all()
            while request.answer is None:
                if len(self._waiting) >= self._running:  # the last to come answers for all
                    batch, self._waiting = self._waiting, []
                    self._answer(batch)
                    self._changed.notify_all()
                else:
                    self._changed.wait()
        if isinstance(request.answer, BaseException):
            raise request.answer
        return request.answer

    def _answer(self, batch: list[_Request]) -> None:
        alike: dict[tuple[type[Any], str], list[_Request]] = {}
        for request in batch:
            alike.setdefault((request.schema, request.options.model_dump_json()), []).append(request)
        for group in alike.values():
            try:
                self._answer_together(group)
            except EngineError:  # one of them is too much for the model: the others shall not fail with it
                for request in group:
                    self._answer_alone(request)
            except BaseException as error:
                for request in group:
                    request.answer = error

    def _answer_together(self, group: list[_Request]) -> None:
        first = group[0]
        prompts = [request.prompt for request in group]
        results = self.engine.generate_many(prompts, first.schema, first.options, first.on_text)
        for request, result in zip(group, results, strict=True):
            request.answer = result

    def _answer_alone(self, request: _Request) -> None:
        try:
            request.answer = self.engine.generate(request.prompt, request.schema, request.options, request.on_text)
        except BaseException as error:
            request.answer = error


def ask_together(engine: TextEngine, asking: Sequence[Callable[[], V]]) -> list[V]:
    """What each of ``asking``, which ask ``engine``, gives: one batch where the engine gathers, else one by one.

    Raises:
        BaseException: what one of them raised, when all have ended.
    """
    inner = engine.engine if isinstance(engine, WatchedText) else engine
    if not isinstance(inner, GatheredText):
        return [each() for each in asking]
    found: dict[int, V] = {}
    errors: list[BaseException] = []

    def work(number: int, each: Callable[[], V]) -> None:
        try:
            found[number] = each()
        except BaseException as error:
            errors.append(error)

    inner.gather([partial(work, number, each) for number, each in enumerate(asking)])
    if errors:
        raise errors[0]
    return [found[number] for number in range(len(asking))]
