"""All checks together, on a good post and on one with every kind of fault."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checks.copy import check_copy, check_headline
from core.domain.campaign import Brief, Copy, Facts, VideoScene, write_out

KETTLE = Brief(
    topic="LumiChá: chaleira elétrica com 40% de alumínio reaproveitado, silenciosa, com cabo que não esquenta",
    audience="Quem toma chá no trabalho",
    keywords=("chá", "silenciosa", "reaproveitado", "LumiChá"),
    call_to_action="Leve a sua hoje! Mande um oi no direct e ganhe uma caixa de chá. #LumiChá #HoraDoChá",
)


def brief_for(content_type: str) -> Brief:
    return Brief.model_validate({**KETTLE.model_dump(), "content_type": content_type})


GOOD = (
    "A LumiChá ferve a água sem fazer barulho: o cabo não esquenta e 40% do alumínio é reaproveitado. "
    "Boa para quem toma chá no trabalho.\n\n"
    "Leve a sua hoje! Mande um oi no direct e ganhe uma caixa de chá. #LumiChá #HoraDoChá"
)

FAULTY = (
    "A hora da pausa mudou! Esta chaleira silenciosa é feita 100% de alumínio reaproveitado, e o cabo não esquenta! "
    "Leve a vossa hoje! Mandee um oi no direct e ganhe uma caicha de chá! #ChaleiraTop #HoraDeChá."
)


def errors(text: str, brief: Brief = KETTLE, facts: Facts | None = None) -> Counter[str]:
    return Counter(each.code for each in check_copy(text, brief, facts) if each.level == "error")


def test_a_good_post_has_no_finding():
    assert check_copy(GOOD, KETTLE) == ()


def test_a_faulty_post_gives_each_of_its_faults_once():
    assert errors(FAULTY) == {
        "subject_not_named": 1,
        "call_to_action_altered": 1,
        "hashtag_missing": 2,
        "hashtag_invented": 2,
        "number_not_in_brief": 1,
        "unproven_claim": 1,
        "european_portuguese": 1,
        "spelling": 2,
    }


def test_a_finding_points_at_its_words():
    spans = {each.code: FAULTY[each.start : each.end] for each in check_copy(FAULTY, KETTLE) if each.end}
    assert spans["european_portuguese"] == "vossa"
    assert spans["number_not_in_brief"] == "100%"
    assert spans["call_to_action_altered"].startswith("Leve a vossa hoje!")


def test_errors_come_before_warnings():
    levels = [each.level for each in check_copy(FAULTY + "!!", KETTLE)]
    assert levels == sorted(levels)


def test_every_message_is_filled_in():
    for finding in check_copy(FAULTY, KETTLE):
        assert finding.message.format(**finding.values)


def test_an_email_loses_its_hashtags_and_needs_a_subject_line():
    brief = brief_for("marketing_email")
    body = GOOD.replace(" #LumiChá #HoraDoChá", "")
    assert errors(f"Assunto: A sua tarde com LumiChá\n\n{body}", brief) == {}
    assert errors(body, brief) == {"subject_line_missing": 1}
    assert errors(f"Assunto: {'LumiChá na sua tarde ' * 3}\n\n{body}", brief) == {"subject_line_too_long": 1}
    assert errors(f"Assunto: LumiChá\n\n{GOOD}", brief) == {"hashtags_in_email": 2}


def test_a_script_needs_scenes_and_its_labels_are_not_text():
    brief = brief_for("short_video")
    scene = VideoScene(visual="A chaleira na mesa", narration="A LumiChá ferve sem barulho.", seconds=4)
    script = Copy(headline="LumiChá", text=GOOD, scenes=(scene, scene.model_copy(update={"narration": "E o chá sai."})))
    assert errors(write_out(script, "pt-BR"), brief) == {}
    assert errors(GOOD, brief) == {"scenes_missing": 1}


def test_a_text_for_x_is_counted_as_x_counts():
    brief = brief_for("x_post")
    assert errors(GOOD, brief) == {}
    assert errors(
        GOOD.replace(
            "Boa para",
            "Boa na cozinha, boa na sala, boa no quarto, boa na varanda, boa no barco, boa na feira e boa para",
        ),
        brief,
    ) == {"over_limit": 1}


def test_an_episode_gives_its_facts():
    facts = Facts(show="Farol", season=2, episode="S02E05", title="A Lâmpada", summary="Zuleide sobe os 99 degraus.")
    brief = Brief(show="Farol", episode="S02E05", call_to_action="Veja hoje.")
    assert errors("Em A Lâmpada, Zuleide sobe os 99 degraus do Farol. Veja hoje.", brief, facts) == {}
    assert errors("Em A Lâmpada, Zuleide sobe 98 degraus. Veja hoje.", brief, facts) == {"number_not_in_brief": 1}


def test_the_words_over_the_picture_are_checked_too():
    assert check_headline("Chá sem barulho", KETTLE) == ()
    codes = {each.code for each in check_headline("A melhor chaleira do Brasil, 90% muda, em xpto.com", KETTLE)}
    assert codes == {"unproven_claim", "number_not_in_brief", "url_invented"}


@given(st.text(max_size=300))
def test_any_text_is_checked_and_every_span_lies_in_it(text):
    for finding in check_copy(text, KETTLE):
        assert 0 <= finding.start <= finding.end


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "#", "!!!", "😀" * 200, "‮abc", "a" * 12_000, "1." * 3000, "(" * 5000]
)
def test_hostile_text_is_checked_in_bounded_time(text):
    assert check_copy(text, KETTLE)
