"""The dashboard as people see it: pages, languages, themes, widths, navigation, downloads and attacks."""

import hashlib
import http.server
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from core.settings import Settings
from tests.browser.conftest import free_port, serving
from tests.browser.visitor import Visitor
from tests.pages import shelf

pytestmark = pytest.mark.browser

VISITS = {
    "home": ("/", "Sua biblioteca", "Your library"),
    "episodes": ("/episodes", "Episódios", "Episodes"),
    "episode": ("/episode?id=1", "A lâmpada", "A lâmpada"),
    "seasons": ("/seasons", "Temporadas", "Seasons"),
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
        assert visitor.page.locator("h1").first.inner_text() == (other if english else portuguese)
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
        assert "python dataprep.py import data/shows/mare-alta" in visitor.text
        assert visitor.errors == []
        visitor.shoot(f"{name}-empty")
        visitor.close()


def test_a_first_visit_may_go_straight_to_an_episode(chromium, serve, library):
    visitor = Visitor(chromium, serve(library)).open("/episode?id=2")
    assert visitor.page.locator("h1").first.inner_text() == "A chave"
    assert visitor.page.title() == "A chave · Chamada"
    assert "Episódios" in visitor.page.locator("[data-testid=stSidebarNav]").inner_text()


def test_from_list_to_episode_and_back(chromium, base):
    visitor = Visitor(chromium, base).open("/episodes?season=1")
    page = visitor.page
    page.locator("[class*=st-key-card_]").first.click(position={"x": 60, "y": 60})
    visitor.settle()
    assert page.url.endswith("/episode?id=1")
    page.get_by_role("button", name="Próximo").click()
    visitor.settle()
    assert page.url.endswith("/episode?id=2")
    page.go_back()
    visitor.settle()
    assert page.locator("h1").first.inner_text() == "A lâmpada"
    page.get_by_role("link", name="Todos os episódios").click()
    visitor.settle()
    assert page.url.endswith("/episodes?season=1")
    assert page.locator("[class*=st-key-card_]").count() == 3


def test_the_language_stays_over_pages_and_a_reload(chromium, base):
    visitor = Visitor(chromium, base).open("/")
    page = visitor.page
    page.get_by_text("English", exact=True).first.click()
    visitor.settle()
    page.get_by_role("link", name="Seasons", exact=False).first.click()
    visitor.settle()
    page.reload()
    visitor.settle()
    assert page.locator("h1").first.inner_text() == "Seasons"
    assert "lang=English" in page.url


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
    for path, *_ in VISITS.values():
        visitor = Visitor(chromium, base).open(path)
        pictures = visitor.page.locator("[data-testid=stMain] img")
        assert pictures.count() > 0
        for index in range(pictures.count()):
            assert pictures.nth(index).get_attribute("alt") is not None
        levels = visitor.page.eval_on_selector_all(
            "[data-testid=stMain] :is(h1,h2,h3,h4)", "all => all.map(one => Number(one.tagName[1]))"
        )
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        visitor.close()


def test_hostile_words_stay_words(chromium, serve, tmp_path):
    calls: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    port = free_port()
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", port), Listener)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        shelf.build_hostile(Settings(data_dir=tmp_path / "library"), port).close()
        base = serve(tmp_path / "library")
        shown = " ".join(shelf.HOSTILE.format(port=port).split())
        for name, (path, *_) in VISITS.items():
            visitor = Visitor(chromium, base).open(path)
            page = visitor.page
            for expander in page.locator("[data-testid=stExpander] summary").all():
                expander.click()
            for box in page.get_by_role("combobox").all():
                box.click()
                page.keyboard.press("Escape")
            visitor.settle()
            assert page.evaluate("window.broken") is None
            assert visitor.outside == []
            assert (
                page.locator("[data-testid=stMain] a[href*='example'], a[href^=javascript], a[href*='/y']").count() == 0
            )
            assert page.locator("[data-testid=stMain] script, [data-testid=stMain] .katex").count() == 0
            assert "🎉" not in page.content()
            text = visitor.text.replace("\u2060", "")
            assert shown[:100] in " ".join(text.split()), name
            visitor.shoot(f"{name}-hostile")
            visitor.close()
    finally:
        listener.shutdown()
        listener.server_close()
    assert calls == []
