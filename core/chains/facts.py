"""What the library knows of a brief's episode or season, the ending left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.chains.illustration import kicker
from core.domain.campaign import Brief, Facts
from core.domain.generation import ImagePrompt, Scene, Step, Subject, find_current
from core.domain.library import EpisodeView, SeasonView, ShowView
from core.domain.show import LineKind, Moment, SeasonStudy, Summary
from core.domain.transcript import spoiler_seqs
from core.errors import NotFound

if TYPE_CHECKING:
    from core.store.library import Library

MOST_MOMENTS = 8
LONGEST_TRANSCRIPT = 60_000
"""Characters of a transcript that go along: enough to read articles and genders from."""


class Found(NamedTuple):
    """A brief's episode or season: its facts and row ids."""

    facts: Facts
    episode_id: int | None
    season_id: int | None


def gather_facts(library: Library, brief: Brief) -> Found | None:
    """The facts of the episode or season that ``brief`` names; None for a brief of a topic alone.

    A show without a season or episode stands for its first season.

    Raises:
        NotFound: there is no such show, season or episode; the message names those there are.
    """
    if not brief.show:
        return None
    show = library.show(brief.show)
    if brief.episode:
        episode = find_episode(library, show, brief)
        return Found(_episode_facts(library, show, episode, brief.language), episode.id, episode.season_id)
    season = find_season(library, show, brief)
    return Found(_season_facts(library, show, season, brief.language), None, season.id)


def find_episode(library: Library, show: ShowView, brief: Brief) -> EpisodeView:
    """The brief's episode, by its key (``S01E03``) or by its number in the brief's season.

    Raises:
        NotFound: there is none; the message names the first ones there are.
    """
    episodes = library.episodes(show.id, season=brief.season)
    wanted = brief.episode.casefold()
    for episode in episodes:
        if wanted in (episode.key.casefold(), str(episode.number)):
            return episode
    raise NotFound(
        '"{show}" has no episode {episode}. It has: {known}.',
        show=show.name,
        episode=brief.episode,
        known=", ".join([episode.key for episode in episodes[:20]]) or "-",
    )


def find_season(library: Library, show: ShowView, brief: Brief) -> SeasonView:
    """The brief's season; the show's first where it names none.

    Raises:
        NotFound: there is none.
    """
    seasons = library.seasons(show.id)
    for season in seasons:
        if brief.season in (None, season.number):
            return season
    raise NotFound('"{show}" has no season {season}.', show=show.name, season=brief.season)


def _episode_facts(library: Library, show: ShowView, episode: EpisodeView, language: str) -> Facts:
    rows = library.generations(Subject(kind="episode", id=episode.id))
    made = find_current(rows, Step.SUMMARY)
    summary = Summary.model_validate(made.output) if made else None
    prompt = find_current(rows, Step.IMAGE_PROMPT)
    lines = library.lines(episode.id)
    ending = spoiler_seqs(lines)
    told = [line.text for line in lines if line.kind is not LineKind.HEADING and line.seq not in ending]
    return Facts(
        show=show.name,
        genre=show.genre or "",
        tagline=show.tagline or "",
        fiction=show.fiction,
        language=summary.language if summary else (show.language or language),
        season=episode.season,
        episode=episode.key,
        title=episode.title or "",
        label=kicker(episode.season, episode.number, language),
        logline=episode.logline or "",
        summary=summary.text if summary else "",
        key_phrases=summary.key_phrases if summary else (),
        moments=keep_secret(summary.moments if summary else ()),
        cast=_names(show, episode.cast),
        transcript="\n".join(told)[:LONGEST_TRANSCRIPT],
        scene=_scene(prompt.output) if prompt else None,
        poster=episode.poster,
    )


def _season_facts(library: Library, show: ShowView, season: SeasonView, language: str) -> Facts:
    rows = library.generations(Subject(kind="season", id=season.id))
    study = find_current(rows, Step.STUDY)
    # The summaries of the last fifth of a season tell how it ends.
    episodes = library.episodes(show.id, season=season.number)
    early = episodes[: max(1, len(episodes) * 4 // 5)]
    loglines = [episode.logline for episode in early if episode.logline]
    poster = next((row for row in rows if row.step is Step.STYLE_ILLUSTRATION and row.current), None)
    prompt = next((row for row in rows if row.step is Step.STYLE_PROMPT and row.current), None)
    return Facts(
        show=show.name,
        genre=show.genre or "",
        tagline=show.tagline or "",
        fiction=show.fiction,
        language=show.language or language,
        season=season.number,
        label=kicker(season.number, None, language),
        logline=show.tagline or "",
        summary=" ".join(loglines),
        key_phrases=(SeasonStudy.model_validate(study.output).subject,) if study else (),
        cast=_names(show, tuple(dict.fromkeys(name for episode in early for name in episode.cast))[:12]),
        transcript="\n".join(loglines),
        scene=_scene(prompt.output) if prompt else None,
        poster=poster.media if poster else None,
    )


def keep_secret(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """The moments that do not give the ending away."""
    return tuple(moment for moment in moments if not moment.spoiler)[:MOST_MOMENTS]


def _names(show: ShowView, cast: tuple[str, ...]) -> tuple[str, ...]:
    """Characters as a person writes them: the metadata's name for ``BIA``, up to its colon."""
    return tuple(show.cast.get(name, name).split(":")[0].strip() for name in cast)


def _scene(output: object) -> Scene:
    return ImagePrompt.model_validate(output).scene
