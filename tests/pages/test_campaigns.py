"""Campanhas and one campaign: search, filters, pages, star, trash and the way back, repairs, edits, lineage."""

import json

import pytest

from core.domain.campaign import Brief, ContentType
from core.domain.gallery import CampaignFilter
from core.domain.generation import Step
from core.domain.job import JobState
from core.engines.sdxl.ladder import NOTES, Rung
from core.studio import Studio
from tests.pages import campaign_shelf as campaigns
from tests.pages.sight import written
from tests.pages.test_assistant import field, plain, press


def titles(app):
    return [link.proto.label.replace("\\", "") for link in app.page_link if link.proto.query_string.startswith("id=")]


@pytest.fixture
def studio(shelf, close):
    return close(Studio.open(shelf))


@pytest.fixture
def three(studio):
    """A post, a video and an e-mail without a picture; the e-mail is the newest."""
    campaigns.make(studio, title="Tênis Serra")
    campaigns.make(studio, Brief(topic="Café Serra Alta", content_type=ContentType.SHORT_VIDEO), campaigns.VIDEO)
    plain_mail = Brief(topic="Pão de queijo", content_type=ContentType.MARKETING_EMAIL, with_image=False)
    campaigns.make(studio, plain_mail, title="Pão de queijo", findings=(campaigns.NUMBER,))
    return studio


def test_an_empty_gallery_says_what_to_do(visit):
    app = visit("campaigns")
    assert "Nenhuma campanha ainda" in written(app)
    assert "Criar uma campanha" in written(app)


def test_the_gallery_shows_the_newest_first_with_what_is_wrong(visit, three):
    app = visit("campaigns")
    assert titles(app) == ["Pão de queijo", "Tênis Serra", "Tênis Serra"]
    text = plain(app)
    assert "3 campanhas" in text
    assert "1 erro" in text
    assert len(app.get("image")) == 2
    assert "Conheça o Serra" in text, "a campaign without a picture shows its words"


def test_what_was_given_up_for_a_picture_is_said_beside_it(visit, studio):
    number = campaigns.add(studio)
    campaigns.write(studio, number)
    campaigns.paint(studio, number, notes=(NOTES[Rung.UNREFINED],))
    assert plain(visit("campaign", id=str(number))).count("a imagem foi terminada sem o refiner") == 2


@pytest.mark.parametrize("search", ["pao", "PÃO DE", "queijo"])
def test_search_is_blind_to_accents_and_case(visit, three, search):
    assert titles(visit("campaigns", find=search)) == ["Pão de queijo"]


def test_filters_live_in_the_address(visit, three):
    assert len(titles(visit("campaigns", type="Roteiro de vídeo curto"))) == 1
    assert len(titles(visit("campaigns", network="Feed do Instagram"))) == 1
    app = visit("campaigns", find="nada disso")
    assert "Nenhuma campanha encontrada" in app.info[0].value


def test_older_and_newer_pages(visit, studio):
    for number in range(30):
        campaigns.add(studio, title=f"Campanha {number}")
    app = visit("campaigns")
    assert len(titles(app)) == 24
    press(app, "Mais antigas")
    assert titles(app) == [f"Campanha {number}" for number in range(5, -1, -1)]
    assert app.query_params["before"]
    press(app, "Mais novas")
    assert titles(app)[0] == "Campanha 29"
    press(app, "Mais antigas")
    app.text_input[0].set_value("29").run()
    assert titles(app) == ["Campanha 29"], "another search starts at its beginning"


@pytest.mark.parametrize("wrong", ["x", "-1", "9" * 30])
def test_a_forged_page_is_the_first(visit, three, wrong):
    assert len(titles(visit("campaigns", before=wrong))) == 3


def test_a_page_beyond_the_last_leads_back(visit, three):
    app = visit("campaigns", before="1")
    assert titles(app) == []
    press(app, "Voltar às mais novas")
    assert len(titles(app)) == 3


def test_trash_has_a_way_back(visit, three):
    app = visit("campaign", id="3")
    press(app, "Mover para a lixeira")
    assert "Esta campanha está na lixeira." in plain(app)
    assert three.desk.count(CampaignFilter()) == 2
    assert titles(visit("campaigns", shelf="Lixeira")) == ["Pão de queijo"]
    press(app, "Restaurar")
    assert three.desk.count(CampaignFilter()) == 3


def test_restoring_from_the_trash_and_emptying_it(visit, three):
    three.desk.trash([1, 3])
    app = visit("campaigns", shelf="Lixeira")
    assert len(titles(app)) == 2
    press(app, "Restaurar")
    assert three.desk.count(CampaignFilter(trashed=True)) == 1
    press(app, "Apagar para sempre")
    assert three.desk.count(CampaignFilter(trashed=True)) == 0
    assert "A lixeira está vazia." in app.info[0].value
    assert three.verify() == []


def test_stars_are_a_shelf_of_their_own(visit, three):
    app = visit("campaigns", shelf="Favoritas")
    assert "Nenhuma favorita ainda" in app.info[0].value
    press(visit("campaign", id="1"), "Favoritar")
    assert titles(visit("campaigns", shelf="Favoritas")) == ["Tênis Serra"]
    press(visit("campaign", id="1"), "Tirar dos favoritos")
    assert three.desk.count(CampaignFilter(starred=True)) == 0


