"""Seasons, episodes, dates and counts as sources write them."""

import datetime as dt

import pytest

from core.ingest.numbering import (
    after_number,
    episode_key,
    find_number,
    read_american_date,
    read_clock,
    read_count,
    read_date,
)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("3", 3),
        (" 03 ", 3),
        ("3.0", 3),
        (0, 0),
        (7, 7),
        (2.0, 2),
        ("9999", 9999),
        ("10000", None),
        ("9" * 5000, None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("١", None),
        ("1_0", None),
        ("", None),
        (None, None),
        (True, None),
        (float("inf"), None),
        ("NA", None),
    ],
)
def test_counts(cell: str | int | float | None, count: int | None) -> None:
    assert read_count(cell) == count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S01E03.txt", (1, 3)),
        ("Farol.s2e10.1080p.srt", (2, 10)),
        ("farol_T1E03", (1, 3)),
        ("S01 E03", (1, 3)),
        ("S01EP03", (1, 3)),
        ("Farol 1x03 720p", (1, 3)),
        ("FAROL — Temporada 1, Episódio 3: “A Rede”", (1, 3)),
        ("Season 2 Episode 11", (2, 11)),
        ("S2024E1", (2024, 1)),
        ("clip 1920x1080.srt", None),
        ("ROTAS01E03", None),
        ("episode 3", None),
        ("", None),
    ],
)
def test_finds_season_and_episode(text: str, found: tuple[int, int] | None) -> None:
    assert find_number(text) == found


def test_keys_and_titles() -> None:
    assert episode_key(1, 3) == "S01E03"
    assert after_number("FAROL — Temporada 1, Episódio 3: A Rede") == "A Rede"
    assert after_number("nothing") == ""


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2007-05-14.json", dt.date(2007, 5, 14)),
        ("show_20070514", dt.date(2007, 5, 14)),
        ("2007_05_14", dt.date(2007, 5, 14)),
        ("2007-13-40 then 2008-01-02", dt.date(2008, 1, 2)),
        ("2011-04-17T21:00:00", dt.date(2011, 4, 17)),
        ("14/05/2007", None),
        (None, None),
    ],
)
def test_iso_dates(text: str | None, date: dt.date | None) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("farol-05-14-07.json", dt.date(2007, 5, 14)),
        ("05-14-1998", dt.date(1998, 5, 14)),
        ("01-02-66", dt.date(1966, 1, 2)),
        ("14-05-07", None),
    ],
)
def test_american_dates(text: str, date: dt.date | None) -> None:
    assert read_american_date(text) == date


def test_clocks() -> None:
    assert read_clock("0:01:45") == 105_000
    assert read_clock("01:45") == 105_000
    assert read_clock("soon") is None
    assert read_clock(None) is None
