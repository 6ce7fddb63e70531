"""Running a plan: on the draft engines, on a scripted engine, stopped half way, and with a failing engine."""

import itertools

import pytest

from core.chains.preparation import Preparation
from core.domain.generation import Step, Style, Subject
from core.domain.show import Answer
from core.engines.base import TextOptions
from core.errors import Canceled, EngineError
from core.studio import Studio
from tests.scripted import ScriptedText
from tests.show import EPISODES, INFO


def scripted(studio: Studio, engine: ScriptedText) -> Preparation:
    recipe = studio.recipe
    plan = studio.plan(studio.show(INFO.name))
    return Preparation(studio.library, plan, recipe, lambda: engine, lambda: studio.image_engine, lambda text: "pt")


def test_the_draft_engines_fill_the_library(prepared):
    show = prepared.show(INFO.name)
    assert (show.episodes, show.summarized, show.illustrated, show.season_posters) == (4, 4, 4, 10)
    posters = {item.poster for item in prepared.list_episodes(show.id)}
    styles = [row.media for season in prepared.list_seasons(show.id) for row in prepared.get_season(season.id).posters]
    assert len(posters | set(styles)) == 14


def test_every_quote_is_in_the_transcript(prepared):
    said = {line.text for episode in EPISODES for line in episode.lines}
    for item in prepared.list_episodes():
        moments = prepared.get_episode(item.id).summary.moments
        assert moments
        assert {moment.quote for moment in moments} <= said


def test_an_engine_that_reads_messages_alone_serves_the_same_chains(imported):
    engine = ScriptedText()
    outcome = scripted(imported, engine).run()
    assert outcome.failed == []
    detail = imported.get_episode(imported.list_episodes()[0].id)
    assert detail.summary.text.startswith("A lâmpada do farol apagou")
    assert detail.summary.moments[0].speaker == "ANA"
    assert detail.generations[0].engine in {"scripted", "draft"}
    season = imported.get_season(imported.list_seasons(imported.show(INFO.name).id)[0].id)
    assert season.study.subject == "Um farol e um barco à noite"
    assert [row.variant for row in season.posters] == [style.value for style in Style]
    assert all("INSTRUCTIONS" not in text for text in engine.seen)


def test_a_season_cites_only_episodes_that_exist(imported):
    scripted(imported, ScriptedText()).run()
    season = imported.get_season(imported.list_seasons(imported.show(INFO.name).id)[0].id)
    assert {key for answer in season.study.answers for key in answer.episodes} == {"S01E01", "S01E02"}
    rows = [row for row in season.generations if row.step is Step.ANSWER]
    assert len(rows) == 7
    assert all("S09E99" in row.findings[0] for row in rows)
    assert {Answer.model_validate(row.output).asked_by for row in rows} == {"fixed", "engine"}


def test_every_step_is_a_row_with_its_prompt_options_and_seed(prepared):
    episode = prepared.get_episode(prepared.list_episodes()[0].id)
    rows = {row.step: row for row in episode.generations}
    assert set(rows) == {Step.SUMMARY, Step.IMAGE_PROMPT, Step.ILLUSTRATION}
    assert rows[Step.SUMMARY].prompt_name == "episode_summary"
    assert len(rows[Step.SUMMARY].prompt_fingerprint) == 64
    assert TextOptions.model_validate(rows[Step.SUMMARY].options).max_new_tokens == 900
    assert rows[Step.ILLUSTRATION].options["width"] == 160
    assert rows[Step.ILLUSTRATION].options["seed"] == rows[Step.ILLUSTRATION].seed


def test_a_stopped_run_keeps_what_is_done_and_the_next_one_goes_on(imported):
    show = imported.show(INFO.name)
    asked = itertools.count()
    with pytest.raises(Canceled):
        imported.prepare(imported.plan(show), should_stop=lambda: next(asked) > 7)
    left = imported.plan(show)
    assert 0 < len(left.tasks) < 34
    imported.prepare(left)
    assert imported.plan(show).tasks == ()
    rows = imported.library.generations(Subject(kind="episode", id=imported.list_episodes()[0].id))
    assert [row.version for row in rows] == [1, 1, 1]


def test_a_failing_episode_leaves_the_others_whole(imported):
    def refuse(text: str) -> dict[str, object]:
        if "A Chave" in text:
            raise EngineError("The engine has no memory left. Close other programs and run again.")
        return {"text": "Um resumo.", "key_phrases": [], "moments": []}

    outcome = scripted(imported, ScriptedText(SummaryDraft=refuse)).run()
    failed = {task.label for task, _ in outcome.failed}
    assert "S01E02 A Chave" in failed
    assert not {label for label in failed if label.startswith("S02")}
    assert imported.show(INFO.name).illustrated == 3


def test_an_interrupted_study_does_not_ask_twice(imported):
    engine = ScriptedText(SubjectDraft=lambda text: (_ for _ in ()).throw(EngineError("Out of memory. Run again.")))
    scripted(imported, engine).run()
    asked = len([text for text in engine.seen if 'Answer as JSON: "answer"' in text])
    again = ScriptedText()
    scripted(imported, again).run()
    assert asked == 14
    assert not [text for text in again.seen if 'Answer as JSON: "answer"' in text]


