"""The calls of diffusers: noise that is the same everywhere, decoding whole and in tiles, numbers that are none."""

import numpy as np
import pytest
import torch

from core.engines.sdxl.passes import check_finite, decode, draw_noise, encode, tiling
from core.errors import EngineError
from tests import tiny


@pytest.fixture(scope="module")
def vae():
    torch.manual_seed(0)
    return tiny.vae().eval()


def test_a_seed_has_its_noise_at_each_size():
    assert draw_noise(96, 128, 7).shape == (1, 4, 16, 12)
    assert torch.equal(draw_noise(96, 128, 7), torch.randn(1, 4, 16, 12, generator=torch.Generator().manual_seed(7)))
    assert not torch.equal(draw_noise(96, 128, 7), draw_noise(96, 128, 8))


def test_decoding_is_the_pipelines_own(vae):
    latents = draw_noise(128, 96, 0)
    with torch.no_grad():
        pixels = vae.decode(latents / 0.13025, return_dict=False)[0]
    wanted = ((pixels / 2 + 0.5).clamp(0, 1)[0].permute(1, 2, 0).numpy() * 255).round().astype("uint8")
    assert np.array_equal(np.asarray(decode(vae, latents)), wanted)


def test_latents_with_a_mean_for_each_channel_are_shifted_by_it(vae, monkeypatch):
    latents = draw_noise(64, 64, 0)
    plain = np.asarray(decode(vae, latents))
    shift, spread = [0.1, -0.2, 0.0, 0.3], [1.0, 2.0, 0.5, 1.0]
    shifted = vae.config | {"latents_mean": shift, "latents_std": spread}
    monkeypatch.setattr(vae, "_internal_dict", type(vae.config)(**shifted))
    by_hand = (latents / torch.tensor(spread).view(1, 4, 1, 1)) - 0.13025 * (
        torch.tensor(shift) / torch.tensor(spread)
    ).view(1, 4, 1, 1)
    assert np.abs(np.asarray(decode(vae, by_hand)).astype(int) - plain).max() <= 1


def test_tiles_are_half_the_picture_and_gone_afterwards(vae):
    sizes = []
    hook = vae.decoder.register_forward_pre_hook(lambda _, given: sizes.append(tuple(given[0].shape[-2:])))
    image = decode(vae, draw_noise(128, 96, 0), tiled=True)
    decode(vae, draw_noise(128, 96, 0))
    hook.remove()
    assert image.size == (128, 96)
    assert len(sizes) > 4
    assert max(max(size) for size in sizes[:-1]) == 8
    assert sizes[-1] == (12, 16)


def test_tiling_ends_with_an_error_too(vae):
    own = vae.tile_latent_min_size
    with pytest.raises(KeyError), tiling(vae, on=True, side=16):
        raise KeyError
    assert (vae.use_tiling, vae.tile_latent_min_size) == (False, own)


def test_a_picture_goes_into_latents_of_the_vaes_own_scale(vae):
    image = decode(vae, draw_noise(64, 64, 0))
    latents = encode(vae, image)
    assert latents.shape == (1, 4, 8, 8)
    assert torch.isfinite(latents).all()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_told_of(number):
    with pytest.raises(EngineError, match="out of VAE"):
        check_finite(torch.tensor([0.0, number]), "VAE")
