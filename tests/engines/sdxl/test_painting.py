"""A picture on its way: which phase is next, what giving up does to it, and how its steps are counted."""

import pytest
import torch

from core.engines.sdxl.ladder import Phase, Rung
from core.engines.sdxl.painting import Painting, Scratch, State, Steps, painting_key
from tests.engines.image_contract import REQUEST


def new(steps=(3, 1)):
    return Painting(REQUEST, "key", trained=(1024, 1024), steps=steps)


def order(painting, last=Phase.DECODE):
    found = []
    while phase := painting.next_phase(last):
        found.append(phase)
        painting.state.finished.append(phase.value)
    return found


def test_the_phases_come_in_order_up_to_the_one_asked():
    painting = new()
    assert order(painting, Phase.BASE) == [Phase.ENCODE, Phase.BASE]
    assert order(painting) == [Phase.REFINE, Phase.DECODE]
    assert order(painting) == []


def test_without_steps_for_it_there_is_no_refining():
    assert order(new((4, 0))) == [Phase.ENCODE, Phase.BASE, Phase.DECODE]


def test_a_smaller_picture_begins_anew_with_its_prompt_read():
    painting = new()
    order(painting, Phase.REFINE)
    painting.take(Phase.DECODE, Rung.SMALLER)
    assert painting.bucket == (768, 768)
    assert order(painting) == [Phase.BASE, Phase.REFINE, Phase.DECODE]


@pytest.mark.parametrize(
    ("values", "guided"), [({}, 4), ({"guidance_end": 0.5}, 2), ({"guidance_scale": 1.0}, 0), ({"guidance_end": 0}, 0)]
)
def test_guided_steps_are_a_share_of_all(values, guided):
    painting = Painting(REQUEST.model_copy(update=values), "key", trained=(1024, 1024), steps=(3, 1))
    assert painting.guided == guided


def test_the_key_changes_with_the_models_and_with_the_request():
    other = REQUEST.model_copy(update={"seed": 12})
    keys = {painting_key(print_, request) for print_ in ("a", "b") for request in (REQUEST, other)}
    assert len(keys) == 4


def test_what_is_put_away_comes_back(tmp_path):
    scratch, painting = Scratch(tmp_path / "new" / "folder"), new()
    painting.state = State(["encode"], [("encode", "freed")], 2, {"encode": 0.5}, cached=True)
    painting.tensors = {"latents": torch.arange(4)}
    scratch.put(painting)
    assert not painting.tensors
    found = new()
    scratch.recall(found, with_tensors=True)
    assert found.rungs == [(Phase.ENCODE, Rung.FREED)]
    assert (found.state.finished, found.state.steps_done, found.state.seconds) == (["encode"], 2, {"encode": 0.5})
    assert torch.equal(found.tensors["latents"], torch.arange(4))
    scratch.forget(found)
    assert not list((tmp_path / "new" / "folder").iterdir())


def test_without_a_folder_tensors_stay_in_memory():
    scratch, painting = Scratch(), new()
    painting.tensors = {"latents": torch.arange(4)}
    scratch.put(painting)
    scratch.recall(painting, with_tensors=True)
    assert list(painting.tensors) == ["latents"]
    scratch.forget(painting)
    assert not painting.tensors


def test_steps_go_back_with_a_picture_that_begins_anew():
    seen = []
    steps, first, second = Steps(lambda done, total: seen.append((done, total))), new(), new()
    for painting in (first, second):
        steps.add(painting)
    for _ in range(3):
        steps.count(first)
    steps.settle(first, 0)
    steps.count(second)
    assert seen == [(1, 8), (2, 8), (3, 8), (1, 8)]
