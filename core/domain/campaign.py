"""What a campaign is: the brief that goes in, the copy that comes out, and the faults found in it."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from core.domain.frozen import Frozen
from core.domain.generation import Scene
from core.domain.show import Moment

LONGEST_FIELD = 2000
"""Characters of the longest field of a brief."""

MOST_KEYWORDS = 20

# Control characters but tab and line feed, marks that reorder text, and invisible ones: nothing a brief needs.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)


def clean_text(value: object) -> object:
    """Text without characters that hide or reorder others, in composed form (NFC), without outer spaces."""
    if not isinstance(value, str):
        return value
    unbroken = value.replace("\r\n", "\n").replace("\r", "\n")
    whole = unbroken.encode("utf-8", "ignore").decode()  # half a surrogate pair cannot be stored
    return unicodedata.normalize("NFC", _HIDDEN.sub("", whole)).strip()


Text = Annotated[str, BeforeValidator(clean_text)]


class ContentType(StrEnum):
    """What is written."""

    INSTAGRAM_POST = "instagram_post"
    MARKETING_EMAIL = "marketing_email"
    PRODUCT_DESCRIPTION = "product_description"
    X_POST = "x_post"
    SHORT_VIDEO = "short_video"


class Tone(StrEnum):
    """How it sounds."""

    ENTHUSIASTIC = "enthusiastic"
    INFORMATIVE = "informative"
    INSPIRING = "inspiring"
    PLAYFUL = "playful"
    ELEGANT = "elegant"
    URGENT = "urgent"
    WARM = "warm"
    DRAMATIC = "dramatic"


TONE_NAMES: dict[Tone, tuple[str, ...]] = {
    Tone.ENTHUSIASTIC: ("entusiasmado", "entusiasta", "animado", "empolgado", "excited"),
    Tone.INFORMATIVE: ("informativo", "neutro", "profissional", "técnico", "professional", "neutral"),
    Tone.INSPIRING: ("inspirador", "motivacional", "motivational"),
    Tone.PLAYFUL: ("divertido", "bem-humorado", "brincalhão", "leve", "funny", "humorous"),
    Tone.ELEGANT: ("sofisticado", "elegante", "premium", "sophisticated"),
    Tone.URGENT: ("urgente", "direto", "direct"),
    Tone.WARM: ("acolhedor", "caloroso", "afetuoso", "amigável", "friendly"),
    Tone.DRAMATIC: ("dramático", "misterioso", "épico", "mysterious"),
}
"""Other words for a tone, first the Portuguese one that screens and briefs use."""


class Length(StrEnum):
    """How long the copy is."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()


def find_tone(value: object) -> object:
    """The Tone that a word in Portuguese or English names; the value itself where none does."""
    if isinstance(value, str) and not isinstance(value, Tone):
        wanted = _fold(value)
        for tone, names in TONE_NAMES.items():
            if wanted in {tone.value, *map(_fold, names)}:
                return tone
    return value


def _split_keywords(value: object) -> object:
    """``"a, b"`` as ``["a", "b"]``: people write keywords with commas."""
    parts: object = re.split(r"[,;\n]", value) if isinstance(value, str) else value
    if isinstance(parts, list | tuple):
        cleaned = [part for part in map(clean_text, parts) if part != ""]
        return tuple(part for place, part in enumerate(cleaned) if part not in cleaned[:place])
    return parts


class Brief(Frozen):
    """What the user wants; only ``topic``, or a show's season or episode, is required.

    Attributes:
        topic: what it is about, in the user's words: every fact that the copy may state.
        call_to_action: goes into the copy verbatim, hashtags included.
        keywords: words the copy should use.
        platform: a key of ``data/platforms.json``; "" for the content type's own.
        width, height: pixels of the finished picture; None for the platform's.
        show, season, episode: the name of a show in the library, a season's number, an episode's key (``S01E03``).
    """

    content_type: ContentType = ContentType.INSTAGRAM_POST
    topic: Text = Field(default="", max_length=LONGEST_FIELD)
    audience: Text = Field(default="", max_length=500)
    tone: Annotated[Tone, BeforeValidator(find_tone)] = Tone.ENTHUSIASTIC
    objective: Text = Field(default="", max_length=500)
    keywords: Annotated[tuple[Annotated[Text, Field(max_length=80)], ...], BeforeValidator(_split_keywords)] = Field(
        default=(), max_length=MOST_KEYWORDS
    )
    call_to_action: Text = Field(default="", max_length=300)
    length: Length = Length.SHORT
    language: Literal["pt-BR", "en"] = "pt-BR"
    with_image: bool = True
    platform: Text = Field(default="", max_length=40)
    width: int | None = Field(default=None, ge=64, le=4096)
    height: int | None = Field(default=None, ge=64, le=4096)
    show: Text = Field(default="", max_length=200)
    season: int | None = Field(default=None, ge=0, le=9999)
    episode: Text = Field(default="", max_length=40)

    @model_validator(mode="after")
    def _needs_a_subject(self) -> Brief:
        if not self.topic and not self.show:
            raise ValueError("a topic or an episode is needed")
        if (self.episode or self.season is not None) and not self.show:
            raise ValueError("an episode or season needs its show")
        return self


