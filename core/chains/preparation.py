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
from core.domain.generation import ImagePrompt, ImageRequest, Step, Style, Subject, find_current
from core.domain.show import Line, LineKind, SeasonStudy, Summary
from core.engines.base import (
    BatchImageEngine,
    BatchTextEngine,
    ImageEngine,
    ImageResult,
    OnStep,
    TextEngine,
    TextOptions,
    WatchedText,
)
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
    """How far the run is, after a task and between the steps of pictures that are painted together.

    Attributes:
        share: of the run's work that is done, 0..1.
        task: the one that ended; None between steps.
        error: why it failed, where it did and the run went on.
        steps: between steps: the steps done and in all.
    """

    done: int
    total: int
    share: float
    task: Task | None = None
    error: ChamadaError | None = None
    steps: tuple[int, int] = (0, 0)


OnProgress = Callable[[Progress], None]


@dataclass
class Outcome:
    """What a run did so far; ``failed`` pairs each failed task with its error, ``share`` is of its work, 0..1."""

    share: float = 0.0
    made: int = 0
    kept: int = 0
    failed: list[tuple[Task, ChamadaError]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many tasks ended, well or not."""
        return self.made + self.kept + len(self.failed)


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

    def run(self, on_progress: OnProgress = lambda progress: None) -> Outcome:
        """Do every task of the plan; a failed one is reported and the others go on.

        Raises:
            Canceled: ``should_stop`` said so; what was finished is stored.
            StoreError: the library cannot be written; what was finished is stored.
        """
        outcome = Outcome()
        total = len(self.plan.tasks)
        failed_subjects: set[Subject] = set()
        for group in self._groups():
            self._check_stop()
            on_step = self._on_step(outcome, len(group), on_progress)
            for task, error in self._attempt_all(group, failed_subjects, on_step):
                if error is not None:
                    failed_subjects.add(task.subject)
                    outcome.failed.append((task, error))
                elif task.existing is not None:
                    outcome.kept += 1
                else:
                    outcome.made += 1
                # Pictures painted together are further than their count tells: they are all finished at the end.
                outcome.share = max(outcome.share, outcome.done / total)
                on_progress(Progress(outcome.done, total, outcome.share, task, error))
        return outcome

    def _groups(self) -> Iterator[Sequence[Task]]:
        """The plan's tasks in their order, those together that an engine does faster together."""
        for _, found in itertools.groupby(self.plan.tasks, key=lambda task: task.step in IMAGE_STEPS or task.step):
            tasks = list(found)
            size = self._together(tasks)
            yield from (tasks[start : start + size] for start in range(0, len(tasks), size))

    def _together(self, tasks: Sequence[Task]) -> int:
        if tasks[0].step in IMAGE_STEPS:
            return len(tasks) if isinstance(self.image, BatchImageEngine) else 1
        return TOGETHER if tasks[0].step in BATCH_STEPS and self._gathered is not None else 1

    def _attempt_all(
        self, group: Sequence[Task], failed: set[Subject], on_step: OnStep
    ) -> Iterator[tuple[Task, ChamadaError | None]]:
        """Do the tasks of ``group``; gives each as it ends, with its error where it failed and the run goes on."""
        if group[0].step in IMAGE_STEPS and isinstance(self.image, BatchImageEngine):
            yield from self._paint_all(self.image, group, failed, on_step)
        elif len(group) == 1 or self._gathered is None:
            for task in group:
                yield task, self._attempt(task, failed)
        else:
            yield from self._write_all(self._gathered, group, failed)

    def _write_all(
        self, text: GatheredText, group: Sequence[Task], failed: set[Subject]
    ) -> Iterator[tuple[Task, ChamadaError | None]]:
        ends: list[ChamadaError | None] = [None] * len(group)
        fatal: list[BaseException] = []

        def work(number: int, task: Task) -> None:
            try:
                ends[number] = self._attempt(task, failed)
            except BaseException as error:
                fatal.append(error)

        text.gather([partial(work, number, task) for number, task in enumerate(group)])
        if fatal:
            raise fatal[0]
        yield from zip(group, ends, strict=True)

    def _paint_all(
        self, image: BatchImageEngine, group: Sequence[Task], failed: set[Subject], on_step: OnStep
    ) -> Iterator[tuple[Task, ChamadaError | None]]:
        """Each of the image engine's models goes over all pictures, so that it is loaded and moved once a run."""
        wanted: list[tuple[Task, ImageRequest]] = []
        for task in group:
            if task.existing is not None or task.subject in failed:
                yield task, self._attempt(task, failed)
                continue
            try:
                wanted.append((task, self._request(task)))
            except (EngineError, NotFound) as error:
                yield task, error
        results = image.generate_many([request for _, request in wanted], on_step)
        for (task, request), result in zip(wanted, results, strict=True):
            if isinstance(result, EngineError):
                yield task, result
            else:
                self._hang(task, request, result)
                yield task, None

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
            request = self._request(task)
            self._hang(task, request, self.image.generate(request, lambda done, total: self._check_stop()))
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

    def _request(self, task: Task) -> ImageRequest:
        """What the image engine is asked for."""
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
        return request_illustration(
            prompt,
            title=title,
            kicker=small,
            family=show.name,
            style=style,
            seed=task.seed,
            canvas=self.recipe.canvas,
        )

    def _hang(self, task: Task, request: ImageRequest, result: ImageResult) -> None:
        """Store a picture with what its file says of itself."""
        origin = self.image.origin
        notes = {
            "Title": request.title,
            "Software": "Chamada",
            "Comment": f"{origin.engine}: {origin.model}, seed {task.seed}",
        }
        save_picture(self.library, self._place(task), origin, request, result, notes)

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

    def _on_step(self, outcome: Outcome, together: int, on_progress: OnProgress) -> OnStep:
        """For pictures painted together, ``together`` of them."""
        before, total = outcome.done, len(self.plan.tasks)

        def on_step(step: int, steps: int) -> None:
            self._check_stop()
            outcome.share = (before + together * step / steps) / total
            on_progress(Progress(outcome.done, total, outcome.share, steps=(step, steps)))

        return on_step

    def _check_stop(self) -> None:
        if self.should_stop():
            raise Canceled("Stopped. What was finished is kept; run again to go on.")


def _seed(options: TextOptions, task: Task) -> TextOptions:
    """The options of a step with the seed its row is stored with."""
    return options.model_copy(update={"seed": task.seed})
