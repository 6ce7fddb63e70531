"""Generations: one row a key, versions that count from 1, one of them current."""

import datetime as dt

import pytest

from core.domain.generation import Step
from core.errors import LibraryDamaged, NotFound, StoreError
from core.store.library import Library
from tests.show import EPISODES, INFO
from tests.store.rows import ORIGIN, episode, finished, picture, save_picture, season, sha, summary


@pytest.fixture
def library(small):
    with Library.open(small) as opened:
        opened.import_episodes(INFO, EPISODES)
        yield opened


def test_a_generation_comes_back_as_it_went_in(library):
    new = finished(
        season(2),
        Step.STUDY,
        "k",
        variant="v",
        prompt_name="season_answer",
        prompt_fingerprint=sha("wording"),
        options={"top_p": 0.9, "nested": {"é": [1, None, True]}},
        seed=2**63 - 1,
        output={"text": "\x00 🦀", "n": 1.5},
        findings=("one", "two"),
        prompt_tokens=1,
        new_tokens=2,
        seconds=1 / 3,
    )
    saved = library.save_generation(new)
    [stored] = library.generations(season(2))
    assert stored == saved
    assert stored.model_dump(include=set(type(new).model_fields)) == new.model_dump()
    assert (stored.version, stored.current) == (1, True)
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - stored.created_at < dt.timedelta(minutes=1)


def test_saving_a_key_again_gives_the_stored_row_and_makes_it_current(library):
    first = library.save_generation(summary(1, "a", "Primeiro."))
    second = library.save_generation(summary(1, "b", "Segundo."))
    again = library.save_generation(summary(1, "a", "Outra coisa."))
    assert again == first
    assert [(row.id, row.version, row.current) for row in library.generations(episode(1))] == [
        (second.id, 2, False),
        (first.id, 1, True),
    ]
    assert library.verify() == []


def test_versions_count_within_subject_step_and_variant(library):
    versions = [
        library.save_generation(finished(subject, step, (subject, step, variant, turn), variant=variant)).version
        for turn in (1, 2)
        for subject in (episode(1), episode(2), season(1))
        for step in (Step.SUMMARY, Step.STUDY)
        for variant in ("", "riso")
    ]
    assert versions == [1] * 12 + [2] * 12
    assert len(library.generations(episode(1), Step.SUMMARY)) == 4
    assert all(row.step is Step.SUMMARY for row in library.generations(episode(1), Step.SUMMARY))
    assert library.verify() == []


def test_make_current_moves_the_flag(library):
    rows = [library.save_generation(summary(1, number, f"{number}")) for number in range(3)]
    chosen = library.make_current(rows[0].id)
    assert chosen == rows[0]
    assert library.make_current(rows[0].id) == chosen
    assert [row.current for row in library.generations(episode(1))] == [False, False, True]
    assert library.episode(1).summary == "0"
    assert library.verify() == []


def test_find_by_input_key_prefers_the_current_version(library):
    same = {"input_key": sha("same")}
    rows = [library.save_generation(summary(1, number, "x", **same)) for number in range(3)]
    other = library.save_generation(summary(1, "other", "x"))
    find = library.find_by_input_key
    assert find(episode(1), Step.SUMMARY, "", sha("same")) == rows[2].model_copy(update={"current": False})
    library.make_current(rows[1].id)
    assert find(episode(1), Step.SUMMARY, "", sha("same")).id == rows[1].id
    assert find(episode(1), Step.SUMMARY, "", other.input_key).id == other.id
    for miss in (
        (episode(2), Step.SUMMARY, "", sha("same")),
        (season(1), Step.SUMMARY, "", sha("same")),
        (episode(1), Step.IMAGE_PROMPT, "", sha("same")),
        (episode(1), Step.SUMMARY, "riso", sha("same")),
        (episode(1), Step.SUMMARY, "", sha("?")),
    ):
        assert find(*miss) is None


def test_a_key_belongs_to_one_step_of_one_subject(library):
    library.save_generation(summary(1, "a", "x"))
    with pytest.raises(StoreError, match="stored already for episode 1"):
        library.save_generation(summary(2, "a", "x"))


@pytest.mark.parametrize("subject", [episode(99), season(99)])
def test_a_subject_must_exist(library, subject):
    with pytest.raises(NotFound, match=f"{subject.kind} 99"):
        library.save_generation(finished(subject, Step.STUDY, "a"))
    assert library.verify() == []


def test_a_picture_must_be_on_disk_before_its_row(library):
    media = library.media.save(picture(1), ORIGIN, "x", {})
    library.media.path(media.sha256).unlink()
    new = finished(episode(1), Step.ILLUSTRATION, "a", media=media.sha256)
    with pytest.raises(NotFound, match=media.sha256):
        library.save_generation(new, media)
    for wrong in (None, media._replace(sha256=sha("other"))):
        with pytest.raises(ValueError, match=media.sha256):
            library.save_generation(new, wrong)
    assert library.generations(episode(1)) == []


def test_two_generations_may_share_a_picture(library):
    first = save_picture(library, episode(1), Step.ILLUSTRATION, 5)
    media = library.media.save(picture(5), ORIGIN, "picture 5", {"Title": "5"})
    assert media.sha256 == first
    library.save_generation(finished(episode(2), Step.ILLUSTRATION, "b", media=first), media)
    assert library.verify() == []


def test_a_changed_row_is_not_given_a_new_sha256(library, small):
    import sqlite3
    from contextlib import closing

    old = library.save_generation(summary(1, "a", "Um."))
    library.save_generation(summary(1, "b", "Dois."))
    with closing(sqlite3.connect(small.data_dir / "chamada.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE generation SET model = 'another' WHERE id = ?", [old.id])
    with pytest.raises(LibraryDamaged, match="generation 1"):
        library.make_current(old.id)
    assert [damage.where for damage in library.verify()] == ["generation 1"]


def test_a_number_that_json_lacks_is_our_own_mistake(library):
    with pytest.raises(ValueError, match="JSON"):
        library.save_generation(summary(1, "a", "x", options={"top_p": float("nan")}))
    assert library.generations(episode(1)) == []
