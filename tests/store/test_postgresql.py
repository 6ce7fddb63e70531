"""The same store on PostgreSQL, in the scratch database that CHAMADA_TEST_POSTGRESQL names; its tables are dropped."""

import os
import threading
import time
from contextlib import closing

import pytest
from alembic import command
from sqlalchemy import create_engine, text, update

from core.domain.gallery import CampaignFilter
from core.domain.residency import ResidencyReport, WorkerReport
from core.domain.show import Episode
from core.errors import DamagedInput, LibraryLocked, LibraryUnwritable, NotFound, StoreError
from core.store import migrations
from core.store.database import Database
from core.store.ledger import Count, find_table, hash_row
from core.store.library import Library
from core.store.schema import TallyRow
from tests.show import EPISODES, INFO
from tests.store.rows import episode, fill, new_campaign, sha, summary

URL = os.environ["CHAMADA_TEST_POSTGRESQL"]


@pytest.fixture
def server(small):
    engine = create_engine(URL)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return small.model_copy(update={"database_url": URL, "lock_timeout_s": 0.5})


@pytest.fixture
def library(server):
    with Library.open(server) as opened:
        fill(opened)
        yield opened


def test_everything_comes_back_and_verifies(library, server):
    assert library.verify() == []
    assert library.import_episodes(INFO, EPISODES).unchanged == 4
    assert [view.key for view in library.episodes(search="LAMPADA")] == ["S01E01"]
    assert library.lines(1) == list(EPISODES[0].lines)
    assert library.show("O Farol").season_posters == 4
    assert library.current(1)["episode", 2, "summary", ""].key == sha("2 2")
    first = library.generations(episode(1))[-1]
    assert library.make_current(first.id) == first.model_copy(update={"current": True})
    with Library.open(server, create=False) as again:
        assert again.generations(episode(1))[-1].current
        assert again.verify() == []
    with pytest.raises(StoreError, match="pg_dump"):
        library.backup()
    with pytest.raises(NotFound):
        library.episode(10**30)


def test_what_a_worker_says_is_kept(library):
    with closing(library.jobs.seats.take(1)):
        for profile in ("draft", "t4"):
            library.reports.save(1, WorkerReport(profile=profile, residency=ResidencyReport(loads={"text": 1})))
        here = library.reports.list()[1]
    assert here.is_taken
    assert here.report == WorkerReport(profile="t4", residency=ResidencyReport(loads={"text": 1}))
    assert not library.reports.list()[1].is_taken


@pytest.mark.parametrize("bad", [{"text": "a\x00b"}, {"start_ms": 2**63}, {"source_row": 2**31}])
def test_what_cannot_be_stored_is_refused_by_name(library, bad):
    line = EPISODES[0].lines[0].model_copy(update=bad)
    with pytest.raises(DamagedInput, match="S01E09"):
        library.import_episodes(INFO, [Episode(season=1, key="S01E09", lines=(line,))])
    assert library.verify() == []


def test_campaigns_come_back_and_are_found(library):
    campaigns = library.campaigns
    assert [view.id for view in campaigns.list().items] == [3, 2, 1]
    page = campaigns.list(limit=2)
    assert [view.id for view in campaigns.list(before=page.before, limit=2).items] == [1]
    for search, found in (("CAFE torra", [2, 1]), ("pao", [3]), ("lampada prove", [2]), ("zz' & !:*", []), ("🦀", [])):
        wanted = CampaignFilter(search=search)
        assert [view.id for view in campaigns.list(wanted).items] == found
        assert campaigns.count(wanted) == len(found)
    campaigns.note(3, text="sementes\x00 raras " + "x" * 20_000)
    assert campaigns.count(CampaignFilter(search="sement")) == 1
    detail = campaigns.get(2)
    assert (detail.parent.id, detail.facts.show, detail.copy_.headline) == (1, "O Farol", "Café")
    campaigns.trash([1, 3])
    assert campaigns.empty_trash() == 1, "the other is still being made"
    assert library.collect_garbage(older_than_s=-1).files
    assert campaigns.get(2).parent is None
    assert library.verify() == []
    with pytest.raises(NotFound):
        campaigns.get(10**30)


