"""Each CSV profile with its quirks, and tables that cannot be read."""

from collections.abc import Callable

import pytest

from core.domain.show import Line, LineKind
from core.errors import DamagedInput, UnknownFormat
from core.ingest import Reading
from core.ingest.csv_profile import profiles
from core.ingest.report import CELLS, NO_EPISODE, NO_TEXT, QUOTES, REPEATED
from core.ingest.sniff import FORMATS

Take = Callable[[str, str | bytes], Reading]

SOUTHPARK = """Season,Episode,Character,Line
1,2,"Zé, Lia","We are lost, again.
"
1,2,Zé,"(Mmph the boat.)
"
1,2,Zé,"(Mmph the boat.)
"
1,2,Lia,"NA
"
1,1,Narrator,"It said ""wait"".
"
1,1,Lia,
x,1,Lia,"No season.
"
1,1,Lia,one,two
"""

FRIENDS = """text,speaker,season,episode,scene,utterance
"[Scene: The pier, Zé mends a net.]",Scene Directions,1,1,1,1
(looking up) You came.,Zé,1,1,1,2
I did. (She sits.),Lia,1,1,1,3
Cheers!,#ALL#,1,1,2,2
The lamp goes out.,Scene Directions,1,1,2,1
Who is it?,NA,1,1,4,1
NA,Lia,1,1,4,2
"""

AVATAR = """id,book,book_num,chapter,chapter_num,character,full_text,character_words,writer,director,imdb_rating
3,Salt,1,The Net,1,Lia,"Wait! [Grabs the oar.]
Not yet!","Wait!
Not yet!",W,D,8
1,Salt,1,The Net,1,Scene Description,"A pier at night.
Fog rolls in.",NA,W,D,8
2,Salt,1,The Net,1,Zé,[Whispering.] Row.,Row.,W,D,8
4,Sand,2,The Map,1,Zé,Go [points] now.,NA,W,D,NA
"""


def told(lines: tuple[Line, ...]) -> list[tuple[int, str | None, str, str]]:
    return [(line.scene, line.speaker, line.kind.value, line.text) for line in lines]


def test_south_park(take: Take) -> None:
    reading = take("Season-1.csv", SOUTHPARK)
    assert reading.format == "southpark_csv"
    assert [episode.key for episode in reading.episodes] == ["S01E01", "S01E02"]
    first, second = reading.episodes
    assert told(first.lines) == [(1, "Narrator", "speech", 'It said "wait".')]
    # A muffled line is speech in brackets; NA is a word here; groups stay as written; the newline at the end goes.
    assert told(second.lines) == [
        (1, "Zé, Lia", "speech", "We are lost, again."),
        (1, "Zé", "speech", "(Mmph the boat.)"),
        (1, "Lia", "speech", "NA"),
    ]
    assert [line.source_row for line in second.lines] == [1, 2, 4]
    assert reading.report.dropped == {REPEATED: 1, NO_TEXT: 1, NO_EPISODE: 1, CELLS: 1}
    assert (reading.report.rows_read, reading.report.rows_kept) == (8, 4)


def test_friends(take: Take) -> None:
    (episode,) = take("friends.csv", FRIENDS).episodes
    assert told(episode.lines) == [
        (1, None, "heading", "Scene: The pier, Zé mends a net."),
        (1, "Zé", "direction", "looking up"),
        (1, "Zé", "speech", "You came."),
        (1, "Lia", "speech", "I did."),
        (1, "Lia", "direction", "She sits."),
        (2, None, "direction", "The lamp goes out."),
        (2, None, "speech", "Cheers!"),
        (3, None, "speech", "Who is it?"),
    ]
    assert [line.seq for line in episode.lines] == list(range(8))
    assert episode.title is None


