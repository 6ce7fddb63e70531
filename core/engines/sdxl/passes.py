"""What is asked of diffusers for a picture: the base's steps, the refiner's steps, the VAE's decoding.

Source: Podell et al., "SDXL: Improving Latent Diffusion Models for High-Resolution Image Synthesis" (2023), for the
refiner; https://huggingface.co/docs/diffusers/using-diffusers/sdxl for the split of the steps between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import EngineError

if TYPE_CHECKING:
    from PIL.Image import Image

CALLBACK_TENSORS = ["latents", "prompt_embeds", "add_text_embeds", "add_time_ids"]

REFINER_STREAM = 2**32
"""Added to a picture's seed for the refiner's noise, which must not be the base's over again."""

OnLatents = Callable[[Any], None]


@dataclass(frozen=True)
class Watch:
    """Called by a pipeline after each step: ends guidance, and tells of the step and the latents.

    Attributes:
        guided: steps of this pass that are guided.
        on_latents: may raise, and so end the pass within a step.
    """

    guided: int
    on_latents: OnLatents

    def __call__(self, pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        """After the step number ``step``, from 0."""
        self.on_latents(tensors["latents"])
        if step + 1 == self.guided and pipe.do_classifier_free_guidance:
            # As diffusers' SDXLCFGCutoffCallback does; the second half is the prompt's.
            pipe._guidance_scale = 0.0
            for name in CALLBACK_TENSORS[1:]:
                tensors[name] = tensors[name].chunk(2)[1]
        return tensors


def draw_noise(width: int, height: int, seed: int) -> Any:
    """``(1, 4, height / 8, width / 8)`` float32 noise of a seed.

    Drawn on the CPU and in float32 wherever it is used: the same seed begins the same picture on every machine.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    return torch.randn((1, 4, height // 8, width // 8), generator=generator)


@dataclass(frozen=True)
class Pass:
    """A UNet's share of a picture's steps.

    Attributes:
        embeddings: the pipelines' four arguments, on the UNet's device.
        guidance_scale: 0 for none.
        seed: of the noise that some methods add in each step.
    """

    unet: Any
    scheduler: Any
    embeddings: dict[str, Any]
    num_inference_steps: int
    guidance_scale: float
    seed: int
    watch: Watch

    def begin(self, noise: Any, denoising_end: float) -> Any:
        """The latents that the base makes of ``noise``, up to the split at ``denoising_end`` (1 for all steps)."""
        pipe = self._pipeline("StableDiffusionXLPipeline")
        height, width = (8 * side for side in noise.shape[-2:])
        return self._run(pipe, latents=self._here(noise), denoising_end=denoising_end, height=height, width=width)

    def end(self, latents: Any, denoising_start: float, *, scored: bool) -> Any:
        """The latents that are left of ``latents`` from the split at ``denoising_start`` to the end.

        Args:
            scored: the UNet is told an aesthetics score, as SDXL's refiner is.
        """
        pipe = self._pipeline("StableDiffusionXLImg2ImgPipeline", requires_aesthetics_score=scored)
        latents = self._here(latents)
        return self._run(pipe, image=latents, latents=latents, denoising_start=denoising_start)

    def repaint(self, latents: Any, strength: float, vae: Any) -> Any:
        """The latents of a finished picture painted over: noise is added for the last ``strength`` of the steps."""
        pipe = self._pipeline("StableDiffusionXLImg2ImgPipeline", requires_aesthetics_score=True, vae=vae)
        return self._run(pipe, image=self._here(latents), strength=strength)

    def _pipeline(self, name: str, **given: Any) -> Any:
        """Prompts come embedded and latents leave as they are, so a pipeline needs the UNet alone."""
        import diffusers

        absent = dict.fromkeys(("vae", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2"))
        parts = {**absent, "unet": self.unet, "scheduler": self.scheduler, "add_watermarker": False, **given}
        pipe = getattr(diffusers, name)(**parts)
        pipe.set_progress_bar_config(disable=True)
        return pipe

    def _here(self, tensor: Any) -> Any:
        return tensor.to(self.unet.device, self.unet.dtype)

    def _run(self, pipe: Any, **given: Any) -> Any:
        import torch

        output = pipe(
            **self.embeddings,
            **given,
            num_inference_steps=self.num_inference_steps,
            guidance_scale=self.guidance_scale,
            generator=torch.Generator().manual_seed(self.seed),
            output_type="latent",
            callback_on_step_end=self.watch,
            callback_on_step_end_tensor_inputs=CALLBACK_TENSORS,
        )
        return check_finite(output.images, type(pipe).__name__)


def decode(vae: Any, latents: Any, *, tiled: bool = False) -> Image:
    """The picture of ``(1, 4, h, w)`` latents: an RGB image of 8 w × 8 h pixels.

    Args:
        tiled: in parts that overlap, in a quarter of the memory.

    Raises:
        EngineError: what the VAE gave is no picture.
    """
    import torch
    from diffusers.image_processor import VaeImageProcessor

    latents = latents.to(vae.device, vae.dtype)
    with torch.no_grad(), tiling(vae, tiled, max(latents.shape[-2:])):
        pixels = vae.decode(_unscale(vae, latents), return_dict=False)[0]
    image: Image = VaeImageProcessor().postprocess(check_finite(pixels.float(), "VAE"), output_type="pil")[0]
    return image


def encode(vae: Any, image: Image) -> Any:
    """The latents of a picture whose sides are multiples of 8, as its pipelines scale them."""
    import torch
    from diffusers.image_processor import VaeImageProcessor

    pixels = VaeImageProcessor().preprocess(image).to(vae.device, vae.dtype)
    with torch.no_grad():
        return vae.encode(pixels).latent_dist.mode() * vae.config.scaling_factor


def _unscale(vae: Any, latents: Any) -> Any:
    """Latents as the VAE wrote them; some derived from SDXL have a mean and a deviation for each channel."""
    import torch

    mean, deviation = getattr(vae.config, "latents_mean", None), getattr(vae.config, "latents_std", None)
    latents = latents / vae.config.scaling_factor
    if mean is None or deviation is None:
        return latents
    shape = (1, -1, 1, 1)
    return latents * torch.tensor(deviation).to(latents).view(shape) + torch.tensor(mean).to(latents).view(shape)


@contextmanager
def tiling(vae: Any, on: bool, side: int) -> Iterator[None]:
    """Have ``vae`` decode latents whose longer side is ``side`` in tiles of half of it; as it was afterwards.

    SDXL's own tile is a whole picture of 1024 pixels, which saves nothing.
    """
    own = vae.tile_latent_min_size, vae.tile_sample_min_size
    if on:
        vae.enable_tiling()
        vae.tile_latent_min_size, vae.tile_sample_min_size = (side + 1) // 2, (side + 1) // 2 * 8
    try:
        yield
    finally:
        if on:
            vae.disable_tiling()
            vae.tile_latent_min_size, vae.tile_sample_min_size = own


def check_finite(tensor: Any, where: str) -> Any:
    """The tensor itself.

    Raises:
        EngineError: a number of it is NaN or infinite, which would be a black picture.
    """
    import torch

    if not bool(torch.isfinite(tensor).all()):
        raise EngineError(
            "The picture came out of {where} as no numbers: the model is damaged, or float16 is too narrow for it. "
            "Check it with: python dataprep.py models verify",
            where=where,
        )
    return tensor
