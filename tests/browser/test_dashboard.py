"""The dashboard as people see it: pages, languages, themes, widths, navigation, downloads and attacks."""

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from core.settings import Settings
from tests.browser.attack import expect_only_words, listening
from tests.browser.conftest import serving
from tests.browser.visitor import Visitor
from tests.pages import shelf

pytestmark = pytest.mark.browser

VISITS = {
    "home": ("/", "Sua biblioteca", "Your library"),
    "episodes": ("/episodes", "Episódios", "Episodes"),
    "episode": ("/episode?id=1", "A lâmpada", "A lâmpada"),
    "seasons": ("/seasons", "Temporadas", "Seasons"),
    "status": ("/status", "Situação", "Status"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with one season prepared."""
    folder = tmp_path_factory.mktemp("browser") / "library"
    shelf.build(Settings(data_dir=folder), size=512).close()
    return folder


@pytest.fixture(scope="module")
def base(library: Path) -> Iterator[str]:
    """The address of a dashboard over that library, shared by the tests that only look."""
    with serving(library) as address:
        yield address


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("english", [False, True], ids=["pt", "en"])
def test_every_page_shows_and_asks_nobody_else(chromium, base, dark, english):
    for name, (path, portuguese, other) in VISITS.items():
        language = ("&" if "?" in path else "?") + "lang=English" if english else ""
        visitor = Visitor(chromium, base, dark=dark).open(path + language)
        expect(visitor.title).to_have_text(other if english else portuguese)
        assert visitor.errors == []
        assert visitor.outside == []
        shot = visitor.shoot(f"{name}-{'en' if english else 'pt'}-{'dark' if dark else 'light'}")
        with Image.open(shot) as picture:
            assert (picture.convert("L").getpixel((picture.width - 2, picture.height - 2)) < 128) == dark
        visitor.close()


@pytest.mark.parametrize("width", [1024, 390])
def test_narrow_windows_need_no_sideways_scrolling(chromium, base, width):
    for name, (path, *_) in VISITS.items():
        visitor = Visitor(chromium, base, width=width).open(path)
        assert visitor.overflow() == 0, name
        visitor.shoot(f"{name}-{width}")
        visitor.close()


def test_an_empty_library_tells_what_to_do(chromium, serve, tmp_path):
    base = serve(tmp_path / "library")
    for name in ("home", "episodes", "seasons"):
        visitor = Visitor(chromium, base).open(VISITS[name][0])
        expect(visitor.main).to_contain_text("python dataprep.py import data/shows/mare-alta")
        assert visitor.errors == []
        visitor.shoot(f"{name}-empty")
        visitor.close()


def test_a_first_visit_may_go_straight_to_an_episode(chromium, serve, library):
    visitor = Visitor(chromium, serve(library)).open("/episode?id=2")
    expect(visitor.title).to_have_text("A chave")
    expect(visitor.page).to_have_title("A chave · Chamada")
    expect(visitor.page.locator("[data-testid=stSidebarNav]")).to_contain_text("Episódios")


def test_from_list_to_episode_and_back(chromium, base):
    visitor = Visitor(chromium, base).open("/episodes?season=1")
    page = visitor.page
    expect(page.locator("[class*=st-key-card_] a")).to_have_count(3)
    visitor.settle()
    page.locator("[class*=st-key-card_]").first.click(position={"x": 60, "y": 60})
    expect(page).to_have_url(re.compile(r"/episode\?id=1$"))
    expect(visitor.title).to_have_text("A lâmpada")
    visitor.settle()
    page.get_by_role("button", name="Próximo").click()
    expect(page).to_have_url(re.compile(r"/episode\?id=2$"))
    expect(visitor.title).to_have_text("A chave")
    visitor.settle()
    page.go_back()
    expect(visitor.title).to_have_text("A lâmpada")
    visitor.settle()
    page.get_by_role("link", name="Todos os episódios").click()
    expect(page).to_have_url(re.compile(r"/episodes\?season=1$"))
    expect(page.locator("[class*=st-key-card_]")).to_have_count(3)


def test_the_language_stays_over_pages_and_a_reload(chromium, base):
    visitor = Visitor(chromium, base).open("/")
    page = visitor.page
    page.get_by_text("English", exact=True).first.click()
    page.get_by_role("link", name="Seasons", exact=False).first.click()
    expect(visitor.title).to_have_text("Seasons")
    page.reload()
    expect(visitor.title).to_have_text("Seasons")
    expect(page).to_have_url(re.compile("lang=English"))


def test_the_full_size_and_the_download_are_the_stored_file(chromium, base, library):
    visitor = Visitor(chromium, base).open("/episode?id=1")
    page = visitor.page
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Baixar PNG").first.click()
    download = waiting.value
    assert download.suggested_filename == "o-farol-s01e01-a-lampada.png"
    stored = {path.stem: path for path in (library / "media").rglob("*.png")}
    assert hashlib.sha256(Path(download.path()).read_bytes()).hexdigest() in {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in stored.values()
    }
    page.get_by_role("button", name="Tamanho real").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("img").wait_for()
    visitor.settle()
    assert dialog.locator("img").get_attribute("alt").startswith("Pôster de A lâmpada, estilo Recorte")
    served = page.request.get(dialog.locator("img").evaluate("image => image.src")).body()
    assert served == Path(download.path()).read_bytes()
    visitor.shoot("episode-full-size")


def test_every_picture_has_an_alternative_text_and_headings_are_in_order(chromium, base):
    for name, (path, *_) in VISITS.items():
        visitor = Visitor(chromium, base).open(path)
        pictures = visitor.page.locator("[data-testid=stMain] img")
        if name != "status":
            expect(pictures).not_to_have_count(0)
        for index in range(pictures.count()):
            assert pictures.nth(index).get_attribute("alt") is not None
        levels = visitor.page.eval_on_selector_all(
            "[data-testid=stMain] :is(h1,h2,h3,h4)", "all => all.map(one => Number(one.tagName[1]))"
        )
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        visitor.close()


def test_hostile_words_stay_words(chromium, serve, tmp_path):
    with listening() as port:
        shelf.build_hostile(Settings(data_dir=tmp_path / "library"), port).close()
        base = serve(tmp_path / "library")
        for name in VISITS.keys() - {"status"}:  # which shows no words of the library's
            visitor = Visitor(chromium, base).open(VISITS[name][0])
            expect_only_words(visitor, port, name)
            visitor.close()
