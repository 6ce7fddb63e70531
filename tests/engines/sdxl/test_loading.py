"""Folders that are an SDXL and folders that are not; each part loaded alone, every weight accounted for."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.engines.residency import Residency
from core.engines.sdxl.folder import open_pipeline, open_vae
from core.engines.sdxl.loading import Component
from core.engines.sdxl.parts import UnetPart, encoders_part, vae_part
from core.errors import EngineError, OutOfMemory


@pytest.fixture
def base(models: Path, tmp_path: Path) -> Path:
    """A copy of the tiny base, to be damaged."""
    return Path(shutil.copytree(models / "sdxl", tmp_path / "sdxl"))


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def change_weights(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(path)
    edit(weights)
    save_file(weights, path, metadata={"format": "pt"})


def load_all(folder: Path) -> None:
    """As the engine does: everything that is read of a base."""
    opened = open_pipeline(folder, "base")
    for part in (
        encoders_part(opened, None),
        UnetPart("base", opened.component("unet")),
        vae_part(opened.component("vae")),
    ):
        part.load()


# Whole models


def test_each_part_is_what_the_whole_pipeline_has(models: Path) -> None:
    import torch
    from diffusers import StableDiffusionXLPipeline

    pipeline = StableDiffusionXLPipeline.from_pretrained(models / "sdxl")
    for kind in ("text_encoder", "text_encoder_2", "unet", "vae"):
        component = Component(models / "sdxl" / kind, kind)
        model = component.load("cpu")
        expected = getattr(pipeline, kind).state_dict()
        assert all(torch.equal(weight, expected[name]) for name, weight in model.state_dict().items())
        assert component.size_bytes("float32") == sum(weight.nbytes for weight in model.parameters())
        assert not model.training
        assert not any(weight.requires_grad for weight in model.parameters())


def test_a_part_is_sized_by_its_files_before_it_is_loaded(models: Path) -> None:
    opened = open_pipeline(models / "sdxl", "base")
    for dtype in ("float32", "float16"):
        part = UnetPart("base", opened.component("unet"), dtype=dtype)
        before = part.size_bytes
        part.load()
        assert part.size_bytes == before
        assert str(part.unet.dtype) == f"torch.{dtype}"


def test_a_card_gets_float16_and_a_vae_that_overflows_there_float32(models: Path, tmp_path: Path) -> None:
    opened = open_pipeline(models / "sdxl", "base")
    assert opened.component("unet").dtype("cuda") == "float16"
    assert opened.component("unet").dtype("cpu") == "float32"
    assert opened.component("vae").dtype("cuda") == "float32"
    assert str(vae_part(opened.component("vae"), dtype="float16").dtype) == "float16"
    vae = Path(shutil.copytree(models / "sdxl" / "vae", tmp_path / "vae"))
    change(vae / "config.json", force_upcast=False)
    safe = open_vae(vae, opened)
    assert safe.dtype("cuda") == "float16"
    assert safe.load("cpu", "float16").dtype.itemsize == 2


@pytest.mark.parametrize("shards", [False, True])
def test_half_precision_files_are_taken_where_they_are(models: Path, base: Path, shards: bool) -> None:
    import torch
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(models / "sdxl" / "unet").half()
    unet.save_pretrained(base / "unet", variant="fp16", **({"max_shard_size": "60KB"} if shards else {}))
    component = open_pipeline(base, "base").component("unet")
    assert len(component.files) == (3 if shards else 1)
    assert all("fp16" in path.name for path in component.files)
    loaded = component.load("cpu").state_dict()
    assert all(torch.equal(weight.float(), loaded[name]) for name, weight in unet.state_dict().items())


def test_an_encoder_of_half_precision_files_is_whole(models: Path, base: Path) -> None:
    import torch
    from transformers import CLIPTextModelWithProjection

    encoder = CLIPTextModelWithProjection.from_pretrained(models / "sdxl" / "text_encoder_2").half()
    (base / "text_encoder_2" / "model.safetensors").unlink()
    encoder.save_pretrained(base / "text_encoder_2", variant="fp16")
    component = open_pipeline(base, "base").component("text_encoder_2")
    assert [path.name for path in component.files] == ["model.fp16.safetensors"]
    loaded = component.load("cpu").state_dict()
    assert all(torch.equal(weight.float(), loaded[name]) for name, weight in encoder.state_dict().items())


def test_full_precision_files_may_be_absent_beside_their_index(models: Path, base: Path) -> None:
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(models / "sdxl" / "unet")
    unet.save_pretrained(base / "unet", max_shard_size="60KB")
    unet.half().save_pretrained(base / "unet", variant="fp16")
    for path in base.glob("unet/*-of-*.safetensors"):
        path.unlink()
    assert open_pipeline(base, "base").component("unet").load("cpu").dtype.itemsize == 4


def test_weights_of_older_files_that_nobody_reads_do_no_harm(base: Path) -> None:
    import torch

    def number_positions(weights: dict[str, Any]) -> None:
        weights["text_model.embeddings.position_ids"] = torch.arange(77)[None]

    change_weights(base / "text_encoder" / "model.safetensors", number_positions)
    load_all(base)


def test_a_refiner_needs_neither_a_first_encoder_nor_a_vae_of_its_own(models: Path, tmp_path: Path) -> None:
    refiner = Path(shutil.copytree(models / "refiner", tmp_path / "refiner"))
    own = open_pipeline(refiner, "refiner")
    assert own.requires_aesthetics_score
    assert own.latent_scale == open_pipeline(models / "sdxl", "base").latent_scale
    shutil.rmtree(refiner / "vae")
    assert open_pipeline(refiner, "refiner").latent_scale is None


def test_parts_are_read_once_and_wait_on_the_host_where_the_device_is_small(models: Path) -> None:
    opened = open_pipeline(models / "sdxl", "base")
    unet, vae = UnetPart("base", opened.component("unet")), vae_part(opened.component("vae"))
    residency = Residency(budget_bytes=unet.size_bytes)
    for _ in range(3):
        with residency.use(unet):
            assert unet.models
        with residency.use(vae):
            assert vae.models
    assert residency.report.loads == {"base": 1, "vae": 1}
    residency.drop(unet, vae)
    assert not unet.models
    assert not vae.models


# Folders that are not what they should be


def no_index(folder: Path) -> None:
    (folder / "model_index.json").unlink()


def torn_index(folder: Path) -> None:
    (folder / "model_index.json").write_text('{"_class_name": ')


def stable_diffusion_1(folder: Path) -> None:
    change(folder / "model_index.json", _class_name="StableDiffusionPipeline")


def flux(folder: Path) -> None:
    change(folder / "model_index.json", _class_name="FluxPipeline")


def own_pipeline(folder: Path) -> None:
    (folder / "evil.py").write_text("raise SystemExit('ran')")
    change(folder / "model_index.json", _class_name=["evil", "EvilPipeline"])


def own_unet(folder: Path) -> None:
    (folder / "unet" / "evil.py").write_text("raise SystemExit('ran')")
    change(folder / "model_index.json", unet=["evil", "EvilUNet"])


def own_encoder(folder: Path) -> None:
    (folder / "text_encoder" / "evil.py").write_text("raise SystemExit('ran')")
    change(folder / "text_encoder" / "config.json", auto_map={"AutoModel": "evil.Evil"})


def no_unet(folder: Path) -> None:
    shutil.rmtree(folder / "unet")


def no_tokenizers(folder: Path) -> None:
    shutil.rmtree(folder / "tokenizer")
    shutil.rmtree(folder / "tokenizer_2")


def no_vae(folder: Path) -> None:
    shutil.rmtree(folder / "vae")


def pickled_encoder(folder: Path) -> None:
    (folder / "text_encoder_2" / "model.safetensors").rename(folder / "text_encoder_2" / "pytorch_model.bin")


def pickled_unet(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    path.rename(path.with_suffix(".bin"))


def cut_unet(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def missing_shard(folder: Path) -> None:
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(folder / "unet")
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    unet.save_pretrained(folder / "unet", max_shard_size="100KB")
    sorted((folder / "unet").glob("*-of-*.safetensors"))[1].unlink()


def shard_elsewhere(folder: Path) -> None:
    index = {"weight_map": {"conv_in.weight": "../../../elsewhere.safetensors"}}
    (folder / "unet" / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))


def other_unet(folder: Path) -> None:
    change(folder / "unet" / "config.json", _class_name="FluxTransformer2DModel")


def other_encoder(folder: Path) -> None:
    change(folder / "text_encoder" / "config.json", model_type="t5", architectures=["T5EncoderModel"])


def deeper_unet(folder: Path) -> None:
    change(folder / "unet" / "config.json", layers_per_block=2)


def shallower_unet(folder: Path) -> None:
    change(folder / "unet" / "config.json", transformer_layers_per_block=[0, 0])


def wider_blocks(folder: Path) -> None:
    change(folder / "unet" / "config.json", block_out_channels=[8, 32])


def wider_encoder(folder: Path) -> None:
    change(folder / "text_encoder" / "config.json", intermediate_size=64)


def deeper_encoder(folder: Path) -> None:
    change(folder / "text_encoder_2" / "config.json", num_hidden_layers=4)


def unet_of_stable_diffusion_2(folder: Path) -> None:
    change(folder / "unet" / "config.json", cross_attention_dim=1024)


def senseless_config(folder: Path) -> None:
    change(folder / "unet" / "config.json", down_block_types=["NoSuchBlock2D", "DownBlock2D"])


def not_a_number(folder: Path) -> None:
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    change_weights(path, lambda weights: weights["conv_in.bias"][0].fill_(float("nan")))


def infinite_vae(folder: Path) -> None:
    path = folder / "vae" / "diffusion_pytorch_model.safetensors"
    change_weights(path, lambda weights: weights["decoder.conv_out.bias"][0].fill_(float("inf")))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (no_index, "model_index.json is missing"),
        (torn_index, "not saved whole"),
        (stable_diffusion_1, "StableDiffusionPipeline, not SDXL"),
        (flux, "FluxPipeline, not SDXL"),
        (own_pipeline, "program code of its own"),
        (own_unet, "program code of its own"),
        (own_encoder, "program code of its own"),
        (no_unet, "only half there: unet missing"),
        (no_tokenizers, "only half there: tokenizer, tokenizer_2 missing"),
        (no_vae, "no model: config.json is missing"),
        (pickled_encoder, "pickle"),
        (pickled_unet, "pickle"),
        (cut_unet, "damaged"),
        (missing_shard, "model-00002-of-0000[0-9].safetensors missing"),
        (shard_elsewhere, "elsewhere.safetensors missing"),
        (other_unet, "FluxTransformer2DModel, not the UNet2DConditionModel"),
        (other_encoder, "t5, not the CLIPTextModel"),
        (deeper_unet, "does not match its config.json"),
        (shallower_unet, "does not match its config.json"),
        (wider_blocks, "does not match its config.json"),
        (wider_encoder, "does not match its config.json"),
        (deeper_encoder, "does not match its config.json"),
        (unet_of_stable_diffusion_2, "do not belong together"),
        (senseless_config, "cannot be loaded"),
        (not_a_number, "NaN"),
        (infinite_vae, "NaN"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_model_is_refused_in_plain_words(
    base: Path, damage: Callable[[Path], None], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    damage(base)
    with pytest.raises(EngineError, match=said) as caught:
        load_all(base)
    assert str(base) in str(caught.value)
    assert len(str(caught.value)) < 500
    assert "newly initialized" not in capfd.readouterr().err


def test_a_refiner_cannot_begin_a_picture_nor_a_base_finish_one(models: Path) -> None:
    with pytest.raises(EngineError, match=r"is a refiner.*CHAMADA_REFINER_MODEL"):
        open_pipeline(models / "refiner", "base")
    with pytest.raises(EngineError, match=r"is a base.*CHAMADA_IMAGE_MODEL"):
        open_pipeline(models / "sdxl", "refiner")


def test_a_chat_model_is_no_image_model(models: Path) -> None:
    with pytest.raises(EngineError, match=r"no image pipeline: model_index\.json is missing"):
        open_pipeline(models / "llama", "base")


def test_a_single_file_is_answered_with_what_is_needed(models: Path) -> None:
    with pytest.raises(EngineError, match=r"single file.*folder"):
        open_pipeline(models / "sdxl" / "unet" / "diffusion_pytorch_model.safetensors", "base")


def test_a_path_that_is_not_there_and_a_model_that_was_never_downloaded_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EngineError, match="no folder"):
        open_pipeline("/nowhere/sdxl", "base")
    with pytest.raises(EngineError, match="models pull never/downloaded"):
        open_pipeline("never/downloaded", "refiner")


def test_a_vae_of_another_base_is_refused(models: Path, tmp_path: Path) -> None:
    opened = open_pipeline(models / "sdxl", "base")
    vae = Path(shutil.copytree(models / "sdxl" / "vae", tmp_path / "vae"))
    change(vae / "config.json", scaling_factor=0.18215)
    with pytest.raises(EngineError, match=r"VAE.*another base"):
        open_vae(vae, opened)
    with pytest.raises(EngineError, match="AutoencoderTiny, not the AutoencoderKL"):
        open_vae(models / "preview-vae", opened)


def test_memory_that_runs_out_while_loading_leaves_nothing_behind(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    part = UnetPart("base", open_pipeline(models / "sdxl", "base").component("unet"))

    def full(*_: object) -> None:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")

    with monkeypatch.context() as patch:
        patch.setattr(torch.nn.Module, "to", full)
        with pytest.raises(OutOfMemory, match=r"SDXL \(unet\)"):
            part.load()
    assert not part.models
    part.load()
    assert part.models
