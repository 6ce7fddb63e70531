"""Episodes in and out: nothing changes without need, nothing known is erased, everything is found."""

import datetime as dt
import sqlite3
from contextlib import closing

import pytest

from core.domain.generation import Step
from core.domain.show import Episode, Line, LineKind, ShowInfo
from core.errors import DamagedInput, NotFound
from core.store.library import Library
from tests.show import EPISODES, INFO
from tests.store.rows import episode, fill, save_picture, season, sha, summary


@pytest.fixture
def library(small):
    with Library.open(small) as opened:
        yield opened


def changed_lines(settings, act):
    """The rowids of table line that are new after ``act``."""
    with closing(sqlite3.connect(settings.data_dir / "chamada.sqlite3")) as database:
        query = "SELECT episode_id, seq, sha256, rowid FROM line"
        before = set(database.execute(query))
        act()
        return {row[:2] for row in set(database.execute(query)) - before}


def line(seq, text="Oi.", **more):
    return Line(
        **{"scene": 1, "seq": seq, "speaker": "ANA", "text": text, "source_file": "a", "source_row": seq + 1} | more
    )


def test_lines_come_back_as_they_went_in(library):
    hostile = [
        line(0, "<|eot_id|> \x00 \u202e 🦀 ' \" ; DROP TABLE line; --"),
        line(1, "", speaker=None, kind=LineKind.SOUND, start_ms=2**40),
        line(2, "a\r\nb\u2028c", scene=9, kind=LineKind.HEADING),
    ]
    entry = Episode(
        season=2007,
        key="2007-05-14",
        air_date=dt.date(2007, 5, 14),
        title="É \N{COMBINING ACUTE ACCENT}",
        logline="%_\\",
        cast=("ANA", "Zé"),
        lines=tuple(hostile),
    )
    library.import_episodes(ShowInfo(name="Açaí & 'aspas'"), [entry])
    [view] = library.episodes()
    assert library.lines(view.id) == hostile
    assert (view.show, view.season, view.air_date, view.cast) == ("Açaí & 'aspas'", 2007, entry.air_date, entry.cast)
    assert (view.title, view.logline, view.lines) == (entry.title, entry.logline, 3)
    assert library.verify() == []


def test_words_are_counted_in_speech_alone(library):
    lines = (line(0, "uma duas três"), line(1, "quatro", kind=LineKind.DIRECTION), line(2, "cinco seis"))
    library.import_episodes(INFO, [Episode(season=1, key="S01E01", lines=lines)])
    assert library.episodes()[0].words == 5


def test_the_same_import_changes_nothing(library, small):
    told = []
    first = library.import_episodes(INFO, EPISODES, lambda *args: told.append(args))
    assert (first.added, first.replaced, first.unchanged) == (4, 0, 0)
    again = []
    changed = changed_lines(small, lambda: again.append(library.import_episodes(INFO, EPISODES)))
    assert (again[0].added, again[0].replaced, again[0].unchanged) == (0, 0, 4)
    assert changed == set()
    assert told == [(item.key, "added") for item in EPISODES]


def test_a_corrected_line_replaces_only_its_episode(library, small):
    library.import_episodes(INFO, EPISODES)
    before = {view.key: view.content_sha256 for view in library.episodes()}
    lines = list(EPISODES[1].lines)
    lines[2] = lines[2].model_copy(update={"text": "Corrigida."})
    corrected = [EPISODES[0], EPISODES[1].model_copy(update={"lines": tuple(lines)}), *EPISODES[2:]]
    told = {}
    touched = changed_lines(small, lambda: library.import_episodes(INFO, corrected, told.__setitem__))
    assert {episode_id for episode_id, _ in touched} == {2}
    assert told == {"S01E01": "unchanged", "S01E02": "replaced", "S02E01": "unchanged", "S02E02": "unchanged"}
    after = {view.key: view.content_sha256 for view in library.episodes()}
    assert [key for key in before if before[key] != after[key]] == ["S01E02"]
    assert library.lines(2)[2].text == "Corrigida."
    assert library.verify() == []


def test_a_shorter_transcript_loses_its_last_lines(library):
    library.import_episodes(INFO, EPISODES)
    library.import_episodes(INFO, [EPISODES[0].model_copy(update={"lines": EPISODES[0].lines[:3]})])
    assert library.lines(1) == list(EPISODES[0].lines[:3])
    assert library.verify() == []


