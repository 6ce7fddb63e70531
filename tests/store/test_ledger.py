"""Row hashes tell every difference and nothing else; the tally keeps count."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import LibraryDamaged
from core.store.database import Database
from core.store.ledger import Ledger, hash_row, keep_ledger, plain
from core.store.library import Library
from core.store.schema import ShowRow
from core.store.search import fold

CELLS = st.none() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
ROWS = st.dictionaries(st.sampled_from(["a", "b", "text"]), CELLS)


# Hypothesis reads the whole of Unicode before its first text, which takes a second on a new machine.
patient = settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def typed(row):
    return {key: (type(value), value, str(value)) for key, value in row.items() if value is not None}


@patient
@given(ROWS, ROWS)
def test_two_rows_hash_alike_only_if_alike(one, other):
    assert (hash_row("t", one) == hash_row("t", other)) == (typed(one) == typed(other))
    assert hash_row("t", one) != hash_row("u", one)


def test_the_hash_does_not_see_order_sha256_or_null():
    assert hash_row("t", {"a": 1, "b": "x"}) == hash_row("t", {"b": "x", "sha256": "?", "c": None, "a": 1})


def test_the_hash_is_the_same_for_ever():
    """Stored rows rest on it: a change here makes every library look damaged."""
    row = {"id": 1, "name": "É 🦀", "fiction": True, "cast": {"b": 1, "a": [None, 0.5]}, "seconds": 1 / 3}
    assert hash_row("show", row) == "c1bb15cb1715a2f5c00939ba568390e2ecf55f210fd891e855e2047ee203eb64"


def test_python_values_are_what_sqlite_gives_back():
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
    assert plain(moment) == "2026-01-02 06:04:05.000000"
    assert plain(dt.date(2026, 1, 2)) == "2026-01-02"
    assert (plain(True), plain({"b": 1, "a": "é"}), plain(["x"])) == (1, '{"a":"é","b":1}', '["x"]')


@pytest.fixture
def database(small):
    Library.open(small).close()
    opened = Database(small)
    yield opened
    opened.close()


def show(number):
    return {"id": number, "name": f"show {number}", "language": None, "genre": None, "fiction": True} | {
        "tagline": None,
        "license": None,
        "cast": {},
    }


def counted(database):
    with database.read() as connection:
        count = Ledger(connection, "")._count("show")
        return count.rows, count.total, count.last_id


def test_the_tally_follows_inserts_updates_and_deletes(database):
    blank = counted(database)
    with database.write() as connection, keep_ledger(connection, "") as ledger:
        ledger.insert(ShowRow, [show(ledger.next_id(ShowRow)), show(ledger.next_id(ShowRow))])
    two = counted(database)
    assert (two[0], two[2]) == (2, 2)
    with database.write() as connection, keep_ledger(connection, "") as ledger:
        ledger.update(ShowRow, ShowRow.id == 1, {"genre": "drama"})
    assert counted(database)[1] != two[1]
    with database.write() as connection, keep_ledger(connection, "") as ledger:
        ledger.update(ShowRow, ShowRow.id == 1, {"genre": None})
    assert counted(database) == two
    with database.write() as connection, keep_ledger(connection, "") as ledger:
        ledger.delete(ShowRow, ShowRow.id > 0)
        assert ledger.next_id(ShowRow) == 3, "an id is never given out twice"
    assert counted(database) == (blank[0], blank[1], 3)


def test_a_failed_write_leaves_rows_and_tally(database):
    before = counted(database)

    def fail():
        with database.write() as connection, keep_ledger(connection, "") as ledger:
            ledger.insert(ShowRow, [show(ledger.next_id(ShowRow))])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert counted(database) == before


def test_a_damaged_tally_stops_the_write(database):
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE tally SET last_id = 7 WHERE name = 'show'")
    with pytest.raises(LibraryDamaged, match="tally show"), database.write() as connection:
        Ledger(connection, "here")
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM tally WHERE name = 'show'")
    with pytest.raises(LibraryDamaged, match="no tally show"), database.write() as connection:
        Ledger(connection, "here").next_id(ShowRow)


@patient
@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"), [("Coração", "coracao"), ("ÀÉÎÕÜÇ", "aeiouc"), ("Straße\r\n  ﬁm", "strasse fim"), ("Ω1", "ω1")]
)
def test_folding_takes_case_and_accents(text, folded):
    assert fold(text) == folded
