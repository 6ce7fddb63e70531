"""What the library tells the screens: small read-only views, one query each."""

import datetime as dt
from typing import NamedTuple

from core.domain.frozen import Frozen
from core.domain.generation import Generation
from core.domain.show import SeasonStudy, Summary


class ShowView(Frozen):
    """A show and how far its preparation has come."""

    id: int
    name: str
    language: str | None
    genre: str | None
    fiction: bool
    tagline: str | None
    cast: dict[str, str]
    seasons: int
    episodes: int
    summarized: int
    illustrated: int
    season_posters: int


class SeasonView(Frozen):
    """A season in a list."""

    id: int
    show_id: int
    show: str
    number: int
    episodes: int


class EpisodeView(Frozen):
    """An episode in a list.

    Attributes:
        poster: sha256 hex of its current illustration.
        content_sha256: over every line and all metadata; changes when the source does.
        words: number of words of speech; 0 for a metadata-only episode.
    """

    id: int
    show_id: int
    show: str
    season_id: int
    season: int
    key: str
    number: int | None
    title: str | None
    air_date: dt.date | None
    logline: str | None
    cast: tuple[str, ...]
    lines: int
    words: int
    content_sha256: str
    summary: str | None = None
    poster: str | None = None


class EpisodeDetail(Frozen):
    """An episode with what was made of it; ``versions`` are its illustrations, newest first."""

    episode: EpisodeView
    summary: Summary | None
    versions: tuple[Generation, ...]
    generations: tuple[Generation, ...]


class SeasonDetail(Frozen):
    """A season with its study and its current posters, in the order of ``Style``."""

    season: SeasonView
    study: SeasonStudy | None
    posters: tuple[Generation, ...]
    generations: tuple[Generation, ...]
    episodes: tuple[EpisodeView, ...]


class ImportCounts(Frozen):
    """What an import changed, in episodes."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0


class Damage(Frozen):
    """Something ``verify`` found: what it is, and what to do about it, as gettext templates."""

    where: str
    message: str
    remedy: str


class CurrentKey(NamedTuple):
    """Where a current generation sits."""

    kind: str
    subject_id: int
    step: str
    variant: str


class CurrentRow(NamedTuple):
    """What planning needs to know of a current generation; ``versions`` counts all of its group."""

    id: int
    input_key: str
    key: str
    media: str | None
    versions: int


class VersionRow(NamedTuple):
    """A stored version that planning may take up again."""

    id: int
    seed: int
