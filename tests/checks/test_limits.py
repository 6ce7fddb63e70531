"""How long a text is where it goes."""

import pytest

from core.checks.limits import check_length, check_subject_line, count_weighted
from core.checks.reading import Reading
from core.domain.campaign import Brief


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("ação", 4),
        ("ac\u0327a\u0303o", 4),
        ("a — b “c”…", 11),
        ("日本", 4),
        ("😀", 2),
        ("👩‍👩‍👧", 2),
        ("👍🏽", 2),
        ("🇧🇷", 2),
        ("❤️", 2),
        ("5️⃣", 2),
        ("veja https://exemplo.com.br/uma/pagina?a=1", 28),
        ("veja exemplo.com.br", 28),
        ("€", 2),
    ],
)
def test_a_text_weighs_what_x_says(text, weight):
    assert count_weighted(text) == weight


def codes(text: str, content_type: str) -> list[str]:
    reading = Reading(text, Brief.model_validate({"topic": "pão", "content_type": content_type}))
    return [each.code for check in (check_length, check_subject_line) for each in check(reading)]


def test_a_text_fits_where_it_goes():
    assert codes("a" * 280, "x_post") == []
    assert codes("a" * 281, "x_post") == ["over_limit"]
    assert codes("a" * 2201, "instagram_post") == ["over_limit"]


def test_only_the_caption_of_a_script_counts():
    scenes = "Cena 1 (0–9 s)\nVisual: " + "a" * 3000 + "\nNarração: b\n\n"
    assert codes(scenes + "Legenda: pão", "short_video") == []
    assert codes(scenes + "Legenda: " + "a" * 2201, "short_video") == ["over_limit"]


def test_an_email_opens_with_its_subject_line():
    assert codes("Assunto: Pão quente\n\nOlá.", "marketing_email") == []
    assert codes("Subject: Warm bread\n\nHi.", "marketing_email") == []
    assert codes("Olá.", "marketing_email") == ["subject_line_missing"]
    assert codes("Assunto:\n\nOlá.", "marketing_email") == ["subject_line_missing"]
    assert codes("Assunto: " + "a" * 51 + "\n\nOlá.", "marketing_email") == ["subject_line_too_long"]
