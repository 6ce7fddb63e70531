"""core/engines/draft/language.py: languages told apart, words, stems."""

import pytest

from core.engines.draft.language import (
    base_language,
    content_stems,
    count_words,
    find_language,
    find_words,
    stem,
    stop_words,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Quem dorme é quem tem peixe no gelo.", "pt"),
        ("NÃO VOU FALAR DO PORTO", "pt"),
        ("I don't know", "en"),
        ("No lo sé, hombre", "es"),
        ("C'est la vie", "fr"),
        ("Ich weiß es nicht", "de"),
        ("Привет, как дела?", "ru"),
        ("مرحبا كيف حالك", "ar"),
        ("これは本です", "ja"),
        ("🎉🎉", "und"),
        ("1978 — 87", "und"),
        ("", "und"),
    ],
)
def test_find_language(text: str, language: str) -> None:
    assert find_language(text) == language


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert find_language("Quem dorme é quem tem peixe no gelo. " * 600 + "The fish is on ice. " * 5000) == "pt"


def test_words_keep_hyphens_and_apostrophes() -> None:
    assert find_words("O guarda-chuva d'água, 40%!") == ["O", "guarda-chuva", "d'água", "40"]


@pytest.mark.parametrize(("text", "words"), [("um dois  três", 3), ("", 0), ("今日はいい天気", 4)])
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words


def test_stems_join_inflections() -> None:
    assert stem("REDES", "pt-BR") == stem("rede", "pt")
    assert stem("networks", "en") == stem("network", "en")
    assert stem("Redes", "xx") == "redes"
    assert stem("a" * 500, "pt") == "a" * 500


def test_content_stems_drop_what_says_nothing() -> None:
    assert content_stems("A rede do Bento e as redes de 1978", "pt") == [stem("rede", "pt"), "bent", stem("rede", "pt")]


def test_a_language_without_a_list_has_no_stop_words() -> None:
    assert "não" in stop_words("pt-BR")
    assert stop_words("xx") == frozenset()


@pytest.mark.parametrize("tag", ["pt", "pt-BR", "pt_BR", "PT-br"])
def test_base_language(tag: str) -> None:
    assert base_language(tag) == "pt"
