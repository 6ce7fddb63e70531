"""The engines of a choice: opened once, sharing one residency, without torch before there is work."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.domain.generation import Sampling
from core.engines.draft.text import DraftText
from core.engines.opening import Engines
from core.errors import EngineError
from core.settings import ROOT, Settings
from tests.engines.image_contract import REQUEST


def local(models: Path, **changes: object) -> Settings:
    """Settings that let the processor run the tiny models."""
    return Settings(
        **{
            "profile": "gpu",
            "device": "cpu",
            "text_model": str(models / "llama"),
            "image_model": str(models / "sdxl"),
            "refiner_model": str(models / "refiner"),
            "preview_model": str(models / "preview-vae"),
            "vae_model": "",
            **changes,
        }
    )


def test_the_draft_engines_need_no_fallback_no_preset_and_no_single_worker():
    engines = Engines(Settings(profile="draft", preset="qualidade"))
    assert (engines.text.origin.engine, engines.image.origin.engine) == ("draft", "draft")
    assert engines.fallback is None
    assert engines.sampling == Sampling()
    assert engines.workers == Settings().workers == 2


def test_models_share_one_residency_and_one_worker(models: Path):
    engines = Engines(local(models, gpu_memory_gb=2))
    assert engines.text is engines.text
    assert (engines.text.origin.engine, engines.text.origin.model) == ("transformers", "llama")
    assert (engines.image.origin.engine, engines.image.origin.model) == ("diffusers", "sdxl + refiner")
    assert engines.text.residency is engines.image.residency is engines.residency
    assert (engines.residency.device, engines.residency.budget_bytes) == ("cpu", 2 * 2**30)
    assert 2**30 < engines.residency.host_bytes < engines.machine.memory_bytes
    assert isinstance(engines.fallback(), DraftText)
    assert engines.workers == 1
    assert Engines(local(models, workers=0)).workers == 0


def test_what_the_settings_spare_is_spared_whatever_the_preset(models: Path):
    sampling = Engines(local(models, guidance_end=0.6, cache_interval=3)).sampling
    assert (sampling.guidance_end, sampling.cache_interval) == (0.6, 3)
    assert Engines(local(models)).sampling.cache_interval == 1


@pytest.mark.parametrize("preset", ["rascunho", "equilibrado", "qualidade"])
def test_the_preset_decides_how_a_model_draws_and_whether_the_refiner_is_there(models: Path, preset: str):
    engines = Engines(local(models, preset=preset))
    assert engines.sampling.num_inference_steps < 40
    assert ("refiner" in engines.image.origin.model) == (engines.sampling.denoising_end < 1)


def test_pictures_do_without_what_is_not_on_disk_and_it_is_said(models: Path):
    engines = Engines(local(models, refiner_model="any/refiner", vae_model="any/vae", preview_model="any/preview"))
    assert engines.image.origin.model == "sdxl"
    assert engines.image.generate(REQUEST).image.size == (REQUEST.width, REQUEST.height)
    assert [reason.values.get("model") for reason in engines.choice.why] == [None, "any/refiner", None]
    few = Engines(local(models, refiner_model="any/refiner", preset="rascunho"))
    assert len(few.choice.why) == 1


@pytest.mark.parametrize("role", ["text", "image"])
def test_a_model_that_was_asked_for_and_is_not_there_is_an_error_when_it_is_needed(models: Path, role: str):
    engines = Engines(local(models, **{f"{role}_model": "any/model"}))
    for open_engine in (lambda: engines.text, lambda: engines.image):
        with pytest.raises(EngineError, match="models pull any/model"):
            open_engine()
    assert engines.workers == 1


def test_choosing_and_naming_engines_imports_neither_torch_nor_its_libraries(models: Path):
    knobs = local(models).model_dump(mode="json", exclude={"openai_api_key"})
    code = (
        "import json, sys; from core.engines.opening import Engines; from core.settings import Settings; "
        "engines = Engines(Settings(**json.loads(sys.argv[1]))); "
        "[(engine.origin, engine.fingerprint) for engine in (engines.text, engines.image)]; "
        "engines.residency.report; engines.sampling; "
        "heavy = ('torch', 'transformers', 'diffusers', 'accelerate', 'peft', 'huggingface_hub'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(knobs)], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
