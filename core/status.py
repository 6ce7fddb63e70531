"""How it stands: which engines serve and why, the machine, the models on it, and what the workers hold."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.job import Job
from core.domain.residency import WorkerReport
from core.errors import StoreError
from core.machine import Machine
from core.models import Role, find_on_disk, known_models, look_up, size_on_disk
from core.profiles import EngineChoice
from core.settings import Settings

if TYPE_CHECKING:
    from core.engines.opening import Engines
    from core.jobs.worker import Handler, JobHandle
    from core.store.library import Library

log = logging.getLogger("chamada.status")

TELL_S = 5.0
"""How often a worker tells how it stands during a long job, in seconds."""


@dataclass(frozen=True)
class ModelView:
    """A model that the settings name, or a LoRA of the presets.

    Attributes:
        name: its name or hub id; a folder's last name alone.
        bytes: on disk; what it would take, where it is not there; 0 where that is not known.
        serves: whether an engine of this machine uses it.
    """

    name: str
    role: Role
    bytes: int
    is_there: bool
    serves: bool


@dataclass(frozen=True)
class Status:
    """How it stands, but for the workers."""

    choice: EngineChoice
    machine: Machine
    models: tuple[ModelView, ...]


def read_status(settings: Settings, engines: Engines) -> Status:
    """How it stands, seen from this process."""
    return Status(engines.choice, engines.machine, tuple(list_models(settings, engines.choice)))


def list_models(settings: Settings, choice: EngineChoice) -> list[ModelView]:
    """The models that the settings name, by role, and the LoRAs of the presets."""
    named: list[tuple[Role, str]] = [
        ("text", settings.text_model),
        ("image", settings.image_model),
        ("refiner", settings.refiner_model),
        ("vae", settings.vae_model),
        ("preview", settings.preview_model),
        *((known.role, known.name) for known in known_models() if known.role == "lora"),
    ]
    return [_look_at(role, model, choice) for role, model in named if model]


def _look_at(role: Role, model: str, choice: EngineChoice) -> ModelView:
    there, known = find_on_disk(model), look_up(model)
    engine = choice.text if role == "text" else choice.image
    return ModelView(
        name=known.name if known else Path(model).name if Path(model).exists() else model,
        role=role,
        bytes=size_on_disk(there) if there else known.bytes if known else 0,
        is_there=there is not None,
        serves=there is not None and engine == "model",
    )


class Telling:
    """A worker that tells the library how it stands, after each job and now and then during a long one."""

    def __init__(self, library: Library, engines: Engines) -> None:
        self.library = library
        self.engines = engines
        self._told = -TELL_S

    def after(self, handler: Handler) -> Handler:
        """``handler``, and then tell, whatever came of it."""

        def handle(job: Job, handle: JobHandle) -> None:
            try:
                handler(job, handle)
            finally:
                self.tell(job)

        return handle

    def now_and_then(self, job: Job) -> None:
        """Tell, unless it was told just now; cheap enough to call often."""
        if time.monotonic() - self._told >= TELL_S:
            self.tell(job)

    def tell(self, job: Job) -> None:
        """Tell, in the name of the seat that does ``job``; a library that cannot be written goes without."""
        self._told = time.monotonic()
        choice = self.engines.choice
        residency = self.engines.residency.report if choice.has_models else None
        try:
            self.library.reports.save(int(job.worker), WorkerReport(profile=choice.profile, residency=residency))
        except StoreError as error:
            log.warning("The worker could not tell how it stands: %s", error)
