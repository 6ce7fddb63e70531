"""What of a headline and a call to action is drawn."""

import pytest

from core.compose.wording import drawn_call, drawn_headline


@pytest.mark.parametrize(
    ("call", "drawn"),
    [
        ("Garanta o seu! #OceanWave #CorraPeloPlaneta", "Garanta o seu!"),
        ("Peça em https://www.loja.com.br/cafe?utm=x agora", "Peça em loja.com.br agora"),
        ("Visite www.loja.com.br.", "Visite loja.com.br"),
        ("Escreva para oi@loja.com.br", "Escreva para oi@loja.com.br"),
        ("Garanta o seu na pré-venda! Clique no link da bio e faça parte da mudança.", "Garanta o seu na pré-venda!"),
        ("Compre já. Frete grátis.", "Compre já. Frete grátis"),
        ("#SóHashtag", ""),
        ("Fale com @loja #1", "Fale com @loja"),
        ("  \n ", ""),
    ],
)
def test_calls(call: str, drawn: str) -> None:
    assert drawn_call(call) == drawn


def test_a_headline_loses_its_full_stop_and_hashtags_alone() -> None:
    assert drawn_headline("Maré Alta volta. #mare") == "Maré Alta volta"
    assert drawn_headline("E agora...") == "E agora..."
    assert drawn_headline("Já?") == "Já?"
