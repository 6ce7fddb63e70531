"""Campaigns for the tests of the queue."""

from core.domain.campaign import Brief
from core.domain.gallery import NewCampaign
from core.store.library import Library


def add_campaign(library: Library, title: str) -> int:
    """A campaign without a job; gives its id."""
    return library.campaigns.add(NewCampaign(title=title, brief=Brief(topic=title)))
