"""What is asked of an engine and what comes back: scenes, image requests and results, stored generations."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from core.domain.frozen import Frozen


class Mood(StrEnum):
    """The feeling of a picture; palettes are chosen by it."""

    CALM = "calm"
    EPIC = "epic"
    HOPEFUL = "hopeful"
    JOYFUL = "joyful"
    MELANCHOLIC = "melancholic"
    MYSTERIOUS = "mysterious"
    ROMANTIC = "romantic"
    TENSE = "tense"


class TimeOfDay(StrEnum):
    """The light of a picture."""

    DAWN = "dawn"
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


class Setting(StrEnum):
    """What the ground and the sky of a picture are."""

    SEA = "sea"
    CITY = "city"
    COUNTRY = "country"
    FOREST = "forest"
    MOUNTAIN = "mountain"
    DESERT = "desert"
    SNOW = "snow"
    INTERIOR = "interior"
    ROAD = "road"
    SPACE = "space"


class Scene(Frozen):
    """A picture described in parts, for an engine that draws rather than dreams.

    Attributes:
        subject: one English sentence: what the picture shows.
        motifs: names from ``data/motifs.json`` (English, lower case), the most important first.
        palette: a palette's name in ``data/palettes.json``, or "" to choose by mood.
    """

    subject: str = Field(max_length=300)
    setting: Setting = Setting.CITY
    time_of_day: TimeOfDay = TimeOfDay.DAY
    mood: Mood = Mood.CALM
    palette: str = Field(default="", max_length=40)
    motifs: tuple[str, ...] = Field(default=(), max_length=8)


class ImagePrompt(Frozen):
    """A prompt one model writes for another (meta-prompting), with the same picture as a Scene."""

    prompt: str = Field(max_length=600)
    negative_prompt: str = Field(default="", max_length=300)
    scene: Scene


class Style(StrEnum):
    """The five poster styles, named as on screen. An image model gets their ``medium`` in its prompt."""

    RECORTE = "recorte"
    RISO = "riso"
    NOTURNO = "noturno"
    TIPOGRAFICO = "tipografico"
    CORDEL = "cordel"

    @property
    def medium(self) -> str:
        """What a picture of this style is, in English."""
        return _MEDIA[self]


_MEDIA = {
    Style.RECORTE: "layered cut-paper poster illustration",
    Style.RISO: "two-color risograph poster print with halftone grain",
    Style.NOTURNO: "flat nocturne poster illustration with glowing lights",
    Style.TIPOGRAFICO: "bold minimalist graphic poster with large plain color fields",
    Style.CORDEL: "Brazilian cordel woodcut poster print",
}


class Sampling(Frozen):
    """How a diffusion model draws; names are diffusers' own. An engine that draws without a model ignores it.

    Attributes:
        num_inference_steps: of base and refiner together.
        guidance_scale: how closely the prompt is followed; 1 or less means no guidance, and no negative prompt.
        scheduler: a name in ``data/schedulers.json``; "" for the model's own.
        denoising_end: the share of the noise that the base takes away, the refiner taking the rest; 1 for no refiner.
            With evenly spaced steps it is their share too: 0.8 of 40 are 32 and 8.
        guidance_end: the share of the steps that are guided; below 1 is faster and follows the prompt less.
        cache_interval: DeepCache: the UNet's deep blocks run every so many steps; 1 for every step.
        lora: a LoRA for few steps, by its name in ``data/image_presets.json``; "" for none.
    """

    num_inference_steps: int = Field(default=40, ge=1, le=200)
    guidance_scale: float = Field(default=7.0, ge=0, le=50)
    scheduler: str = Field(default="", max_length=40)
    denoising_end: float = Field(default=0.8, gt=0, le=1)
    guidance_end: float = Field(default=1.0, ge=0, le=1)
    cache_interval: int = Field(default=1, ge=1, le=10)
    lora: str = Field(default="", max_length=40)


class ImageRequest(Sampling):
    """What an image engine is asked for.

    Attributes:
        title: drawn over the picture by the program; "" for none.
        kicker: the small line near the title ("Temporada 1 · Episódio 3"); "" for none.
        family: what makes siblings: posters of one family (a show's name) share a design.
        width: pixels; height: pixels.
    """

    scene: Scene
    prompt: str
    negative_prompt: str = ""
    style: Style = Style.RECORTE
    title: str = ""
    kicker: str = ""
    family: str = ""
    width: int = Field(default=1024, ge=64, le=4096)
    height: int = Field(default=1024, ge=64, le=4096)
    seed: int = Field(default=0, ge=0, lt=2**63)


class Origin(Frozen):
    """Who made a file, in IPTC's words.

    ``algorithmicMedia`` is made by a program with no trained model; ``trainedAlgorithmicMedia`` by a model.
    Source: https://cv.iptc.org/newscodes/digitalsourcetype/
    """

    engine: str
    model: str
    digital_source_type: Literal["algorithmicMedia", "trainedAlgorithmicMedia"]


class Step(StrEnum):
    """The steps whose output is stored.

    An episode goes through summary, image_prompt, illustration; one too long to read at once stores the summary of
    each part too (variant: its first and last line). A season's self-ask stores each answer (variant: the question's
    id), the follow-ups and the study; then, a variant a style, style_prompt and style_illustration. A campaign goes
    through copy, concept, image_prompt, picture, composition.
    """

    SUMMARY = "summary"
    IMAGE_PROMPT = "image_prompt"
    ILLUSTRATION = "illustration"
    ANSWER = "answer"
    FOLLOW_UPS = "follow_ups"
    STUDY = "study"
    PART = "part"
    STYLE_PROMPT = "style_prompt"
    STYLE_ILLUSTRATION = "style_illustration"
    COPY = "copy"
    CONCEPT = "concept"
    PICTURE = "picture"
    COMPOSITION = "composition"


class Subject(Frozen):
    """What a generation is about: the row id of an episode, a season or a campaign."""

    kind: Literal["episode", "season", "campaign"]
    id: int


class NewGeneration(Frozen):
    """A finished step on its way into the library.

    Attributes:
        variant: a style's name where a step has several results, else "".
        input_key: sha256 hex over everything that went in but the seed.
        key: sha256 hex over input_key and seed; unique, so saving twice changes nothing.
        output: the step's result as JSON.
        media: sha256 hex of the picture, for a step that makes one.
    """

    subject: Subject
    step: Step
    variant: str = ""
    input_key: str
    key: str
    engine: str
    model: str
    prompt_name: str = ""
    prompt_fingerprint: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    seed: int = 0
    output: dict[str, Any] = Field(default_factory=dict)
    media: str | None = None
    findings: tuple[str, ...] = ()
    prompt_tokens: int | None = None
    new_tokens: int | None = None
    seconds: float = 0.0


class Generation(NewGeneration):
    """A stored step. ``version`` counts from 1 within (subject, step, variant); one of them is current."""

    id: int
    version: int
    current: bool
    created_at: dt.datetime


def find_current(rows: Iterable[Generation], step: Step, variant: str = "") -> Generation | None:
    """The version in use of a step among ``rows``; None where it has not been made."""
    return next((row for row in rows if row.current and row.step is step and row.variant == variant), None)
