"""What the database and the disk can do to us, each with its sentence: locked, full, read-only, not a database."""

import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from core.domain.generation import Step
from core.errors import LibraryDamaged, LibraryLocked, LibraryUnwritable, NotFound, SettingsError
from core.settings import ROOT, Settings
from core.store.library import Library
from tests.show import EPISODES, INFO
from tests.store.rows import episode, fill, save_picture, summary


@pytest.fixture
def file(small):
    return small.data_dir / "chamada.sqlite3"


def run_child(code, *arguments):
    """Run Python with ``code``; gives what it printed. Errors of the library are printed as their class."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_folder_that_does_not_exist_is_made(small):
    deep = small.model_copy(update={"data_dir": small.data_dir / "a" / "é ?#%20 'b'"})
    with Library.open(deep) as library:
        library.import_episodes(INFO, EPISODES)
    assert (deep.data_dir / "chamada.sqlite3").exists()
    with Library.open(deep, create=False) as library:
        assert library.count_episodes() == 4


def test_create_false_makes_nothing(small, file):
    with pytest.raises(NotFound, match="Import a show first"):
        Library.open(small, create=False)
    assert not small.data_dir.exists()
    small.data_dir.mkdir()
    file.touch()
    with pytest.raises(NotFound, match="Import a show first"):
        Library.open(small, create=False)


def test_a_held_lock_ends_in_a_sentence_in_bounded_time(small, file):
    quick = small.model_copy(update={"lock_timeout_s": 0.3})
    with Library.open(quick) as library:
        fill(library)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            with pytest.raises(LibraryLocked, match="CHAMADA_LOCK_TIMEOUT_S"):
                library.import_episodes(INFO, EPISODES)
            with pytest.raises(LibraryLocked):
                library.make_current(1)
            assert 0.5 < time.monotonic() - started < 5
            assert library.count_episodes() == 4, "a writer must not keep readers out"
            other.execute("ROLLBACK")
        library.make_current(1)
        assert library.verify() == []


def test_a_writer_that_waits_gets_its_turn(small, file):
    with Library.open(small) as library, closing(sqlite3.connect(file, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.5, other.rollback)
        timer.start()
        assert library.import_episodes(INFO, EPISODES).added == 4
        timer.join()


def test_an_exclusive_lock_while_opening(small, file):
    Library.open(small).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryLocked):
            Library.open(small.model_copy(update={"lock_timeout_s": 0.2}))


def test_waiting_writers_do_not_keep_readers_out(small, file):
    with Library.open(small.model_copy(update={"lock_timeout_s": 60})) as library:
        fill(library)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            writers = [threading.Thread(target=library.make_current, args=[1]) for _ in range(30)]
            for writer in writers:
                writer.start()
            started = time.monotonic()
            assert library.count_episodes() == 4
            assert time.monotonic() - started < 10
            other.execute("ROLLBACK")
            for writer in writers:
                writer.join()
        assert library.generations(episode(1), Step.SUMMARY)[1].current


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000], ids=["text", "torn"]
)
def test_what_is_not_a_database(small, file, content):
    small.data_dir.mkdir()
    file.write_bytes(content)
    with pytest.raises(LibraryDamaged, match="put a backup in its place"):
        Library.open(small)
    assert file.read_bytes() == content


def test_a_folder_where_a_file_should_be_and_the_reverse(small, file):
    file.mkdir(parents=True)
    with pytest.raises(LibraryUnwritable, match="CHAMADA_DATA_DIR"):
        Library.open(small)
    with pytest.raises(LibraryUnwritable, match="CHAMADA_DATA_DIR"):
        Library.open(Settings(data_dir=ROOT / "pyproject.toml" / "library"))


READ_ONLY = """
import os, sys
from pathlib import Path
import alembic.command, PIL.Image, PIL.PngImagePlugin, PIL.WebPImagePlugin
from core.errors import ChamadaError
from core.settings import Settings
from core.store.library import Library
from core.store.media import Media
from tests.show import EPISODES, INFO
from tests.store.rows import ORIGIN, picture

image = picture(1)
library, empty = map(Path, sys.argv[1:])
if os.getuid() == 0:  # root may write anywhere
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for act in (
    lambda: Library.open(Settings(data_dir=library)).import_episodes(INFO, EPISODES),
    lambda: Library.open(Settings(data_dir=empty)),
    lambda: Library.open(Settings(data_dir=empty / "new")),
    lambda: Media(library / "media").save(image, ORIGIN, "x", {}),
):
    try:
        act()
    except ChamadaError as error:
        assert "CHAMADA_DATA_DIR" in str(error)
        print(type(error).__name__)
