"""From an image prompt to the request an image engine paints: title, kicker, size, seed."""

from __future__ import annotations

from core.domain.generation import ImagePrompt, ImageRequest, Sampling, Style
from core.domain.show import is_year

EPISODE_STYLES = (Style.RECORTE, Style.NOTURNO, Style.RISO, Style.CORDEL)
"""An episode's style follows its season, so that the posters of one season are siblings."""


class Canvas(Sampling):
    """Size and sampling of illustrations, under diffusers' names; width and height in pixels."""

    width: int = 1024
    height: int = 1024


def kicker(season: int, number: int | None, language: str) -> str:
    """The small line over a title: ``Temporada 1 · Episódio 3``; an air year is a year, not a season."""
    portuguese = language.startswith("pt")
    parts = []
    if season:
        parts.append(str(season) if is_year(season) else f"{'Temporada' if portuguese else 'Season'} {season}")
    if number is not None:
        parts.append(f"{'Episódio' if portuguese else 'Episode'} {number}")
    return " · ".join(parts)


def episode_style(season: int) -> Style:
    """The style of a season's episode posters."""
    return EPISODE_STYLES[(season - 1) % len(EPISODE_STYLES)]


def request_illustration(
    prompt: ImagePrompt, *, title: str, kicker: str, family: str, style: Style, seed: int, canvas: Canvas
) -> ImageRequest:
    """What the image engine is asked for."""
    return ImageRequest(
        scene=prompt.scene,
        prompt=prompt.prompt,
        negative_prompt=prompt.negative_prompt,
        style=style,
        title=title,
        kicker=kicker,
        family=family,
        seed=seed,
        **canvas.model_dump(),
    )
