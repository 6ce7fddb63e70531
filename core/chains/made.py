"""What a step hands back, ready to become a generation row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from pydantic import BaseModel

from core.engines.base import TextEngine, TextOptions
from core.prompts import Prompt, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.domain.generation import Step

T = TypeVar("T", bound=BaseModel)
V = TypeVar("V", bound=BaseModel)


@dataclass(frozen=True)
class Made(Generic[V]):
    """A step's result with how it came about; findings are faults that were repaired or remain."""

    value: V
    seconds: float
    prompt: Prompt
    options: TextOptions
    prompt_tokens: int | None = None
    new_tokens: int | None = None
    findings: tuple[str, ...] = ()

    def become(self, value: T, findings: tuple[str, ...] = ()) -> Made[T]:
        """The same run with its answer turned into what is stored."""
        return Made(
            value,
            self.seconds,
            self.prompt,
            self.options,
            self.prompt_tokens,
            self.new_tokens,
            self.findings + findings,
        )


class Remember(Protocol):
    """Gives a step's stored result where there is one, else runs the step and stores what it made."""

    def __call__(self, step: Step, variant: str, schema: type[V], run: Callable[[], Made[V]]) -> V:
        """The result of (step, variant) as a ``schema``."""
        ...


def ask(engine: TextEngine, name: str, values: Mapping[str, object], schema: type[T], options: TextOptions) -> Made[T]:
    """Render the prompt ``name``, let ``engine`` answer it as a ``schema``."""
    prompt = render(name, values)
    result = engine.generate(prompt, schema, options)
    cut = (f"the answer was cut at {options.max_new_tokens} tokens",) if result.cut else ()
    return Made(result.value, result.seconds, prompt, options, result.prompt_tokens, result.new_tokens, cut)