def test_a_moved_source_file_is_noted_but_makes_nothing_out_of_date(library):
    library.import_episodes(INFO, EPISODES)
    before = library.episode(1).content_sha256
    moved = tuple(item.model_copy(update={"source_file": "new.txt"}) for item in EPISODES[0].lines)
    counts = library.import_episodes(INFO, [EPISODES[0].model_copy(update={"lines": moved})])
    assert counts.unchanged == 1
    assert library.episode(1).content_sha256 == before
    assert {item.source_file for item in library.lines(1)} == {"new.txt"}
    assert library.verify() == []


def test_what_is_not_told_again_stays_known(library):
    first = EPISODES[0].model_copy(update={"air_date": dt.date(2020, 1, 2), "logline": "Luz.", "cast": ("ANA",)})
    library.import_episodes(ShowInfo(name="O Farol", genre="drama", fiction=False, cast={"ANA": "a"}), [first])
    known = library.episode(1)
    library.import_episodes(ShowInfo(name="O Farol"), [Episode(season=1, key="S01E01", lines=first.lines)])
    library.import_episodes(ShowInfo(name="O Farol"), [Episode(season=1, key="S01E01", number=1)])
    assert library.episode(1) == known
    assert library.lines(1) == list(first.lines)
    show = library.show("O Farol")
    assert (show.genre, show.fiction, show.cast) == ("drama", False, {"ANA": "a"})
    library.import_episodes(ShowInfo(name="O Farol", fiction=True, genre="comédia"), [])
    assert (library.show("O Farol").genre, library.show("O Farol").fiction) == ("comédia", True)


def test_transcript_and_metadata_give_the_same_in_either_order(small, tmp_path):
    bare = EPISODES[0].model_copy(update={"title": None, "number": None})
    metadata = Episode(season=1, key="S01E01", number=1, title="A Lâmpada")
    hashes = set()
    for name, order in {"a": [bare, metadata], "b": [metadata, bare], "c": [EPISODES[0]]}.items():
        with Library.open(small.model_copy(update={"data_dir": tmp_path / name})) as library:
            library.import_episodes(INFO, order)
            hashes.add(library.episode(1).content_sha256)
            assert library.verify() == []
    assert len(hashes) == 1


def test_an_episode_can_move_to_another_season(library):
    library.import_episodes(INFO, EPISODES)
    for entry in EPISODES[2:]:
        library.import_episodes(INFO, [entry.model_copy(update={"season": 1})])
    assert [(item.number, item.episodes) for item in library.seasons(1)] == [(1, 4)]
    assert library.show("O Farol").seasons == 1
    assert library.verify() == []


@pytest.mark.parametrize("bad", [{"text": "a\ud800b"}, {"start_ms": 2**63}], ids=["half a pair", "endless number"])
def test_what_cannot_be_stored_is_refused_by_name(library, bad):
    bad = Episode(season=1, key="S01E09", lines=(line(0, **bad),))
    with pytest.raises(DamagedInput, match="S01E09"):
        library.import_episodes(INFO, [EPISODES[0], bad])
    assert [view.key for view in library.episodes()] == ["S01E01"]
    assert library.verify() == []


def test_gaps_in_seq_are_refused(library):
    with pytest.raises(ValueError, match="seq"):
        library.import_episodes(INFO, [Episode(season=1, key="S01E01", lines=(line(0), line(2)))])


def test_lists_are_ordered_paged_and_narrowed(library):
    library.import_episodes(INFO, reversed(EPISODES))
    library.import_episodes(ShowInfo(name="A Ilha"), [Episode(season=3, key="S03E01")])
    assert [view.key for view in library.episodes()] == ["S03E01", "S01E01", "S01E02", "S02E01", "S02E02"]
    show = library.show("O Farol")
    assert [view.key for view in library.episodes(show.id, offset=1, limit=2)] == ["S01E02", "S02E01"]
    assert [view.key for view in library.episodes(show.id, season=2)] == ["S02E01", "S02E02"]
    assert [view.key for view in library.episodes(season=3)] == ["S03E01"]
    assert (library.count_episodes(), library.count_episodes(show.id), library.count_episodes(season=2)) == (5, 4, 2)
    assert [view.name for view in library.shows()] == ["A Ilha", "O Farol"]


