"""Messages as one model's tokens, by its own chat template; what the messages say can never act as a role token."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import FrameType
from typing import Any

from core.errors import EngineError
from core.prompts import Message

TEMPLATE_SECONDS = 5.0
"""A template is a program that came with the model; this is how long it may take."""


class ChatFormat:
    """How a chat model is spoken to.

    Args:
        tokenizer: of transformers, with a chat template.
        model: the model's name, for messages.
    """

    def __init__(self, tokenizer: Any, model: str) -> None:
        self.tokenizer = tokenizer
        self.model = model
        if not tokenizer.chat_template:
            raise EngineError(
                "The model {model} has no chat template: it completes texts and follows no instructions. Choose its "
                "“Instruct” or “chat” version.",
                model=model,
            )

    @cached_property
    def _special(self) -> re.Pattern[str]:
        known = {str(token) for token in self.tokenizer.added_tokens_decoder.values() if token.special}
        known |= set(self.tokenizer.all_special_tokens)
        return re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))) or r"(?!)")

    def tokenize(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of ``messages`` up to where the model's answer begins.

        Raises:
            EngineError: the model's template cannot take them.
        """
        said = [{"role": message.role, "content": self._neutralize(message.content)} for message in messages]
        try:
            return self._apply(said)
        except EngineError:
            raise
        except Exception:
            # Some templates know no system role: its words then open the user's turn.
            words = "\n\n".join(message["content"] for message in said)
        try:
            return self._apply([{"role": "user", "content": words}])
        except EngineError:
            raise
        except Exception as error:
            raise EngineError(
                "The chat template of {model} fails: {why}. Choose another model or revision.",
                model=self.model,
                why=str(error) or type(error).__name__,
            ) from None

    def _apply(self, messages: list[dict[str, str]]) -> list[int]:
        with _deadline(TEMPLATE_SECONDS, self.model):
            tokens = self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        return list(tokens)

    def _neutralize(self, text: str) -> str:
        """Part what this tokenizer would read as one of its special tokens: ``<unk>`` becomes ``< unk>``."""
        return self._special.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)


@contextmanager
def _deadline(seconds: float, model: str) -> Iterator[None]:
    """Stop Python code of this thread that runs too long: a template that loops."""
    end = time.monotonic() + seconds

    def tick(frame: FrameType, event: str, argument: object) -> Any:
        if time.monotonic() > end:
            raise EngineError(
                "The chat template of {model} does not come to an end. Choose another model or revision.", model=model
            )
        return tick

    before = sys.gettrace()
    sys.settrace(tick)
    try:
        yield
    finally:
        sys.settrace(before)
