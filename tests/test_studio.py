"""The studio's own verbs: a show prepared by the worker."""

from core.domain.job import JobState
from core.domain.library import ShowView
from tests.show import INFO


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
    assert imported.preparing(show.id) is None
    assert not imported.missing(show.id)
    assert show_of(imported).illustrated == show.episodes
