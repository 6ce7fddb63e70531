"""A show and a campaign made by models, tiny ones, through the same code as big ones: each is read from disk once."""

from contextlib import closing

import pytest

from core.domain.campaign import Brief
from core.domain.generation import Step
from core.settings import Settings
from core.studio import Studio
from tests.show import EPISODES, INFO

EPISODES_ALONE = frozenset({Step.SUMMARY, Step.IMAGE_PROMPT, Step.ILLUSTRATION})

MODELS = {"text": 1, "encoders": 1, "base": 1, "refiner": 1, "vae": 1}


@pytest.fixture
def knobs(tiny_knobs: Settings) -> Settings:
    """Less memory than all models and their work take."""
    return tiny_knobs.model_copy(update={"gpu_memory_gb": 0.03})


@pytest.mark.slow
def test_a_show_and_a_campaign_are_made_with_one_load_of_each_model(knobs: Settings):
    with closing(Studio.open(knobs)) as studio:
        studio.import_episodes(INFO, EPISODES[:2])
        show = studio.show(INFO.name)
        outcome = studio.prepare(studio.plan(show, only=EPISODES_ALONE))
        assert (outcome.made, outcome.failed) == (6, [])
        report = studio.engines.residency.report
        assert report.loads == MODELS
        moved = sum(report.moves.values())
        assert 1 <= moved <= 3

        detail = studio.desk.create(Brief(topic="Pão quente", call_to_action="Peça o seu.", width=160, height=160))
        report = studio.engines.residency.report
        assert report.loads == MODELS
        assert sum(report.moves.values()) <= moved + 3

        # What really ran is in the rows; the draft engine stands in for words that a random model cannot write
        engines = {row.step: row.engine for row in detail.generations}
        assert (engines[Step.COPY], engines[Step.CONCEPT], engines[Step.PICTURE]) == (
            "draft",
            "transformers",
            "diffusers",
        )
        [picture] = [row for row in detail.generations if row.step is Step.PICTURE]
        ran = picture.output["ran"]
        assert (ran["base_steps"] + ran["refiner_steps"], ran["scheduler"]) == (25, "dpmpp_2m_karras")
        assert ran["refiner_steps"] > 4
        assert not [finding for finding in detail.findings if finding.level == "error"]

        assert not studio.plan(show, only=EPISODES_ALONE).tasks
        # Another preset makes anew the pictures alone
        other = Studio(studio.library, knobs.model_copy(update={"preset": "rascunho"}))
        assert [task.step for task in other.plan(show, only=EPISODES_ALONE).tasks] == [Step.ILLUSTRATION] * 2