class Facts(Frozen):
    """What the library knows of a brief's episode or season; nothing in it gives the ending away.

    Attributes:
        fiction: dramatic patterns fit only then.
        language: BCP 47 tag of the episode's text.
        title: the episode's; "" for a season.
        label: where it belongs: ``Temporada 1 · Episódio 3``.
        transcript: the lines before the ending, one a line: where articles and genders are read from.
        poster: sha256 hex of the current poster.
    """

    show: str
    genre: str = ""
    tagline: str = ""
    fiction: bool = True
    language: str = "pt"
    season: int
    episode: str = ""
    title: str = ""
    label: str = ""
    logline: str = ""
    summary: str = ""
    key_phrases: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()
    cast: tuple[str, ...] = ()
    transcript: str = ""
    scene: Scene | None = None
    poster: str | None = None


class VideoScene(Frozen):
    """One scene of a short video: what is seen, what is said, how long."""

    visual: str = Field(min_length=1, max_length=400)
    narration: str = Field(min_length=1, max_length=600)
    seconds: int = Field(ge=1, le=60)


class Copy(Frozen):
    """What an engine writes for a brief.

    Attributes:
        headline: drawn over the picture; no call to action, no hashtags.
        text: the post, ready to publish, call to action and hashtags included; the caption of a short video.
        subject_line: of an e-mail, else "".
        scenes: of a short video, else empty.
    """

    headline: str = Field(max_length=120)
    text: str = Field(max_length=12_000)
    subject_line: str = Field(default="", max_length=200)
    scenes: tuple[VideoScene, ...] = Field(default=(), max_length=12)


_LABELS = {
    "pt-BR": {"subject": "Assunto", "scene": "Cena", "visual": "Visual", "narration": "Narração", "caption": "Legenda"},
    "en": {"subject": "Subject", "scene": "Scene", "visual": "Visual", "narration": "Narration", "caption": "Caption"},
}


def write_out(copy: Copy, language: str) -> str:
    """The copy as one plain text, as it is checked, copied and saved: subject line or scenes, then the text."""
    label = _LABELS[language]
    parts = [f"{label['subject']}: {copy.subject_line}"] if copy.subject_line else []
    start = 0
    for number, scene in enumerate(copy.scenes, start=1):
        end = start + scene.seconds
        parts.append(
            f"{label['scene']} {number} ({start}–{end} s)\n"
            f"{label['visual']}: {scene.visual}\n{label['narration']}: {scene.narration}"
        )
        start = end
    parts.append(f"{label['caption']}: {copy.text}" if copy.scenes else copy.text)
    return "\n\n".join(parts)


class Finding(Frozen):
    """A fault found in a text or picture.

    Attributes:
        code: what kind it is, stable for programs: ``number_not_in_brief``.
        message: a gettext message id, filled in with ``values``; core.language translates it.
        start, end: where it is in the text, in characters; 0, 0 where it is the whole text or something missing.
        repair: whether a program can mend it (ensure_* in core/checks/repair.py).
    """

    code: str
    level: Literal["error", "warning"]
    message: str
    values: dict[str, str] = Field(default_factory=dict)
    start: int = 0
    end: int = 0
    repair: bool = False

    def __str__(self) -> str:
        """The finding in English, as an engine is told of it."""
        return self.message.format(**self.values)


class Concept(Frozen):
    """The idea of the picture, in English.

    Attributes:
        kind: a product photograph, the idea of a topic, or a scene of an episode.
        subject: one clause: what is seen.
    """

    kind: Literal["product", "topic", "episode"]
    subject: str = Field(min_length=1, max_length=300)
    scene: Scene
