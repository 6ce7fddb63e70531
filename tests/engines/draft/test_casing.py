"""core/engines/draft/casing.py: capitals learned from the transcript itself."""

import pytest

from core.engines.draft.casing import Casing, capitalize, upper_first

CASING = Casing(
    [
        "A dona Lurdes costura a rede em Barra Funda do Mar.",
        "Ontem a Rádio Maré calou. Esta rádio não cala.",
        "Hoje o promotor chega e a Helena também.",
    ],
    ["LURDES", "PROMOTOR", "MR. HAT", "ZÉ"],
)


@pytest.mark.parametrize(
    ("word", "written"),
    [("LURDES", "Lurdes"), ("D'ÁVILA", "D'Ávila"), ("KYLE'S", "Kyle's"), ("MAR-ALTO", "Mar-Alto")],
)
def test_capitalize(word: str, written: str) -> None:
    assert capitalize(word) == written


@pytest.mark.parametrize(
    ("word", "written"),
    [("DONA", "dona"), ("HELENA", "Helena"), ("ZÉ", "Zé"), ("RÁDIO", "rádio"), ("NUNCA", "nunca"), ("Cida", "Cida")],
)
def test_a_word_is_written_as_inside_a_sentence(word: str, written: str) -> None:
    assert CASING.word(word) == written


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("DONA LURDES", "Dona Lurdes"),
        ("MARIA DO CARMO", "Maria do Carmo"),
        ("JOÃO II", "João II"),
        ("mr. hat", "Mr. hat"),
    ],
)
def test_a_name_takes_capitals(speaker: str, name: str) -> None:
    assert CASING.name(speaker) == name


@pytest.mark.parametrize(
    ("direction", "told"),
    [
        ("DONA LURDES costura.", "Dona Lurdes costura."),
        ("O PROMOTOR e LURDES saem da TV.", "O promotor e Lurdes saem da TV."),
        ("LURDES COSTURA A REDE.", "Lurdes costura a rede."),
    ],
)
def test_a_direction_becomes_a_sentence(direction: str, told: str) -> None:
    assert CASING.sentence(direction) == told


def test_names_of_several_words_are_restored() -> None:
    assert CASING.restore_runs("praça de barra funda do mar") == "praça de Barra Funda do Mar"
    assert CASING.starts_with_name("barra funda do mar")
    assert not CASING.starts_with_name("rede cortada")
    assert not CASING.starts_with_name("")


def test_roles_are_no_names() -> None:
    assert CASING.is_role("PROMOTOR")
    assert CASING.is_role("NARRADOR")
    assert not CASING.is_role("LURDES")
    assert not CASING.is_role("HOMEM DE FERRO")


def test_capitals_throughout_teach_nothing() -> None:
    assert Casing(["O BENTO FUGIU COM A LURDES"]).word("BENTO") == "bento"


def test_upper_first() -> None:
    assert (upper_first("é"), upper_first("")) == ("É", "")
