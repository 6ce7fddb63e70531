"""An SDXL pipeline's folder, looked at before anything of it is loaded: is it one, for this role, and free of code?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.engines.sdxl.loading import KINDS, Component, Kind
from core.engines.weights import find_model, read_json
from core.errors import EngineError

Role = Literal["base", "refiner"]

PIPELINES = ("StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline")

PARTS: dict[Role, tuple[Kind, ...]] = {
    "base": ("text_encoder", "text_encoder_2", "unet"),
    "refiner": ("text_encoder_2", "unet"),
}
"""The models that each role cannot do without; a VAE may come from elsewhere."""

FOLDERS: dict[Role, tuple[str, ...]] = {
    "base": (*PARTS["base"], "tokenizer", "tokenizer_2", "scheduler"),
    "refiner": (*PARTS["refiner"], "tokenizer_2", "scheduler"),
}
"""All that is read of each."""

TIME_IDS: dict[Role, int] = {"base": 6, "refiner": 5}
"""Numbers a UNet is told beside the prompt: two sizes and a crop, or a size, a crop and an aesthetics score.

Source: Podell et al., "SDXL: Improving Latent Diffusion Models for High-Resolution Image Synthesis" (2023).
"""


@dataclass(frozen=True)
class PipelineFolder:
    """A folder that holds an SDXL base or refiner as diffusers saves it; made by ``open_pipeline``."""

    path: Path
    role: Role
    index: Mapping[str, Any]

    def component(self, kind: Kind) -> Component:
        """One of its models."""
        return Component(self.path / kind, kind)

    @property
    def zeros_for_no_negative_prompt(self) -> bool:
        """Whether a negative prompt of None is all zeros (SDXL base), rather than an empty prompt (refiner)."""
        return bool(self.index.get("force_zeros_for_empty_prompt", True))

    @property
    def requires_aesthetics_score(self) -> bool:
        """Whether the UNet is told an aesthetics score."""
        return bool(self.index.get("requires_aesthetics_score", self.role == "refiner"))

    @property
    def scheduler_config(self) -> dict[str, Any]:
        """The noise schedule it was trained with, for any scheduler's ``from_config``."""
        return read_json(self.path / "scheduler" / "scheduler_config.json")

    @property
    def latent_scale(self) -> tuple[int, float] | None:
        """Channels and scaling factor of its latents; two pipelines with the same can hand latents over."""
        if not (self.path / "vae" / "config.json").is_file():
            return None
        return read_latent_scale(self.path / "vae")


def read_latent_scale(vae: Path) -> tuple[int, float]:
    """Channels and scaling factor of the latents that the VAE in folder ``vae`` decodes."""
    config = read_json(vae / "config.json")
    return int(config.get("latent_channels", 4)), float(config.get("scaling_factor", 0.18215))


def open_pipeline(model: str | Path, role: Role, revision: str | None = None) -> PipelineFolder:
    """The folder of ``model`` (a path, or a hub id downloaded before), seen to be whole and to serve as ``role``.

    Raises:
        EngineError: what is wrong, and what to do.
    """
    if Path(model).is_file():
        raise EngineError(
            "{path} is a single file. Chamada reads the folder that diffusers saves, with model_index.json and one "
            "folder a part: download the model in that form.",
            path=model,
        )
    folder = find_model(str(model), revision)
    if not (folder / "model_index.json").is_file():
        raise EngineError("{path} holds no image pipeline: model_index.json is missing. Check the path.", path=folder)
    opened = PipelineFolder(folder, role, read_json(folder / "model_index.json"))
    _check_class(opened)
    _check_role(opened)
    missing = [name for name in FOLDERS[role] if not (folder / name).is_dir()]
    if missing:
        raise EngineError(
            "The model in {path} is only half there: {names} missing. Download it again; what is there is kept.",
            path=folder,
            names=", ".join(missing),
        )
    for kind in PARTS[role]:
        opened.component(kind).check()
    _check_widths(opened)
    return opened


def open_vae(folder: str | Path, base: PipelineFolder, revision: str | None = None) -> Component:
    """A VAE of its own, seen to decode the latents of ``base``.

    Raises:
        EngineError: what is wrong, and what to do.
    """
    vae = Component(find_model(str(folder), revision), "vae")
    vae.check()
    if base.latent_scale not in (None, read_latent_scale(vae.folder)):
        raise EngineError(
            "The VAE in {path} is for another base than {base}: its latents have another scale. Choose a VAE of SDXL.",
            path=vae.folder,
            base=base.path,
        )
    return vae


def _check_class(folder: PipelineFolder) -> None:
    """A class that is a list names a file of code to import; so does a part's library other than the two."""
    name = folder.index.get("_class_name")
    entries = {key: value for key, value in folder.index.items() if isinstance(value, list) and key in KINDS}
    libraries = {str(entry[0]) for entry in entries.values() if entry and entry[0] is not None}
    if isinstance(name, list) or not libraries <= {"diffusers", "transformers"}:
        raise EngineError(
            "The model in {path} brings program code of its own, which Chamada does not run. Choose an SDXL model "
            "without it.",
            path=folder.path,
        )
    if name not in PIPELINES:
        raise EngineError(
            "The model in {path} is a {kind}, not SDXL. Choose an SDXL base model and, if you like, its refiner.",
            path=folder.path,
            kind=name or "?",
        )


def _check_role(folder: PipelineFolder) -> None:
    first = folder.index.get("text_encoder") or [None]
    role: Role = "refiner" if first[0] is None else "base"
    if role != folder.role and role == "refiner":
        raise EngineError(
            "The model in {path} is a refiner, which finishes pictures and begins none. Set it as "
            "CHAMADA_REFINER_MODEL, and an SDXL base as CHAMADA_IMAGE_MODEL.",
            path=folder.path,
        )
    if role != folder.role:
        raise EngineError(
            "The model in {path} is a base, not a refiner. Set it as CHAMADA_IMAGE_MODEL, or leave "
            "CHAMADA_REFINER_MODEL empty to do without a refiner.",
            path=folder.path,
        )


def _check_widths(folder: PipelineFolder) -> None:
    """The UNet must read what the encoders write, and be told as many numbers as its role says."""
    encoders = [folder.component(kind).config for kind in PARTS[folder.role] if kind != "unet"]
    unet = folder.component("unet").config
    width = sum(int(config.get("hidden_size", 0)) for config in encoders)
    added = TIME_IDS[folder.role] * int(unet.get("addition_time_embed_dim") or 0)
    added += int(encoders[-1].get("projection_dim", 0))
    if unet.get("cross_attention_dim") == width and unet.get("projection_class_embeddings_input_dim") == added:
        return
    raise EngineError(
        "The parts of the model in {path} do not belong together: the UNet does not read what the text encoders "
        "write. Download it again.",
        path=folder.path,
    )
