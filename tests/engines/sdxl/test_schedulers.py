"""Sampling methods: made from a model's own config, and their steps counted as the pipelines count them."""

import pytest

from core.engines.sdxl.schedulers import count_steps, load_schedulers, make_scheduler
from core.errors import EngineError
from tests.tiny import SDXL_SCHEDULER

OWN = {**SDXL_SCHEDULER, "_class_name": "EulerDiscreteScheduler", "_diffusers_version": "0.42.1", "clip_sample": True}


@pytest.mark.parametrize("name", [*load_schedulers(), ""])
def test_every_method_keeps_the_models_noise_and_counts_every_step(name):
    scheduler = make_scheduler(OWN, name)
    assert scheduler.config.beta_end == 0.012
    before, after = count_steps(scheduler, 20, 0.8)
    assert before >= after >= 1
    assert before + after == 20


def test_a_method_changes_what_the_table_says():
    assert make_scheduler(OWN, "dpmpp_2m_karras").config.use_karras_sigmas
    assert not make_scheduler(OWN, "dpmpp_2m").config.use_karras_sigmas
    trailing = make_scheduler(OWN, "ddim_trailing").config
    assert (trailing.timestep_spacing, trailing.clip_sample) == ("trailing", False)


def test_no_name_is_the_models_own_method():
    assert type(make_scheduler(OWN)).__name__ == "EulerDiscreteScheduler"


@pytest.mark.parametrize("own", ["", "UNet2DConditionModel", "NoSuchScheduler", "os"])
def test_a_model_with_an_unknown_method_of_its_own_is_told_of(own):
    with pytest.raises(EngineError, match="own sampling method"):
        make_scheduler({**OWN, "_class_name": own})


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(EngineError, match="dpmpp_2m_karras"):
        make_scheduler(OWN, "euler_b")


def test_forty_steps_split_at_0_8_are_32_and_8():
    assert count_steps(make_scheduler(OWN), 40, 0.8) == (32, 8)


def test_a_split_at_the_end_leaves_nothing():
    assert count_steps(make_scheduler(OWN), 25, 1.0) == (25, 0)


def test_more_steps_than_a_method_takes_are_refused():
    with pytest.raises(EngineError, match="cannot take 100 steps"):
        count_steps(make_scheduler(OWN, "lcm"), 100, 1.0)
