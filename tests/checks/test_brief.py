"""Briefs from outside: what is read, what is refused and in which words, what is doubted."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checks.brief import check_brief, read_brief
from core.domain.campaign import Brief, ContentType, Tone
from core.errors import BriefError


def refusal(data: object) -> str:
    with pytest.raises(BriefError) as raised:
        read_brief(data)
    return str(raised.value)


def test_a_brief_needs_a_topic_only():
    assert read_brief({"topic": "pão"}).content_type is ContentType.INSTAGRAM_POST


def test_empty_and_null_fields_are_not_given():
    brief = read_brief({"topic": "pão", "tone": "", "width": None, "keywords": "", "platform": ""})
    assert brief.tone is Tone.ENTHUSIASTIC
    assert brief.width is None


def test_a_tone_may_be_named_in_portuguese():
    assert read_brief({"topic": "pão", "tone": "Bem-humorado"}).tone is Tone.PLAYFUL


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "JSON object"),
        ("pão", "JSON object"),
        (None, "JSON object"),
        ({}, "a topic, or a show"),
        ({"show": "", "topic": " "}, "a topic, or a show"),
        ({"episode": "S01E01"}, "a topic, or a show"),
        ({"topic": "pão", "heigth": 100}, "Did you mean height?"),
        ({"topic": "x" * 100_000}, "topic has 100000 characters; at most 2000 fit"),
        ({"topic": "😀🎉"}, "no words"),
        ({"topic": "#a #b"}, "no words"),
        ({"topic": "123 !!!"}, "no words"),
        ({"topic": ["pão"]}, "topic must be text"),
        ({"topic": 3}, "topic must be text"),
        ({"topic": "pão", "width": 0}, "width cannot be 0"),
        ({"topic": "pão", "width": 7}, "from 64 to 4096"),
        ({"topic": "pão", "height": 65_536}, "from 64 to 4096"),
        ({"topic": "pão", "width": math.nan}, "width cannot be nan"),
        ({"topic": "pão", "width": "wide"}, "width cannot be wide"),
        ({"topic": "pão", "width": True}, "width cannot be True"),
        ({"topic": "pão", "tone": "zangado"}, "entusiasmado, informativo"),
        ({"topic": "pão", "content_type": "billboard"}, "instagram_post, marketing_email"),
        ({"topic": "pão", "language": "fr"}, "pt-BR, en"),
        ({"topic": "pão", "length": "huge"}, "short, medium, long"),
        ({"topic": "pão", "platform": "orkut"}, "instagram_feed"),
        ({"topic": "pão", "platform": "x"}, "is no platform for instagram_post"),
        ({"topic": "pão", "keywords": 3}, "keywords must be a list"),
        ({"topic": "pão", "keywords": ["a"] * 5 + [{}]}, "keywords must be"),
        ({"topic": "pão", "keywords": [str(n) for n in range(30)]}, "At most 20"),
        ({"topic": "pão", "keywords": ["a" * 100]}, "at most 80 letters"),
        ({"topic": "pão", "with_image": "talvez"}, "true or false"),
        ({"topic": "pão", "season": "dois"}, "season's number"),
        ({"topic": "pão", "call_to_action": "a" * 301}, "at most 300 fit"),
    ],
)
def test_what_cannot_be_a_brief_is_refused_in_plain_words(data, words):
    message = refusal(data)
    assert words in message
    assert "validation" not in message
    assert len(message) < 300


@pytest.mark.parametrize(
    "topic", ["pão\x00 quente", "‮oãp", "<script>alert(1)</script>", "![](http://x.y/z.png) pão", "<|eot_id|> pão"]
)
def test_hostile_text_is_only_text(topic):
    topic = read_brief({"topic": topic}).topic
    assert "\x00" not in topic
    assert "‮" not in topic


@given(
    st.dictionaries(
        st.sampled_from([*Brief.model_fields, "other"]), st.none() | st.text() | st.floats() | st.booleans()
    )
)
def test_anything_is_a_brief_or_a_brief_error(data):
    with contextlib.suppress(BriefError):
        assert read_brief(data).model_dump()


def codes(**data: object) -> list[str]:
    return [each.code for each in check_brief(read_brief(data))]


def test_a_sound_brief_has_no_warning():
    assert codes(topic="manta com 80% de lã", call_to_action="Leve a sua com 80% de lã. #Manta") == []


def test_contradictory_numbers_are_doubted():
    assert codes(topic="manta com 80% de lã", objective="mostrar os 90% de lã") == ["contradictory_numbers"]


def test_a_topic_in_another_language_is_doubted():
    topic = "A light and warm blanket that is made of wool from the hills and is easy to wash"
    assert codes(topic=topic) == ["topic_language"]
    assert codes(topic=topic, language="en") == []


def test_a_call_to_action_that_fills_the_text_is_doubted():
    assert codes(topic="manta", content_type="x_post", call_to_action="a" * 250) == ["call_to_action_too_long"]


def test_more_hashtags_than_the_platform_takes_are_doubted():
    assert codes(topic="manta", call_to_action="#a #b #c #d #e #f") == ["too_many_hashtags"]
    assert codes(topic="manta", content_type="marketing_email", call_to_action="Venha. #a") == ["too_many_hashtags"]
