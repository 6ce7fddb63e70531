"""A model's folder, looked at before anything of it is loaded: is it there, whole, safetensors, and free of code?

A model half there must not fail in the middle of a campaign, and must never load with random numbers in its gaps.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from core.errors import EngineError
from core.models import find_on_disk, read_reference, stay_offline

PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
"""Weights in a format that can run code as it is read."""

SAMPLES, SAMPLE_BYTES = 256, 4096
"""How many pieces of a large file are read for a fingerprint, evenly spread, and the bytes of each.

A fine-tuned model differs in most of its layers: in the middle of its files, though their ends may be the same.
"""

LARGEST_HEADER = 100_000_000
"""Bytes: safetensors' own limit."""


def find_model(model: str, revision: str | None = None) -> Path:
    """The folder (a LoRA's file) of ``model``: a path, or what ``dataprep.py models pull`` brought here.

    Nothing is downloaded here, nor by the libraries that read the folder: from here on they stay offline.

    Raises:
        EngineError: it is not on this machine.
    """
    if found := find_on_disk(model, revision):
        stay_offline()
        return found
    if read_reference(model) is None:
        raise EngineError("There is no folder {path}. Check where the model was saved.", path=model)
    raise EngineError(
        "The model {model} is not on this machine, or only half of it. Download it with: "
        "python dataprep.py models pull {model}",
        model=model,
    )


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


def check_weights(folder: Path, wanted: Collection[Path] = ()) -> None:
    """See that ``folder``, a model or one part of a pipeline, holds whole safetensors.

    Args:
        wanted: the files that will be read; those that the folder's index lists, and all that are there, if empty.

    Raises:
        EngineError: what is wrong, and what to do.
    """
    if not (folder / "config.json").is_file():
        raise EngineError("{path} holds no model: config.json is missing. Check the path.", path=folder)
    files = sorted(folder.glob("*.safetensors"))
    if not files and any(path.suffix in PICKLED for path in folder.iterdir()):
        raise EngineError(
            "The model in {path} has its weights in pickle files, which can run code as they are read. Chamada loads "
            "safetensors only: choose a revision that has them.",
            path=folder,
        )
    listed = {folder / name for index in folder.glob("*.safetensors.index.json") for name in shards_of(index)}
    missing = sorted(path.name for path in (set(wanted) or listed).difference(files))
    if missing:
        raise EngineError(
            "The model in {path} is only half there: {names} missing. Download it again; what is there is kept.",
            path=folder,
            names=", ".join(missing),
        )
    if not files:
        raise EngineError(
            "The model in {path} has no weights: no .safetensors file is there. Download it again.", path=folder
        )
    for path in wanted or files:
        read_header(path)


def shards_of(index: Path) -> set[str]:
    """The names of the files that an index of weights lists.

    Raises:
        EngineError: it is damaged.
    """
    names = read_json(index).get("weight_map", {})
    return {str(name) for name in names.values()}


def read_header(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each weight in a safetensors file, the file's length held against them.

    A file cut short by a broken download still begins well.

    Raises:
        EngineError: it is damaged.
    """
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else LARGEST_HEADER + 1
        try:
            header = json.loads(file.read(length)) if length <= LARGEST_HEADER else None
        except ValueError:
            header = None
    if isinstance(header, dict):
        items = {name: item for name, item in header.items() if name != "__metadata__"}
        if path.stat().st_size == 8 + length + max((item["data_offsets"][1] for item in items.values()), default=0):
            return {name: tuple(item["shape"]) for name, item in items.items()}
    raise EngineError(
        "{path} is damaged: its length is not what its header says. Delete it and download the model again.", path=path
    )


def fingerprint_folder(folder: Path) -> str:
    """The sha256 hex over a model's small files, and the length and samples of its weights, with all their names."""
    return _fingerprint({path.relative_to(folder).as_posix(): path for path in _files(folder)})


def fingerprint_files(paths: Collection[Path]) -> str:
    """The sha256 hex over files, whatever their names: the length of each, and samples of it."""
    return _fingerprint({str(number): path for number, path in enumerate(paths)})


def _fingerprint(files: Mapping[str, Path]) -> str:
    """Gigabytes are not read whole for it: ``dataprep.py models verify`` does that."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        length = path.stat().st_size
        digest.update(f"{name}:{length}:".encode())
        with path.open("rb") as file:
            if length <= SAMPLES * SAMPLE_BYTES:
                digest.update(file.read())
                continue
            for number in range(SAMPLES):
                file.seek((length - SAMPLE_BYTES) * number // (SAMPLES - 1))
                digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in {".json", ".jinja", ".safetensors", ".txt", ".model"} and path.is_file():
            yield path
