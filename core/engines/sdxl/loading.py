"""One model of an SDXL pipeline read from its folder: safetensors only, no code, every weight accounted for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from core.engines.memory import explain_failures
from core.engines.weights import check_weights, read_header, read_json, shards_of
from core.errors import EngineError

Kind = Literal["text_encoder", "text_encoder_2", "unet", "vae", "preview"]
Dtype = Literal["auto", "float16", "bfloat16", "float32"]

KINDS: dict[Kind, tuple[str, str]] = {
    "text_encoder": ("transformers", "CLIPTextModel"),
    "text_encoder_2": ("transformers", "CLIPTextModelWithProjection"),
    "unet": ("diffusers", "UNet2DConditionModel"),
    "vae": ("diffusers", "AutoencoderKL"),
    "preview": ("diffusers", "AutoencoderTiny"),
}
"""Library and class of each."""

WEIGHTS = {"transformers": "model", "diffusers": "diffusion_pytorch_model"}
"""What each library calls its weights files."""

UNUSED = ("position_ids",)
"""Weights of older files that no model reads: they number the positions."""


@dataclass(frozen=True)
class Component:
    """One model: its folder, and what it must be."""

    folder: Path
    kind: Kind

    @cached_property
    def config(self) -> dict[str, Any]:
        """Its config.json."""
        return read_json(self.folder / "config.json")

    @cached_property
    def variant(self) -> Literal["fp16"] | None:
        """The half precision files are taken where they are: half the bytes to read, and no less on a card."""
        return "fp16" if any(self.folder.glob(f"{self._stem}*fp16*.safetensors")) else None

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The weights files that are read, in order."""
        middle = ".fp16" if self.variant else ""
        index = self.folder / f"{self._stem}.safetensors.index{middle}.json"
        if index.is_file():
            return tuple(self.folder / name for name in sorted(shards_of(index)))
        return (self.folder / f"{self._stem}{middle}.safetensors",)

    @cached_property
    def parameters(self) -> int:
        """How many numbers its weights are, by the headers of its files."""
        return sum(math.prod(shape) for path in self.files for shape in read_header(path).values())

    def size_bytes(self, dtype: str) -> int:
        """What it takes in memory in ``dtype``."""
        return self.parameters * (4 if dtype == "float32" else 2)

    def dtype(self, device: str, dtype: Dtype = "auto") -> str:
        """What it computes in: float16 on a card and float32 elsewhere, unless told; a VAE that needs it, float32.

        A T4 has no bfloat16. The VAE of SDXL 1.0 overflows in float16, and its config says so.
        """
        if self.kind == "vae" and self.config.get("force_upcast", True):
            return "float32"
        if dtype != "auto":
            return dtype
        return "float16" if device.startswith("cuda") else "float32"

    def check(self) -> None:
        """See, without torch, that it is whole, safetensors, of its class and free of code.

        Raises:
            EngineError: what is wrong, and what to do.
        """
        check_weights(self.folder, self.files)
        if "auto_map" in self.config:
            raise EngineError(
                "The model in {path} brings program code of its own, which Chamada does not run. Choose an SDXL model "
                "without it.",
                path=self.folder,
            )
        library, name = KINDS[self.kind]
        found = self.config.get("_class_name" if library == "diffusers" else "model_type")
        if found != (name if library == "diffusers" else "clip_text_model"):
            raise EngineError(
                "The model in {path} is a {kind}, not the {wanted} of SDXL. Choose an SDXL model.",
                path=self.folder,
                kind=found or "?",
                wanted=name,
            )

    def load(self, device: str, dtype: Dtype = "auto") -> Any:
        """The model, on ``device``, for reading only.

        Raises:
            EngineError: it cannot be loaded; the message says what to do.
            OutOfMemory: it does not fit.
        """
        import torch

        self.check()
        with explain_failures(f"SDXL ({self.kind})"):
            model, report = self._read(getattr(torch, self.dtype(device, dtype)))
            self._check_report(report)
            model.requires_grad_(False).eval().to(device)
            self._check_numbers(model)
        return model

    @property
    def _stem(self) -> str:
        return WEIGHTS[KINDS[self.kind][0]]

    def _read(self, dtype: Any) -> tuple[Any, dict[str, Any]]:
        import diffusers
        import transformers

        library, name = KINDS[self.kind]
        libraries: dict[str, Any] = {"diffusers": diffusers, "transformers": transformers}
        for each in libraries.values():  # what they would log is refused below
            each.utils.logging.disable_progress_bar()
            each.utils.logging.set_verbosity_error()
        try:
            loaded = getattr(libraries[library], name).from_pretrained(
                self.folder,
                variant=self.variant,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                ignore_mismatched_sizes=True,  # so that they are reported, and refused below
                **{"torch_dtype" if library == "diffusers" else "dtype": dtype},
            )
        except (OSError, ValueError, ImportError, KeyError, TypeError, AttributeError) as error:
            why = str(error).strip().partition("\n")[0] or type(error).__name__
            raise EngineError("The model in {path} cannot be loaded: {why}", path=self.folder, why=why) from error
        return loaded[0], loaded[1]

    def _check_report(self, report: dict[str, Any]) -> None:
        """The libraries fill what they do not find with anything, skip what they do not know, and only say so."""
        unknown = [key for key in report["unexpected_keys"] if not str(key).endswith(UNUSED)]
        gaps = sorted({*report["missing_keys"], *(str(item[0]) for item in report["mismatched_keys"]), *unknown})
        if gaps:
            raise EngineError(
                "The model in {path} does not match its config.json in {count} of its weights ({name} …): it is of "
                "another architecture, or was not saved whole. Download it again.",
                path=self.folder,
                count=len(gaps),
                name=gaps[0],
            )

    def _check_numbers(self, model: Any) -> None:
        broken = find_broken(dict(model.named_parameters()))
        if broken:
            raise EngineError(
                "The model in {path} is damaged: {count} of its weights hold NaN ({name} …). Download it again.",
                path=self.folder,
                count=len(broken),
                name=broken[0],
            )


def find_broken(weights: Mapping[str, Any]) -> list[str]:
    """The names of the weights that hold NaN or infinity.

    Their least and greatest numbers tell, at 5 to 10 GB a second on one core: ``isfinite`` takes forty times as long.
    The device is waited for once.
    """
    import torch

    ends = torch.stack([end.float() for weight in weights.values() for end in torch.aminmax(weight)])
    whole = torch.isfinite(ends).reshape(-1, 2).all(dim=1).tolist()
    return [name for name, is_whole in zip(weights, whole, strict=True) if not is_whole]
