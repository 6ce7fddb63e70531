"""The real dashboard on a free port, and chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.settings import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 60

Serve = Callable[[Path], str]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data_dir: Path, **settings: str) -> Iterator[str]:
    """The dashboard over ``data_dir``, started as ``make run`` starts it; gives its address.

    Args:
        settings: environment variables besides. A worker leaves soon after its last job, and so after the test.
    """
    port = free_port()
    environment = os.environ | {"CHAMADA_DATA_DIR": str(data_dir), "CHAMADA_LOCK_TIMEOUT_S": "5"}
    environment |= {"CHAMADA_WORKER_IDLE_S": "5"} | settings
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    log = data_dir.parent / f"server-{port}.log"
    with log.open("wb") as sink:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=sink)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/_stcore/health", server, log)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when ``url`` answers; fail with the server's log if it does not."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the dashboard did not start: {log.read_text(encoding='utf-8')}")


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start the dashboard over a data folder; it stops when the test ends."""
    running = []

    def start(data_dir: Path) -> str:
        context = serving(data_dir)
        running.append(context)
        return context.__enter__()

    yield start
    for context in running:
        context.__exit__(None, None, None)


@pytest.fixture(scope="module")
def chromium():
    """A headless chromium; without one the tests are skipped, in CI they fail.

    A module's, not the session's: while playwright is open its event loop runs, and no other test could run one.
    """
    if not CHROMIUM:
        reason = "chromium is not installed (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
