"""A chat model among others in a small memory: its size known before, moved and brought back, and running out of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.chains.season import SubjectDraft
from core.engines import chat_model
from core.engines.base import TextOptions
from core.engines.chat_model import ChatModel
from core.engines.loading import Precision
from core.engines.residency import Residency
from core.engines.transformers_text import TransformersText
from core.errors import OutOfMemory
from core.prompts import Message, Prompt
from tests.engines.test_residency import Block, full

GREEDY = TextOptions(max_new_tokens=70, temperature=0)


def question(words: str) -> Prompt:
    """A prompt of a few hundred tokens."""
    messages = (Message(role="user", content="Vai o mar. " * 40 + words),)
    return Prompt(name="question", values={}, messages=messages, fingerprint="")


QUESTIONS = [question(f"Pergunta {number}?") for number in range(5)]


@pytest.fixture
def residency() -> Residency:
    return Residency()


@pytest.fixture
def engine(models: Path, residency: Residency) -> TransformersText:
    return TransformersText(models / "llama", precision="float32", residency=residency)


def run_out(engine: TransformersText, monkeypatch: pytest.MonkeyPatch, when: Callable[[int], bool]) -> list[int]:
    """Have the model's memory run out for a batch of n prompts whenever ``when(n)``; gives each n it was tried with."""
    model, tried = engine.load().model, []
    real = model.generate

    def generate(**given: Any) -> Any:
        rows = len(given["input_ids"])
        tried.append(rows)
        if when(rows):
            raise full()
        return real(**given)

    monkeypatch.setattr(model, "generate", generate, raising=False)
    return tried


# Sizes


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "nf4"])
def test_its_size_is_known_before_it_is_loaded(models: Path, precision: Precision) -> None:
    part = ChatModel(models / "llama", precision, "llama", "cpu")
    guess = part.size_bytes
    part.load()
    assert part.size_bytes == pytest.approx(guess, rel=0.1)


def test_what_it_keeps_of_a_prompt_counts_until_it_is_forgotten(engine: TransformersText) -> None:
    engine.load()
    empty = engine.bytes_in_memory
    engine.generate(QUESTIONS[0], SubjectDraft, GREEDY)
    assert engine.bytes_in_memory > empty
    engine.forget()
    assert engine.bytes_in_memory == empty


def test_the_work_of_llama_3_8b_is_known_by_its_config(tmp_path: Path) -> None:
    shape = '"hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32'
    (tmp_path / "config.json").write_text(f'{{{shape}, "num_key_value_heads": 8, "vocab_size": 128256}}')
    part = ChatModel(tmp_path, "nf4", "llama", "cuda")
    kept = 2 * 32 * 8 * 128 * 2  # keys and values in 2 bytes: 128 kB a token
    assert kept < part.work_bytes(1, 1001) - part.work_bytes(1, 1) < 2.5 * kept * 1000
    assert part.work_bytes(8, 1000) == 8 * part.work_bytes(1, 1000)
    assert part.work_bytes(1, 1800) < 600 * 2**20


# Sharing a device


def test_it_makes_room_and_comes_back_without_being_loaded_again(models: Path) -> None:
    residency = Residency(budget_bytes=1_500_000)
    engine = TransformersText(models / "llama", precision="float32", residency=residency)
    other = Block("base", 1_200_000)
    answers = []
    for _ in range(3):
        answers.append(engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value)
        with residency.use(other):
            assert residency.report.resident == ("base",)
            assert engine.is_loaded
    assert answers[0] == answers[1] == answers[2]
    assert residency.report.loads == {"text": 1, "base": 1}
    assert residency.report.moves == {"text": 5, "base": 4}


def test_a_model_dropped_for_want_of_host_memory_is_loaded_again(models: Path) -> None:
    residency = Residency(budget_bytes=1_500_000, host_bytes=0)
    engine = TransformersText(models / "llama", precision="float32", residency=residency)
    before = engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value
    with residency.use(Block("base", 1_200_000)):
        assert not engine.is_loaded
    assert engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value == before
    assert residency.report.loads["text"] == 2


@pytest.mark.gpu
def test_nf4_weights_go_to_the_host_and_come_back_the_same(models: Path) -> None:
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("needs an NVIDIA GPU")
    residency = Residency(device="cuda")
    engine = TransformersText(models / "llama", residency=residency)
    before = engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value
    for _ in range(2):
        residency.release()
        assert {weight.device.type for weight in engine.part.loaded.model.parameters()} == {"cpu"}
        assert engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value == before
    assert residency.report.loads == {"text": 1}


# Memory runs out


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_batch_too_large_is_answered_in_smaller_ones(
    engine: TransformersText, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    expected = [engine.generate(each, SubjectDraft, GREEDY).value for each in QUESTIONS]
    tried = run_out(engine, monkeypatch, lambda rows: rows > most)
    results = engine.generate_many(QUESTIONS, SubjectDraft, GREEDY)
    assert [result.value for result in results] == expected
    assert tried[0] == tried[1] == 5
    assert sum(rows for rows in tried if rows <= most) == 5


def test_memory_that_runs_out_once_takes_all_else_off_the_device(
    engine: TransformersText, residency: Residency, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value
    other = Block("base", 1000)
    with residency.use(other):
        pass
    tried = run_out(engine, monkeypatch, lambda rows: "base" in residency.report.resident)
    assert engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value == expected
    assert tried == [1, 1]
    assert residency.report.resident == ("text",)
    assert residency.report.loads == {"text": 1, "base": 1}


def test_one_answer_that_never_fits_is_an_error_and_the_next_is_right(
    engine: TransformersText, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value
    with monkeypatch.context() as patch:
        tried = run_out(engine, patch, lambda rows: True)
        with pytest.raises(OutOfMemory, match="llama"):
            engine.generate_many(QUESTIONS[:2], SubjectDraft, GREEDY)
    assert tried == [2, 2, 1, 1]
    assert engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value == expected


@pytest.mark.parametrize("failures", [1, 2])
def test_memory_that_runs_out_at_the_load(
    engine: TransformersText, residency: Residency, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    other, left = Block("base", 1000), [full()] * failures
    real = chat_model.load_chat_model

    def load(*given: Any) -> Any:
        if left:
            raise left.pop()
        return real(*given)

    monkeypatch.setattr(chat_model, "load_chat_model", load)
    with residency.use(other):
        pass
    if failures == 2:
        with pytest.raises(OutOfMemory, match="llama"):
            engine.generate(QUESTIONS[0], SubjectDraft, GREEDY)
    assert engine.generate(QUESTIONS[0], SubjectDraft, GREEDY).value
    assert residency.report.loads == {"text": 1, "base": 1}
    assert other.done == ["load", "to cpu"]
