"""Random models are of the true shape: the published parameter counts, a vocabulary of real words."""

from typing import Any

import pytest

from bench.random_models import LLAMA_8B, LLAMA_70M, LLAMA_TINY, drawn, wide_tokenizer
from bench.random_sdxl import BASE_UNET, ENCODER, ENCODER_2, REFINER_UNET, VAE

SDXL = {"base": (BASE_UNET, 2_567_463_684), "refiner": (REFINER_UNET, 2_259_526_660)}
LLAMA = {"8B": (LLAMA_8B, 8_030_261_248), "70M": (LLAMA_70M, 67_125_760)}
CLIP = {"ViT-L": (ENCODER, 123_060_480), "ViT-bigG": (ENCODER_2, 694_659_840)}


def count(model: Any) -> int:
    return sum({id(weight): weight.numel() for weight in model.parameters()}.values())


@pytest.mark.parametrize("name", SDXL)
def test_unets_have_the_published_number_of_parameters(name: str):
    from diffusers import UNet2DConditionModel

    shape, parameters = SDXL[name]
    with drawn("meta", "float16"):
        assert count(UNet2DConditionModel(**shape)) == parameters


def test_the_vae_has_the_published_number_of_parameters():
    from diffusers import AutoencoderKL

    with drawn("meta", "float16"):
        assert count(AutoencoderKL(**VAE)) == 83_653_863


@pytest.mark.parametrize("name", LLAMA)
def test_llamas_have_the_number_of_parameters_in_their_name(name: str):
    from transformers import LlamaConfig, LlamaForCausalLM

    shape, parameters = LLAMA[name]
    with drawn("meta", "bfloat16"):
        assert count(LlamaForCausalLM(LlamaConfig(**shape))) == parameters


@pytest.mark.parametrize("name", CLIP)
def test_encoders_have_the_published_number_of_parameters(name: str):
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    shape, parameters = CLIP[name]
    kind = CLIPTextModel if name == "ViT-L" else CLIPTextModelWithProjection
    with drawn("meta", "float16"):
        assert count(kind(CLIPTextConfig(**shape))) == parameters


@pytest.mark.parametrize("vocabulary", [LLAMA_TINY["vocab_size"], 128_256])
def test_a_tokenizer_has_its_vocabulary_and_loses_no_letter(vocabulary: int):
    tokenizer = wide_tokenizer(vocabulary)
    text = '{"answer":"Ninguém quebrou a lanterna; o avô, sim 🙂"}'
    assert len(tokenizer) == vocabulary
    tokens = tokenizer(text)["input_ids"]
    assert tokenizer.decode(tokens) == text
    assert len(tokens) < len(text.encode())
