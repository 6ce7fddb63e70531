"""Plurals and diminutives of Portuguese and English nouns, generated once so that a search is a dictionary lookup.

The rules give every regular form and a few that no one writes ("mões"): a form that never occurs costs nothing.
Source: Cunha and Cintra, "Nova Gramática do Português Contemporâneo", flexão dos substantivos.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from core.engines.draft.language import word_set

PREPOSITIONS = word_set("de do da dos das d a à ao em no na of the with for")
"""Words after which a compound's nouns stay singular: ``barcos de pesca``."""

NOT_DIMINUTIVE = word_set(
    "caminha caminho carinho colarinho golfinho camisinha calcinha baratinha baratinho covinha panelinha vaquinha "
    "selinho pontinha pontinho padrinho madrinha gatinha gatinho sozinho vizinho farinha marinha marinho cozinha "
    "linha minha espinha espinho"
)
"""Words that look like a listed noun's diminutive and mean something else."""

_VOWELS = "aeiouáéíóúâêôãõ"
_UNACCENTED = str.maketrans("áéíóúâêô", "aeiouaeo")
_HARD = {"c": "qu", "g": "gu", "ç": "c"}
_F_PLURALS = word_set("calf elf half hoof knife leaf life loaf scarf sheaf shelf thief wife wolf")


def fold(word: str) -> str:
    """``word`` in lower case without accents: ``mare`` for ``Maré``."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


def inflect(form: str, language: str) -> Iterator[str]:
    """``form`` (one word or several, single spaces) and its regular plurals and diminutives."""
    yield form
    words = form.split()
    plural, small = (_portuguese_plurals, _diminutives) if language == "pt" else (_english_plurals, _no_forms)
    if len(words) == 1:
        yield from plural(form)
        for diminutive in small(form):
            yield from (diminutive, diminutive + "s")
        return
    head = next((i for i, word in enumerate(words) if word in PREPOSITIONS), len(words))
    for last in plural(words[-1]) if head == len(words) else ():
        yield " ".join([*words[:-1], last])
    if language == "pt":
        for first in plural(words[0]):
            yield " ".join([first, *words[1:]])
        yield " ".join([next(iter(plural(word)), word) for word in words[:head]] + words[head:])


def _portuguese_plurals(word: str) -> Iterator[str]:
    stem = word[:-1]
    if word.endswith(("s", "x")):
        return  # óculos, tênis, tórax: the same, or listed with its plural
    if word.endswith("ão"):
        yield word[:-2] + "ões"
        yield word + "s"
    elif word.endswith("m"):
        yield stem + "ns"
    elif word.endswith(("r", "z", "n")):
        yield word + "es"
    elif word.endswith(("al", "ol", "ul")):
        accented = {"a": "á", "o": "ó", "u": "ú"} if stem.translate(_UNACCENTED) == stem else {}
        yield stem + "is"
        yield word[:-2] + accented.get(word[-2], word[-2]) + "is"
    elif word.endswith("el"):
        yield word[:-2] + ("eis" if word[:-2].translate(_UNACCENTED) != word[:-2] else "éis")
    elif word.endswith("il"):
        yield stem + "s"
        yield word[:-2] + "eis"
    else:
        yield word + "s"


def _diminutives(word: str) -> Iterator[str]:
    """``barquinho``, ``faquinha``, ``peixinho``, ``farolzinho``, ``trenzinho`` …"""
    bare = word.translate(_UNACCENTED)
    found: list[str] = []
    if len(word) < 3 or word.endswith("s"):
        return
    if word.endswith("m"):
        bare = bare[:-1] + "n"
    found += [bare + "zinho", bare + "zinha"]
    if word[-1] in "aoe":
        root, ends = bare[:-1], {"a": ("inha",), "o": ("inho",), "e": ("inho", "inha")}[word[-1]]
        root = root[:-1] + _HARD.get(word[-2], root[-1:]) if word[-1] != "e" else root
        root = root[:-1] if root.endswith("i") else root
        found += [root + end for end in ends]
    elif word[-1] not in _VOWELS:
        found += [bare + "inho", bare + "inha"]
    yield from (form for form in found if form not in NOT_DIMINUTIVE)


def _english_plurals(word: str) -> Iterator[str]:
    if word in _F_PLURALS:
        yield word.removesuffix("e").removesuffix("f") + "ves"
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        yield word + "es"
    elif word.endswith("y") and word[-2:-1] not in set("aeiou"):
        yield word[:-1] + "ies"
    elif word.endswith("man"):
        yield word[:-3] + "men"
    elif word.endswith("o"):
        yield word + "es"
        yield word + "s"
    else:
        yield word + "s"


def _no_forms(word: str) -> Iterator[str]:
    """English makes its diminutives with other words."""
    return iter(())