def test_an_image_prompt_that_keeps_its_faults_gives_way_to_a_plain_one(imported):
    def stubborn(text):
        scene = {"subject": "Ana no farol", "setting": "sea", "motifs": ["lighthouse"]}
        return {"prompt": "Claro! Aqui está a imagem do farol com", "negative_prompt": "", "scene": scene}

    outcome = scripted(imported, ScriptedText(ImagePrompt=stubborn)).run()
    assert outcome.failed == []
    episode = imported.get_episode(imported.list_episodes()[0].id)
    row = next(row for row in episode.generations if row.step is Step.IMAGE_PROMPT)
    assert row.output["prompt"].startswith("layered cut-paper poster illustration of ")
    assert "lighthouse" in row.output["prompt"]
    assert row.findings


class Batching(ScriptedText):
    """Answers in batches, and counts them."""

    def __init__(self, **overrides):
        super().__init__(**overrides)
        self.batches = []

    def generate_many(self, prompts, schema, options, on_text=None):
        self.batches.append(len(prompts))
        on_text("")
        return [self.generate(prompt, schema, options) for prompt in prompts]


def test_an_engine_that_answers_in_batches_fills_the_same_library(imported):
    engine = Batching()
    progress = []
    outcome = scripted(imported, engine).run(progress.append)
    assert outcome.failed == []
    assert [item.done for item in progress] == list(range(1, len(progress) + 1))
    assert engine.batches[:2] == [4, 4]
    assert {item.summarized for item in [imported.show(INFO.name)]} == {4}


def test_a_batch_with_one_failure_keeps_the_others(imported):
    def refuse(text):
        if "A Chave" in text:
            raise EngineError("No.")
        return {"text": "O farol apaga."}

    outcome = scripted(imported, Batching(SummaryDraft=refuse)).run()
    assert {task.label for task, _ in outcome.failed if task.subject.kind == "episode"} == {"S01E02 A Chave"}
    assert imported.show(INFO.name).summarized == 3


def test_a_stop_within_a_batch_stops_the_run(imported):
    run = scripted(imported, Batching())
    asked = itertools.count()
    run.should_stop = lambda: next(asked) > 1
    with pytest.raises(Canceled):
        run.run()


def test_each_step_gets_the_seed_it_is_stored_with(imported):
    seeds = []

    class Seeing(ScriptedText):
        def generate(self, prompt, schema, options, on_text=None):
            seeds.append(options.seed)
            return super().generate(prompt, schema, options, on_text)

    run = scripted(imported, Seeing())
    run.plan = imported.plan(imported.show(INFO.name), only=frozenset({Step.SUMMARY}), force=True)
    run.run()
    assert seeds == [task.seed for task in run.plan.tasks]


class Painting:
    """Paints all pictures together with the draft painter, the way a model goes over them in phases."""

    def __init__(self, painter, refuse=""):
        self.painter = painter
        self.refuse = refuse
        self.origin, self.fingerprint = painter.origin, painter.fingerprint
        self.together = []

    def generate(self, request, on_step=None):
        raise AssertionError("one by one")

    def generate_many(self, requests, on_step=None):
        self.together.append(len(requests))
        for number in range(4 * len(requests)):
            on_step(number + 1, 5 * len(requests))
        for number, request in enumerate(requests):
            on_step(4 * len(requests) + number + 1, 5 * len(requests))
            bad = self.refuse and self.refuse in request.title
            yield EngineError("No memory left.") if bad else self.painter.generate(request)


def painted(studio, engine):
    plan = studio.plan(studio.show(INFO.name))
    run = Preparation(studio.library, plan, studio.recipe, lambda: studio.text_engine, lambda: engine, lambda _: "pt")
    progress = []
    return run.run(progress.append), progress


def test_an_engine_that_paints_together_gets_every_picture_of_the_run_at_once(imported):
    engine = Painting(imported.image_engine)
    outcome, progress = painted(imported, engine)
    assert outcome.failed == []
    assert engine.together == [14]
    shares = [item.share for item in progress]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert {item.steps[1] for item in progress if item.task is None} == {70}
    assert [item.done for item in progress if item.task] == list(range(1, 35))
    assert imported.plan(imported.show(INFO.name)).tasks == ()


def test_a_picture_that_fails_among_many_leaves_the_others(imported):
    outcome, _ = painted(imported, Painting(imported.image_engine, refuse="A Chave"))
    assert [task.label for task, _ in outcome.failed] == ["S01E02 A Chave"]
    again = Painting(imported.image_engine)
    assert painted(imported, again)[0].failed == []
    assert again.together == [1]


def test_pictures_painted_together_stop_between_two_steps_and_keep_what_is_finished(imported):
    asked = itertools.count()
    plan = imported.plan(imported.show(INFO.name))
    texts = len([task for task in plan.tasks if "illustration" not in task.step])
    engine = Painting(imported.image_engine)
    run = Preparation(
        imported.library,
        plan,
        imported.recipe,
        lambda: imported.text_engine,
        lambda: engine,
        lambda _: "pt",
        should_stop=lambda: len(engine.together) > 0 and next(asked) > 60,
    )
    with pytest.raises(Canceled):
        run.run()
    left = imported.plan(imported.show(INFO.name))
    assert 0 < len(left.tasks) < 14
    assert texts == 20
