"""How it stands: engines, machine, models and queue as they are, and what a worker tells after its jobs."""

from pathlib import Path

import pytest

from core.domain.campaign import Brief
from core.domain.job import JobState
from core.domain.residency import ResidencyReport, WorkerReport
from core.engines.opening import Engines
from core.errors import EngineError, LibraryLocked
from core.profiles import EngineChoice
from core.status import Telling, list_models
from core.studio import Studio
from tests.show import INFO

BREAD = Brief(topic="Pão quente", call_to_action="Peça o seu.", width=160, height=160)

TINY = {"text": "llama", "image": "sdxl", "refiner": "refiner", "preview": "preview-vae"}


@pytest.fixture
def studio(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Studio:
    monkeypatch.setattr(studio.desk, "call_worker", lambda: None)
    return studio


def test_a_fresh_library_stands_by(studio: Studio) -> None:
    status = studio.status()
    assert status.choice == studio.engines.choice
    assert status.machine.memory_bytes > 0
    assert [(worker.is_taken, worker.report) for worker in studio.workers()] == [(False, None)] * 2


def test_models_are_looked_for_by_the_settings(studio: Studio, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(models / "nothing"))
    knobs = studio.settings.model_copy(update={"image_model": str(models / "sdxl"), "vae_model": ""})
    by_role = {view.role: view for view in list_models(knobs, EngineChoice(text="model", image="model"))}
    assert by_role["image"].name == "sdxl"
    assert by_role["image"].is_there
    assert by_role["image"].serves
    assert by_role["image"].bytes > 10_000
    assert by_role["text"].name == "llama-3-8b"
    assert not by_role["text"].is_there
    assert not by_role["text"].serves
    assert by_role["text"].bytes > 10**10
    assert "vae" not in by_role
    assert not any(view.serves for view in list_models(knobs, EngineChoice()))


def test_a_worker_tells_after_each_job_what_it_is(imported: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported.desk, "call_worker", lambda: None)
    imported.prepare_later(imported.show(INFO.name).id)
    imported.work(idle_s=0)
    reports = [worker.report for worker in imported.workers()]
    assert WorkerReport(profile="draft") in reports


def test_a_worker_tells_even_of_a_job_that_failed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise EngineError("No.")

    monkeypatch.setattr(studio.desk, "run_job", fail)
    ticket = studio.desk.submit(BREAD)
    studio.work(idle_s=0)
    assert studio.library.jobs.get(ticket.job_id).state is JobState.FAILED
    assert any(worker.report for worker in studio.workers())


def test_a_worker_with_models_tells_what_they_did(
    studio: Studio, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = {f"{role}_model": str(models / folder) for role, folder in TINY.items()}
    knobs = studio.settings.model_copy(update={"profile": "t4", "device": "cpu", "vae_model": "", **paths})
    engines = Engines(knobs)
    telling, saved = Telling(studio.library, engines), []
    monkeypatch.setattr(studio.library.reports, "save", lambda seat, report: saved.append((seat, report)))
    job = studio.desk.submit(BREAD)
    job = studio.library.jobs.get(job.job_id).model_copy(update={"worker": "1"})
    telling.now_and_then(job)
    engines.text.load()
    telling.now_and_then(job)
    assert len(saved) == 1, "it was told just now"
    telling.tell(job)
    [(_, before), (seat, after)] = saved
    assert seat == 1
    assert before.residency == ResidencyReport(device="cpu", budget_bytes=15 * 2**30)
    assert after.profile == "t4"
    assert after.residency.loads == {"text": 1}
    assert after.residency.resident == ("text",)
    assert after.residency.peak_bytes > 100_000


def test_a_library_that_cannot_be_written_costs_no_job(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(seat: int, report: WorkerReport) -> None:
        raise LibraryLocked("Busy.")

    monkeypatch.setattr(studio.library.reports, "save", refuse)
    ticket = studio.desk.submit(BREAD)
    studio.work(idle_s=0)
    assert studio.library.jobs.get(ticket.job_id).state is JobState.COMPLETED
