"""Speakers, cues and directions within a line, in linear time."""

import time

import pytest

from core.ingest.dialogue import Spoken, is_bracketed, is_cue, split_cue, split_directions, split_speaker, unwrap


@pytest.mark.parametrize(
    ("text", "brackets", "spoken"),
    [
        ("(SAD) Hello (beat) there", "round", Spoken("Hello there", ("SAD",), ("beat",))),
        ("[Sighs.] Come on.", "square", Spoken("Come on.", ("Sighs.",))),
        ("(only)", "round", Spoken("", ("only",))),
        ("(a)(b) c ()", "round", Spoken("c", ("a", "b"))),
        ("one ) two ( three", "round", Spoken("one ) two ( three")),
        ("((deep) in)", "round", Spoken("( in)", (), ("deep",))),
        ("(round) stays", "square", Spoken("(round) stays")),
    ],
)
def test_directions(text: str, brackets: str, spoken: Spoken) -> None:
    assert split_directions(text, brackets) == spoken


@pytest.mark.parametrize("text", ["(" * 900_000, "(a" * 450_000, "()" * 450_000, ")" * 900_000])
def test_brackets_cost_linear_time(text: str) -> None:
    began = time.perf_counter()
    split_directions(text, "round")
    split_speaker(text, strict=True)
    unwrap(text)
    assert time.perf_counter() - began < 10


def test_unwraps_one_whole_pair_only() -> None:
    assert unwrap("(Fog. A lamp.)") == "Fog. A lamp."
    assert unwrap("(one) and (two)") == "(one) and (two)"
    assert unwrap("(") == "("
    assert is_bracketed("[x]")
    assert not is_bracketed("(x]")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TIÃO: Bom dia.", ("TIÃO", "Bom dia.")),
        ("Dona Lurdes: Oi: tudo?", ("Dona Lurdes", "Oi: tudo?")),
        ("ZÉ (baixo): Não.", ("ZÉ (baixo)", "Não.")),
        ("GUARDA #2: Alto!", ("GUARDA #2", "Alto!")),
        ("Zé e Tião: Corre!", ("Zé e Tião", "Corre!")),
        ("CORTA PARA:", ("CORTA PARA", "")),
        ("ela disse: vamos", None),
        ("Tião olha e diz: vamos", None),
        ("10:30 da manhã", None),
        ("HTTP://site", None),
        ("— : x", None),
        (": x", None),
        ("NOME " * 30 + ": x", None),
        ("no colon", None),
    ],
)
def test_speakers(text: str, found: tuple[str, str] | None) -> None:
    assert split_speaker(text, strict=True) == found


def test_speakers_of_sources_that_always_name_them() -> None:
    assert split_speaker("the crowd: Hooray", strict=False) == ("the crowd", "Hooray")
    assert split_speaker("What? Really: yes", strict=False) is None


def test_cues() -> None:
    assert split_cue("TIÃO (V.O.)") == ("TIÃO", ())
    assert split_cue("TIÃO (baixo, CONT'D)") == ("TIÃO", ("baixo, CONT'D",))
    assert split_cue("(x)") == ("(x)", ())
    assert is_cue("DONA LURDES (O.S.)")
    assert not is_cue("Dona Lurdes")
    assert not is_cue("FADE OUT.")
    assert not is_cue("1234")
