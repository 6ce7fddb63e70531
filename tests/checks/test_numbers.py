"""Numbers in digits and words, in both languages, against a brief."""

import pytest

from core.checks.numbers import check_numbers, find_numbers
from core.checks.reading import Reading
from core.domain.campaign import Brief


def found(text: str, language: str = "pt") -> list[float]:
    return [
        min(number.values) if len(number.values) == 1 else max(number.values) for number in find_numbers(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("oitenta por cento", [80]),
        ("oitenta e cinco mil e duzentos", [85_200]),
        ("mil e duzentas garrafas", [1200]),
        ("dois mil e vinte e seis", [2026]),
        ("três ou quatro", [3, 4]),
        ("duas e cinquenta", [2, 50]),
        ("um prato e uma mesa", []),
        ("cento e um", [101]),
        ("dois milhões e meio", [2_000_000]),
        ("412 mil reais", [412_000]),
        ("a terceira temporada", [3]),
        ("meia dúzia", [6]),
    ],
)
def test_portuguese_number_words(text, values):
    assert found(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("eighty percent", [80]),
        ("forty-eight hours", [48]),
        ("one hundred and five", [105]),
        ("two thousand twenty-six", [2026]),
        ("more than a hundred", [100]),
        ("one of them", []),
    ],
)
def test_english_number_words(text, values):
    assert found(text, "en") == values


def test_digits_are_read_with_either_comma():
    (number,) = find_numbers("1.234,50", "pt")
    assert 1234.5 in number.values
    (number,) = find_numbers("1,234.50", "en")
    assert 1234.5 in number.values


def errors(text: str, topic: str, language: str = "pt-BR") -> list[str]:
    brief = Brief.model_validate({"topic": topic, "language": language})
    return [each.values["number"] for each in check_numbers(Reading(text, brief)) if each.level == "error"]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Feita com 80 % de lã", "manta com 80% de lã"),
        ("Feita com oitenta por cento de lã", "manta com 80% de lã"),
        ("São 3 cores", "manta em três cores"),
        ("Por R$40", "manta por R$ 40,00"),
        ("Quatro reais e cinquenta centavos", "pão por R$ 4,50"),
        ("São 1200 garrafas", "produção de 1.200 garrafas"),
        ("No dia 14/6", "festa em 14 de junho"),
        ("Às sete da noite", "festa às 19h"),
        ("A temporada 2, episódio 5", "S02E05"),
        ("Três motivos: leve, quente e macia", "manta leve, quente e macia"),
        ("Dois motivos:\n- leve\n- quente", "manta"),
        ("1. Leve\n2. Quente", "manta"),
        ("Role o D20", "jogo"),
        ("Comece do zero, nota dez, mil e uma ideias", "curso"),
        ("Cena 1 (0–4 s)\nVisual: três mantas\nNarração: macia", "manta"),
        ("Veja em exemplo.com/2024 e no #Top10", "manta"),
        ("Entre dois amores", "novela"),
        ("De quinze em quinze dias", "entrega quinzenal"),
        ("Música dos anos 80", "festa"),
    ],
)
def test_what_the_brief_says_in_any_form_is_no_error(text, topic):
    assert errors(text, topic) == []


@pytest.mark.parametrize(
    ("text", "topic", "number"),
    [
        ("Feita 100% de lã", "manta com 80% de lã", "100%"),
        ("Feita com 80 mantas", "manta com 80% de lã", "80"),
        ("Garantia de três anos", "manta", "três"),
        ("Mais de cem por cento", "manta", "cem por cento"),
        ("Por R$ 39,90", "manta por R$ 49,90", "39,90"),
        ("Mais de mil clientes", "manta", "mil"),
    ],
)
def test_what_the_brief_does_not_say_is_an_error(text, topic, number):
    assert errors(text, topic) == [number]


def test_english_words_are_read_in_english_copy():
    assert errors("Lasts twelve hours", "lamp, 12 hours of light", "en") == []
    assert errors("Lasts twelve hours", "lamp, 8 hours of light", "en") == ["twelve"]
