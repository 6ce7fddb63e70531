"""Any chat model of transformers, in 4 bits where there is an NVIDIA GPU, held to the JSON schema it is asked for.

Source: Dettmers et al., "QLoRA: Efficient Finetuning of Quantized LLMs" (2023), for NF4 and double quantisation.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from core.domain.generation import Origin
from core.engines.base import OnText, T, TextOptions, TextResult
from core.engines.chat_model import ChatModel, Loaded
from core.engines.grammar import Decoding
from core.engines.loading import Precision
from core.engines.memory import explain_failures, free_memory, is_out_of_memory
from core.engines.prefix import BLOCK, common_length, spread_cache
from core.engines.residency import Residency
from core.engines.weights import find_model, fingerprint_folder
from core.errors import EngineError, PromptTooLong

if TYPE_CHECKING:
    from core.prompts import Prompt

log = logging.getLogger("chamada.text")

VERSION = "2"
"""Raise it with any change to how a model is asked or decoded."""

BATCH = 8
"""Answers decoded together; the fused 4-bit products of bitsandbytes serve 2 to 64 rows."""

BATCH_TOKENS = 16_384
"""Tokens of a batch's prompts: their KV cache takes 2 GB of a card with Llama 3 8B."""


class TransformersText:
    """Implements TextEngine. Nothing is loaded before the first answer; one answer or batch is written at a time.

    Args:
        model: a folder, or a hub id that was downloaded before.
        revision: the hub's commit or branch; None for the one downloaded.
        precision: how the weights are held; "auto" is 4 bits on an NVIDIA GPU, bfloat16 elsewhere.
        residency: where it works, and what it shares the device with; None: alone on the CPU.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        revision: str | None = None,
        precision: Precision = "auto",
        residency: Residency | None = None,
    ) -> None:
        self.model = str(model)
        self.revision = revision
        self.precision: Precision = precision
        self.residency = residency or Residency()

    @cached_property
    def folder(self) -> Path:
        """Where the model is on this machine; EngineError says how to get it."""
        return find_model(self.model, self.revision)

    @property
    def origin(self) -> Origin:
        """The model, by its name alone: a path is this machine's own business."""
        name = Path(self.model).name if Path(self.model).is_dir() else self.model
        return Origin(engine="transformers", model=name, digital_source_type="trainedAlgorithmicMedia")

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 hex over the model's files, its precision and this code's version."""
        parts = f"transformers:{VERSION}:{self.precision}:{fingerprint_folder(self.folder)}"
        return hashlib.sha256(parts.encode()).hexdigest()

    # In memory or not

    @cached_property
    def part(self) -> ChatModel:
        """The model, as what the residency brings and takes away; nothing of it is read yet."""
        return ChatModel(self.folder, self.precision, self.origin.model, self.residency.device)

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory, be it the device's or the host's."""
        return self.part.loaded is not None

    @property
    def bytes_in_memory(self) -> int:
        """What the model takes; 0 while it is not loaded."""
        return self.part.size_bytes if self.is_loaded else 0

    def load(self) -> Loaded:
        """Bring the model onto the device, read from disk at most once.

        Raises:
            EngineError: it cannot be loaded; the message says what to do.
            OutOfMemory: it does not fit.
        """
        with explain_failures(self.origin.model), self.residency.use(self.part):
            return self._here

    @property
    def _here(self) -> Loaded:
        """The model while it is in use."""
        assert self.part.loaded is not None
        return self.part.loaded

    def unload(self) -> None:
        """Take the model out of memory; the next answer loads it again."""
        self.residency.drop(self.part)

    def forget(self) -> None:
        """Give back what is kept to read the next prompt faster; the model stays."""
        if self.part.loaded:
            self.part.loaded.prefix.clear()
            free_memory()

    # Answers

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        """Answer ``prompt`` as a ``schema``; the same seed gives the same answer on the same machine.

        Raises:
            EngineError: the model cannot answer; OutOfMemory or PromptTooLong where that is why.
            Canceled: ``on_text`` asked to stop.
        """
        return self._answer([prompt], schema, options, on_text)[0]

    def generate_many(
        self, prompts: Sequence[Prompt], schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> list[TextResult[T]]:
        """Answer ``prompts`` in batches, several times as fast as one by one.

        A batch draws from one random sequence, so an answer depends on its companions too.

        Args:
            on_text: gets the words of each batch's first answer.

        Raises:
            EngineError: the model cannot answer one of them.
            Canceled: ``on_text`` asked to stop.
        """
        loaded = self.load()
        lengths = [len(loaded.chat.tokenize(prompt.messages)) for prompt in prompts]
        found: dict[int, TextResult[T]] = {}
        for batch in pack(lengths):
            results = self._answer([prompts[number] for number in batch], schema, options, on_text)
            found.update(zip(batch, results, strict=True))
        return [found[number] for number in range(len(prompts))]

    def _answer(
        self, prompts: Sequence[Prompt], schema: type[T], options: TextOptions, on_text: OnText | None
    ) -> list[TextResult[T]]:
        """Answer ``prompts`` together; where memory runs out, with all else off the device, then in smaller batches."""
        with explain_failures(self.origin.model), self.residency.use(self.part):
            results = self._try(prompts, schema, options, on_text)
            if results is None:
                log.warning("Memory ran out over %d answers: freeing the device.", len(prompts))
                self.residency.release()
                self.forget()
                results = self._try(prompts, schema, options, on_text, last=len(prompts) == 1)
        if results is None:
            half = (len(prompts) + 1) // 2
            log.warning("Memory ran out again: %d answers at a time.", half)
            parts = (prompts[:half], prompts[half:])
            results = [result for part in parts for result in self._answer(part, schema, options, on_text)]
        return results

    def _try(
        self,
        prompts: Sequence[Prompt],
        schema: type[T],
        options: TextOptions,
        on_text: OnText | None,
        last: bool = False,
    ) -> list[TextResult[T]] | None:
        """The answers; None where memory ran out, unless this was the ``last`` attempt."""
        try:
            return self._decode_all(prompts, schema, options, on_text)
        except (RuntimeError, MemoryError) as error:
            if last or not is_out_of_memory(error):
                raise
        free_memory()  # not inside the handler, whose traceback keeps the tensors alive
        return None

    def _decode_all(
        self, prompts: Sequence[Prompt], schema: type[T], options: TextOptions, on_text: OnText | None
    ) -> list[TextResult[T]]:
        started = time.perf_counter()
        loaded = self._here
        tokens = [loaded.chat.tokenize(prompt.messages) for prompt in prompts]
        for prompt, read in zip(prompts, tokens, strict=True):
            _check_length(prompt, len(read), options, loaded.context)
        grammar = loaded.grammars.compile(schema)
        decoding = Decoding(loaded.grammars, grammar, len(prompts), options.max_new_tokens, on_text)
        work = self.part.work_bytes(len(prompts), max(map(len, tokens)) + options.max_new_tokens)
        with self.residency.use(self.part, work_bytes=work):
            _decode(loaded, tokens, options, decoding)
        seconds = (time.perf_counter() - started) / len(prompts)
        return [
            TextResult(
                value=_read(decoding.text(row), schema, prompt, options),
                seconds=seconds,
                prompt_tokens=len(read),
                new_tokens=len(row.tokens),
                cut=row.cut,
            )
            for prompt, read, row in zip(prompts, tokens, decoding.rows, strict=True)
        ]


def pack(lengths: Sequence[int]) -> list[list[int]]:
    """Batches of prompts, by number: those of like length together, for a batch is padded to its longest."""
    batches: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not batches or len(batches[-1]) == BATCH or (len(batches[-1]) + 1) * lengths[number] > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(number)
    return batches


def _decode(loaded: Loaded, tokens: list[list[int]], options: TextOptions, decoding: Decoding) -> None:
    """Run the model over the prompts ``tokens`` until each row of ``decoding`` is complete or out of tokens."""
    import torch
    from transformers import LogitsProcessorList, StoppingCriteriaList

    model, alone = loaded.model, len(tokens) == 1
    # 1. What the prompts share from their beginning is read once, and not at all where the last prompt had it
    shared = len(tokens[0]) if alone else _shared(tokens)
    cache, length = loaded.prefix.take(tokens[0][:shared]) if shared > BLOCK else (None, 0)
    # 2. The rest, padded on its left to one length
    rest = max(len(row) for row in tokens) - length
    fill = min(decoding.grammars.ends)
    rows = [row[:length] + [fill] * (rest - len(row) + length) + row[length:] for row in tokens]
    masks = [[1] * length + [0] * (rest - len(row) + length) + [1] * (len(row) - length) for row in tokens]
    # 3. The answers; the random sequence is this call's own
    devices = [model.device] if model.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(options.seed % 2**63)
        model.generate(
            input_ids=torch.tensor(rows, device=model.device),
            attention_mask=torch.tensor(masks, device=model.device),
            past_key_values=cache if alone or cache is None else spread_cache(cache, len(rows)),
            logits_processor=LogitsProcessorList([decoding.mask]),
            stopping_criteria=StoppingCriteriaList([decoding.advance]),
            pad_token_id=fill,
            **decoding_options(options),
        )
    loaded.prefix.keep(tokens[0], cache, length)


def decoding_options(options: TextOptions) -> dict[str, Any]:
    """``options`` as ``generate`` takes them; a temperature of 0 is greedy decoding."""
    chosen: dict[str, Any] = {
        "max_new_tokens": options.max_new_tokens,
        "repetition_penalty": options.repetition_penalty,
        "do_sample": options.temperature > 0,
    }
    if chosen["do_sample"]:
        chosen |= {"temperature": options.temperature, "top_p": options.top_p}
    return chosen


def _shared(tokens: list[list[int]]) -> int:
    """How many tokens all the prompts share, so that each has at least one of its own."""
    shared = min(common_length(tokens[0], row) for row in tokens[1:])
    return min(shared, *(len(row) - 1 for row in tokens))


def _check_length(prompt: Prompt, tokens: int, options: TextOptions, context: int) -> None:
    if tokens + options.max_new_tokens > context:
        raise PromptTooLong(
            "The prompt {name} has {tokens} tokens and its answer may take {new}, but the model holds {context}. "
            "Choose a model that reads more, or shorten the text.",
            name=prompt.name,
            tokens=tokens,
            new=options.max_new_tokens,
            context=context,
        )


def _read(text: str, schema: type[T], prompt: Prompt, options: TextOptions) -> T:
    try:
        return schema.model_validate_json(text)
    except ValidationError:
        raise EngineError(
            "The model's answer to {name} was not usable within {tokens} tokens. Try again with another seed.",
            name=prompt.name,
            tokens=options.max_new_tokens,
        ) from None
