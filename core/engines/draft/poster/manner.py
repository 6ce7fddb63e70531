"""What a style is given (a composed poster) and what it offers (draw, develop, inks)."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from core.compose.geometry import derive
from core.domain.generation import ImageRequest, Setting, TimeOfDay
from core.engines.draft.poster.layout import Layout
from core.engines.draft.poster.lettering import Inks
from core.engines.draft.poster.palette import Palette
from core.engines.draft.poster.stage import Stage

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Poster:
    """A composed poster on its way to a style."""

    request: ImageRequest
    layout: Layout
    stage: Stage
    palette: Palette
    salt: tuple[Any, ...]

    def stream(self, purpose: str) -> Random:
        """A random stream for one purpose, the same for the same request."""
        return derive(purpose, self.request.style.value, *self.salt)

    @property
    def night(self) -> bool:
        """Whether windows are lit."""
        scene = self.request.scene
        return scene.time_of_day is TimeOfDay.NIGHT or scene.setting is Setting.SPACE


class Manner(Protocol):
    """What a style module offers."""

    def draw(self, poster: Poster) -> str:
        """The picture as SVG elements, without text."""
        ...

    def develop(self, plate: Image, poster: Poster) -> Image:
        """The RGBA raster of the drawing as the finished RGB print, without text."""
        ...

    def inks(self, poster: Poster) -> Inks:
        """What text may be set in."""
        ...
