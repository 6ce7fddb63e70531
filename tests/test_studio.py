"""The studio's own verbs: a show prepared by the worker, and the texts by a server where the settings name one."""

import json
from contextlib import closing

import pytest

from core.domain.campaign import Brief
from core.domain.generation import Step
from core.domain.job import JobState
from core.domain.library import ShowView
from core.errors import EngineError
from core.settings import Settings
from core.studio import Studio
from tests.engines.servers import Asked, Behaviour, Server, refuse, reply, say, send
from tests.scripted import ANSWERS, campaign_prompt, concept
from tests.show import EPISODES, INFO


def show_of(studio) -> ShowView:
    return studio.show(INFO.name)


def test_the_worker_prepares_a_show_and_asking_twice_is_one_job(imported, monkeypatch):
    monkeypatch.setattr(imported.desk, "call_worker", lambda: None)
    show = show_of(imported)
    job = imported.prepare_later(show.id)
    assert imported.prepare_later(show.id).id == job.id
    assert imported.preparing(show.id).id == job.id
    imported.work(idle_s=0)
    assert imported.library.jobs.get(job.id).state is JobState.COMPLETED
    assert imported.preparing(show.id).state.over
    assert not imported.missing(show.id)
    assert show_of(imported).illustrated == show.episodes


def test_jobs_fail_with_what_keeps_the_engines_from_working_and_the_library_opens(small, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with closing(Studio.open(small.model_copy(update={"profile": "gpu"}))) as studio:
        monkeypatch.setattr(studio.desk, "call_worker", lambda: None)
        studio.import_episodes(INFO, EPISODES)
        jobs = [studio.desk.submit(BREAD).job_id, studio.prepare_later(show_of(studio).id).id]
        studio.work(idle_s=0)
        for job in map(studio.library.jobs.get, jobs):
            assert job.state is JobState.FAILED
            assert "CHAMADA_PROFILE=gpu needs an NVIDIA graphics card" in job.message.format(**job.values)
        assert len(studio.list_episodes()) == len(EPISODES)


# The remote profile


def remote(small: Settings, url: str) -> Settings:
    """Settings with the texts by the server at ``url``."""
    changes = {"openai_base_url": url, "openai_model": "m", "openai_deadline_s": 5.0, "profile": "remote"}
    return small.model_copy(update=changes)


def write_for(brief: Brief, text: str) -> Behaviour:
    """A server's part in a campaign: ``text`` as the copy, and a picture's idea and prompt."""
    answers = {
        "Copy": {"headline": brief.topic, "text": text},
        "Concept": concept(""),
        "ImagePrompt": campaign_prompt(""),
    }
    return lambda asked: say(json.dumps(answers[asked.request["response_format"]["json_schema"]["name"]]))(asked)


BREAD = Brief(topic="Pão quente", call_to_action="Peça o seu.", width=160, height=160)


def test_a_server_writes_and_the_draft_engine_paints(small):
    with (
        Server(write_for(BREAD, "Pão quente. Peça o seu.")) as server,
        closing(Studio.open(remote(small, server.url))) as studio,
    ):
        assert studio.engines.choice.profile == "remote"
        assert (studio.text_engine.origin.engine, studio.image_engine.origin.engine) == ("openai", "draft")
        assert "server" in studio.engines.choice.why[0].message
        detail = studio.desk.create(BREAD)
    rows = {row.step: row.engine for row in detail.generations}
    assert (rows[Step.COPY], rows[Step.CONCEPT], rows[Step.PICTURE]) == ("openai", "openai", "draft")
    assert detail.copy_.text == "Pão quente. Peça o seu."


def test_the_draft_engine_writes_where_the_servers_copy_keeps_failing_its_checks(small):
    with (
        Server(write_for(BREAD, "Pão 100% garantido, o melhor!")) as server,
        closing(Studio.open(remote(small, server.url))) as studio,
    ):
        detail = studio.desk.create(BREAD)
    [copy] = [row for row in detail.generations if row.step is Step.COPY]
    assert copy.engine == "draft"
    assert [each["model"] for each in copy.output["refused"]] == ["m"] * 2
    assert not [finding for finding in detail.findings if finding.level == "error"]


@pytest.mark.parametrize(
    "behaviour", [send(), refuse(401, "?"), say('{"headline": "Pão'), reply(200, "<p>", kind="text/html")]
)
def test_nothing_of_a_broken_server_is_stored_and_the_next_try_goes_on(small, behaviour: Behaviour):
    broken = [behaviour] * 4
    with (
        Server(*broken, write_for(BREAD, "Pão quente. Peça o seu.")) as server,
        closing(Studio.open(remote(small, server.url))) as studio,
    ):
        ticket = studio.library.campaigns.add(studio.desk._new_campaign(BREAD, None, None))
        while len(server.requests) < 4:
            with pytest.raises(EngineError):
                studio.desk._run(ticket, {}, lambda fraction, message, **values: None, lambda: False)
            assert not studio.desk.get(ticket).generations
        studio.desk._run(ticket, {}, lambda fraction, message, **values: None, lambda: False)
        assert studio.desk.get(ticket).copy_.text == "Pão quente. Peça o seu."


def test_a_worker_warms_up_without_asking_the_server(small):
    with Server(send()) as server, closing(Studio.open(remote(small, server.url))) as studio:
        studio.desk.warm_up()
    assert not server.requests


def follow_rules(asked: Asked) -> None:
    """Answer as tests/scripted.py does."""
    words = "\n".join(message["content"] for message in asked.request["messages"])
    say(json.dumps(ANSWERS[asked.request["response_format"]["json_schema"]["name"]](words)))(asked)


def test_a_server_prepares_a_show_and_a_broken_one_leaves_nothing(small):
    with (
        Server(*[refuse(401, "?")] * 3, follow_rules) as server,
        closing(Studio.open(remote(small, server.url))) as studio,
    ):
        studio.import_episodes(INFO, EPISODES[:1])
        failed = studio.prepare(studio.plan(show_of(studio))).failed
        assert "CHAMADA_OPENAI_API_KEY" in str(failed[0][1])
        assert show_of(studio).illustrated == 0
        while len(server.requests) < 3:
            studio.prepare(studio.plan(show_of(studio)))
        assert not studio.prepare(studio.plan(show_of(studio))).failed
        assert show_of(studio).illustrated == 1
        assert not studio.missing(show_of(studio).id)
