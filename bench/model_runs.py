"""A show prepared by models that stay, and as a notebook does that loads them for each request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.shows import write_show
from core.domain.generation import ImageRequest
from core.domain.residency import ResidencyReport
from core.engines.base import ImageEngine, ImageResult, OnStep, OnText, T, TextEngine, TextOptions, TextResult, Wrapping
from core.engines.diffusers_image import DiffusersImage
from core.engines.transformers_text import TransformersText
from core.prompts import Prompt
from core.settings import Settings
from core.studio import Studio

LINES = 12
"""Of an episode: a page, for what is measured here is loading and moving."""


@dataclass(frozen=True)
class Run:
    """What preparing a show took."""

    episodes: int
    made: int
    failed: int
    seconds: float
    processor_s: float
    report: ResidencyReport


class NotebookText(Wrapping):
    """Implements TextEngine as a notebook does: the model is read from disk for each request, answered alone."""

    def __init__(self, engine: TransformersText) -> None:
        self.engine = engine

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        """The answer of a model loaded for it."""
        return TransformersText(self.engine.model).generate(prompt, schema, options, on_text)


class NotebookImage(Wrapping):
    """Implements ImageEngine as a notebook does: reads both pipelines for each picture, 25 steps and 20 that are 6."""

    def __init__(self, engine: DiffusersImage) -> None:
        self.engine = engine

    def generate(self, request: ImageRequest, on_step: OnStep | None = None) -> ImageResult:
        """The picture of models loaded for it."""
        import diffusers

        library: Any = diffusers
        library.utils.logging.disable_progress_bar()
        started = time.perf_counter()
        asked = {"prompt": request.prompt, "negative_prompt": request.negative_prompt, "guidance_scale": 7.0}
        base = library.StableDiffusionXLPipeline.from_pretrained(self.engine.base, use_safetensors=True)
        base.set_progress_bar_config(disable=True)
        image = base(**asked, num_inference_steps=25).images[0]
        refiner = library.StableDiffusionXLImg2ImgPipeline.from_pretrained(self.engine.refiner, use_safetensors=True)
        refiner.set_progress_bar_config(disable=True)
        image = refiner(**asked, image=image, num_inference_steps=20).images[0]
        image = image.resize((request.width, request.height))
        return ImageResult(image=image, seconds=time.perf_counter() - started)


def local_settings(models: Path, library: Path, **changes: object) -> Settings:
    """Settings for models in ``models`` (``llama``, ``sdxl``, ``refiner``) on the CPU."""
    knobs = {
        "data_dir": library,
        "profile": "gpu",
        "device": "cpu",
        "text_model": str(models / "llama"),
        "image_model": str(models / "sdxl"),
        "refiner_model": str(models / "refiner"),
        "preview_model": "",
        "vae_model": "",
        "preset": "qualidade",
        "image_width": 128,
        "image_height": 128,
    }
    return Settings.model_validate({**knobs, **changes})


@contextmanager
def open_show(settings: Settings, episodes: int, folder: Path) -> Iterator[Studio]:
    """A library with a generated show of ``episodes``, nothing made of it yet."""
    from core import ingest

    with closing(Studio.open(settings)) as studio:
        reading = ingest.read(write_show(folder, episodes, LINES), "Bench")
        studio.import_episodes(reading.info, reading.episodes)
        yield studio


def prepare(studio: Studio, episodes: int) -> Run:
    """Make everything of the show."""
    clock, processor = time.perf_counter(), time.process_time()
    outcome = studio.prepare(studio.plan(studio.show("Bench")))
    return Run(
        episodes=episodes,
        made=outcome.made,
        failed=len(outcome.failed),
        seconds=time.perf_counter() - clock,
        processor_s=time.process_time() - processor,
        report=studio.engines.residency.report,
    )


def as_notebook(studio: Studio) -> None:
    """Have the engines of ``studio`` load their models for each request."""
    text, image = studio.engines.text, studio.engines.image
    assert isinstance(text, TransformersText)
    assert isinstance(image, DiffusersImage)
    slow_text: TextEngine = NotebookText(text)
    slow_image: ImageEngine = NotebookImage(image)
    studio.engines.text, studio.engines.image = slow_text, slow_image
