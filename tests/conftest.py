"""Shared fixtures: settings on a fresh folder, a small show of our own, and tiny real models."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import Settings
from core.studio import Studio
from tests.models.hub import Hub, Repository, fill_shelf
from tests.show import EPISODES, INFO


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A developer's own CHAMADA_ variables, .env and models must not reach the tests."""
    for name in [name for name in os.environ if name.startswith(("CHAMADA_", "HF_", "HUGGINGFACE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HOME", str(tmp_path_factory.getbasetemp() / "no-models"))
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """Settings for a library in an empty folder, with pictures small enough to be quick."""
    return Settings(data_dir=tmp_path / "library", image_width=160, image_height=160, lock_timeout_s=2)


@pytest.fixture
def studio(small: Settings) -> Iterator[Studio]:
    """An open, empty library."""
    opened = Studio.open(small)
    yield opened
    opened.close()


@pytest.fixture
def imported(studio: Studio) -> Studio:
    """A library with the test show, nothing made of it yet."""
    studio.import_episodes(INFO, EPISODES)
    return studio


@pytest.fixture
def prepared(imported: Studio) -> Studio:
    """A library with the test show, everything made by the draft engines."""
    imported.prepare(imported.plan(imported.show(INFO.name)))
    return imported


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny real models: ``llama``, ``sdxl``, ``refiner`` and ``preview-vae``. Read only."""
    import torch

    from tests import tiny

    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    tiny.save_llama(folder / "llama")
    tiny.save_sdxl(folder / "sdxl")
    tiny.save_refiner(folder / "refiner")
    tiny.save_preview_vae(folder / "preview-vae")
    return folder


@pytest.fixture(scope="session")
def shelf(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of repositories, for the hub. Read only."""
    return fill_shelf(tmp_path_factory.mktemp("shelf"), models)


@pytest.fixture
def hub(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub on loopback, for this process and those that it starts, with an empty cache; nobody is logged in."""
    from huggingface_hub import constants

    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    # What a library read as it was imported, before this test.
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "home" / "token"))
    repositories = {f"org/{folder.name}": Repository(folder) for folder in shelf.iterdir()}
    with Hub(repositories) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def tiny_knobs(small: Settings, models: Path) -> Settings:
    """Settings under which the tiny models write and paint, on the processor, all of them in memory."""
    named = {"text": "llama", "image": "sdxl", "refiner": "refiner", "preview": "preview-vae"}
    paths = {f"{role}_model": str(models / name) for role, name in named.items()}
    return small.model_copy(update={"profile": "gpu", "device": "cpu", "vae_model": "", **paths})
