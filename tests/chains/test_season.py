"""A season of more than the model reads at once is asked about in shorter summaries, not given up."""

import re

import pytest

from core.chains.season import SHORTER_SUMMARIES, EpisodeSummary, ask_of_season
from core.domain.show import Summary
from core.engines.base import TextOptions
from core.errors import PromptTooLong
from tests.scripted import ScriptedText

WORDS = " ".join(f"palavra{number}" for number in range(250))
SEASON = [
    EpisodeSummary(key=f"S01E{number:02}", title=None, logline=None, summary=Summary(language="pt", text=WORDS))
    for number in range(1, 23)
]
GIVEN = {
    "show": "Maré Alta",
    "genre": None,
    "season": 1,
    "language": "pt",
    "summaries": tuple(SEASON),
    "question_id": "tone",
    "question": "Qual é o tom da temporada?",
}


class ShortSighted(ScriptedText):
    """Reads ``limit`` words at once."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def generate(self, prompt, schema, options, on_text=None):
        if sum(len(message.content.split()) for message in prompt.messages) > self.limit:
            raise PromptTooLong("too long")
        return super().generate(prompt, schema, options, on_text)


def words_read(engine: ScriptedText) -> int:
    """Of the first episode's summary."""
    [line] = [line for line in engine.seen[-1].splitlines() if line.startswith("S01E01: ")]
    return len(re.findall(r"palavra\d+", line))


def test_a_season_that_fits_is_read_whole() -> None:
    engine = ShortSighted(10_000)
    ask_of_season(engine, GIVEN, SEASON, TextOptions())
    assert words_read(engine) == 250


@pytest.mark.parametrize(("limit", "words"), [(4000, 120), (1500, 40)])
def test_a_longer_one_is_read_in_the_longest_summaries_that_fit(limit: int, words: int) -> None:
    engine = ShortSighted(limit)
    made = ask_of_season(engine, GIVEN, SEASON, TextOptions())
    assert words_read(engine) == words
    assert made.value.episodes[:22] == tuple(item.key for item in SEASON)


def test_one_that_fits_in_no_way_is_refused() -> None:
    engine = ShortSighted(22 * SHORTER_SUMMARIES[-1])
    with pytest.raises(PromptTooLong):
        ask_of_season(engine, GIVEN, SEASON, TextOptions())
