"""Remove files that no row names: what a crash between file and row, or in the middle of a file, leaves behind."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from core.store.database import Database
from core.store.faults import file_faults
from core.store.media import GarbageReport, Media
from core.store.schema import MediaRow

_BATCH = 100
"""Files removed in one write, so that other writers wait little."""


def collect_garbage(database: Database, media: Media, *, dry_run: bool, older_than_s: float) -> GarbageReport:
    """Remove pictures and thumbnails without a media row, and temporary files.

    Args:
        older_than_s: younger files stay, because their writer may be about to insert the row.
    """
    before = time.time() - older_than_s
    with database.read() as connection:
        known = set(connection.execute(select(MediaRow.file_sha256)).scalars())
    leftovers = list(_older(media.temporary.glob("*"), before))
    orphans = list(_older((path for path, sha256 in media.files() if sha256 not in known), before))
    sizes = [path.stat().st_size for path in leftovers + orphans]
    if dry_run:
        return GarbageReport(len(sizes), sum(sizes))
    removed = [_remove(path) for path in leftovers]
    for start in range(0, len(orphans), _BATCH):
        # save_generation looks for its file inside a write, too: no row can come to name a file that goes here.
        with database.write() as connection:
            removed += _remove_orphans(connection, media, orphans[start : start + _BATCH], before)
    return GarbageReport(len(removed), sum(removed))


def _older(paths: Iterable[Path], before: float) -> Iterator[Path]:
    for path in paths:
        try:
            if path.stat().st_mtime < before:
                yield path
        except FileNotFoundError:  # another process was quicker
            continue


def _remove_orphans(connection: Connection, media: Media, batch: list[Path], before: float) -> list[int]:
    hashes = {path: media.read_name(path) for path in batch}
    query = select(MediaRow.file_sha256).where(MediaRow.file_sha256.in_(hashes.values()))
    named = set(connection.execute(query).scalars())
    return [_remove(path) for path in _older(batch, before) if hashes[path] not in named]


def _remove(path: Path) -> int:
    with file_faults(path):
        size = path.stat().st_size
        path.unlink()
    return size
