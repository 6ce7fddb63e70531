"""Temporadas: five posters, questions with links to episodes, empty states."""

from tests.pages import shelf as shelves
from tests.pages.sight import written


def test_an_empty_library_says_how_to_get_a_season(visit):
    assert "python dataprep.py import" in visit("seasons").code[0].value


def test_the_five_styles_side_by_side(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit("seasons", season="1")
    names = [heading.value for heading in app.subheader]
    assert names[:5] == ["Recorte", "Risografia", "Noturno", "Tipográfico", "Cordel"]
    pictures = [block.proto.imgs[0] for block in app.get("image")]
    assert len(pictures) == 5
    assert pictures[4].alt == "Pôster de O Farol, Temporada 1, estilo Cordel, com farol"
    assert all(picture.url.endswith(".png") for picture in pictures)


def test_answers_name_who_asked_and_link_their_episodes(visit, shelf, close):
    studio = close(shelves.build(shelf))
    app = visit("seasons", season="1")
    text = written(app)
    assert "Um farol aceso contra a noite." in text.replace("\\", "")
    assert text.count("Feita a toda temporada") == 2
    assert text.count("Pergunta própria, feita depois") == 1
    assert "Os resumos não respondem a isto." in text
    links = {link.proto.label: link.proto.query_string for link in app.page_link}
    assert links.pop("Criar campanha") == "from_season=1"
    assert links == {f"S01E0{n}": f"id={studio.list_episodes(1)[n - 1].id}" for n in (1, 2)}


def test_a_season_without_posters_names_the_command(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit("seasons", season="2")
    assert [code.value for code in app.code] == ["python dataprep.py run --show 'O Farol'"]


def test_english(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit("seasons", season="1", lang="English")
    assert app.subheader[4].value == "Cordel woodcut"
    assert "Asked of every season" in written(app)
