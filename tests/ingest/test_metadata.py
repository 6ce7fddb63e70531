"""Episode lists without words, and show.json beside scripts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import DamagedInput
from core.ingest import Reading, read

Take = Callable[[str, str | bytes], Reading]
Put = Callable[[str, str | bytes], Path]

EPISODES = {
    "episodes": [
        {
            "seasonNum": 1,
            "episodeNum": 2,
            "episodeTitle": "The Map",
            "episodeAirDate": "2011-04-24",
            "episodeDescription": "Somebody moved a <b>port</b>.",
            "scenes": [
                {"sceneStart": "0:00:40", "location": "The Pier", "subLocation": "End", "characters": [{"name": "Zé"}]},
                {"sceneStart": "0:01:45", "location": "The Town", "characters": [{"name": "Lia"}, {"name": "Zé"}]},
                {"sceneStart": "later"},
            ],
        },
        {"seasonNum": 1, "episodeNum": 1, "episodeTitle": "The Net"},
        {"seasonNum": 1},
    ]
}

SHOW = {
    "show": "O Farol",
    "language": "pt-BR",
    "genre": "drama",
    "fiction": False,
    "license": "MIT",
    "tagline": "Uma luz.",
    "cast": [
        {"name": "Dona Lia", "speaker": "LIA", "description": "Faroleira."},
        {"name": "Zé"},
        {"speaker": "GATO", "description": "Um gato."},
        {"description": "ninguém"},
        7,
    ],
    "episodes": [
        {
            "season": 1,
            "episode": 1,
            "title": "A Luz",
            "air_date": "2025-03-05",
            "logline": "Apagou.",
            "cast": ["LIA", "ZÉ", "LIA"],
        },
        {"season": 1, "episode": 2, "title": "A Sombra"},
    ],
}
SCRIPT = 'O FAROL — Temporada 1, Episódio 1: "Título antigo"\n\nCENA 1 — INT. FAROL — NOITE\nLIA: Apagou.\n'


def test_a_list_of_episodes_is_a_show_without_words(take: Take) -> None:
    reading = take("episodes.json", json.dumps(EPISODES))
    assert reading.format == "episodes_json"
    first, second = reading.episodes
    assert (first.key, first.title, first.lines) == ("S01E01", "The Net", ())
    assert (second.logline, second.cast) == ("Somebody moved a <b>port</b>.", ("Zé", "Lia"))
    assert [(line.kind.value, line.scene, line.start_ms, line.text) for line in second.lines] == [
        ("heading", 1, 40_000, "The Pier, End"),
        ("heading", 2, 105_000, "The Town"),
    ]
    assert reading.report.dropped == {"no season and episode number": 1}


def test_a_bare_list_and_dates_without_numbers(take: Take) -> None:
    reading = take("list.json", json.dumps([{"airdate": "2019-02-03", "name": "Um"}, {"airdate": "2019-02-10"}]))
    assert [(e.season, e.key, e.title) for e in reading.episodes] == [
        (2019, "2019-02-03", "Um"),
        (2019, "2019-02-10", None),
    ]


def test_our_own_show_file(take: Take) -> None:
    reading = take("show.json", json.dumps(SHOW))
    assert reading.format == "show_json"
    info = reading.info
    assert info.name == "Farol"
    assert (info.language, info.genre, info.fiction, info.license) == ("pt-BR", "drama", False, "MIT")
    assert info.tagline == "Uma luz."
    assert info.cast == {"LIA": "Dona Lia: Faroleira.", "Zé": "Zé", "GATO": "Um gato."}
    notes = [str(note) for note in reading.report.notes]
    assert "The files call the show O Farol." in notes
    assert "2 entries of the cast have no name." in notes


def test_it_completes_the_scripts_beside_it(put: Put) -> None:
    put("show.json", json.dumps(SHOW))
    script = put("S01E01.txt", SCRIPT)
    reading = read(script.parent, "O Farol")
    assert reading.format == "screenplay"
    first, second = reading.episodes
    assert (first.title, str(first.air_date), first.logline) == ("A Luz", "2025-03-05", "Apagou.")
    assert first.cast == ("LIA", "ZÉ")
    assert [line.text for line in first.lines] == ["CENA 1 — INT. FAROL — NOITE", "Apagou."]
    assert first.lines[0].source_file == "S01E01.txt"
    assert (second.title, second.lines) == ("A Sombra", ())
    assert [str(note) for note in reading.report.notes] == ["2 entries of the cast have no name."]


def test_words_beat_a_list_of_scenes(put: Put) -> None:
    put("episodes.json", json.dumps(EPISODES))
    folder = put("S01E02.txt", SCRIPT.replace("Episódio 1", "Episódio 2")).parent
    reading = read(folder, "Farol")
    assert [line.source_file for line in reading.episodes[1].lines] == ["S01E02.txt"] * 2
    assert reading.episodes[1].title == "The Map"


def test_two_descriptions_of_a_show_are_refused(put: Put) -> None:
    put("a.json", json.dumps(SHOW))
    folder = put("b.json", json.dumps(SHOW)).parent
    with pytest.raises(DamagedInput, match=r"a\.json and b\.json both describe the show"):
        read(folder, "Farol")


def test_a_language_that_is_none_is_noted(take: Take) -> None:
    reading = take("show.json", json.dumps({**SHOW, "language": "português"}))
    assert reading.info.language is None
    assert any("português" in str(note) for note in reading.report.notes)


def test_fields_of_the_wrong_type_are_ignored(take: Take) -> None:
    odd = {
        "show": "X",
        "cast": "none",
        "genre": [1],
        "episodes": [{"season": 1, "episode": 1, "cast": "x", "title": {}}],
    }
    (episode,) = take("show.json", json.dumps(odd)).episodes
    assert (episode.title, episode.cast) == (None, ())
