"""Campaigns as the library keeps them and the gallery shows them."""

import datetime as dt

from core.domain.campaign import Brief, ContentType, Copy, Facts, Finding, Tone
from core.domain.frozen import Frozen
from core.domain.generation import Generation
from core.domain.job import Job


class NewCampaign(Frozen):
    """A campaign on its way into the library.

    Attributes:
        title: what lists call it: the topic's beginning or the episode's title, on one line.
        parent_id: the campaign it was made from again.
    """

    title: str
    brief: Brief
    facts: Facts | None = None
    episode_id: int | None = None
    season_id: int | None = None
    parent_id: int | None = None
    seed: int = 0


class CampaignView(Frozen):
    """A campaign in a list.

    Attributes:
        picture: sha256 hex of the finished picture, else of the bare one, else None.
        excerpt: the beginning of its text; "" while there is none.
        errors, warnings: findings that remain.
        finished_at: when its last step was stored; None while it is being made, or where it failed.
    """

    id: int
    title: str
    content_type: ContentType
    platform: str
    tone: Tone
    language: str
    show: str | None = None
    episode_id: int | None = None
    season_id: int | None = None
    parent_id: int | None = None
    seed: int
    starred: bool = False
    trashed_at: dt.datetime | None = None
    errors: int = 0
    warnings: int = 0
    picture: str | None = None
    excerpt: str = ""
    created_at: dt.datetime
    finished_at: dt.datetime | None = None


class CampaignDetail(Frozen):
    """A campaign with all that was made for it; ``generations`` newest first, every version."""

    view: CampaignView
    brief: Brief
    facts: Facts | None = None
    copy_: Copy | None = None
    findings: tuple[Finding, ...] = ()
    generations: tuple[Generation, ...] = ()
    parent: CampaignView | None = None
    children: tuple[CampaignView, ...] = ()
    job: Job | None = None


class CampaignFilter(Frozen):
    """Which campaigns a list shows; ``search`` is blind to accents and case. All are joined by "and"."""

    search: str = ""
    content_type: ContentType | None = None
    platform: str = ""
    show: str = ""
    episode_id: int | None = None
    starred: bool = False
    trashed: bool = False


class CampaignPage(Frozen):
    """Some campaigns, newest first, and the ids to go on from; None at either end."""

    items: tuple[CampaignView, ...]
    before: int | None = None
    after: int | None = None