def test_avatar(take: Take) -> None:
    reading = take("avatar.csv", AVATAR)
    assert [(e.season, e.key, e.title) for e in reading.episodes] == [
        (1, "S01E01", "The Net"),
        (2, "S02E01", "The Map"),
    ]
    assert told(reading.episodes[0].lines) == [
        (1, None, "direction", "A pier at night. Fog rolls in."),
        (1, "Zé", "direction", "Whispering."),
        (1, "Zé", "speech", "Row."),
        (1, "Lia", "speech", "Wait! Not yet!"),
        (1, "Lia", "direction", "Grabs the oar."),
    ]
    assert told(reading.episodes[1].lines) == [(1, "Zé", "speech", "Go now."), (1, "Zé", "direction", "points")]
    assert "1 rows were out of order" in str(reading.report.notes[0])


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_a_table_made_by_hand(take: Take, delimiter: str) -> None:
    rows = ["Temporada,Episódio,Título,Cena,Personagem,Fala", "1,1,O Farol,1,Zé,Oi", "1,1,O Farol,5,Lia,Olá (rindo)"]
    data = "\r\n".join(rows).replace(",", delimiter).encode("cp1252")
    reading = take("tabela.csv", data)
    assert reading.format == "lines_csv"
    (episode,) = reading.episodes
    assert episode.title == "O Farol"
    assert told(episode.lines) == [(1, "Zé", "speech", "Oi"), (2, "Lia", "speech", "Olá (rindo)")]


def test_a_content_of_csv_is_recognised_under_any_name(take: Take) -> None:
    assert take("lines.txt", SOUTHPARK).format == "southpark_csv"


def test_missing_columns_are_named_with_the_nearest_shape(take: Take) -> None:
    with pytest.raises(UnknownFormat) as caught:
        take("a.csv", "Season,Character,Line\n1,Zé,Oi\n")
    assert "a.csv lacks the columns episode." in str(caught.value)
    assert "season, episode, speaker, text" in str(caught.value)
    with pytest.raises(UnknownFormat, match="lacks the columns number_in_season"):
        take("b.csv", "id,season,title,original_air_date\n1,1,x,1990-01-01\n")


def test_no_usable_row_is_an_error_with_its_reasons(take: Take) -> None:
    with pytest.raises(DamagedInput, match=r"no usable row: no season and episode number \(2\)"):
        take("a.csv", "Season,Episode,Character,Line\nNA,1,Zé,Oi\n1,9" + "9" * 5000 + ",Zé,Oi\n")
    with pytest.raises(DamagedInput, match="no rows"):
        take("a.csv", "Season,Episode,Character,Line\n")


def test_a_broken_quotation_mark_costs_its_rows_only(take: Take) -> None:
    rows = "".join(f'1,1,Zé,"Line {number}."\n' for number in range(9))
    reading = take("a.csv", f'Season,Episode,Character,Line\n1,1,Zé,"He said \\"no\\"."\n{rows}1,1,Zé,"never closed\n')
    assert reading.report.dropped == {QUOTES: 2}
    assert len(reading.episodes[0].lines) == 9
    assert reading.episodes[0].lines[0].source_row == 2


def test_mostly_broken_quotation_marks_are_refused(take: Take) -> None:
    rows = '1,1,Zé,"a" b\n' * 6 + "1,1,Zé,ok\n" * 3
    with pytest.raises(DamagedInput, match="broken quotation marks in 6 of 9 rows"):
        take("a.csv", "Season,Episode,Character,Line\n" + rows)


def test_a_quotation_that_never_ends_is_bounded(take: Take) -> None:
    data = 'Season,Episode,Character,Line\n1,1,Zé,"open\n' + "1,1,Zé,word word word\n" * 60_000
    with pytest.raises(DamagedInput, match="cell of more than 1000000 characters"):
        take("a.csv", data)


def test_a_cell_beyond_the_csv_modules_own_limit_is_read(take: Take) -> None:
    reading = take("a.csv", "Season,Episode,Character,Line\n1,1,Zé," + "a" * 200_000 + "\n")
    assert len(reading.episodes[0].lines[0].text) == 200_000


def test_every_profile_is_told_and_documented() -> None:
    for profile in profiles():
        assert profile.source
        if not profile.id.startswith("simpsons_"):
            assert profile.id in FORMATS


def test_a_spoken_line_is_speech_by_default(take: Take) -> None:
    reading = take("a.csv", "season,episode,speaker,text\n1,1,,Oi\n")
    (line,) = reading.episodes[0].lines
    assert (line.kind, line.speaker) == (LineKind.SPEECH, None)
