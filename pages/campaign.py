"""One campaign, ``/campaign?id=ID``: what came of it, where it comes from, and what was made from it."""

from __future__ import annotations

import secrets

import streamlit as st

from core.domain.gallery import CampaignDetail
from core.errors import ChamadaError, NotFound
from pages import _address as address
from pages import _brief as brief_form
from pages import _card as cards
from pages import _draft as draft
from pages import _literal as literal
from pages import _names as names
from pages import _progress as progress
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
    busy = progress.is_busy(detail)
    with st.container(horizontal=True, gap="xsmall"):
        if st.button(
            _("Use it all"),
            icon=":material/content_copy:",
            key="use_all",
            help=_("Fills the form with this campaign's brief"),
        ):
            draft.fill(detail.brief)
            st.switch_page("pages/assistant.py")
        if st.button(
            _("Do again with a new seed"),
            icon=":material/casino:",
            key="new_seed",
            disabled=busy,
            help=_("Another text and another picture from the same brief"),
        ):
            renew(detail)


def renew(detail: CampaignDetail) -> None:
    """Submit the same brief with a new seed, as a child of this campaign."""
    seed = secrets.randbelow(brief_form.LARGEST_SEED)
    try:
        ticket = desk.submit(detail.brief, token=f"renew {detail.view.id}", parent_id=detail.view.id, seed=seed)
    except ChamadaError as error:
        screen.show_problem(error)
        return
    address.put("id", ticket.campaign_id)
    st.rerun()


def brief(detail: CampaignDetail) -> None:
    """What was asked for, field by field."""
    with st.expander(_("The brief"), icon=":material/assignment:", key="brief"):
        for label, value in brief_form.told(detail.brief):
            st.caption(label)
            literal.show(value)
        st.caption(_("Seed"))
        literal.show(str(detail.view.seed))


def lineage(detail: CampaignDetail) -> None:
    """The campaign this one was made from, and those made from it."""
    if detail.parent:
        st.header(_("Made from"), anchor=False)
        cards.grid([detail.parent])
    if detail.children:
        st.header(_("Made again from this one"), anchor=False)
        cards.grid(detail.children)


page()
