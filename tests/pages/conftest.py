"""Fixtures for the screens: a data folder of the test's own, and the dashboard run in process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from core import settings as settings_module
from core.settings import ROOT, Settings
from core.studio import Studio

Visit = Callable[..., AppTest]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings that the dashboard will read too; what it caches is forgotten before and after."""
    monkeypatch.setenv("CHAMADA_DATA_DIR", str(tmp_path / "library"))
    monkeypatch.setenv("CHAMADA_LOCK_TIMEOUT_S", "0.3")
    monkeypatch.setenv("CHAMADA_WORKERS", "0")
    _forget()
    yield settings_module.settings()
    _forget()


@pytest.fixture(autouse=True)
def _as_after_the_first_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest forgets before each run that st.navigation was called; a server remembers (come_through_dashboard)."""
    begin = PagesManager.__init__

    def init(self: PagesManager, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", init)


def _forget() -> None:
    settings_module.settings.cache_clear()
    st.cache_resource.clear()


@pytest.fixture
def visit(shelf: Settings) -> Visit:
    """Open a page by its file name: ``visit("episodes", lang="English", q="farol")``."""

    def open_page(page: str = "home", /, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page != "home":
            app.switch_page(f"pages/{page}.py")
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        assert not app.exception
        return app

    return open_page


@pytest.fixture
def close() -> Iterator[Callable[[Studio], Studio]]:
    """Close a studio when the test ends."""
    opened: list[Studio] = []

    def remember(studio: Studio) -> Studio:
        opened.append(studio)
        return studio

    yield remember
    for studio in opened:
        studio.close()
