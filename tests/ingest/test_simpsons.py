"""The pair of CSVs, from a folder or from either half."""

from pathlib import Path

import pytest

from core.errors import DamagedInput
from core.ingest import read
from core.ingest.simpsons import NO_MATCH

LINES = (
    "id,episode_id,number,raw_text,timestamp_in_ms,speaking_line,character_id,location_id,raw_character_text,"
    "raw_location_text,spoken_words,normalized_text,word_count\n"
)
EPISODES = (
    "id,image_url,imdb_rating,imdb_votes,number_in_season,number_in_series,original_air_date,original_air_year,"
    "production_code,season,title,us_viewers_in_millions,video_url,views\n"
)
LINE_ROWS = (
    '12,7,2,"Zé: (SAD) The net is cut. (beat) Again.",5000,TRUE,1,2,Zé,Pier,The net is cut. Again.,the net,5\n'
    "11,7,1,(Pier: Ext. pier - night),1000,FALSE,NA,2,NA,Pier,NA,NA,NA\n"
    "13,7,3,Lia: (LAUGHS),NA,FALSE,2,2,Lia,Pier,NA,NA,NA\n"
    "14,7,4,(Kitchen: Int. kitchen - day),9000,FALSE,NA,3,NA,Kitchen,NA,NA,NA\n"
    "15,7,5,Lia: Soup!,9500,TRUE,2,3,Lia,Kitchen,Soup!,soup,1\n"
    "16,99,1,Lia: Lost.,1,TRUE,2,3,Lia,Kitchen,Lost.,lost,1\n"
    "17,7,NA,Lia: Unnumbered.,1,TRUE,2,3,Lia,Kitchen,Unnumbered.,x,1\n"
)
EPISODE_ROWS = (
    '7,u,8,9,3,16,1990-01-14,1990,7G1,2,"Nets and Boats""[203]",1,v,1\n8,u,8,9,4,17,NA,NA,7G2,2,NA,NA,v,1\n'
    "9,u,8,9,NA,18,NA,NA,7G3,2,NA,NA,v,1\n"
)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    folder = tmp_path / "pair"
    folder.mkdir()
    (folder / "script.csv").write_text(LINES + LINE_ROWS)
    (folder / "list.csv").write_text(EPISODES + EPISODE_ROWS)
    return folder


@pytest.mark.parametrize("which", ["", "script.csv", "list.csv"])
def test_the_pair_is_joined_from_the_folder_or_either_file(pair: Path, which: str) -> None:
    reading = read(pair / which, "Farol")
    assert reading.format == "simpsons_csv"
    first, second = reading.episodes
    assert (first.key, first.title, str(first.air_date)) == ("S02E03", "Nets and Boats", "1990-01-14")
    assert [(line.scene, line.kind.value, line.speaker, line.text) for line in first.lines] == [
        (1, "heading", None, "Pier: Ext. pier - night"),
        (1, "direction", "Zé", "SAD"),
        (1, "speech", "Zé", "The net is cut. Again."),
        (1, "direction", "Zé", "beat"),
        (1, "direction", "Lia", "LAUGHS"),
        (2, "heading", None, "Kitchen: Int. kitchen - day"),
        (2, "speech", "Lia", "Soup!"),
    ]
    assert first.lines[2].start_ms == 5000
    assert first.lines[4].start_ms is None
    # An episode without lines stays, and NA is no title.
    assert (second.key, second.title, second.air_date, second.lines) == ("S02E04", None, None, ())
    assert reading.report.dropped[NO_MATCH] == 1
    assert reading.report.dropped["no season and episode number"] == 1
    assert reading.report.rows_read == 10
    assert len(reading.report.files) == 2


def test_a_row_without_a_number_keeps_its_place_in_no_order(pair: Path) -> None:
    texts = [line.text for line in read(pair, "Farol").episodes[0].lines]
    assert "Unnumbered." not in texts


def test_lines_alone_are_refused(pair: Path) -> None:
    (pair / "list.csv").unlink()
    with pytest.raises(DamagedInput, match=r"script\.csv does not say the season .* Put the episodes CSV"):
        read(pair / "script.csv", "Farol")


def test_episodes_alone_are_a_show_without_words(pair: Path) -> None:
    (pair / "script.csv").unlink()
    assert [episode.key for episode in read(pair / "list.csv", "Farol").episodes] == ["S02E03", "S02E04"]


def test_two_candidates_are_not_guessed_between(pair: Path) -> None:
    (pair / "list2.csv").write_text(EPISODES + EPISODE_ROWS)
    with pytest.raises(DamagedInput, match=r"list\.csv and list2\.csv"):
        read(pair / "script.csv", "Farol")


def test_a_sibling_behind_a_link_is_not_followed(pair: Path, tmp_path: Path) -> None:
    (pair / "list.csv").rename(tmp_path / "list.csv")
    (pair / "list.csv").symlink_to(tmp_path / "list.csv")
    with pytest.raises(DamagedInput, match="does not say the season"):
        read(pair / "script.csv", "Farol")
