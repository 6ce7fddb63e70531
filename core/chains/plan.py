"""What is missing: compares the keys a library should hold with those it holds, without running anything.

A step's input key covers its prompt's wording, its engine, its options and the key of the step before it,
so that a changed line, prompt, model or setting re-makes just what depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.chains import episode as episode_chain
from core.chains import season as season_chain
from core.chains import summary as summary_chain
from core.chains.illustration import Canvas, episode_style
from core.chains.keys import derive_seed, input_key, seeded_key
from core.domain.generation import Step, Style, Subject
from core.domain.library import CurrentKey, CurrentRow, EpisodeView, SeasonView, ShowView, VersionRow
from core.prompts import fingerprint

TEXT_STEPS = (Step.SUMMARY, Step.IMAGE_PROMPT, Step.STUDY, Step.STYLE_PROMPT)
IMAGE_STEPS = (Step.ILLUSTRATION, Step.STYLE_ILLUSTRATION)
ORDER = TEXT_STEPS + IMAGE_STEPS
"""All text first, then all images: a model is loaded once a run, not once an episode."""


@dataclass(frozen=True)
class Recipe:
    """Everything but the episodes that decides what is made."""

    text: str
    image: str
    summary_words: int
    canvas: Canvas
    seed: int


@dataclass(frozen=True)
class Task:
    """One step to run, or an older version with the same inputs to take up again (``existing``)."""

    subject: Subject
    step: Step
    variant: str
    input_key: str
    seed: int
    label: str
    existing: int | None = None

    @property
    def key(self) -> str:
        """The generation's unique key."""
        return seeded_key(self.input_key, self.seed)


@dataclass(frozen=True)
class Plan:
    """What a run will do, in order; ``complete`` counts what is already there."""

    show: ShowView
    tasks: tuple[Task, ...]
    complete: int
    waiting: int = 0

    def count(self, step: Step) -> int:
        """How many tasks of one step are to do."""
        return sum(task.step is step for task in self.tasks)


Current = dict[CurrentKey, CurrentRow]
Versions = Mapping[tuple[CurrentKey, str], VersionRow]


