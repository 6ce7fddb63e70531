"""Threads that ask at once are answered as one batch; what goes wrong reaches those it concerns."""

import threading
from functools import partial
from pathlib import Path

import pytest

from core.chains.season import SubjectDraft
from core.chains.summary import SummaryDraft
from core.engines.base import BatchTextEngine, TextOptions, WatchedText
from core.engines.draft.text import DraftText
from core.engines.gathering import GatheredText, ask_together
from core.engines.transformers_text import TransformersText, pack
from core.errors import Canceled, EngineError
from core.prompts import Message, Prompt
from tests.engines.contract import OPTIONS, TextEngineContract
from tests.scripted import ScriptedText


class Batching(ScriptedText):
    """Answers in batches; a prompt that says “bad” spoils its batch."""

    def __init__(self) -> None:
        super().__init__(SubjectDraft=self.subject)
        self.batches: list[int] = []
        self.fingerprint = "0" * 64

    @staticmethod
    def subject(text: str) -> dict[str, object]:
        if "bad" in text:
            raise EngineError("Bad prompt.")
        return {"subject": text}

    def generate_many(self, prompts, schema, options, on_text=None):
        self.batches.append(len(prompts))
        if on_text is not None:
            on_text("O farol")
        return [super(Batching, self).generate(prompt, schema, options) for prompt in prompts]


def ask(words: str) -> Prompt:
    return Prompt(name="x", values={}, messages=(Message(role="user", content=words),), fingerprint="")


def gather(engine: GatheredText, questions: list[list[str]], on_text=None, options=None) -> dict[str, object]:
    """What each thread got for its questions, asked one after the other."""
    found: dict[str, object] = {}

    def work(number: int, mine: list[str]) -> None:
        for words in mine:
            try:
                chosen = options[number] if options else OPTIONS
                found[words] = engine.generate(ask(words), SubjectDraft, chosen, on_text).value.subject
            except (EngineError, Canceled) as error:
                found[words] = error

    engine.gather([partial(work, number, mine) for number, mine in enumerate(questions)])
    return found


class TestContract(TextEngineContract):
    @pytest.fixture
    def engine(self) -> GatheredText:
        return GatheredText(Batching())


def test_which_engines_answer_in_batches() -> None:
    assert isinstance(Batching(), BatchTextEngine)
    assert not isinstance(DraftText(), BatchTextEngine)


def test_threads_are_answered_together_and_each_gets_its_own() -> None:
    engine = Batching()
    found = gather(GatheredText(engine), [["a", "b"], ["c", "d"], ["e", "f"]])
    assert found == {words: words for words in "abcdef"}
    assert engine.batches == [3, 3]


def test_a_thread_that_asks_less_keeps_nobody_waiting() -> None:
    engine = Batching()
    found = gather(GatheredText(engine), [["a"], ["b", "c", "d"], []])
    assert found == {words: words for words in "abcd"}
    assert sum(engine.batches) == 4


def test_one_bad_prompt_fails_alone() -> None:
    found = gather(GatheredText(Batching()), [["a"], ["bad"], ["c"]])
    assert isinstance(found.pop("bad"), EngineError)
    assert found == {"a": "a", "c": "c"}


def test_a_stop_reaches_every_thread() -> None:
    def stop(words: str) -> None:
        raise Canceled("Canceled.")

    found = gather(GatheredText(Batching()), [["a"], ["b"]], stop)
    assert all(isinstance(error, Canceled) for error in found.values())


def test_other_options_go_in_a_batch_of_their_own() -> None:
    engine = Batching()
    options = [TextOptions(seed=1), TextOptions(seed=2), TextOptions(seed=1)]
    assert set(gather(GatheredText(engine), [["a"], ["b"], ["c"]], options=options)) == {"a", "b", "c"}
    assert sorted(engine.batches) == [1, 2]


def test_nothing_hangs_when_many_threads_come_and_go() -> None:
    engine = GatheredText(Batching())
    for size in (1, 2, 7, 20):
        questions = [[f"{size} {number} {each}" for each in range(number % 4)] for number in range(size)]
        assert len(gather(engine, questions)) == sum(map(len, questions))
    assert threading.active_count() < 20


def test_a_real_model_behind_it(models: Path) -> None:
    engine = TransformersText(models / "llama", precision="float32")
    gathered = GatheredText(engine)
    found: list[object] = []
    options = TextOptions(max_new_tokens=80, temperature=0)
    work = [lambda n=n: found.append(gathered.generate(ask(f"{n}"), SummaryDraft, options).value) for n in range(3)]
    gathered.gather(work)
    assert [type(value) for value in found] == [SummaryDraft] * 3


def test_batches_hold_prompts_of_like_length_and_no_more_tokens_than_a_card_has_room_for() -> None:
    assert pack([]) == []
    assert pack([5, 900, 6, 901]) == [[0, 2, 1, 3]]
    assert pack([10] * 9) == [list(range(8)), [8]]
    assert pack([9000, 100, 8000]) == [[1, 2], [0]]
    assert pack([20_000]) == [[0]]


def subject(engine: object, words: str) -> object:
    return engine.generate(ask(words), SubjectDraft, OPTIONS).value.subject


def test_one_asker_may_ask_several_things_together() -> None:
    engine = Batching()
    watched = WatchedText(GatheredText(engine), lambda words: None)
    assert ask_together(watched, [partial(subject, watched, words) for words in "abc"]) == list("abc")
    assert engine.batches == [3]
    assert subject(watched, "d") == "d"


def test_an_engine_that_answers_alone_is_asked_one_thing_after_the_other() -> None:
    engine = ScriptedText(SubjectDraft=Batching.subject)
    assert ask_together(engine, [partial(subject, engine, words) for words in "abc"]) == list("abc")


def test_what_one_of_them_raises_is_raised_when_all_have_ended() -> None:
    engine = GatheredText(Batching())
    with pytest.raises(EngineError, match="Bad"):
        ask_together(engine, [partial(subject, engine, words) for words in ("a", "bad", "c")])
    assert subject(engine, "d") == "d"


def test_threads_that_ask_together_in_their_turn_share_batches() -> None:
    engine = Batching()
    gathered = GatheredText(engine)
    found: dict[str, list[object]] = {}

    def study(name: str) -> None:
        found[name] = ask_together(gathered, [partial(subject, gathered, f"{name}{number}") for number in range(3)])
        found[name].append(subject(gathered, name))

    gathered.gather([partial(study, "a"), partial(study, "b")])
    assert found == {name: [f"{name}0", f"{name}1", f"{name}2", name] for name in "ab"}
    assert engine.batches == [6, 2]
