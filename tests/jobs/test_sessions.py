"""Sessions of the real dashboard over websockets: many at once, and one whose server and tab go away."""

import asyncio

import pytest

from bench.jobs import NAMES, crowd, is_finished, serving
from bench.visitor import Visitor
from core.domain.gallery import CampaignFilter
from core.domain.job import JobState
from core.studio import Studio


@pytest.fixture
def knobs(small):
    small.data_dir.mkdir()
    return small.model_copy(update={"data_dir": small.data_dir.resolve(), "lock_timeout_s": 30})


@pytest.mark.slow
def test_twenty_sessions_at_once_get_each_its_own_result(knobs):
    with serving(knobs) as (base, _):
        visits = asyncio.run(crowd(base, NAMES[:20]))
    assert [seen.problem for seen in visits] == [""] * 20
    studio = Studio.open(knobs)
    assert studio.desk.count(CampaignFilter()) == 20
    assert studio.verify() == []
    studio.close()


async def click_and_leave(base, name):
    async with Visitor(base, "assistant") as tab:
        tab.type("brief_topic", f"Café {name}, torrado na hora")
        for _ in range(5):
            await tab.click("create")
        while not tab.find("progress"):
            await tab.wait_for_run()


async def come_back(base, name):
    async with Visitor(base, "assistant", "campaign=1") as tab, asyncio.timeout(60):
        while not is_finished(tab, name):
            await tab.wait_for_run()


@pytest.mark.slow
def test_a_campaign_outlives_its_tab_and_its_server(knobs):
    with serving(knobs.model_copy(update={"workers": 0})) as (base, _):
        asyncio.run(click_and_leave(base, "Aurora"))
    studio = Studio.open(knobs)
    assert [job.state for job in studio.desk.queue()] == [JobState.PENDING]
    with serving(knobs) as (base, _):
        asyncio.run(come_back(base, "Aurora"))
    assert studio.desk.count(CampaignFilter()) == 1
    studio.close()
