"""Prompt chaining: brief -> copy -> concept -> image prompt -> picture -> composition, each step a stored generation.

Each step's output goes into the next step's prompt, and a program's checks stand between them.
Source: Wu et al., "AI Chains: Transparent and Controllable Human-AI Interaction by Chaining Large Language Model
Prompts" (2022).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

from core.chains import copywriting
from core.chains.copywriting import conceive, write_copy, write_picture_prompt
from core.chains.episode import IMAGE_PROMPT_OPTIONS
from core.chains.finishing import COMPOSER, compose_post, note_picture
from core.chains.illustration import episode_style
from core.chains.keys import derive_seed, input_key, seeded_key
from core.chains.rows import Place, save_picture, save_text
from core.checks.image import check_picture
from core.compose.export import encode_preview
from core.domain.campaign import Brief, Concept, Copy, Facts, Tone, write_out
from core.domain.gallery import CampaignDetail
from core.domain.generation import Generation, ImagePrompt, ImageRequest, Sampling, Step, Style, Subject, find_current
from core.engines.base import ImageEngine, ImageResult, PreviewingImageEngine, TextEngine, WatchedText
from core.errors import Canceled, EngineError
from core.language import N_
from core.platforms import picture_size
from core.prompts import fingerprint

if TYPE_CHECKING:
    from PIL.Image import Image

    from core.store.library import Library

STEPS = (Step.COPY, Step.CONCEPT, Step.IMAGE_PROMPT, Step.PICTURE, Step.COMPOSITION)

DOING = {
    Step.COPY: N_("Writing the copy"),
    Step.CONCEPT: N_("Finding the idea of the picture"),
    Step.IMAGE_PROMPT: N_("Writing the image prompt"),
    Step.PICTURE: N_("Painting the picture"),
    Step.COMPOSITION: N_("Setting title and call to action"),
}

WORK = {Step.COPY: 4, Step.CONCEPT: 1, Step.IMAGE_PROMPT: 1, Step.PICTURE: 10, Step.COMPOSITION: 4}
"""How much of a campaign's time each step takes, about: for the share done."""

STYLES: dict[Tone, tuple[Style, ...]] = {
    Tone.ENTHUSIASTIC: (Style.RECORTE, Style.TIPOGRAFICO, Style.RISO),
    Tone.INFORMATIVE: (Style.TIPOGRAFICO, Style.RECORTE),
    Tone.INSPIRING: (Style.RECORTE, Style.NOTURNO),
    Tone.PLAYFUL: (Style.RISO, Style.RECORTE),
    Tone.ELEGANT: (Style.TIPOGRAFICO, Style.NOTURNO),
    Tone.URGENT: (Style.TIPOGRAFICO, Style.RISO),
    Tone.WARM: (Style.RECORTE, Style.CORDEL),
    Tone.DRAMATIC: (Style.NOTURNO, Style.CORDEL),
}
"""The poster styles that suit a tone; the seed chooses among them. An episode's campaign keeps its season's style."""


class OnProgress(Protocol):
    """Hears how far a campaign is."""

    def __call__(self, fraction: float, message: str, **values: object) -> None:
        """Gets the share done (0..1) and the gettext id of what is being done.

        Args:
            values: ``words`` that were written so far, and a ``preview`` of the picture, as base64 of a WebP.
        """
        ...


def read_copy(row: Generation) -> Copy:
    """The copy of a stored copy step."""
    return Copy.model_validate(row.output["copy"])


def root(copy: Generation) -> str:
    """The key that the picture follows: a person's edit of the words keeps the picture of the copy it began as."""
    return str(copy.options.get("edited_from", copy.key))


