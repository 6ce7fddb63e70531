"""What an engine is: two protocols, one verb each. Every back end passes tests/engines/contract.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, Field

from core.domain.frozen import Frozen
from core.domain.generation import ImageRequest, Origin
from core.errors import EngineError
from core.prompts import Prompt

if TYPE_CHECKING:
    from PIL.Image import Image

T = TypeVar("T", bound=BaseModel)

OnStep = Callable[[int, int], None]
"""Called after each step with (steps done, steps in all); raises Canceled to stop within a step."""


OnText = Callable[[str], None]
"""Called now and then with the words written so far; raises Canceled to stop within a token or two."""


class TextOptions(Frozen):
    """Decoding options, under transformers' names."""

    max_new_tokens: int = Field(default=300, ge=1, le=8192)
    temperature: float = Field(default=0.6, ge=0, le=2)
    top_p: float = Field(default=0.9, gt=0, le=1)
    repetition_penalty: float = Field(default=1.15, ge=1, le=2)
    seed: int = Field(default=0, ge=0, lt=2**63)


@dataclass(frozen=True)
class TextResult(Generic[T]):
    """An engine's answer as a ``T``; token counts are None where the engine has no tokens.

    Attributes:
        cut: the tokens ran out, and the answer was closed where it stood.
    """

    value: T
    seconds: float
    prompt_tokens: int | None = None
    new_tokens: int | None = None
    cut: bool = False


@dataclass(frozen=True)
class ImageResult:
    """A picture, ``(H, W, 3) uint8`` as a PIL RGB image, and what really ran to make it.

    Attributes:
        notes: what the user should know of it, as gettext ids: painted smaller, without the refiner.
    """

    image: Image
    seconds: float
    ran: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class TextEngine(Protocol):
    """Answers a prompt in the shape of a pydantic type."""

    @property
    def origin(self) -> Origin:
        """Who writes, for labels and rows."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same prompt could get another answer (model, revision, code version)."""
        ...

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        """Answer ``prompt`` as a ``schema``.

        Raises:
            EngineError: the engine cannot answer; the message says what to do.
            Canceled: ``on_text`` asked to stop.
        """
        ...


@runtime_checkable
class BatchTextEngine(TextEngine, Protocol):
    """A text engine that answers several prompts faster together."""

    def generate_many(
        self, prompts: Sequence[Prompt], schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> list[TextResult[T]]:
        """Answer ``prompts``, in their order; ``on_text`` gets the words of one of them.

        Raises:
            EngineError: one of them cannot be answered.
            Canceled: ``on_text`` asked to stop.
        """
        ...


class Wrapping:
    """Something around an ``engine`` that changes how it is asked, not what it gives: rows bear the engine's name."""

    engine: Any

    @property
    def origin(self) -> Origin:
        """The engine's own."""
        origin: Origin = self.engine.origin
        return origin

    @property
    def fingerprint(self) -> str:
        """The engine's own."""
        return str(self.engine.fingerprint)


@dataclass(frozen=True)
class WatchedText(Wrapping):
    """A text engine whose every answer is watched: ``on_text`` sees the words as they come, and may stop them."""

    engine: TextEngine
    on_text: OnText

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        """The engine's answer."""
        return self.engine.generate(prompt, schema, options, on_text or self.on_text)


class ImageEngine(Protocol):
    """Paints a request."""

    @property
    def origin(self) -> Origin:
        """Who paints, for labels, rows and files."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same request could give another picture."""
        ...

    def generate(self, request: ImageRequest, on_step: OnStep | None = None) -> ImageResult:
        """Paint ``request``.

        Raises:
            EngineError: the engine cannot paint; the message says what to do.
            Canceled: ``on_step`` asked to stop.
        """
        ...


@runtime_checkable
class PreviewingImageEngine(ImageEngine, Protocol):
    """An image engine that shows a picture while it paints.

    Attributes:
        on_preview: gets a small picture every few steps; None for nobody.
    """

    on_preview: Callable[[Image], None] | None


@runtime_checkable
class BatchImageEngine(ImageEngine, Protocol):
    """An image engine that paints several requests faster together: each of its models goes over all of them."""

    def generate_many(
        self, requests: Sequence[ImageRequest], on_step: OnStep | None = None
    ) -> Iterator[ImageResult | EngineError]:
        """Paint ``requests``: a result or what went wrong for each, in their order, each as soon as it is there.

        Args:
            on_step: called with the steps done and the steps in all, of all requests together.

        Raises:
            Canceled: ``on_step`` asked to stop; what was given before is whole.
        """
        ...
