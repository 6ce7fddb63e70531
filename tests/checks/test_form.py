"""Talk around a text, gaps, mark-up, addresses, repetitions and shouting."""

import pytest

from core.checks.form import (
    check_addresses,
    check_exclamations,
    check_gaps,
    check_preamble,
    check_repetition,
    check_sentence_count,
    find_preamble,
)
from core.checks.reading import Reading
from core.domain.campaign import Brief

TOPIC = "pão de queijo, veja em padaria.com.br ou @padaria"


def codes(check, text: str, **brief: object) -> list[str]:
    return [each.code for each in check(Reading(text, Brief.model_validate({"topic": TOPIC, **brief})))]


@pytest.mark.parametrize(
    "text",
    [
        "Claro! Aqui está o post: O pão saiu.",
        "Claro!\n\nO pão saiu.",
        "Com certeza! Segue uma sugestão de legenda:\n\nO pão saiu.",
        "Aqui está uma versão do texto em tom animado:\n\nO pão saiu.",
        "Legenda: O pão saiu.",
        "**Post:** O pão saiu.",
        "Sure! Here's your post:\n\nO pão saiu.",
        "Here is a caption for your campaign:\n\nO pão saiu.",
        "Como um modelo de linguagem, não como pão. O pão saiu.",
        '"O pão saiu."',
        "O pão saiu.\n\nEspero que goste!",
        "O pão saiu.\n\nSe quiser, posso ajustar o tom.",
        "O pão saiu.\n\nLet me know if you'd like another version!",
        "O pão saiu.\n\n(12 palavras)",
    ],
)
def test_talk_about_the_text_is_found(text):
    assert codes(check_preamble, text) == ["preamble"]


@pytest.mark.parametrize(
    "text",
    [
        "Aqui está a novidade que você pediu: pão de queijo.",
        "Claro que tem pão de queijo.",
        "Perfeito para o café: pão de queijo quentinho.",
        "Com certeza você já sentiu esse cheiro.",
        "Sure thing: cheese bread.",
        'Ela disse "pão" e ele disse "queijo"',
        "O pão saiu. Espero você na padaria.",
        "Se quiser, peça pelo site.",
        "Olá,\n\nSegue o forno aceso até as 18h.",
    ],
)
def test_a_text_may_begin_and_end_as_people_do(text):
    assert codes(check_preamble, text) == []


def test_a_preamble_ends_where_the_text_begins():
    text = "Claro! Aqui está o seu post:\n\nO pão saiu."
    (span,) = find_preamble(text)
    assert text[span.end :] == "O pão saiu."


@pytest.mark.parametrize("gap", ["[nome]", "{link}", "<cidade>", "XX%", "lorem ipsum", "TODO", "___", "<|eot_id|>"])
def test_what_is_left_to_fill_in_is_found(gap):
    assert codes(check_gaps, f"O pão custa {gap} reais.") == ["placeholder"]


@pytest.mark.parametrize("text", ["Todo dia tem pão.", "Pão (de queijo) <3", "Metodologia.", "ATÉ TODO MUNDO COMER"])
def test_brackets_and_words_like_them_are_no_gaps(text):
    assert codes(check_gaps, text) == []


@pytest.mark.parametrize(
    "text", ["**Pão** fresco", "# Pão\nfresco", "<b>Pão</b>", "![pão](http://x.y/z.png)", "[aqui](u)"]
)
def test_markup_is_found_once(text):
    assert codes(check_gaps, text) == ["markup"]


def test_addresses_and_handles_are_those_of_the_brief():
    assert codes(check_addresses, "Veja em padaria.com.br e siga @padaria.") == []
    assert codes(check_addresses, "Veja em outra.com.br.") == ["url_invented"]
    assert codes(check_addresses, "Escreva para oi@padaria.com.br") == ["url_invented"]
    assert codes(check_addresses, "Siga @outra") == ["handle_invented"]
    assert codes(check_addresses, "Fim.Começo. Nota 9.5. Vc viu?") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pão de de queijo.", 1),
        ("O forno acende cedo demais. Hoje tem. O forno acende cedo demais.", 1),
        ("Não é esse. Não é esse. É esse!", 0),
        ("Muito muito bom, NF-e e boleto.", 0),
        ("Pão que pão que pão.", 0),
    ],
)
def test_repetitions_are_found(text, found):
    assert len(codes(check_repetition, text)) == found


def test_shouting_is_a_warning_and_the_call_may_shout():
    assert codes(check_exclamations, "Pão!!! Queijo.") == ["exclamations"]
    assert codes(check_exclamations, "Pão! Queijo! Forno! Café!") == ["exclamations"]
    assert codes(check_exclamations, "Pão! Vem! Corre! Já!", call_to_action="Vem! Corre! Já!") == []


def test_the_length_is_counted_without_the_call():
    assert codes(check_sentence_count, "Um pão sai. Venha já.", call_to_action="Venha já.") == []
    assert codes(check_sentence_count, "Um pão. " * 9) == ["sentence_count"]
    assert codes(check_sentence_count, "Um pão.", length="long") == ["sentence_count"]
