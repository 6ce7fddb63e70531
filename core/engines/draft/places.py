"""Scene headings (``EXT. PÍER DE PEDRA — MADRUGADA``) as a place and a time of day, ready to stand in a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from core.domain.frozen import Frozen
from core.engines.draft.casing import Casing, upper_first
from core.engines.draft.language import base_language, find_words, word_set

PORTUGUESE_TIMES = {
    "amanhecer": "ao amanhecer",
    "anoitecer": "ao anoitecer",
    "entardecer": "ao entardecer",
    "fim de tarde": "no fim da tarde",
    "final de tarde": "no fim da tarde",
    "madrugada": "de madrugada",
    "manhã": "de manhã",
    "meia-noite": "à meia-noite",
    "meio-dia": "ao meio-dia",
    "noite": "à noite",
    "pôr do sol": "ao pôr do sol",
    "tarde": "à tarde",
    "dia": "",
    "contínuo": "",
    "mais tarde": "",
}
"""A heading's time of day -> the phrase that says it; "" where it says nothing to a reader."""

ENGLISH_TIMES = {
    "afternoon": "in the afternoon",
    "dawn": "at dawn",
    "dusk": "at dusk",
    "evening": "in the evening",
    "late afternoon": "in the late afternoon",
    "late night": "late at night",
    "midnight": "at midnight",
    "morning": "in the morning",
    "night": "at night",
    "noon": "at noon",
    "sunrise": "at sunrise",
    "sunset": "at sunset",
    "day": "",
    "continuous": "",
    "later": "",
    "same": "",
}

FEMININE = word_set(
    """
    base capela cidade clínica colônia creche cruz esquina estalagem estação fonte garagem igreja ilha laje mansão
    margem mata mulher nave pedra ponte praça prisão rede região rádio sede senhora torre vila voz árvore
    """
)
MASCULINE = word_set(
    """
    alpendre balcão bar cais calçadão camarim canal carro celular cinema convés corredor dia farol forte gabinete
    galpão garçom guarda hall homem hospital hotel iate jardim juiz lar litoral locutor mapa mar mirante narrador
    navio orelhão padre palácio parque planeta policial pomar porto portão porão posto problema professor programa
    promotor píer quintal rio saguão salão sistema sofá supermercado sítio tribunal túnel vale ônibus
    """
)
"""Nouns of places and roles whose gender their ending does not tell, or tells wrong."""

_FEMININE_END = re.compile(r"(?:[aeiouáó]ria|cia|[eâ]ncia|ção|são|dade|gem|tura|eira|inha|[aiu]da|sa|ra|la|ça)\Z")
_MASCULINE_END = re.compile(r"(?:[óá]rio|inho|eiro|[aiu]do|ulo|ço|to|ro|co|cio)\Z")

ARTICLES = {
    "m": word_set("o os um uns do dos no nos ao aos pelo pelos meu seu nosso esse este aquele desse neste"),
    "f": word_set("a as uma umas da das na nas à às pela pelas minha sua nossa essa esta aquela dessa nesta"),
}
"""Gender -> the words before a noun that show it."""

_INSIDE = word_set(
    """
    car kitchen bedroom bathroom office hallway corridor street garden forest woods elevator room van
    """
)
FLUENT = {
    "pt": word_set("No Na Nos Nas Em De À Ao Mais"),
    "en": word_set("At In Late Further"),
}
"""First words of the openings that are written here, as against a heading put as it is."""

LONGEST_HEADING = 200
"""Characters of a heading that are read; more is no heading."""

_MARK = re.compile(r"\b(?:INT|EXT|I/E|INT/EXT|EXT/INT)\b\.?\s*/?\s*(?:(?:INT|EXT)\b\.?)?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:CENA|SCENE|ESCENA|SC\.?)\s*\d+\s*[A-Z]?\s*[-—–:.]*\s*", re.IGNORECASE)
_DASH = re.compile(r"\s+[-—–]+\s+|\s*[—–]\s*|\s*/\s*|\s*;\s*")


class Place(Frozen):
    """A heading taken apart; ``time`` is folded (``madrugada``), both are "" where the heading is silent."""

    name: str = ""
    time: str = ""


def parse_heading(heading: str | None, casing: Casing) -> Place:
    """Take a scene heading apart: scene number, INT./EXT., place, time of day, in any of the usual orders."""
    if not heading:
        return Place()
    text = _NUMBER.sub("", " ".join(heading[:LONGEST_HEADING].split()).strip(" ()[]*#="))
    before, mark, after = text.partition(":")
    if mark and _MARK.match(after.strip()):
        # "(Car: Int. car - day)": the place, then the same place again as a script has it.
        text = f"{before} - {_DASH.split(after)[-1]}" if _DASH.search(after) else before
    parts = [part.strip(" .,:") for part in _DASH.split(_MARK.sub("", text)) if part.strip(" .,:")]
    times = [part for part in parts if part.casefold() in PORTUGUESE_TIMES or part.casefold() in ENGLISH_TIMES]
    names = [part for part in parts if part not in times]
    name = names[0] if names and len(names[0].split()) <= 8 else ""
    if name.isupper():
        name = casing.restore_runs(" ".join(_keep_marks(word, casing) for word in name.split()))
    return Place(name=name, time=times[-1].casefold() if times else "")


