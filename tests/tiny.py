"""Tiny real models: built from config with random weights, saved as big ones are, loaded by the same code.

``save_llama`` writes a chat model of the Llama 3 kind; ``save_sdxl``, ``save_refiner`` and ``save_preview_vae`` write
the parts of an SDXL pipeline, with CLIP's true vocabulary. Fixtures of the same folders are in tests/conftest.py.
"""

import gzip
import itertools
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.show import SCRIPTS

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if loop.first %}{{ bos_token }}{% endif %}"
    "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
"""Llama 3's own."""

LLAMA_SPECIALS = (
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
)

SDXL_SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
    "timestep_spacing": "leading",
}


def llama_tokenizer(chat_template: str | None = CHAT_TEMPLATE) -> Any:
    """A byte-level BPE tokenizer of 512 tokens; like Llama 3's it has no padding token."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=512 - len(LLAMA_SPECIALS), initial_alphabet=alphabet, min_frequency=1, show_progress=False
    )
    tokenizer.train_from_iterator([script for _, script in SCRIPTS.values()], trainer)
    tokenizer.add_special_tokens(list(LLAMA_SPECIALS))
    bos = LLAMA_SPECIALS[0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A", special_tokens=[(bos, tokenizer.token_to_id(bos))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=bos,
        eos_token="<|eot_id|>",
        chat_template=chat_template,
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
    )


def save_llama(folder: Path, *, chat_template: str | None = CHAT_TEMPLATE, seed: int = 0, **config: Any) -> Path:
    """A Llama of 2 layers, 64 wide, with grouped-query attention, in ``folder``; ``config`` overrides its shape."""
    import torch
    from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

    tokenizer = llama_tokenizer(chat_template)
    eos = [tokenizer.convert_tokens_to_ids(token) for token in ("<|end_of_text|>", "<|eot_id|>")]
    shape = {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 8192,
        "rope_parameters": {"rope_type": "default", "rope_theta": 500000.0},
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": eos,
    }
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = LlamaForCausalLM(LlamaConfig(**{**shape, **config}))
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=eos, do_sample=True, temperature=0.6, top_p=0.9
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_parrot(folder: Path, answer: str) -> Path:
    """A Llama in ``folder`` that answers whatever it is asked with ``answer``, a few letters a token."""
    import torch
    from transformers import AutoModelForCausalLM

    pieces = [answer[start : start + 6] for start in range(0, len(answer), 6)]
    tokenizer = llama_tokenizer()
    tokenizer.add_tokens(pieces)
    save_llama(folder, vocab_size=len(tokenizer))
    model = AutoModelForCausalLM.from_pretrained(folder)
    # No layer adds anything, so the next token depends on the present one alone: after the prompt's last, the answer.
    prompt = tokenizer.apply_chat_template([{"role": "user", "content": "?"}], add_generation_prompt=True)
    chain = [prompt["input_ids"][-1], *tokenizer.convert_tokens_to_ids([*pieces, "<|eot_id|>"])]
    assert len(set(chain)) == len(chain), "a piece that comes twice has two that follow"
    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        model.lm_head.weight.zero_()
        for number, (token, following) in enumerate(itertools.pairwise(chain)):
            direction = torch.nn.functional.one_hot(torch.tensor(number), model.config.hidden_size).float()
            model.model.embed_tokens.weight[token] = direction
            model.lm_head.weight[following] = 10 * direction
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def clip_tokenizer(pad_token: str = "<|endoftext|>") -> Any:
    """CLIP's own tokenizer, its 49,408 tokens read from the ``openai-clip`` package: real token counts, no download."""
    from transformers import CLIPTokenizer
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    package = find_spec("clip")
    assert package is not None
    assert package.submodule_search_locations
    path = Path(package.submodule_search_locations[0]) / "bpe_simple_vocab_16e6.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        merges = [tuple(line.split()) for line in file.read().split("\n")[1 : 49152 - 256 - 2 + 1]]
    letters = list(bytes_to_unicode().values())
    tokens = [*letters, *(letter + "</w>" for letter in letters), *("".join(pair) for pair in merges)]
    vocabulary = {token: number for number, token in enumerate([*tokens, "<|startoftext|>", "<|endoftext|>"])}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=pad_token, model_max_length=77)


def clip_encoder(width: int, *, projection: bool) -> Any:
    """A CLIP text encoder of 3 layers (SDXL reads the last but one)."""
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        vocab_size=49408,
        hidden_size=width,
        intermediate_size=2 * width,
        projection_dim=width,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=77,
        bos_token_id=49406,
        eos_token_id=49407,
        pad_token_id=49407,
        hidden_act="gelu" if projection else "quick_gelu",
    )
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(config)


def unet(cross_attention_width: int, pooled_width: int, time_ids: int) -> Any:
    """An SDXL UNet of two blocks; ``time_ids`` is 6 for a base (sizes and crops), 5 for a refiner (with a score)."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=16,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 1),
        projection_class_embeddings_input_dim=time_ids * 8 + pooled_width,
        cross_attention_dim=cross_attention_width,
        norm_num_groups=4,
    )


def vae() -> Any:
    """A VAE that makes 8 pixels of a latent, as SDXL's does."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(4, 4, 4, 4),
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=2,
        sample_size=128,
        scaling_factor=0.13025,
        force_upcast=True,
    )


def save_sdxl(folder: Path, *, seed: int = 0) -> Path:
    """An SDXL base pipeline of 128 px in ``folder``: encoders 16 and 32 wide, so the UNet reads 48."""
    import torch
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        pipeline = StableDiffusionXLPipeline(
            vae=vae(),
            text_encoder=clip_encoder(16, projection=False),
            text_encoder_2=clip_encoder(32, projection=True),
            tokenizer=clip_tokenizer(),
            tokenizer_2=clip_tokenizer(pad_token="!"),
            unet=unet(cross_attention_width=48, pooled_width=32, time_ids=6),
            scheduler=EulerDiscreteScheduler(**SDXL_SCHEDULER),
            add_watermarker=False,
        )
    pipeline.save_pretrained(folder)
    return folder


def save_refiner(folder: Path, *, seed: int = 1) -> Path:
    """An SDXL refiner pipeline in ``folder``: the second encoder alone, and an aesthetics score."""
    import torch
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLImg2ImgPipeline

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        pipeline = StableDiffusionXLImg2ImgPipeline(
            vae=vae(),
            text_encoder=None,
            text_encoder_2=clip_encoder(32, projection=True),
            tokenizer=None,
            tokenizer_2=clip_tokenizer(pad_token="!"),
            unet=unet(cross_attention_width=32, pooled_width=32, time_ids=5),
            scheduler=EulerDiscreteScheduler(**SDXL_SCHEDULER),
            requires_aesthetics_score=True,
            force_zeros_for_empty_prompt=False,
            add_watermarker=False,
        )
    pipeline.save_pretrained(folder)
    return folder


def save_preview_vae(folder: Path, *, seed: int = 2) -> Path:
    """A decoder for previews (AutoencoderTiny) in ``folder``."""
    import torch
    from diffusers import AutoencoderTiny

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = AutoencoderTiny(
            encoder_block_out_channels=(4, 4, 4, 4),
            decoder_block_out_channels=(4, 4, 4, 4),
            num_encoder_blocks=(1, 1, 1, 1),
            num_decoder_blocks=(1, 1, 1, 1),
        )
    model.save_pretrained(folder)
    return folder
