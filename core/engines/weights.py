"""A model's folder, looked at before anything of it is loaded: is it there, whole, safetensors, and free of code?

A model half there must not fail in the middle of a campaign, and must never load with random numbers in its gaps.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import EngineError

PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
"""Weights in a format that can run code as it is read."""

SAMPLE_BYTES = 65_536
"""Bytes read at the beginning and the end of a weights file for a fingerprint."""

LARGEST_HEADER = 100_000_000
"""Bytes: safetensors' own limit."""


def find_model(model: str, revision: str | None = None) -> Path:
    """The folder of ``model``: a path, or a hub id (``organisation/name``) that was downloaded before.

    Raises:
        EngineError: it is not on this machine; nothing is downloaded here.
    """
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or model.startswith((".", "~")) or model.count("/") != 1:
        raise EngineError("There is no folder {path}. Check where the model was saved.", path=model)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, revision=revision, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        raise EngineError(
            "The model {model} is not on this machine. Download it with: python dataprep.py models pull {model}",
            model=model,
        ) from None


def read_json(path: Path) -> dict[str, Any]:
    """A model's JSON file.

    Raises:
        EngineError: it is damaged.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise EngineError("{path} cannot be read: the model was not saved whole. Download it again.", path=path)
    return value


def check_weights(folder: Path) -> None:
    """See that ``folder``, a model or one part of a pipeline, holds whole safetensors.

    Raises:
        EngineError: what is wrong, and what to do.
    """
    if not (folder / "config.json").is_file():
        raise EngineError("{path} holds no model: config.json is missing. Check the path.", path=folder)
    files = sorted(folder.glob("*.safetensors"))
    wanted = {folder / name for index in folder.glob("*.safetensors.index.json") for name in _shards(index)}
    missing = sorted(path.name for path in wanted.difference(files))
    if missing:
        raise EngineError(
            "The model in {path} is only half there: {names} missing. Download it again; what is there is kept.",
            path=folder,
            names=", ".join(missing),
        )
    if not files and any(path.suffix in PICKLED for path in folder.iterdir()):
        raise EngineError(
            "The model in {path} has its weights in pickle files, which can run code as they are read. Chamada loads "
            "safetensors only: choose a revision that has them.",
            path=folder,
        )
    if not files:
        raise EngineError(
            "The model in {path} has no weights: no .safetensors file is there. Download it again.", path=folder
        )
    for path in files:
        _check_length(path)


def _shards(index: Path) -> set[str]:
    names = read_json(index).get("weight_map", {})
    return {str(name) for name in names.values()}


def _check_length(path: Path) -> None:
    """A file cut short by a broken download still begins well, so its length is held against its header."""
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else LARGEST_HEADER + 1
        try:
            header = json.loads(file.read(length)) if length <= LARGEST_HEADER else None
        except ValueError:
            header = None
    if isinstance(header, dict):
        ends = [item["data_offsets"][1] for name, item in header.items() if name != "__metadata__"]
        if path.stat().st_size == 8 + length + max(ends, default=0):
            return
    raise EngineError(
        "{path} is damaged: its length is not what its header says. Delete it and download the model again.", path=path
    )


def fingerprint_folder(folder: Path) -> str:
    """The sha256 hex over a model's small files, and the length, beginning and end of its weights.

    Gigabytes are not read whole for it: ``dataprep.py models verify`` does that.
    """
    digest = hashlib.sha256()
    for path in sorted(_files(folder)):
        digest.update(f"{path.relative_to(folder).as_posix()}:{path.stat().st_size}:".encode())
        with path.open("rb") as file:
            digest.update(file.read(SAMPLE_BYTES))
            if path.stat().st_size > SAMPLE_BYTES:
                file.seek(-SAMPLE_BYTES, 2)
                digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in {".json", ".jinja", ".safetensors", ".txt", ".model"} and path.is_file():
            yield path