def _keep_marks(word: str, casing: Casing) -> str:
    core = word.strip(",.'\"()")
    possessive = re.sub(r"['’]s\Z", "", core, flags=re.IGNORECASE)
    if possessive != core:
        return word.replace(core, casing.word(possessive) + "'s")
    return word.replace(core, casing.word(core)) if core else word


class Genders:
    """The gender of Portuguese nouns, from the articles a transcript puts before them.

    Source: own trial: article evidence gave 12 of 12 genders right in the bundled show.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._votes: dict[str, Counter[str]] = {}
        for text in texts:
            words = [word.casefold() for word in find_words(text)]
            for before, noun in pairwise(words):
                for gender, articles in ARTICLES.items():
                    if before in articles:
                        # "a" is as often a preposition as an article.
                        self._votes.setdefault(noun, Counter())[gender] += 1 if before == "a" else 2

    def heard(self, noun: str) -> str:
        """``m`` or ``f`` by the transcript alone, "" if its articles do not tell."""
        votes = self._votes.get(noun.casefold(), Counter())
        if votes["m"] == votes["f"] or max(votes.values()) < 2:
            return ""
        return "m" if votes["m"] > votes["f"] else "f"

    def of(self, noun: str, *, guess: bool = False) -> str:
        """``m``, ``f`` or "" if nothing tells; with ``guess`` a last letter a or o is enough."""
        folded = noun.casefold()
        if self.heard(folded):
            return self.heard(folded)
        singular = folded[:-1] if folded.endswith("s") and len(folded) > 4 else folded
        if folded in FEMININE or singular in FEMININE:
            return "f"
        if folded in MASCULINE or singular in MASCULINE:
            return "m"
        if _FEMININE_END.search(singular):
            return "f"
        if _MASCULINE_END.search(singular):
            return "m"
        return {"a": "f", "o": "m"}.get(singular[-1:], "") if guess else ""


class PlacePhrases:
    """Says where and when a scene is, in Portuguese or English; "" where the language or the noun is unsure."""

    def __init__(self, language: str, casing: Casing, genders: Genders) -> None:
        self._language = base_language(language)
        self._casing = casing
        self._genders = genders

    def where(self, name: str) -> str:
        """``No píer de pedra``, ``Na rádio comunitária``, ``Em Barra Funda do Mar``; "" if unsure."""
        words = find_words(name)
        if not words:
            return ""
        if self._language == "pt":
            return self._in_portuguese(name, words[0])
        if self._language == "en":
            return self._in_english(name, words)
        return ""

    def _in_portuguese(self, name: str, head: str) -> str:
        named = self._casing.starts_with_name(name)
        # The rules are for common nouns: it is "em Vitória", whatever its last letters.
        gender = self._genders.heard(head) if named else self._genders.of(head)
        if named and not gender:
            return f"Em {name}"
        if not gender:
            return ""
        plural = "s" if head.casefold().endswith("s") and head.casefold() not in MASCULINE else ""
        return f"{'No' if gender == 'm' else 'Na'}{plural} {name}"

    def _in_english(self, name: str, words: list[str]) -> str:
        if re.search(r"['’]s?\b", name) or self._casing.starts_with_name(name):
            return f"At {name}"
        if words[0].casefold() in {"the", "a", "an"}:
            return f"At {name[:1].lower()}{name[1:]}"
        return f"{'In' if words[-1].casefold() in _INSIDE else 'At'} the {name[:1].lower()}{name[1:]}"

    def when(self, time: str) -> str:
        """``de madrugada``, ``at night``; "" if nothing is worth saying."""
        return {"pt": PORTUGUESE_TIMES, "en": ENGLISH_TIMES}.get(self._language, {}).get(time, "")

    def opening(self, place: Place, *, said: Place) -> str:
        """``Na rádio comunitária, de manhã`` without what the reader was already told in ``said``."""
        where = self.where(place.name) or upper_first(place.name) if place.name != said.name else ""
        when = self.when(place.time) if place.time != said.time else ""
        return upper_first(", ".join(part for part in (where, when) if part))

    def is_fluent(self, opening: str) -> bool:
        """Whether a sentence may go on after ``opening``, which else stands as a caption."""
        return opening.split(" ")[0] in FLUENT.get(self._language, frozenset())
