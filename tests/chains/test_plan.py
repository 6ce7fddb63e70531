"""The plan: exactly what is missing, nothing more."""

from collections import Counter

from core.domain.generation import Step, Style
from core.domain.library import CurrentKey
from core.settings import Settings
from core.studio import Studio
from tests.show import EPISODES, INFO

ALL = {
    Step.SUMMARY: 4,
    Step.IMAGE_PROMPT: 4,
    Step.ILLUSTRATION: 4,
    Step.STUDY: 2,
    Step.STYLE_PROMPT: 2 * len(Style),
    Step.STYLE_ILLUSTRATION: 2 * len(Style),
}


def count(plan):
    return dict(Counter(task.step for task in plan.tasks))


def test_an_imported_show_misses_everything(imported):
    assert count(imported.plan(imported.show(INFO.name))) == ALL


def test_all_text_comes_before_the_first_image(imported):
    steps = [task.step for task in imported.plan(imported.show(INFO.name)).tasks]
    assert [s for s in steps if s in (Step.ILLUSTRATION, Step.STYLE_ILLUSTRATION)] == steps[-14:]
    assert steps.index(Step.STUDY) > max(i for i, s in enumerate(steps) if s is Step.SUMMARY)


def test_a_prepared_show_misses_nothing(prepared):
    plan = prepared.plan(prepared.show(INFO.name))
    assert plan.tasks == ()
    assert plan.complete == sum(ALL.values())


def test_a_corrected_line_remakes_its_episode_and_its_season_only(prepared):
    line = EPISODES[0].lines[2].model_copy(update={"text": "A lâmpada apagou, e o rádio também."})
    lines = (*EPISODES[0].lines[:2], line, *EPISODES[0].lines[3:])
    prepared.import_episodes(INFO, [EPISODES[0].model_copy(update={"lines": lines})])
    plan = prepared.plan(prepared.show(INFO.name))
    assert {task.label.split()[0] for task in plan.tasks} == {"S01E01", "T1"}
    assert count(plan) == {**dict.fromkeys(ALL, 1), Step.STYLE_PROMPT: 5, Step.STYLE_ILLUSTRATION: 5}


def test_a_setting_remakes_what_depends_on_it(prepared, small):
    wider = Studio(prepared.library, small.model_copy(update={"image_width": 200}))
    assert count(wider.plan(wider.show(INFO.name))) == {Step.ILLUSTRATION: 4, Step.STYLE_ILLUSTRATION: 10}


def test_going_back_to_an_old_setting_takes_up_the_old_version(prepared, small: Settings):
    wider = Studio(prepared.library, small.model_copy(update={"image_width": 200}))
    only = frozenset({Step.ILLUSTRATION})
    assert wider.prepare(wider.plan(wider.show(INFO.name), only=only)).made == 4
    back = prepared.plan(prepared.show(INFO.name))
    outcome = prepared.prepare(back)
    assert (outcome.made, outcome.kept) == (0, 4)
    assert prepared.plan(prepared.show(INFO.name)).tasks == ()


def test_force_makes_a_second_version_and_keeps_the_first(prepared):
    show = prepared.show(INFO.name)
    prepared.prepare(prepared.plan(show, season=1, only=frozenset({Step.ILLUSTRATION}), force=True))
    episode = prepared.list_episodes(show.id)[0]
    versions = prepared.get_episode(episode.id).versions
    assert [row.version for row in versions] == [2, 1]
    assert versions[0].current
    assert versions[0].media != versions[1].media
    assert prepared.plan(show).tasks == ()


def test_a_chosen_older_version_stays_chosen(prepared):
    show = prepared.show(INFO.name)
    prepared.prepare(prepared.plan(show, only=frozenset({Step.ILLUSTRATION}), force=True))
    episode = prepared.list_episodes(show.id)[0]
    first = prepared.get_episode(episode.id).versions[-1]
    prepared.make_current(first.id)
    assert prepared.plan(show).tasks == ()
    assert prepared.list_episodes(show.id)[0].poster == first.media


def test_only_a_later_step_waits_for_the_earlier_ones(imported):
    plan = imported.plan(imported.show(INFO.name), only=frozenset({Step.ILLUSTRATION}))
    assert plan.tasks == ()
    assert plan.waiting == 4


def test_one_season(imported):
    plan = imported.plan(imported.show(INFO.name), season=2)
    assert {task.label[:3] for task in plan.tasks} == {"S02", "T2", "T2 "}


def test_of_equal_inputs_the_current_version_is_taken_up(prepared):
    show = prepared.show(INFO.name)
    prepared.prepare(prepared.plan(show, only=frozenset({Step.ILLUSTRATION}), force=True))
    first = prepared.get_episode(prepared.list_episodes(show.id)[0].id).versions[-1]
    prepared.make_current(first.id)
    place = CurrentKey("episode", first.subject.id, Step.ILLUSTRATION, "")
    assert prepared.library.versions(show.id)[place, first.input_key].id == first.id
