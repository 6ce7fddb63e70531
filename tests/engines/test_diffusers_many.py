"""Many pictures through the diffusers engine: in phases where the device is small, taken up again after a kill."""

import functools
import os
import time

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from core.engines.base import BatchImageEngine, ImageResult
from core.engines.diffusers_image import DiffusersImage
from core.engines.residency import Residency
from core.engines.sdxl import encoding
from core.engines.sdxl.ladder import Phase
from core.errors import Canceled, EngineError
from tests.engines.image_contract import REQUEST

BARE = REQUEST.model_copy(update={"title": "", "kicker": "", "num_inference_steps": 4, "denoising_end": 0.5})
REQUESTS = [BARE.model_copy(update={"seed": seed, "prompt": f"a lighthouse, picture {seed}"}) for seed in range(6)]
"""Two steps of the base and two of the refiner each."""


@pytest.fixture(scope="module", autouse=True)
def _tokenizers_read_once():
    """Of the many engines here each would take seconds for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "load_tokenizer", functools.cache(encoding.load_tokenizer))
        yield


@pytest.fixture(scope="module")
def whole(models):
    """An engine with room for everything."""
    return DiffusersImage(models / "sdxl", models / "refiner")


@pytest.fixture(scope="module")
def expected(whole):
    return [np.asarray(whole.generate(request).image) for request in REQUESTS]


def open_small(models, scratch=None, **given):
    """An engine whose device holds the refiner and the VAE with its work, and then no encoders and no base."""
    painter = DiffusersImage(models / "sdxl", models / "refiner").painter
    width, height = painter.plan(REQUESTS[0], "").bucket
    room = painter.refiner.size_bytes + painter.vae.size_bytes + painter.work_bytes(Phase.DECODE, width * height)
    residency = Residency(room + 1000, **given)
    return DiffusersImage(models / "sdxl", models / "refiner", residency=residency, scratch=scratch)


def paint(engine, requests=REQUESTS, on_step=None):
    return [np.asarray(result.image) for result in engine.generate_many(requests, on_step)]


def test_it_is_an_engine_for_many(whole):
    assert isinstance(whole, BatchImageEngine)


@pytest.mark.parametrize("small", [False, True])
def test_each_picture_is_the_one_it_would_be_alone(models, whole, expected, small, tmp_path):
    engine = open_small(models, tmp_path) if small else whole
    assert engine.painter.fits is not small
    for found, alone in zip(paint(engine), expected, strict=True):
        assert np.array_equal(found, alone)


@pytest.mark.parametrize("host_bytes", [None, 0])
def test_loads_and_moves_do_not_grow_with_the_pictures(models, host_bytes):
    reports = []
    for count in (2, 6):
        engine = open_small(models, host_bytes=host_bytes)
        paint(engine, REQUESTS[:count])
        reports.append(engine.residency.report)
    two, six = reports
    assert two.loads == six.loads == {"encoders": 1, "base": 1, "refiner": 1, "vae": 1}
    assert two.moves == six.moves == ({"encoders": 1, "base": 1} if host_bytes is None else {})
    assert six.resident == ("refiner", "vae")


def test_steps_are_counted_over_all_pictures(models, whole):
    for engine in (whole, open_small(models)):
        steps = []
        paint(engine, on_step=lambda done, total, steps=steps: steps.append((done, total)))
        assert steps == [(done, 24) for done in range(1, 25)]


def test_where_all_fits_each_picture_comes_as_soon_as_it_is_done(whole):
    steps = []
    results = whole.generate_many(REQUESTS, lambda done, total: steps.append(done))
    next(results)
    assert len(steps) == 4


def test_one_that_cannot_be_painted_does_not_hold_up_the_others(models, whole, expected):
    odd = REQUESTS[0].model_copy(update={"scheduler": "no_such"})
    for engine in (whole, open_small(models)):
        first, fault, last = engine.generate_many([REQUESTS[0], odd, REQUESTS[1]])
        assert isinstance(fault, EngineError)
        assert "no_such" in str(fault)
        assert np.array_equal(np.asarray(first.image), expected[0])
        assert np.array_equal(np.asarray(last.image), expected[1])


def test_the_same_request_twice_gives_two_pictures(models, expected, tmp_path):
    twice = paint(open_small(models, tmp_path), [REQUESTS[0], REQUESTS[0]])
    assert all(np.array_equal(each, expected[0]) for each in twice)


class TestTakenUpAgain:
    @pytest.fixture
    def killed(self, models, tmp_path):
        """A folder that a run left which was killed when the base was done and one picture was given."""
        results = open_small(models, tmp_path / "scratch").generate_many(REQUESTS)
        next(results)
        results.close()
        return tmp_path / "scratch"

    def count_base_steps(self, engine):
        steps = []
        with engine.residency.use(engine.painter.base):
            engine.painter.base.unet.register_forward_hook(lambda *_: steps.append(1))
        return steps

    def test_the_base_is_not_asked_again(self, models, killed, expected):
        engine = open_small(models, killed)
        done, steps = self.count_base_steps(engine), []
        found = paint(engine, REQUESTS[1:], lambda done, total: steps.append((done, total)))
        assert not done
        assert all(np.array_equal(one, other) for one, other in zip(found, expected[1:], strict=True))
        assert steps == [(done, 20) for done in range(11, 21)], "what the killed run did counts from the start"

    def test_no_file_stays_behind(self, models, killed):
        assert len(list(killed.iterdir())) == 6 - 1, "the first was given"
        paint(open_small(models, killed), REQUESTS[1:])
        assert not list(killed.iterdir())

    def test_a_damaged_file_is_painted_anew(self, models, killed, expected):
        files = sorted(killed.iterdir())
        files[0].write_bytes(files[0].read_bytes()[:100])
        save_file({"latents": torch.zeros(1)}, files[1])
        steps = []
        found = paint(open_small(models, killed), REQUESTS[1:], lambda done, total: steps.append((done, total)))
        assert all(np.array_equal(one, other) for one, other in zip(found, expected[1:], strict=True))
        assert steps[-1] == (20, 20)

    def test_files_of_other_models_are_not_taken(self, models, killed):
        engine = DiffusersImage(models / "sdxl", models / "refiner", dtype="bfloat16", scratch=killed)
        done = self.count_base_steps(engine)
        next(engine.generate_many(REQUESTS[1:2]))
        assert len(done) == 2

    def test_what_nobody_took_up_for_a_week_is_swept_away(self, models, killed):
        old, *others = killed.iterdir()
        os.utime(old, (time.time() - 8 * 24 * 3600,) * 2)
        list(open_small(models, killed).generate_many([]))
        assert set(killed.iterdir()) == set(others)

    def test_a_folder_that_cannot_be_written_costs_nothing_but_the_taking_up(self, models, tmp_path, expected):
        (tmp_path / "file").write_text("no folder")
        found = paint(open_small(models, tmp_path / "file" / "scratch"))
        assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))

    def test_a_canceled_run_can_be_taken_up_too(self, models, tmp_path, expected):
        def stop(done, total):
            if done == 15:
                raise Canceled("The user asked to stop.")

        engine = open_small(models, tmp_path)
        with pytest.raises(Canceled):
            paint(engine, on_step=stop)
        assert all(np.array_equal(one, other) for one, other in zip(paint(engine), expected, strict=True))


def test_requests_with_and_without_a_lora_do_not_mix(models, whole, expected, tmp_path):
    layer = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
    torch.manual_seed(0)
    save_file(
        {f"{layer}.lora_A.weight": torch.randn(4, 16), f"{layer}.lora_B.weight": torch.randn(16, 4)},
        tmp_path / "few-steps.safetensors",
    )
    loras = {"few-steps": tmp_path / "few-steps.safetensors"}
    engine = DiffusersImage(models / "sdxl", models / "refiner", loras=loras)
    with_lora = REQUESTS[0].model_copy(update={"lora": "few-steps"})
    plain, changed, again = engine.generate_many([REQUESTS[0], with_lora, REQUESTS[0]])
    assert isinstance(changed, ImageResult)
    assert changed.ran["lora"] == "few-steps"
    assert not np.array_equal(np.asarray(changed.image), expected[0])
    assert np.array_equal(np.asarray(plain.image), expected[0])
    assert np.array_equal(np.asarray(again.image), expected[0])
    assert engine.fingerprint == whole.fingerprint, "a LoRA that comes to the disk makes no finished picture old"
