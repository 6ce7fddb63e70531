"""SDXL of diffusers: a base and, where there is one, a refiner that takes the last steps; models stay loaded.

Many requests go through phases, each model over all of them, where the device does not hold all models at once.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.compose.compose import compose
from core.compose.crop import cover
from core.domain.generation import ImageRequest, Origin
from core.engines.base import ImageResult, OnStep
from core.engines.memory import explain_failures, free_memory
from core.engines.residency import Residency
from core.engines.sdxl.folder import open_pipeline, open_vae
from core.engines.sdxl.ladder import NOTES, Phase, Rung, next_rung
from core.engines.sdxl.loading import Component, Dtype
from core.engines.sdxl.painter import Painter
from core.engines.sdxl.painting import Painting, Scratch, Steps, painting_key
from core.engines.sdxl.previews import EVERY, draw_preview
from core.engines.weights import find_model, fingerprint_folder
from core.errors import EngineError, OutOfMemory

if TYPE_CHECKING:
    from PIL.Image import Image

VERSION = "1"
"""Raise it with any change to how a picture is asked for or painted."""


class DiffusersImage:
    """Implements BatchImageEngine. Nothing is read before the first picture.

    Args:
        base: the folder of an SDXL base, or a hub id that was downloaded before.
        refiner: the same of its refiner; None for the base alone.
        preview: the same of a tiny VAE; without it previews are a latent a pixel.
        vae: the same of a VAE to decode with, such as one that is safe in float16; None for the base's own.
        loras: files by the names that requests call them.
        revision: the hub's commit or branch of the base; None for the one downloaded.
        residency: where it works, and what it shares the device with; None: alone on the CPU.
        scratch: a folder for unfinished pictures of a run; None to keep them in memory.
        dtype: "auto" is float16 on a card, float32 on the CPU.

    Attributes:
        on_preview: gets a small picture every few steps; None for none.
    """

    def __init__(
        self,
        base: str | Path,
        refiner: str | Path | None = None,
        *,
        preview: str | Path | None = None,
        vae: str | Path | None = None,
        loras: Mapping[str, str | Path] | None = None,
        revision: str | None = None,
        residency: Residency | None = None,
        scratch: Path | None = None,
        dtype: Dtype = "auto",
        on_preview: Callable[[Image], None] | None = None,
    ) -> None:
        self.base, self.refiner, self.vae, self.preview = base, refiner, vae, preview
        self.loras = {name: Path(path) for name, path in (loras or {}).items()}
        self.revision = revision
        self.residency = residency or Residency()
        self.scratch = Scratch(scratch)
        self.dtype: Dtype = dtype
        self.on_preview = on_preview

    @property
    def origin(self) -> Origin:
        """The models, by their names alone: a path is this machine's own business."""
        names = [_name(model) for model in (self.base, self.refiner) if model]
        return Origin(engine="diffusers", model=" + ".join(names), digital_source_type="trainedAlgorithmicMedia")

    @cached_property
    def fingerprint(self) -> str:
        """The sha256 hex over the models' files, their precision and this code's version; a request names its LoRA."""
        painter = self.painter
        folders = [painter.base_folder.path, painter.vae_component.folder]
        folders += [painter.refiner_folder.path] if painter.refiner_folder else []
        parts = ["diffusers", VERSION, self.dtype, *map(fingerprint_folder, folders)]
        return hashlib.sha256(":".join(parts).encode()).hexdigest()

    @cached_property
    def painter(self) -> Painter:
        """The models, seen to be whole and to belong together; none is read yet.

        Raises:
            EngineError: what is wrong with one, and what to do.
        """
        base = open_pipeline(self.base, "base", self.revision)
        return Painter(
            base_folder=base,
            refiner_folder=open_pipeline(self.refiner, "refiner") if self.refiner else None,
            vae_component=open_vae(self.vae, base) if self.vae else base.component("vae"),
            loras=self.loras,
            residency=self.residency,
            dtype=self.dtype,
        )

    # Pictures

    def generate(self, request: ImageRequest, on_step: OnStep | None = None) -> ImageResult:
        """Paint ``request``; the same seed gives the same picture on the same machine, and nearly so on others.

        Raises:
            EngineError: it cannot be painted; OutOfMemory where that is why.
            Canceled: ``on_step`` asked to stop.
        """
        steps = Steps(on_step)
        painting = self._plan(request)
        steps.add(painting)
        self._bring(painting, Phase.DECODE, steps)
        return self._result(painting)

    def generate_many(
        self, requests: Sequence[ImageRequest], on_step: OnStep | None = None
    ) -> Iterator[ImageResult | EngineError]:
        """Paint ``requests``, in their order; each picture is what ``generate`` gives.

        Where the device does not hold all models, one after the other goes over all pictures, and unfinished ones wait
        in the scratch folder; a run that is taken up again finds them there.

        Raises:
            Canceled: ``on_step`` asked to stop.
        """
        self.scratch.sweep()
        steps = Steps(on_step)
        jobs = [self._try_plan(request, steps) for request in requests]
        paintings = [job for job in jobs if isinstance(job, Painting)]
        in_phases = bool(paintings) and not self.painter.fits
        for phase in (Phase.ENCODE, Phase.BASE) if in_phases else ():
            for painting in paintings:
                painting.fault = painting.fault or self._try_bring(painting, phase, steps)
        for job in jobs:
            if isinstance(job, EngineError):
                yield job
                continue
            outcome = job.fault or self._try_bring(job, Phase.DECODE, steps) or self._result(job)
            self.scratch.forget(job)
            yield outcome

    def _plan(self, request: ImageRequest) -> Painting:
        return self.painter.plan(request, painting_key(self.fingerprint, request))

    def _try_plan(self, request: ImageRequest, steps: Steps) -> Painting | EngineError:
        try:
            painting = self._plan(request)
        except EngineError as error:
            return bare(error)
        self.scratch.recall(painting, with_tensors=False)
        steps.add(painting)
        return painting

    def _try_bring(self, painting: Painting, last: Phase, steps: Steps) -> EngineError | None:
        """What went wrong, if anything did, on the way to the phase ``last``."""
        done = painting.state.steps_done
        try:
            self.scratch.recall(painting, with_tensors=True)
            steps.done += painting.state.steps_done - done  # a file that was damaged since counts for nothing
            self._bring(painting, last, steps)
        except EngineError as error:
            steps.settle(painting, sum(painting.steps))
            return bare(error)
        if last is not Phase.DECODE:
            self.scratch.put(painting)
        return None

    def _bring(self, painting: Painting, last: Phase, steps: Steps) -> None:
        """Do the phases up to ``last`` that are not done, giving up one thing each time that memory runs out."""
        while phase := painting.next_phase(last):
            started, done = time.perf_counter(), painting.state.steps_done
            if self._try(phase, painting, steps):
                painting.state.finished.append(phase.value)
            else:
                steps.settle(painting, done)
                self._give_up(phase, painting, steps)
            seconds = painting.state.seconds
            seconds[phase.value] = round(seconds.get(phase.value, 0.0) + time.perf_counter() - started, 3)

    def _try(self, phase: Phase, painting: Painting, steps: Steps) -> bool:
        """Whether there was memory for it; not tried again in the handler, whose traceback keeps the tensors alive."""
        try:
            with explain_failures(self.origin.model):
                self.painter.work(phase, painting, lambda latents: self._watch(painting, latents, steps))
        except OutOfMemory:
            return False
        return True

    def _watch(self, painting: Painting, latents: Any, steps: Steps) -> None:
        if self.on_preview and (painting.state.steps_done + 1) % EVERY == 0:
            self.on_preview(draw_preview(latents, self._preview_decoder))
        steps.count(painting)

    @cached_property
    def _preview_decoder(self) -> Any:
        """A tiny VAE takes 10 MB, so it stays where it works; None where there is none."""
        if not self.preview:
            return None
        return Component(find_model(str(self.preview)), "preview").load(self.residency.device, self.dtype)

    def _give_up(self, phase: Phase, painting: Painting, steps: Steps) -> None:
        rung = next_rung(phase, painting.rungs)
        if rung is None:
            raise OutOfMemory(
                "There is not enough memory for a picture by {model}, though all that can be spared was given up. The "
                "text is kept. Close other programs that use the graphics card, or set CHAMADA_PRESET=rascunho.",
                model=self.origin.model,
            )
        if rung is Rung.SMALLER:
            steps.settle(painting, 0)
        painting.take(phase, rung)
        self.residency.release()
        free_memory()

    def _result(self, painting: Painting) -> ImageResult:
        assert painting.image is not None
        started = time.perf_counter()
        image = letter(painting.image, painting.request)
        state = painting.state
        seconds = {**state.seconds, "finish": round(time.perf_counter() - started, 3)}
        return ImageResult(
            image=image,
            seconds=sum(seconds.values()),
            ran={**self._ran(painting), "seconds": seconds},
            notes=tuple(NOTES[rung] for rung in Rung if painting.gave_up(rung) and rung in NOTES),
        )

    def _ran(self, painting: Painting) -> dict[str, Any]:
        """What really ran, in JSON's types."""
        request, (base, rest) = painting.request, painting.steps
        unrefined = painting.gave_up(Rung.UNREFINED)
        return {
            "base_steps": base + rest if unrefined and self.painter.hands_over_latents else base,
            "refiner_steps": 0 if unrefined else rest,
            "guided_steps": min(painting.guided, base + rest),
            "scheduler": request.scheduler or self.painter.base_folder.scheduler_config.get("_class_name", ""),
            "guidance_scale": request.guidance_scale,
            "cache_interval": request.cache_interval,
            "lora": request.lora,
            "bucket": list(painting.bucket),
            "handover": ("latents" if self.painter.hands_over_latents else "picture") if rest else "",
            "dtype": self.painter.dtype_at_work,
            "device": self.residency.device,
            "embeddings_cached": painting.state.cached,
            "rungs": [f"{phase}: {rung}" for phase, rung in painting.state.rungs],
        }


def letter(image: Image, request: ImageRequest) -> Image:
    """The picture in the size asked, with title and kicker drawn over it: SDXL cannot spell."""
    if not (request.title or request.kicker):
        return cover(image, request.width, request.height)
    return compose(
        image,
        headline=request.title,
        call_to_action=request.kicker,
        width=request.width,
        height=request.height,
        seed=request.seed,
    ).image


def bare(error: EngineError) -> EngineError:
    """An error to hand on, without the frames that raised it: they would keep tensors alive."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _name(model: str | Path) -> str:
    return Path(model).name if Path(model).is_dir() else str(model)
