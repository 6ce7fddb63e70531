"""Runs a plan: each task reads what it needs from the library, calls its chain and stores the result."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from core.chains.episode import IMAGE_PROMPT_OPTIONS, SUMMARY_OPTIONS, summarize_episode, write_image_prompt
from core.chains.illustration import episode_style, kicker, request_illustration
from core.chains.keys import input_key
from core.chains.made import Made, Remember, V
from core.chains.plan import IMAGE_STEPS, Plan, Recipe, Task
from core.chains.rows import Place, save_picture, save_text
from core.chains.season import (
    STUDY_OPTIONS,
    EpisodeSummary,
    season_language,
    study_season,
    write_style_prompt,
)
from core.domain.generation import ImagePrompt, Step, Style, Subject, find_current
from core.domain.show import Line, LineKind, SeasonStudy, Summary
from core.engines.base import BatchTextEngine, ImageEngine, OnStep, TextEngine, TextOptions, WatchedText
from core.engines.gathering import GatheredText
from core.errors import Canceled, ChamadaError, EngineError, NotFound

if TYPE_CHECKING:
    from core.store.library import Library


BATCH_STEPS = (Step.SUMMARY, Step.IMAGE_PROMPT, Step.STYLE_PROMPT)
"""Steps whose prompts do not wait for each other; a season's questions go one by one, sharing what they begin with."""

TOGETHER = 8
"""Tasks in a batch: what an interrupted run may have to do again."""


@dataclass(frozen=True)
class Progress:
    """After a task: how far the run is. ``error`` is set where the task failed and the run went on."""

    done: int
    total: int
    task: Task
    error: ChamadaError | None = None


@dataclass
class Outcome:
    """What a run did; ``failed`` pairs each failed task with its error."""

    made: int = 0
    kept: int = 0
    failed: list[tuple[Task, ChamadaError]] = field(default_factory=list)