@dataclass
class CampaignRun:
    """One run over one campaign: makes the steps it lacks, or those from ``start`` on.

    Args:
        fallback: opens the embedded copywriter, for a model whose copy keeps failing its checks.
        sampling: how a model draws the picture.
        start: the step to make anew with ``seed``; what follows is made anew too, because its inputs changed.
        should_stop: asked between the steps, as words come and within the picture.
    """

    library: Library
    campaign: CampaignDetail
    open_text: Callable[[], TextEngine]
    open_image: Callable[[], ImageEngine]
    fallback: Callable[[], TextEngine] | None = None
    sampling: Sampling = field(default_factory=Sampling)
    start: Step | None = None
    seed: int = 0
    on_progress: OnProgress = lambda fraction, message, **values: None
    should_stop: Callable[[], bool] = lambda: False
    _doing: Step = field(default=Step.COPY, init=False)
    _share: float = field(default=0.0, init=False)
    _preview: str = field(default="", init=False)

    @cached_property
    def text(self) -> TextEngine:
        """The text engine, loaded on first use; a stop ends the answer it is writing."""
        return WatchedText(self.open_text(), lambda words: self._report(self._doing, words=words))

    @cached_property
    def image(self) -> ImageEngine:
        """The image engine, loaded on first use."""
        return self.open_image()

    @property
    def brief(self) -> Brief:
        """What the user wants."""
        return self.campaign.brief

    @property
    def facts(self) -> Facts | None:
        """What the library knows of the brief's episode."""
        return self.campaign.facts

    @property
    def subject(self) -> Subject:
        """What the generations are about."""
        return Subject(kind="campaign", id=self.campaign.view.id)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps this brief asks for."""
        return STEPS if self.brief.with_image else STEPS[:1]

    def run(self) -> None:
        """Do every step that is missing; what is finished is stored at once.

        Raises:
            Canceled: ``should_stop`` said so; what was finished is stored.
            EngineError: an engine could not deliver; what was finished, the copy above all, is stored.
            StoreError: the library cannot be written; what was finished is stored.
        """
        # 1 the copy  2 the idea, from brief and copy  3 its prompt  4 the picture  5 title and call to action over it
        prompt, options = fingerprint(copywriting.COPY_PROMPT), copywriting.COPY_OPTIONS
        inputs = input_key(Step.COPY, self.brief, self.facts, prompt, self.text.fingerprint, options)
        copy = self._step(Step.COPY, inputs, self._write)
        picture = None
        try:
            picture = self._illustrate(copy) if self.brief.with_image else None
        except (EngineError, Canceled):
            self._note(copy, None, finished=False)  # so that the text is found in the gallery
            raise
        self._note(copy, picture)
        self.on_progress(1.0, N_("Done"))

    def _note(self, copy: Generation, picture: Generation | None, *, finished: bool = True) -> None:
        levels = [finding["level"] for finding in copy.output["findings"]]
        self.library.campaigns.note(
            self.subject.id,
            text=write_out(read_copy(copy), self.brief.language),
            picture=picture.media if picture else None,
            errors=levels.count("error"),
            warnings=levels.count("warning"),
            finished=finished,
        )

    def _illustrate(self, copy: Generation) -> Generation:
        prompt, options = fingerprint(copywriting.CONCEPT_PROMPT), copywriting.CONCEPT_OPTIONS
        inputs = input_key(Step.CONCEPT, root(copy), prompt, self.text.fingerprint, options)
        concept = self._step(Step.CONCEPT, inputs, partial(self._conceive, copy))
        prompt, options = fingerprint(copywriting.IMAGE_PROMPT), IMAGE_PROMPT_OPTIONS
        inputs = input_key(Step.IMAGE_PROMPT, concept.key, prompt, self.text.fingerprint, options)
        written = self._step(Step.IMAGE_PROMPT, inputs, partial(self._prompt, concept))
        size = picture_size(self.brief)
        inputs = input_key(Step.PICTURE, written.key, self.image.fingerprint, size, self.sampling)
        picture = self._step(Step.PICTURE, inputs, partial(self._paint, written))
        inputs = input_key(Step.COMPOSITION, picture.key, copy.key, COMPOSER.model, size)
        return self._step(Step.COMPOSITION, inputs, partial(self._compose, (copy, concept, written, picture)))

    def _step(self, step: Step, wanted: str, make: Callable[[Place], Generation]) -> Generation:
        """The stored version of ``step`` made from these inputs, or a new one."""
        self._report(step)
        rows = self.library.generations(self.subject, step)
        current = find_current(rows, step)
        anew = self.start is not None and STEPS.index(step) >= STEPS.index(self.start)
        place = Place(self.subject, step, wanted, self.seed if anew else self.campaign.view.seed)
        if step is self.start:
            stored = next((row for row in rows if row.key == seeded_key(wanted, place.seed)), None)
        elif current is not None and current.input_key == wanted:
            return current
        else:
            stored = next((row for row in rows if row.input_key == wanted), None)
        return make(place) if stored is None else self.library.make_current(stored.id)

    def _report(self, step: Step, share: float = 0.0, **values: object) -> None:
        """Say that ``share`` of ``step`` is done, or stop."""
        self._check_stop()
        self._doing = step
        work = [WORK[each] for each in self.steps]
        done = sum(work[: self.steps.index(step)]) + share * WORK[step]
        self._share = max(self._share, done / sum(work))  # a picture painted again begins at its first step
        self.on_progress(self._share, DOING[step], **values)

    def _check_stop(self) -> None:
        if self.should_stop():
            raise Canceled("Stopped. What was finished is kept; try again to go on.")

    def _write(self, place: Place) -> Generation:
        best, refused = write_copy(self.text, self.brief, self.facts, place.seed, self.fallback)
        return save_text(self.library, place, best.origin, best.made, best.output(refused))

    def _conceive(self, copy: Generation, place: Place) -> Generation:
        made = conceive(self.text, self.brief, self.facts, read_copy(copy), place.seed)
        return save_text(self.library, place, self.text.origin, made)

    def _prompt(self, concept: Generation, place: Place) -> Generation:
        idea = Concept.model_validate(concept.output)
        made = write_picture_prompt(self.text, self.brief, self.facts, idea, place.seed)
        return save_text(self.library, place, self.text.origin, made)

    def _paint(self, written: Generation, place: Place) -> Generation:
        """The bare picture; one that fails its check is painted once more with another seed."""
        prompt = ImagePrompt.model_validate(written.output)
        width, height = picture_size(self.brief)
        for attempt in range(2):
            request = ImageRequest(
                scene=prompt.scene,
                prompt=prompt.prompt,
                negative_prompt=prompt.negative_prompt,
                style=self._style(place.seed),
                family=self.facts.show if self.facts else self.campaign.view.title,
                seed=derive_seed(place.seed, attempt) if attempt else place.seed,
                width=width,
                height=height,
                **self.sampling.model_dump(),
            )
            result = self._watch(request)
            faults = [each for each in check_picture(result.image, width, height) if each.level == "error"]
            if not faults:
                origin = self.image.origin
                notes = note_picture(self.campaign.view.title, request, origin)
                return save_picture(self.library, place, origin, request, result, notes, thumbnail=False)
        raise EngineError(
            "The picture failed its check twice: {faults} The text is kept; try again for another picture.",
            faults=" ".join(map(str, faults)),
        )

    def _watch(self, request: ImageRequest) -> ImageResult:
        """Paint ``request``, telling of its steps, and showing the picture as it comes where the engine does."""

        def keep(image: Image) -> None:
            self._preview = encode_preview(image)

        def on_step(done: int, total: int) -> None:
            shown = {"preview": self._preview} if self._preview else {}
            self._report(Step.PICTURE, done / total, **shown)

        shows = self.image if isinstance(self.image, PreviewingImageEngine) else None
        if shows:
            shows.on_preview = keep
        try:
            return self.image.generate(request, on_step)
        finally:
            if shows:
                shows.on_preview = None

    def _style(self, seed: int) -> Style:
        if self.facts:
            return episode_style(self.facts.season)
        fitting = STYLES[self.brief.tone]
        return fitting[derive_seed(seed, "style") % len(fitting)]

    def _compose(self, chain: tuple[Generation, ...], place: Place) -> Generation:
        return compose_post(self.library, self.campaign, read_copy(chain[0]), chain, place)
