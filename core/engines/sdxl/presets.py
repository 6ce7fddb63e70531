"""Speed presets: how long a picture may take, in one word, as the sampling options that keep it."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import lru_cache

from core.domain.generation import Sampling
from core.errors import SettingsError
from core.language import N_
from core.settings import BUNDLED

PRESETS = {
    "rascunho": (N_("Draft"), N_("8 to 12 steps and no refiner: for a first look, and for small cards.")),
    "equilibrado": (N_("Balanced"), N_("25 steps, the last ones by the refiner: a fifth fewer than Quality takes.")),
    "qualidade": (N_("Quality"), N_("31 steps with strong guidance, the last ones by the refiner: the finest detail.")),
}
"""A preset's name and what it does, for the screen, by its word in the settings."""


def read_preset(preset: str, loras: Collection[str] = ()) -> Sampling:
    """The sampling options of ``preset``.

    Args:
        loras: the names of those on disk; a preset that has a use for one does without where it is not.

    Raises:
        SettingsError: there is no such preset.
    """
    found = _load().get(preset)
    if found is None:
        raise SettingsError(
            "There is no image preset “{name}”. Choose one of: {names}.", name=preset, names=", ".join(PRESETS)
        )
    return next(each for each in found if not each.lora or each.lora in loras)


@lru_cache(maxsize=1)
def _load() -> dict[str, list[Sampling]]:
    found = json.loads((BUNDLED / "image_presets.json").read_text(encoding="utf-8"))["presets"]
    return {name: [Sampling(**each) for each in choices] for name, choices in found.items()}
