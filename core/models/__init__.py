"""Models on this machine: which ones we know by name, and where they lie. No network and no heavy import in here.

They lie in the cache of Hugging Face's own library, so that one download serves every program of the machine.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from core.domain.frozen import Frozen
from core.settings import BUNDLED, Settings

Role = Literal["text", "image", "refiner", "vae", "preview", "lora"]


class KnownModel(Frozen):
    """A model of data/models.json.

    Attributes:
        id: the hub's (``organisation/name``).
        revision: the commit that is used; None where the first download pins it.
        file: the one file wanted of a collection.
        bytes: what is downloaded, about.
        gated: whether the hub gives it only to who accepted its licence.
        instead: a model that serves the same and is not gated.
    """

    name: str
    role: Role
    id: str
    revision: str | None
    bytes: int
    licence: str
    file: str | None = None
    gated: bool = False
    instead: str | None = None

    @property
    def address(self) -> str:
        """The id, with the file where it is one of a collection."""
        return f"{self.id}/{self.file}" if self.file else self.id


class Reference(NamedTuple):
    """What a name stands for on the hub: a repository, the file wanted of it (None: all), the revision."""

    repository: str
    file: str | None
    revision: str | None


@lru_cache(maxsize=1)
def known_models() -> tuple[KnownModel, ...]:
    """The models of data/models.json."""
    data = json.loads((BUNDLED / "models.json").read_text(encoding="utf-8"))
    return tuple(KnownModel(**entry) for entry in data["models"])


def look_up(model: str) -> KnownModel | None:
    """The known model of this name (``sdxl-base``) or address (``organisation/name``)."""
    return next((known for known in known_models() if model in (known.name, known.address)), None)


def wanted_models(settings: Settings) -> list[str]:
    """Addresses of what the settings name and of the presets' LoRAs: all that ``models pull`` brings by itself."""
    named = (
        settings.text_model,
        settings.image_model,
        settings.refiner_model,
        settings.vae_model,
        settings.preview_model,
        *(known.address for known in known_models() if known.role == "lora"),
    )
    hub = [model for model in named if read_reference(model) and not Path(model).exists()]
    return [known.address if (known := look_up(model)) else model for model in hub]


def read_reference(model: str, revision: str | None = None) -> Reference | None:
    """What ``model`` stands for: a known name, ``organisation/name`` or ``organisation/name/file.safetensors``.

    None: it can be no hub id, so it is a path.
    """
    if known := look_up(model):
        return Reference(known.id, known.file, revision or known.revision)
    owner, _, rest = model.partition("/")
    name, _, file = rest.partition("/")
    if not owner or not name or owner.startswith((".", "~")) or (file and not file.endswith(".safetensors")):
        return None
    return Reference(f"{owner}/{name}", file or None, revision)


def cache_folder() -> Path:
    """Where the hub's library keeps what it downloads, by its own variables; it need not exist.

    Source: https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
    """
    home = os.environ.get("HF_HOME") or f"{os.environ.get('XDG_CACHE_HOME') or '~/.cache'}/huggingface"
    folder = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE") or f"{home}/hub"
    return Path(os.path.expandvars(folder)).expanduser()


def repository_folder(repository: str) -> Path:
    """Where the cache keeps a repository: ``blobs``, ``refs`` and ``snapshots`` are in it.

    Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
    """
    return cache_folder() / f"models--{repository.replace('/', '--')}"


def find_snapshot(repository: str, revision: str | None = None) -> Path | None:
    """The folder of a repository's files at ``revision`` (a commit or branch; None: the main one)."""
    folder = repository_folder(repository)
    reference = folder / "refs" / (revision or "main")
    commit = reference.read_text(encoding="utf-8").strip() if reference.is_file() else revision
    snapshot = folder / "snapshots" / commit if commit else None
    return snapshot if snapshot and snapshot.is_dir() else None


def find_on_disk(model: str | Path, revision: str | None = None) -> Path | None:
    """Where ``model`` is on this machine: a folder, or the file of a LoRA. None: it is not, or only half of it.

    Args:
        model: a folder or file of yours (given back unread), or what ``read_reference`` reads.
        revision: a commit or branch; None: the known model's pinned one.
    """
    path = Path(model).expanduser()
    if (model and path.is_dir()) or (path.suffix == ".safetensors" and path.is_file()):
        return path
    reference = read_reference(str(model), revision)
    snapshot = find_snapshot(reference.repository, reference.revision) if reference else None
    if not reference or not snapshot:
        return None
    found = snapshot / reference.file if reference.file else snapshot
    return found if is_whole(found) else None


def is_whole(path: Path) -> bool:
    """Whether a LoRA's file, a model's folder or every part of a pipeline's folder is there, seen by names alone."""
    if not path.is_dir():
        return path.is_file()
    parts = pipeline_parts(path)
    return all(_is_whole_part(path / part, weightless=True) for part in parts) if parts else _is_whole_part(path)


def pipeline_parts(folder: Path) -> list[str]:
    """The subfolders that a pipeline's model_index.json names; none where it is no pipeline."""
    index = _read_json(folder / "model_index.json")
    return [name for name, kind in index.items() if isinstance(kind, list) and kind and kind[0]]


def _is_whole_part(folder: Path, *, weightless: bool = False) -> bool:
    """``weightless``: it may be a tokenizer or a scheduler, which have no config.json and no weights."""
    names = {path.name for path in folder.glob("*") if path.exists()}  # the cache's links may lead nowhere
    if "config.json" not in names:
        return weightless and bool(names)
    if any(name.endswith(".safetensors") and "-of-" not in name for name in names):
        return True
    indexes = [name for name in names if ".safetensors.index." in name]
    return any(names.issuperset(_read_json(folder / name).get("weight_map", {}).values()) for name in indexes)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def size_on_disk(path: Path) -> int:
    """Bytes of a file, or of all files in a folder, links followed."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def stay_offline() -> None:
    """From here on nothing in this process, or in one that it starts, asks the hub for anything.

    The libraries read these variables as they are imported, so it is called before they are.
    """
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it advises a package that fetches code from the hub
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"
        if constants := sys.modules.get("huggingface_hub.constants"):
            setattr(constants, name, True)
