"""Prompts read whole by CLIP: in windows of 75 tokens, put one after the other, for both encoders and the refiner.

A prompt of one window gives, to the last bit, what diffusers' ``encode_prompt`` gives.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from core.engines.sdxl.folder import PipelineFolder
from core.engines.sdxl.parts import ModelPart
from core.errors import EngineError

BACKTRACK = 20
"""How many tokens before its end a window may close, so that it closes with a clause.

Source: the default of "Comma padding backtrack" in AUTOMATIC1111's stable-diffusion-webui.
"""

WORD_END = "</w>"
"""What CLIP's tokens that end a word end with."""

CLAUSE_ENDS = tuple(",.;:")

CAPACITY = 256
"""Windows kept. One takes 0.1 to 0.2 MB in float16 for an encoder of SDXL."""


@dataclass(frozen=True)
class Embeddings:
    """What a UNet reads of one request, in host memory, under the names of the pipelines' arguments.

    Attributes:
        prompt_embeds: ``(1, 77 · windows, width of its encoders)``; the negative one has the same shape.
        pooled_prompt_embeds: ``(1, width of the second encoder's projection)``, of the first window.
    """

    prompt_embeds: Any
    negative_prompt_embeds: Any
    pooled_prompt_embeds: Any
    negative_pooled_prompt_embeds: Any

    def arguments(self, device: str) -> dict[str, Any]:
        """For a pipeline's call on ``device``."""
        return {name: tensor.to(device) for name, tensor in vars(self).items()}


@dataclass(frozen=True)
class EncodedPrompt:
    """A prompt and a negative prompt as the base and, where there is one, the refiner read them.

    Attributes:
        windows: how many windows the longer of the two takes.
        cached: no encoder had to be asked.
    """

    base: Embeddings
    refiner: Embeddings | None
    windows: int
    cached: bool


class PromptEncoder:
    """Reads prompts with the encoders of ``part``, each window once: what was read is kept on the host.

    Args:
        part: what ``encoders_part`` made of the same folders; on its device whenever ``encode`` needs it.
        capacity: windows kept; the least recently used go first.

    Attributes:
        hits: requests that no encoder was asked for.
    """

    def __init__(
        self, base: PipelineFolder, refiner: PipelineFolder | None, part: ModelPart, capacity: int = CAPACITY
    ) -> None:
        self.base, self.refiner, self.part = base, refiner, part
        self.capacity = capacity
        self.hits = 0
        self._kept: OrderedDict[tuple[str, tuple[int, ...]], tuple[Any, Any]] = OrderedDict()

    def knows(self, prompt: str, negative_prompt: str | None) -> bool:
        """Whether ``encode`` needs no encoder for these."""
        return all(
            (reader.role, window) in self._kept
            for readers, _ in self._readers
            for reader in readers
            for text in (prompt, negative_prompt or "")
            for window in reader.windows(text)
        )

    def encode(self, prompt: str, negative_prompt: str | None) -> EncodedPrompt:
        """Both prompts, no token left out.

        Args:
            negative_prompt: None is not "": the base of SDXL takes zeros for it.
        """
        raise NotImplementedError

    @cached_property
    def _readers(self) -> list[Any]:
        raise NotImplementedError
