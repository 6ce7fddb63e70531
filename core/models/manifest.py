"""A downloaded model's manifest: every file's length and sha256, written when it came whole and verified later.

A flipped bit in weights loads without a word, so ``dataprep.py models verify`` reads every byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from core.domain.frozen import Frozen
from core.errors import EngineError
from core.language import N_
from core.models import cache_folder, find_snapshot, read_reference, repository_folder

OnBytes = Callable[[int], None]
"""Called with the bytes just read or written, as work goes on; it may raise Canceled."""

CHUNK = 8_388_608
"""Bytes read at a time."""


class Entry(Frozen):
    """A file's length and sha256 hex."""

    bytes: int
    sha256: str


class Manifest(Frozen):
    """What was downloaded of a repository at one commit: path -> entry."""

    repository: str
    commit: str
    files: dict[str, Entry]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.bytes for entry in self.files.values())


class Damage(NamedTuple):
    """A file that is not what its manifest says, and how, as a message id."""

    path: str
    message: str


def manifest_path(repository: str, commit: str) -> Path:
    """Beside the snapshot, not in it: what lies in there is the hub's."""
    return repository_folder(repository) / "manifests" / f"{commit}.json"


def read_manifest(path: Path) -> Manifest | None:
    """The manifest in ``path``; None where there is none, or it is damaged."""
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def write_manifest(manifest: Manifest) -> None:
    """Add ``manifest`` to what is known of its commit: a collection's files may come one by one."""
    path = manifest_path(manifest.repository, manifest.commit)
    if known := read_manifest(path):
        manifest = manifest.model_copy(update={"files": {**known.files, **manifest.files}})
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    unfinished.replace(path)


def pulled_models() -> list[tuple[str, Manifest]]:
    """What ``models pull`` brought to this machine: each address and its manifest; a collection's files one by one."""
    found: list[tuple[str, Manifest]] = []
    for path in sorted(cache_folder().glob("models--*/manifests/*.json")):
        manifest = read_manifest(path)
        if manifest is None or not snapshot_folder(manifest).is_dir():
            continue
        if manifest.files.keys() & {"config.json", "model_index.json"}:
            found.append((manifest.repository, manifest))
        else:
            found += [(f"{manifest.repository}/{name}", _of_one(manifest, name)) for name in manifest.files]
    return found


def snapshot_folder(manifest: Manifest) -> Path:
    """Where the files lie."""
    return repository_folder(manifest.repository) / "snapshots" / manifest.commit


def _of_one(manifest: Manifest, name: str) -> Manifest:
    return manifest.model_copy(update={"files": {name: manifest.files[name]}})


def find_manifest(model: str) -> Manifest:
    """The manifest of ``model``, for a collection with the one file it stands for.

    Raises:
        EngineError: it was not brought here by ``models pull``.
    """
    reference = read_reference(model)
    snapshot = find_snapshot(reference.repository, reference.revision) if reference else None
    if reference and snapshot:
        manifest = read_manifest(manifest_path(reference.repository, snapshot.name))
        if manifest and not reference.file:
            return manifest
        if manifest and reference.file in manifest.files:
            return _of_one(manifest, reference.file)
    if reference is None:
        raise EngineError(
            "“{model}” is no model's name: only what models pull brought here can be verified.", model=model
        )
    raise EngineError(
        "{model} has no manifest on this machine. Write one with: python dataprep.py models pull {model} (what is here "
        "already is checked, not downloaded again)",
        model=model,
    )


def verify(manifest: Manifest, on_bytes: OnBytes) -> list[Damage]:
    """Read every file of ``manifest``; gives what does not match it."""
    snapshot, found = snapshot_folder(manifest), []
    for name, entry in manifest.files.items():
        path = snapshot / name
        if not path.is_file():
            found.append(Damage(name, N_("is missing")))
        elif path.stat().st_size != entry.bytes:
            found.append(Damage(name, N_("has another length: it was cut short or changed")))
        elif sha256_of(path, on_bytes) != entry.sha256:
            found.append(Damage(name, N_("has changed: its sha256 is another")))
    return found


def sha256_of(path: Path, on_bytes: OnBytes) -> str:
    """The sha256 hex of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            on_bytes(len(piece))
    return digest.hexdigest()
