"""The composition root: opens the library and the engines, and offers the verbs pages and dataprep call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.chains.illustration import Canvas
from core.chains.plan import Plan, Planner, Recipe, plan_show
from core.chains.preparation import Outcome, Preparation, Progress
from core.domain.generation import Generation, Step, Style, Subject, find_current
from core.domain.job import Job, NewJob
from core.domain.library import Damage, EpisodeDetail, EpisodeView, ImportCounts, SeasonDetail, SeasonView, ShowView
from core.domain.residency import WorkerView
from core.domain.show import Episode, SeasonStudy, ShowInfo, Summary
from core.engines.base import ImageEngine, TextEngine
from core.engines.opening import Engines
from core.language import N_
from core.settings import Settings
from core.settings import settings as read_settings
from core.status import Status, Telling, read_status

if TYPE_CHECKING:
    from core.desk import Desk
    from core.jobs.worker import JobHandle
    from core.store.library import Library
    from core.store.media import GarbageReport


class Studio:
    """One open library and its engines. Safe to share between threads."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self.settings = settings

    @classmethod
    def open(cls, settings: Settings | None = None, *, create: bool = True) -> Studio:
        """Open the library named by the settings, creating or migrating it.

        Raises:
            StoreError: it cannot be opened; the message says what to do.
        """
        from core.store.library import Library  # and with it SQLAlchemy, half of this module's import time

        settings = settings or read_settings()
        return cls(Library.open(settings, create=create), settings)

    def close(self) -> None:
        """Let go of the database."""
        self.library.close()

    # Engines

    @cached_property
    def engines(self) -> Engines:
        """The engines that serve here."""
        return Engines(self.settings)

    @property
    def text_engine(self) -> TextEngine:
        """The engine that writes; EngineError where what the settings ask for cannot work here."""
        return self.engines.text

    @property
    def image_engine(self) -> ImageEngine:
        """The engine that paints; EngineError where what the settings ask for cannot work here."""
        return self.engines.image

    @cached_property
    def desk(self) -> Desk:
        """The verbs of campaigns."""
        from core.desk import Desk

        return Desk(self.library, self.settings, self.engines)

    # What comes in

    def import_episodes(
        self, info: ShowInfo, episodes: Iterable[Episode], on_episode: Callable[[str, str], None] | None = None
    ) -> ImportCounts:
        """Store a show's episodes; importing the same again changes nothing."""
        return self.library.import_episodes(info, episodes, on_episode)

    # What is there

    def shows(self) -> list[ShowView]:
        """Every show, by name."""
        return self.library.shows()

    def show(self, name: str) -> ShowView:
        """The show called ``name``; NotFound names those there are."""
        return self.library.show(name)

    def list_seasons(self, show_id: int) -> list[SeasonView]:
        """A show's seasons, by number."""
        return self.library.seasons(show_id)

    def list_episodes(
        self,
        show_id: int | None = None,
        *,
        season: int | None = None,
        search: str = "",
        offset: int = 0,
        limit: int = 24,
    ) -> list[EpisodeView]:
        """Episodes by show, season and key; ``search`` is blind to accents and case."""
        return self.library.episodes(show_id, season=season, search=search, offset=offset, limit=limit)

    def count_episodes(self, show_id: int | None = None, *, season: int | None = None, search: str = "") -> int:
        """How many episodes ``list_episodes`` would give without a limit."""
        return self.library.count_episodes(show_id, season=season, search=search)

    def get_episode(self, episode_id: int) -> EpisodeDetail:
        """An episode with what was made of it."""
        rows = self.library.generations(Subject(kind="episode", id=episode_id))
        summary = find_current(rows, Step.SUMMARY)
        return EpisodeDetail(
            episode=self.library.episode(episode_id),
            summary=Summary.model_validate(summary.output) if summary else None,
            versions=tuple(row for row in rows if row.step is Step.ILLUSTRATION),
            generations=tuple(rows),
        )

    def get_season(self, season_id: int) -> SeasonDetail:
        """A season with its study and its posters."""
        season = self.library.season(season_id)
        rows = self.library.generations(Subject(kind="season", id=season_id))
        study = find_current(rows, Step.STUDY)
        posters = {row.variant: row for row in rows if row.step is Step.STYLE_ILLUSTRATION and row.current}
        return SeasonDetail(
            season=season,
            study=SeasonStudy.model_validate(study.output) if study else None,
            posters=tuple(posters[style.value] for style in Style if style.value in posters),
            generations=tuple(rows),
            episodes=tuple(self.library.episodes(season.show_id, season=season.number)),
        )

    def make_current(self, generation_id: int) -> Generation:
        """Choose an older version. It stays chosen until what it was made from changes."""
        return self.library.make_current(generation_id)

    def picture(self, sha256: str) -> Path:
        """The full-size file of a picture."""
        return self.library.media.path(sha256)

    def thumbnail(self, sha256: str) -> Path:
        """A small WebP of a picture, for grids."""
        return self.library.media.thumbnail(sha256)

    def name_motif(self, motif: str, language: str) -> str:
        """What a motif of a picture is called in ``language``, for alternative texts; itself where it is unknown."""
        from core.engines.draft.nouns import load_motifs

        known = load_motifs().get(motif)
        return motif if known is None else (known.pt if language.startswith("pt") else known.en)[0]

    # What is made

    def plan(
        self, show: ShowView, *, season: int | None = None, only: frozenset[Step] = frozenset(), force: bool = False
    ) -> Plan:
        """What a run would do for ``show``; runs nothing."""
        library = self.library
        planner = Planner(show, self.recipe, library.current(show.id), lambda: library.versions(show.id), only, force)
        return plan_show(planner, library.seasons(show.id), library.episodes(show.id), season)

    def missing(self, show_id: int) -> dict[Step, int]:
        """How many results of each step a run would make for a show."""
        plan = self.plan(self.library.show_by_id(show_id))
        return {step: plan.count(step) for step in Step if plan.count(step)}

    def prepare(
        self,
        plan: Plan,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Outcome:
        """Do what ``plan`` says; see ``Preparation.run``."""
        from core.engines.draft.language import find_language

        preparation = Preparation(
            self.library,
            plan,
            self.recipe,
            lambda: self.text_engine,
            lambda: self.image_engine,
            find_language,
            should_stop,
        )
        return preparation.run(on_progress)

    def prepare_later(self, show_id: int) -> Job:
        """Let the worker make what a show lacks; asking twice is one job.

        Raises:
            QueueFull: too much is waiting.
        """
        new = NewJob(kind="prepare", token=_token(show_id), payload={"show_id": show_id})
        job = self.library.jobs.submit(new, self.settings.queue_size)
        self.desk.call_worker()
        return job

    def preparing(self, show_id: int) -> Job | None:
        """The newest job that prepares a show, over or not; None if there was none."""
        return self.library.jobs.of_token(_token(show_id))

    def _prepare_job(self, job: Job, handle: JobHandle) -> None:
        """What the worker does for a job of kind ``prepare``."""
        plan = self.plan(self.library.show_by_id(int(job.payload["show_id"])))

        def on_progress(progress: Progress) -> None:
            message = N_("Preparing {show}: {done} of {total}")
            handle.report(progress.share, message, show=plan.show.name, done=progress.done, total=progress.total)
            self._telling.now_and_then(job)

        outcome = self.prepare(plan, on_progress, handle.should_stop)
        if outcome.failed:
            raise outcome.failed[0][1]

    @property
    def recipe(self) -> Recipe:
        """Everything but the episodes that decides what is made."""
        knobs = self.settings
        return Recipe(
            text=self.text_engine.fingerprint,
            image=self.image_engine.fingerprint,
            summary_words=knobs.summary_words,
            canvas=Canvas(width=knobs.image_width, height=knobs.image_height, **self.engines.sampling.model_dump()),
            seed=knobs.seed,
        )

    def work(self, *, idle_s: float | None = None, should_stop: Callable[[], bool] = lambda: False) -> None:
        """Be a worker: do the jobs in the queue until told to stop, or until there were none for ``idle_s`` seconds.

        Raises:
            StoreError: the library cannot be used.
        """
        from core.jobs.worker import Worker

        idle_s = self.settings.worker_idle_s if idle_s is None else idle_s
        self.library.jobs.seats.count = max(1, self.engines.workers)
        handlers = {
            "campaign": self._telling.after(self.desk.run_job),
            "prepare": self._telling.after(self._prepare_job),
        }
        Worker(self.library.jobs, handlers, idle_s, should_stop, self.desk.warm_up).run()

    # How it stands

    def status(self) -> Status:
        """Which engines serve and why, the machine, and the models on it."""
        return read_status(self.settings, self.engines)

    def workers(self) -> list[WorkerView]:
        """The workers' seats with what each said last; cheap enough to ask often."""
        return self.library.reports.list()

    @cached_property
    def _telling(self) -> Telling:
        return Telling(self.library, self.engines)

    # What goes out, and care

    def export(self, show: ShowView) -> dict[str, Any]:
        """Everything known of a show as JSON data; pictures as paths."""
        from core.store.export import export_show

        return export_show(self.library, show)

    def verify(self, on_item: Callable[[int, int], None] | None = None) -> list[Damage]:
        """Re-hash every row and file; gives what does not match."""
        return self.library.verify(on_item)

    def backup(self, to: Path | None = None) -> Path:
        """Copy the database while it is in use; gives the copy's path."""
        return self.library.backup(to)

    def collect_garbage(self, *, dry_run: bool = False) -> GarbageReport:
        """Remove files no row refers to."""
        return self.library.collect_garbage(dry_run=dry_run)


def _token(show_id: int) -> str:
    return f"prepare {show_id}"
