"""Runs a plan: each task reads what it needs from the library, calls its chain and stores the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
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
from core.engines.base import ImageEngine, OnStep, TextEngine, TextOptions, WatchedText
from core.errors import Canceled, ChamadaError, EngineError, NotFound

if TYPE_CHECKING:
    from core.store.library import Library


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
        return WatchedText(self.open_text(), lambda words: self._check_stop())

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
        total = len(self.plan.tasks)
        failed_subjects: set[Subject] = set()
        for done, task in enumerate(self.plan.tasks, start=1):
            self._check_stop()
            error: ChamadaError | None = None
            try:
                if task.subject in failed_subjects:
                    raise EngineError("{label}: an earlier step failed.", label=task.label)
                self._do(task, outcome)
            except (EngineError, NotFound) as caught:
                error = caught
                failed_subjects.add(task.subject)
                outcome.failed.append((task, error))
            if on_progress:
                on_progress(Progress(done, total, task, error))
        return outcome

    def _do(self, task: Task, outcome: Outcome) -> None:
        if task.existing is not None:
            self.library.make_current(task.existing)
            outcome.kept += 1
            return
        if task.step in IMAGE_STEPS:
            self._paint(task)
        else:
            save_text(self.library, self._place(task), self.text.origin, self._write(task))
        outcome.made += 1

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
