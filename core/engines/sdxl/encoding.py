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

from core.engines.memory import explain_failures
from core.engines.sdxl.folder import PipelineFolder, Role
from core.engines.sdxl.parts import ModelPart
from core.errors import EngineError

WINDOW = 77
"""Tokens of a window, its beginning and end among them."""

BACKTRACK = 20
"""How many tokens before its end a window may close, so that it closes with a clause.

Source: the default of "Comma padding backtrack" in AUTOMATIC1111's stable-diffusion-webui.
"""

WORD_END = "</w>"
"""What CLIP's tokens that end a word end with."""

CLAUSE_ENDS = tuple(",.;:")

Asked = tuple[str, tuple[int, ...]]
"""An encoder's role, and a window of tokens for it."""

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


@dataclass(frozen=True)
class Reader:
    """A tokenizer, and the role of the encoder that reads its tokens."""

    role: str
    tokenizer: Any

    def windows(self, text: str) -> list[tuple[int, ...]]:
        """The tokens of ``text`` as the encoder takes them: begun, ended and filled up to 77; one window at least."""
        size = self.tokenizer.model_max_length - 2
        ids = self.tokenizer(text, add_special_tokens=False, verbose=False).input_ids
        windows: list[tuple[int, ...]] = []
        while ids or not windows:
            end = find_cut(self.tokenizer.convert_ids_to_tokens(ids[: size + 1]), size)
            part, ids = ids[:end], ids[end:]
            fill = [self.tokenizer.pad_token_id] * (size - len(part))
            windows.append((self.tokenizer.bos_token_id, *part, self.tokenizer.eos_token_id, *fill))
        return windows


class PromptEncoder:
    """Reads prompts with the encoders of ``part``, each window once: what was read is kept on the host.

    Args:
        part: what ``encoders_part`` made of the same folders; in memory whenever ``encode`` needs it.
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
        self._kept: OrderedDict[Asked, tuple[Any, Any]] = OrderedDict()
        self._read = 0

    def knows(self, prompt: str, negative_prompt: str | None) -> bool:
        """Whether ``encode`` needs no encoder for these."""
        plans = [self._plan(folder, prompt, negative_prompt) for folder in self._folders]
        return all(window in self._kept for plan in plans for text in plan for row in text for window in row)

    def encode(self, prompt: str, negative_prompt: str | None) -> EncodedPrompt:
        """Both prompts, no token left out.

        Args:
            negative_prompt: None is not "": the base of SDXL takes zeros for it.

        Raises:
            EngineError: a tokenizer cannot be read; OutOfMemory where that is why.
        """
        before = self._read
        found = [self._embed(self._plan(folder, prompt, negative_prompt)) for folder in self._folders]
        cached = self._read == before
        self.hits += cached
        windows = found[0].prompt_embeds.shape[1] // WINDOW
        return EncodedPrompt(found[0], found[1] if self.refiner else None, windows, cached)

    @property
    def _folders(self) -> list[PipelineFolder]:
        return [self.base, self.refiner] if self.refiner else [self.base]

    @cached_property
    def _readers(self) -> dict[Role, list[Reader]]:
        readers: dict[Role, list[Reader]] = {
            "base": [
                Reader("text_encoder", load_tokenizer(self.base.path / "tokenizer")),
                Reader("text_encoder_2", load_tokenizer(self.base.path / "tokenizer_2")),
            ]
        }
        if self.refiner:
            own = "refiner_text_encoder_2"
            role = own if own in self.part.components else "text_encoder_2"
            readers["refiner"] = [Reader(role, load_tokenizer(self.refiner.path / "tokenizer_2"))]
        return readers

    def _plan(self, folder: PipelineFolder, prompt: str, negative_prompt: str | None) -> list[list[list[Asked]]]:
        """The windows by text and encoder, as many for each, for they go through the UNet together.

        The negative prompt is not among the texts where it is None and the model was trained with zeros for it.
        """
        readers = self._readers[folder.role]
        zeros = negative_prompt is None and folder.zeros_for_no_negative_prompt
        texts = [prompt] if zeros else [prompt, negative_prompt or ""]
        windows = [[reader.windows(text) for reader in readers] for text in texts]
        count = max(len(row) for text in windows for row in text)
        return [
            [
                [(reader.role, window) for window in (row + reader.windows("") * count)[:count]]
                for reader, row in zip(readers, text, strict=True)
            ]
            for text in windows
        ]

    def _embed(self, plan: list[list[list[Asked]]]) -> Embeddings:
        """The windows one after the other, the encoders side by side; the pooled embedding is the last encoder's."""
        import torch

        embedded = []
        for text in plan:
            read = [[self._ask(asked) for asked in row] for row in text]
            rows = [torch.cat([hidden for hidden, _ in row], dim=1) for row in read]
            embedded.append((torch.cat(rows, dim=-1), read[-1][0][1]))
        positive = embedded[0]
        negative = embedded[1] if len(embedded) > 1 else tuple(torch.zeros_like(tensor) for tensor in positive)
        return Embeddings(positive[0], negative[0], positive[1], negative[1])

    def _ask(self, asked: Asked) -> tuple[Any, Any]:
        """The last hidden states but one and the pooled embedding; windows go alone, as ``encode_prompt`` sends them.

        In a batch the same numbers would be added up in another order.
        """
        if asked not in self._kept:
            role, window = asked
            self._kept[asked] = ask_encoder(self.part.models[role], window)
            self._read += 1
        self._kept.move_to_end(asked)
        found = self._kept[asked]
        while len(self._kept) > self.capacity:
            self._kept.popitem(last=False)
        return found


def find_cut(tokens: Sequence[str], size: int) -> int:
    """How many of ``tokens`` the next window takes: at most ``size``, up to a clause's end, or else a word's."""
    if len(tokens) <= size:
        return len(tokens)
    ends = range(size, size - BACKTRACK, -1)
    words = [end for end in ends if tokens[end - 1].endswith(WORD_END)]
    clauses = [end for end in words if tokens[end - 1].removesuffix(WORD_END).endswith(CLAUSE_ENDS)]
    return next(iter((*clauses, *words)), size)


def ask_encoder(encoder: Any, window: Sequence[int]) -> tuple[Any, Any]:
    """What SDXL reads of one window: ``(1, 77, width)`` and, of an encoder with a projection, ``(1, width)``."""
    import torch

    with torch.no_grad(), explain_failures("SDXL"):
        answer = encoder(torch.tensor([window], device=encoder.device), output_hidden_states=True)
        hidden = answer.hidden_states[-2].cpu()
        return hidden, answer[0].cpu() if answer[0].ndim == 2 else None


def load_tokenizer(folder: Path) -> Any:
    """CLIP's tokenizer in ``folder``.

    Raises:
        EngineError: it is not there, or damaged.
    """
    import transformers

    library: Any = transformers
    try:
        return library.CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, TypeError, KeyError) as error:
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        raise EngineError("The tokenizer in {path} cannot be loaded: {why}", path=folder, why=why) from error
