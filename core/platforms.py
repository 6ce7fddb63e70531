"""The networks' limits and picture sizes, read from data/platforms.json."""

import json
from functools import lru_cache

from pydantic import Field

from core.domain.campaign import Brief, ContentType
from core.domain.frozen import Frozen
from core.errors import BriefError
from core.settings import BUNDLED


class Platform(Frozen):
    """A network and what it takes.

    Attributes:
        limit: characters of a text; weighted ones on X.
        hashtags: most that a post may carry; None where no limit is known.
        subject_limit: characters of an e-mail's subject line; 0 elsewhere.
        width, height: of the picture, in pixels.
        safe: share of the picture at its top, right, bottom and left that the network may cover.
        source: where the numbers are published.
    """

    key: str
    name: str
    content_types: tuple[ContentType, ...]
    limit: int
    hashtags: int | None = None
    subject_limit: int = 0
    width: int = Field(ge=64, le=4096)
    height: int = Field(ge=64, le=4096)
    safe: tuple[float, float, float, float]
    source: str


@lru_cache(maxsize=1)
def load_platforms() -> dict[str, Platform]:
    """Every platform by its key, in the order of the file."""
    found = json.loads((BUNDLED / "platforms.json").read_text(encoding="utf-8"))["platforms"]
    return {key: Platform(key=key, **values) for key, values in found.items()}


def platforms_of(content_type: ContentType) -> tuple[Platform, ...]:
    """The platforms that a content type is made for, its own first."""
    return tuple(each for each in load_platforms().values() if content_type in each.content_types)


def find_platform(brief: Brief) -> Platform:
    """The platform of a brief; its content type's own where it names none.

    Raises:
        BriefError: there is no such platform, or it does not take this content type.
    """
    fitting = platforms_of(brief.content_type)
    if not brief.platform:
        return fitting[0]
    for platform in fitting:
        if platform.key == brief.platform:
            return platform
    raise BriefError(
        '"{platform}" is no platform for {content_type}. Choose one of these: {known}.',
        platform=brief.platform[:40],
        content_type=brief.content_type.value,
        known=", ".join(each.key for each in fitting),
    )


def picture_size(brief: Brief) -> tuple[int, int]:
    """Width and height of a brief's finished picture, in pixels: its own, else the platform's."""
    platform = find_platform(brief)
    return brief.width or platform.width, brief.height or platform.height
