"""The call to action and the hashtags."""

import pytest

from core.checks.promises import check_call_to_action, check_hashtags, find_near, find_verbatim
from core.checks.reading import Reading
from core.domain.campaign import Brief

CALL = "Venha à feira no sábado! Traga a sua sacola."


def codes(text: str, call: str, content_type: str = "instagram_post") -> list[str]:
    brief = Brief.model_validate({"topic": "feira", "call_to_action": call, "content_type": content_type})
    reading = Reading(text, brief)
    return [each.code for check in (check_call_to_action, check_hashtags) for each in check(reading)]


@pytest.mark.parametrize("text", [f"Olá. {CALL}", f"Olá!\n\n{CALL}\nAté.", CALL.replace(" ", "\n"), f"😀 {CALL} #a"])
def test_a_call_to_action_may_be_wrapped_but_not_reworded(text):
    assert find_verbatim(text, CALL)


@pytest.mark.parametrize(
    "text",
    [CALL.replace("!", "."), CALL.replace("sua ", ""), CALL.replace("Traga", "traga"), f"já {CALL}", "Venha. Traga."],
)
def test_a_changed_call_to_action_is_not_verbatim(text):
    assert find_verbatim(text, CALL) is None


def test_a_word_more_changes_a_call_without_a_full_stop():
    assert find_verbatim("Compre já e ganhe", "Compre já") is None
    assert find_verbatim("Compre já!", "Compre já")


def test_a_near_match_is_found_where_it_stands():
    text = "Tem fruta e tem verdura. Venha para a feira no sábado! Tragam a sua sacola. Até lá."
    near = find_near(text, CALL)
    assert near
    assert text[near.start : near.end] == "Venha para a feira no sábado! Tragam a sua sacola."


def test_no_near_match_where_nothing_is_like_it():
    assert find_near("A padaria abre cedo e fecha tarde.", CALL) is None


def test_altered_and_missing_are_told_apart():
    assert codes("Venha à feira domingo! Traga a sua sacola.", CALL) == ["call_to_action_altered"]
    assert codes("Tem fruta fresca na praça.", CALL) == ["call_to_action_missing"]


def test_hashtags_may_stand_anywhere_but_must_be_letter_for_letter():
    assert codes("A #FeiraDaVila chegou. Venha.", "Venha. #FeiraDaVila") == []
    assert codes("Venha. #feiradavila", "Venha. #FeiraDaVila") == ["hashtag_missing", "hashtag_invented"]


def test_a_hashtag_inside_the_call_belongs_to_its_words():
    assert codes("Marque #Feira e ganhe um pastel.", "Marque #Feira e ganhe um pastel.") == []


def test_an_email_takes_no_hashtags_and_asks_for_none():
    assert codes("Venha.", "Venha. #Feira", "marketing_email") == []
    assert codes("Venha. #Feira", "Venha. #Feira", "marketing_email") == ["hashtags_in_email"]


def test_more_hashtags_than_the_platform_takes():
    tags = "#a #b #c #d #e #f"
    assert codes(f"Venha. {tags}", "Venha. #a") == ["hashtag_invented"] * 5 + ["too_many_hashtags"]
    assert codes(f"Venha. {tags}", f"Venha. {tags}") == ["too_many_hashtags"]


def test_numbers_and_addresses_are_no_hashtags():
    assert codes("Prédio #3, exemplo.com/#topo, C# e &#39;.", "") == []
