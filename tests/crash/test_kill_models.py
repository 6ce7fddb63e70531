"""kill -9 of a run in which models paint: no text is written again, and no step of the base is run twice."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from core.domain.generation import Step
from core.jobs.process import as_environment
from core.settings import ROOT, Settings
from core.studio import Studio
from tests.show import EPISODES, INFO

STEPS = ("summary", "image_prompt", "illustration")
TEXTS = STEPS[:2]


@pytest.fixture
def knobs(tiny_knobs: Settings) -> Settings:
    """So little memory that the models take turns, and one after the other goes over all pictures."""
    return tiny_knobs.model_copy(update={"gpu_memory_gb": 0.03})


def start(knobs: Settings) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "dataprep.py", "run", *(part for step in STEPS for part in ("--only", step))]
    environment = {**os.environ, **as_environment(knobs), "OMP_NUM_THREADS": "1"}
    with log(knobs).open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)


def log(knobs: Settings) -> Path:
    """Where the runs tell what they do."""
    return knobs.data_dir / "runs.log"


def rows(knobs: Settings) -> dict[int, tuple[str, str]]:
    """Every generation's step and sha256 by its id; read past the program."""
    with closing(sqlite3.connect(knobs.data_dir / "chamada.sqlite3", timeout=30)) as database:
        return {row[0]: row[1:] for row in database.execute("select id, step, sha256 from generation")}


@pytest.mark.slow
def test_a_run_killed_while_it_paints_writes_no_text_again(knobs: Settings) -> None:
    with closing(Studio.open(knobs)) as studio:
        studio.import_episodes(INFO, EPISODES)
    process = start(knobs)
    unfinished: list[Path] = []
    while len(unfinished) < 2:  # pictures that the base is through with
        assert process.poll() is None, log(knobs).read_text()
        unfinished = list(knobs.scratch_dir.glob("*.safetensors"))
        time.sleep(0.02)
    process.kill()
    process.wait()
    before = rows(knobs)
    assert sorted(step for step, _ in before.values()) == sorted(TEXTS * len(EPISODES))

    process = start(knobs)
    assert process.wait(timeout=300) == 0, log(knobs).read_text()
    after = rows(knobs)
    assert before.items() <= after.items()
    assert [step for number, (step, _) in after.items() if number not in before] == ["illustration"] * len(EPISODES)
    with closing(Studio.open(knobs)) as studio:
        assert studio.plan(studio.show(INFO.name), only=frozenset(map(Step, STEPS))).tasks == ()
        assert studio.verify() == []
    assert not any(knobs.scratch_dir.glob("*.safetensors"))
