"""Verify finds every damage, in rows, tables and files, and never cries wolf."""

import random
import shutil
from contextlib import closing

import pytest

from core.errors import Canceled, ChamadaError
from core.store.database import Database
from core.store.integrity import FROM_BACKUP, FROM_MEDIA
from core.store.ledger import keep_ledger
from core.store.library import Library
from core.store.schema import EpisodeRow
from tests.store.damages import connect, damage_file, damage_rows, snapshot
from tests.store.rows import fill

DAMAGES = 200
FLIPS = 150


@pytest.fixture(scope="module")
def healthy(tmp_path_factory):
    """The folder of a closed library; copied before it is damaged."""
    from core.settings import Settings

    folder = tmp_path_factory.mktemp("healthy") / "library"
    with Library.open(Settings(data_dir=folder)) as library:
        fill(library)
    return folder


@pytest.fixture
def copied(healthy, small):
    shutil.copytree(healthy, small.data_dir)
    return small


def test_a_healthy_library_has_no_damage(copied):
    told = []
    with Library.open(copied) as library:
        assert library.verify(lambda done, total: told.append((done, total))) == []
        with closing(connect(copied.data_dir)) as database:
            lines, media = (
                database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("line", "media")
            )
        (total,) = {total for _, total in told}
        assert total > lines + media
        assert told == sorted(told)
        assert told[-1] == (total, total)


def test_verify_can_be_stopped(copied):
    def stop(done, total):
        raise Canceled("Stopped.")

    with Library.open(copied) as library, pytest.raises(Canceled):
        library.verify(stop)


def test_a_library_that_cannot_be_written_now_is_verified_too(copied):
    read_only = copied.model_copy(
        update={"database_url": f"sqlite:///file:{copied.data_dir / 'chamada.sqlite3'}?mode=ro&uri=true"}
    )
    with Library.open(copied) as library, closing(connect(copied.data_dir)) as database:
        assert library.verify() == []
        with Library.open(read_only) as other:
            assert other.verify() == []
        database.execute("BEGIN IMMEDIATE")
        with Library.open(copied.model_copy(update={"lock_timeout_s": 0.1})) as other:
            assert other.verify() == []
        database.execute("ROLLBACK")


def test_thumbnails_are_no_treasure(copied):
    shutil.rmtree(copied.media_dir / "thumbs")
    with Library.open(copied) as library:
        assert library.verify() == []


@pytest.mark.parametrize("seed", range(DAMAGES))
def test_every_damage_is_found(copied, seed):
    rng = random.Random(seed)
    with Library.open(copied) as library:
        told = (damage_file if rng.random() < 0.2 else damage_rows)(copied.data_dir, rng)
        found = library.verify()
    assert found, told
    for damage in found:
        damage.model_dump_json()  # can be shown and printed, whatever the damage was
        assert damage.where
        assert damage.remedy in (FROM_BACKUP, FROM_MEDIA)


def test_no_flipped_bit_changes_a_row_unseen(copied, healthy):
    """Anywhere in the database file: either it is found, or every cell is still what it was."""
    file = copied.data_dir / "chamada.sqlite3"
    data = file.read_bytes()
    with closing(connect(healthy)) as database:
        before = snapshot(database)
    rng, found = random.Random(5), 0
    written = [place for place, byte in enumerate(data) if byte]  # most of a small database is blank
    for _ in range(FLIPS):
        place = rng.choice(written)
        for log in copied.data_dir.glob("chamada.sqlite3-*"):
            log.unlink()
        file.write_bytes(data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :])
        try:
            with Library.open(copied) as library:
                seen = bool(library.verify())
        except ChamadaError:
            seen = True
        found += seen
        if not seen:
            with closing(connect(copied.data_dir)) as database:
                assert snapshot(database) == before, f"bit flipped at {place}"
    assert found > FLIPS / 2, "the flips must hit something"


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE show SET name = 'O Faról'", "show 1"),
        ("UPDATE campaign SET starred = 1 WHERE id = 1", "campaign 1"),
        ("UPDATE campaign SET parent_id = 9 WHERE id = 2", "campaign 2: parent_id 9"),
        ("UPDATE campaign SET picture = NULL WHERE id = 2", "campaign 2"),
        ("DELETE FROM campaign WHERE id = 3", "campaign: 2 of 3"),
        ("UPDATE generation SET version = 2 WHERE campaign_id = 1 AND step = 'copy'", "campaign 1 copy"),
        ("DROP TRIGGER campaign_changed; UPDATE campaign SET search_text = 'x'", "campaign_fts"),
        ("DELETE FROM campaign_fts_data WHERE id > 10", "campaign_fts"),
        ("UPDATE line SET text = 'x' WHERE episode_id = 2 AND seq = 3", "line 2/3"),
        ("DELETE FROM line WHERE episode_id = 2 AND seq = 3", "episode 2 S01E02"),
        ("DELETE FROM generation WHERE id = 3", "generation: 23 of 24"),
        ("UPDATE generation SET current = 0 WHERE id = 2", "episode 1 summary"),
        ("UPDATE episode SET season_id = 77 WHERE id = 1", "episode 1: season_id 77"),
        ("UPDATE media SET width = width + 1 WHERE rowid = 1", "media "),
        ("UPDATE tally SET rows = rows + 1 WHERE name = 'show'", "tally show"),
        ("UPDATE alembic_version SET version_num = '0000'", "alembic_version ['0000']"),
        ("DELETE FROM alembic_version", "alembic_version []"),
        ("DROP INDEX uq_generation_current_episode_id", "schema: "),
        ("UPDATE generation SET output = '{' WHERE id = 1", "generation 1"),
        ("UPDATE generation SET output = CAST(x'ff' AS TEXT) WHERE id = 1", "generation 1"),
    ],
)
def test_the_place_is_named(copied, statement, where):
    with Library.open(copied) as library:
        with closing(connect(copied.data_dir)) as database:
            database.executescript(statement)
        assert any(damage.where.startswith(where) for damage in library.verify())


@pytest.mark.parametrize(
    "wrong", [{"content_sha256": "7" * 64}, {"lines_sha256": "7" * 64}, {"line_count": 7}], ids=str
)
def test_an_episode_that_does_not_tell_its_lines_is_found(copied, wrong):
    """Written through the ledger, so that row and tally are in order: a fault of our own."""
    database = Database(copied)
    with database.write() as connection, keep_ledger(connection, database.where) as ledger:
        ledger.update(EpisodeRow, EpisodeRow.id == 3, wrong)
    database.close()
    with Library.open(copied) as library:
        assert [damage.where for damage in library.verify()] == ["episode 3 S02E01"]


def test_a_lost_file_has_its_own_remedy(copied):
    with Library.open(copied) as library:
        poster = library.episode(1).poster
        library.media.path(poster).unlink()
        [damage] = library.verify()
    assert (damage.where, damage.remedy) == (f"media {poster}", FROM_MEDIA)


@pytest.mark.parametrize("content", [b"", b"junk" * 5000, None], ids=["emptied", "junk", "deleted"])
def test_a_database_that_cannot_be_read_is_a_damage_too(copied, content):
    file = copied.data_dir / "chamada.sqlite3"
    with Library.open(copied) as library:
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        assert library.verify()


def test_other_programs_tables_are_left_alone(copied):
    with closing(connect(copied.data_dir)) as database:
        database.execute("CREATE TABLE theirs (id INTEGER)")
    with Library.open(copied) as library:
        assert library.verify() == []
