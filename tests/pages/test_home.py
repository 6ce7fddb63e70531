"""Início: an empty library, one partly prepared, and who makes what."""

import shlex
from contextlib import closing

from core.domain.job import JobState
from core.domain.show import ShowInfo
from core.settings import settings
from core.studio import Studio
from tests.pages import shelf as shelves
from tests.pages.sight import written


def test_an_empty_library_says_what_to_do(visit):
    app = visit()
    assert app.title[0].value == "Boas-vindas à Chamada"
    bundled, own = (code.value.splitlines() for code in app.code)
    assert bundled == [
        "python dataprep.py import data/shows/mare-alta --show 'Maré Alta'",
        "python dataprep.py run --show 'Maré Alta'",
    ]
    assert own[0] == "python dataprep.py import meus-roteiros --show 'Minha Série'"


def test_a_show_tells_how_far_it_has_come_and_what_to_run(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit()
    assert app.title[0].value == "Sua biblioteca"
    text = written(app)
    assert "1 série · 2 temporadas · 4 episódios · 8 pôsteres" in text
    assert [bar.text for bar in app.progress] == [
        "Resumos: 3 de 4",
        "Pôsteres: 3 de 4",
        "Pôsteres de temporada: 5 de 10",
    ]
    assert "A fazer" in text
    assert "python dataprep.py run --show 'O Farol'" in [code.value for code in app.code]


def test_the_newest_posters_link_to_their_episodes(visit, shelf, close):
    studio = close(shelves.build(shelf))
    app = visit()
    links = {link.proto.label: link.proto.query_string for link in app.page_link}
    assert links["A lâmpada"] == f"id={studio.list_episodes(1)[0].id}"


def test_commands_are_quoted_for_a_shell(visit, shelf, close):
    name = "D'Água; rm -rf $HOME"
    studio = close(Studio.open(shelf))
    studio.import_episodes(ShowInfo(name=name), [shelves.episode(1, 1, "Um")])
    app = visit()
    command = next(code.value for code in app.code)
    assert shlex.split(command) == ["python", "dataprep.py", "run", "--show", name]


def test_the_draft_engines_are_named_as_such_and_never_as_ai(visit):
    text = written(visit())
    assert text.count("Rascunho: feito por regras, sem modelo de IA") == 2
    assert "gerado por IA" not in text.lower()


def test_engines_that_cannot_work_here_are_told_of_and_the_page_opens(visit, shelf, close, monkeypatch):
    close(shelves.build(shelf))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("CHAMADA_PROFILE", "t4")
    settings.cache_clear()
    app = visit(lang="English")
    assert "1 show · 2 seasons · 4 episodes · 8 posters" in written(app)
    [at_the_show, at_the_engines] = (error.value for error in app.error)
    assert at_the_show == at_the_engines
    assert "PROFILE=t4 needs an NVIDIA graphics card, and there is none here" in at_the_show.replace("\\", "")
    assert not [button for button in app.button if button.label == "Prepare now"]
    assert "See the episodes" in [link.proto.label for link in app.page_link]


def test_english_on_request(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit(lang="English")
    assert app.title[0].value == "Your library"
    assert "1 show · 2 seasons · 4 episodes · 8 posters" in written(app)


def test_the_language_switch_changes_the_page(visit):
    app = visit()
    app.get("segmented_control")[0].set_value("en").run()
    assert app.title[0].value == "Welcome to Chamada"


def test_a_complete_show_tells_what_changed_since(visit, shelf, close):
    studio = close(Studio.open(shelf))
    studio.import_episodes(ShowInfo(name="O Farol"), [shelves.episode(1, 1, "Um")])
    view = studio.list_episodes(1)[0]
    shelves.summarize(studio, view)
    shelves.illustrate(studio, view)
    shelves.study(studio, studio.list_seasons(1)[0])
    app = visit()
    assert [bar.value for bar in app.progress] == [100, 100, 100]
    # What the shelf stored stems from other inputs than a run would use, so a run would make all of it anew.
    assert "**A fazer** · Resumos: 1 · Pôsteres: 1 · Estudos de temporada: 1 · Pôsteres de temporada: 5" in written(app)


def test_a_show_made_by_the_engines_in_use_is_ready(visit, shelf, close, monkeypatch):
    studio = close(Studio.open(shelf.model_copy(update={"image_width": 64, "image_height": 64})))
    studio.import_episodes(ShowInfo(name="O Farol"), [shelves.episode(1, 1, "Um")])
    studio.prepare(studio.plan(studio.show("O Farol")))
    monkeypatch.setenv("CHAMADA_IMAGE_WIDTH", "64")
    monkeypatch.setenv("CHAMADA_IMAGE_HEIGHT", "64")
    settings.cache_clear()
    app = visit()
    assert "Tudo pronto" in written(app)
    assert not app.code


def test_one_press_lets_the_worker_make_what_is_missing(visit, shelf, close):
    studio = close(shelves.build(shelf))
    app = visit()
    app.button(key="prepare_1").click().run()
    assert studio.preparing(1).kind == "prepare"
    assert "Cancelar" in [button.label for button in app.button]
    assert "prepare_1" not in [button.key for button in app.button]
    studio.work(idle_s=0)
    app.run()
    assert "Tudo pronto" in written(app)


def test_a_preparation_that_failed_says_why_and_offers_itself_again(visit, shelf, close):
    studio = close(shelves.build(shelf))
    job = studio.prepare_later(1)
    with closing(studio.library.jobs.seats.take(0)) as seat:
        studio.library.jobs.claim(seat)
        studio.library.jobs.finish(job.id, JobState.FAILED, "Reading", {})
    app = visit()
    assert "Lendo" in [error.value for error in app.error]
    assert app.button(key="prepare_1")
