"""Episodes longer than the model reads: parted between scenes, each part stored, one summary made of theirs."""

import re

import pytest

from core.chains.preparation import Preparation
from core.chains.summary import split_scenes
from core.domain.generation import Step
from core.domain.show import Line
from core.errors import EngineError, PromptTooLong
from core.studio import Studio
from tests.engines.contract import summary_prompt
from tests.scripted import ScriptedText
from tests.show import EPISODES, INFO

LINES = EPISODES[0].lines


class ShortSighted(ScriptedText):
    """Reads ``limit`` characters at once."""

    def __init__(self, limit: int, **overrides):
        super().__init__(**overrides)
        self.limit = limit

    def generate(self, prompt, schema, options, on_text=None):
        length = sum(len(message.content) for message in prompt.messages)
        if length > self.limit:
            raise PromptTooLong("too long")
        return super().generate(prompt, schema, options, on_text)


def prepare(studio: Studio, engine: ScriptedText):
    plan = studio.plan(studio.show(INFO.name), only=frozenset({Step.SUMMARY}))
    text = studio.recipe
    return Preparation(
        studio.library, plan, text, lambda: engine, lambda: studio.image_engine, lambda words: "pt"
    ).run()


def parts(studio: Studio):
    detail = studio.get_episode(studio.list_episodes()[0].id)
    return [row for row in detail.generations if row.step is Step.PART]


def short_sighted(**overrides) -> ShortSighted:
    """Reads a little less than the whole first episode, and answers briefly."""
    whole = sum(len(message.content) for message in summary_prompt().messages)
    return ShortSighted(whole - 40, SummaryDraft=brief, **overrides)


def brief(text: str) -> dict[str, object]:
    return {"text": "O farol apaga.", "moments": [int(number) for number in re.findall(r"^\[(\d+)\]", text, re.M)][1:3]}


def test_a_long_episode_is_summarised_in_parts_that_are_stored(imported: Studio) -> None:
    engine = short_sighted()
    outcome = prepare(imported, engine)
    assert outcome.failed == []
    stored = parts(imported)
    assert len(stored) >= 2
    numbers = sorted(int(number) for row in stored for number in row.variant.split("-"))
    assert (numbers[0], numbers[-1]) == (LINES[0].seq, LINES[-1].seq)
    summary = imported.get_episode(imported.list_episodes()[0].id).summary
    assert {moment.quote for moment in summary.moments} <= {line.text for line in LINES}


def test_an_interrupted_long_episode_goes_on_with_the_parts_it_has(imported: Studio) -> None:
    def fail_to_join(text: str) -> dict[str, object]:
        raise EngineError("The power went out.")

    broken = short_sighted(episode_parts=fail_to_join)
    assert prepare(imported, broken).failed
    kept = len(parts(imported))
    engine = short_sighted()
    assert prepare(imported, engine).failed == []
    assert len(parts(imported)) == kept
    assert not any(LINES[2].text in text for text in engine.seen if "Part 1 of" not in text)


def test_many_parts_are_joined_by_halves() -> None:
    from core.chains.summary import SummaryDraft, draft_summary
    from core.engines.base import TextOptions

    engine = ShortSighted(1250, SummaryDraft=lambda text: {"text": "Um resumo de cem letras. " * 4})
    values = {"show": "O Farol", "key": "S01E01", "title": None, "logline": None, "spoiler_seqs": frozenset()}
    lines = tuple(line.model_copy(update={"seq": line.seq + 100 * n}) for n in range(4) for line in LINES)
    made = draft_summary(engine, {**values, "max_words": 60, "language": "pt"}, lines, TextOptions())
    assert isinstance(made.value, SummaryDraft)
    joins = [text for text in engine.seen if "Part 1 of" in text]
    assert len(joins) > 2


def test_a_line_longer_than_the_model_reads_is_an_error(imported: Studio) -> None:
    outcome = prepare(imported, ShortSighted(10))
    assert all(isinstance(error, PromptTooLong) for _, error in outcome.failed)
    assert "longer than the model reads" in str(outcome.failed[0][1])


def line(scene: int, length: int) -> Line:
    return LINES[2].model_copy(update={"scene": scene, "text": "x" * length})


@pytest.mark.parametrize(
    ("lines", "cut"),
    [
        ([line(1, 10), line(2, 10), line(2, 10), line(3, 30)], 3),
        ([line(1, 50), line(2, 10), line(3, 10)], 1),
        ([line(1, 10), line(1, 10), line(1, 10), line(1, 10)], 2),
    ],
)
def test_a_cut_falls_between_scenes_where_there_are_some(lines: list[Line], cut: int) -> None:
    first, second = split_scenes(lines)
    assert len(first) == cut
    assert [*first, *second] == lines
