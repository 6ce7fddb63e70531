"""Accent- and case-blind text: "pão" is found by "PAO"."""

import re
import unicodedata

from sqlalchemy import ColumnElement

from core.store.schema import EpisodeRow

_LONGEST_SEARCH = 200
"""Characters of a search that are looked at; SQLite refuses endless patterns."""

_LONGEST_WORD = 100
"""Letters of a searched word that are looked at; PostgreSQL refuses words of 2 kB."""


def fold(text: str) -> str:
    """Text without case, accents and line ends: what search compares."""
    clean = text.encode("utf-8", "ignore").decode()  # a lone surrogate cannot be stored or searched
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", clean).casefold())
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def fold_episode(title: str | None, logline: str | None, key: str, summary: str | None) -> str:
    """The ``search_text`` of an episode."""
    return fold("\n".join(part for part in (title, logline, key, summary) if part))


def match(search: str) -> list[ColumnElement[bool]]:
    """Conditions on EpisodeRow: every word of ``search`` is somewhere in its ``search_text``."""
    words = fold(search[:_LONGEST_SEARCH]).split()
    return [EpisodeRow.search_text.contains(word, autoescape=True) for word in dict.fromkeys(words)]


def split_words(text: str) -> list[str]:
    """The different words of a text, folded: runs of letters and digits, which every database splits alike."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", fold(text))))


def split_search(search: str) -> list[str]:
    """The words that someone typed into a search; the last may be the beginning of one."""
    return [word[:_LONGEST_WORD] for word in split_words(search[:_LONGEST_SEARCH])]


def fold_campaign(*texts: str | None) -> str:
    """The ``search_text`` of a campaign: each word once."""
    return " ".join(split_words("\n".join(each for each in texts if each)))
