"""A small picture of latents that are still being painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

EVERY = 5
"""Steps from one preview to the next."""

TO_RGB = ((60, 60, 60), (-60, -5, 10), (25, 15, -5), (-70, -50, -35))
"""What each of SDXL's four latent channels adds to red, green and blue.

Source: "Latent previews" in https://huggingface.co/docs/diffusers/using-diffusers/callback
"""

BIAS = (150, 140, 130)
"""Red, green and blue of empty latents; the same source."""


def draw_preview(latents: Any, decoder: Any = None) -> Image:
    """The first of ``(n, 4, h, w)`` latents as a picture: of 8 w × 8 h pixels by a tiny VAE, of w × h without.

    Args:
        decoder: an AutoencoderTiny, on the device of the latents or not.
    """
    from PIL import Image

    latents = latents[:1].float()
    latents = latents / latents.std().clamp(
        min=1
    )  # early on, some methods scale the noise far beyond a picture's range
    pixels = _by_matrix(latents) if decoder is None else _by_decoder(latents, decoder)
    array = pixels[0].clamp(0, 255).round().byte().permute(1, 2, 0).cpu().numpy()
    return Image.fromarray(array)


def _by_matrix(latents: Any) -> Any:
    import torch

    matrix = torch.tensor(TO_RGB, dtype=latents.dtype, device=latents.device)
    bias = torch.tensor(BIAS, dtype=latents.dtype, device=latents.device)
    return torch.einsum("nlhw,lc->nchw", latents, matrix) + bias[:, None, None]


def _by_decoder(latents: Any, decoder: Any) -> Any:
    import torch

    with torch.no_grad():
        decoded = decoder.decode(latents.to(decoder.device, decoder.dtype), return_dict=False)[0]
    return (decoded.float() / 2 + 0.5) * 255