@pytest.mark.parametrize("wrong", ["", "999", "x", "-1", "1" * 40, "١"])
def test_an_unknown_campaign_is_a_plain_sentence(visit, studio, wrong):
    assert len(visit("campaign", id=wrong).error) == 1


def test_a_campaign_shows_what_was_made_and_how(visit, studio):
    number = campaigns.make(studio)
    app = visit("campaign", id=str(number))
    text = plain(app)
    for part in (
        "Tênis Serra",
        "Post · Feed do Instagram · Entusiasmado",
        "Tudo certo",
        "105 de 2.200 caracteres",
        "algorithmicMedia",
        "Rascunho: feito por regras, sem modelo de IA",
        "redação 0123456789ab",
        "semente 7",
        "a trail shoe on a rock",
        "quem caminha na natureza",
    ):
        assert part in text, part
    assert [expander.label for expander in app.expander][-6:] == [
        "Texto · 0,5 s",
        "Ideia da imagem · 0,5 s",
        "Prompt de imagem · 0,5 s",
        "Imagem · 0,5 s",
        "Composição · 0,5 s",
        "O pedido",
    ]
    (picture,) = (block.proto.imgs[0] for block in app.get("image"))
    assert picture.alt.startswith(
        "Imagem da campanha Tênis Serra, com as palavras “Serra: leve na trilha”, estilo Recorte"
    )
    assert picture.url.endswith(".png")


def test_a_video_shows_its_scenes(visit, studio):
    number = campaigns.make(studio, Brief(topic="Serra", content_type=ContentType.SHORT_VIDEO), campaigns.VIDEO)
    text = plain(visit("campaign", id=str(number)))
    for part in ("Cena 1 · 0–4 s", "Cena 2 · 4–9 s", "Leve como o vento.", "O solado de perto.", "Legenda"):
        assert part in text


def test_findings_are_sentences_with_their_words_marked(visit, studio):
    number = campaigns.make(studio, findings=(campaigns.SPELLING, campaigns.NUMBER))
    app = visit("campaign", id=str(number))
    text = written(app)
    assert "1 erro" in text
    assert "1 aviso" in text
    assert ":red-background[Serra]" in text
    assert text.index("100 erro") < text.index(":orange[:material/warning:]"), "errors come first"
    press(app, "Reparar")
    assert studio.desk.job(number).state is JobState.PENDING


def test_an_edited_text_is_stored_as_a_persons(visit, studio):
    number = campaigns.make(studio)
    app = visit("campaign", id=str(number))
    field(app, "Texto").set_value("Leve na trilha.\n\nConheça o Serra. #TenisSerra")
    press(app, "Salvar e conferir")
    detail = studio.desk.get(number)
    assert detail.copy_.text.startswith("Leve na trilha.")
    assert "Escrito por uma pessoa" in written(app)


def test_an_edited_text_that_is_too_long_is_not_stored(visit, studio):
    number = campaigns.make(studio)
    app = visit("campaign", id=str(number))
    field(app, "Texto").set_value("x" * 20_000)
    press(app, "Salvar e conferir")
    assert len(app.error) == 1
    assert studio.desk.get(number).copy_ == campaigns.COPY


def test_a_step_can_be_done_again(visit, studio):
    number = campaigns.make(studio)
    app = visit("campaign", id=str(number))
    next(button for button in app.button if button.key == "rerun_picture").click().run()
    job = studio.desk.job(number)
    assert job.payload["step"] == Step.PICTURE.value
    assert all(button.disabled for button in app.button if str(button.key).startswith("rerun_"))


def test_a_new_seed_makes_a_child(visit, studio):
    number = campaigns.make(studio)
    app = press(visit("campaign", id=str(number)), "Refazer com nova semente")
    child = studio.desk.get(int(app.query_params["id"]))
    assert (child.view.parent_id, child.brief) == (
        number,
        campaigns.BRIEF.model_copy(update={"platform": "instagram_feed"}),
    )
    assert "Feita a partir de" in written(app)
    assert "Refeitas a partir desta" in written(visit("campaign", id=str(number)))


def test_use_it_all_fills_the_form(visit, studio):
    number = campaigns.make(studio)
    app = press(visit("campaign", id=str(number)), "Usar tudo")
    assert app.title[0].value == "Assistente de Marketing Digital"
    assert field(app, "O que você quer divulgar?").value == campaigns.BRIEF.topic
    assert field(app, "Público").value == campaigns.BRIEF.audience
    assert field(app, "Chamada para ação").value == campaigns.BRIEF.call_to_action


def test_a_damaged_picture_leaves_the_text(visit, studio):
    number = campaigns.make(studio)
    studio.picture(studio.desk.get(number).view.picture).unlink()
    app = visit("campaign", id=str(number))
    assert "Não foi possível mostrar esta imagem." in app.warning[0].value
    assert "Conheça o Serra" in plain(app)


def test_the_home_page_shows_the_latest_and_leads_to_the_next(visit, studio):
    app = visit()
    assert "Últimas campanhas" not in written(app)
    campaigns.make(studio)
    app = visit()
    assert "Últimas campanhas" in written(app)
    assert press(app, "Criar uma campanha").title[0].value == "Assistente de Marketing Digital"


def test_the_data_of_a_campaign_can_be_downloaded(studio):
    number = campaigns.make(studio)
    assert json.loads(studio.desk.export(number, "json").data)["brief"]["topic"] == campaigns.BRIEF.topic