"""


def test_a_read_only_folder():
    with tempfile.TemporaryDirectory() as name:  # not tmp_path, which only its owner can enter
        library, empty = Path(name, "library"), Path(name, "empty")
        with Library.open(Settings(data_dir=library)) as opened:
            fill(opened)
        empty.mkdir()
        everything = [library, *library.rglob("*"), empty]
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        Path(name).chmod(0o755)
        try:
            assert run_child(READ_ONLY, str(library), str(empty)) == ["LibraryUnwritable"] * 4
        finally:
            for path in everything:
                path.chmod(0o755)


def test_a_database_opened_read_only(small, file):
    with Library.open(small) as kept:  # keeps the log's index on disk, which a read-only reader needs
        fill(kept)
        read_only = small.model_copy(update={"database_url": f"sqlite:///file:{file}?mode=ro&uri=true"})
        with Library.open(read_only) as library:
            assert library.count_episodes() == 4
            with pytest.raises(LibraryUnwritable, match="readonly"):
                library.make_current(1)


FULL = """
import resource, sys
from pathlib import Path
from sqlalchemy import event
from core.errors import LibraryUnwritable
from core.settings import Settings
from core.store.library import Library
from tests.store.rows import episode, save_picture, summary
from core.domain.generation import Step

def limit_pages(connection, _record):
    connection.execute("PRAGMA max_page_count = 300")

library = Library.open(Settings(data_dir=Path(sys.argv[1])))
if sys.argv[2] == "pages":
    event.listen(library._database.engine, "connect", limit_pages)
    library._database.engine.dispose()
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000, 1_200_000))
for number in range(10_000):
    try:
        if sys.argv[3] == "rows":
            library.save_generation(summary(1, f"full {number}", "x" * 5000))
        else:
            save_picture(library, episode(1), Step.ILLUSTRATION, 1000 + number, 100 * (number + 1))
    except LibraryUnwritable as error:
        assert "space" in str(error), error
        break
    print(number)
else:
    raise SystemExit("the disk never filled up")
"""


def check_what_was_acknowledged(settings, acknowledged):
    """All that the child was told is stored is there, whole, and the library takes more once there is space."""
    with Library.open(settings, create=False) as library:
        assert library.verify() == []
        stored = len(library.generations(episode(1)))
        assert len(acknowledged) > 3
        assert stored in (3 + len(acknowledged), 4 + len(acknowledged))
        assert list(library.media.temporary.iterdir()) == []


@pytest.mark.parametrize(("limit", "what"), [("pages", "rows"), ("bytes", "rows"), ("bytes", "pictures")])
def test_a_full_disk(small, limit, what):
    """SQLite may take no more pages, or no file may grow: for the program the same as a disk without space."""
    with Library.open(small) as library:
        fill(library)
    check_what_was_acknowledged(small, run_child(FULL, str(small.data_dir), limit, what))
    with Library.open(small) as library:
        save_picture(library, episode(1), Step.ILLUSTRATION, 7777)
        library.save_generation(summary(1, "more", "x"))
        assert library.verify() == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://a:secret@b/c", "PostgreSQL"),
        ("postgresql+nope://a:secret@b/c", "driver"),
        ("nonsense", "not a database URL"),
        ("sqlite://", "without a file"),
        ("sqlite:///:memory:", "without a file"),
    ],
)
def test_urls_that_cannot_work(small, url, said):
    with pytest.raises(SettingsError, match=said) as caught:
        Library.open(small.model_copy(update={"database_url": url}))
    assert "secret" not in str(caught.value)


def test_opening_what_is_there_is_quick_and_light(small):
    with Library.open(small) as library:
        fill(library)
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from core.settings import Settings\n"
        "from core.store.library import Library\n"
        "started = time.perf_counter()\n"
        "library = Library.open(Settings(data_dir=Path(sys.argv[1])))\n"
        "print(time.perf_counter() - started)\n"
        "print([name for name in ('alembic', 'PIL', 'pandas', 'numpy') if name in sys.modules])\n"
        "library.close()"
    )
    seconds, heavy = run_child(code, str(small.data_dir))
    assert heavy == "[]"
    assert float(seconds) < 0.3


def test_nothing_is_left_open(small):
    with Library.open(small) as library:
        fill(library)
        library.verify()
        library.backup()
    assert [path.name for path in small.data_dir.glob("chamada.sqlite3*")] == ["chamada.sqlite3"]
