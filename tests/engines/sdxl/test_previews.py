"""Previews: a picture from latents, by matrix or by a tiny VAE."""

import numpy as np
import torch

from core.engines.sdxl.previews import draw_preview


def test_without_a_decoder_a_latent_is_a_pixel():
    image = draw_preview(torch.zeros(2, 4, 12, 16))
    assert (image.mode, image.size) == ("RGB", (16, 12))
    assert np.asarray(image)[0, 0].tolist() == [150, 140, 130]


def test_the_third_channel_makes_it_redder():
    latents = torch.zeros(1, 4, 4, 4)
    latents[0, 2, 0, 0] = 1
    red, green, blue = np.asarray(draw_preview(latents))[0, 0].tolist()
    assert (red, green, blue) == (175, 155, 125)


def test_latents_of_great_noise_are_brought_into_range():
    noise = torch.randn(1, 4, 32, 32, generator=torch.Generator().manual_seed(0))
    assert np.array_equal(np.asarray(draw_preview(noise * 1.5)), np.asarray(draw_preview(noise * 14)))


def test_a_tiny_vae_gives_whole_pixels(models):
    from diffusers import AutoencoderTiny

    decoder = AutoencoderTiny.from_pretrained(models / "preview-vae").eval()
    first = draw_preview(torch.zeros(1, 4, 12, 16), decoder)
    assert first.size == (128, 96)
    assert not np.array_equal(np.asarray(first), np.asarray(draw_preview(torch.ones(1, 4, 12, 16) * 0.5, decoder)))
