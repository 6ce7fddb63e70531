"""Bring a model to this machine: choose its files, see that they fit, fetch and check each, write the manifest last.

It is laid into the hub's cache as the hub's own library does it, so that every program of the machine finds it; that
library, though, begins a broken file anew, which 5 GB files on a slow line cannot afford.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import EngineError
from core.models import Reference, cache_folder, find_snapshot, pipeline_parts, read_reference, repository_folder
from core.models.hub import Listing, RemoteFile, download, explain_failures, list_files, matches
from core.models.manifest import Entry, Manifest, OnBytes, manifest_path, sha256_of, write_manifest

WEIGHTS = re.compile(r"(model|diffusion_pytorch_model)(\.fp16)?(-\d{5}-of-\d{5})?\.safetensors")
"""Weights under the names that transformers and diffusers read; other names hold the same ones for other programs."""

BESIDES = (".json", ".jinja", ".model", ".txt")
"""What a model needs besides: configuration, tokenizer, chat template. No pickles, no code."""

PICKLED = (".bin", ".pt", ".pth", ".ckpt")

RESERVE_BYTES = 1_000_000_000
"""Left free on the disk: a full one breaks other programs."""


@dataclass(frozen=True)
class Pull:
    """What a download will fetch.

    Attributes:
        files: all that are wanted.
        missing: those of them that are not here, or not in full length.
    """

    reference: Reference
    listing: Listing
    files: tuple[RemoteFile, ...]
    missing: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.bytes for file in self.files)

    @property
    def missing_bytes(self) -> int:
        """Bytes still to come, what an earlier try left taken off."""
        parts = (unfinished_path(self.listing, file) for file in self.missing)
        return sum(file.bytes for file in self.missing) - sum(part.stat().st_size for part in parts if part.exists())


def plan_pull(model: str, on_bytes: OnBytes = lambda count: None) -> Pull:
    """Ask the hub what ``model`` consists of. Nothing but its first small file is fetched yet.

    Args:
        model: what ``core.models.read_reference`` reads.

    Raises:
        EngineError: it cannot be had; the message says what to do.
    """
    reference = read_reference(model)
    if reference is None:
        raise EngineError("“{model}” is no model of the hub: write organisation/name.", model=model)
    listing = list_files(reference._replace(revision=reference.revision or pinned_commit(reference.repository)))
    if reference.file:
        files = tuple(file for file in listing.files if file.path == reference.file)
    else:
        files = select_files(listing.files, read_parts(listing, on_bytes))
    if not any(file.name.endswith(".safetensors") for file in files):
        raise no_weights(model, listing)
    missing = tuple(file for file in files if not _is_here(listing, file))
    return Pull(reference, listing, files, missing)


def pinned_commit(repository: str) -> str | None:
    """The commit that the first download of a model without a pinned revision took; later ones stay with it."""
    snapshot = find_snapshot(repository)
    return snapshot.name if snapshot and manifest_path(repository, snapshot.name).exists() else None


def read_parts(listing: Listing, on_bytes: OnBytes) -> list[str]:
    """The subfolders that make up a pipeline; none for a single model."""
    by_path = {file.path: file for file in listing.files}
    first = by_path.get("model_index.json") or by_path.get("config.json")
    # Fetched for a single model too: it shows whether we may read the repository, before anybody waits for gigabytes.
    return pipeline_parts(bring(listing, first, on_bytes).parent) if first else []


def select_files(files: tuple[RemoteFile, ...], parts: list[str]) -> tuple[RemoteFile, ...]:
    """Weights in safetensors, each once (half precision in a pipeline, where there is one), and what they need.

    The small ones come first, so that what is wrong with a model shows early.
    """
    wanted = []
    for folder in ("", *parts):
        inside = [file for file in files if file.folder == folder]
        weights = [file for file in inside if WEIGHTS.fullmatch(file.name) and not (parts and not folder)]
        half = [file for file in weights if ".fp16" in file.name]
        full = [file for file in weights if ".fp16" not in file.name]
        chosen = (half or full) if parts else (full or half)
        others = [file for file in inside if file.name.endswith(BESIDES) and not _is_index(file)]
        indexes = [file for file in inside if _is_index(file) and (".fp16" in file.name) == (chosen is half)]
        wanted += [*others, *indexes, *chosen]
    return tuple(sorted(wanted, key=lambda file: file.bytes))


def _is_index(file: RemoteFile) -> bool:
    return ".index." in file.name


def no_weights(model: str, listing: Listing) -> EngineError:
    """Why there is nothing to download."""
    if any(file.name.endswith(PICKLED) for file in listing.files):
        return EngineError(
            "{model} has its weights in pickle files only, which can run code as they are read. Chamada loads "
            "safetensors only: choose another model or revision.",
            model=model,
        )
    return EngineError(
        "{model} has no weights that Chamada can load: neither a model's, nor a pipeline's. A LoRA is named with its "
        "file: organisation/name/file.safetensors.",
        model=model,
    )


def free_bytes() -> int:
    """Free on the disk of the cache."""
    folder = cache_folder().absolute()
    return shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free


def check_room(needed: int) -> None:
    """See that ``needed`` bytes fit on the disk.

    Raises:
        EngineError: they do not; the message says how many must be freed.
    """
    short = needed + RESERVE_BYTES - free_bytes()
    if short > 0:
        raise EngineError(
            "The disk of {folder} is {short:.1f} GB short of what the models need. Free that much, or set HF_HOME to a "
            "folder on a larger disk.",
            folder=cache_folder(),
            short=short / 1e9,
        )


def pull(plan: Pull, on_bytes: OnBytes = lambda count: None) -> Path:
    """Fetch what is missing, check every file against the hub's digest, and write the manifest; gives the folder.

    A file that is here already is read whole too, so that a damaged one is replaced. Whatever breaks this off, the
    next call goes on from there.

    Raises:
        EngineError: the hub, the network or the disk failed.
    """
    folder = repository_folder(plan.listing.repository)
    with explain_failures(plan.listing.repository):
        folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "chamada.lock", timeout=0)
    try:
        with lock:
            return _pull(plan, on_bytes)
    except Timeout:
        raise EngineError(
            "Another download of {model} is under way. Wait for it to end.", model=plan.listing.repository
        ) from None


def _pull(plan: Pull, on_bytes: OnBytes) -> Path:
    listing, revision = plan.listing, plan.reference.revision or "main"
    entries = {}
    for file in plan.files:
        path = bring(listing, file, on_bytes)
        sha256 = file.digest if len(file.digest) == 64 else sha256_of(path, lambda count: None)
        entries[file.path] = Entry(bytes=file.bytes, sha256=sha256)
    with explain_failures(listing.repository):
        write_manifest(Manifest(repository=listing.repository, commit=listing.commit, files=entries))
        if revision != listing.commit:
            branch = repository_folder(listing.repository) / "refs" / revision
            branch.parent.mkdir(parents=True, exist_ok=True)
            branch.write_text(listing.commit, encoding="utf-8")
    return repository_folder(listing.repository) / "snapshots" / listing.commit


def bring(listing: Listing, file: RemoteFile, on_bytes: OnBytes) -> Path:
    """Have ``file`` whole in the cache, linked into the snapshot; gives its path there."""
    path, blob = snapshot_path(listing, file), blob_path(listing, file)
    if matches(path, file, on_bytes):
        return path
    with explain_failures(listing.repository):
        if not matches(blob, file):
            unfinished = unfinished_path(listing, file)
            download(listing, file, unfinished, on_bytes)
            unfinished.replace(blob)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        try:
            path.symlink_to(os.path.relpath(blob, path.parent))
        except OSError:  # a disk without links, such as an exFAT one
            blob.replace(path)
    return path


def snapshot_path(listing: Listing, file: RemoteFile) -> Path:
    """Where engines find a file."""
    return repository_folder(listing.repository) / "snapshots" / listing.commit / file.path


def blob_path(listing: Listing, file: RemoteFile) -> Path:
    """Where the cache keeps a file's bytes."""
    return repository_folder(listing.repository) / "blobs" / file.digest


def unfinished_path(listing: Listing, file: RemoteFile) -> Path:
    """Where a file grows until it is whole."""
    return blob_path(listing, file).with_suffix(".part")


def _is_here(listing: Listing, file: RemoteFile) -> bool:
    paths = (snapshot_path(listing, file), blob_path(listing, file))
    return any(path.is_file() and path.stat().st_size == file.bytes for path in paths)
