"""Speed presets: every word has its options, and a LoRA that is not on disk is done without."""

import pytest

from core.engines.sdxl.presets import PRESETS, read_preset
from core.engines.sdxl.schedulers import count_steps, load_schedulers, make_scheduler
from core.errors import SettingsError
from tests.tiny import SDXL_SCHEDULER


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("loras", [(), ("hyper-8",)])
def test_every_preset_has_options_that_can_be_met(preset, loras):
    options = read_preset(preset, loras)
    assert options.scheduler in load_schedulers()
    assert options.lora in ("", *loras)
    assert options.guidance_scale > 1, "the negative prompt counts in every preset"


def test_quality_is_the_printed_25_steps_of_the_base_and_6_of_the_refiner():
    options = read_preset("qualidade")
    own = {**SDXL_SCHEDULER, "_class_name": "EulerDiscreteScheduler"}
    steps = count_steps(make_scheduler(own, options.scheduler), options.num_inference_steps, options.denoising_end)
    assert steps == (25, 6)
    assert options.guidance_scale == 7.0


def test_the_draft_takes_fewer_steps_with_its_lora():
    with_lora, without = read_preset("rascunho", ["hyper-8"]), read_preset("rascunho")
    assert (with_lora.lora, without.lora) == ("hyper-8", "")
    assert with_lora.num_inference_steps < without.num_inference_steps
    assert with_lora.denoising_end == without.denoising_end == 1


def test_an_unknown_preset_is_answered_with_those_there_are():
    with pytest.raises(SettingsError, match="rascunho, equilibrado, qualidade"):
        read_preset("rapido")
