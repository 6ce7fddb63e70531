"""Assistente de Marketing Digital: the form, its drafts, one job a click, progress, and what can go wrong."""

import pytest
from PIL import Image

from core.compose.export import encode_preview
from core.domain.campaign import Brief, ContentType
from core.domain.gallery import CampaignFilter
from core.domain.job import JobState
from core.jobs.worker import Worker
from core.studio import Studio
from tests.pages import campaign_shelf as campaigns
from tests.pages import shelf as shelves
from tests.pages.sight import written

TOPIC = "Geleia Dona Flor: geleia de jabuticaba feita em tacho de cobre, pote de 240 g."


def field(app, label):
    """The widget of this label, whatever its kind."""
    kinds = ("text_area", "text_input", "selectbox", "number_input", "toggle", "button_group", "pills")
    return next(each for kind in kinds for each in app.get(kind) if each.label == label)


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def plain(app):
    """All text, without the backslashes that keep Markdown away."""
    return written(app).replace("\\", "")


def jobs(studio):
    return studio.desk.queue()


def work(studio: Studio) -> None:
    """Do what is in the queue, here and now."""
    Worker(studio.library.jobs, {"campaign": studio.desk.run_job}, idle_s=0).run()


def ask(visit, topic=TOPIC, **query):
    """The page with a topic, sent."""
    app = visit("assistant", **query)
    field(app, "O que você quer divulgar?").set_value(topic)
    return press(app, "Criar campanha")


def test_one_field_makes_a_campaign(visit, shelf, close):
    studio = close(Studio.open(shelf))
    app = ask(visit)
    (job,) = jobs(studio)
    assert app.query_params["campaign"] == str(job.campaign_id)
    assert "Começando…" in written(app)
    work(studio)
    app.run()
    text = written(app)
    assert "Tudo certo" in text
    assert "jabuticaba" in text
    assert len(app.get("image")) == 1
    assert studio.desk.get(job.campaign_id).brief == Brief(topic=TOPIC, platform="instagram_feed")


def unfold(app):
    """Open the brief above a result."""
    app.session_state["brief_fold"] = True
    return app.run()


def test_a_double_click_is_one_job(visit, shelf, close):
    studio = close(Studio.open(shelf))
    app = unfold(ask(visit))
    press(app, "Criar campanha")
    assert len(jobs(studio)) == 1
    work(studio)
    press(app, "Criar campanha")
    assert studio.desk.count(CampaignFilter()) == 1


def test_another_brief_is_another_campaign(visit, shelf, close):
    studio = close(Studio.open(shelf))
    app = unfold(ask(visit))
    field(app, "O que você quer divulgar?").set_value("Outra geleia, de morango.")
    press(app, "Criar campanha")
    assert [job.campaign_id for job in jobs(studio)] == [1, 2]
    assert app.query_params["campaign"] == "2"


def test_the_form_says_what_is_missing_and_stays(visit, shelf, close):
    studio = close(Studio.open(shelf))
    app = ask(visit, "   ")
    assert len(app.error) == 1
    assert "campaign" not in app.query_params
    app = ask(visit, "😀🎉")
    assert len(app.error) == 1
    assert field(app, "O que você quer divulgar?").value == "😀🎉"
    assert jobs(studio) == []


@pytest.mark.parametrize(("field_", "value"), [("topic", "x" * 100_000), ("keywords", ", ".join(map(str, range(50))))])
def test_what_a_browser_should_not_have_sent_is_a_plain_sentence(visit, shelf, close, field_, value):
    close(Studio.open(shelf))
    app = visit("assistant")
    app.session_state["brief_topic"] = TOPIC
    app.session_state[f"brief_{field_}"] = value
    press(app, "Criar campanha")
    assert len(app.error) == 1
    assert "não previmos" not in app.error[0].value
    if field_ == "topic":
        assert "“O que você quer divulgar?” tem 100000 caracteres" in app.error[0].value.replace("\\", "")
    assert "campaign" not in app.query_params


@pytest.mark.parametrize("width", [0, 7, 65_536])
def test_a_size_nobody_offers_becomes_the_networks(visit, shelf, close, width):
    studio = close(Studio.open(shelf))
    app = visit("assistant")
    field(app, "O que você quer divulgar?").set_value(TOPIC)
    field(app, "Largura (pixels)").set_value(width)
    press(app, "Criar campanha")
    assert studio.desk.get(1).brief.width is None


