"""JSON that is none, or goes beyond its bounds."""

import json
from collections.abc import Callable

import pytest

from core.errors import DamagedInput, UnknownFormat
from core.ingest import Reading

Take = Callable[[str, str | bytes], Reading]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 200_000 + "]" * 200_000, "nested too deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deep"),
        ('{"episodes": [{"season": NaN}]}', "NaN is not a number"),
        ('{"episodes": [{"season": -Infinity}]}', "-Infinity is not a number"),
        ('{"episodes": [' + "9" * 10_000 + "]}", "4300"),
        ('{"episodes": [', "line 1, column"),
        ("{'episodes': []}", "line 1, column 2"),
    ],
)
def test_what_is_no_json(take: Take, text: str, why: str) -> None:
    with pytest.raises(DamagedInput, match=r"a\.json is not valid JSON") as caught:
        take("a.json", text)
    assert why in str(caught.value)


def test_a_huge_number_is_no_season(take: Take) -> None:
    with pytest.raises(DamagedInput, match="no season and episode number"):
        take("a.json", json.dumps({"episodes": [{"season": 10**400, "episode": 1}]}))


@pytest.mark.parametrize("data", [{}, [], [1], {"episodes": "x"}, {"episodes": [{"a": 1}]}, "text", 3, None])
def test_json_of_other_things(take: Take, data: object) -> None:
    with pytest.raises(UnknownFormat, match="is JSON without episodes"):
        take("a.json", json.dumps(data))


def test_an_endless_text_is_refused(take: Take) -> None:
    with pytest.raises(DamagedInput, match="has a text of 1000001 characters"):
        take("2001-01-01.json", json.dumps({"Transcript": ["Zé: " + "a" * 999_997]}))


def test_half_of_a_surrogate_pair_never_reaches_the_library(take: Take) -> None:
    (episode,) = take("2001-01-01.json", '{"Transcript": ["Zé: a\\ud83d b"]}').episodes
    assert episode.lines[0].text == "a b"
    episode.lines[0].text.encode("utf-8")
