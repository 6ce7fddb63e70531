"""Episódios: a searchable grid of posters."""

import streamlit as st

from pages import _address as address
from pages import _choice as choice
from pages import _poster as poster
from pages import _screen as screen

PER_PAGE = 24

screen.come_through_dashboard(__file__)
_ = screen.translator()
studio = screen.studio()


def first_page() -> None:
    """Other filters, another list: start it at its beginning."""
    st.session_state[choice.PAGE_KEY] = 1


def grid() -> None:
    """The filters and the page of cards they leave."""
    st.title(_("Episodes"), anchor=False)
    shows = studio.shows()
    if not shows:
        screen.nothing_imported(_("There is no episode yet. Import a show first; this brings in the bundled one:"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        show = choice.choose_show(shows, on_change=first_page)
        chosen = choice.choose_season(studio.list_seasons(show.id), everything=_("All"), on_change=first_page)
        search = st.text_input(
            _("Search"),
            key=choice.SEARCH_KEY,
            type="search",
            placeholder=_("Title, summary or code"),
            max_chars=200,
            bind="query-params",
            on_change=first_page,
        )
    season = chosen.number if chosen else None
    count = studio.count_episodes(show.id, season=season, search=search)
    if not count:
        st.info(_("No episode matches. Try fewer words or another season."), icon=":material/search_off:")
        return
    st.caption(screen.ngettext("{n} episode", "{n} episodes", count))
    cards = st.container()
    pages = -(-count // PER_PAGE)
    page = 1
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            page = st.pagination(pages, key=choice.PAGE_KEY, bind="query-params")
    with cards, st.grid(4, min_column_width=150, gap=("medium", "small")):
        for episode in studio.list_episodes(
            show.id, season=season, search=search, offset=(page - 1) * PER_PAGE, limit=PER_PAGE
        ):
            with st.container(gap=None):
                poster.card(episode, caption=poster.facts(episode))
                poster.link_to_campaign(from_episode=episode.id)


grid()
address.remember("episodes", choice.KEYS)
