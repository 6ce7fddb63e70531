"""An engine that is watched answers as it would alone, and can be stopped."""

import pytest

from core.chains.summary import SummaryDraft
from core.engines.base import WatchedText
from core.engines.draft.text import DraftText
from core.errors import Canceled
from tests.engines.contract import OPTIONS, TextEngineContract, summary_prompt
from tests.scripted import ScriptedText


class Talking(ScriptedText):
    """Tells a word before each answer."""

    def generate(self, prompt, schema, options, on_text=None):
        on_text("O farol")
        return super().generate(prompt, schema, options, on_text)


class TestWatched(TextEngineContract):
    @pytest.fixture
    def engine(self) -> WatchedText:
        return WatchedText(DraftText(), lambda words: None)


def test_the_watcher_hears_every_answer() -> None:
    heard: list[str] = []
    WatchedText(Talking(), heard.append).generate(summary_prompt(), SummaryDraft, OPTIONS)
    assert heard == ["O farol"]


def test_the_watcher_may_stop_an_answer() -> None:
    def stop(words: str) -> None:
        raise Canceled("Canceled.")

    with pytest.raises(Canceled):
        WatchedText(Talking(), stop).generate(summary_prompt(), SummaryDraft, OPTIONS)
