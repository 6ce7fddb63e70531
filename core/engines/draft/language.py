"""Which language a text is in, and what Chamada knows of that language: words, stop words, stems."""

from __future__ import annotations

import re
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"
"""BCP 47 for a text without words."""

LATIN = ("pt", "en", "es", "fr", "it", "de", "nl", "ca", "sv", "da", "no", "fi", "pl", "cs", "ro", "hu", "tr")
"""Candidates for a text in Latin letters."""

SHORT = 6
"""The first so many candidates are all that a text of under ``SHORT_LETTERS`` letters can be told apart by."""

SHORT_LETTERS = 40

STEMMERS = {
    "pt": "portuguese",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "de": "german",
    "nl": "dutch",
    "ca": "catalan",
    "sv": "swedish",
    "da": "danish",
    "no": "norwegian",
    "fi": "finnish",
    "pl": "polish",
    "cs": "czech",
    "ro": "romanian",
    "hu": "hungarian",
    "tr": "turkish",
    "ru": "russian",
    "el": "greek",
    "ar": "arabic",
}
"""Language tag -> Snowball's name for it; words of any other language are their own stems."""

SAMPLE_CHARS = 20_000
"""How much of a text is read to tell its language."""

LONGEST_WORD = 60
"""Longer strings are noise (an address, a hash), not words to stem."""

_STEMMING = Lock()  # a Snowball stemmer keeps the word it works on in itself
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_LETTER = re.compile(r"[^\W\d_]")


def word_set(words: str) -> frozenset[str]:
    """The set of the words in ``words``, for lists too long to quote one by one."""
    return frozenset(words.split())


def find_words(text: str) -> list[str]:
    """The words of ``text`` as they stand; ``d'água`` and ``guarda-chuva`` are one word each."""
    return _WORD.findall(text)


def count_words(text: str) -> int:
    """The number of words of ``text``: what spaces part, and a word for every two signs of a script without spaces."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # Loading takes 0.5 s: once a process.
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def find_language(text: str) -> str:
    """The BCP 47 tag of the language ``text`` is in (its first 20,000 characters), ``und`` if it holds no words.

    Source: Lui and Baldwin, "langid.py: An Off-the-shelf Language Identification Tool" (2012).
    """
    # Capitals are another alphabet to the model: "NÃO VOU" would read as Finnish.
    sample = text[:SAMPLE_CHARS].lower()
    letters = _LETTER.findall(sample)
    if not letters:
        return UNKNOWN
    ranked: list[Any] = _identifier().rank(sample)
    latin = sum(letter < "\u0250" for letter in letters)
    if 2 * latin > len(letters):
        candidates = LATIN if len(letters) >= SHORT_LETTERS else LATIN[:SHORT]
        ranked = [entry for entry in ranked if entry[0] in candidates]
    return str(ranked[0][0])


def base_language(tag: str) -> str:
    """``pt`` for ``pt-BR``."""
    return tag.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=16)
def stop_words(language: str) -> frozenset[str]:
    """The words too common to mean anything, folded; empty for a language without a list."""
    from stopwordsiso import has_lang, stopwords

    tag = base_language(language)
    return frozenset(word.casefold() for word in stopwords(tag)) if has_lang(tag) else frozenset()


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    name = STEMMERS.get(base_language(language))
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """The stem of ``word`` (any case): what ``rede`` and ``redes`` share.

    Source: Porter, "Snowball: A language for stemming algorithms" (2001).
    """
    stemmer = _stemmer(language)
    folded = word.casefold()
    if stemmer is None or len(folded) > LONGEST_WORD:
        return folded
    with _STEMMING:
        return str(stemmer.stemWord(folded))


def content_stems(text: str, language: str) -> list[str]:
    """The stems of the words in ``text`` that carry meaning, in order, repeats kept."""
    stops = stop_words(language)
    return [
        stem(word, language)
        for word in find_words(text)
        if len(word) > 1 and not word.isdigit() and word.casefold() not in stops
    ]
