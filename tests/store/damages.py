"""Two hundred ways to damage a library behind its back; each says in words what it did."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

TABLES = ("show", "season", "episode", "line", "media", "campaign", "generation", "tally", "alembic_version")
JUNK = ("", "x", "{", "null", "-1", 0, 1, 7, -1, 2**40, 0.5, b"\xff\x00", "a" * 64, "0" * 64, None)


def connect(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(folder / "chamada.sqlite3", isolation_level=None)
    database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    database.execute("PRAGMA ignore_check_constraints = ON")
    return database


def snapshot(database: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Every cell with its type, as bytes."""
    rows: list[tuple[object, ...]] = []
    for name in TABLES:
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
        cells = ", ".join(f'typeof("{column}"), CAST("{column}" AS BLOB)' for column in columns)
        rows += sorted((name, *row) for row in database.execute(f"SELECT {cells} FROM {name}"))
    return rows


def pick_row(database: sqlite3.Connection, rng: random.Random) -> tuple[str, list[str], dict[str, object]]:
    """A table, its primary key and one of its rows; each table is as likely as another."""
    name = rng.choice(TABLES)
    keys = [row[1] for row in database.execute(f"PRAGMA table_info({name})") if row[5]]
    cursor = database.execute(f"SELECT rowid AS place, * FROM {name}")
    titles = [column[0] for column in cursor.description]
    return name, keys, dict(zip(titles, rng.choice(cursor.fetchall()), strict=True))


def change_cell(database: sqlite3.Connection, rng: random.Random) -> str:
    name, _, row = pick_row(database, rng)
    column = rng.choice([title for title in row if title != "place"])
    old = row[column]
    if isinstance(old, str) and old and rng.random() < 0.5:  # one letter
        place = rng.randrange(len(old))
        new: object = old[:place] + chr(ord(old[place]) ^ 1) + old[place + 1 :]
    elif isinstance(old, int) and rng.random() < 0.5:
        new = old + rng.choice((-1, 1))
    else:
        new = rng.choice(JUNK)
    database.execute(f'UPDATE {name} SET "{column}" = ? WHERE rowid = ?', [new, row["place"]])
    return f"{name}.{column} {old!r} -> {new!r}"


def delete_row(database: sqlite3.Connection, rng: random.Random) -> str:
    name, _, row = pick_row(database, rng)
    database.execute(f"DELETE FROM {name} WHERE rowid = ?", [row["place"]])
    return f"deleted {name} {row['place']}"


def insert(database: sqlite3.Connection, name: str, row: dict[str, object]) -> None:
    titles, marks = ", ".join(f'"{title}"' for title in row), ", ".join("?" * len(row))
    database.execute(f"INSERT INTO {name} ({titles}) VALUES ({marks})", list(row.values()))


def copy_row(database: sqlite3.Connection, rng: random.Random) -> str:
    """The same row again, sha256 and all, with other values only where they must be unique."""
    name, keys, row = pick_row(database, rng)
    del row["place"]
    unique = {"season": ["number"], "show": ["name"], "episode": ["key"], "generation": ["key", "version"]}
    for title in (*keys, *unique.get(name, [])):
        row[title] = row[title] + 1000 if isinstance(row[title], int) else f"{row[title]}x"
    if name == "generation":
        row["current"] = 0
    insert(database, name, row)
    return f"copied {name} as {[row[key] for key in keys]}"


def swap_rows(database: sqlite3.Connection, rng: random.Random) -> str:
    """Two rows of a table change places: all cells but the primary key."""
    name, keys, one = pick_row(database, rng)
    places = [place for (place,) in database.execute(f"SELECT rowid FROM {name}") if place != one["place"]]
    cursor = database.execute(f"SELECT * FROM {name} WHERE rowid = ?", [rng.choice(places or [one["place"]])])
    other = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    database.execute("BEGIN")
    for row in (one, other):
        row.pop("place", None)
        where = " AND ".join(f'"{key}" = ?' for key in keys)
        database.execute(f"DELETE FROM {name} WHERE {where}", [row[key] for key in keys])
    for row, place in ((one, other), (other, one)):
        insert(database, name, row | {key: place[key] for key in keys})
    database.execute("COMMIT")
    return f"swapped two rows of {name}"


def repoint_row(database: sqlite3.Connection, rng: random.Random) -> str:
    """A foreign key names another row, which may or may not exist."""
    links = [(name, row[3]) for name in TABLES for row in database.execute(f"PRAGMA foreign_key_list({name})")]
    name, column = rng.choice(links)
    place, old = rng.choice(database.execute(f"SELECT rowid, {column} FROM {name}").fetchall())
    new = rng.choice([1, 2, 3, 4, 999, None, "x"])
    database.execute(f"UPDATE {name} SET {column} = ? WHERE rowid = ?", [new, place])
    return f"{name}.{column} {old!r} -> {new!r}"


def break_schema(database: sqlite3.Connection, rng: random.Random) -> str:
    """A table, an index or a column goes or comes."""
    statement = rng.choice(
        [
            *(f"DROP TABLE {name}" for name in TABLES),
            "DROP INDEX ix_episode_season_id",
            "DROP INDEX uq_generation_current_season_id",
            "ALTER TABLE line ADD COLUMN extra TEXT",
            "ALTER TABLE episode RENAME COLUMN title TO name",
            "ALTER TABLE show DROP COLUMN license",
        ]
    )
    database.execute(statement)
    return statement


ROW_DAMAGES = (change_cell, change_cell, change_cell, delete_row, copy_row, swap_rows, repoint_row, break_schema)


def damage_rows(folder: Path, rng: random.Random) -> str:
    """Damage the database; tries again where SQLite refuses or nothing changed."""
    while True:
        with closing(connect(folder)) as database:
            before = snapshot(database)
            act = rng.choice(ROW_DAMAGES)
            try:
                told = act(database, rng)
            except sqlite3.IntegrityError:
                continue
            if act is break_schema or snapshot(database) != before:
                return told


def damage_file(folder: Path, rng: random.Random) -> str:
    """Damage a picture's file."""
    files = sorted((folder / "media").glob("??/*.png"))
    path, other = rng.sample(files, 2)
    data = path.read_bytes()
    place = rng.randrange(len(data))
    act = rng.choice(["flip", "truncate", "empty", "delete", "append", "exchange", "folder"])
    if act in ("delete", "folder"):
        path.unlink()
        if act == "folder":
            path.mkdir()
        return f"{act} {path.name}"
    changed = {
        "flip": data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :],
        "truncate": data[:place],
        "empty": b"",
        "append": data + b"\0",
        "exchange": other.read_bytes(),
    }[act]
    path.write_bytes(changed)
    return f"{act} {path.name}"
