"""The schema a decoder is held to, and what a half-written answer says."""

from pydantic import BaseModel, Field

from core.chains.summary import SummaryDraft
from core.domain.campaign import Copy
from core.domain.generation import ImagePrompt
from core.engines.grammar import bound_schema, shortest
from core.engines.partial import read_words


class Odd(BaseModel):
    title: str = "a field called title"
    description: tuple[str, ...] = ()
    size: int | None = None


def test_every_field_is_asked_for_and_nothing_goes_on_for_ever() -> None:
    bounded = bound_schema(SummaryDraft)
    assert bounded["required"] == ["text", "key_phrases", "moments"]
    assert bounded["properties"]["key_phrases"]["items"]["maxLength"]
    assert bounded["properties"]["moments"]["items"]["maximum"]
    assert bounded["properties"]["text"]["maxLength"] == 6000


def test_a_field_may_be_called_title_or_description() -> None:
    bounded = bound_schema(Odd)
    assert set(bounded["properties"]) == {"title", "description", "size"}
    assert bounded["properties"]["description"]["maxItems"]
    assert "default" not in bounded["properties"]["title"]


def test_nothing_is_said_that_was_not_asked_for() -> None:
    assert bound_schema(Odd)["additionalProperties"] is False
    assert bound_schema(SummaryDraft)["additionalProperties"] is False


def test_the_shortest_object_opens_one_item_of_each_list() -> None:
    assert shortest(bound_schema(SummaryDraft)) == {"text": "", "key_phrases": [""], "moments": [-1]}
    assert shortest(bound_schema(Copy))["scenes"] == [{"visual": "x", "narration": "x", "seconds": -1}]
    assert shortest(bound_schema(ImagePrompt))["scene"]["mood"] in {"melancholic", "mysterious"}


def test_an_optional_number_can_be_closed() -> None:
    class Bounded(BaseModel):
        size: int | None = Field(default=None, ge=1)

    assert shortest(bound_schema(Bounded)) == {"size": None}


def test_a_half_written_answer_shows_its_words() -> None:
    assert read_words("") == ""
    assert read_words('{"te') == ""
    assert read_words('{"text": "O farol ap') == "O farol ap"
    assert read_words('{"text": "O \\"farol\\" apag\\') == 'O "farol" apag'
    assert read_words('{"text": "Um.", "moments": [3, 5], "key_phrases": ["mar", "fog') == "Um.\n\nmar\n\nfog"
    assert read_words("no JSON at all") == ""
