"""Claims without proof: found in advertisements, forgiven in stories, welcome where the brief makes them."""

import pytest

from core.checks.claims import check_claims
from core.checks.reading import Reading
from core.domain.campaign import Brief, Facts

STORY = Facts(show="Farol", season=1, summary="Zuleide volta à ilha.")


def claims(text: str, topic: str = "creme de mãos", level: str = "error", facts: Facts | None = None) -> list[str]:
    found = check_claims(Reading(text, Brief(topic=topic), facts))
    return [each.values["claim"] for each in found if each.level == level]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("O melhor creme do Brasil.", "O melhor creme do Brasil"),
        ("Somos líderes de mercado.", "líderes de mercado"),
        ("Feito com 100% de amor.", "100%"),
        ("Resultado garantido em casa.", "Resultado garantido"),
        ("Um creme carbono neutro.", "carbono neutro"),
        ("Embalagem biodegradável.", "biodegradável"),
        ("Dermatologicamente testado.", "Dermatologicamente testado"),
        ("Cura a depressão.", "Cura a "),
        ("Com frete grátis.", "frete grátis"),
        ("Últimas unidades!", "Últimas unidades"),
        ("O mais vendido da praça.", "O mais vendido"),
        ("Aprovado por especialistas.", "Aprovado por especialistas"),
        ("The best cream in the world.", "The best cream in the world"),
        ("Clinically proven.", "Clinically proven"),
        ("Money-back guarantee.", "Money-back"),
    ],
)
def test_a_claim_without_proof_is_an_error(text, claim):
    (found,) = claims(text)
    assert found.startswith(claim) or claim.startswith(found)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Entrada gratuita para todos.", "feira com entrada franca"),
        ("Algodão 100% orgânico.", "camiseta de algodão 100% orgânico"),
        ("Frasco biodegradável.", "creme em frasco biodegradável"),
        ("Com 20% de desconto.", "creme com 20% off"),
        ("Vagas limitadas.", "oficina para turmas de até oito pessoas"),
    ],
)
def test_a_claim_of_the_brief_may_be_repeated(text, topic):
    assert claims(text, topic) == []


@pytest.mark.parametrize(
    "text",
    [
        "O melhor jeito de começar o dia.",
        "A melhor parte é o cheiro.",
        "Queijo de cura longa, procura certa.",
        "Garanta o seu lugar à mesa.",
        "Presença garantida na festa.",
        "Uma loucura de bom.",
        "Passe em casa e sinta o cheiro do mundo.",
    ],
)
def test_what_anyone_may_say_is_no_claim(text):
    assert claims(text) == []


def test_puffery_is_a_warning():
    assert claims("Um presente perfeito.", level="warning") == ["perfeito"]


def test_a_story_may_tell_of_superlatives_and_cures_but_not_sell_with_them():
    assert claims("O maior segredo da cidade cura a dor de Zuleide.", facts=STORY) == []
    assert claims("A melhor série do Brasil.", facts=STORY) == ["A melhor série do Brasil"]
    assert claims("Satisfação garantida ou seu dinheiro de volta.", facts=STORY)


def test_the_call_to_action_is_the_users_own():
    brief = Brief(topic="creme", call_to_action="Aproveite o frete grátis.")
    assert list(check_claims(Reading("Um creme. Aproveite o frete grátis.", brief))) == []


def test_words_are_found_once():
    assert len(claims("O mais vendido do Brasil, o melhor creme do Brasil.")) == 2
