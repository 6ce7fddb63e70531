"""core/engines/draft/text.py: the engine keeps the contract, answers from values alone, and guards its fingerprint."""

import hashlib

import pytest

from core.chains.season import ANSWER_PROMPT, AnswerDraft, question_words
from core.chains.summary import SummaryDraft
from core.engines.base import TextOptions
from core.engines.draft import text
from core.engines.draft.text import DraftText
from core.errors import EngineError
from core.prompts import Prompt, render
from tests.engines.contract import TextEngineContract, stored_summaries, summary_prompt
from tests.show import EPISODES

OPTIONS = TextOptions()


class TestDraftText(TextEngineContract):
    @pytest.fixture
    def engine(self) -> DraftText:
        return DraftText()


def test_no_model_is_claimed() -> None:
    origin = DraftText().origin
    assert (origin.engine, origin.digital_source_type) == ("draft", "algorithmicMedia")


def test_messages_are_not_read() -> None:
    prompt = summary_prompt()
    bare = prompt.model_copy(update={"messages": ()})
    draft = DraftText()
    assert draft.generate(prompt, SummaryDraft, OPTIONS).value == draft.generate(bare, SummaryDraft, OPTIONS).value


def test_an_unknown_prompt_is_refused_in_plain_words() -> None:
    prompt = Prompt(name="haiku", values={}, messages=(), fingerprint="")
    with pytest.raises(EngineError, match="no answer to the prompt haiku"):
        DraftText().generate(prompt, SummaryDraft, OPTIONS)


def test_the_fingerprint_follows_version_and_data(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    seen = {DraftText().fingerprint}
    for change in (("VERSION", "0"), ("BUNDLED", tmp_path), ("PACKAGES", ())):
        monkeypatch.setattr(text, *change)
        text._fingerprint.cache_clear()
        seen.add(DraftText().fingerprint)
    monkeypatch.undo()
    text._fingerprint.cache_clear()
    assert len(seen) == 4


WRITTEN = {"1": "03e7c132a62c820d95718fb2695035f47eaf2c4ba20c7662327607439ccc2ad7"}
"""Version -> sha256 over what the engine writes about the test show."""


def test_a_change_of_what_is_written_raises_the_version() -> None:
    """Stored summaries are made anew only if the fingerprint changes: raise VERSION, then store the new hash here."""
    asked = [(summary_prompt(episode.lines, title=episode.title), SummaryDraft) for episode in EPISODES]
    season = {"show": "O Farol", "season": 1, "language": "pt", "summaries": stored_summaries()}
    # The others read data files too, which the fingerprint covers by itself.
    for question_id in ("central_conflict", "protagonists", "recurring_places", "what_changes"):
        words = {"question_id": question_id, "question": question_words(question_id, "pt")}
        asked.append((render(ANSWER_PROMPT, {**season, **words}), AnswerDraft))
    draft = DraftText()
    written = "\n".join(draft.generate(prompt, schema, OPTIONS).value.model_dump_json() for prompt, schema in asked)
    assert WRITTEN.get(text.VERSION) == hashlib.sha256(written.encode()).hexdigest()
