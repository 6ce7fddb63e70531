"""Campaigns in a grid: a card each, which is one link, and what can be done to it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.domain.gallery import CampaignView
from pages import _literal as literal
from pages import _names as names
from pages import _poster as poster
from pages import _screen as screen


def link(view: CampaignView, label: str, *, icon: str = "") -> None:
    """A link to a campaign; ``label`` is escaped here."""
    st.page_link(
        "pages/campaign.py", label=literal.escape_markdown(label), icon=icon, query_params={"id": str(view.id)}
    )


def card(view: CampaignView, under: Callable[[CampaignView], None] | None = None) -> None:
    """Picture or first words, title, and what it is; ``under`` draws what can be done to it."""
    with st.container(gap="xsmall"):
        with st.container(gap="xsmall", key=f"card_campaign_{view.id}"):
            cover(view)
            link(view, names.campaign(view))
            st.caption(f"{names.ICONS[view.content_type]} {literal.escape_markdown(caption(view))}{state(view)}")
        if under:
            under(view)


def cover(view: CampaignView) -> None:
    """The picture; the beginning of the text where there is none; an empty frame where there is nothing yet."""
    _ = screen.translator()
    if view.picture:
        with st.container(key=f"cover_{view.id}"):
            poster.thumbnail(view.picture, _("Picture of the campaign {title}").format(title=names.campaign(view)))
    elif view.excerpt:
        with st.container(key=f"excerpt_{view.id}"):
            literal.show(literal.one_line(view.excerpt))
    else:
        with st.container(key=f"cover_blank_{view.id}"):
            st.image(poster.BLANK, alt="", width="stretch")


def caption(view: CampaignView) -> str:
    """Platform and date; not escaped."""
    platform = names.platform_of(view.content_type, view.platform)
    return " · ".join(filter(None, (platform, screen.short_date(view.created_at.date()))))


def state(view: CampaignView) -> str:
    """Badges in Markdown: a star, unfinished, errors that remain."""
    _ = screen.translator()
    badges = ""
    if view.starred:
        badges += " :orange[:material/star:]"
    if view.finished_at is None:
        badges += " :gray-badge[:material/hourglass_empty: " + _("unfinished") + "]"
    if view.errors:
        badges += " :red-badge[" + screen.ngettext("{n} error", "{n} errors", view.errors) + "]"
    return badges


def grid(views: Sequence[CampaignView], under: Callable[[CampaignView], None] | None = None) -> None:
    """Cards, as many in a row as fit."""
    with st.grid(4, min_column_width=150, gap=("medium", "small")):
        for view in views:
            card(view, under)


def strip(views: Sequence[CampaignView], columns: int) -> None:
    """A row of small cards."""
    with st.grid(columns, min_column_width=150, gap="small"):
        for view in views:
            card(view)
