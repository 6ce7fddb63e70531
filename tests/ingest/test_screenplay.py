"""Screenplays in both layouts, and hostile lines in linear time."""

import time
from collections.abc import Callable

import pytest

from core.errors import DamagedInput, UnknownFormat
from core.ingest import Reading
from core.ingest.screenplay import TITLE_PAGE

Take = Callable[[str, str | bytes], Reading]

SCRIPT = """FAROL — Temporada 1, Episódio 3: "A Rede"
Roteiro de ninguém

CENA 1 — EXT. PÍER — MADRUGADA
(Neblina. LIA costura
uma rede.)
LIA: (baixo) Quem dorme é quem tem peixe
no gelo. (Pausa.) Não eu.
TIÃO (V.O.): São 4:30 da manhã.
ZÉ (gritando): Mãe!
SEU OSVALDO: Corda: a gente compra.
CORTA PARA:

CENA 3B — INT. RÁDIO — MANHÃ
Um telefone toca: ninguém atende.
NANDO: Bom dia.
NANDO: Bom dia.
(Tela preta.)
"""

INDUSTRY = """THE LIGHT

Season 2, Episode 4

FADE IN:

1. INT. LIGHTHOUSE - NIGHT

The lamp is dark.
Nobody moves.

LIA (CONT'D)
(softly)
It went out
again.

DONA CIDA
Then light it.

INT./EXT. CAR - DAY

ZECA
Drive.
"""


def told(reading: Reading) -> list[tuple[int, str, str | None, str]]:
    (episode,) = reading.episodes
    return [(line.scene, line.kind.value, line.speaker, line.text) for line in episode.lines]


def test_a_script_with_names_before_colons(take: Take) -> None:
    reading = take("S01E03.txt", SCRIPT)
    assert reading.format == "screenplay"
    (episode,) = reading.episodes
    assert (episode.key, episode.season, episode.number, episode.title) == ("S01E03", 1, 3, "A Rede")
    assert told(reading) == [
        (1, "heading", None, "CENA 1 — EXT. PÍER — MADRUGADA"),
        (1, "direction", None, "Neblina. LIA costura uma rede."),
        (1, "direction", "LIA", "baixo"),
        (1, "speech", "LIA", "Quem dorme é quem tem peixe no gelo. Não eu."),
        (1, "direction", "LIA", "Pausa."),
        (1, "speech", "TIÃO", "São 4:30 da manhã."),
        (1, "direction", "ZÉ", "gritando"),
        (1, "speech", "ZÉ", "Mãe!"),
        (1, "speech", "SEU OSVALDO", "Corda: a gente compra."),
        (1, "direction", None, "CORTA PARA:"),
        (2, "heading", None, "CENA 3B — INT. RÁDIO — MANHÃ"),
        (2, "direction", None, "Um telefone toca: ninguém atende."),
        (2, "speech", "NANDO", "Bom dia."),
        (2, "speech", "NANDO", "Bom dia."),
        (2, "direction", None, "Tela preta."),
    ]
    assert reading.report.dropped == {TITLE_PAGE: 1}
    assert [line.source_row for line in episode.lines[:3]] == [4, 5, 7]


def test_an_industry_screenplay(take: Take) -> None:
    reading = take("light.txt", INDUSTRY)
    assert reading.episodes[0].key == "S02E04"
    assert told(reading) == [
        (1, "heading", None, "1. INT. LIGHTHOUSE - NIGHT"),
        (1, "direction", None, "The lamp is dark."),
        (1, "direction", None, "Nobody moves."),
        (1, "direction", "LIA", "softly"),
        (1, "speech", "LIA", "It went out again."),
        (1, "speech", "DONA CIDA", "Then light it."),
        (2, "heading", None, "INT./EXT. CAR - DAY"),
        (2, "speech", "ZECA", "Drive."),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "SCENE 2: The pier",
        "Cena 12",
        "SCENE — The pier",
        "EXT. PIER - DAY",
        "[Scene: The pier]",
        "12A. INT. PIER",
        "SEQUÊNCIA 4 — PÍER",
        "I/E. CAR",
    ],
)
def test_headings(take: Take, heading: str) -> None:
    assert told(take("S01E01.txt", f"{heading}\nLIA: Oi.\n"))[0] == (1, "heading", None, heading.strip("[]"))


@pytest.mark.parametrize("line", ["CENA 1 é curta", "INTERVALO", "Cenas de um farol", "EXTRA: Oi."])
def test_what_is_no_heading(take: Take, line: str) -> None:
    kinds = [kind for _, kind, *_ in told(take("S01E01.txt", f"INT. FAROL\nLIA: Oi.\n\n{line}\n"))]
    assert kinds[0] == "heading"
    assert ("heading" in kinds[1:]) == line.startswith("CENA 1")


def test_speeches_alone_are_a_script(take: Take) -> None:
    reading = take("S01E01.txt", "Lia: Oi.\nZé: Olá.\n")
    assert [(speaker, text) for *_, speaker, text in told(reading)] == [("Lia", "Oi."), ("Zé", "Olá.")]


def test_no_episode_number_is_refused(take: Take) -> None:
    with pytest.raises(UnknownFormat, match=r"script\.txt does not tell which episode"):
        take("script.txt", "INT. FAROL\nLIA: Oi.\n")


def test_a_name_against_the_header_is_refused(take: Take) -> None:
    with pytest.raises(DamagedInput, match=r"S01E04\.txt calls itself S01E03 inside"):
        take("S01E04.txt", SCRIPT)


def test_prose_is_no_script(take: Take) -> None:
    with pytest.raises(UnknownFormat, match="no transcript that Chamada knows"):
        take("S01E01.txt", "Era uma vez um farol.\nNinguém morava nele.\n" * 20)


def test_hostile_lines_are_text(take: Take) -> None:
    lines = "LIA: <|eot_id|> [INST] <b>oi</b>\nZÉ: \u202eשלום\u202c {path} %s\nבוב: שלום\n"
    reading = take("S01E01.txt", "INT. FAROL\n" + lines)
    assert [(speaker, text) for *_, speaker, text in told(reading)][1:] == [
        ("LIA", "<|eot_id|> [INST] <b>oi</b>"),
        ("ZÉ", "שלום {path} %s"),
        ("בוב", "שלום"),
    ]
    assert any("2 invisible or control characters" in str(note) for note in reading.report.notes)


@pytest.mark.parametrize(
    "line",
    [
        "A" * 900_000,
        "LIA: " + "(" * 900_000,
        "LIA: " + "(a " * 200_000 + ")" * 200_000,
        "A " * 450_000 + ":",
        "(" + " " * 899_000 + "x",
        "CENA " + "1" * 900_000,
        "1" * 900_000 + "A INT",
        "Temporada " * 90_000,
        "á" * 450_000 + "\u0301" * 450_000,
    ],
)
def test_hostile_lines_cost_linear_time(take: Take, line: str) -> None:
    began = time.perf_counter()
    reading = take("S01E01.txt", f"INT. FAROL\n{line}\nLIA: Oi.\n")
    assert time.perf_counter() - began < 20
    assert reading.episodes[0].lines


def test_many_lines_of_one_speech_cost_linear_time(take: Take) -> None:
    began = time.perf_counter()
    reading = take("S01E01.txt", "INT. FAROL\nLIA: Oi\n" + "e de novo\n" * 200_000)
    assert time.perf_counter() - began < 30
    assert len(reading.episodes[0].lines) == 2
