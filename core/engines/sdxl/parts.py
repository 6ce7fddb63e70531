"""The parts of SDXL that go to the device and leave it as a whole: the encoders, the base, the refiner, the VAE."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.engines.sdxl.folder import PipelineFolder
from core.engines.sdxl.loading import Component, Dtype, Kind
from core.engines.sdxl.lora import load_lora, remove_lora
from core.engines.weights import fingerprint_files, read_json


class ModelPart:
    """Implements residency's Part for models that are on the device together.

    Args:
        device: where they work; they are loaded straight to it.
        dtype: what they compute in; "auto" is float16 on a card, float32 on the CPU.

    Attributes:
        models: the models by their role, empty while they are not in memory. What holds one elsewhere keeps it there.
    """

    def __init__(
        self, name: str, components: Mapping[str, Component], *, device: str = "cpu", dtype: Dtype = "auto"
    ) -> None:
        self.name = name
        self.components = dict(components)
        self.device = device
        self.dtype = dtype
        self.models: dict[str, Any] = {}

    @property
    def size_bytes(self) -> int:
        """What its weights take: by their files until they are loaded, then what they do."""
        if self.models:
            weights = [weight for model in self.models.values() for weight in model.parameters()]
            return sum(weight.nelement() * weight.element_size() for weight in weights)
        return sum(each.size_bytes(each.dtype(self.device, self.dtype)) for each in self.components.values())

    def load(self) -> None:
        """Read it from disk onto the device; nothing of it stays where that fails.

        Raises:
            EngineError: it cannot be loaded; OutOfMemory where it does not fit.
        """
        self.models = {role: each.load(self.device, self.dtype) for role, each in self.components.items()}

    def move(self, device: str) -> None:
        """Take it to ``device``."""
        for model in self.models.values():
            model.to(device)

    def drop(self) -> None:
        """Take it out of memory."""
        self.models = {}


class UnetPart(ModelPart):
    """A UNet, with at most one LoRA in it.

    Attributes:
        lora: the file of the LoRA at work; None for the UNet as it is.
    """

    def __init__(self, name: str, unet: Component, *, device: str = "cpu", dtype: Dtype = "auto") -> None:
        super().__init__(name, {"unet": unet}, device=device, dtype=dtype)
        self.lora: Path | None = None

    @property
    def unet(self) -> Any:
        """The model; KeyError while it is not in memory."""
        return self.models["unet"]

    def set_lora(self, path: Path | None) -> None:
        """Have the LoRA in ``path`` at work, or none; the UNet must be in memory. It stays until the next call.

        Raises:
            EngineError: it is not a LoRA for this UNet; the UNet is then as it was without one.
        """
        if path == self.lora:
            return
        remove_lora(self.unet)
        self.lora = None
        if path is not None:
            load_lora(self.unet, path)
            self.lora = path

    def drop(self) -> None:
        """Take it out of memory, its LoRA with it."""
        super().drop()
        self.lora = None


def encoders_part(
    base: PipelineFolder, refiner: PipelineFolder | None, *, device: str = "cpu", dtype: Dtype = "auto"
) -> ModelPart:
    """Both text encoders of ``base``, and ``refiner_text_encoder_2`` where the refiner's is another one."""
    kinds: tuple[Kind, ...] = ("text_encoder", "text_encoder_2")
    components = {str(kind): base.component(kind) for kind in kinds}
    if refiner is not None:
        own = refiner.component("text_encoder_2")
        if not same_model(components["text_encoder_2"], own):
            components["refiner_text_encoder_2"] = own
    return ModelPart("encoders", components, device=device, dtype=dtype)


def vae_part(vae: Component, *, device: str = "cpu", dtype: Dtype = "auto") -> ModelPart:
    """The VAE, as ``models["vae"]``."""
    vae.check()
    return ModelPart("vae", {"vae": vae}, device=device, dtype=dtype)


def same_model(one: Component, other: Component) -> bool:
    """Whether two folders hold the same model, so that one in memory serves for both."""

    def shape(component: Component) -> dict[str, Any]:
        notes = {"transformers_version", "torch_dtype", "dtype"}
        config = read_json(component.folder / "config.json")
        return {key: value for key, value in config.items() if key not in notes and not key.startswith("_")}

    return shape(one) == shape(other) and fingerprint_files(one.files) == fingerprint_files(other.files)
