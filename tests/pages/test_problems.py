"""Errors as sentences: a locked, damaged or unreadable library, a wrong setting, and what nobody foresaw."""

import re
import sqlite3
from pathlib import Path

import pytest

from core.studio import Studio
from tests.pages import campaign_shelf as campaigns
from tests.pages import shelf as shelves
from tests.pages.sight import written


def test_a_busy_library_offers_to_try_again(visit, shelf, close):
    studio = close(shelves.build(shelf))
    studio.close()
    blocker = sqlite3.connect(shelf.data_dir / "chamada.sqlite3", isolation_level=None)
    blocker.execute("PRAGMA locking_mode = EXCLUSIVE")
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        app = visit()
        assert "Outro programa ocupa a biblioteca" in app.error[0].value
    finally:
        blocker.close()
    next(button for button in app.button if button.label == "Tentar de novo").click().run()
    assert app.title[0].value == "Sua biblioteca"


def test_a_file_that_is_no_database_is_named(visit, shelf):
    shelf.data_dir.mkdir(parents=True)
    (shelf.data_dir / "chamada.sqlite3").write_bytes(b"not a database at all" * 500)
    app = visit()
    assert "chamada" in app.error[0].value
    assert "python dataprep.py verify" in [code.value for code in app.code]
    assert "Traceback" not in written(app)


def test_a_wrong_setting_is_named(shelf, visit, monkeypatch):
    from core.settings import settings

    monkeypatch.setenv("CHAMADA_SUMMARY_WORDS", "many")
    settings.cache_clear()
    app = visit()
    assert "CHAMADA" in app.error[0].value.replace("\\", "")
    assert "Corrija a variável" in app.error[0].value


def test_the_unforeseen_becomes_a_reference_to_the_log(visit, shelf, close, monkeypatch, caplog):
    close(shelves.build(shelf))

    def fail(self: Studio) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Studio, "shows", fail)
    app = visit()
    text = written(app)
    assert "Algo deu errado que não previmos" in app.error[0].value
    assert "secret detail" not in text
    reference = app.caption[-1].value.split()[-1].strip(".")
    assert reference in caplog.text
    assert "secret detail" in caplog.text


PAGES = ["home", "episodes", "seasons", "episode", "assistant", "campaigns", "campaign", "status"]


@pytest.mark.parametrize("page", PAGES)
def test_hostile_text_reaches_no_markdown_place_unescaped(visit, shelf, close, page):
    studio = close(shelves.build_hostile(shelf, 9))
    number = campaigns.build_hostile(studio, shelves.HOSTILE.format(port=9) + shelves.HIDDEN)
    address = {"episode": {"id": "1"}, "campaign": {"id": str(number)}, "assistant": {"campaign": str(number)}}
    app = visit(page, **address.get(page, {}))
    for kind in ("title", "header", "subheader", "markdown", "caption", "error"):
        for element in app.get(kind):
            assert "](" not in str(element.value), (kind, element.value)
            assert not re.search(r"(?<!\\)<script", str(element.value)), (kind, element.value)
    for kind in ("button", "page_link", "expander"):
        for element in app.get(kind):
            assert "](" not in str(element.label), kind
    for bar in app.progress:
        assert "](" not in str(bar.text)


def test_the_served_configuration_is_closed():
    import tomllib

    from core.settings import ROOT

    config = tomllib.loads(Path(ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["enableXsrfProtection"] is True
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False
    assert "http" not in str(config["theme"])