@dataclass
class Planner:
    """Walks a show and notes each step whose current result was not made from today's inputs.

    Args:
        load_versions: gives every stored version; called once, and only if something is out of date.
        only: the steps wanted; empty means all.
        force: make a new version of every wanted step, with a seed of its own.
    """

    show: ShowView
    recipe: Recipe
    current: Current
    load_versions: Callable[[], Versions]
    only: frozenset[Step] = frozenset()
    force: bool = False
    tasks: list[Task] = field(default_factory=list)
    complete: int = 0
    waiting: int = 0

    def plan_episode(self, episode: EpisodeView) -> str | None:
        """Plan an episode's three steps; gives its summary's key for its season, None while it has none."""
        recipe, name = self.recipe, (self.show.name, episode.key)
        subject = Subject(kind="episode", id=episode.id)
        label = f"{episode.key} {episode.title or ''}".strip()

        prompt = fingerprint(summary_chain.SUMMARY_PROMPT)
        options = episode_chain.SUMMARY_OPTIONS
        inputs = (name, self.show.language, episode.content_sha256, prompt, recipe.text, options, recipe.summary_words)
        wanted = input_key(*inputs)
        summary = self._step(subject, Step.SUMMARY, "", wanted, recipe.seed, label)
        if summary is None:
            self.waiting += self.wants(Step.IMAGE_PROMPT) + self.wants(Step.ILLUSTRATION)
            return None

        prompt, options = fingerprint(episode_chain.IMAGE_PROMPT), episode_chain.IMAGE_PROMPT_OPTIONS
        wanted = input_key(name, summary, self.show.genre, self.show.cast, prompt, recipe.text, options)
        written = self._step(subject, Step.IMAGE_PROMPT, "", wanted, recipe.seed, label)
        if written is None:
            self.waiting += self.wants(Step.ILLUSTRATION)
            return summary

        style, seed = episode_style(episode.season), derive_seed(recipe.seed, *name)
        wanted = input_key(name, written, recipe.image, recipe.canvas, style, episode.title, episode.number)
        self._step(subject, Step.ILLUSTRATION, "", wanted, seed, label)
        return summary

    def plan_season(self, season: SeasonView, summaries: Sequence[str]) -> None:
        """Plan a season's study and its five styles from the keys of its episodes' summaries."""
        recipe, name = self.recipe, (self.show.name, season.number)
        subject = Subject(kind="season", id=season.id)
        prompts = [
            fingerprint(item)
            for item in (season_chain.ANSWER_PROMPT, season_chain.FOLLOW_UPS_PROMPT, season_chain.SUBJECT_PROMPT)
        ]
        wanted = input_key(name, list(summaries), prompts, recipe.text, season_chain.STUDY_OPTIONS)
        study = self._step(subject, Step.STUDY, "", wanted, recipe.seed, f"T{season.number}")
        for style in Style:
            label = f"T{season.number} {style.value}"
            if study is None:
                self.waiting += self.wants(Step.STYLE_PROMPT) + self.wants(Step.STYLE_ILLUSTRATION)
                continue
            prompt, options = fingerprint(season_chain.STYLE_PROMPT), episode_chain.IMAGE_PROMPT_OPTIONS
            wanted = input_key(name, study, style, self.show.genre, self.show.cast, prompt, recipe.text, options)
            written = self._step(subject, Step.STYLE_PROMPT, style.value, wanted, recipe.seed, label)
            if written is None:
                self.waiting += self.wants(Step.STYLE_ILLUSTRATION)
                continue
            wanted = input_key(name, written, recipe.image, recipe.canvas, style)
            seed = derive_seed(recipe.seed, *name, style)
            self._step(subject, Step.STYLE_ILLUSTRATION, style.value, wanted, seed, label)

    def finish(self) -> Plan:
        """The plan, steps grouped so that each engine is loaded once."""
        tasks = sorted(self.tasks, key=lambda task: ORDER.index(task.step))
        return Plan(self.show, tuple(tasks), self.complete, self.waiting)

    @cached_property
    def versions(self) -> Versions:
        """Every stored version of the show."""
        return self.load_versions()

    def wants(self, step: Step) -> bool:
        """Whether this run is to make ``step``."""
        return not self.only or step in self.only

    def _step(self, subject: Subject, step: Step, variant: str, wanted: str, seed: int, label: str) -> str | None:
        """Note the step if it is due; gives the key its result has, or None if there is none to build on."""
        place = CurrentKey(subject.kind, subject.id, step, variant)
        row = self.current.get(place)
        if not self.wants(step):
            return row.key if row else None
        if self.force:
            seed = (seed + (row.versions if row else 0)) % 2**31
        elif row and row.input_key == wanted:
            self.complete += 1
            return row.key
        older = None if self.force or row is None else self.versions.get((place, wanted))
        task = Task(subject, step, variant, wanted, older.seed if older else seed, label, older.id if older else None)
        self.tasks.append(task)
        return task.key


def plan_show(
    planner: Planner, seasons: Iterable[SeasonView], episodes: Sequence[EpisodeView], season: int | None = None
) -> Plan:
    """The plan of a show, or of one of its seasons.

    A season is studied once every one of its episodes has a summary, or has one planned.
    """
    for item in seasons:
        if season is not None and item.number != season:
            continue
        summaries = [planner.plan_episode(episode) for episode in episodes if episode.season == item.number]
        known = [key for key in summaries if key is not None]
        if len(known) == len(summaries):
            planner.plan_season(item, known)
        else:
            planner.waiting += planner.wants(Step.STUDY) + len(Style) * (
                planner.wants(Step.STYLE_PROMPT) + planner.wants(Step.STYLE_ILLUSTRATION)
            )
    return planner.finish()
