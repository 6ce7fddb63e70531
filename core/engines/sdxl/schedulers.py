"""Sampling methods by name, from data/schedulers.json, made for a model by its own scheduler config."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.errors import EngineError
from core.settings import BUNDLED


@lru_cache(maxsize=1)
def load_schedulers() -> dict[str, dict[str, Any]]:
    """Every method by its name: diffusers' ``class``, and the ``config`` it changes."""
    found: dict[str, dict[str, Any]] = json.loads((BUNDLED / "schedulers.json").read_text(encoding="utf-8"))[
        "schedulers"
    ]
    return found


def check_scheduler(name: str) -> None:
    """See that ``name`` is a method, or "" for the model's own.

    Raises:
        EngineError: it is not; the message lists those that are.
    """
    if name and name not in load_schedulers():
        raise EngineError(
            "There is no sampling method “{name}”. Choose one of: {names}.",
            name=name,
            names=", ".join(load_schedulers()),
        )


def make_scheduler(config: Mapping[str, Any], name: str = "") -> Any:
    """A new scheduler of the method ``name`` ("" for the model's own) with a model's scheduler ``config``.

    A new one for each picture: it carries the state of one.

    Raises:
        EngineError: there is no such method, or the model's own is not among diffusers'.
    """
    import diffusers

    check_scheduler(name)
    own = str(config.get("_class_name", ""))
    method: dict[str, Any] = load_schedulers()[name] if name else {"class": own}
    kind = getattr(diffusers, method["class"], None)
    if not (inspect.isclass(kind) and issubclass(kind, diffusers.SchedulerMixin)):
        raise EngineError(
            "The model's own sampling method, “{name}”, is not known. Choose one of: {names}.",
            name=own,
            names=", ".join(load_schedulers()),
        )
    taken = inspect.signature(kind.__init__).parameters
    shared = {key: value for key, value in config.items() if key in taken}
    return kind(**{**shared, **method.get("config", {})})


def count_steps(scheduler: Any, num_inference_steps: int, denoising_end: float) -> tuple[int, int]:
    """The steps before and after the split at ``denoising_end``, as the pipelines of base and refiner count them.

    The split is at a noise level, so a method with more steps at low noise (Karras) gives the refiner more of them.

    Raises:
        EngineError: the method does not take so many steps.
    """
    try:
        scheduler.set_timesteps(num_inference_steps)
    except ValueError as error:
        raise EngineError(
            "This sampling method cannot take {count} steps: {why}",
            count=num_inference_steps,
            why=str(error).partition("\n")[0],
        ) from error
    trained = int(scheduler.config.num_train_timesteps)
    cutoff = round(trained - denoising_end * trained)
    before = int((scheduler.timesteps >= cutoff).sum())
    return before, len(scheduler.timesteps) - before
