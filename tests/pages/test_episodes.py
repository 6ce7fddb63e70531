"""Episódios and one episode: filters, pages, spoilers, versions, empty and damaged states."""

import pytest

from tests.pages import shelf as shelves
from tests.pages.sight import written


def titles(app):
    return [link.proto.label for link in app.page_link if link.proto.query_string.startswith("id=")]


def test_an_empty_library_says_how_to_get_episodes(visit):
    assert "python dataprep.py import" in visit("episodes").code[0].value


def test_the_grid_shows_key_date_and_missing_posters(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit("episodes")
    assert titles(app) == ["A lâmpada", "A chave", "O mapa", "S02E01"]
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert "S01E01 · 14 de mai. de 2024" in captions
    assert "S02E01 · 14 de mai. de 2024 · ainda sem pôster" in captions
    assert len(app.get("image")) == 4


@pytest.mark.parametrize("search", ["lampada", "LÂMPADA", "s01e01"])
def test_search_is_blind_to_accents_and_case(visit, shelf, close, search):
    close(shelves.build(shelf))
    app = visit("episodes", q=search)
    assert titles(app) == ["A lâmpada"]


def test_a_search_without_a_hit_says_so(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit("episodes", q="submarino")
    assert "Nenhum episódio encontrado" in app.info[0].value


def test_the_season_is_a_filter(visit, shelf, close):
    close(shelves.build(shelf))
    assert titles(visit("episodes", season="2")) == ["S02E01"]


def test_a_long_list_has_pages_and_a_new_filter_starts_at_the_first(visit, shelf, close):
    close(shelves.build(shelf, episodes=30, prepared=False))
    app = visit("episodes", page="2")
    assert len(titles(app)) == 31 - 24
    app.text_input(key="q").set_value("farol").run()
    assert app.session_state["page"] == 1
    assert len(titles(app)) == 0 or titles(app)[0].startswith("A l")


def test_an_episode_shows_what_was_made_of_it(visit, shelf, close):
    studio = close(shelves.build(shelf))
    first = studio.list_episodes(1)[0]
    app = visit("episode", id=str(first.id))
    text = written(app)
    assert app.title[0].value == "A lâmpada"
    for part in ("Resumo", "“Quem apagou?”", "ANA · 60% · 6 falas", "farol apagado", "Ana Braga · Rui Sá"):
        assert part in text
    picture = app.get("image")[0].proto.imgs[0]
    assert picture.alt == "Pôster de A lâmpada, estilo Recorte, com farol, barco"
    assert picture.url.endswith(".png")
    assert "a lighthouse at dusk" in [code.value for code in app.code]
    assert "Rascunho: feito por regras, sem modelo de IA" in text


def test_spoilers_wait_for_the_switch(visit, shelf, close):
    studio = close(shelves.build(shelf))
    app = visit("episode", id=str(studio.list_episodes(1)[0].id))
    assert "A chave era do prefeito." not in written(app)
    assert "1 momento do final está escondido." in written(app)
    app.toggle[0].set_value(True).run()
    assert "“A chave era do prefeito.”" in written(app)


def test_previous_and_next_follow_the_order(visit, shelf, close):
    studio = close(shelves.build(shelf))
    order = studio.list_episodes(1)
    app = visit("episode", id=str(order[0].id))
    before, after = (next(b for b in app.button if b.label == label) for label in ("Anterior", "Próximo"))
    assert before.disabled
    after.click().run()
    assert app.title[0].value == "A chave"
    assert app.query_params["id"] == str(order[1].id)


def test_an_older_version_can_be_chosen(visit, shelf, close):
    studio = close(shelves.build(shelf))
    first = studio.list_episodes(1)[0]
    shelves.illustrate(studio, first, seed=5)
    older = studio.get_episode(first.id).versions[1]
    app = visit("episode", id=str(first.id))
    next(button for button in app.button if button.label == "Usar esta versão").click().run()
    assert studio.get_episode(first.id).versions[1].current
    assert studio.get_episode(first.id).episode.poster == older.media


def test_an_unprepared_episode_names_the_command(visit, shelf, close):
    studio = close(shelves.build(shelf))
    app = visit("episode", id=str(studio.list_episodes(1)[-1].id))
    assert [code.value for code in app.code] == ["python dataprep.py run --show 'O Farol'"] * 2
    assert "Ainda sem resumo" in written(app)


@pytest.mark.parametrize("wrong", ["", "999", "x", "-1", "1" * 40, "١"])
def test_an_unknown_episode_is_a_plain_sentence(visit, shelf, close, wrong):
    close(shelves.build(shelf))
    app = visit("episode", id=wrong)
    assert "não existe" in app.error[0].value


@pytest.mark.parametrize("harm", ["gone", "flipped"])
def test_a_damaged_picture_leaves_the_rest_of_the_page(visit, shelf, close, harm):
    studio = close(shelves.build(shelf))
    first = studio.list_episodes(1)[0]
    path = studio.picture(first.poster)
    if harm == "gone":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    app = visit("episode", id=str(first.id))
    assert "Não foi possível mostrar esta imagem." in app.warning[0].value
    assert "python dataprep.py verify" in [code.value for code in app.code]
    assert "“Quem apagou?”" in written(app)
