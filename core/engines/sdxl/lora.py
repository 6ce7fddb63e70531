"""A LoRA put into a UNet and taken out again: safetensors only, and every weight of it at work.

Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.engines.memory import explain_failures
from core.engines.sdxl.loading import find_broken
from core.engines.weights import PICKLED, read_header
from core.errors import EngineError

NAME = "chamada"
"""What peft calls the one LoRA at work."""


def load_lora(unet: Any, path: Path) -> None:
    """Put the LoRA in ``path`` into ``unet``, which has none, on the UNet's device and in its dtype.

    Raises:
        EngineError: it is not a LoRA for this UNet, and nothing of it stays; OutOfMemory where it does not fit.
    """
    file = find_lora(path)
    weights, alphas, metadata = _read(unet, file)
    _check_fit(unet, file, weights)
    why = ""
    with explain_failures(f"LoRA ({file.name})"):
        try:
            unet.load_lora_adapter(
                weights,
                prefix="unet",
                network_alphas=alphas,
                metadata=metadata,
                adapter_name=NAME,
                low_cpu_mem_usage=True,  # no random weights first
            )
        except (ValueError, KeyError, TypeError) as error:
            why = str(error).strip().partition("\n")[0] or type(error).__name__
        finally:
            if why or NAME not in getattr(unet, "peft_config", {}):
                remove_lora(unet)
    if why:
        raise EngineError("The LoRA in {path} cannot be loaded: {why}", path=file, why=why)
    unet.requires_grad_(False).eval()


def remove_lora(unet: Any) -> None:
    """Leave ``unet`` as it was without a LoRA, to the last bit."""
    unet.unload_lora()


def find_lora(path: Path) -> Path:
    """The file of the LoRA in ``path``: itself, or the only one of the folder, seen to be whole.

    Raises:
        EngineError: there is none, it is a pickle file, or it is damaged.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []
    found = [file for file in files if file.suffix == ".safetensors"]
    if len(found) == 1:
        read_header(found[0])
        return found[0]
    if not found and any(file.suffix in PICKLED for file in files):
        raise EngineError(
            "The LoRA in {path} is a pickle file, which can run code as it is read. Chamada loads safetensors only: "
            "choose one saved so.",
            path=path,
        )
    raise EngineError(
        "{path} should be one LoRA: a .safetensors file, or a folder with only one. Check the path.", path=path
    )


def _read(unet: Any, file: Path) -> tuple[dict[str, Any], dict[str, float] | None, dict[str, Any] | None]:
    """The weights under diffusers' names, whoever trained it; what this program would not apply is refused."""
    from diffusers.loaders.lora_pipeline import StableDiffusionXLLoraLoaderMixin

    library: Any = StableDiffusionXLLoraLoaderMixin
    names = tuple(read_header(file))
    try:
        weights, alphas, metadata = library.lora_state_dict(
            str(file.parent),
            weight_name=file.name,
            unet_config=unet.config,
            use_safetensors=True,
            local_files_only=True,
            return_lora_metadata=True,
        )
    except (OSError, ValueError, KeyError, IndexError, AttributeError):
        raise _other_base(file, names) from None
    strange = [name for name in names if "dora_scale" in name] + [name for name in weights if "lora" not in name]
    if strange:
        raise EngineError(
            "The LoRA in {path} holds weights of another kind ({name} …), which Chamada does not apply. Choose a "
            "plain LoRA.",
            path=file,
            name=strange[0],
        )
    others = [name for name in weights if not name.startswith("unet.")]
    if others and len(others) < len(weights):
        raise EngineError(
            "The LoRA in {path} changes the text encoders too ({name} …), which Chamada does not apply. Choose a LoRA "
            "for few steps, such as Hyper-SDXL.",
            path=file,
            name=others[0],
        )
    return weights, alphas, metadata


def _check_fit(unet: Any, file: Path, weights: dict[str, Any]) -> None:
    """Each weight must have its layer, of its size: diffusers skips what it cannot place, and only says so."""
    from diffusers.utils.state_dict_utils import convert_unet_state_dict_to_peft

    convert: Any = convert_unet_state_dict_to_peft
    layers = dict(unet.named_modules())
    unfit = []
    for name, weight in convert({name.removeprefix("unet."): weight for name, weight in weights.items()}).items():
        layer, _, half = name.rpartition(".lora_")
        wide = getattr(layers.get(layer), "weight", None)
        side = {"A.weight": 1, "B.weight": 0}.get(half)
        if wide is None or side is None or weight.ndim < 2 or weight.shape[side] != wide.shape[side]:
            unfit.append(name)
    if unfit or not weights:
        raise _other_base(file, tuple(unfit) or ("",))
    broken = find_broken(weights)
    if broken:
        raise EngineError(
            "The LoRA in {path} is damaged: {count} of its weights hold NaN ({name} …). Download it again.",
            path=file,
            count=len(broken),
            name=broken[0],
        )


def _other_base(file: Path, names: tuple[str, ...]) -> EngineError:
    return EngineError(
        "The LoRA in {path} is for another base: {count} of its weights have no place in this one ({name} …). Choose "
        "a LoRA made for SDXL 1.0.",
        path=file,
        count=len(names),
        name=names[0],
    )
