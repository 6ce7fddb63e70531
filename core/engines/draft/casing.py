"""Capitals: a script writes DONA LURDES and CASA DE ROGÉRIO; its own dialogue shows how they are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from core.engines.draft.language import word_set

SMALL_WORDS = word_set("a à ao as às o os e em de do da dos das no na nos nas of the and in on at to von van del")
"""Words that stay lower case inside a name."""

ROLES = word_set(
    """
    delegado delegada enfermeira enfermeiro funcionário funcionária garçom garçonete guarda homem juiz juíza locutor
    locutora mecânico médico médica menina menino moça moço motorista mulher narrador narradora padre policial prefeita
    prefeito professor professora promotor promotora repórter senhora senhor técnico técnica vendedor vendedora vizinha
    vizinho voz announcer boy clerk cop driver girl guard kid man narrator nurse officer policeman reporter teacher
    voice waiter waitress woman
    """
)
"""Common nouns that speakers go by, for a transcript that never speaks of them."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CAPITAL = r"[^\W\d_a-zà-öø-ÿ][^\W\d_]*[a-zà-öø-ÿ][^\W\d_]*"
_RUN = re.compile(rf"{_CAPITAL}(?: (?:d[eoa]s? |of |the )?{_CAPITAL})+")
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
        runs: Counter[str] = Counter()
        for text in texts:
            if text.isupper():
                continue
            for sentence in _SENTENCE.split(text):
                first = _TOKEN.search(sentence)
                rest = sentence[first.end() :] if first else ""
                # "Rádio Maré" is a name as a whole; it says nothing of how "rádio" alone is written.
                runs.update(run[0] for run in _RUN.finditer(rest))
                for word in _TOKEN.findall(_RUN.sub(" ", rest)):
                    if len(word) == 1 or not word.isupper():
                        seen.setdefault(word.casefold(), Counter())[word] += 1
        self._forms = {key: forms.most_common(1)[0][0] for key, forms in seen.items()}
        self._runs: dict[str, dict[str, str]] = {}
        for run, _ in reversed(runs.most_common()):
            self._runs.setdefault(run.split()[0].casefold(), {})[run.casefold()] = run

    def word(self, word: str) -> str:
        """``word`` as the transcript writes it inside a sentence; lower case if it never does."""
        folded = word.casefold()
        if folded in self._names and not self.is_role(word):
            return capitalize(word) if word.isupper() else word
        return self._forms.get(folded, word.lower() if word.isupper() else word)

    def is_name(self, word: str) -> bool:
        """Whether ``word`` takes a capital inside a sentence."""
        return self.word(word.upper())[:1].isupper()

    def is_role(self, speaker: str) -> bool:
        """Whether a speaker goes by a common noun (``PROMOTOR``, spoken of as "o promotor")."""
        first = _TOKEN.match(speaker)
        if first is None:
            return False
        form = self._forms.get(first[0].casefold())
        # "Doutor Paulo" goes by his name; "Homem 2" does not.
        alone = len(_TOKEN.findall(speaker)) == 1
        return form[:1].islower() if form else alone and first[0].casefold() in ROLES

    def restore_runs(self, text: str) -> str:
        """``text`` with the names of several words that it holds as the transcript writes them."""
        for word in text.split():
            for run in self._runs.get(word.casefold(), {}).values():
                text = re.sub(rf"\b{re.escape(run)}\b", run, text, flags=re.IGNORECASE)
        return text

    def starts_with_name(self, text: str) -> bool:
        """Whether ``text`` begins with a name, of one word or several."""
        first = _TOKEN.match(text)
        if first is None:
            return False
        folded = text.casefold()
        in_run = any(folded.startswith(run) for run in self._runs.get(first[0].casefold(), ()))
        return in_run or self.is_name(first[0])

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
