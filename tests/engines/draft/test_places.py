"""core/engines/draft/places.py: headings taken apart, genders found, phrases that read well."""

import pytest

from core.engines.draft.casing import Casing
from core.engines.draft.places import Genders, Place, PlacePhrases, parse_heading

TEXTS = [
    "Eu vi a rede de pedra em Barra Funda do Mar, perto da Laje do Sino.",
    "Vou na Laje do Sino. A ponte do Rogério caiu sobre o navio.",
]
CASING = Casing(TEXTS, ["ROGÉRIO"])
GENDERS = Genders(TEXTS)


@pytest.mark.parametrize(
    ("heading", "name", "time"),
    [
        ("EXT. PÍER DE PEDRA — MADRUGADA", "píer de pedra", "madrugada"),
        ("CENA 5C — INT. CASA DE ROGÉRIO — FIM DE TARDE", "casa de Rogério", "fim de tarde"),
        ("INT./EXT. CARRO - NOITE", "carro", "noite"),
        ("EXT. BARRA FUNDA DO MAR — DIA", "Barra Funda do Mar", "dia"),
        ("(Car: Int. car - day)", "Car", "day"),
        ("JERRY'S APARTMENT - NIGHT", "jerry's apartment", "night"),
        ("CASA / COZINHA — MANHÃ", "casa", "manhã"),
        ("INT. NOITE", "", "noite"),
        ("", "", ""),
        (None, "", ""),
        ("EXT. " + " " * 100_000 + "— NOITE", "", ""),
        ("palavra " * 40, "", ""),
    ],
)
def test_parse_heading(heading: str | None, name: str, time: str) -> None:
    assert parse_heading(heading, CASING) == Place(name=name, time=time)


@pytest.mark.parametrize(
    ("noun", "gender"),
    [
        ("navio", "m"),
        ("laje", "f"),
        ("píer", "m"),
        ("padaria", "f"),
        ("estação", "f"),
        ("escritório", "m"),
        ("mapa", "m"),
        ("ruas", ""),
        ("Horizonte", ""),
    ],
)
def test_genders(noun: str, gender: str) -> None:
    assert GENDERS.of(noun) == gender


def test_the_transcript_outranks_the_rules() -> None:
    assert Genders(["Subiu no sentinela. O sentinela viu."]).of("sentinela") == "m"
    assert Genders(["a bordo"]).of("bordo") == ""
    assert Genders([]).of("caneta", guess=True) == "f"


@pytest.mark.parametrize(
    ("language", "name", "where"),
    [
        ("pt", "píer de pedra", "No píer de pedra"),
        ("pt-BR", "casa de Rogério", "Na casa de Rogério"),
        ("pt", "Barra Funda do Mar", "Em Barra Funda do Mar"),
        ("pt", "Laje do Sino", "Na Laje do Sino"),
        ("pt", "padarias", "Nas padarias"),
        ("pt", "ônibus", "No ônibus"),
        ("pt", "xique-xique", ""),
        ("en", "radio station", "At the radio station"),
        ("en", "Car", "In the car"),
        ("en", "Jerry's apartment", "At Jerry's apartment"),
        ("en", "The Docks", "At the Docks"),
        ("de", "hafen", ""),
        ("pt", "", ""),
    ],
)
def test_where(language: str, name: str, where: str) -> None:
    assert PlacePhrases(language, CASING, GENDERS).where(name) == where


def test_an_opening_says_only_what_is_new() -> None:
    phrases = PlacePhrases("pt", CASING, GENDERS)
    dawn, night = Place(name="píer de pedra", time="madrugada"), Place(name="píer de pedra", time="noite")
    assert phrases.opening(dawn, said=Place()) == "No píer de pedra, de madrugada"
    assert phrases.opening(night, said=dawn) == "À noite"
    assert phrases.opening(night, said=night) == ""
    assert phrases.opening(Place(name="xique-xique", time="noite"), said=dawn) == "Xique-xique, à noite"


def test_a_caption_is_not_fluent() -> None:
    phrases = PlacePhrases("pt", CASING, GENDERS)
    assert phrases.is_fluent("No píer")
    assert not phrases.is_fluent("Xique-xique")
