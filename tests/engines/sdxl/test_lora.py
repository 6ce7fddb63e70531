"""LoRAs in a real UNet: what fits is at work and comes out again, what does not is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.engines.sdxl.folder import open_pipeline
from core.engines.sdxl.parts import UnetPart
from core.errors import EngineError

Weights = dict[str, Any]


@pytest.fixture
def part(models: Path) -> UnetPart:
    """The tiny base's UNet, loaded."""
    part = UnetPart("base", open_pipeline(models / "sdxl", "base").component("unet"), dtype="float16")
    part.load()
    return part


def paint(part: UnetPart) -> Any:
    import torch

    noise = torch.Generator().manual_seed(1)
    latents, prompt, pooled = (torch.randn(shape, generator=noise) for shape in ((1, 4, 16, 16), (1, 77, 48), (1, 32)))
    added = {"text_embeds": pooled.half(), "time_ids": torch.zeros(1, 6).half()}
    with torch.no_grad():
        return part.unet(latents.half(), 5, prompt.half(), added_cond_kwargs=added).sample


def layers(part: UnetPart) -> dict[str, Any]:
    return {name: layer for name, layer in part.unet.named_modules() if name.endswith(("to_q", "to_v", "to_out.0"))}


def kohya(part: UnetPart) -> Weights:
    """A LoRA of rank 4 under the names of kohya's trainer, as Hyper-SDXL and most others come."""
    import torch

    noise = torch.Generator().manual_seed(2)
    weights = {}
    for name, layer in layers(part).items():
        key = "lora_unet_" + name.replace(".", "_")
        weights[f"{key}.lora_down.weight"] = torch.randn(4, layer.in_features, generator=noise)
        weights[f"{key}.lora_up.weight"] = torch.randn(layer.out_features, 4, generator=noise)
        weights[f"{key}.alpha"] = torch.tensor(4.0)
    return weights


def peft(part: UnetPart) -> Weights:
    """The same under peft's names."""
    weights, given = {}, kohya(part)
    for name in layers(part):
        key = "lora_unet_" + name.replace(".", "_")
        weights[f"unet.{name}.lora_A.weight"] = given[f"{key}.lora_down.weight"]
        weights[f"unet.{name}.lora_B.weight"] = given[f"{key}.lora_up.weight"]
    return weights


def save(weights: Weights, path: Path) -> Path:
    from safetensors.torch import save_file

    save_file(weights, path)
    return path


@pytest.mark.parametrize("names", [kohya, peft])
def test_a_lora_is_at_work_until_it_is_taken_out(
    part: UnetPart, tmp_path: Path, names: Callable[[UnetPart], Weights]
) -> None:
    import torch

    plain, size = paint(part), part.size_bytes
    path = save(names(part), tmp_path / "lora.safetensors")
    part.set_lora(path)
    changed = paint(part)
    assert not torch.equal(plain, changed)
    assert part.size_bytes > size
    assert {weight.dtype for weight in part.unet.parameters()} == {torch.float16}
    assert not any(weight.requires_grad for weight in part.unet.parameters())
    assert not any(module.training for module in part.unet.modules())
    part.set_lora(path)
    assert torch.equal(paint(part), changed)
    part.set_lora(None)
    assert torch.equal(paint(part), plain)
    assert part.size_bytes == size


def test_the_sum_is_the_one_of_the_paper(part: UnetPart, tmp_path: Path) -> None:
    import torch

    name = next(iter(layers(part)))
    weights = kohya(part)
    part.set_lora(save(weights, tmp_path / "lora.safetensors"))
    layer, key = part.unet.get_submodule(name), "lora_unet_" + name.replace(".", "_")
    given = torch.randn(3, layer.in_features).half()
    down, up = weights[f"{key}.lora_down.weight"], weights[f"{key}.lora_up.weight"]
    with torch.no_grad():
        expected = layer.base_layer(given).float() + given.float() @ down.T @ up.T
        assert torch.allclose(layer(given).float(), expected, rtol=0.02, atol=0.05)


def test_one_lora_takes_the_place_of_another(part: UnetPart, tmp_path: Path) -> None:
    import torch

    first = save(kohya(part), tmp_path / "first.safetensors")
    second = save({name: weight * 2 for name, weight in peft(part).items()}, tmp_path / "second.safetensors")
    part.set_lora(second)
    alone = paint(part)
    part.set_lora(first)
    part.set_lora(second)
    assert torch.equal(paint(part), alone)


