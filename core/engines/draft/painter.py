"""The poster painter: an image engine that composes a scene and draws it in one of five named styles, with no model.

Numbered steps: 1 lay out and compose, 2 draw as SVG, 3 raster, texture and title.
"""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from core.domain.generation import ImageRequest, Origin
from core.engines.base import ImageResult, OnStep
from core.settings import BUNDLED

if TYPE_CHECKING:
    from core.engines.draft.poster.manner import Poster

VERSION = "2"
"""Raise it whenever the same request would give another picture."""


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    digest = hashlib.sha256(f"poster painter {VERSION}".encode())
    for name in ("palettes.json", "motifs.json"):
        digest.update((BUNDLED / name).read_bytes())
    return digest.hexdigest()


class DraftPainter:
    """Paints posters by rule: same request, same pixels."""

    @property
    def origin(self) -> Origin:
        """Made by a program with no trained model."""
        return Origin(engine="draft", model=f"poster painter {VERSION}", digital_source_type="algorithmicMedia")

    @property
    def fingerprint(self) -> str:
        """Over the painter's version, the palettes and the motifs."""
        return _fingerprint()

    def generate(self, request: ImageRequest, on_step: OnStep | None = None) -> ImageResult:
        """Paint ``request``: a picture of its scene in its style, with its title.

        Motifs nobody knows are passed over; ``ran["motifs"]`` tells which were drawn. ``prompt``,
        ``negative_prompt``, ``num_inference_steps`` and ``guidance_scale`` are for models and change nothing.

        Raises:
            Canceled: ``on_step`` asked to stop.
        """
        from core.compose.svg import rasterize
        from core.engines.draft.poster.lettering import set_title
        from core.engines.draft.poster.styles import STYLES

        started = time.perf_counter()
        step = on_step or (lambda done, total: None)
        poster = compose_poster(request)
        step(1, 3)
        style = STYLES[request.style]
        drawing = style.draw(poster)
        step(2, 3)
        picture = style.develop(rasterize(drawing, request.width, request.height), poster)
        picture, contrast = set_title(picture, poster.layout, style.inks(poster), poster.stream("title"))
        step(3, 3)
        ran = {
            "style": request.style.value,
            "palette": poster.palette.name,
            "layout": poster.layout.name,
            "motifs": [item.name for item in poster.stage.motifs()],
            "contrast": None if contrast is None else round(contrast, 2),
        }
        return ImageResult(image=picture, seconds=time.perf_counter() - started, ran=ran)


def compose_poster(request: ImageRequest) -> Poster:
    """Everything a style needs to draw ``request``: palette, layout and stage."""
    from core.compose.geometry import derive
    from core.engines.draft.poster.compose import compose
    from core.engines.draft.poster.layout import family_design, plan_layout
    from core.engines.draft.poster.manner import Poster
    from core.engines.draft.poster.palette import at_place, choose_palette

    scene = request.scene
    # The scene is part of the stream, so that episodes of one seed still differ in composition.
    salt = (request.seed, scene.subject, scene.setting.value, scene.time_of_day.value, *scene.motifs)
    design = family_design(request)
    layout = plan_layout(request, design, derive("layout", *salt))
    palette = choose_palette(
        scene.palette, scene.mood, derive("family palette", request.family, scene.mood), derive("palette", *salt)
    )
    palette = at_place(palette, scene.setting)
    stage = compose(scene, layout, request.style, derive("stage", *salt))
    return Poster(request=request, layout=layout, stage=stage, palette=palette, salt=salt)
