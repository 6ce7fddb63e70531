"""Garbage collection takes files without a row, and nothing that a writer may still need."""

import os
import time

import pytest

from core.domain.generation import Step
from core.store.library import Library
from core.store.media import GarbageReport
from tests.store.rows import ORIGIN, episode, fill, finished, picture

HOUR = 3600


@pytest.fixture
def library(small):
    with Library.open(small) as opened:
        fill(opened)
        yield opened


def age(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))


def everything(library):
    return {path: path.read_bytes() for path in library.media.folder.rglob("*.*")}


def leave_garbage(library, seconds):
    """A picture that never got its row, its thumbnail, and half a file; gives their sizes."""
    orphan = library.media.save(picture(500), ORIGIN, "x", {})
    half = library.media.temporary / "123-abc"
    half.write_bytes(b"half")
    paths = [library.media.path(orphan.sha256), library.media.thumbnail(orphan.sha256), half]
    for path in paths:
        age(path, seconds)
    return orphan, [path.stat().st_size for path in paths]


def test_orphans_and_leftovers_go_and_the_rest_stays(library):
    before = everything(library)
    for path in before:
        age(path, 100 * HOUR)
    _, sizes = leave_garbage(library, 2 * HOUR)
    report = GarbageReport(3, sum(sizes))
    assert library.collect_garbage(dry_run=True) == report
    assert len(everything(library)) == len(before) + 2
    assert library.collect_garbage() == report
    assert everything(library) == before
    assert list(library.media.temporary.iterdir()) == []
    assert library.collect_garbage() == GarbageReport(0, 0)
    assert library.verify() == []


def test_young_files_may_get_their_row_yet(library):
    orphan, sizes = leave_garbage(library, HOUR / 2)
    assert library.collect_garbage() == GarbageReport(0, 0)
    new = finished(episode(1), Step.ILLUSTRATION, "late", media=orphan.sha256)
    library.save_generation(new, orphan)
    assert library.collect_garbage(older_than_s=60) == GarbageReport(1, sizes[2])
    assert library.verify() == []


def test_saving_an_old_orphan_again_makes_it_young(library):
    orphan, _ = leave_garbage(library, 2 * HOUR)
    assert library.media.save(picture(500), ORIGIN, "x", {}) == orphan
    library.collect_garbage()
    assert library.media.check(orphan.sha256)


def test_a_file_that_gets_its_row_in_the_meantime_stays(library, monkeypatch):
    """Between the list of orphans and their removal, another process inserts the row."""
    orphan, _ = leave_garbage(library, 2 * HOUR)
    from core.store import garbage

    really, new = garbage._older, finished(episode(1), Step.ILLUSTRATION, "meanwhile", media=orphan.sha256)

    def insert_first(paths, before):
        found = list(really(paths, before))
        if found and found[0].suffix == ".png" and not library.find_by_input_key(*where):
            library.save_generation(new, orphan)
        return iter(found)

    where = (new.subject, new.step, new.variant, new.input_key)
    monkeypatch.setattr(garbage, "_older", insert_first)
    library.collect_garbage()
    assert library.media.check(orphan.sha256)
    assert library.verify() == []


def test_other_peoples_files_are_left_alone(library):
    stray = library.media.folder / "ab" / "notes.png"
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("mine")
    age(stray, 100 * HOUR)
    library.collect_garbage()
    assert stray.exists()
