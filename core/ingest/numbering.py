"""Seasons, episodes, dates and counts as sources write them. All patterns are linear and take ASCII digits only."""

from __future__ import annotations

import datetime as dt
import re

MAX_NUMBER = 9999

_COUNT = re.compile(r"\+?([0-9]{1,12})(?:\.0{1,6})?")
_NUMBERED = (
    re.compile(r"(?<![A-Za-z0-9])[ST]([0-9]{1,4})[ ._-]?EP?[ ._-]?([0-9]{1,4})(?![0-9])", re.IGNORECASE),
    re.compile(r"(?<![A-Za-z0-9])([0-9]{1,2})x([0-9]{2,3})(?![A-Za-z0-9])", re.IGNORECASE),
    re.compile(
        r"\b(?:temporada|season)\s{0,3}([0-9]{1,4})\W{0,5}(?:epis[oó]dio|episode|cap[ií]tulo)\s{0,3}([0-9]{1,4})\b",
        re.IGNORECASE,
    ),
)
_ISO = re.compile(r"(?<![0-9])([0-9]{4})[-_.]?([0-9]{2})[-_.]?([0-9]{2})(?![0-9])")
_AMERICAN = re.compile(r"(?<![0-9])([0-9]{2})[-_.]([0-9]{2})[-_.]([0-9]{4}|[0-9]{2})(?![0-9])")
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,2}):([0-9]{2})")


def episode_key(season: int, number: int) -> str:
    """``S01E03``."""
    return f"S{season:02d}E{number:02d}"


def read_count(cell: str | int | float | None, limit: int = MAX_NUMBER) -> int | None:
    """A whole number in 0..``limit`` from a cell (``3``, ``03``, ``3.0``) or a JSON value, else None."""
    if cell is None or isinstance(cell, bool):
        return None
    match = _COUNT.fullmatch(str(cell)[:32].strip())
    return int(match[1]) if match and int(match[1]) <= limit else None


def find_number(text: str) -> tuple[int, int] | None:
    """(season, episode) from ``S01E03``, ``T1E3``, ``1x03`` or ``Temporada 1, Episódio 3`` within ``text``."""
    match = _number(text)
    return (int(match[1]), int(match[2])) if match else None


def after_number(text: str) -> str:
    """What follows the season and episode in ``text``: an episode's title, as a header line has it."""
    match = _number(text)
    return text[match.end() :].strip(" :.—–-") if match else ""


def _number(text: str) -> re.Match[str] | None:
    return next((match for pattern in _NUMBERED if (match := pattern.search(text[:300]))), None)


def read_date(text: str | None) -> dt.date | None:
    """The first ISO date (``2007-05-14``, ``20070514``) within ``text`` that the calendar has."""
    for match in _ISO.finditer((text or "")[:300]):
        if date := _date(int(match[1]), int(match[2]), int(match[3])):
            return date
    return None


def read_american_date(text: str) -> dt.date | None:
    """The first month-day-year date (``05-14-07``) within ``text``; years 50 to 99 are 1950 to 1999."""
    for match in _AMERICAN.finditer(text[:300]):
        year = int(match[3])
        if len(match[3]) == 2:
            year += 1900 if year >= 50 else 2000
        if date := _date(year, int(match[1]), int(match[2])):
            return date
    return None


def read_clock(text: str | None) -> int | None:
    """Milliseconds from ``1:02:03`` or ``02:03``, else None."""
    match = _CLOCK.fullmatch((text or "").strip())
    if not match:
        return None
    return ((int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3])) * 1000


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