def test_a_lora_leaves_with_the_unet(part: UnetPart, tmp_path: Path) -> None:
    import torch

    plain = paint(part)
    path = save(kohya(part), tmp_path / "lora.safetensors")
    part.set_lora(path)
    changed = paint(part)
    part.drop()
    part.load()
    assert torch.equal(paint(part), plain)
    part.set_lora(path)
    assert torch.equal(paint(part), changed)


def test_a_folder_with_one_lora_is_that_lora(part: UnetPart, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("a card")
    save(kohya(part), tmp_path / "hyper.safetensors")
    part.set_lora(tmp_path)
    assert part.lora == tmp_path
    save(kohya(part), tmp_path / "other.safetensors")
    part.set_lora(None)
    with pytest.raises(EngineError, match="only one"):
        part.set_lora(tmp_path)


# LoRAs that do not belong here


def of_stable_diffusion_1(weights: Weights) -> Weights:
    return {name.replace("down_blocks_1_", "down_blocks_0_"): weight for name, weight in weights.items()}


def of_flux(weights: Weights) -> Weights:
    return {name.replace("lora_unet_", "transformer.single."): weight for name, weight in weights.items()}


def of_other_names(weights: Weights) -> Weights:
    return {name.replace("attentions", "blocks"): weight for name, weight in weights.items()}


def wider(weights: Weights) -> Weights:
    return {name: weight.repeat(1, 2) if "down.weight" in name else weight for name, weight in weights.items()}


def higher(weights: Weights) -> Weights:
    return {name: weight.repeat(2, 1) if "up.weight" in name else weight for name, weight in weights.items()}


def half_of_it(weights: Weights) -> Weights:
    return {name: weight for name, weight in weights.items() if "lora_up" not in name}


def of_encoders_alone(weights: Weights) -> Weights:
    import torch

    key = "lora_te1_text_model_encoder_layers_0_self_attn_q_proj"
    return {f"{key}.lora_down.weight": torch.ones(4, 16), f"{key}.lora_up.weight": torch.ones(16, 4)}


def of_encoders_too(weights: Weights) -> Weights:
    return {**weights, **of_encoders_alone(weights)}


def dora(weights: Weights) -> Weights:
    import torch

    return {**weights, f"{next(iter(weights)).split('.')[0]}.dora_scale": torch.ones(16, 1)}


def lokr(weights: Weights) -> Weights:
    return {name.replace("lora_down.weight", "lokr_w1"): weight for name, weight in weights.items()}


def a_whole_model(weights: Weights) -> Weights:
    import torch

    return {"conv_in.weight": torch.ones(8, 4, 3, 3)}


def nothing(weights: Weights) -> Weights:
    return {}


def not_a_number(weights: Weights) -> Weights:
    name = next(name for name in weights if "lora_up" in name)
    return {**weights, name: weights[name] * float("nan")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (of_stable_diffusion_1, "another base"),
        (of_flux, "another"),
        (of_other_names, "another base"),
        (wider, "another base"),
        (higher, "another base"),
        (half_of_it, "another base"),
        (of_encoders_alone, "another base"),
        (of_encoders_too, "changes the text encoders too"),
        (dora, "another kind"),
        (lokr, "another"),
        (a_whole_model, "another kind"),
        (nothing, "another base"),
        (not_a_number, "NaN"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_lora_that_does_not_belong_here_is_refused_and_leaves_no_trace(
    part: UnetPart, tmp_path: Path, change: Callable[[Weights], Weights], said: str
) -> None:
    import torch

    plain = paint(part)
    good = save(kohya(part), tmp_path / "good.safetensors")
    bad = save(change(kohya(part)), tmp_path / "bad.safetensors")
    with pytest.raises(EngineError, match=said) as caught:
        part.set_lora(bad)
    assert str(bad) in str(caught.value)
    assert len(str(caught.value)) < 500
    assert part.lora is None
    assert torch.equal(paint(part), plain)
    part.set_lora(good)
    assert not torch.equal(paint(part), plain)


def test_a_file_that_is_no_whole_safetensors_is_refused(part: UnetPart, tmp_path: Path) -> None:
    path = save(kohya(part), tmp_path / "lora.safetensors")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(EngineError, match="damaged"):
        part.set_lora(path)
    with pytest.raises(EngineError, match="should be one LoRA"):
        part.set_lora(tmp_path / "nowhere.safetensors")
    pickled = tmp_path / "lora.pt"
    pickled.write_bytes(b"cos\nsystem\n(S'touch ran'\ntR.")
    with pytest.raises(EngineError, match="pickle"):
        part.set_lora(pickled)
