"""A picture on its way: what was asked, what is done of it, and the tensors that the next phase reads."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.domain.generation import ImageRequest
from core.engines.base import OnStep
from core.engines.sdxl.buckets import smaller_bucket
from core.engines.sdxl.ladder import Phase, Rung
from core.errors import EngineError

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

KEPT_S = 7 * 24 * 3600
"""Seconds that the unfinished pictures of a killed run wait to be taken up again."""


@dataclass
class State:
    """How far a picture is; it goes through JSON.

    Attributes:
        finished: the phases that are done.
        rungs: what was given up, each with its phase.
        steps_done: in this state's latents.
        seconds: by phase.
        cached: the prompt had been read before.
    """

    finished: list[str] = field(default_factory=list)
    rungs: list[tuple[str, str]] = field(default_factory=list)
    steps_done: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    cached: bool = False


@dataclass
class Painting:
    """One request and its picture so far.

    Attributes:
        key: changes with the engine's fingerprint and with the request.
        trained: the size in pixels nearest to the one asked, of those the model was trained on.
        steps: of the base and of the refiner; none of the refiner where it does not take part.
        tensors: in host memory.
        image: the picture as it was decoded.
        fault: why there will be none.
    """

    request: ImageRequest
    key: str
    trained: tuple[int, int]
    steps: tuple[int, int]
    state: State = field(default_factory=State)
    tensors: dict[str, Any] = field(default_factory=dict)
    image: Image | None = None
    fault: EngineError | None = None

    @property
    def bucket(self) -> tuple[int, int]:
        """The size that is painted, in pixels."""
        return smaller_bucket(*self.trained) if self.gave_up(Rung.SMALLER) else self.trained

    @property
    def guided(self) -> int:
        """How many of all its steps are guided."""
        request = self.request
        return round(request.guidance_end * sum(self.steps)) if request.guidance_scale > 1 else 0

    @property
    def rungs(self) -> list[tuple[Phase, Rung]]:
        """What was given up so far, and where."""
        return [(Phase(phase), Rung(rung)) for phase, rung in self.state.rungs]

    def gave_up(self, rung: Rung) -> bool:
        """Whether ``rung`` was taken."""
        return rung in (each for _, each in self.rungs)

    def next_phase(self, last: Phase) -> Phase | None:
        """The first phase up to ``last`` that is not done; None where all are."""
        wanted = [phase for phase in Phase if phase is not Phase.REFINE or self.steps[1]]
        wanted = wanted[: wanted.index(last) + 1] if last in wanted else wanted[:2]
        return next((phase for phase in wanted if phase not in self.state.finished), None)

    def take(self, phase: Phase, rung: Rung) -> None:
        """Give something up; a smaller picture begins anew, with the prompt as it was read."""
        self.state.rungs.append((phase.value, rung.value))
        if rung is Rung.SMALLER:
            self.state.finished = [Phase.ENCODE.value]
            self.state.steps_done = 0


def painting_key(fingerprint: str, request: ImageRequest) -> str:
    """The sha256 hex of what makes the latents of ``request``."""
    return hashlib.sha256(f"{fingerprint}:{request.model_dump_json()}".encode()).hexdigest()


@dataclass(frozen=True)
class Scratch:
    """Keeps paintings between phases: in files, so that a killed run redoes none, or in memory without a folder."""

    folder: Path | None = None

    def put(self, painting: Painting) -> None:
        """Write ``painting`` down and let its tensors go; where the disk does not take them they stay in memory."""
        if self.folder is None:
            return
        from safetensors import SafetensorError
        from safetensors.torch import save_file

        path = self._path(painting)
        half = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save_file(painting.tensors, half, metadata={"state": json.dumps(asdict(painting.state))})
            half.replace(path)
        except (OSError, SafetensorError) as error:
            log.warning("%s cannot be kept on disk: %s", path.name, error)
            with suppress(OSError):
                half.unlink()
            return
        painting.tensors = {}

    def recall(self, painting: Painting, *, with_tensors: bool) -> None:
        """Bring back what was put away, in this run or in an earlier one; a damaged file is as good as none."""
        if self.folder is None or painting.tensors:
            return
        from safetensors import SafetensorError, safe_open

        path = self._path(painting)
        painting.state = State()
        if not path.is_file():
            return
        try:
            with safe_open(path, framework="pt") as file:
                state = State(**json.loads(file.metadata()["state"]))
                if with_tensors:
                    painting.tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            painting.state = state
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            log.warning("%s is damaged, so its picture begins anew: %s", path.name, error)

    def forget(self, painting: Painting) -> None:
        """Let go of ``painting``, and of what was kept of it."""
        painting.tensors, painting.image = {}, None
        if self.folder is not None:
            with suppress(OSError):
                self._path(painting).unlink()

    def sweep(self) -> None:
        """Take away what a run left that was never taken up again."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.suffix in (".safetensors", ".part") and time.time() - path.stat().st_mtime > KEPT_S:
                path.unlink(missing_ok=True)

    def _path(self, painting: Painting) -> Path:
        assert self.folder is not None
        return self.folder / f"{painting.key}.safetensors"


@dataclass
class Steps:
    """Counts the steps of many paintings for whoever watches them.

    Attributes:
        total: of all paintings.
        done: of all paintings; what a resumed one had done counts from the start.
    """

    on_step: OnStep | None
    total: int = 0
    done: int = 0

    def add(self, painting: Painting) -> None:
        """A painting to come, or one that an earlier run began."""
        self.total += sum(painting.steps)
        self.done += painting.state.steps_done

    def count(self, painting: Painting) -> None:
        """A step of ``painting`` was done; raises what the watcher raises."""
        painting.state.steps_done += 1
        self.done += 1
        if self.on_step:
            self.on_step(self.done, self.total)

    def settle(self, painting: Painting, steps_done: int) -> None:
        """Have ``painting`` count as ``steps_done`` steps: it goes back, or is over."""
        self.done += steps_done - painting.state.steps_done
        painting.state.steps_done = steps_done