@dataclass
class Preparation:
    """One run over one show. Engines are opened by the first task that needs them, once a run.

    Args:
        find_language: gives the BCP 47 tag of a text.
        should_stop: asked between tasks, as words come and within the image engine's steps.
    """

    library: Library
    plan: Plan
    recipe: Recipe
    open_text: Callable[[], TextEngine]
    open_image: Callable[[], ImageEngine]
    find_language: Callable[[str], str]
    should_stop: Callable[[], bool] = lambda: False
    _by_season: dict[int, tuple[EpisodeSummary, ...]] = field(default_factory=dict, init=False)

    @cached_property
    def text(self) -> TextEngine:
        """The text engine, loaded on first use; a stop ends the answer it is writing."""
        return WatchedText(self._gathered or self._engine, lambda words: self._check_stop())

    @cached_property
    def _engine(self) -> TextEngine:
        return self.open_text()

    @cached_property
    def _gathered(self) -> GatheredText | None:
        return GatheredText(self._engine) if isinstance(self._engine, BatchTextEngine) else None

    @cached_property
    def image(self) -> ImageEngine:
        """The image engine, loaded on first use."""
        return self.open_image()

    def run(self, on_progress: Callable[[Progress], None] | None = None) -> Outcome:
        """Do every task of the plan; a failed one is reported and the others go on.

        Raises:
            Canceled: ``should_stop`` said so; what was finished is stored.
            StoreError: the library cannot be written; what was finished is stored.
        """
        outcome = Outcome()
        done, total = 0, len(self.plan.tasks)
        failed_subjects: set[Subject] = set()
        for group in self._groups():
            self._check_stop()
            for task, error in zip(group, self._attempt_all(group, failed_subjects), strict=True):
                done += 1
                if error is not None:
                    failed_subjects.add(task.subject)
                    outcome.failed.append((task, error))
                elif task.existing is not None:
                    outcome.kept += 1
                else:
                    outcome.made += 1
                if on_progress:
                    on_progress(Progress(done, total, task, error))
        return outcome

    def _groups(self) -> Iterator[Sequence[Task]]:
        """The plan's tasks in their order, those together whose prompts may go to the model as one batch."""
        for step, found in itertools.groupby(self.plan.tasks, key=lambda task: task.step):
            tasks = list(found)
            size = TOGETHER if step in BATCH_STEPS and self._gathered is not None else 1
            yield from (tasks[start : start + size] for start in range(0, len(tasks), size))

    def _attempt_all(self, group: Sequence[Task], failed: set[Subject]) -> list[ChamadaError | None]:
        """Do the tasks of ``group``; gives each one's error where it failed and the run goes on."""
        if len(group) == 1 or self._gathered is None:
            return [self._attempt(task, failed) for task in group]
        ends: list[ChamadaError | None] = [None] * len(group)
        fatal: list[BaseException] = []

        def work(number: int, task: Task) -> None:
            try:
                ends[number] = self._attempt(task, failed)
            except BaseException as error:
                fatal.append(error)

        self._gathered.gather([partial(work, number, task) for number, task in enumerate(group)])
        if fatal:
            raise fatal[0]
        return ends

    def _attempt(self, task: Task, failed: set[Subject]) -> ChamadaError | None:
        try:
            if task.subject in failed:
                raise EngineError("{label}: an earlier step failed.", label=task.label)
            self._do(task)
        except (EngineError, NotFound) as error:
            return error
        return None

    def _do(self, task: Task) -> None:
        if task.existing is not None:
            self.library.make_current(task.existing)
        elif task.step in IMAGE_STEPS:
            self._paint(task)
        else:
            save_text(self.library, self._place(task), self.text.origin, self._write(task))

    def _write(self, task: Task) -> Made[Any]:
        show, library = self.plan.show, self.library
        if task.step is Step.SUMMARY:
            episode = library.episode(task.subject.id)
            lines = library.lines(episode.id)
            language = self._language(lines, episode.logline or episode.title or "")
            return summarize_episode(
                self.text,
                show,
                episode,
                lines,
                max_words=self.recipe.summary_words,
                language=language,
                options=_seed(SUMMARY_OPTIONS, task),
                remember=self._memory(task),
            )
        if task.step is Step.IMAGE_PROMPT:
            episode = library.episode(task.subject.id)
            summary = self._current(task.subject, Step.SUMMARY, Summary)
            options = _seed(IMAGE_PROMPT_OPTIONS, task)
            return write_image_prompt(self.text, show, episode, summary, library.lines(episode.id), options)
        season = library.season(task.subject.id)
        summaries = self._summaries(season.number)
        if task.step is Step.STUDY:
            return study_season(self.text, show, season, summaries, self._memory(task), _seed(STUDY_OPTIONS, task))
        study = self._current(task.subject, Step.STUDY, SeasonStudy)
        options = _seed(IMAGE_PROMPT_OPTIONS, task)
        return write_style_prompt(self.text, show, study, summaries, Style(task.variant), options)

    def _paint(self, task: Task) -> None:
        show, library = self.plan.show, self.library
        if task.step is Step.ILLUSTRATION:
            episode = library.episode(task.subject.id)
            prompt = self._current(task.subject, Step.IMAGE_PROMPT, ImagePrompt)
            language = self._current(task.subject, Step.SUMMARY, Summary).language
            title, style = episode.title or episode.key, episode_style(episode.season)
            small = kicker(episode.season, episode.number, language)
        else:
            season = library.season(task.subject.id)
            prompt = self._current(task.subject, Step.STYLE_PROMPT, ImagePrompt, task.variant)
            language = season_language(self._summaries(season.number))
            title, style, small = show.name, Style(task.variant), kicker(season.number, None, language)
        request = request_illustration(
            prompt,
            title=title,
            kicker=small,
            family=show.name,
            style=style,
            seed=task.seed,
            canvas=self.recipe.canvas,
        )
        result = self.image.generate(request, self._on_step())
        origin = self.image.origin
        notes = {"Title": title, "Software": "Chamada", "Comment": f"{origin.engine}: {origin.model}, seed {task.seed}"}
        save_picture(library, self._place(task), origin, request, result, notes)

    def _place(self, task: Task) -> Place:
        return Place(task.subject, task.step, task.input_key, task.seed, task.variant)

    def _memory(self, task: Task) -> Remember:
        """Keeps the inner steps of a task under keys of their own, so that an interrupted one goes on."""

        def remember(step: Step, variant: str, schema: type[V], run: Callable[[], Made[V]]) -> V:
            self._check_stop()
            wanted = input_key(task.key, step, variant)
            found = self.library.find_by_input_key(task.subject, step, variant, wanted)
            if found is not None:
                return schema.model_validate(found.output)
            made = run()
            save_text(self.library, Place(task.subject, step, wanted, task.seed, variant), self.text.origin, made)
            return made.value

        return remember

    def _current(self, subject: Subject, step: Step, kind: type[V], variant: str = "") -> V:
        row = find_current(self.library.generations(subject, step), step, variant)
        if row is not None:
            return kind.model_validate(row.output)
        raise NotFound("There is no {step} to build on. Run again without --only.", step=step.value)

    def _summaries(self, season: int) -> tuple[EpisodeSummary, ...]:
        """A season's summaries, read once a run: all text is written before the first picture."""
        if season not in self._by_season:
            self._by_season[season] = tuple(
                EpisodeSummary(
                    key=item.key,
                    title=item.title,
                    logline=item.logline,
                    summary=self._current(Subject(kind="episode", id=item.id), Step.SUMMARY, Summary),
                )
                for item in self.library.episodes(self.plan.show.id, season=season)
            )
        return self._by_season[season]

    def _language(self, lines: Sequence[Line], otherwise: str) -> str:
        """The language of an episode's words; of its metadata where it has none."""
        words = " ".join(line.text for line in lines if line.kind is LineKind.SPEECH)
        return self.find_language(words or otherwise)

    def _on_step(self) -> OnStep:
        def on_step(done: int, total: int) -> None:
            self._check_stop()

        return on_step

    def _check_stop(self) -> None:
        if self.should_stop():
            raise Canceled("Stopped. What was finished is kept; run again to go on.")


def _seed(options: TextOptions, task: Task) -> TextOptions:
    """The options of a step with the seed its row is stored with."""
    return options.model_copy(update={"seed": task.seed})
