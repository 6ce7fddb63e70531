"""A chat model as one part that goes to the device and leaves it, with all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from core.engines.chat import ChatFormat
from core.engines.grammar import Grammars
from core.engines.loading import Precision, estimate_bytes, load_chat_model
from core.engines.memory import explain_failures
from core.engines.prefix import PrefixCache
from core.engines.weights import read_json


@dataclass(frozen=True)
class Loaded:
    """A model in memory with what belongs to it."""

    model: Any
    chat: ChatFormat
    grammars: Grammars
    prefix: PrefixCache

    @property
    def context(self) -> int:
        """Tokens it reads and writes at once."""
        return int(getattr(self.model.config.get_text_config(), "max_position_embeddings", 0) or 8192)


@dataclass(eq=False)
class ChatModel:
    """Implements residency's Part.

    Attributes:
        label: the model's name, for messages.
        device: where it works; it is loaded straight to it.
        loaded: None while it is not in memory.
    """

    folder: Path
    precision: Precision
    label: str
    device: str
    name: str = "text"
    loaded: Loaded | None = field(default=None, init=False)

    @property
    def size_bytes(self) -> int:
        """What its weights take, and the beginning it keeps of the last prompt."""
        if self.loaded is None:
            return self._estimate
        return int(self.loaded.model.get_memory_footprint()) + self.loaded.prefix.size_bytes

    @cached_property
    def _estimate(self) -> int:
        return estimate_bytes(self.folder, self.precision, self.device)

    def load(self) -> None:
        """Read it from disk onto the device.

        Raises:
            EngineError: it cannot be loaded; OutOfMemory where it does not fit.
        """
        with explain_failures(self.label):
            model, tokenizer = load_chat_model(self.folder, self.precision, self.device)
        grammars = Grammars(tokenizer, model.get_output_embeddings().weight.shape[0], _ends(model, tokenizer))
        self.loaded = Loaded(model, ChatFormat(tokenizer, self.label), grammars, PrefixCache(model))

    def move(self, device: str) -> None:
        """Take it to ``device``, without what it kept of the last prompt.

        NF4 weights move too: bitsandbytes takes their scales along (Params4bit.to).
        """
        if self.loaded:
            self.loaded.prefix.clear()
            self.loaded.model.to(device)

    def drop(self) -> None:
        """Take it out of memory."""
        self.loaded = None

    def work_bytes(self, rows: int, tokens: int) -> int:
        """What it takes at most, beyond its weights, to read and write ``rows`` answers of ``tokens`` tokens each.

        The keys and values of every layer, in 2 bytes; while a prompt is read, three vectors of a feed-forward's width
        and eight of the model's own for each token; and at the end of each row its logits, sorted (20 bytes each).

        Source: the shapes of transformers' modeling_llama.py and of its nucleus sampling.
        """
        shape = self._shape
        heads = shape.get("num_attention_heads", 32)
        width = shape.get("hidden_size", 4096)
        head = shape.get("head_dim") or width // heads
        cached = 2 * shape.get("num_hidden_layers", 32) * shape.get("num_key_value_heads", heads) * head
        reading = 3 * shape.get("intermediate_size", 4 * width) + 8 * width
        return rows * (tokens * 2 * (cached + reading) + 20 * shape.get("vocab_size", 32_000))

    @cached_property
    def _shape(self) -> dict[str, int]:
        config = read_json(self.folder / "config.json")
        config |= config.get("text_config", {})
        return {key: value for key, value in config.items() if type(value) is int}


def _ends(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end an answer: a chat model often has several."""
    ends = model.generation_config.eos_token_id
    found = ends if isinstance(ends, list) else [ends]
    return sorted({int(end) for end in (*found, tokenizer.eos_token_id) if end is not None})
