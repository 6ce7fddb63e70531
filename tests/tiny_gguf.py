"""The tiny Llama of tests/tiny.py as a GGUF file, for llama.cpp. Needs requirements-llamacpp.txt."""

import json
from pathlib import Path

NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""A tensor's name in transformers and in llama.cpp."""


def save_gguf(llama: Path, path: Path) -> Path:
    """Write the model in the folder ``llama`` to ``path``."""
    from gguf import GGUFWriter
    from safetensors.numpy import load_file

    config = json.loads((llama / "config.json").read_text())
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    _add_tokenizer(writer, llama)
    for name, tensor in load_file(llama / "model.safetensors").items():
        writer.add_tensor(_rename(name.removesuffix(".weight")) + ".weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_tokenizer(writer, llama: Path) -> None:
    from gguf import TokenType

    tokenizer = json.loads((llama / "tokenizer.json").read_text())
    added = {token["content"]: token for token in tokenizer["added_tokens"]}
    vocabulary = tokenizer["model"]["vocab"] | {word: token["id"] for word, token in added.items()}
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    types = dict.fromkeys(tokens, TokenType.NORMAL)
    types |= {word: TokenType.CONTROL if token["special"] else TokenType.USER_DEFINED for word, token in added.items()}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types([types[token] for token in tokens])
    writer.add_token_merges([" ".join(pair) for pair in tokenizer["model"]["merges"]])
    writer.add_bos_token_id(vocabulary["<|begin_of_text|>"])
    writer.add_eos_token_id(vocabulary["<|eot_id|>"])
    writer.add_chat_template((llama / "chat_template.jinja").read_text())


def _rename(name: str) -> str:
    if name in NAMES:
        return NAMES[name]
    _, _, layer, part = name.split(".", 3)
    return f"blk.{layer}.{NAMES[part]}"