@pytest.mark.parametrize(
    ("search", "keys"),
    [
        ("lampada", ["S01E01"]),
        ("LÂMPADA", ["S01E01"]),
        ("  a   chave ", ["S01E02"]),
        ("s02", ["S02E01", "S02E02"]),
        ("coracao", ["S01E01", "S01E02", "S02E01", "S02E02"]),
        ("tempestade 3 mapa", ["S02E01"]),
        ("Resumo 7", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("\ud800", ["S01E01", "S01E02", "S02E01", "S02E02"]),
        ("farol' OR 1=1 --", []),
        ("x " * 9999, []),
    ],
)
def test_search_is_blind_to_accents_and_case(library, search, keys):
    fill(library)
    assert [view.key for view in library.episodes(search=search)] == keys
    assert library.count_episodes(search=search) == len(keys)


def test_search_follows_the_current_summary_and_survives_an_import(library):
    library.import_episodes(INFO, EPISODES)
    old = library.save_generation(summary(1, "old", "Um dragão."))
    library.save_generation(summary(1, "new", "Um unicórnio."))
    assert (library.count_episodes(search="dragao"), library.count_episodes(search="unicornio")) == (0, 1)
    library.make_current(old.id)
    library.import_episodes(INFO, [EPISODES[0].model_copy(update={"title": "Outro"})])
    assert library.count_episodes(search="dragao outro") == 1
    assert library.episode(1).summary == "Um dragão."


def test_views_tell_how_far_preparation_has_come(library):
    fill(library)
    show = library.show_by_id(1)
    assert (show.seasons, show.episodes, show.summarized, show.illustrated, show.season_posters) == (2, 4, 4, 4, 4)
    assert show == library.show("O Farol") == library.shows()[0]
    view = library.episode(3)
    assert view.summary == "Resumo 2 do episódio 3: coração e tempestade."
    assert view == library.episodes()[2]
    poster = save_picture(library, episode(3), Step.ILLUSTRATION, 99)
    assert library.episode(3).poster == poster
    assert library.season(2) == library.seasons(1)[1]
    assert (library.season(2).number, library.season(2).episodes) == (2, 2)


def test_current_holds_what_planning_needs(library):
    fill(library)
    library.import_episodes(ShowInfo(name="Outra"), [Episode(season=1, key="S01E01")])
    library.save_generation(summary(5, "other show", "Nada."))
    current = library.current(1)
    assert len(current) == 4 + 4 + 2 + 4
    row = current["episode", 2, Step.SUMMARY, ""]
    assert (row.key, row.input_key, row.media, row.versions) == (sha("2 2"), sha("input 2 2"), None, 2)
    poster = current["season", 2, Step.STYLE_ILLUSTRATION, "cordel"]
    assert library.media.check(poster.media)
    assert poster.versions == 1
    assert [key[:2] for key in library.current(2)] == [("episode", 5)]


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 10**30])
def test_an_id_that_does_not_exist(library, number):
    for find in (library.episode, library.season, library.show_by_id, library.make_current):
        with pytest.raises(NotFound):
            find(number)
    assert library.generations(episode(-1)) == library.lines(-1) == []


def test_a_show_that_does_not_exist_lists_those_that_do(library):
    with pytest.raises(NotFound, match="Import one first"):
        library.show("O Farol")
    library.import_episodes(INFO, [])
    for name in ("o farol", "", "\ud800"):
        with pytest.raises(NotFound) as caught:
            library.show(name)
        assert caught.value.values["known"] == "O Farol"


def test_a_damaged_row_is_a_sentence_and_not_a_traceback(library, small):
    from core.errors import LibraryDamaged

    fill(library)
    with closing(sqlite3.connect(small.data_dir / "chamada.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE generation SET output = '{' WHERE id = 1")
        database.execute("UPDATE episode SET air_date = 'tomorrow' WHERE id = 2")
        database.execute("UPDATE line SET scene = 'x' WHERE episode_id = 3 AND seq = 1")
        database.execute("UPDATE line SET text = CAST(x'ff' AS TEXT) WHERE episode_id = 4 AND seq = 1")
    for read in (
        lambda: library.generations(episode(1)),
        lambda: library.episodes(),
        lambda: library.lines(3),
        lambda: library.lines(4),
        lambda: library.make_current(1),
        lambda: library.import_episodes(INFO, [EPISODES[1]]),
    ):
        with pytest.raises(LibraryDamaged, match="verify"):
            read()
    assert library.generations(season(1))


def test_episode_100_comes_after_episode_11(small):
    with Library.open(small) as library:
        numbers = (100, 11, 2)
        library.import_episodes(
            INFO, [EPISODES[0].model_copy(update={"key": f"S01E{n:02}", "number": n}) for n in numbers]
        )
        assert [episode.number for episode in library.episodes()] == [2, 11, 100]
