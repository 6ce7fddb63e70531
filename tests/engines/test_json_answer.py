"""Answers as models write them: fences, thoughts and control characters around and inside; or nothing of use."""

import pytest

from core.chains.season import FollowUps, SubjectDraft
from core.domain.campaign import Copy
from core.engines.json_answer import MOST_STARTS, Unusable, read_answer


@pytest.mark.parametrize(
    "text",
    [
        '{"subject": "Um farol"}',
        '```json\n{"subject": "Um farol"}\n```',
        'Claro! Aqui está:\n\n{ "subject" : " Um farol " }\n\nPosso ajudar em algo mais? {risos}',
        '<think>Talvez {"subject": "Um barco"}?</think>{"subject": "Um farol"}',
        '{"note": 1} {"subject": "Um farol"}',
        '{"subject": "Um\u202e\x00 farol\ufeff"}',
        '{"subject": "Um\\u0000 farol\\ud800"}',
    ],
)
def test_the_object_is_found_and_cleaned(text: str) -> None:
    assert read_answer(text, SubjectDraft).subject == "Um farol"


def test_line_breaks_written_as_they_are_stay() -> None:
    assert read_answer('{"headline": "Pão", "text": "Pão.\nQuente."}', Copy).text == "Pão.\nQuente."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no complete JSON object"),
        ("null", "no complete JSON object"),
        ('["Um farol"]', "no complete JSON object"),
        ('{"subject": "Um far', "no complete JSON object"),
        ('{"subject": NaN}', "no complete JSON object"),
        ('{"subject": ' + "9" * 5000 + "}", "no complete JSON object"),
        ('{"subject": 7}', "subject: Input should be a valid string"),
        ('{"tema": "Um farol"}', "subject: Field required"),
        ('{"subject": ' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_of_no_use_says_why(text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        read_answer(text, SubjectDraft)


def test_a_flood_of_braces_is_given_up_on() -> None:
    with pytest.raises(Unusable):
        read_answer("{" * MOST_STARTS + '{"subject": "Um farol"}', SubjectDraft)


def test_only_the_first_faults_are_named() -> None:
    with pytest.raises(Unusable) as caught:
        read_answer('{"questions": [1, 2, 3, 4, 5]}', FollowUps)
    assert 1 <= str(caught.value).count(";") + 1 <= 3
