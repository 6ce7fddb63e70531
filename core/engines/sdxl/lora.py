"""A LoRA put into a UNet and taken out again: safetensors only, and every weight of it at work."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def load_lora(unet: Any, path: Path) -> None:
    """Put the LoRA in ``path`` into ``unet``, which has none.

    Raises:
        EngineError: it is not a LoRA for this UNet; nothing of it stays.
    """
    raise NotImplementedError


def remove_lora(unet: Any) -> None:
    """Leave ``unet`` as it was without a LoRA, to the last bit."""
    raise NotImplementedError
