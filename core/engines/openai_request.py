"""A prompt as a request that OpenAI-compatible servers understand; each understands a little less than the next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.engines.base import TextOptions
from core.prompts import Message

SHAPES = ("json_schema", "json_object", "words")
"""How an answer's shape is asked for: by a schema the server holds to, as any JSON object, or in words alone."""

DISPENSABLE = (
    "maxLength",
    "repetition_penalty",
    "repeat_penalty",
    "stream_options",
    "seed",
    "top_p",
    "temperature",
    "max_tokens",
)
"""What some servers refuse, under the names their refusals use."""


@dataclass(frozen=True)
class Manner:
    """How one server wants to be asked; learnt from its refusals.

    Attributes:
        shape: an index into ``SHAPES``.
        without: names of ``DISPENSABLE`` it does not take.
    """

    shape: int = 0
    without: frozenset[str] = frozenset()

    def plainer(self, complaint: str) -> Manner | None:
        """The manner to try after ``complaint``; None where nothing is left to leave out."""
        named = {name for name in DISPENSABLE if name in complaint} - self.without
        if named:
            return replace(self, without=self.without | named)
        return replace(self, shape=self.shape + 1) if self.shape + 1 < len(SHAPES) else None

    def write(
        self, model: str, messages: Sequence[Message], name: str, schema: dict[str, Any], options: TextOptions
    ) -> dict[str, Any]:
        """The arguments of ``chat.completions.create``.

        Args:
            name: of the answer's type.
            schema: of the answer, every string bounded.
        """
        shape = SHAPES[self.shape]
        # Counting makes llama.cpp's grammars too large: it refuses some, and dies of others.
        if "maxLength" in self.without or shape == "json_object":
            schema = _uncounted(schema)
        said = [message.model_dump() for message in messages]
        request: dict[str, Any] = {"model": model, "messages": said, "stream": True}
        if shape == "json_schema":
            form = {"name": name, "schema": schema, "strict": True}
            request["response_format"] = {"type": "json_schema", "json_schema": form}
        else:
            words = json.dumps(schema, ensure_ascii=False)
            said[0]["content"] += f"\nAnswer with one JSON object and nothing else. It follows this schema: {words}"
        if shape == "json_object":  # llama-cpp-python takes the schema here
            request["response_format"] = {"type": "json_object", "schema": schema}
        return request | self._decoding(options)

    def _decoding(self, options: TextOptions) -> dict[str, Any]:
        wanted = {
            "max_tokens": options.max_new_tokens,
            "temperature": options.temperature,
            "top_p": options.top_p,
            "seed": options.seed % 2**31,
            "stream_options": {"include_usage": True},
        }
        # Two names for one thing: vLLM's and llama.cpp's. OpenAI has none.
        penalties = dict.fromkeys(("repetition_penalty", "repeat_penalty"), options.repetition_penalty)
        chosen: dict[str, Any] = {name: value for name, value in wanted.items() if name not in self.without}
        if "max_tokens" in self.without:
            chosen["max_completion_tokens"] = options.max_new_tokens
        extra = {name: value for name, value in penalties.items() if name not in self.without}
        return chosen | ({"extra_body": extra} if extra else {})


def _uncounted(node: Any) -> Any:
    """A schema without the longest strings and lists; both are checked when the answer is read."""
    if isinstance(node, dict):
        return {name: _uncounted(value) for name, value in node.items() if name not in {"maxLength", "maxItems"}}
    return [_uncounted(item) for item in node] if isinstance(node, list) else node