def test_a_library_of_version_0001_keeps_everything(server):
    database = Database(server)
    with database.write() as connection:
        command.upgrade(migrations._configure(connection), "0001")
        show = "INSERT INTO show (id, name, fiction, \"cast\", sha256) VALUES (1, 'O Farol', true, '{}', :sha256)"
        row = {"id": 1, "name": "O Farol", "fiction": True, "cast": {}}
        connection.execute(text(show), {"sha256": hash_row("show", row)})
        count = Count(last_id=1).add(hash_row("show", row)).values("show")
        connection.execute(update(find_table(TallyRow)).where(TallyRow.name == "show").values(**count))
    database.close()
    with Library.open(server) as library:
        assert library.verify() == []
        library.campaigns.add(new_campaign(show="O Farol"))
        assert library.verify() == []
    engine = create_engine(URL)
    with engine.connect() as connection:
        plan = "EXPLAIN SELECT id FROM campaign WHERE to_tsvector('simple', search_text) @@ to_tsquery('simple', 'a:*')"
        connection.execute(text("SET enable_seqscan = off"))
        assert "ix_campaign_search" in str(connection.execute(text(plan)).all())
    engine.dispose()


def test_rows_are_the_same_on_sqlite(library, small, tmp_path):
    with Library.open(small.model_copy(update={"data_dir": tmp_path / "sqlite"})) as other:
        fill(other)
        assert [view.content_sha256 for view in library.episodes()] == [
            view.content_sha256 for view in other.episodes()
        ]
        for one, two in zip(library.generations(episode(1)), other.generations(episode(1)), strict=True):
            assert one.model_dump(exclude={"created_at"}) == two.model_dump(exclude={"created_at"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE line SET text = text || '.' WHERE episode_id = 2 AND seq = 3",
        "DELETE FROM line WHERE episode_id = 2 AND seq = 3",
        "DELETE FROM generation WHERE id = 3",
        "UPDATE generation SET seconds = seconds + 1e-9 WHERE id = 1",
        "UPDATE generation SET output = '[]' WHERE id = 1",
        "UPDATE episode SET air_date = '2020-01-01' WHERE id = 1",
        "UPDATE alembic_version SET version_num = '0000'",
        "DROP INDEX uq_generation_current_episode_id",
        "UPDATE campaign SET brief = '{}' WHERE id = 2",
        "UPDATE campaign SET trashed_at = now() WHERE id = 1",
        "DROP INDEX uq_job_active_token",
        "DROP TABLE line",
    ],
)
def test_damage_is_found(library, server, statement):
    engine = create_engine(URL)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert library.verify()


def test_writers_take_turns(server):
    Library.open(server).close()
    database = Database(server.model_copy(update={"lock_timeout_s": 60}))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE counter AS SELECT 0 AS value"))

    def add_up():
        for _ in range(50):
            with database.write() as connection:
                value = connection.execute(text("SELECT value FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})

    threads = [threading.Thread(target=add_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.execute(text("SELECT value FROM counter")).scalar_one() == 400
    database.close()


def test_a_held_turn_ends_in_a_sentence(library, server):
    holder = Database(server)
    with holder.write():
        started = time.monotonic()
        with pytest.raises(LibraryLocked, match="CHAMADA_LOCK_TIMEOUT_S"):
            library.save_generation(summary(1, "locked", "x"))
        assert time.monotonic() - started < 3
        assert library.count_episodes() == 4
    holder.close()
    library.save_generation(summary(1, "locked", "x"))


def test_a_server_that_does_not_answer(small):
    url = "postgresql+psycopg://someone:secret@127.0.0.1:1/none"
    with pytest.raises(LibraryUnwritable, match="does not answer") as caught:
        Library.open(small.model_copy(update={"database_url": url}))
    assert "secret" not in str(caught.value)
