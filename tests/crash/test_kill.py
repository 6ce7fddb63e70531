"""kill -9 at random points of ``dataprep.py run``: nothing lost, torn or duplicated, little made twice."""

import os
import random
import sqlite3
import subprocess
import sys
import time

import pytest

from core.settings import ROOT, Settings
from core.studio import Studio
from tests.show import EPISODES, INFO

KILLS = int(os.environ.get("CHAMADA_TEST_KILLS", "200"))
COPIES = 10
"""Shows in the library: enough work that every kill finds some left."""


def committed(path):
    with sqlite3.connect(path) as database:
        rows = database.execute("select key, media, sha256 from generation").fetchall()
        files = database.execute("select count(*) from media").fetchone()[0]
    return {row[0]: row[1:] for row in rows}, len(rows), files


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_kills_lose_nothing(tmp_path):
    settings = Settings(data_dir=tmp_path, image_width=96, image_height=96)
    environment = {
        **os.environ,
        "CHAMADA_DATA_DIR": str(tmp_path),
        "CHAMADA_IMAGE_WIDTH": "96",
        "CHAMADA_IMAGE_HEIGHT": "96",
    }
    database = tmp_path / "chamada.sqlite3"
    rng = random.Random(20)
    kills = redone = shows = 0
    known: dict[str, tuple[object, ...]] = {}

    def add_shows():
        studio = Studio.open(settings)
        for number in range(shows, shows + COPIES):
            studio.import_episodes(INFO.model_copy(update={"name": f"{INFO.name} {number}"}), EPISODES)
        left = sum(sum(studio.missing(show.id).values()) for show in studio.shows())
        studio.close()
        return left

    left = add_shows()
    shows += COPIES
    while kills < KILLS:
        process = subprocess.Popen(
            [sys.executable, "dataprep.py", "run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        started = committed(database)[1]
        while process.poll() is None and committed(database)[1] == started:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.8))
        if process.poll() is None:
            process.kill()
            kills += 1
        errors = process.communicate()[1].decode()
        assert "Traceback" not in errors

        rows, count, _ = committed(database)
        assert len(rows) == count, "a key was stored twice"
        assert known.items() <= rows.items(), "a committed row was lost or changed"
        known = rows
        studio = Studio.open(settings)
        assert studio.verify() == []
        left = sum(sum(studio.missing(show.id).values()) for show in studio.shows())
        studio.close()
        if left < 30 and kills < KILLS:
            left = add_shows()
            shows += COPIES

    orphans = [path for path in (tmp_path / "media").rglob("*.png")]
    redone = len(orphans) - len({media for media, _ in known.values() if media})
    assert redone <= kills, f"{redone} pictures without a row after {kills} kills"
