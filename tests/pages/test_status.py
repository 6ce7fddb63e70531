"""Situação: engines, machine, models on disk, what the workers hold and what waits, in both languages."""

import re

import pytest

from core.domain.campaign import Brief
from core.domain.residency import ResidencyReport, WorkerReport
from core.machine import Card, Machine
from core.settings import settings
from core.studio import Studio
from tests.pages.sight import written

T4 = Machine(
    cards=(Card(name="Tesla T4", memory_bytes=15 * 2**30, capability=(7, 5)),),
    driver="580.65",
    driver_cuda=(13, 0),
    torch="2.13.0+cu130",
    torch_cuda=(13, 0),
    memory_bytes=12 * 2**30,
)
HELD = ResidencyReport(
    device="Tesla T4",
    budget_bytes=14 * 2**30,
    loads={"text": 1, "encoders": 1, "base": 1},
    moves={"text": 3},
    peak_bytes=11 * 2**30,
    resident=("encoders", "base"),
)


@pytest.fixture
def studio(shelf, close, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(shelf.data_dir / "nothing"))
    opened = close(Studio.open(shelf))
    monkeypatch.setattr(opened.desk, "call_worker", lambda: None)
    return opened


def cells(app) -> list[list[str]]:
    """Every row of every table on the page."""
    return [[str(cell) for cell in row] for table in app.table for row in table.value.to_numpy().tolist()]


def test_an_idle_library_says_so_in_portuguese(visit, studio):
    app = visit("status")
    assert app.title[0].value == "Situação"
    text = written(app)
    assert text.count("Rascunho: feito por regras, sem modelo de IA") == 2
    assert "Nenhum trabalhou ainda. Um começa assim que houver o que fazer." in text
    assert "Não há nada à espera." in text


def test_nobody_is_sent_for_models_that_the_machine_cannot_run(visit, studio):
    app = visit("status", lang="English")
    assert "without one the draft engines serve" in written(app)
    assert app.code == []


def test_models_that_are_missing_are_told_with_the_command_that_brings_them(visit, studio, monkeypatch):
    monkeypatch.setattr("core.engines.opening.look_around", lambda folder: T4)
    app = visit("status", lang="English")
    [text] = [row for row in cells(app) if row[0] == "Texts"]
    assert text == ["Texts", r"llama\-3\-8b", r"16\.1 GB", "no"]
    assert "python dataprep.py models pull" in [code.value for code in app.code]


def test_the_card_and_its_driver_are_named(visit, studio, monkeypatch):
    monkeypatch.setattr("core.engines.opening.look_around", lambda folder: T4)
    app = visit("status", lang="English")
    assert ["Graphics card", "Tesla T4"] in cells(app)
    assert ["Its memory", r"15\.0 GB"] in cells(app)
    assert ["Driver", r"580\.65\, for CUDA 13\.0"] in cells(app)
    assert ["Memory", r"12\.0 GB"] in cells(app)


def test_a_worker_shows_what_its_models_took_and_how_often_they_came_and_went(visit, studio):
    studio.library.reports.save(0, WorkerReport(profile="t4", residency=HELD))
    seat = studio.library.jobs.seats.take(0)
    app = visit("status", lang="English")
    text = written(app)
    assert "Worker 1" in text
    assert "waiting for work" in text
    assert "Profile t4\\: models that take turns in a small card" in text
    assert r"Tesla T4\: 11\.0 GB at the most\, of 14\.0 GB" in [bar.text for bar in app.progress]
    assert ["Text model", "1 time", "3 times", "waiting or gone"] in cells(app)
    assert ["Base of the pictures", "1 time", "0 times", "on the device"] in cells(app)
    seat.close()
    assert "gone until there is work" in written(app.run())


def test_a_worker_without_models_is_a_line(visit, studio):
    studio.library.reports.save(0, WorkerReport(profile="draft"))
    app = visit("status", lang="English")
    assert "Profile draft\\: no model" in written(app)
    assert not app.progress


def test_what_waits_and_what_runs_is_in_the_queue(visit, studio):
    for topic in ("Pão quente", "Café"):
        studio.desk.submit(Brief(topic=topic, width=160, height=160))
    with_seat = studio.library.jobs.seats.take(0)
    job = studio.library.jobs.claim(with_seat)
    studio.library.jobs.report(job.id, 0.5, "Writing the copy", {}, None)
    app = visit("status", lang="English")
    text = written(app)
    assert "Writing the copy" in [bar.text for bar in app.progress]
    assert [link.proto.query_string for link in app.page_link] == ["id=1", "id=2"]
    assert "Nothing is waiting." not in text
    with_seat.close()


def test_a_profile_that_cannot_work_here_is_said_and_the_page_opens(visit, studio, monkeypatch):
    monkeypatch.setattr("core.engines.opening.look_around", lambda folder: Machine(memory_bytes=2**33))
    monkeypatch.setenv("CHAMADA_PROFILE", "gpu")
    settings.cache_clear()
    app = visit("status", lang="English")
    assert any("needs an NVIDIA graphics card" in error.value for error in app.error)
    assert ["Graphics card", "none"] in cells(app)


def test_where_a_model_paints_its_preset_is_told(visit, studio, models, monkeypatch):
    paths = {"TEXT_MODEL": models / "llama", "IMAGE_MODEL": models / "sdxl", "REFINER_MODEL": models / "refiner"}
    others = {"PROFILE": "gpu", "DEVICE": "cpu", "PRESET": "qualidade"}
    for name, value in {**paths, **others}.items():
        monkeypatch.setenv(f"CHAMADA_{name}", str(value))
    settings.cache_clear()
    app = visit("status")
    assert "Predefinição das imagens: Qualidade. 31 passos" in written(app)


def test_names_from_the_settings_are_only_text(visit, studio, monkeypatch):
    monkeypatch.setenv("CHAMADA_TEXT_MODEL", "a/b](http://127.0.0.1:9)<script>")
    settings.cache_clear()
    [name] = [row[1] for row in cells(visit("status", lang="English")) if row[0] == "Texts"]
    assert "script" in name
    assert not re.search(r"(?<!\\)[]()<>]", name)


def test_home_leads_here(visit, studio):
    app = visit()
    assert "Máquina, modelos e processos" in [link.label for link in app.page_link]
