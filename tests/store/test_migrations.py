"""Migrations: they make what schema.py says, keep a backup, and fail whole."""

import logging
import re
import shutil
import sqlite3
from contextlib import closing

import pytest
from alembic import command

from core.domain.generation import Step
from core.errors import LibraryDamaged, StoreError
from core.store import migrations
from core.store.database import Database
from core.store.library import Library
from tests.show import EPISODES, INFO
from tests.store.rows import episode, fill, fill_campaigns, save_picture, season, summary

NEXT = '''"""A version of the tests' own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("show", sa.Column("mood", sa.Text()))
    {more}
'''


@pytest.fixture
def old(small):
    """A library of version 0003 with rows."""
    with Library.open(small) as library:
        fill(library)
    return small


@pytest.fixture
def newer(monkeypatch, tmp_path):
    """Makes this program know a version 0004; ``more`` is what its upgrade also does."""

    def make(more="pass"):
        folder = tmp_path / "migrations %(here)s"
        shutil.copytree(migrations.FOLDER, folder)
        (folder / "versions" / "0004_next.py").write_text(NEXT.format(more=more))
        monkeypatch.setattr(migrations, "FOLDER", folder)
        monkeypatch.setattr(migrations, "HEAD", "0004")

    return make


def ask(settings, query):
    with closing(sqlite3.connect(settings.data_dir / "chamada.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_migrations_make_what_the_schema_says(small):
    Library.open(small).close()
    database = Database(small)
    with database.read() as connection:
        assert migrations.find_differences(connection) == []
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE line ADD COLUMN extra TEXT")
        connection.exec_driver_sql("DROP INDEX ix_episode_season_id")
    with database.read() as connection:
        assert len(migrations.find_differences(connection)) == 2
    database.close()


def test_head_is_the_last_version():
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(migrations.FOLDER)).get_heads() == [migrations.HEAD]


def test_an_old_library_is_backed_up_and_migrated(old, newer, caplog):
    newer()
    before = ask(old, "SELECT * FROM generation")
    with caplog.at_level(logging.WARNING), Library.open(old) as library:
        assert library.count_episodes() == 4
    assert ask(old, "SELECT version_num FROM alembic_version") == [("0004",)]
    assert ask(old, "SELECT mood FROM show") == [(None,)]
    assert ask(old, "SELECT * FROM generation") == before
    [backup] = old.backup_dir.iterdir()
    assert str(backup) in caplog.text
    with closing(sqlite3.connect(backup)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
        assert database.execute("SELECT * FROM generation").fetchall() == before
    Library.open(old).close()
    assert len(list(old.backup_dir.iterdir())) == 1


def test_a_new_column_leaves_every_sha256_valid(old, newer):
    newer()
    with Library.open(old) as library:
        kinds = {re.sub(r"[ \d].*", "", damage.where) for damage in library.verify()}
    assert kinds == {"schema:"}, "only the column that this program does not know"


def test_a_failed_migration_leaves_the_old_library(old, newer):
    newer("op.execute('SELECT nonsense FROM nowhere')")
    before = ask(old, "SELECT sql FROM sqlite_master")
    with pytest.raises(LibraryDamaged, match="nowhere"):
        Library.open(old)
    assert ask(old, "SELECT sql FROM sqlite_master") == before
    assert ask(old, "SELECT version_num FROM alembic_version") == [("0003",)]


def test_a_library_of_a_newer_program_is_refused(old):
    with closing(sqlite3.connect(old.data_dir / "chamada.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(StoreError, match=r"version 0099.* Update Chamada"):
        Library.open(old)
    assert ask(old, "SELECT count(*) FROM episode") == [(4,)]
    assert not old.backup_dir.exists()


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM alembic_version", "DROP TABLE alembic_version", "INSERT INTO alembic_version VALUES ('0000')"],
)
def test_a_lost_version_is_damage_and_not_a_new_library(old, statement):
    with closing(sqlite3.connect(old.data_dir / "chamada.sqlite3")) as database, database:
        database.execute(statement)
    with pytest.raises(LibraryDamaged, match="alembic_version"):
        Library.open(old)
    assert ask(old, "SELECT count(*) FROM episode") == [(4,)]


@pytest.fixture
def first(small):
    """A library of version 0001 with shows, generations and pictures."""
    with Library.open(small) as library:
        library.import_episodes(INFO, EPISODES)
        for number in (1, 2, 3):
            library.save_generation(summary(1, number, f"Resumo {number}"))
        save_picture(library, season(1), Step.STYLE_ILLUSTRATION, 1, variant="riso")
    file = small.data_dir / "chamada.sqlite3"
    newest = file.replace(file.with_suffix(".newest"))
    database = Database(small)
    database.prepare()
    with database.write() as connection:
        command.upgrade(migrations._configure(connection), "0001")
    database.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("ATTACH DATABASE ? AS newest", [str(newest)])
        connection.execute("DELETE FROM main.tally")
        for name in ("show", "season", "episode", "line", "media", "generation", "tally"):
            columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({name})"))
            connection.execute(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM newest.{name}")
        connection.execute("DELETE FROM main.tally WHERE name = 'campaign'")
    return small


def test_a_library_of_version_0001_keeps_everything(first):
    before = ask(first, "SELECT id, sha256 FROM generation ORDER BY id")
    with Library.open(first) as library:
        assert library.verify() == []
        assert [row.version for row in library.generations(episode(1))] == [3, 2, 1]
        fill_campaigns(library)
        assert library.verify() == []
    assert ask(first, "SELECT id, sha256 FROM generation WHERE campaign_id IS NULL ORDER BY id") == before
    assert len(list(first.backup_dir.iterdir())) == 1


@pytest.mark.parametrize("subjects", ["NULL, NULL, NULL", "1, 1, NULL", "NULL, 1, 1", "1, NULL, 1"])
def test_a_generation_is_about_one_thing(first, subjects):
    with Library.open(first) as library:
        fill_campaigns(library)
    columns = [row[1] for row in ask(first, "PRAGMA table_info(generation)")]
    own = ("id", "key", "episode_id", "season_id", "campaign_id")
    others = ", ".join(f'"{name}"' for name in columns if name not in own)
    copy = (
        f"INSERT INTO generation (id, key, episode_id, season_id, campaign_id, {others}) "
        f"SELECT 999, 'x', {subjects}, {others} FROM generation WHERE id = 1"
    )
    with pytest.raises(sqlite3.IntegrityError, match="one_subject"):
        ask(first, copy)
