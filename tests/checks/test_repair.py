"""What is mended, what is left, and that a second repair changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checks.copy import check_copy
from core.checks.repair import ensure_call_to_action, ensure_hashtags, repair_copy, strip_preamble
from core.domain.campaign import Brief, Copy, Facts, VideoScene
from tests.checks.test_copy import FAULTY, GOOD, KETTLE

CALL = "Venha à feira no sábado! Traga a sua sacola."


def repaired(text: str, brief: Brief = KETTLE, codes: frozenset[str] | None = None) -> str:
    return repair_copy(Copy(headline="LumiChá", text=text), brief, codes=codes)[0].text


def test_a_good_copy_is_left_as_it_is():
    copy = Copy(headline="LumiChá", text=GOOD)
    assert repair_copy(copy, KETTLE) == (copy, ())


def test_what_a_rule_can_mend_is_mended_and_the_rest_is_left_to_a_person():
    mended, findings = repair_copy(Copy(headline="Chá", text=FAULTY), KETTLE)
    left = {each.code for each in check_copy(mended.text, KETTLE) if each.level == "error"}
    assert left == {"subject_not_named", "number_not_in_brief", "unproven_claim"}
    assert {each.code for each in findings} >= {"call_to_action_altered", "hashtag_missing", "hashtag_invented"}
    assert mended.text.endswith("ganhe uma caixa de chá. #LumiChá #HoraDoChá")


def test_numbers_and_claims_are_never_edited():
    text = f"A LumiChá é 100% de alumínio, a melhor do Brasil. {CALL}"
    assert "100% de alumínio, a melhor do Brasil." in repaired(text)


@given(st.text(max_size=200), st.sampled_from([FAULTY, GOOD, "**Claro!** Aqui está o post: a acção", "#a vosso #b"]))
def test_a_second_repair_changes_nothing(noise, text):
    once = repaired(f"{text} {noise}".replace("\x00", ""))
    assert repaired(once) == once


def test_a_near_match_of_the_call_is_replaced_and_never_doubled():
    text = "Tem fruta. Venha para a feira no sábado! Tragam a sacola. Até lá."
    assert ensure_call_to_action(text, CALL) == f"Tem fruta. {CALL} Até lá."


def test_a_missing_call_goes_before_the_closing_hashtags():
    assert ensure_call_to_action("Tem fruta.\n\n#Feira", CALL) == f"Tem fruta.\n\n{CALL}\n\n#Feira"
    assert ensure_call_to_action("", CALL) == CALL


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Tem fruta. #Feiraa #Outra", "Tem fruta. #Feira #Vila"),
        ("Tem fruta.", "Tem fruta. #Feira #Vila"),
        ("A #Feira tem #Fruta. #Vila", "A #Feira tem Fruta. #Vila"),
        ("Tem fruta.\n\n#Outra", "Tem fruta.\n\n#Feira #Vila"),
        ("Tem fruta. #Vila #Feira", "Tem fruta. #Vila #Feira"),
    ],
)
def test_hashtags_are_those_of_the_brief(text, mended):
    assert ensure_hashtags(text, ("#Feira", "#Vila")) == mended


def test_an_email_is_left_without_hashtags():
    brief = Brief.model_validate(
        {"topic": "Feira", "content_type": "marketing_email", "call_to_action": "Venha. #Feira"}
    )
    copy = Copy(headline="", text="A feira abre. Venha. #Feira", subject_line="Feira")
    assert repair_copy(copy, brief)[0].text == "A feira abre. Venha."


def test_talk_and_quotation_marks_around_the_text_go():
    assert strip_preamble("Claro! Aqui está o post:\n\n“Tem fruta.”\n\nEspero que goste!") == "Tem fruta."


def test_spelling_and_european_words_are_mended_in_every_field():
    copy = Copy(
        headline="A vossa cliquee",
        text=GOOD,
        scenes=(VideoScene(visual="Um ecrã", narration="Cliquee agora.", seconds=3),),
    )
    mended, _ = repair_copy(copy, Brief.model_validate({**KETTLE.model_dump(), "content_type": "short_video"}))
    assert mended.headline == "A sua clique"
    assert mended.scenes[0].visual == "Um tela"
    assert mended.scenes[0].narration == "Clique agora."


def test_a_word_that_may_stand_for_several_is_left_to_a_person():
    assert "façe" in repaired(f"Façe a façe com a LumiChá. {GOOD}")


def test_only_the_codes_asked_for_are_mended():
    text = repaired(FAULTY, codes=frozenset({"european_portuguese"}))
    assert "Leve a sua hoje! Mandee" in text
    assert "#ChaleiraTop" in text


def test_a_text_that_has_no_room_for_its_repair_is_left_as_it_is():
    copy = Copy(headline="", text="casa mesa " * 1200)
    assert repair_copy(copy, KETTLE) == (copy, ())


def test_words_of_the_facts_are_not_mended():
    facts = Facts(show="Farol", season=1, summary="A equipa do farol acorda.")
    copy = Copy(headline="Farol", text="A equipa do Farol acorda.")
    assert repair_copy(copy, Brief(show="Farol", season=1), facts)[0] == copy
