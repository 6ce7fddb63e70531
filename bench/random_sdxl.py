"""SDXL base and refiner of true shape with random weights in float16, saved as the real ones are.

Source: the config.json files of stabilityai/stable-diffusion-xl-base-1.0 and -refiner-1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.random_models import drawn
from tests.tiny import SDXL_SCHEDULER, clip_tokenizer

CROSS = ("CrossAttnDownBlock2D", "CrossAttnUpBlock2D")
PLAIN = ("DownBlock2D", "UpBlock2D")

UNET: dict[str, Any] = {
    "sample_size": 128,
    "in_channels": 4,
    "out_channels": 4,
    "layers_per_block": 2,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
}

BASE_UNET: dict[str, Any] = {
    **UNET,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": (PLAIN[0], CROSS[0], CROSS[0]),
    "up_block_types": (CROSS[1], CROSS[1], PLAIN[1]),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "projection_class_embeddings_input_dim": 2816,
}
"""2.57 billion parameters."""

REFINER_UNET: dict[str, Any] = {
    **UNET,
    "block_out_channels": (384, 768, 1536, 1536),
    "down_block_types": (PLAIN[0], CROSS[0], CROSS[0], PLAIN[0]),
    "up_block_types": (PLAIN[1], CROSS[1], CROSS[1], PLAIN[1]),
    "transformer_layers_per_block": 4,
    "attention_head_dim": (6, 12, 24, 24),
    "cross_attention_dim": 1280,
    "projection_class_embeddings_input_dim": 2560,
}
"""2.3 billion parameters."""

VAE: dict[str, Any] = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "latent_channels": 4,
    "layers_per_block": 2,
    "sample_size": 1024,
    "scaling_factor": 0.13025,
    # As in the VAE that is safe in float16: the original's own weights overflow, and are decoded in float32
    "force_upcast": False,
}

CLIP: dict[str, Any] = {
    "vocab_size": 49_408,
    "max_position_embeddings": 77,
    "bos_token_id": 49_406,
    "eos_token_id": 49_407,
    "pad_token_id": 49_407,
}

ENCODER: dict[str, Any] = {
    **CLIP,
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "projection_dim": 768,
    "hidden_act": "quick_gelu",
}
"""CLIP ViT-L's, 123 million parameters."""

ENCODER_2: dict[str, Any] = {
    **CLIP,
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_hidden_layers": 32,
    "num_attention_heads": 20,
    "projection_dim": 1280,
    "hidden_act": "gelu",
}
"""OpenCLIP ViT-bigG's, 695 million parameters."""


def save_sdxl_pair(folder: Path, device: str) -> None:
    """Write ``sdxl`` and ``refiner`` into ``folder``, 12 GB in all; weights are drawn on ``device``."""
    import diffusers
    import transformers

    drawing: Any = diffusers
    speaking: Any = transformers
    scheduler = drawing.EulerDiscreteScheduler(**SDXL_SCHEDULER)
    with drawn(device, "float16"):
        vae = drawing.AutoencoderKL(**VAE)
        second = speaking.CLIPTextModelWithProjection(speaking.CLIPTextConfig(**ENCODER_2))
    _save(
        lambda: drawing.StableDiffusionXLPipeline(
            vae=vae,
            text_encoder=speaking.CLIPTextModel(speaking.CLIPTextConfig(**ENCODER)),
            text_encoder_2=second,
            tokenizer=clip_tokenizer(),
            tokenizer_2=clip_tokenizer(pad_token="!"),
            unet=drawing.UNet2DConditionModel(**BASE_UNET),
            scheduler=scheduler,
            add_watermarker=False,
        ),
        folder / "sdxl",
        device,
    )
    _save(
        lambda: drawing.StableDiffusionXLImg2ImgPipeline(
            vae=vae,
            text_encoder=None,
            text_encoder_2=second,
            tokenizer=None,
            tokenizer_2=clip_tokenizer(pad_token="!"),
            unet=drawing.UNet2DConditionModel(**REFINER_UNET),
            scheduler=scheduler,
            requires_aesthetics_score=True,
            force_zeros_for_empty_prompt=False,
            add_watermarker=False,
        ),
        folder / "refiner",
        device,
    )


def _save(build: Callable[[], Any], folder: Path, device: str) -> None:
    with drawn(device, "float16"):
        pipeline = build()
    pipeline.save_pretrained(folder, max_shard_size="5GB")
