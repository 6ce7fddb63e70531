"""Campanhas: every campaign made here, to search, star, throw away and take up again."""

from __future__ import annotations

from typing import Literal, TypeVar

import streamlit as st

from core.domain.gallery import CampaignFilter, CampaignPage, CampaignView
from pages import _address as address
from pages import _card as cards
from pages import _choice as choice
from pages import _literal as literal
from pages import _names as names
from pages import _screen as screen

PER_PAGE = 24
SEARCH, TYPE, PLATFORM, SHOW, SHELF = "find", "type", "network", "about", "shelf"
BEFORE, AFTER = "before", "after"
KEYS = (SEARCH, TYPE, PLATFORM, SHOW, SHELF, BEFORE, AFTER)
THROWN = "thrown away"

T = TypeVar("T")

screen.come_through_dashboard(__file__)
_ = screen.translator()
studio = screen.studio()
desk = studio.desk


def page() -> None:
    """The filters and the page of cards they leave."""
    st.title(_("Campaigns"), anchor=False)
    undo()
    wanted = filters()
    found = desk.list(wanted, before=address.number(BEFORE), after=address.number(AFTER), limit=PER_PAGE)
    if not found.items:
        empty(wanted)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(screen.ngettext("{n} campaign", "{n} campaigns", desk.count(wanted)), width="stretch")
        if wanted.trashed:
            empty_trash()
    cards.grid(found.items, under=restore if wanted.trashed else look_after)
    older_and_newer(found)


def filters() -> CampaignFilter:
    """What to look for, kept in the address."""
    shelves = {_("All"): "", _("Starred"): "starred", _("Trash"): "trashed"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            _("Search"),
            key=SEARCH,
            type="search",
            live="300ms",
            placeholder=_("Words in the campaign"),
            max_chars=200,
            bind="query-params",
            on_change=first_page,
        )
        kind = listed(_("What it is"), TYPE, {_(label): kind for kind, label in names.CONTENT_TYPES.items()})
        platform = listed(_("Network"), PLATFORM, names.platforms(kind))
        shows = {label: show.name for label, show in choice.show_labels(studio.shows()).items()}
        show = listed(_("Show"), SHOW, shows) if shows else None
    shelf = st.segmented_control(
        _("Show me"),
        list(shelves),
        default=_("All"),
        required=True,
        key=SHELF,
        bind="query-params",
        on_change=first_page,
        label_visibility="collapsed",
    )
    chosen = shelves.get(shelf or "", "")
    return CampaignFilter(
        search=search,
        content_type=kind,
        platform=platform or "",
        show=show or "",
        starred=chosen == "starred",
        trashed=chosen == "trashed",
    )


def listed(label: str, key: str, options: dict[str, T]) -> T | None:
    """A filter with a first choice that lets everything through (None)."""
    everything = _("Everything")
    chosen = st.selectbox(label, [everything, *options], key=key, bind="query-params", on_change=first_page)
    return options.get(chosen)


def first_page() -> None:
    """Other filters, another list: start it at its beginning."""
    address.drop(BEFORE, AFTER)


def turn(name: str, number: int) -> None:
    """Go on to older or newer campaigns."""
    first_page()
    address.put(name, number)


def older_and_newer(found: CampaignPage) -> None:
    """The ways on; none where all is in sight."""
    if found.before is None and found.after is None:
        return
    with st.container(horizontal=True, horizontal_alignment="center"):
        turn_to(_("Newer"), ":material/chevron_left:", "left", AFTER, found.after)
        turn_to(_("Older"), ":material/chevron_right:", "right", BEFORE, found.before)


def turn_to(label: str, icon: str, side: Literal["left", "right"], name: str, number: int | None) -> None:
    """A button to older or newer campaigns, dimmed where there are none."""
    st.button(
        label,
        icon=icon,
        icon_position=side,
        key=f"turn_{name}",
        disabled=number is None,
        on_click=turn,
        args=(name, number),
    )


def empty(wanted: CampaignFilter) -> None:
    """Nothing to show: why, and what to do."""
    if wanted == CampaignFilter():
        if address.number(BEFORE) or address.number(AFTER):
            st.button(_("Back to the newest"), icon=":material/first_page:", on_click=first_page)
            return
        with st.container(border=True):
            st.markdown(_("**No campaign yet.** Say what you want to promote, and the first one stands here."))
            st.page_link("pages/assistant.py", label=_("Create a campaign"), icon=":material/auto_fix_high:")
    elif wanted == CampaignFilter(trashed=True):
        st.info(_("The trash is empty."), icon=":material/delete:")
    elif wanted == CampaignFilter(starred=True):
        st.info(_("No star yet. Star a campaign to find it here."), icon=":material/star:")
    else:
        st.info(_("No campaign matches. Try fewer words or filters."), icon=":material/search_off:")


def look_after(view: CampaignView) -> None:
    """Star and trash, under a card."""
    star, trash = ("unstar" if view.starred else "star"), "trash"
    labels = {star: _("Unstar") if view.starred else _("Star"), trash: _("Move to trash")}
    chosen = st.menu_button(
        _("More"), list(labels), format_func=labels.__getitem__, type="tertiary", key=f"more_{view.id}"
    )
    if chosen == trash:
        throw_away(view)
    elif chosen:
        screen.act(lambda: desk.star(view.id, not view.starred))


def throw_away(view: CampaignView) -> None:
    """Into the trash, with a way back in sight."""
    st.session_state[THROWN] = (view.id, names.campaign(view))
    screen.act(lambda: desk.trash([view.id]))


def undo() -> None:
    """The way back for what was thrown away last; it stays in sight until the page is left or something else done."""
    if THROWN not in st.session_state:
        return
    number, title = st.session_state[THROWN]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        said = literal.escape_markdown(_("“{title}” is in the trash now.").format(title=title))
        st.markdown(f":material/delete: {said}", width="stretch")
        st.button(_("Undo"), icon=":material/undo:", key="undo", on_click=take_back, args=(number,))


def take_back(number: int) -> None:
    """Undo."""
    st.session_state.pop(THROWN, None)
    desk.restore([number])


def restore(view: CampaignView) -> None:
    """The way out of the trash, under a card."""
    st.button(
        _("Restore"),
        icon=":material/undo:",
        type="tertiary",
        key=f"restore_{view.id}",
        on_click=take_back,
        args=(view.id,),
    )


def empty_trash() -> None:
    """Delete for good, once more asked."""
    with st.popover(_("Empty the trash"), icon=":material/delete_forever:"):
        st.markdown(_("Everything in the trash will be deleted for good. There is no way back."))
        if st.button(_("Delete for good"), icon=":material/delete_forever:", type="primary", key="empty_trash"):
            st.session_state.pop(THROWN, None)
            screen.act(desk.empty_trash)


page()
address.remember("campaigns", KEYS)
