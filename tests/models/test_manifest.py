"""Verifying: every way a file can go bad on the disk is found, and named."""

from pathlib import Path

import pytest

from core.errors import EngineError
from core.models import find_snapshot, repository_folder
from core.models.manifest import Damage, find_manifest, pulled_models, read_manifest, verify
from core.models.pulling import plan_pull, pull
from tests.models.hub import COMMIT, Hub


@pytest.fixture
def folder(hub: Hub) -> Path:
    """A chat model that was pulled."""
    return pull(plan_pull("org/chat"))


def found() -> list[Damage]:
    return verify(find_manifest("org/chat"), lambda count: None)


def test_what_was_pulled_matches_and_every_byte_is_read(folder: Path) -> None:
    counted: list[int] = []
    manifest = find_manifest("org/chat")
    assert not verify(manifest, counted.append)
    assert sum(counted) == manifest.size == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert pulled_models() == [("org/chat", manifest)]


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
@pytest.mark.parametrize("where", [0, 0.5, 1])
def test_a_flipped_bit_anywhere_is_found(name: str, where: float, folder: Path) -> None:
    path = (folder / name).resolve()
    content = bytearray(path.read_bytes())
    content[int(where * (len(content) - 1))] ^= 1
    path.write_bytes(content)
    assert found() == [Damage(name, "has changed: its sha256 is another")]


def test_a_missing_and_a_half_file_are_found_beside_each_other(folder: Path) -> None:
    (folder / "tokenizer.json").resolve().unlink()
    weights = (folder / "model.safetensors").resolve()
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    assert {(damage.path, damage.message.partition(" ")[2]) for damage in found()} == {
        ("tokenizer.json", "missing"),
        ("model.safetensors", "another length: it was cut short or changed"),
    }


def test_another_pull_mends_what_was_found(folder: Path) -> None:
    path = (folder / "model.safetensors").resolve()
    path.write_bytes(b"x" * path.stat().st_size)
    assert found()
    pull(plan_pull("org/chat"))
    assert not found()


def test_a_model_from_elsewhere_has_no_manifest_and_gets_one_without_a_download(hub: Hub, folder: Path) -> None:
    path = repository_folder("org/chat") / "manifests" / f"{COMMIT}.json"
    path.unlink()
    with pytest.raises(EngineError, match="models pull org/chat"):
        find_manifest("org/chat")
    before = len(hub.asked(".safetensors"))
    pull(plan_pull("org/chat"))
    assert len(hub.asked(".safetensors")) == before
    assert not found()


def test_a_damaged_manifest_counts_as_none(folder: Path) -> None:
    path = repository_folder("org/chat") / "manifests" / f"{COMMIT}.json"
    path.write_text(path.read_text()[:100])
    assert read_manifest(path) is None
    assert not pulled_models()
    with pytest.raises(EngineError, match="has no manifest"):
        find_manifest("org/chat")


def test_a_model_that_another_program_deleted_is_not_reported(folder: Path) -> None:
    folder.rename(folder.with_name("gone"))
    assert find_snapshot("org/chat") is None
    assert not pulled_models()


def test_a_path_is_told_that_it_cannot_be_verified(models: Path) -> None:
    with pytest.raises(EngineError, match="no model's name"):
        find_manifest(str(models / "llama"))
