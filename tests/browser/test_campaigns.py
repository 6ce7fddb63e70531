"""Campaigns as people make them: from the form to the gallery, through refreshes and closed tabs, and under attack."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.domain.campaign import Brief, ContentType
from core.domain.gallery import CampaignFilter
from core.domain.job import JobState
from core.settings import Settings
from core.studio import Studio
from tests.browser.attack import expect_only_words, listening
from tests.browser.conftest import serving
from tests.browser.visitor import Visitor
from tests.pages import campaign_shelf as campaigns
from tests.pages import shelf

pytestmark = pytest.mark.browser

MADE_S = 60
TOPIC = "Geleia Dona Flor: geleia de jabuticaba feita em tacho de cobre, pote de 240 g."
STATES = ("done", "faulty", "video", "words", "failed", "canceled", "waiting")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a campaign in every state, in the order of STATES, from id 1 on."""
    folder = tmp_path_factory.mktemp("campaigns") / "library"
    studio = shelf.build(Settings(data_dir=folder), size=512)
    campaigns.make(studio)
    campaigns.make(studio, findings=(campaigns.NUMBER, campaigns.SPELLING), title="Tênis Serra com defeitos")
    campaigns.make(
        studio, Brief(topic="Serra", content_type=ContentType.SHORT_VIDEO), campaigns.VIDEO, title="Serra em movimento"
    )
    campaigns.make(studio, campaigns.BRIEF.model_copy(update={"with_image": False}), title="Só palavras")
    for state, message in ((JobState.FAILED, "Done"), (JobState.CANCELED, "")):
        number = campaigns.add(studio, title=f"Campanha {state.value}")
        campaigns.write(studio, number)
        campaigns.queue(studio, number, state, message)
    campaigns.queue(studio, campaigns.add(studio, title="Na fila"))
    studio.close()
    return folder


@pytest.fixture(scope="module")
def still(library: Path) -> Iterator[str]:
    """The address of a dashboard over that library where nothing moves: no worker."""
    with serving(library, CHAMADA_WORKERS="0") as address:
        yield address


def visits() -> dict[str, str]:
    """Pages and states by name: where they are."""
    pages = {"assistant": "/assistant", "assistant-episode": "/assistant?from_episode=1", "campaigns": "/campaigns"}
    return pages | {f"campaign-{state}": f"/campaign?id={number}" for number, state in enumerate(STATES, start=1)}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("english", [False, True], ids=["pt", "en"])
def test_every_state_shows_and_asks_nobody_else(chromium, still, dark, english):
    for name, path in visits().items():
        language = ("&" if "?" in path else "?") + "lang=English" if english else ""
        visitor = Visitor(chromium, still, dark=dark).open(path + language)
        assert visitor.errors == []
        assert visitor.outside == []
        visitor.shoot(f"{name}-{'en' if english else 'pt'}-{'dark' if dark else 'light'}")
        visitor.close()


@pytest.mark.parametrize("width", [1024, 390])
def test_narrow_windows_need_no_sideways_scrolling(chromium, still, width):
    for name, path in visits().items():
        visitor = Visitor(chromium, still, width=width).open(path)
        assert visitor.overflow() == 0, name
        visitor.shoot(f"{name}-{width}")
        visitor.close()


def test_every_picture_has_words_and_every_field_a_label(chromium, still):
    for path in visits().values():
        visitor = Visitor(chromium, still).open(path)
        for picture in visitor.main.locator("img").all():
            assert picture.get_attribute("alt") is not None
        assert visitor.main.locator("input:not([aria-label]):not([id])").count() == 0
        visitor.close()


def create(page: Page, topic: str = TOPIC) -> None:
    """Write a topic and send it by keyboard."""
    page.get_by_label("O que você quer divulgar?").fill(topic)
    page.wait_for_timeout(500)  # nobody is quicker
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"campaign=\d+"))


def test_a_campaign_outlives_a_refresh_and_a_closed_tab(chromium, serve, tmp_path):
    base = serve(tmp_path / "library")
    visitor = Visitor(chromium, base).open("/assistant")
    create(visitor.page)
    expect(visitor.page).to_have_url(re.compile(r"campaign=\d+"))  # it waits, or is done already on a quick machine
    visitor.page.reload()
    expect(visitor.title).to_have_text("Assistente de Marketing Digital")
    visitor.close()
    visitor = Visitor(chromium, base).open("/campaigns")
    expect(visitor.main).to_contain_text("Geleia Dona Flor")
    visitor.page.get_by_role("link", name=re.compile("Geleia Dona Flor")).click()
    everything = visitor.page.get_by_role("button", name="Baixar tudo")
    expect(everything).to_be_visible(timeout=MADE_S * 1000)
    visitor.settle()
    assert visitor.errors == []
    with visitor.page.expect_download() as waiting:
        everything.click()
    with zipfile.ZipFile(waiting.value.path()) as bundle:
        kinds = {Path(name).suffix for name in bundle.namelist()}
        assert {".txt", ".png", ".json"} <= kinds
        chain = next(name for name in bundle.namelist() if name.endswith(".json"))
        assert json.loads(bundle.read(chain))["brief"]["topic"] == TOPIC
    studio = Studio.open(Settings(data_dir=tmp_path / "library"))
    assert studio.desk.count(CampaignFilter()) == 1
    assert studio.verify() == []
    studio.close()


