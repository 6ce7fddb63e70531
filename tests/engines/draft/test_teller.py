"""core/engines/draft/teller.py and beats.py: scenes told in prose that claims nothing of its own."""

import pytest

from core.domain.show import Line, LineKind
from core.engines.draft.beats import Beat, find_action, make_beat
from core.engines.draft.casing import Casing
from core.engines.draft.places import Genders, Place
from core.engines.draft.quotes import find_quotables
from core.engines.draft.teller import Teller
from tests.show import parse

TEXTS = ["Hoje o promotor chega com a prefeita.", "Vi a Beatriz no píer."]
CASING = Casing(TEXTS, ["BEATRIZ", "NANDO", "PROMOTOR", "PREFEITA"])
PIER = Place(name="píer de pedra", time="noite")
NAMES = frozenset({"beatriz", "nando"})


def tell(*beats: Beat, language: str = "pt", later: int | None = None) -> str:
    return Teller(language, CASING, Genders(TEXTS)).tell(beats, later=later)


def beat(quote: str = "Acabou.", *speakers: str, **fields: object) -> Beat:
    return Beat(**{"seq": 1, "place": PIER, "quote": quote, "speakers": speakers or ("NANDO",), **fields})


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("Acabou.", "Nando diz: “Acabou.”"),
        ("Acabou?", "Nando pergunta: “Acabou?”"),
        ("Acabou!", "Nando exclama: “Acabou!”"),
        ("acabou", "Nando diz: “acabou”."),
    ],
)
def test_the_verb_follows_the_last_mark(quote: str, told: str) -> None:
    assert tell(beat(quote, place=Place())) == told


def test_a_listener_is_named() -> None:
    assert tell(beat(listener="BEATRIZ")) == "No píer de pedra, à noite, Nando diz a Beatriz: “Acabou.”"
    assert tell(beat(listener="PROMOTOR", place=Place())) == "Nando diz ao promotor: “Acabou.”"
    assert tell(beat("Acabou?", listener="PREFEITA", place=Place())) == "Nando pergunta à prefeita: “Acabou?”"
    assert tell(beat("Is it?", listener="BEATRIZ", place=Place()), language="en") == "Nando asks Beatriz: “Is it?”"


def test_an_action_leads_to_the_quote() -> None:
    own = beat(action="Nando liga o rádio", speaker_acts=True)
    assert tell(own) == "No píer de pedra, à noite, Nando liga o rádio: “Acabou.”"
    other = beat(action="O técnico vê Beatriz")
    assert tell(other) == "No píer de pedra, à noite, o técnico vê Beatriz. “Acabou”, diz Nando."
    assert tell(beat("Over.", action="Nando waves to Beatriz", place=Place()), language="en") == (
        "Nando waves to Beatriz. Nando says: “Over.”"
    )


def test_the_same_scene_is_not_set_twice() -> None:
    first, second = beat(action="Nando liga o rádio", speaker_acts=True), beat("Fim.", action="Nando liga o rádio")
    assert tell(first, second).endswith("“Acabou.” Nando diz: “Fim.”")


def test_roles_start_a_sentence_with_their_article() -> None:
    assert tell(beat("Acabou.", "PROMOTOR", place=Place())) == "O promotor diz: “Acabou.”"


def test_a_group_says_it_together() -> None:
    assert tell(beat("Acabou.", "NANDO", "BEATRIZ", place=Place())) == "Nando e Beatriz: “Acabou.”"


def test_without_speaker_it_is_heard() -> None:
    silent = beat().model_copy(update={"speakers": ()})
    assert tell(silent) == "No píer de pedra, à noite, ouve-se: “Acabou.”"
    assert tell(silent.model_copy(update={"place": Place()})) == "“Acabou.”"


def test_later_is_said_only_where_no_place_is_known() -> None:
    nowhere = beat(place=Place())
    assert tell(nowhere, nowhere, later=1).endswith(" Mais adiante, Nando diz: “Acabou.”")
    assert "Mais adiante" not in tell(beat(), beat(), later=1)


def test_a_third_language_gets_names_and_quotes_alone() -> None:
    assert tell(beat("Fertig.", place=Place(name="Hafen")), language="de") == "Hafen — Nando: “Fertig.”"


def act(script: str) -> str:
    lines = parse("S01E01", script)
    return find_action(lines, lines[-1], CASING, NAMES)


def test_the_direction_right_before_the_line_comes_first() -> None:
    script = "(NANDO come pão.)\nBEATRIZ: Bom dia.\n(BEATRIZ ajusta o microfone.)\nBEATRIZ: Hoje tem reunião."
    assert act(script) == "Beatriz ajusta o microfone"


def test_else_the_direction_that_opens_the_scene() -> None:
    assert act("(Neblina. NANDO come pão.)\nBEATRIZ: Bom dia.\nBEATRIZ: Hoje tem reunião.") == "Nando come pão"


@pytest.mark.parametrize(
    "script",
    [
        "BEATRIZ: Bom dia.",
        "(Neblina sobre o mar.)\nBEATRIZ: Bom dia.",
        "(BEATRIZ olha para ele.)\nBEATRIZ: Bom dia.",
        "(BEATRIZ sai.)\nBEATRIZ: Bom dia.",
        "(BEATRIZ abre o <b>livro</b> azul.)\nBEATRIZ: Bom dia.",
        "NANDO: Oi.\n(NANDO come pão.)\nNANDO: Oi.\nBEATRIZ: Bom dia.",
    ],
)
def test_no_action_that_cannot_stand_alone(script: str) -> None:
    assert act(script) == ""


def test_a_beat_knows_who_listens_and_who_acts() -> None:
    lines = parse("S01E01", "# EXT. PÍER — NOITE\n(NANDO come pão.)\nNANDO: Quem cortou a rede?\nBEATRIZ: Eu não sei.")
    (first, *_) = find_quotables(lines, "pt")
    made = make_beat(first, lines, PIER, CASING, NAMES)
    assert (made.speakers, made.listener, made.action, made.speaker_acts) == (
        ("NANDO",),
        "BEATRIZ",
        "Nando come pão",
        True,
    )
    assert isinstance(first.line, Line)
    assert first.line.kind is LineKind.SPEECH
