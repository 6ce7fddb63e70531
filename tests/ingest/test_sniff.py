"""Formats told by content."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import UnknownFormat
from core.ingest.sniff import FORMATS, METADATA, MIXED_DESCRIPTION, detect
from core.ingest.source import scan

Put = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize(
    ("content", "format_id"),
    [
        ("season,episode,speaker,text\n", "lines_csv"),
        ("Season\tEpisode\tCharacter\tLine\n", "southpark_csv"),
        ('[{"season": 1, "episode": 1}]', "episodes_json"),
        ('{"show": "X", "episodes": []}', "show_json"),
        ('{"Transcript": ["A: b"]}', "summscreen_json"),
        ("WEBVTT\n\n", "subtitles"),
        ("\n1\n00:00:01,000 --> 00:00:02,000\nHi\n", "subtitles"),
        ("[Scene: A pier]\nLia: Hi.\n", "screenplay"),
        ("LIA: Hi.\nZÉ: Ho.\n", "screenplay"),
    ],
)
def test_content_tells_whatever_the_name(put: Put, content: str, format_id: str) -> None:
    path = put("thing.dat", content)
    assert detect(scan(path, path.name)) == format_id


def test_nothing_known(put: Put) -> None:
    path = put("notes.md", "# Notes\n\nBuy bread.\n")
    with pytest.raises(UnknownFormat, match=r"notes\.md is no transcript that Chamada knows"):
        detect(scan(path, path.name))


def test_every_format_has_words_for_the_screen() -> None:
    words = [entry.description for entry in FORMATS.values()] + [MIXED_DESCRIPTION]
    assert len(set(words)) == len(words)
    assert all(words)
    assert set(METADATA) < set(FORMATS)
