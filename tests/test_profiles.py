"""The choice of engines as a table: settings, machine and models on disk in; engines and reasons out."""

import pytest

from core.errors import EngineError
from core.machine import Card, Machine
from core.profiles import GB, T4, EngineChoice, choose
from core.settings import Settings

SERVER = {"openai_base_url": "http://127.0.0.1:8000/v1", "openai_model": "m"}
CPU = {"device": "cpu"}


def machine(gb: float = 0, **changes: object) -> Machine:
    """A machine with everything installed, and a card where ``gb`` is not 0."""
    card = Card(name="Tesla T4", memory_bytes=int(gb * GB), capability=(7, 5))
    there = {"driver": "580.65.06", "driver_cuda": (13, 0), "cards": (card,)} if gb else {}
    return Machine(**{"torch": "2.13.0", "torch_cuda": (13, 0), **there, **changes})


def lack(*roles: str):
    """A disk without the models of ``roles``."""
    return lambda role: EngineError("No model for {role}. Fetch it.", role=role) if role in roles else None


def of(choice: EngineChoice) -> tuple[str, str, str]:
    return choice.profile, choice.text, choice.image


def words(choice: EngineChoice) -> str:
    """Why, in English."""
    return " ".join(reason.message.format(**reason.values) for reason in choice.why)


@pytest.mark.parametrize(
    ("settings", "here", "gone", "chosen", "why"),
    [
        ({"profile": "draft"}, machine(24), (), ("draft", "draft", "draft"), "settings ask for the draft"),
        ({}, machine(), (), ("draft", "draft", "draft"), "There is no NVIDIA graphics card here"),
        ({}, machine(4), (), ("draft", "draft", "draft"), "may take 4.0 GB of the graphics card, and need 7 GB"),
        ({"gpu_memory_gb": 5}, machine(24), (), ("draft", "draft", "draft"), "may take 5.0 GB"),
        ({}, machine(7.99), (), ("t4", "model", "model"), "taking turns in its 8 GB"),
        ({}, machine(15), (), ("t4", "model", "model"), "Tesla T4, taking turns in its 15 GB"),
        ({}, machine(22.5), (), ("gpu", "model", "model"), "hold them all at once"),
        ({"gpu_memory_gb": 15}, machine(24), (), ("t4", "model", "model"), "taking turns in its 15 GB"),
        ({}, machine(15), ("text",), ("t4", "draft", "model"), "model paints on the Tesla T4; the draft engine w"),
        ({}, machine(15), ("image", "refiner"), ("t4", "model", "draft"), "writes on the Tesla T4; the draft engine p"),
        ({}, machine(15), ("text", "image", "refiner"), ("draft", "draft", "draft"), "text. Fetch it. No model for i"),
        ({}, machine(15), ("refiner",), ("t4", "model", "model"), "Fetch it. Until then the pictures do without"),
        (SERVER, machine(), (), ("remote", "remote", "draft"), "A server writes the texts. The draft engine paints"),
        (SERVER, machine(15), ("text",), ("remote", "remote", "model"), "and a model paints on the Tesla T4"),
        (SERVER | {"profile": "remote"}, machine(15), ("image",), ("remote", "remote", "draft"), "No model for image"),
        (SERVER | {"profile": "gpu"}, machine(24), (), ("gpu", "model", "model"), "hold them all at once"),
        ({"profile": "t4"}, machine(24), (), ("t4", "model", "model"), "taking turns in its 15 GB"),
        ({"profile": "gpu"}, machine(6), (), ("gpu", "model", "model"), "taking turns in its 6 GB"),
        (CPU, machine(24), (), ("draft", "draft", "draft"), "CHAMADA_DEVICE=cpu keeps models off"),
        (CPU | {"profile": "gpu"}, machine(), (), ("gpu", "model", "model"), "run on the processor, as the settings"),
    ],
)  # fmt: skip
def test_the_best_that_the_machine_allows_is_taken_and_why(settings, here, gone, chosen, why):
    choice = choose(Settings(**settings), here, lack(*gone))
    assert of(choice) == chosen
    assert why in words(choice)
    assert choice.problem is None
    assert choice.has_models == ("model" in chosen)
    assert choice.device == settings.get("device", "cuda")
    assert len(choice.why) <= 3


MISMATCHES = [
    ({"driver_fault": "Version mismatch", "cards": ()}, "does not answer: Version mismatch"),
    ({"lacking": ("torch", "diffusers")}, "not installed: torch, diffusers. Run: pip install -r requirements.txt"),
    ({"torch_cuda": (0, 0)}, "works on the processor alone, so the Tesla T4 is idle. Install torch with CUDA"),
    ({"driver_cuda": (12, 4), "driver": "550.54"}, "550.54 serves CUDA 12.4, and the torch that is installed needs"),
    ({"cards": (Card(name="GTX 1080", memory_bytes=8 * GB, capability=(6, 1)),)}, "GTX 1080 is older than CUDA 13.0"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "why"), [*MISMATCHES, ({"cards": (), "driver": ""}, "no")])
@pytest.mark.parametrize("profile", ["auto", "t4", "gpu"])
def test_what_does_not_go_together_leaves_the_draft_engines_or_is_a_problem_where_models_were_asked_for(
    profile: str, changes: dict[str, object], why: str
):
    def never(role: str) -> None:
        raise AssertionError("the disk is not searched where no model can run")

    choice = choose(Settings(profile=profile), machine(15, **changes), never)
    assert why in words(choice)
    if profile == "auto":
        assert of(choice) == ("draft", "draft", "draft")
        assert choice.problem is None
    else:
        assert of(choice) == (profile, "model", "model")
        assert choice.why == (choice.problem,)


def test_a_newer_minor_version_of_cuda_is_no_mismatch():
    assert choose(Settings(), machine(15, driver_cuda=(13, 0), torch_cuda=(13, 2))).profile == "t4"
    assert choose(Settings(), machine(15, driver_cuda=(14, 0), torch_cuda=(13, 2))).profile == "t4"
    old = Card(name="GTX 1080", memory_bytes=8 * GB, capability=(6, 1))
    assert choose(Settings(), machine(8, cards=(old,), torch_cuda=(12, 6))).profile == "t4"


def test_a_card_that_is_asked_for_and_not_there_has_a_remedy():
    problem = choose(Settings(profile="t4"), machine()).problem
    assert "CHAMADA_DEVICE=cpu" in problem.message
    assert "CHAMADA_PROFILE=t4" in problem.message.format(**problem.values)


@pytest.mark.parametrize("role", ["text", "image"])
def test_a_model_that_is_asked_for_and_not_there_is_a_problem(role: str):
    choice = choose(Settings(profile="gpu"), machine(24), lack(role))
    assert choice.problem.values == {"role": role}
    assert of(choice) == ("gpu", "model", "model")


def test_a_refiner_that_nobody_wants_is_not_missed():
    choice = choose(Settings(refiner_model=""), machine(24), lack("refiner"))
    assert len(choice.why) == 1


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({"profile": "t4"}, T4),
        ({"profile": "t4", "gpu_memory_gb": 40}, T4),
        ({"profile": "t4", "gpu_memory_gb": 8}, 8 * GB),
        ({"profile": "gpu"}, None),
        ({"profile": "gpu", "gpu_memory_gb": 12.5}, int(12.5 * GB)),
        ({}, None),
    ],
)
def test_models_take_no_more_than_the_settings_say(settings: dict[str, object], limit: int | None):
    assert choose(Settings(**settings), machine(24)).memory_bytes == limit
