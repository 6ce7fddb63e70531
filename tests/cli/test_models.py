"""models list, pull and verify as a user runs them: processes of their own, their output and exit codes."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.models import find_on_disk
from core.settings import ROOT
from tests.models.hub import Handler, Hub, Request

Dataprep = Callable[..., tuple[int, str, str]]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(hub: Hub, tmp_path: Path) -> Start:
    """Start ``python dataprep.py models …`` with the settings naming ``org/chat`` and ``org/sdxl``."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CHAMADA_")}
    environment |= {
        "CHAMADA_DATA_DIR": str(tmp_path / "library"),
        "CHAMADA_LANGUAGE": "en",
        "CHAMADA_TEXT_MODEL": "org/chat",
        "CHAMADA_IMAGE_MODEL": "org/sdxl",
        "CHAMADA_REFINER_MODEL": "",
        "CHAMADA_VAE_MODEL": str(tmp_path),  # a folder of one's own is not downloaded
        "CHAMADA_PREVIEW_MODEL": "",
        "COLUMNS": "160",
    }

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "dataprep.py", "models", *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)

    return start


@pytest.fixture
def dataprep(start: Start) -> Dataprep:
    """Run a command to its end; gives (exit code, stdout, stderr) and never lets a traceback pass."""

    def run(*arguments: str) -> tuple[int, str, str]:
        process = start(*arguments)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in err
        return process.returncode, out, err

    return run


def test_pull_list_and_verify_what_was_named(dataprep: Dataprep) -> None:
    code, out, _ = dataprep("pull", "org/chat", "org/loras/eight.safetensors", "--yes")
    assert code == 0
    assert "org/chat: whole" in out
    assert "To download: " in out
    assert "Free on the disk: " in out
    assert find_on_disk("org/loras/eight.safetensors")
    code, out, _ = dataprep("list")
    assert code == 0
    here = [line.split() for line in out.splitlines() if "org/" in line]
    assert [(line[-1], line.count("yes")) for line in here] == [("org/chat", 2), ("org/loras/eight.safetensors", 1)]
    assert "free" in out.splitlines()[-1]
    assert dataprep("verify")[0] == 0
    assert dataprep("verify", "org/chat")[:2] == (0, "org/chat: all as it was downloaded.\n")


def test_without_names_all_that_the_settings_name_comes_and_one_failure_keeps_no_other_away(dataprep: Dataprep) -> None:
    code, out, err = dataprep("pull", "--yes")
    assert code == 1  # this hub has no Hyper-SD
    assert "The hub has no model ByteDance/Hyper-SD" in err
    assert "org/chat: whole" in out
    assert "org/sdxl: whole" in out


def test_nothing_is_downloaded_without_a_yes(dataprep: Dataprep, hub: Hub) -> None:
    code, _, err = dataprep("pull", "org/chat")
    assert code == 130
    assert "Add --yes" in err
    assert not hub.asked(".safetensors")
    assert find_on_disk("org/chat") is None


def test_damage_is_named_with_the_remedy_and_exit_code_1(dataprep: Dataprep) -> None:
    dataprep("pull", "org/chat", "--yes")
    folder = find_on_disk("org/chat")
    assert folder is not None
    weights = (folder / "model.safetensors").resolve()
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    code, out, _ = dataprep("verify")
    assert code == 1
    assert "org/chat: model.safetensors has changed: its sha256 is another." in out
    assert "dataprep.py models pull org/chat" in out
    assert dataprep("pull", "org/chat", "--yes")[0] == 0
    assert dataprep("verify")[0] == 0


def test_a_disk_that_is_too_small_is_refused_before_anything_comes(dataprep: Dataprep, hub: Hub) -> None:
    hub.repositories["org/chat"].sizes["model.safetensors"] = 10**15
    code, _, err = dataprep("pull", "org/chat", "--yes")
    assert code == 1
    assert "GB short of what the models need" in err
    assert "HF_HOME" in err
    assert not hub.asked(".safetensors")


def test_a_gated_model_is_refused_in_one_plain_sentence(dataprep: Dataprep, hub: Hub) -> None:
    hub.repositories["org/chat"].gated = True
    code, out, err = dataprep("pull", "org/chat", "--yes")
    assert code == 1
    assert "Accept the licence at https://huggingface.co/org/chat" in err
    assert out == ""


def test_verify_says_when_there_is_nothing_and_when_a_name_is_unknown(dataprep: Dataprep) -> None:
    code, out, _ = dataprep("verify")
    assert code == 0
    assert "No model was pulled yet" in out
    code, _, err = dataprep("verify", "llama-3-8b")
    assert code == 1
    assert "models pull llama-3-8b" in err


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "What was downloaded is kept"), (signal.SIGKILL, -signal.SIGKILL, "")],
)
def test_a_download_that_is_stopped_or_killed_goes_on_next_time(
    number: signal.Signals, code: int, said: str, start: Start, hub: Hub
) -> None:
    content = hub.repositories["org/chat"].files["model.safetensors"] = os.urandom(21_000_000)
    half_came, go_on = threading.Event(), threading.Event()

    def stall(handler: Handler, request: Request) -> bool:
        if request.path.startswith("/large"):
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes 0-{len(content) - 1}/{len(content)}")
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content[:11_000_000])
            half_came.set()
            go_on.wait(20)
            with contextlib.suppress(OSError):
                handler.wfile.write(content[11_000_000:])
        return request.path.startswith("/large")

    hub.trouble = stall
    process = start("pull", "org/chat", "--yes")
    assert half_came.wait(20)
    time.sleep(0.5)
    process.send_signal(number)
    time.sleep(0.3)
    go_on.set()
    _, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert said in err
    hub.trouble = None
    hub.requests.clear()
    process = start("pull", "org/chat", "--yes")
    process.communicate(timeout=60)
    assert process.returncode == 0
    resumed = int(hub.asked("/large/org/chat/model.safetensors")[0].range.strip("bytes=-"))
    assert 1_000_000 < resumed < 21_000_000
