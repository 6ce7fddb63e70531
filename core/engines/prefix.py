"""How prompts that begin alike, such as a season's questions, have that beginning read once: its KV cache is kept.

Prompts are read in blocks that begin at multiples of BLOCK whether or not a cache is at hand, so the numbers, and
with them the answer, are the same either way.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

BLOCK = 128
"""Tokens read at once. Smaller blocks reuse more of a prompt, larger ones read a new prompt faster."""


def common_length(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens two prompts share from their beginning."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return number
    return min(len(first), len(second))


@dataclass
class PrefixCache:
    """The beginning of the last prompt as the model read it.

    Attributes:
        read: tokens read so far.
        reused: tokens that did not have to be.
    """

    model: Any
    read: int = 0
    reused: int = 0
    _tokens: list[int] = field(default_factory=list)
    _cache: Any = None

    def take(self, tokens: Sequence[int]) -> tuple[Any, int]:
        """A cache of the whole blocks of ``tokens`` but the last token, and its length; give it back with ``keep``.

        Gives (None, 0) for a model that remembers otherwise (sliding windows, states): it reads each prompt whole.
        """
        import torch
        from transformers import DynamicCache
        from transformers.cache_utils import DynamicLayer

        # Taken out while it is in use, so that what an error leaves half-read is never used again.
        cache, shared, self._cache = self._cache, common_length(self._tokens, tokens), None
        wanted = (len(tokens) - 1) // BLOCK * BLOCK
        shared = min(shared, wanted) // BLOCK * BLOCK if cache is not None else 0
        if shared:
            crop_cache(cache, shared)
        else:
            cache = DynamicCache(config=self.model.config)
            if not all(type(layer) is DynamicLayer for layer in cache.layers):
                return None, 0
        with torch.no_grad():
            for start in range(shared, wanted, BLOCK):
                block = torch.tensor([tokens[start : start + BLOCK]], device=self.model.device)
                self.model.base_model(input_ids=block, past_key_values=cache, use_cache=True)
        self.read += wanted - shared
        self.reused += shared
        return cache, wanted

    def keep(self, tokens: Sequence[int], cache: Any, length: int) -> None:
        """Keep the first ``length`` tokens of ``cache``, which began with ``tokens``."""
        if cache is None or not length:
            return
        crop_cache(cache, length)
        self._tokens, self._cache = list(tokens[:length]), cache

    @property
    def size_bytes(self) -> int:
        """What is kept takes."""
        layers = self._cache.layers if self._cache is not None else ()
        return sum(tensor.nbytes for layer in layers for tensor in (layer.keys, layer.values))

    def clear(self) -> None:
        """Give the memory back."""
        self._tokens, self._cache = [], None


def crop_cache(cache: Any, length: int) -> None:
    """Cut ``cache`` to its first ``length`` tokens, in place."""
    surplus = cache.get_seq_length() - length
    if surplus > 0:
        cache.crop(-surplus)


def spread_cache(cache: Any, rows: int) -> Any:
    """A copy of a one-row ``cache`` for ``rows`` rows."""
    spread = copy.deepcopy(cache)
    spread.batch_repeat_interleave(rows)
    return spread
