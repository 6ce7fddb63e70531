"""Capitals: a script writes DONA LURDES and CASA DE ROGÉRIO; its own dialogue shows how they are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from core.engines.draft.language import word_set

SMALL_WORDS = word_set("a à ao as às o os e em de do da dos das no na nos nas of the and in on at to von van del")
"""Words that stay lower case inside a name."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…:])\s+|\n")
_ROMAN = re.compile(r"[IVX]{2,}\Z")


def capitalize(word: str) -> str:
    """``Lurdes`` for ``LURDES``, ``D'Ávila`` for ``D'ÁVILA``, ``Kyle's`` for ``KYLE'S``."""
    parts = re.split(r"(['’-])", word.lower())
    return "".join(part if index and len(part) == 1 else upper_first(part) for index, part in enumerate(parts))


def upper_first(text: str) -> str:
    """``text`` with a capital at its start."""
    return text[:1].upper() + text[1:]


class Casing:
    """How a transcript writes its words where capitals mean something: inside a sentence of mixed case.

    Args:
        texts: what to learn from (dialogue, a logline, a title).
        names: words known to be names, such as speakers in capitals.
    """

    def __init__(self, texts: Iterable[str], names: Iterable[str] = ()) -> None:
        self._names = {word.casefold() for name in names for word in _TOKEN.findall(name) if len(word) > 1}
        self._names -= SMALL_WORDS
        seen: dict[str, Counter[str]] = {}
        for text in texts:
            if text.isupper():
                continue
            for sentence in _SENTENCE.split(text):
                # The first word has its capital from the sentence.
                for word in _TOKEN.findall(sentence)[1:]:
                    if len(word) == 1 or not word.isupper():
                        seen.setdefault(word.casefold(), Counter())[word] += 1
        self._forms = {key: forms.most_common(1)[0][0] for key, forms in seen.items()}

    def word(self, word: str) -> str:
        """``word`` as the transcript writes it inside a sentence; lower case if it never does."""
        folded = word.casefold()
        if folded in self._names:
            return capitalize(word) if word.isupper() else word
        return self._forms.get(folded, word.lower() if word.isupper() else word)

    def is_name(self, word: str) -> bool:
        """Whether ``word`` takes a capital inside a sentence."""
        return word.casefold() in self._names or self._forms.get(word.casefold(), word.lower())[:1].isupper()

    def name(self, speaker: str) -> str:
        """A speaker's name as a reader expects it: ``Dona Lurdes`` for ``DONA LURDES``; mixed case stays."""
        if not speaker.isupper():
            return upper_first(speaker)
        return _TOKEN.sub(self._name_word, speaker)

    def _name_word(self, match: re.Match[str]) -> str:
        word = match[0]
        if match.start() and word.casefold() in SMALL_WORDS:
            return word.lower()
        return word if match.start() and _ROMAN.match(word) else capitalize(word)

    def sentence(self, text: str) -> str:
        """``text`` with its words in capitals put as they are written elsewhere, ``TV`` and its like left."""
        everything = text.isupper()

        def write(match: re.Match[str]) -> str:
            word = match[0]
            if not word.isupper() or len(word) == 1:
                return word.lower() if everything and match.start() else word
            short = len(word) <= 3 and not everything and word.casefold() not in self._forms
            if short and word.casefold() not in self._names:
                return word
            return self.word(word)

        return upper_first(_TOKEN.sub(write, text))
