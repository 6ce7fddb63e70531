"""Which models are on this machine: folders, the hub's cache, half downloads; with no network and no heavy import."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.engines.weights import find_model
from core.errors import EngineError
from core.models import (
    cache_folder,
    find_on_disk,
    known_models,
    look_up,
    read_reference,
    size_on_disk,
    wanted_models,
)
from core.settings import ROOT, Settings

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub's."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def keep(cache: Path, repository: str, source: Path, commit: str = COMMIT, branch: str | None = "main") -> Path:
    """Lay ``source`` into the cache as the hub's library does: blobs, and a snapshot of links to them."""
    folder = cache / f"models--{repository.replace('/', '--')}"
    snapshot = folder / "snapshots" / commit
    (folder / "blobs").mkdir(parents=True)
    for number, path in enumerate(path for path in sorted(source.rglob("*")) if path.is_file()):
        blob = folder / "blobs" / str(number)
        shutil.copy(path, blob)
        link = snapshot / path.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(blob)
    if branch:
        (folder / "refs").mkdir()
        (folder / "refs" / branch).write_text(commit)
    return snapshot


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert find_on_disk(tmp_path) == tmp_path
    assert find_on_disk(tmp_path / "nowhere") is None
    assert find_on_disk("") is None


@pytest.mark.parametrize("name", ["llama", "sdxl", "refiner", "preview-vae"])
def test_a_whole_model_in_the_cache_is_found(name: str, models: Path, cache: Path) -> None:
    snapshot = keep(cache, "some/model", models / name)
    assert find_on_disk("some/model") == snapshot
    assert find_on_disk("some/model", COMMIT) == snapshot
    assert find_on_disk("some/model", "f" * 40) is None
    assert size_on_disk(snapshot) == size_on_disk(models / name) > 10_000


def test_the_hubs_own_library_finds_it_at_the_same_place(models: Path, cache: Path) -> None:
    from huggingface_hub import snapshot_download

    keep(cache, "some/model", models / "llama")
    there = snapshot_download("some/model", local_files_only=True, cache_dir=cache)
    assert find_on_disk("some/model") == Path(there)


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("llama", "config.json"),
        ("llama", "model.safetensors"),
        ("sdxl", "unet/diffusion_pytorch_model.safetensors"),
        ("sdxl", "text_encoder_2/model.safetensors"),
        ("refiner", "vae/config.json"),
    ],
)
def test_half_a_model_does_not_count(name: str, lost: str, models: Path, cache: Path) -> None:
    snapshot = keep(cache, "some/model", models / name)
    (snapshot / lost).resolve().unlink()  # the link stays, as after a broken download
    if lost == "vae/config.json":
        shutil.rmtree(snapshot / "vae")
    assert find_on_disk("some/model") is None
    with pytest.raises(EngineError, match="models pull some/model"):
        find_model("some/model")


def test_a_model_in_shards_is_whole_with_the_last_of_them(models: Path, cache: Path, tmp_path: Path) -> None:
    sharded = tmp_path / "sharded"
    shutil.copytree(models / "llama", sharded)
    weights = sharded / "model.safetensors"
    names = [f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    for name in names:
        shutil.copy(weights, sharded / name)
    weights.unlink()
    weight_map = {"first": names[0], "second": names[1]}
    (sharded / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    snapshot = keep(cache, "some/model", sharded)
    assert find_on_disk("some/model") == snapshot
    (snapshot / names[1]).unlink()
    assert find_on_disk("some/model") is None


def test_a_known_model_is_found_by_its_name_at_its_pinned_revision_alone(models: Path, cache: Path) -> None:
    known = look_up("sdxl-base")
    assert known is not None
    assert known.revision is not None
    snapshot = keep(cache, known.id, models / "sdxl", branch=None)
    assert find_on_disk("sdxl-base") is None
    snapshot = snapshot.rename(snapshot.with_name(known.revision))
    assert find_on_disk("sdxl-base") == snapshot
    assert find_on_disk(known.id) == snapshot


def test_a_lora_is_one_file_of_a_collection(cache: Path, tmp_path: Path) -> None:
    known = look_up("hyper-8")
    assert known is not None
    assert known.file is not None
    (tmp_path / "collection").mkdir()
    (tmp_path / "collection" / known.file).write_bytes(b"weights")
    snapshot = keep(cache, known.id, tmp_path / "collection")
    assert find_on_disk("hyper-8") == snapshot / known.file
    assert find_on_disk(f"{known.id}/{known.file}") == snapshot / known.file
    assert find_on_disk(f"{known.id}/another.safetensors") is None


@pytest.mark.parametrize(
    ("model", "repository"),
    [
        ("org/name", "org/name"),
        ("org/name/loras/a.safetensors", "org/name"),
        ("llama-3-8b", "meta-llama/Meta-Llama-3-8B-Instruct"),
        ("/models/llama", None),
        ("./models/llama", None),
        ("~/llama", None),
        ("a/b/c", None),
        ("llama", None),
        ("", None),
    ],
)
def test_names_are_told_from_paths(model: str, repository: str | None) -> None:
    reference = read_reference(model)
    assert (reference.repository if reference else None) == repository


def test_every_known_model_can_be_asked_for_and_a_gated_one_names_another() -> None:
    names = [known.name for known in known_models()]
    assert len(set(names)) == len(names)
    for known in known_models():
        assert read_reference(known.name) == read_reference(known.address) == (known.id, known.file, known.revision)
        assert known.revision is None or len(known.revision) == 40
        instead = look_up(known.instead or "")
        assert (instead is not None and instead.role == known.role and not instead.gated) == known.gated


def test_every_known_model_is_documented() -> None:
    rows = (ROOT / "docs" / "models.md").read_text(encoding="utf-8").splitlines()
    for known in known_models():
        size = f"{known.bytes / 1e9:.1f} GB" if known.bytes >= 1e9 else f"{known.bytes / 1e6:.0f} MB"
        row = next((row for row in rows if row.startswith(f"| `{known.name}`")), "")
        assert [part for part in (known.id, size, known.licence) if part not in row] == []


def test_by_itself_pull_brings_what_the_settings_name_and_no_folder_of_ones_own(tmp_path: Path) -> None:
    settings = Settings(
        text_model="qwen-2.5-7b", image_model=str(tmp_path), refiner_model="", vae_model="org/vae", preview_model="./x"
    )
    assert wanted_models(settings) == [
        "Qwen/Qwen2.5-7B-Instruct",
        "org/vae",
        "ByteDance/Hyper-SD/Hyper-SDXL-8steps-CFG-lora.safetensors",
    ]
    assert set(wanted_models(Settings())) == {known.address for known in known_models() if known.name != "qwen-2.5-7b"}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"XDG_CACHE_HOME": "/x"},
        {"HF_HOME": "/h", "XDG_CACHE_HOME": "/x"},
        {"HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/h"},
        {"HF_HUB_CACHE": "$HOME/new", "HUGGINGFACE_HUB_CACHE": "/old"},
    ],
)
def test_the_cache_is_where_the_hubs_library_has_it(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HF_HOME", "XDG_CACHE_HOME", "HUGGINGFACE_HUB_CACHE", "HF_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code = "from huggingface_hub import constants; print(constants.HF_HUB_CACHE)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert str(cache_folder()) == done.stdout.strip()


def test_looking_on_the_disk_imports_nothing_heavy() -> None:
    heavy = ("torch", "transformers", "huggingface_hub", "httpx2", "numpy")
    code = (
        "import sys; from core.models import find_on_disk; find_on_disk('llama-3-8b'); "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
