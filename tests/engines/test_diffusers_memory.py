"""Memory that runs out in the diffusers engine: at each point, once or always; the next picture is as ever."""

import numpy as np
import pytest
import torch

from core.engines.diffusers_image import DiffusersImage
from core.engines.sdxl.ladder import NOTES, Rung
from core.errors import EngineError, OutOfMemory
from tests.engines.image_contract import REQUEST

REQUEST = REQUEST.model_copy(
    update={"title": "", "kicker": "", "width": 128, "height": 128, "num_inference_steps": 4, "denoising_end": 0.5}
)
"""Two steps of the base and two of the refiner, at 128 px."""

FAULTS = {
    "cuda": lambda: torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    "cpu": lambda: RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"),
}

POINTS = {
    "encode": lambda painter: painter.encoders.models["text_encoder_2"],
    "base": lambda painter: painter.base.unet,
    "refine": lambda painter: painter.refiner.unet,
    "decode": lambda painter: painter.vae.models["vae"].decoder,
}


@pytest.fixture(scope="module")
def engine(models):
    return DiffusersImage(models / "sdxl", models / "refiner")


@pytest.fixture(scope="module")
def expected(engine):
    return np.asarray(engine.generate(REQUEST).image)


@pytest.fixture
def run_out(engine, expected):
    """Have the model of a point run out of memory at its n-th forwards from now, or where a condition holds."""
    hooks = []

    def arrange(point, when, fault="cuda"):
        calls = []

        def fail(module, given):
            calls.append(given)
            if when(len(calls), given):
                raise FAULTS[fault]()

        hooks.append(POINTS[point](engine.painter).register_forward_pre_hook(fail))
        return calls

    yield arrange
    for hook in hooks:
        hook.remove()


def fresh(name):
    """A request whose prompt was not read before."""
    return REQUEST.model_copy(update={"prompt": f"a lighthouse, {name}"})


def at(*numbers):
    return lambda number, _: number in numbers


def always(number, _):
    return True


def wider_than(side):
    """Where the latents are wider than ``side``."""
    return lambda _, given: given[0].shape[-1] > side


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("point", "number"), [("base", 1), ("base", 2), ("refine", 1), ("refine", 2), ("decode", 1)])
def test_memory_that_runs_out_once_changes_nothing_but_the_record(engine, run_out, expected, point, number, fault):
    run_out(point, at(number), fault)
    steps = []
    result = engine.generate(REQUEST, lambda done, total: steps.append((done, total)))
    assert np.array_equal(np.asarray(result.image), expected)
    assert result.ran["rungs"] == [f"{point}: freed"]
    assert result.notes == ()
    assert (result.ran["base_steps"], result.ran["refiner_steps"]) == (2, 2)
    assert steps[-1] == (4, 4)


def test_an_encoder_that_runs_out_once_is_asked_again(engine, run_out):
    run_out("encode", at(1))
    result = engine.generate(fresh("asked again"))
    assert result.ran["rungs"] == ["encode: freed"]


def test_without_room_for_the_refiner_the_base_takes_its_steps(engine, run_out, expected):
    run_out("refine", always)
    steps = []
    result = engine.generate(REQUEST, lambda done, total: steps.append((done, total)))
    assert result.ran["rungs"] == ["refine: freed", "refine: unrefined"]
    assert result.notes == (NOTES[Rung.UNREFINED],)
    assert (result.ran["base_steps"], result.ran["refiner_steps"]) == (4, 0)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)], "the base's first steps are kept"
    assert not np.array_equal(np.asarray(result.image), expected)


def test_a_decoder_without_room_works_in_tiles(engine, run_out, expected):
    run_out("decode", wider_than(8))
    result = engine.generate(REQUEST)
    assert result.ran["rungs"] == ["decode: freed", "decode: tiled"]
    assert result.notes == ()
    difference = np.abs(np.asarray(result.image).astype(int) - expected.astype(int))
    assert result.image.size == (128, 128)
    assert difference.mean() < 16, "the same picture but for what a tile does not see of its neighbours"


def test_a_base_without_room_paints_smaller(engine, run_out):
    run_out("base", wider_than(12))
    steps = []
    result = engine.generate(REQUEST, lambda done, total: steps.append((done, total)))
    assert result.ran["rungs"] == ["base: freed", "base: smaller"]
    assert result.ran["bucket"] == [96, 96]
    assert result.image.size == (128, 128)
    assert result.notes == (NOTES[Rung.SMALLER],)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_where_several_run_out_each_gives_up_what_it_can(engine, run_out):
    run_out("base", at(2))
    run_out("refine", always)
    run_out("decode", wider_than(6))
    steps = []
    result = engine.generate(REQUEST, lambda done, total: steps.append(done))
    assert result.ran["rungs"] == [
        "base: freed",
        "refine: freed",
        "refine: unrefined",
        "decode: freed",
        "decode: tiled",
        "decode: smaller",
    ]
    assert result.notes == (NOTES[Rung.UNREFINED], NOTES[Rung.SMALLER])
    assert steps[-1] == 4


@pytest.mark.parametrize("point", POINTS)
def test_where_nothing_helps_it_says_so_and_the_next_picture_is_as_ever(engine, run_out, expected, point):
    run_out(point, always)
    if point == "refine":
        run_out("base", lambda number, _: number > 2)
    request = fresh(f"never read, {point}")
    with pytest.raises(OutOfMemory, match="The text is kept"):
        engine.generate(request)
    for part in (engine.painter.encoders, engine.painter.base, engine.painter.refiner, engine.painter.vae):
        for model in part.models.values():
            for module in model.modules():
                module._forward_pre_hooks.clear()
    assert np.array_equal(np.asarray(engine.generate(REQUEST).image), expected)
    assert engine.generate(request).ran["rungs"] == []


def test_in_a_run_the_others_are_painted(engine, run_out, expected):
    run_out("decode", at(1, 2, 3, 4))
    first, second = engine.generate_many([REQUEST, REQUEST])
    assert isinstance(first, OutOfMemory)
    assert np.array_equal(np.asarray(second.image), expected)
    assert second.ran["rungs"] == []


def test_an_error_that_is_handed_on_keeps_no_tensor_alive(engine, run_out):
    run_out("decode", always)
    (error,) = engine.generate_many([REQUEST])
    assert isinstance(error, EngineError)
    assert error.__traceback__ is error.__context__ is error.__cause__ is None


def test_another_fault_of_torch_is_no_lack_of_memory(engine, run_out, monkeypatch):
    monkeypatch.setitem(FAULTS, "cuda", lambda: RuntimeError("CUDA error: an illegal memory access was encountered"))
    run_out("base", at(1))
    with pytest.raises(EngineError, match="driver"):
        engine.generate(REQUEST)
