"""The four phases of one picture, each with the models it needs on the device and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from core.domain.generation import ImageRequest
from core.engines.residency import Part, Residency
from core.engines.sdxl.buckets import TRAINED_SIDE, nearest_bucket
from core.engines.sdxl.deep_cache import reuse_deep_blocks
from core.engines.sdxl.encoding import PromptEncoder
from core.engines.sdxl.folder import PipelineFolder
from core.engines.sdxl.ladder import Phase, Rung
from core.engines.sdxl.loading import Component, Dtype
from core.engines.sdxl.painting import Painting
from core.engines.sdxl.parts import ModelPart, UnetPart, encoders_part, vae_part
from core.engines.sdxl.passes import REFINER_STREAM, OnLatents, Pass, Watch, decode, draw_noise, encode
from core.engines.sdxl.schedulers import count_steps, make_scheduler
from core.errors import EngineError

WORK = {Phase.ENCODE: 0, Phase.BASE: 300, Phase.REFINE: 300, Phase.DECODE: 1200}
"""Bytes of work for each pixel and each byte of a number, guidance included: 4.7 GB for a picture of 1024² decoded in
float32. Source: torch's MemTracker on the true shapes, and half as much again for cuDNN."""


@dataclass
class Painter:
    """Takes paintings from phase to phase.

    Attributes:
        vae: decodes what the base makes.
        loras: files by the names that requests call them.
    """

    base_folder: PipelineFolder
    refiner_folder: PipelineFolder | None
    vae_component: Component
    loras: Mapping[str, Path]
    residency: Residency
    dtype: Dtype = "auto"

    # The parts; nothing of them is read yet

    @cached_property
    def encoders(self) -> ModelPart:
        """The text encoders of base and refiner."""
        return encoders_part(self.base_folder, self.refiner_folder, device=self.residency.device, dtype=self.dtype)

    @cached_property
    def base(self) -> UnetPart:
        """The base's UNet."""
        unet = self.base_folder.component("unet")
        return UnetPart("base", unet, device=self.residency.device, dtype=self.dtype)

    @cached_property
    def refiner(self) -> UnetPart | None:
        """The refiner's UNet."""
        if self.refiner_folder is None:
            return None
        unet = self.refiner_folder.component("unet")
        return UnetPart("refiner", unet, device=self.residency.device, dtype=self.dtype)

    @cached_property
    def vae(self) -> ModelPart:
        """The base's VAE, or the one given instead."""
        return vae_part(self.vae_component, device=self.residency.device, dtype=self.dtype)

    @cached_property
    def refiner_vae(self) -> ModelPart:
        """What decodes the refiner's latents: the same VAE where its latents have the same scale."""
        folder = self.refiner_folder
        if folder is None or folder.latent_scale in (None, self.base_folder.latent_scale):
            return self.vae
        part = vae_part(folder.component("vae"), device=self.residency.device, dtype=self.dtype)
        part.name = "refiner_vae"
        return part

    @property
    def hands_over_latents(self) -> bool:
        """Whether the refiner goes on with the base's latents; else it paints over the finished picture (img2img)."""
        return self.refiner_vae is self.vae

    @cached_property
    def reader(self) -> PromptEncoder:
        """Reads prompts, and keeps what it read."""
        return PromptEncoder(self.base_folder, self.refiner_folder, self.encoders)

    @property
    def fits(self) -> bool:
        """Whether all parts stay on the device together, with room for the work of each."""
        parts: list[Part] = [self.encoders, self.base, self.vae]
        parts += [self.refiner] if self.refiner else []
        parts += [] if self.hands_over_latents else [self.refiner_vae]
        work = max(self.work_bytes(phase, self._side**2) for phase in Phase)
        return self.residency.fits(*parts, work_bytes=work)

    @property
    def dtype_at_work(self) -> str:
        """What the UNets compute in."""
        return self.base_folder.component("unet").dtype(self.residency.device, self.dtype)

    @cached_property
    def _side(self) -> int:
        """Pixels of the square that the base was trained on."""
        return 8 * int(self.base_folder.component("unet").config.get("sample_size") or TRAINED_SIDE // 8)

    # Before the first phase

    def plan(self, request: ImageRequest, key: str) -> Painting:
        """A painting of ``request``, with nothing done.

        Raises:
            EngineError: there is no such sampling method or LoRA, or the method does not take so many steps.
        """
        if request.lora and request.lora not in self.loras:
            raise EngineError(
                "The LoRA “{name}” is not on this machine. Download it with: python dataprep.py models pull {name}",
                name=request.lora,
            )
        trained = nearest_bucket(request.width, request.height, self._side)
        return Painting(request, key, trained=trained, steps=self._split(request))

    def _split(self, request: ImageRequest) -> tuple[int, int]:
        """The steps of base and refiner; all are the base's where the refiner has nothing to do."""
        count, end = request.num_inference_steps, request.denoising_end
        base = make_scheduler(self.base_folder.scheduler_config, request.scheduler)
        alone = sum(count_steps(base, count, 1.0)), 0
        if self.refiner_folder is None or end == 1:
            return alone
        if not self.hands_over_latents:
            return alone[0], int(count * _strength(end))
        refiner = make_scheduler(self.refiner_folder.scheduler_config, request.scheduler)
        split = count_steps(base, count, end)[0], count_steps(refiner, count, end)[1]
        return split if all(split) else alone

    # The phases

    def work(self, phase: Phase, painting: Painting, on_latents: OnLatents) -> None:
        """Do one phase of ``painting``; what is left behind where it fails is as before.

        Args:
            on_latents: gets the latents after each step; may raise.
        """
        phases: dict[Phase, Callable[[Painting, OnLatents], None]] = {
            Phase.ENCODE: self._encode,
            Phase.BASE: self._begin,
            Phase.REFINE: self._refine,
            Phase.DECODE: self._decode,
        }
        phases[phase](painting, on_latents)

    def _encode(self, painting: Painting, _: OnLatents) -> None:
        # An empty negative prompt is none: SDXL's base was trained with zeros there.
        texts = painting.request.prompt, painting.request.negative_prompt.strip() or None
        if self.reader.knows(*texts):
            encoded = self.reader.encode(*texts)
        else:
            with self.residency.use(self.encoders, work_bytes=self._work(Phase.ENCODE, painting)):
                encoded = self.reader.encode(*texts)
        painting.state.cached = encoded.cached
        for name, embeddings in (("base", encoded.base), ("refiner", encoded.refiner)):
            if embeddings:
                painting.tensors |= {f"{name}.{key}": tensor for key, tensor in vars(embeddings).items()}

    def _begin(self, painting: Painting, on_latents: OnLatents) -> None:
        noise = draw_noise(*painting.bucket, painting.request.seed)
        split = painting.request.denoising_end if painting.steps[1] and self.hands_over_latents else 1.0
        with self._pass(Phase.BASE, painting, self.base, on_latents) as share:
            painting.tensors["latents"] = share.begin(noise, split).cpu()

    def _refine(self, painting: Painting, on_latents: OnLatents) -> None:
        """The steps after the split: the refiner's, or where memory has no room for it the base's."""
        unrefined = painting.gave_up(Rung.UNREFINED)
        part = self.base if unrefined or self.refiner is None else self.refiner
        if self.hands_over_latents:
            self._end(painting, part, on_latents)
        elif not unrefined:
            self._repaint(painting, part, on_latents)

    def _end(self, painting: Painting, part: UnetPart, on_latents: OnLatents) -> None:
        folder = self.base_folder if part is self.base else self.refiner_folder
        scored = folder is not None and folder.requires_aesthetics_score
        with self._pass(Phase.REFINE, painting, part, on_latents) as share:
            latents = share.end(painting.tensors["latents"], painting.request.denoising_end, scored=scored)
            painting.tensors["latents"] = latents.cpu()

    def _repaint(self, painting: Painting, part: UnetPart, on_latents: OnLatents) -> None:
        strength = _strength(painting.request.denoising_end)
        self._decode(painting, on_latents)
        assert painting.image is not None
        with self._pass(Phase.REFINE, painting, part, on_latents, self.refiner_vae) as share:
            vae = self.refiner_vae.models["vae"]
            painting.tensors["latents"] = share.repaint(encode(vae, painting.image), strength, vae).cpu()

    def _decode(self, painting: Painting, _: OnLatents) -> None:
        refined = Phase.REFINE in painting.state.finished and not painting.gave_up(Rung.UNREFINED)
        part = self.refiner_vae if refined else self.vae
        work = self._work(Phase.DECODE, painting)
        # In tiles where it would push out the UNet that is wanted for the next picture.
        tiled = painting.gave_up(Rung.TILED) or not self.residency.fits(
            part, self.refiner or self.base, work_bytes=work
        )
        with self.residency.use(part, work_bytes=work // 4 if tiled else work):
            painting.image = decode(part.models["vae"], painting.tensors["latents"], tiled=tiled)

    @contextmanager
    def _pass(
        self, phase: Phase, painting: Painting, part: UnetPart, on_latents: OnLatents, *others: Part
    ) -> Iterator[Pass]:
        """The UNet of ``part`` ready for its share of the steps, with the ``others`` on the device beside it."""
        request, begun = painting.request, 0 if phase is Phase.BASE else painting.steps[0]
        guided = max(0, painting.guided - begun)
        with self.residency.use(part, *others, work_bytes=self._work(phase, painting)):
            if part is self.base:
                part.set_lora(self.loras.get(request.lora))
            prefix = f"{part.name}."
            named = {key: tensor for key, tensor in painting.tensors.items() if key.startswith(prefix)}
            folder = self.refiner_folder if part is self.refiner and self.refiner_folder else self.base_folder
            with reuse_deep_blocks(part.unet, request.cache_interval):
                yield Pass(
                    unet=part.unet,
                    scheduler=make_scheduler(folder.scheduler_config, request.scheduler),
                    embeddings={key.removeprefix(prefix): tensor.to(part.unet.device) for key, tensor in named.items()},
                    num_inference_steps=request.num_inference_steps,
                    guidance_scale=request.guidance_scale if guided else 0.0,
                    seed=request.seed if phase is Phase.BASE else (request.seed + REFINER_STREAM) % 2**63,
                    watch=Watch(guided, on_latents),
                )

    def _work(self, phase: Phase, painting: Painting) -> int:
        return self.work_bytes(phase, painting.bucket[0] * painting.bucket[1])

    def work_bytes(self, phase: Phase, pixels: int) -> int:
        """What a phase takes beside its models, for a picture of so many pixels."""
        component = self.vae_component if phase is Phase.DECODE else self.base_folder.component("unet")
        size = 4 if component.dtype(self.residency.device, self.dtype) == "float32" else 2
        return WORK[phase] * pixels * size


def _strength(denoising_end: float) -> float:
    """The share of the steps that is left; rounded, for 40 steps at 0.8 leave 8."""
    return round(1 - denoising_end, 6)
