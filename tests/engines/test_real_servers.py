"""The engine against servers that people run: ``transformers serve``, and llama.cpp's where it is installed."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.chains.season import FollowUps, SubjectDraft
from core.engines.base import TextOptions
from core.engines.openai_text import OpenAIText
from core.errors import Canceled, EngineError
from tests.engines.contract import OPTIONS, summary_prompt
from tests.tiny import save_llama, save_parrot
from tests.tiny_gguf import save_gguf

pytestmark = pytest.mark.slow

ANSWER = '{"subject": "Um farol visto do mar"}'

needs_llama_cpp = pytest.mark.skipif(
    find_spec("llama_cpp") is None or find_spec("gguf") is None,
    reason="llama.cpp is an extra, built from source in minutes: pip install -r requirements-llamacpp.txt",
)


def listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(model: str, *command: str) -> Iterator[OpenAIText]:
    """An engine of the server that ``command`` starts, once it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    whole = [sys.executable, "-m", *command, "--port", str(port)]
    process = subprocess.Popen(whole, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while not listens(port):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.2)
        yield OpenAIText(f"http://127.0.0.1:{port}/v1", model, api_key="sk-test", deadline_s=60)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def parrot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_parrot(tmp_path_factory.mktemp("parrot"), ANSWER)


def answers(engine: OpenAIText) -> None:
    """See that words come, a stop is heard, and the answer is whole."""
    seen: list[str] = []
    result = engine.generate(summary_prompt(), SubjectDraft, OPTIONS, seen.append)
    assert result.value.subject == seen[-1] == "Um farol visto do mar"

    def stop(text: str) -> None:
        raise Canceled("Stop.")

    with pytest.raises(Canceled):
        engine.generate(summary_prompt(), SubjectDraft, OPTIONS, stop)
    assert engine.generate(summary_prompt(), SubjectDraft, OPTIONS).value == result.value


def test_transformers_serve_writes(parrot: Path):
    command = ("transformers.cli.transformers", "serve", str(parrot), "--device", "cpu", "--host", "127.0.0.1")
    with serving(str(parrot), *command) as engine:
        answers(engine)
        result = engine.generate(summary_prompt(), SubjectDraft, OPTIONS)
        assert result.prompt_tokens > 100
        assert result.new_tokens == 7
        with pytest.raises(EngineError, match="was not usable, asked twice"):  # it holds no model to a schema
            engine.generate(summary_prompt(), FollowUps, OPTIONS)


def llama_cpp(path: Path) -> tuple[str, ...]:
    limits = ("--n_ctx", "8192", "--n_threads", "1", "--api_key", "sk-test")
    return ("llama_cpp.server", "--model", str(path), *limits)


@needs_llama_cpp
def test_llama_cpp_writes(parrot: Path, tmp_path: Path):
    path = save_gguf(parrot, tmp_path / "parrot.gguf")
    with serving("parrot", *llama_cpp(path)) as engine:
        answers(engine)
        stranger = OpenAIText(engine.server.base_url, "parrot", api_key="sk-other", deadline_s=20)
        with pytest.raises(EngineError, match="does not accept the key"):
            stranger.generate(summary_prompt(), SubjectDraft, OPTIONS)


@needs_llama_cpp
def test_whatever_a_random_model_on_llama_cpp_writes_is_valid_or_an_error(tmp_path: Path):
    path = save_gguf(save_llama(tmp_path / "llama"), tmp_path / "llama.gguf")
    valid = 0
    with serving("llama", *llama_cpp(path)) as engine:
        for seed in range(20):
            with suppress(EngineError):
                result = engine.generate(summary_prompt(), FollowUps, TextOptions(max_new_tokens=100, seed=seed))
                assert all(question.isprintable() for question in result.value.questions)
                valid += 1
    assert valid
