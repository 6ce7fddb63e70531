"""A topic is what is left of a request."""

import pytest

from core.checks.request import strip_request


@pytest.mark.parametrize(
    ("topic", "subject"),
    [
        ("Quero um post sobre meu salão de beleza", "o salão de beleza"),
        ("Faça um post para o Dia das Mães da minha floricultura", "a floricultura"),
        ("Faça um post para o Dia das Mães", "o Dia das Mães"),
        ("Preciso divulgar a minha loja de roupas", "a loja de roupas"),
        ("Crie uma legenda para a foto do nosso bolo de cenoura", "o bolo de cenoura"),
        ("Escreva um e-mail para as clientes do meu ateliê", "o ateliê"),
        ("Oi, quero um post divertido para o Instagram da minha loja", "a loja"),
        ("Você pode fazer um anúncio da minha barbearia? Abrimos às 9h.", "a barbearia. Abrimos às 9h."),
        ('Divulgação do livro "Onde está meu gato"', 'o livro "Onde está meu gato"'),
        ("Vendo bicicleta seminova", "bicicleta seminova"),
        ("Write a post about my bakery, open every day", "the bakery, open every day"),
        ("I want an email for our summer sale", "the summer sale"),
        ("Can you write a short caption for my candles, please?", "the candles"),
    ],
)
def test_a_request_leaves_what_it_is_about(topic, subject):
    assert strip_request(topic) == subject


@pytest.mark.parametrize(
    "topic",
    [
        "Roteiro de viagem para a Bahia",
        "Campanha de doação de sangue",
        "E-mail marketing para pequenas empresas",
        "Minha Casa Verde: plantas em vaso",
        "Divulgue seu negócio com a gente",
        "Faça uma festa em casa",
        "Quero um post",
        "Copy machine for offices",
        "Tênis de corrida",
    ],
)
def test_what_only_looks_like_a_request_stays(topic):
    assert strip_request(topic) == topic
