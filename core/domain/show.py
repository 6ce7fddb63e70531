"""What a show is made of: shows, seasons, episodes and their lines, in one shape for every source format."""

import datetime as dt
from enum import StrEnum

from pydantic import Field

from core.domain.frozen import Frozen


class LineKind(StrEnum):
    """What a line of a transcript is."""

    SPEECH = "speech"
    DIRECTION = "direction"
    HEADING = "heading"
    SOUND = "sound"


class Line(Frozen):
    """One row of a transcript.

    Attributes:
        scene: 1-based scene number within the episode; 1 throughout where the source marks no scenes.
        seq: 0-based order within the episode, without gaps.
        start_ms: when the line starts, in milliseconds, where the source tells.
        source_row: 1-based line (text), row (CSV, header excluded) or cue (subtitles) in ``source_file``.
    """

    scene: int = Field(ge=1)
    seq: int = Field(ge=0)
    start_ms: int | None = None
    speaker: str | None = None
    kind: LineKind = LineKind.SPEECH
    text: str
    source_file: str
    source_row: int


def is_year(season: int) -> bool:
    """Whether a season's number is really an air year (``Episode.season``)."""
    return season >= 1900


class Episode(Frozen):
    """An episode as imported.

    Attributes:
        season: season number; an air year (2007) where the source has dates and no seasons.
        key: unique within the show and sortable: ``S01E03``, or an air date ``2007-05-14``.
        number: number in the season, where known.
        lines: empty for a metadata-only episode.
    """

    season: int = Field(ge=0)
    key: str = Field(min_length=1, max_length=40)
    number: int | None = None
    title: str | None = None
    air_date: dt.date | None = None
    logline: str | None = None
    cast: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


class ShowInfo(Frozen):
    """What is known of a show beyond its episodes; ``name`` is the user's word for it.

    Attributes:
        language: BCP 47 tag, where told by metadata (else found in the text, an episode at a time).
        cast: speaker name as in the transcript -> one line of description.
    """

    name: str = Field(min_length=1, max_length=200)
    language: str | None = None
    genre: str | None = None
    fiction: bool = True
    tagline: str | None = None
    license: str | None = None
    cast: dict[str, str] = Field(default_factory=dict)


class Moment(Frozen):
    """A line worth quoting, with where it happens.

    Attributes:
        seq: the line's ``seq``; scene: its scene number.
        heading: the scene's heading, where there is one.
        spoiler: true in the last scenes: keep it out of marketing.
    """

    seq: int
    scene: int
    heading: str | None = None
    speaker: str | None = None
    quote: str
    spoiler: bool = False


class CharacterShare(Frozen):
    """How much of an episode's speech is one character's; ``share`` is in 0..1 of speech lines."""

    name: str
    lines: int
    share: float


class Summary(Frozen):
    """An episode's summary as stored.

    Attributes:
        language: BCP 47 tag of the transcript (``pt``, ``en`` …), ``und`` if it has no words.
        text: at most ``CHAMADA_SUMMARY_WORDS`` words; holds no spoiler scene.
    """

    language: str
    text: str
    moments: tuple[Moment, ...] = ()
    key_phrases: tuple[str, ...] = ()
    characters: tuple[CharacterShare, ...] = ()


class Answer(Frozen):
    """One self-asked question about a season, answered from stored summaries only.

    Attributes:
        asked_by: ``fixed`` (from the list every season gets) or ``engine`` (a follow-up it asked itself).
        episodes: keys of the episodes the answer rests on; empty means not answered by the summaries.
    """

    question: str
    answer: str
    episodes: tuple[str, ...] = ()
    asked_by: str = "fixed"


class SeasonStudy(Frozen):
    """A season's questions, answers and the one subject that its posters show."""

    answers: tuple[Answer, ...]
    subject: str
