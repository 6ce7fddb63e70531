"""From a click on "Create campaign" to the finished post on screen, in the real dashboard: ``python -m bench.jobs``.

Each session is a websocket of its own that does what a browser does: types, clicks, follows the progress twice a
second, loads the picture. A result is mixed if another session's product is on screen.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.visitor import Visitor
from core.domain.gallery import CampaignFilter
from core.jobs.process import as_environment
from core.settings import ROOT, Settings
from core.studio import Studio

NAMES = (
    *("Aurora", "Brisa", "Cajuína", "Dália", "Estrela", "Figueira", "Gaivota", "Hortelã", "Ipanema", "Jabuti"),
    *("Lagoa", "Manacá", "Neblina", "Orvalho", "Pitanga", "Quintal", "Romã", "Sabiá", "Tucano", "Umbu"),
    *("Violeta", "Xingu", "Yara", "Zéfiro", "Amora", "Bambu", "Canário", "Deserto", "Enseada", "Fagulha"),
)
LONGEST_WAIT_S = 120


@dataclass
class Visit:
    """What one session saw; times in seconds after the click."""

    name: str
    clicked: dt.datetime
    result: float = 0.0
    begun: float = 0.0
    problem: str = ""


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[str, psutil.Process]]:
    """The dashboard over an empty library, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    with (settings.data_dir / "dashboard.log").open("wb") as log:
        environment = {**os.environ, **as_environment(settings)}
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/_stcore/health")
        yield base, psutil.Process(server.pid)
    finally:
        for process in find_workers(settings):
            process.kill()
        server.terminate()
        server.wait(timeout=30)


def wait_for(url: str) -> None:
    """Return when ``url`` answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def find_workers(settings: Settings) -> list[psutil.Process]:
    """The workers of this library."""
    found = []
    for process in psutil.process_iter():
        try:
            if "worker" in process.cmdline() and process.environ().get("CHAMADA_DATA_DIR") == str(settings.data_dir):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def wait_until_warm(settings: Settings) -> None:
    """Return when the workers rest: their processor time stands still."""
    before = -1.0
    while True:
        now = sum(sum(process.cpu_times()[:2]) for process in find_workers(settings))
        if now and now - before < 0.2:
            return
        before = now
        time.sleep(1)


async def visit(base: str, name: str, gate: asyncio.Event) -> Visit:
    """Open the page, wait for the gate, click, and follow until the post is there."""
    async with Visitor(base, "assistant") as tab:
        tab.type("brief_topic", f"Café {name}: grãos torrados na hora, moídos na frente do cliente, com bolo de fubá")
        await gate.wait()
        seen = Visit(name, dt.datetime.now(dt.UTC))
        started = time.perf_counter()
        await tab.click("create")
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                while not is_finished(tab, name):
                    await tab.wait_for_run()
                    if tab.find("alert") or tab.find("exception"):
                        seen.problem = str((tab.find("alert") + tab.find("exception"))[0])
                        return seen
                await asyncio.gather(*(tab.fetch(picture.imgs[0].url) for picture in tab.find("imgs")))
        except TimeoutError:
            seen.problem = "took too long"
        seen.result = time.perf_counter() - started
        others = [other for other in NAMES if other != name and other in words_of(tab)]
        if others:
            seen.problem = f"mixed: {others}"
    return seen


def words_of(tab: Visitor) -> str:
    """The finished texts on screen."""
    return " ".join(code.code_text for code in tab.find("code"))


def is_finished(tab: Visitor, name: str) -> bool:
    """Whether this product's text is there, with a picture, and nothing moves any more."""
    return bool(name in words_of(tab) and tab.find("imgs") and not tab.find("progress"))


async def crowd(base: str, names: tuple[str, ...]) -> list[Visit]:
    """Sessions that click at the same moment."""
    gate = asyncio.Event()
    visits = [asyncio.create_task(visit(base, name, gate)) for name in names]
    await asyncio.sleep(2 + 0.3 * len(names))
    gate.set()
    return list(await asyncio.gather(*visits))


def add_begins(settings: Settings, visits: list[Visit]) -> None:
    """Look up when each job began."""
    studio = Studio.open(settings)
    for seen in visits:
        (view,) = studio.desk.list(CampaignFilter(search=seen.name)).items[:1]
        job = studio.desk.job(view.id)
        if job and job.started_at:
            seen.begun = (job.started_at - seen.clicked).total_seconds()
    studio.close()


def spent(processes: list[psutil.Process]) -> float:
    """Processor seconds of running processes."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` of all do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1] if values[1:] else values[0]


def measure(label: str, settings: Settings, base: str, server: psutil.Process, rounds: list[tuple[str, ...]]) -> None:
    """One row: rounds of sessions that click at once."""
    cpu = spent([server]), spent(find_workers(settings))
    visits = []
    for names in rounds:
        visits += asyncio.run(crowd(base, names))
    cpu = spent([server]) - cpu[0], spent(find_workers(settings)) - cpu[1]
    add_begins(settings, visits)
    begun, result = [each.begun for each in visits], [each.result for each in visits]
    problems = [each.problem for each in visits if each.problem]
    cells = [percentile(values, share) for values in (begun, result) for share in (0.5, 0.95)]
    each_cpu = [seconds / len(visits) for seconds in cpu]
    print(f"{label:<22} {len(visits):>8}", *(f"{cell:>9.2f}" for cell in [*cells, *each_cpu]), f"{len(problems):>8}")
    for problem in problems:
        print("   ", problem.replace("\n", " ")[:200])


def main() -> None:
    """First click after the start, clicks one after the other, and a crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20, help="how many click at once")
    parser.add_argument("--workers", type=int, default=Settings().workers, help="CHAMADA_WORKERS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder).resolve(), workers=options.workers, profile="draft")
        heads = ("start p50", "p95", "result p50", "p95", "page cpu", "work cpu")
        print(f"{'seconds':<22} {'sessions':>8}", *(f"{head:>9}" for head in heads), f"{'problems':>8}")
        with serving(settings) as (base, server):
            measure("first, workers asleep", settings, base, server, [NAMES[20:21]])
            wait_until_warm(settings)
            measure("one after the other", settings, base, server, [(name,) for name in NAMES[21:]])
            measure("at once", settings, base, server, [NAMES[: options.sessions]])


if __name__ == "__main__":
    main()
