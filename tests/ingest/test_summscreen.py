"""JSON transcripts keyed by air date."""

import json
from collections.abc import Callable

import pytest

from core.errors import DamagedInput, UnknownFormat
from core.ingest import Reading

Take = Callable[[str, str | bytes], Reading]

EPISODE = {
    "Show": "Farol",
    "Episode Title": '"The Net"',
    "Recap": ["A spoiler that must not become a logline."],
    "Transcript": [
        "[SCENE_BREAK]",
        "(The pier at night.)",
        "Zé: The net\r\nis cut.",
        "Lia and the crowd: Again?",
        "[SCENE_BREAK]",
        "[SCENE_BREAK]",
        "The lamp goes out",
        "[Music: slow]",
        "Zé:",
        "",
        None,
    ],
}


def test_an_episode_by_air_date(take: Take) -> None:
    reading = take("2007-05-14.json", json.dumps(EPISODE))
    assert reading.format == "summscreen_json"
    (episode,) = reading.episodes
    assert (episode.season, episode.key, episode.number, episode.title) == (2007, "2007-05-14", None, "The Net")
    assert str(episode.air_date) == "2007-05-14"
    assert episode.logline is None
    assert [(line.scene, line.kind.value, line.speaker, line.text) for line in episode.lines] == [
        (1, "direction", None, "The pier at night."),
        (1, "speech", "Zé", "The net is cut."),
        (1, "speech", "Lia and the crowd", "Again?"),
        (2, "direction", None, "The lamp goes out"),
        (2, "direction", None, "Music: slow"),
        (2, "direction", None, "Zé:"),
    ]
    assert episode.lines[1].source_row == 3
    assert "season is its air year" in str(reading.report.notes[0])
    assert reading.report.rows_read == reading.report.rows_kept + 2


@pytest.mark.parametrize(
    ("name", "key", "season"),
    [
        ("farol_S03E04.json", "S03E04", 3),
        ("20070514.json", "2007-05-14", 2007),
        ("x.json", "2001-02-03", 2001),
        # A date that can be read one way only beats one that can be read in two.
        ("farol-05-14-07.json", "2001-02-03", 2001),
    ],
)
def test_other_ways_to_tell_the_episode(take: Take, name: str, key: str, season: int) -> None:
    (episode,) = take(name, json.dumps({**EPISODE, "Air Date": "2001-02-03"})).episodes
    assert (episode.key, episode.season) == (key, season)


def test_american_dates_are_noted(take: Take) -> None:
    reading = take("farol-05-14-07.json", json.dumps(EPISODE))
    assert reading.episodes[0].key == "2007-05-14"
    notes = [str(note) for note in reading.report.notes]
    assert any("month, day, year" in note for note in notes)


def test_no_date_is_refused(take: Take) -> None:
    with pytest.raises(UnknownFormat, match=r"Name the file like 2007-05-14\.json"):
        take("pilot.json", json.dumps(EPISODE))


def test_no_lines_are_refused(take: Take) -> None:
    with pytest.raises(DamagedInput, match="no usable row"):
        take("2007-05-14.json", json.dumps({"Transcript": ["", None]}))