@pytest.mark.parametrize("name", ["content_type", "tone", "length", "platform", "show", "season", "episode", "start"])
def test_a_forged_choice_does_no_harm(visit, shelf, close, name):
    close(shelves.build(shelf))
    app = visit("campaigns")
    app.session_state["brief_start"] = "episode"
    app.session_state["brief_topic"] = TOPIC
    app.session_state[f"brief_{name}"] = "forged"
    app.switch_page("pages/assistant.py").run()
    assert not app.exception
    assert "não previmos" not in written(app)
    press(app, "Criar campanha")
    assert "não previmos" not in written(app)


def test_drafts_survive_a_switch_of_pages(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit("assistant")
    field(app, "O que você quer divulgar?").set_value(TOPIC)
    field(app, "Público").set_value("quem toma café da manhã")
    field(app, "Tom").set_value("warm").run()
    app.switch_page("pages/campaigns.py").run()
    app.switch_page("pages/assistant.py").run()
    assert field(app, "O que você quer divulgar?").value == TOPIC
    assert field(app, "Público").value == "quem toma café da manhã"
    assert field(app, "Tom").value == "warm"


def test_an_example_fills_the_form(visit, shelf):
    app = press(visit("assistant"), "E-mail da padaria")
    assert "Padaria Bem Cedo" in field(app, "O que você quer divulgar?").value
    assert field(app, "Chamada para ação").value == "Faça sua encomenda pelo WhatsApp."
    assert field(app, "Rede").value == "email"


def test_the_network_follows_what_is_created(visit, shelf):
    app = visit("assistant")
    assert field(app, "Rede").value == "instagram_feed"
    app.session_state["brief_content_type"] = ContentType.X_POST.value
    app.run()
    assert field(app, "Rede").value == "x"


def test_a_link_from_an_episode_chooses_it(visit, shelf, close):
    studio = close(shelves.build(shelf))
    second = studio.list_episodes(1)[1]
    app = visit("assistant", from_episode=str(second.id))
    assert field(app, "Episódio").value == second.key
    press(app, "Criar campanha")
    brief = studio.desk.get(int(app.query_params["campaign"])).brief
    assert (brief.show, brief.season, brief.episode, brief.topic) == ("O Farol", 1, second.key, "")


def test_a_link_from_a_season_chooses_all_of_it(visit, shelf, close):
    studio = close(shelves.build(shelf))
    app = visit("assistant", from_season=str(studio.list_seasons(1)[0].id))
    assert field(app, "Temporada").value == 1
    assert field(app, "Episódio").value == ""
    field(app, "Série")


def test_another_season_has_other_episodes(visit, shelf, close):
    close(shelves.build(shelf))
    app = visit("assistant", from_episode="2")
    field(app, "Temporada").set_value(2).run()
    assert field(app, "Episódio").value == ""


def test_without_a_show_the_episode_start_says_how_to_get_one(visit, shelf, close):
    studio = close(Studio.open(shelf))
    app = visit("assistant")
    app.session_state["brief_start"] = "episode"
    app.run()
    assert "python dataprep.py import" in app.code[0].value
    press(app, "Criar campanha")
    assert len(app.error) == 1
    assert jobs(studio) == []


def test_an_unsafe_brief_is_refused_and_nothing_stored(visit, shelf, close):
    studio = close(Studio.open(shelf))
    app = ask(visit, "Remédio milagroso que cura o câncer em sete dias, 100% garantido")
    assert len(app.error) == 1
    assert studio.desk.count(CampaignFilter()) == 0
    assert "milagroso" in field(app, "O que você quer divulgar?").value


def test_a_full_queue_says_so_and_keeps_the_form(visit, shelf, close, monkeypatch):
    monkeypatch.setenv("CHAMADA_QUEUE_SIZE", "1")
    from core.settings import settings

    settings.cache_clear()
    studio = close(Studio.open(settings()))
    ask(visit)
    app = ask(visit, "Outra geleia, de morango.")
    assert len(app.error) == 1
    assert "campaign" not in app.query_params
    assert len(jobs(studio)) == 1


def test_a_refresh_keeps_the_campaign_and_its_brief(visit, shelf, close):
    studio = close(Studio.open(shelf))
    number = campaigns.make(studio)
    app = visit("assistant", campaign=str(number))
    assert "Conheça o Serra" in written(app)
    assert field(unfold(app), "O que você quer divulgar?").value == campaigns.BRIEF.topic


@pytest.mark.parametrize("wrong", ["999", "x", "-1", ""])
def test_a_campaign_that_is_not_there_leaves_the_form(visit, shelf, close, wrong):
    close(Studio.open(shelf))
    app = visit("assistant", campaign=wrong)
    assert field(app, "O que você quer divulgar?").value == ""
    assert len(app.error) == (wrong == "999")


def test_progress_tells_the_queue_the_step_and_the_time(visit, shelf, close):
    studio = close(Studio.open(shelf))
    first, second = campaigns.add(studio), campaigns.add(studio)
    campaigns.queue(studio, first)
    campaigns.queue(studio, second)
    assert "Na fila: 1 trabalho antes deste" in plain(visit("assistant", campaign=str(second)))
    studio.desk.cancel(studio.desk.job(second).id)
    campaigns.write(studio, first)
    seat = studio.library.jobs.seats.take_any(wait_s=1)
    job = studio.library.jobs.claim(seat)
    studio.library.jobs.report(job.id, 0.4, "Done", {}, 3.0)
    app = visit("assistant", campaign=str(first))
    assert app.progress[0].value == 40
    assert "faltam cerca de 3 s" in app.progress[0].text
    assert "Conheça o Serra" in written(app)
    press(app, "Cancelar")
    assert studio.desk.job(first).cancel_requested
    assert "Parando…" in written(app)
    seat.close()


def test_the_words_of_a_model_are_shown_as_it_writes_and_nothing_in_them_is_interpreted(visit, shelf, close):
    studio = close(Studio.open(shelf))
    number = campaigns.add(studio)
    campaigns.queue(studio, number, JobState.IN_PROGRESS, "Writing the copy", words="Café **coado** <b>na hora</b>")
    app = visit("assistant", campaign=str(number))
    assert "Café **coado** <b>na hora</b>" in [text.value for text in app.text]


def test_the_picture_is_shown_while_it_is_painted(visit, shelf, close):
    studio = close(Studio.open(shelf))
    number = campaigns.add(studio)
    preview = encode_preview(Image.new("RGB", (64, 80), "teal"))
    campaigns.queue(studio, number, JobState.IN_PROGRESS, "Painting the picture", preview=preview)
    app = visit("assistant", campaign=str(number))
    assert len(app.get("image")) == 1


def test_a_text_of_the_draft_copywriter_in_a_models_place_says_so(visit, shelf, close):
    studio = close(Studio.open(shelf))
    number = campaigns.make(studio)
    assert "rascunho escreveu" not in written(visit("assistant", campaign=str(number)))
    number = campaigns.add(studio)
    campaigns.write(studio, number, refused="meta-llama/Llama_3")
    app = visit("assistant", campaign=str(number))
    said = app.info[0].value.replace("\\", "")
    assert said.startswith("O texto de meta-llama/Llama_3 não passou")


def test_a_failed_campaign_says_why_and_goes_on(visit, shelf, close):
    studio = close(Studio.open(shelf))
    number = campaigns.add(studio)
    message = "Nothing can be written to {where}: the disk is full. Free some space and try again."
    campaigns.queue(studio, number, JobState.FAILED, message, where="/x_y")
    app = visit("assistant", campaign=str(number))
    assert app.error[0].value.replace("\\", "").startswith("Não dá para gravar") or "/x_y" in app.error[
        0
    ].value.replace("\\", "")
    press(app, "Tentar de novo")
    assert studio.desk.job(number).state is JobState.PENDING


def test_a_canceled_campaign_goes_on_where_it_stopped(visit, shelf, close):
    studio = close(Studio.open(shelf))
    number = campaigns.add(studio)
    campaigns.write(studio, number)
    campaigns.queue(studio, number, JobState.CANCELED)
    app = visit("assistant", campaign=str(number))
    assert "Parada. O que já estava pronto ficou guardado." in app.info[0].value
    press(app, "Continuar")
    assert studio.desk.job(number).state is JobState.PENDING


def test_the_keyboard_creates_only_while_the_form_is_in_sight(visit, shelf, close):
    number = campaigns.make(close(Studio.open(shelf)))
    assert visit("assistant").button(key="create").proto.shortcut
    app = visit("assistant", campaign=str(number))
    assert "create" not in [button.key for button in app.button]
    assert unfold(app).button(key="create").proto.shortcut


def test_english(visit, shelf):
    app = visit("assistant", lang="English")
    text = written(app)
    for part in ("Digital Marketing Assistant", "Create campaign", "Try one of these", "Advanced"):
        assert part in text
