"""Which words name a subject."""

import pytest

from core.checks.subject import names_subject
from core.domain.campaign import Brief, Facts


def named(text: str, topic: str, call: str = "", language: str = "pt-BR") -> bool:
    return names_subject(text, Brief.model_validate({"topic": topic, "call_to_action": call, "language": language}))


@pytest.mark.parametrize(
    ("topic", "with_it", "without"),
    [
        ("LumiChá: chaleira elétrica silenciosa", "Conheça a LumiChá.", "Conheça a chaleira silenciosa."),
        ("Bicicleta Garoa, de aço", "A garoa chegou.", "A bicicleta chegou."),
        ("Bicicleta urbana Garoa: quadro de aço", "A Garoa chegou.", "A bicicleta urbana chegou."),
        ("Pousada Pedra do Sapo, na serra", "Durma na Pedra do Sapo.", "Durma na pousada."),
        ("Sabonete de camomila em barra", "Um sabonete suave.", "Uma novidade suave."),
        ("Aulas de violão em Niterói", "Aprenda violão.", "Aprenda já."),
        ("tênis infantil pé de vento", "O tênis que corre.", "O presente que corre."),
        ("Quero um post sobre meu salão de beleza", "O salão abre hoje.", "Um post para você."),
        ("Lançamento do livro Cartas ao Mar", "Cartas ao Mar chega.", "Chegou o dia."),
    ],
)
def test_a_name_that_opens_the_topic_must_be_said_and_else_the_thing(topic, with_it, without):
    assert named(with_it, topic)
    assert not named(without, topic)


def test_english_names_come_first():
    assert named("Cascade is light.", "Cascade Runner: a trail shoe", language="en")
    assert not named("A runner climbs.", "Cascade Runner: a trail shoe", language="en")


def test_a_hashtag_in_the_brief_shows_which_word_is_the_name():
    assert not named("The mug is warm.", "Tidewater mug, glazed by hand", "Order now. #TidewaterStudio", "en")


def test_an_episode_is_named_by_its_title_or_its_show():
    facts = Facts(show="Farol", season=1, title="A Lâmpada")
    brief = Brief(show="Farol", season=1)
    assert names_subject("Em A Lâmpada, Zuleide sobe.", brief, facts)
    assert names_subject("Farol volta hoje.", brief, facts)
    assert not names_subject("Zuleide sobe.", brief, facts)


def test_a_topic_that_names_nothing_asks_for_nothing():
    assert named("Qualquer coisa.", "de o a")
