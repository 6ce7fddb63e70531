"""One campaign, ``/campaign?id=ID``: what came of it, where it comes from, and what was made from it."""

from __future__ import annotations

import streamlit as st

from core.domain.gallery import CampaignDetail
from core.errors import NotFound
from pages import _address as address
from pages import _brief as brief_form
from pages import _card as cards
from pages import _draft as draft
from pages import _literal as literal
from pages import _names as names
from pages import _result as result
from pages import _screen as screen

screen.come_through_dashboard(__file__)
_ = screen.translator()
desk = screen.studio().desk


def page() -> None:
    """The campaign that the address names."""
    number = address.number("id")
    if number is None:
        raise NotFound("There is no such campaign. Choose one from the list.")
    detail = desk.get(number)
    st.set_page_config(page_title=f"{names.campaign(detail.view)} · Chamada")
    navigation(detail)
    st.title(literal.escape_markdown(names.campaign(detail.view)), anchor=False)
    st.caption(literal.escape_markdown(names.facts(detail.view)))
    trashed(detail)
    again(detail)
    result.show(detail)
    brief(detail)
    lineage(detail)


def navigation(detail: CampaignDetail) -> None:
    """Back to the list; star and trash."""
    view = detail.view
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/campaigns.py",
            label=_("All campaigns"),
            icon=":material/arrow_back:",
            query_params=address.remembered("campaigns"),
        )
        st.space("stretch")
        st.button(
            _("Unstar") if view.starred else _("Star"),
            icon=":material/star:" if not view.starred else ":material/star_half:",
            type="tertiary",
            key="star",
            on_click=desk.star,
            args=(view.id, not view.starred),
        )
        if view.trashed_at is None:
            st.button(
                _("Move to trash"),
                icon=":material/delete:",
                type="tertiary",
                key="trash",
                on_click=desk.trash,
                args=([view.id],),
            )


def trashed(detail: CampaignDetail) -> None:
    """A campaign in the trash says so, and comes back by a click."""
    if detail.view.trashed_at is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/delete: " + _("This campaign is in the trash."), width="stretch")
        st.button(
            _("Restore"),
            icon=":material/undo:",
            key="restore",
            on_click=desk.restore,
            args=([detail.view.id],),
        )


def again(detail: CampaignDetail) -> None:
    """Start over from this one: its brief in the form, or the same brief with other dice."""
    with st.container(horizontal=True, gap="xsmall"):
        if st.button(
            _("Use it all"),
            icon=":material/content_copy:",
            key="use_all",
            help=_("Fills the form with this campaign's brief"),
        ):
            draft.fill(detail.brief)
            st.switch_page("pages/assistant.py")
        result.renew(detail, "id")


def brief(detail: CampaignDetail) -> None:
    """What was asked for, field by field."""
    with st.expander(_("The brief"), icon=":material/assignment:", key="brief"), st.grid(2, min_column_width=260):
        for label, value in (*brief_form.told(detail.brief), (_("Seed"), str(detail.view.seed))):
            with st.container(gap=None):
                st.caption(label)
                literal.show(value)


def lineage(detail: CampaignDetail) -> None:
    """The campaign this one was made from, and those made from it."""
    if detail.parent:
        st.header(_("Made from"), anchor=False)
        cards.grid([detail.parent])
    if detail.children:
        st.header(_("Made again from this one"), anchor=False)
        cards.grid(detail.children)


page()