def test_a_campaign_can_be_stopped_and_taken_up_again(chromium, serve, tmp_path):
    visitor = Visitor(chromium, serve(tmp_path / "library")).open("/assistant")
    page = visitor.page
    page.get_by_text("Avançado").click()
    page.get_by_label("Largura (pixels)").fill("3000")
    page.get_by_label("Altura (pixels)").fill("3000")
    create(page)
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_role("button", name="Continuar")).to_be_visible(timeout=MADE_S * 1000)
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("button", name="Tamanho real")).to_be_visible(timeout=MADE_S * 1000)
    expect(page.get_by_role("button", name="Baixar tudo")).to_be_visible(timeout=MADE_S * 1000)
    assert visitor.errors == []


def test_drafts_and_choices_survive_other_pages_and_languages(chromium, still):
    visitor = Visitor(chromium, still).open("/assistant")
    page = visitor.page
    page.get_by_text("E-mail", exact=True).click()
    visitor.settle()
    page.get_by_text("Avançado").click()
    visitor.settle()  # a list that is open closes when the page is drawn again
    page.get_by_label("Tom", exact=True).click()
    page.get_by_text("Divertido").click()
    page.get_by_label("O que você quer divulgar?").fill(TOPIC)
    page.get_by_role("link", name="Campanhas").first.click(delay=100)
    expect(visitor.title).to_have_text("Campanhas")
    visitor.settle()
    page.get_by_text("English", exact=True).first.click()
    expect(visitor.title).to_have_text("Campaigns")
    page.get_by_role("link", name="Marketing assistant").click()
    expect(page.get_by_label("What do you want to promote?")).to_have_value(TOPIC)
    page.get_by_text("Advanced").click()
    expect(page.get_by_label("Tone")).to_have_value("Playful")
    expect(page.get_by_role("radio", name="E-mail", exact=True)).to_be_checked()


def test_the_trash_has_a_way_back(chromium, serve, tmp_path):
    studio = Studio.open(Settings(data_dir=tmp_path / "library"))
    campaigns.make(studio)
    studio.close()
    visitor = Visitor(chromium, serve(tmp_path / "library")).open("/campaigns")
    page = visitor.page
    page.get_by_role("button", name="Mais").click()
    page.get_by_text("Mover para a lixeira").click()
    expect(page.get_by_text("Nenhuma campanha ainda")).to_be_visible()
    page.get_by_role("button", name="Desfazer").click()
    expect(page.locator("[class*=st-key-card_campaign_]")).to_have_count(1)
    page.get_by_role("button", name="Mais").click()
    page.get_by_text("Mover para a lixeira").click()
    page.get_by_text("Lixeira", exact=True).click()
    page.get_by_role("button", name="Esvaziar a lixeira").click()
    page.get_by_role("button", name="Apagar para sempre").click()
    expect(page.get_by_text("A lixeira está vazia.")).to_be_visible()


def test_hostile_campaigns_stay_words(chromium, serve, tmp_path):
    with listening() as port:
        studio = Studio.open(Settings(data_dir=tmp_path / "library"))
        words = shelf.HOSTILE.format(port=port) + shelf.HIDDEN
        number = campaigns.build_hostile(studio, words)
        studio.close()
        base = serve(tmp_path / "library")
        for name, path in {
            "home-campaigns": "/",
            "campaigns": "/campaigns",
            "campaign": f"/campaign?id={number}",
            "assistant": f"/assistant?campaign={number}",
        }.items():
            visitor = Visitor(chromium, base).open(path)
            expect_only_words(visitor, port, name)
            visitor.close()


def test_hostile_words_in_every_field_are_sent_and_shown_as_words(chromium, serve, tmp_path):
    with listening() as port:
        words = " ".join(shelf.HOSTILE.format(port=port).split())
        visitor = Visitor(chromium, serve(tmp_path / "library")).open("/assistant")
        page = visitor.page
        page.get_by_label("O que você quer divulgar?").fill(words)
        page.get_by_text("Avançado").click()
        for label, longest in (("Público", 400), ("Objetivo", 400), ("Palavras-chave", 70), ("Chamada para ação", 250)):
            page.get_by_label(label).fill(words[:longest])
        page.keyboard.press("Control+Enter")
        expect(page).to_have_url(re.compile(r"campaign=\d+"), timeout=MADE_S * 1000)
        expect(page.get_by_role("button", name="Cancelar")).to_have_count(0, timeout=MADE_S * 1000)
        expect_only_words(visitor, port, "assistant-sent")
