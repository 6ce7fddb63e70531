"""The command line as a user runs it: a process of its own, its output and its exit code."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.settings import ROOT

SCRIPT = """O FAROL — Temporada {season}, Episódio {number}: "{title}"

CENA 1 — EXT. FAROL — NOITE
(ANA sobe a escada com uma lanterna.)
ANA: A lâmpada do farol apagou de novo e o barco do Caio ainda está no mar.
CAIO: Eu vejo a praia, mas não vejo o farol. Alguém acenda alguma coisa.

CENA 2 — INT. COZINHA — NOITE
ANA: Meu avô acendia uma fogueira na praia quando a lâmpada falhava.
BIA: Então vamos levar lenha, querosene e o violão, que a noite vai ser comprida.

CENA 3 — EXT. PRAIA — MADRUGADA
CAIO: Quem apagou a lâmpada deixou a chave na porta. E a chave é do prefeito.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A show of three screenplay files."""
    scripts = tmp_path / "roteiros"
    scripts.mkdir()
    for season, number, title in ((1, 1, "A Lâmpada"), (1, 2, "A Chave"), (2, 1, "O Mapa")):
        text = SCRIPT.format(season=season, number=number, title=title)
        (scripts / f"S{season:02}E{number:02}.txt").write_text(text, encoding="utf-8")
    return scripts


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where a test's own library is."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("CHAMADA_")},
        "CHAMADA_DATA_DIR": str(tmp_path / "library"),
        "CHAMADA_LANGUAGE": "en",
        "CHAMADA_IMAGE_WIDTH": "160",
        "CHAMADA_IMAGE_HEIGHT": "160",
        "CHAMADA_LOCK_TIMEOUT_S": "1",
        "COLUMNS": "200",
    }


@pytest.fixture
def dataprep(environment):
    """Run ``python dataprep.py …``; gives (exit code, stdout, stderr) and never lets a traceback pass."""

    def call(*arguments: object, **extra: str) -> tuple[int, str, str]:
        command = [sys.executable, "dataprep.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env={**environment, **extra}, capture_output=True, text=True)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return call


def test_import_run_status_export(dataprep, folder, tmp_path):
    code, text, _ = dataprep("import", folder, "--show", "O Farol")
    assert code == 0
    assert "3 added" in text
    code, text, _ = dataprep("run")
    assert code == 0
    assert "31 made, 0 taken up again, 0 failed" in text
    code, text, _ = dataprep("run")
    assert (code, "nothing to make, 31 already there" in text) == (0, True)
    code, text, _ = dataprep("status")
    assert text.splitlines()[1].split() == ["O", "Farol", "2", "3", "3", "3", "10", "0"]
    out = tmp_path / "farol.json"
    assert dataprep("export", "--show", "O Farol", "--out", out)[0] == 0
    data = json.loads(out.read_text(encoding="utf-8"))
    assert [episode["key"] for episode in data["episodes"]] == ["S01E01", "S01E02", "S02E01"]
    first = data["episodes"][0]
    assert first["title"] == "A Lâmpada"
    assert first["summary"]["moments"]
    assert Path(first["illustration"]["path"]).read_bytes().startswith(b"\x89PNG")
    assert len(first["lines"]) == 9
    assert [len(season["illustrations"]) for season in data["seasons"]] == [5, 5]
    assert all(answer["question"] for season in data["seasons"] for answer in season["questions"])


def test_importing_again_changes_nothing_and_a_further_season_adds_only_it(dataprep, folder):
    dataprep("import", folder, "--show", "O Farol")
    assert "0 added, 0 replaced, 3 unchanged" in dataprep("import", folder, "--show", "O Farol")[1]
    text = SCRIPT.format(season=3, number=1, title="O Navio")
    (folder / "S03E01.txt").write_text(text, encoding="utf-8")
    assert "1 added, 0 replaced, 3 unchanged" in dataprep("import", folder, "--show", "O Farol")[1]
    corrected = SCRIPT.format(season=1, number=1, title="A Lâmpada").replace("lenha", "carvão")
    (folder / "S01E01.txt").write_text(corrected, encoding="utf-8")
    assert "0 added, 1 replaced, 3 unchanged" in dataprep("import", folder, "--show", "O Farol")[1]


def test_a_dry_run_stores_nothing(dataprep, folder, tmp_path):
    code, text, _ = dataprep("import", folder, "--show", "O Farol", "--dry-run")
    assert code == 0
    assert "A lâmpada do farol apagou" in text
    assert not (tmp_path / "library").exists()


def test_a_shorter_summary(dataprep, folder, tmp_path):
    dataprep("import", folder, "--show", "O Farol")
    dataprep("run", "--only", "summary", CHAMADA_SUMMARY_WORDS="20")
    dataprep("export", "--show", "O Farol", "--out", tmp_path / "farol.json")
    data = json.loads((tmp_path / "farol.json").read_text(encoding="utf-8"))
    assert all(0 < len(episode["summary"]["text"].split()) <= 20 for episode in data["episodes"])


def test_verify_backup_and_gc(dataprep, folder, tmp_path):
    dataprep("import", folder, "--show", "O Farol")
    dataprep("run", "--only", "summary")
    assert dataprep("verify")[:1] == (0,)
    code, text, _ = dataprep("backup", "--to", tmp_path / "copy.sqlite3")
    assert code == 0
    with sqlite3.connect(tmp_path / "copy.sqlite3") as copy:
        assert copy.execute("select count(*) from episode").fetchone() == (3,)
    assert dataprep("gc", "--dry-run")[0] == 0
    with sqlite3.connect(tmp_path / "library" / "chamada.sqlite3") as database:
        database.execute("update line set text = 'outra coisa' where seq = 2 and episode_id = 1")
    code, text, _ = dataprep("verify")
    assert code == 1
    assert "Damage found: " in text
    assert "line 1/2" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "/nowhere/at/all", "--show", "X"), "/nowhere/at/all"),
        (("run", "--show", "Nenhum"), "Nenhum"),
        (("export", "--show", "Nenhum", "--out", "/tmp/x.json"), "Nenhum"),
    ],
)
def test_wrong_names_end_with_2_and_say_which(dataprep, folder, arguments, words):
    dataprep("import", folder, "--show", "O Farol")
    code, _, text = dataprep(*arguments)
    assert code == 2
    assert words in text


def test_a_step_that_is_part_of_another_is_refused(dataprep):
    code, _, text = dataprep("run", "--only", "answer")
    assert code == 2
    assert "study" in text


def test_a_setting_that_cannot_work(dataprep):
    code, _, text = dataprep("status", CHAMADA_SUMMARY_WORDS="-3")
    assert code == 2
    assert "CHAMADA_SUMMARY_WORDS" in text


def test_an_empty_library_says_how_to_start(dataprep):
    for command in ("run", "status"):
        code, text, _ = dataprep(command)
        assert code == 0
        assert "dataprep.py import PATH --show" in text


def test_a_run_says_which_engines_serve_and_why_and_fails_where_those_asked_for_cannot(dataprep, folder):
    dataprep("import", folder, "--show", "O Farol")
    blind = {"CUDA_VISIBLE_DEVICES": ""}
    told = "Profile draft. The draft engines write and paint: they need no download and no graphics card. "
    told += "There is no NVIDIA graphics card here."
    for command in (("run", "--plan"), ("status",)):
        code, text, _ = dataprep(*command, **blind)
        assert (code, told in text) == (0, True)
    asked = {**blind, "CHAMADA_PROFILE": "t4"}
    code, text, error = dataprep("run", **asked)
    assert (code, text) == (1, "")
    assert "CHAMADA_PROFILE=t4 needs an NVIDIA graphics card, and there is none here. Set CHAMADA_PROFILE=auto" in error
    code, text, _ = dataprep("status", **asked)
    assert (code, "needs an NVIDIA graphics card" in text) == (0, True)
    assert text.splitlines()[1].split()[-1] == "?"


@pytest.mark.slow
def test_the_bundled_show_is_drawn_by_rule_whatever_the_settings_ask_for(dataprep):
    code, text, _ = dataprep("demo", CHAMADA_PROFILE="t4", CHAMADA_IMAGE_WIDTH="96", CHAMADA_IMAGE_HEIGHT="96")
    assert (code, "Maré Alta: 58 made, 0 taken up again, 0 failed" in text) == (0, True)
    assert dataprep("demo") == (0, "", "")


def test_verify_without_a_library(dataprep):
    code, _, text = dataprep("verify")
    assert code in {2, 3}
    assert "library" in text.lower()


def test_a_locked_database_is_a_bounded_wait(dataprep, folder, tmp_path):
    dataprep("import", folder, "--show", "O Farol")
    with sqlite3.connect(tmp_path / "library" / "chamada.sqlite3", isolation_level=None) as other:
        other.execute("begin immediate")
        started = time.monotonic()
        code, _, text = dataprep("run")
        assert time.monotonic() - started < 60
    assert code == 3
    assert "busy" in text or "locked" in text.lower()


def test_a_show_name_with_quotes_and_slashes(dataprep, folder, tmp_path):
    name = '../"O\'Farol"; drop table show; --/<b>*x*</b>'
    assert dataprep("import", folder, "--show", name)[0] == 0
    assert dataprep("run", "--show", name, "--only", "summary")[0] == 0
    assert dataprep("export", "--show", name, "--out", tmp_path / "x.json")[0] == 0
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["show"]["name"] == name


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run_and_the_next_one_goes_on(dataprep, environment, folder, number):
    dataprep("import", folder, "--show", "O Farol")
    command = [sys.executable, "dataprep.py", "run"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    database = Path(environment["CHAMADA_DATA_DIR"]) / "chamada.sqlite3"
    while process.poll() is None:
        with sqlite3.connect(database) as reader:
            if reader.execute("select count(*) from generation").fetchone()[0] > 2:
                break
        time.sleep(0.005)
    process.send_signal(number)
    text = "".join(process.communicate(timeout=60))
    assert "Traceback" not in text
    assert process.returncode in {128 + number, 0}
    assert dataprep("run")[0] == 0
    assert "nothing to make, 31 already there" in dataprep("run")[1]
    assert dataprep("verify")[0] == 0


def test_messages_come_in_portuguese_by_default(dataprep):
    assert "biblioteca está vazia" in dataprep("status", CHAMADA_LANGUAGE="pt-BR")[1]
