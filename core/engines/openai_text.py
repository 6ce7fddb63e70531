"""Texts from any server that speaks OpenAI's chat completions (vLLM, llama.cpp, Ollama, TGI, OpenAI …).

Nothing a server does makes an answer take longer than the deadline, and what it answers is believed only as far as
it validates.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Generic

from core.domain.generation import Origin
from core.engines.base import OnText, T, TextOptions, TextResult
from core.engines.breaker import Breaker
from core.engines.deadline import run_until
from core.engines.grammar import bound_schema
from core.engines.json_answer import Unusable, read_answer
from core.engines.openai_request import Manner
from core.engines.partial import read_words
from core.engines.server_faults import Fault, Server, explain, refuse_model
from core.errors import EngineError
from core.prompts import Message

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from core.prompts import Prompt

VERSION = "1"
"""Raise it with any change to how a server is asked or its answer read."""

TRIES = 4
"""Requests for one answer where the server fails for a moment."""

BACK_OFF_S = 0.5
"""The pause before the second request; each further one is twice as long."""

AT_ONCE = 8
"""Prompts that are asked together."""

ASKS = 2
"""Answers that are asked for where the first is not usable."""

_AGAIN = (
    "That is not usable: {why}. Answer again with one JSON object and nothing else, complete and in the shape asked."
)


@dataclass
class Reply:
    """An answer as it comes in."""

    text: str = ""
    finish: str = ""
    prompt_tokens: int | None = None
    new_tokens: int | None = None


@dataclass
class Call(Generic[T]):
    """One prompt on its way to an answer.

    Attributes:
        manner: how the server is asked, plainer after each refusal.
        reply: what has come of the present answer.
        fault: the last one that may pass.
        is_done: the answer is there.
    """

    prompt: Prompt
    schema: type[T]
    options: TextOptions
    deadline: float
    manner: Manner
    reply: Reply = field(default_factory=Reply)
    fault: Fault | None = None
    is_done: bool = False


class OpenAIText:
    """Implements BatchTextEngine. Safe to share between threads.

    Args:
        base_url: with the version: "http://127.0.0.1:8000/v1".
        model: as the server calls it.
        api_key: "" where the server wants none.
        deadline_s: seconds an answer may take, all tries together.
    """

    def __init__(self, base_url: str, model: str, *, api_key: str = "", deadline_s: float = 120) -> None:
        self.server = Server(base_url, model, api_key.strip())
        self.deadline_s = deadline_s
        self._breaker = Breaker()
        self._manner = Manner()

    @property
    def origin(self) -> Origin:
        """The model, by its name alone: a path is the server's own business."""
        model = self.server.model
        name = PurePath(model).name if model.startswith("/") else model
        return Origin(engine="openai", model=name, digital_source_type="trainedAlgorithmicMedia")

    @property
    def fingerprint(self) -> str:
        """The sha256 hex over the server's address, the model's name and this code's version."""
        return hashlib.sha256(f"openai:{VERSION}:{self.server.base_url}:{self.server.model}".encode()).hexdigest()

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        """Answer ``prompt`` as a ``schema``.

        Raises:
            EngineError: the server cannot answer; the message says what to do. PromptTooLong where that is why.
            Canceled: ``on_text`` asked to stop.
        """
        return self._answer_together([prompt], schema, options, on_text)[0]

    def generate_many(
        self, prompts: Sequence[Prompt], schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> list[TextResult[T]]:
        """Answer ``prompts``, a few at a time: servers answer several at once nearly as fast as one.

        Raises:
            EngineError: the server cannot answer one of them.
            Canceled: ``on_text``, which gets the words of one at a time, asked to stop.
        """
        batches = [prompts[start : start + AT_ONCE] for start in range(0, len(prompts), AT_ONCE)]
        return [result for batch in batches for result in self._answer_together(batch, schema, options, on_text)]

    def _answer_together(
        self, prompts: Sequence[Prompt], schema: type[T], options: TextOptions, on_text: OnText | None
    ) -> list[TextResult[T]]:
        from core.engines import openai_client  # before the clock runs: half a second, the first time

        self._check()
        deadline = time.monotonic() + self.deadline_s
        calls = [Call(prompt, schema, options, deadline, self._manner) for prompt in prompts]

        def tick() -> None:
            if on_text:
                on_text(read_words(calls[0].reply.text))

        try:
            results = run_until(deadline, self._run(calls, openai_client.open_client(self.server)), tick)
        except TimeoutError:
            late = next(call for call in calls if not call.is_done)
            # A server that writes is well; it is only slow.
            self._breaker.note(is_well=bool(late.reply.text))
            raise self._say_late(late) from None
        except EngineError:
            self._breaker.note(is_well=all(call.fault is None for call in calls))
            raise
        self._breaker.note(is_well=True)
        return results

    def _check(self) -> None:
        if not (self.server.key.isascii() and self.server.key.isprintable()):
            raise EngineError("CHAMADA_OPENAI_API_KEY holds characters that no key has. Copy the key again.")
        if self._breaker.rest_s:
            raise EngineError(
                "The server at {address} failed {count} times in a row and is left alone for {seconds} seconds. See "
                "whether it runs, then try again.",
                address=self.server.address,
                count=self._breaker.failures,
                seconds=round(self._breaker.rest_s) or 1,
            )

    def _say_late(self, call: Call[T]) -> EngineError:
        if call.fault:
            return call.fault.error
        said = {"address": self.server.address, "seconds": f"{self.deadline_s:g}"}
        if call.reply.text:
            return EngineError(
                "{model} at {address} had not finished its answer after {seconds} seconds. Raise "
                "CHAMADA_OPENAI_DEADLINE_S, or choose a faster model.",
                model=self.server.model,
                **said,
            )
        return EngineError(
            "The server at {address} did not answer within {seconds} seconds. See whether it runs and is not too "
            "busy, or raise CHAMADA_OPENAI_DEADLINE_S.",
            **said,
        )

    # Inside the deadline

    async def _run(self, calls: Sequence[Call[T]], client: AsyncOpenAI) -> list[TextResult[T]]:
        try:
            async with client, asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._answer(call, client)) for call in calls]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _answer(self, call: Call[T], client: AsyncOpenAI) -> TextResult[T]:
        started = time.monotonic()
        messages = list(call.prompt.messages)
        schema = json.dumps(bound_schema(call.schema))
        for _ in range(ASKS):
            await self._ask(client, call, messages)
            try:
                value = read_answer(call.reply.text, call.schema)
            except Unusable as error:
                cut = call.reply.finish == "length"
                why = f"it was cut at {call.options.max_new_tokens} tokens: write less" if cut else str(error)
            else:
                call.is_done = True
                return TextResult(value, time.monotonic() - started, call.reply.prompt_tokens, call.reply.new_tokens)
            said = Message(role="assistant", content=call.reply.text[: 8 * call.options.max_new_tokens])
            messages += [said, Message(role="user", content=_AGAIN.format(why=why, schema=schema))]
        raise EngineError(
            "The answer of {model} to {name} was not usable, asked twice ({why}). Try again, or choose a model that "
            "can hold to a JSON schema.",
            model=self.server.model,
            name=call.prompt.name,
            why=why,
        )

    async def _ask(self, client: AsyncOpenAI, call: Call[T], messages: list[Message]) -> None:
        """Fill ``call.reply``; ask again while the server fails for a moment, or wants to be asked more plainly."""
        tries = 0
        while True:
            call.reply = Reply()
            try:
                await self._receive(client, call, messages)
            except Exception as error:
                fault = explain(error, self.server)
            else:
                call.fault, self._manner = None, call.manner
                return
            plainer = call.manner.plainer(fault.complaint) if fault.complaint else None
            if plainer:
                call.manner = plainer
                continue
            tries += 1
            if fault.wait_s is None:
                call.fault = None
                raise await self._name_models(client) if fault.no_model else fault.error
            call.fault = fault
            pause = max(fault.wait_s, BACK_OFF_S * 2 ** (tries - 1))
            if tries == TRIES or time.monotonic() + pause > call.deadline:
                raise fault.error
            await asyncio.sleep(pause)

    async def _name_models(self, client: AsyncOpenAI) -> EngineError:
        from core.engines.openai_client import list_models

        return refuse_model(self.server, await list_models(client))

    async def _receive(self, client: AsyncOpenAI, call: Call[T], messages: list[Message]) -> None:
        name, schema = call.schema.__name__, bound_schema(call.schema)
        request = call.manner.write(self.server.model, messages, name, schema, call.options)
        create: Any = client.chat.completions.with_streaming_response.create
        async with create(**request) as response:
            kind = response.headers.get("content-type", "")
            if "html" in kind:
                raise EngineError(
                    "At {address} is a web page, not a chat. Correct CHAMADA_OPENAI_BASE_URL: it usually ends in /v1.",
                    address=self.server.address,
                )
            if "json" in kind:  # a server that does not stream
                _take(call.reply, await response.json())
                return
            async for chunk in await response.parse():
                _take(call.reply, chunk.model_dump(warnings=False))


def _take(reply: Reply, data: Any) -> None:
    """Add a whole answer, or the next piece of one, to ``reply``."""
    for choice in (data["choices"] or ())[:1]:
        said = choice.get("delta") or choice.get("message") or {}
        text, finish = said.get("content"), choice.get("finish_reason")
        reply.text += text if isinstance(text, str) else ""
        reply.finish = finish or reply.finish
        if said.get("refusal") or finish == "content_filter":
            raise EngineError("The model declines to write this. Change the brief's words, or choose another model.")
    used = data.get("usage") or {}
    reply.prompt_tokens = used.get("prompt_tokens") or reply.prompt_tokens
    reply.new_tokens = used.get("completion_tokens") or reply.new_tokens
