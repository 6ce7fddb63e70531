"""A finished step as a row of the library: what ran, with what, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.chains.keys import seeded_key
from core.chains.made import Made
from core.domain.generation import Generation, ImageRequest, NewGeneration, Origin, Step, Subject
from core.engines.base import ImageResult

if TYPE_CHECKING:
    from core.store.library import Library


@dataclass(frozen=True)
class Place:
    """Where a step's result belongs: its subject, step and variant, the key of its inputs and its seed."""

    subject: Subject
    step: Step
    input_key: str
    seed: int
    variant: str = ""

    def row(self, origin: Origin, **values: Any) -> NewGeneration:
        """A row of this place, made by ``origin``."""
        return NewGeneration(
            subject=self.subject,
            step=self.step,
            variant=self.variant,
            input_key=self.input_key,
            key=seeded_key(self.input_key, self.seed),
            seed=self.seed,
            engine=origin.engine,
            model=origin.model,
            **values,
        )


def save_text(
    library: Library, place: Place, origin: Origin, made: Made[Any], output: dict[str, Any] | None = None
) -> Generation:
    """Store what a text engine answered; ``output`` where more than the answer is kept."""
    new = place.row(
        origin,
        prompt_name=made.prompt.name,
        prompt_fingerprint=made.prompt.fingerprint,
        options=made.options.model_copy(update={"seed": place.seed}).model_dump(mode="json"),
        output=made.value.model_dump(mode="json") if output is None else output,
        findings=made.findings,
        prompt_tokens=made.prompt_tokens,
        new_tokens=made.new_tokens,
        seconds=made.seconds,
    )
    return library.save_generation(new)


def save_picture(
    library: Library,
    place: Place,
    origin: Origin,
    request: ImageRequest,
    result: ImageResult,
    notes: Mapping[str, str],
    *,
    thumbnail: bool = True,
) -> Generation:
    """Store what an image engine painted, file first; ``notes`` are PNG text chunks."""
    scene = request.scene
    media = library.media.save(result.image, origin, scene.subject, notes, thumbnail=thumbnail)
    new = place.row(
        origin,
        options=request.model_dump(mode="json", exclude={"scene"}),
        output={
            "scene": scene.model_dump(mode="json"),
            "ran": result.ran,
            "digital_source_type": origin.digital_source_type,
        },
        media=media.sha256,
        findings=result.notes,
        seconds=result.seconds,
    )
    return library.save_generation(new, media)
