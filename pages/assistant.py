"""Assistente de Marketing Digital: a brief goes in, a checked and illustrated campaign comes out."""

from __future__ import annotations

import time

import streamlit as st

from core.domain.gallery import CampaignDetail
from core.domain.library import ShowView
from core.errors import BriefError, ChamadaError, NotFound
from pages import _address as address
from pages import _brief as brief_form
from pages import _draft as draft
from pages import _literal as literal
from pages import _names as names
from pages import _result as result
from pages import _screen as screen

CAMPAIGN, FROM_EPISODE, FROM_SEASON = "campaign", "from_episode", "from_season"
"""What the address may hold: the campaign on screen, or the episode or season to start from."""

LONGEST_NAME = 40
"""Characters of a show's name on a button."""

SAME_CLICK_S = 3
"""Two clicks on the same form this close together are one, even where the first is already done."""

screen.come_through_dashboard(__file__)
_ = screen.translator()
studio = screen.studio()


def page() -> None:
    """The form, and under its fold the campaign that came of it."""
    st.title(_("Digital Marketing Assistant"), anchor=False)
    take_over_start()
    wake_worker()
    detail = chosen()
    if detail is None:
        st.markdown(_("Say what you want to promote; you get text and picture, checked and ready to publish."))
        shows = studio.shows()
        write(shows)
        examples(shows)
        return
    refill(detail)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("New campaign"), icon=":material/add:", on_click=address.drop, args=(CAMPAIGN,))
        st.page_link(
            "pages/campaign.py",
            label=_("Open in the gallery"),
            icon=":material/open_in_new:",
            query_params={"id": str(detail.view.id)},
        )
        result.renew(detail, CAMPAIGN)
    with st.expander(_("Change the brief"), icon=":material/edit_note:", key="brief_fold", on_change="rerun") as fold:
        # Folded, there is no form: it would cost a third of every run, and Ctrl+Enter belongs to the text's editor.
        if fold.open:
            write(studio.shows())
    st.header(literal.escape_markdown(names.campaign(detail.view)), anchor=False)
    st.caption(literal.escape_markdown(names.facts(detail.view)))
    result.show(detail)


def take_over_start() -> None:
    """Begin with the episode or season that a link of another page names, once."""
    episode, season = address.number(FROM_EPISODE), address.number(FROM_SEASON)
    address.drop(FROM_EPISODE, FROM_SEASON)
    if episode is not None:
        draft.start_from_episode(studio.get_episode(episode).episode)
    elif season is not None:
        draft.start_from_season(studio.get_season(season).season)


def wake_worker() -> None:
    """Have the worker ready before the first click."""
    try:
        studio.desk.call_worker()
    except ChamadaError as error:
        screen.show_problem(error)


def chosen() -> CampaignDetail | None:
    """The campaign that the address names; one that is gone is said to be, and the form is there."""
    number = address.number(CAMPAIGN)
    try:
        return None if number is None else studio.desk.get(number)
    except NotFound as error:
        screen.show_problem(error)
        return None


def refill(detail: CampaignDetail) -> None:
    """Write a campaign's brief into a form that is still empty: after a refresh nothing is lost."""
    if draft.key("topic") not in st.session_state:
        draft.fill(detail.brief)


def write(shows: list[ShowView]) -> None:
    """The form and its button."""
    brief_form.form(shows)
    if st.button(
        _("Create campaign"),
        icon=":material/auto_fix_high:",
        type="primary",
        shortcut="Ctrl+Enter",
        key="create",
    ):
        submit(shows)


def submit(shows: list[ShowView]) -> None:
    """Send the brief to the desk and show what comes of it; what is wrong is said under the form, which stays."""
    seed = draft.get("seed")
    try:
        brief = studio.desk.read_brief(draft.written(shows))
        token = draft.token(brief, seed)
        before = st.session_state.get("sent")
        if before and before[0] == token and time.monotonic() - before[1] < SAME_CLICK_S:
            campaign_id = before[2]
        else:
            campaign_id = studio.desk.submit(brief, token=token, seed=seed).campaign_id
    except ChamadaError as error:
        screen.show_problem(brief_form.name_field(error) if isinstance(error, BriefError) else error)
        return
    st.session_state["sent"] = (token, time.monotonic(), campaign_id)
    address.put(CAMPAIGN, campaign_id)
    st.rerun()


def examples(shows: list[ShowView]) -> None:
    """Briefs to begin with, a click each; an episode's too, where one is ready."""
    st.subheader(_("Try one of these"), anchor=False)
    ready = max(shows, key=lambda show: show.summarized, default=None)
    with st.container(horizontal=True, gap="small"):
        if ready and ready.summarized:
            label = _("An episode of {show}").format(show=literal.one_line(ready.name)[:LONGEST_NAME])
            episode = studio.list_episodes(ready.id, limit=1)[0]
            st.button(
                literal.escape_markdown(label),
                icon=":material/movie:",
                key="example_episode",
                on_click=draft.start_from_episode,
                args=(episode,),
            )
        for label, icon, brief in draft.examples(screen.language()):
            st.button(label, icon=icon, key=f"example_{label}", on_click=draft.fill, args=(brief,))


page()
