"""Spelling, European Portuguese, and the language of a text."""

import pytest

from core.checks.dictionary import is_word, knows, meant
from core.checks.reading import Reading
from core.checks.wording import check_european, check_language, check_spelling, is_foreign, tell_language
from core.domain.campaign import Brief


def reading(text: str, topic: str = "tênis", language: str = "pt-BR") -> Reading:
    return Reading(text, Brief.model_validate({"topic": topic, "language": language}))


def misspelled(text: str, **brief: str) -> list[str]:
    return [each.values["word"] for each in check_spelling(reading(text, **brief)) if each.level == "error"]


def test_the_dictionaries_know_both_languages():
    assert knows("tênis", "pt")
    assert knows("colour", "en")
    assert knows("color", "en")
    assert not knows("façe", "pt")


@pytest.mark.parametrize(
    "word",
    ["post", "stories", "pix", "rolê", "quentinho", "superleve", "muuuito", "kkkk", "guarda-chuva", "eco-friendly"],
)
def test_marketing_words_derived_words_and_slang_are_words(word):
    assert is_word(word, "pt")


@pytest.mark.parametrize(
    ("word", "right"),
    [("cliquee", "clique"), ("voce", "você"), ("agua", "água"), ("cafe", "café"), ("exelente", "excelente")],
)
def test_a_word_is_known_by_its_misspelling(word, right):
    assert meant(word, "pt") == (right,)


@pytest.mark.parametrize(
    "text",
    [
        "O Zezinho da Quitanda abriu a Xerelé ontem.",
        "Duolingo e Kwai na mesma tela.",
        "Baixe o iPhone da LG na OLX, em SP ou no ABC.",
        "Siga @lojinha_xpto, escreva para oi@xpto.com.br e veja xpto.com.br/zzyx.",
        "Bora de brunch? Tem bacon, cheddar e um drink no rooftop.",
        "#NovidadeXpto na bio",
        "Passe no café d’Água Branca, à beira-mar.",
    ],
)
def test_names_brands_addresses_and_loans_are_not_misspelled(text):
    assert misspelled(text) == []


def test_words_of_the_brief_are_right_as_they_stand():
    assert misspelled("O xaropim de tutuca chegou.", topic="xaropim de tutuca") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Cliquee no link.", "Cliquee"),
        ("Peça agora e reseba em casa.", "reseba"),
        ("Um cafe quente.", "cafe"),
        ("OFERTA IMPERDIVEL na loja.", "IMPERDIVEL"),
    ],
)
def test_a_misspelling_is_found(text, word):
    assert misspelled(text) == [word]


def test_english_copy_is_spelled_in_english():
    assert misspelled("You will recieve it at your favourite coffee shop.", language="en") == ["recieve"]


def test_a_text_full_of_noise_costs_no_suggestions():
    noise = " ".join(f"qx{chr(97 + n % 26)}zw{chr(97 + n // 26)}kj" for n in range(400))
    assert len(list(check_spelling(reading(noise)))) == 400


@pytest.mark.parametrize(
    ("text", "brazilian"),
    [
        ("A vossa equipa merece.", ["sua", "equipe"]),
        ("Estamos a preparar uma acção.", ["Estamos preparando", "ação"]),
        ("Um ténis económico.", ["tênis", "econômico"]),
        ("O pequeno-almoço no ecrã.", ["café da manhã", "tela"]),
    ],
)
def test_european_portuguese_is_named_with_its_brazilian_form(text, brazilian):
    assert [each.values["brazilian"] for each in check_european(reading(text))] == brazilian


@pytest.mark.parametrize(
    "text", ["Você está pronta para sair?", "O fato é leve e ligeiro.", "Começamos a vender hoje."]
)
def test_brazilian_portuguese_is_not_european(text):
    assert list(check_european(reading(text))) == []


def test_a_european_word_of_the_brief_may_stay():
    assert list(check_european(reading("A Equipa chegou.", topic="Equipa, loja de botas"))) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Corra para a loja e leve o seu antes que acabe.", "pt"),
        ("Run to the store and get yours before they are gone.", "en"),
        ("Corre a la tienda y llévate el tuyo antes de que se acaben los pares.", "es"),
    ],
)
def test_the_language_of_a_sentence(text, language):
    assert tell_language(text, "pt") == language


def test_one_foreign_sentence_is_pointed_at_and_not_spell_checked():
    text = "O tênis é leve. Run with us and you will feel the difference. Leve o seu."
    (finding,) = check_language(reading(text))
    assert text[finding.start : finding.end] == "Run with us and you will feel the difference."
    assert misspelled(text) == []


def test_a_foreign_text_is_one_finding():
    text = "Run with us. You will feel the difference in your first mile. It is light and it is made for the city."
    assert len(list(check_language(reading(text)))) == 1


def test_a_quote_from_the_brief_may_be_in_its_own_language():
    text = "Eles disseram: we were here before the sea was blue. E ficaram."
    assert list(check_language(reading(text, topic='disco "we were here before the sea was blue"'))) == []


@pytest.mark.parametrize(
    ("text", "expected", "foreign"),
    [
        ("Handmade ceramic mugs", "pt", True),
        ("This is a great new coffee from Brazil", "pt", True),
        ("Pão de queijo", "en", True),
        ("Food truck na praça, com hambúrguer", "pt", False),
        ("Tênis Cascade Runner", "pt", False),
        ("Workshop de marketing", "pt", False),
        ("A trail shoe by Passo Leve", "en", False),
    ],
)
def test_a_few_words_tell_their_language_and_names_do_not(text, expected, foreign):
    assert is_foreign(text, expected) is foreign
