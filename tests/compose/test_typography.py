"""Titles as outlines: faces, fallbacks, balanced lines, fitting, clipping, kerning."""

import pytest

from core.compose.geometry import bounds
from core.compose.typography import (
    FACES,
    LONGEST_TITLE,
    break_lines,
    choose_face,
    clean_title,
    fit_text,
    load_face,
)

PORTUGUESE = "ÁÀÂÃÉÊÍÓÔÕÚÜÇáàâãéêíóôõúüç ºª“”‘’–—…!?.,;:()"


@pytest.mark.parametrize("name", sorted(FACES))
def test_every_face_has_every_portuguese_letter_and_draws_it(name: str) -> None:
    face = load_face(name)
    assert face.covers(PORTUGUESE)
    for letter in PORTUGUESE.replace(" ", ""):
        assert face.outline(face.cmap[ord(letter)]), letter


@pytest.mark.parametrize("name", sorted(FACES))
def test_an_accent_is_drawn_above_its_letter(name: str) -> None:
    """Accented letters are often composed of two glyphs; both must be there."""
    face = load_face(name)
    plain, accented = (bounds(face.outline(face.cmap[ord(letter)])) for letter in "EÉ")
    assert accented.y0 < plain.y0 - 0.05


def test_kerning_draws_pairs_together() -> None:
    face = load_face("grotesque")
    apart = sum(face.set_line(letter)[1] for letter in "AV")
    assert face.set_line("AV")[1] < apart - 0.01


def test_letters_nobody_has_are_folded_or_dropped_never_boxes() -> None:
    face, text = choose_face("Ḿaré 🎉 海 Alta", "hand")
    assert text == "Maré Alta"
    assert face.covers(text)
    assert choose_face("海の家 🎉", "serif")[1] == ""


def test_a_face_that_has_all_letters_is_preferred_over_dropping_some() -> None:
    missing = next(
        letter for letter in "ЖΩĦŁƒ≠" if not load_face("hand").covers(letter) and load_face("serif").covers(letter)
    )
    face, text = choose_face(f"A {missing}", "hand")
    assert text == f"A {missing}"
    assert face.name != "hand"


def test_cleaning_takes_control_characters_and_surplus_space() -> None:
    assert clean_title("  A\x00 Re\u202ede\n\t nova  ") == "A Rede nova"


def test_cleaning_cuts_at_a_word_with_an_ellipsis() -> None:
    cut = clean_title("palavra " * 100)
    assert len(cut) <= LONGEST_TITLE
    assert cut.endswith("palavra…")
    assert len(clean_title("x" * 10_000)) <= LONGEST_TITLE


def test_lines_are_balanced() -> None:
    words = ["o", "mar", "sobe", "e", "a", "rádio", "cala"]
    lines = break_lines(words, [float(len(word)) for word in words], 1.0, 2)
    assert " ".join(lines) == " ".join(words)
    assert abs(len(lines[0]) - len(lines[1])) <= 3


@pytest.mark.parametrize(
    "text", ["A Rede", "Um título bem mais comprido do que o normal", "x" * 60, "a " * 100 + "fim"]
)
@pytest.mark.parametrize("room", [(300.0, 120.0), (120.0, 300.0), (700.0, 40.0)])
def test_what_is_set_fits_its_room(text: str, room: tuple[float, float]) -> None:
    block = fit_text(text, load_face("serif"), room, (4.0, 90.0))
    assert block is not None
    assert block.box.width <= room[0] + 0.1
    assert block.box.height <= room[1] + 0.1
    assert (block.box.x0, block.box.y0) == (0, 0)


def test_a_long_text_is_clipped_at_a_word_when_it_cannot_shrink_further() -> None:
    block = fit_text("palavra " * 28 + "fim", load_face("serif"), (200.0, 60.0), (16.0, 40.0))
    assert block is not None
    assert block.size >= 16
    assert block.text.endswith("palavra…")


def test_no_room_no_text() -> None:
    assert fit_text("A", load_face("serif"), (3.0, 3.0), (10.0, 20.0)) is None
