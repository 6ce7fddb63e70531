"""Backups: consistent while others write, whole files, never over another file."""

import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from core.errors import LibraryUnwritable, StoreError
from core.store.backup import back_up
from core.store.library import Library
from tests.store.rows import episode, fill, summary


@pytest.fixture
def library(small):
    with Library.open(small) as opened:
        fill(opened)
        yield opened


def rows(path):
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
        return database.execute("SELECT count(*) FROM generation").fetchone()[0]


def test_a_backup_is_one_whole_file_with_every_row(library, small, tmp_path):
    paths = [library.backup(), library.backup(), library.backup(tmp_path), library.backup(tmp_path / "new" / "b.db")]
    assert len(set(paths)) == 4
    assert [path.parent for path in paths] == [small.backup_dir, small.backup_dir, tmp_path, tmp_path / "new"]
    assert [rows(path) for path in paths] == [24] * 4
    assert sorted(small.backup_dir.iterdir()) == sorted(paths[:2]), "nothing beside the copies"


def test_a_backup_put_in_place_is_the_library(library, small):
    copy = library.backup()
    library.save_generation(summary(1, "later", "Depois."))
    library.close()
    file = small.data_dir / "chamada.sqlite3"
    shutil.copy(copy, file)
    with Library.open(small, create=False) as restored:
        assert restored.verify() == []
        assert len(restored.generations(episode(1))) == 3


def test_a_backup_while_others_write_is_one_moment(library):
    stop = threading.Event()

    def keep_writing():
        number = 0
        while not stop.is_set():
            number += 1
            library.save_generation(summary(1, f"during {number}", "x"))

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        copies = [library.backup() for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    counts = [rows(path) for path in copies]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    for path in copies:
        with closing(sqlite3.connect(path)) as database:
            query = "SELECT (SELECT rows FROM tally WHERE name = 'generation') = (SELECT count(*) FROM generation)"
            assert database.execute(query).fetchone() == (1,)


def test_nothing_is_overwritten(library, small, tmp_path):
    precious = tmp_path / "precious.sqlite3"
    precious.write_text("precious")
    for path in (precious, small.data_dir / "chamada.sqlite3"):
        with pytest.raises(LibraryUnwritable, match="exists already"):
            library.backup(path)
    assert precious.read_text() == "precious"
    assert library.verify() == []


def test_a_target_that_cannot_be_written(library, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LibraryUnwritable, match="file"):
        library.backup(tmp_path / "file" / "b.sqlite3")


def test_a_server_is_backed_up_by_its_own_tool(tmp_path):
    class Server:
        path = None
        where = "postgresql://server/chamada"

    with pytest.raises(StoreError, match="pg_dump"):
        back_up(Server(), tmp_path)
