"""A worker whose memory runs out wherever it can: the job says so, what was made stays, and the next job is fine."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from core.domain.campaign import Brief
from core.domain.gallery import CampaignDetail
from core.domain.generation import Step, find_current
from core.domain.job import JobState
from core.engines import chat_model
from core.engines.sdxl.ladder import Phase
from core.engines.sdxl.painter import Painter
from core.engines.sdxl.parts import ModelPart
from core.engines.transformers_text import TransformersText
from core.settings import Settings
from core.studio import Studio
from tests.engines.test_residency import full

Break = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def studio(tiny_knobs: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A studio whose worker has the tiny models, on the processor."""
    with closing(Studio.open(tiny_knobs)) as opened:
        monkeypatch.setattr(opened.desk, "call_worker", lambda: None)
        yield opened


def run_out(*given: object, **options: object) -> None:
    raise full()


def text_load(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chat_model, "load_chat_model", run_out)


def text_answer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("core.engines.transformers_text._decode", run_out)


def image_load(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ModelPart, "load", run_out)


def phase(which: Phase) -> Break:
    def break_it(patch: pytest.MonkeyPatch) -> None:
        real = Painter.work

        def work(self: Painter, phase: Phase, *given: Any) -> None:
            if phase is which:
                raise full()
            real(self, phase, *given)

        patch.setattr(Painter, "work", work)

    return break_it


def copy_of(detail: CampaignDetail) -> int | None:
    row = find_current(detail.generations, Step.COPY)
    return row.id if row else None


@pytest.mark.slow
def test_memory_that_runs_out_at_any_point_costs_no_text_and_no_later_job(studio: Studio) -> None:
    brief = Brief(topic="Pão quente", call_to_action="Peça o seu.", width=160, height=160)
    ticket = studio.desk.submit(brief)
    breaks: list[tuple[Break, bool]] = [(text_load, False), (text_answer, False), (image_load, True)]
    breaks += [(phase(which), True) for which in Phase]
    kept = None
    for break_it, has_text in breaks:
        with pytest.MonkeyPatch.context() as patch:
            break_it(patch)
            studio.work(idle_s=0)
        job = studio.library.jobs.get(ticket.job_id)
        assert job.state is JobState.FAILED, break_it
        assert "not enough memory" in job.message, break_it
        copy = copy_of(studio.desk.get(ticket.campaign_id))
        assert (copy is not None) == has_text, break_it
        assert kept in (None, copy), "the text is not written anew"
        kept = copy
        ticket = studio.desk.retry(ticket.campaign_id)
    studio.work(idle_s=0)
    assert studio.library.jobs.get(ticket.job_id).state is JobState.COMPLETED
    detail = studio.desk.get(ticket.campaign_id)
    assert copy_of(detail) == kept
    picture = find_current(detail.generations, Step.PICTURE)
    assert picture is not None
    assert picture.output["ran"]["rungs"] == [], "the next job begins at full quality"
    assert isinstance(studio.text_engine, TransformersText)
    [told] = [seat.report for seat in studio.workers() if seat.report]
    assert told.residency is not None
    assert told.residency.loads["text"] == 1
