"""The engines that serve here, opened by name: each once, those with models sharing one residency."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.generation import Sampling
from core.engines.base import ImageEngine, TextEngine
from core.engines.weights import find_model
from core.errors import ChamadaError, EngineError
from core.machine import Machine, look_around
from core.models import find_on_disk, known_models
from core.profiles import EngineChoice, Role, choose
from core.settings import Settings

if TYPE_CHECKING:
    from core.engines.residency import Residency

HOST_SHARE = 0.6
"""The share of this machine's memory in which models may wait for their turn on the card."""


def open_draft() -> TextEngine:
    """The embedded summariser and copywriter."""
    from core.engines.draft.text import DraftText

    return DraftText()


class Engines:
    """The engines that ``settings`` lead to on this machine. Nothing is loaded before an engine is asked for work."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def machine(self) -> Machine:
        """What this machine has."""
        return look_around(self.settings.data_dir)

    @cached_property
    def choice(self) -> EngineChoice:
        """Which engines serve, and why."""
        return choose(self.settings, self.machine, self._find_fault)

    @cached_property
    def text(self) -> TextEngine:
        """The engine that writes.

        Raises:
            EngineError: what the settings ask for cannot work here; the message says what to do.
        """
        self._refuse_problem()
        knobs = self.settings
        if self.choice.text == "remote":
            from core.engines.openai_text import OpenAIText

            key = knobs.openai_api_key.get_secret_value()
            return OpenAIText(
                knobs.openai_base_url, knobs.openai_model, api_key=key, deadline_s=knobs.openai_deadline_s
            )
        if self.choice.text == "model":
            from core.engines.transformers_text import TransformersText

            return TransformersText(knobs.text_model, residency=self.residency)
        return open_draft()

    @cached_property
    def image(self) -> ImageEngine:
        """The engine that paints.

        Raises:
            EngineError: what the settings ask for cannot work here; the message says what to do.
        """
        self._refuse_problem()
        if self.choice.image == "draft":
            from core.engines.draft.painter import DraftPainter

            return DraftPainter()
        from core.engines.diffusers_image import DiffusersImage

        knobs = self.settings
        return DiffusersImage(
            knobs.image_model,
            _optional(knobs.refiner_model) if self._has_refiner_steps else None,
            preview=_optional(knobs.preview_model),
            vae=_optional(knobs.vae_model),
            loras={name: path for name, path in self._loras.items() if name == self._preset.lora},
            residency=self.residency,
            scratch=knobs.scratch_dir,
        )

    @property
    def fallback(self) -> Callable[[], TextEngine] | None:
        """Opens the embedded copywriter where another engine writes: for copy that keeps failing its checks."""
        return None if self.choice.text == "draft" else open_draft

    @cached_property
    def sampling(self) -> Sampling:
        """How a model draws, by the preset of the settings; an engine that draws without a model ignores it."""
        if self.choice.image == "draft":
            return Sampling()
        return self._preset

    @property
    def preset(self) -> tuple[str, str] | None:
        """What the preset is called and what it does, as gettext ids; None where no model paints."""
        from core.engines.sdxl.presets import PRESETS

        return PRESETS[self.settings.preset] if self.choice.image == "model" else None

    @property
    def workers(self) -> int:
        """How many workers there may be: one where models run here, for each would load its own."""
        return min(self.settings.workers, 1) if self.choice.has_models else self.settings.workers

    @cached_property
    def residency(self) -> Residency:
        """What the models of this process share."""
        from core.engines.residency import Residency

        return Residency(
            self.choice.memory_bytes,
            device=self.choice.device,
            host_bytes=int(self.machine.memory_bytes * HOST_SHARE),
        )

    def _refuse_problem(self) -> None:
        if self.choice.problem:
            raise EngineError(self.choice.problem.message, **self.choice.problem.values)

    def _find_fault(self, role: Role) -> ChamadaError | None:
        model = getattr(self.settings, f"{role}_model")
        if role == "refiner" and not self._has_refiner_steps:
            return None
        try:
            find_model(model)
        except EngineError as error:
            return error
        return None

    @cached_property
    def _loras(self) -> dict[str, Path]:
        there = ((known.name, find_on_disk(known.name)) for known in known_models() if known.role == "lora")
        return {name: path for name, path in there if path}

    @cached_property
    def _preset(self) -> Sampling:
        from core.engines.sdxl.presets import read_preset

        chosen = {"guidance_end": self.settings.guidance_end, "cache_interval": self.settings.cache_interval}
        return read_preset(self.settings.preset, self._loras).model_copy(update=chosen)

    @property
    def _has_refiner_steps(self) -> bool:
        return self._preset.denoising_end < 1


def _optional(model: str) -> str | None:
    """``model`` if it is on this machine: pictures can do without it."""
    return model if model and find_on_disk(model) else None
