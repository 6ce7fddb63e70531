"""The brief's form: what it is about, and all the rest, which has defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from core.domain.campaign import Brief, ContentType, Length, Tone
from core.domain.library import ShowView
from core.language import LANGUAGES
from pages import _choice as choice
from pages import _draft as draft
from pages import _literal as literal
from pages import _names as names
from pages import _poster as poster
from pages import _screen as screen

MOST_EPISODES = 5_000
NARROWEST, WIDEST = 64, 4096
LARGEST_SEED = 2**31 - 1


def form(shows: list[ShowView]) -> None:
    """All fields; the one that is needed first, most of the others behind a click."""
    draft.begin()
    starting_point()
    if draft.get("start") == draft.EPISODE:
        episode(shows)
    else:
        topic()
    content_type()
    _ = screen.translator()
    with st.expander(_("Advanced"), icon=":material/tune:", key="brief_advanced"):
        with st.grid(2, min_column_width=260, gap=("small", "medium")):
            manner()
            audience()
        picture()


def starting_point() -> None:
    """A product, or an episode."""
    _ = screen.translator()
    labels = {
        draft.PRODUCT: ":material/storefront: " + _("Product, service or event"),
        draft.EPISODE: ":material/movie: " + _("Episode or season"),
    }
    _one_of(_("Start from"), "start", list(labels), labels.__getitem__)


def topic() -> None:
    """The one field a product needs."""
    _ = screen.translator()
    st.text_area(
        _("What do you want to promote?"),
        key=draft.key("topic"),
        height=150,
        placeholder=_("Tell what it is and what makes it special: name, materials, price, date. Only this is stated."),
        persist_state="session",
    )


def episode(shows: list[ShowView]) -> None:
    """Which episode, or which season as a whole; and what of it to stress."""
    _ = screen.translator()
    if not shows:
        screen.nothing_imported(_("There is no episode yet. Import a show first; this brings in the bundled one:"))
        return
    labels = {show.id: label for label, show in choice.show_labels(shows).items()}
    with st.grid(3, min_column_width=200):
        _listed(_("Show"), "show", list(labels), labels.__getitem__)
        seasons = {season.number for season in screen.studio().list_seasons(draft.get("show"))}
        _listed(_("Season"), "season", sorted(seasons), screen.season_name)
        views = screen.studio().list_episodes(draft.get("show"), season=draft.get("season"), limit=MOST_EPISODES)
        titles = {draft.WHOLE_SEASON: _("The whole season")}
        titles |= {view.key: _episode_label(view.key, poster.episode_name(view)) for view in views}
        _listed(_("Episode"), "episode", list(titles), titles.__getitem__)
    _line(_("What to stress (optional)"), "focus", _("A character, a scene, a premiere date"))


def _episode_label(key: str, name: str) -> str:
    key = literal.one_line(key)
    return key if key == name else f"{key} · {name}"


def content_type() -> None:
    """What to write."""
    label = screen.translator()("What to create")
    _one_of(label, "content_type", [kind.value for kind in ContentType], names.content_type)


def manner() -> None:
    """Network, tone, length and language."""
    _ = screen.translator()
    platforms = {key: name for name, key in names.platforms(draft.content_type()).items()}
    _listed(_("Network"), "platform", list(platforms), platforms.__getitem__)
    _listed(_("Tone"), "tone", [tone.value for tone in Tone], names.tone)
    _one_of(_("Length"), "length", [length.value for length in Length], names.length)
    _one_of(_("Language of the text"), "language", list(LANGUAGES), screen.language_label)


def audience() -> None:
    """Whom it is for, what it should reach, and words that must be in it."""
    _ = screen.translator()
    _line(_("Audience"), "audience", _("Who will read it"))
    _line(_("Objective"), "objective", _("Sell, invite, announce…"))
    _line(_("Keywords"), "keywords", _("Separated by commas"))
    _line(_("Call to action"), "call_to_action", _("It goes into the text word for word, hashtags included"))


def picture() -> None:
    """With a picture or without, its size, and the seed."""
    _ = screen.translator()
    st.toggle(_("With a picture"), key=draft.key("with_image"), persist_state="session")
    with st.grid(3, min_column_width=160):
        network = _("The network's")
        _number(_("Width (pixels)"), "width", network, NARROWEST, WIDEST)
        _number(_("Height (pixels)"), "height", network, NARROWEST, WIDEST)
        _number(_("Seed"), "seed", _("A new one each time"), 0, LARGEST_SEED)


def _line(label: str, name: str, placeholder: str) -> None:
    """A field of one line. Its length is the desk's to judge: Streamlit would drop a long text without a word."""
    st.text_input(
        label,
        key=draft.key(name),
        placeholder=placeholder,
        persist_state="session",
    )


def _number(label: str, name: str, placeholder: str, least: int, most: int) -> None:
    st.number_input(
        label,
        least,
        most,
        value=None,
        step=1,
        key=draft.key(name),
        placeholder=placeholder,
        persist_state="session",
    )


def _one_of(label: str, name: str, options: list[Any], show: Callable[[Any], str]) -> None:
    """A choice among few, all in sight."""
    st.pills(label, options, key=draft.key(name), format_func=show, required=True, persist_state="session")


def _listed(label: str, name: str, options: list[Any], show: Callable[[Any], str]) -> None:
    """A choice among many. A value that is no choice any more gives way to the first one."""
    if draft.get(name) not in options:
        draft.put(name, options[0])
    st.selectbox(label, options, key=draft.key(name), format_func=show, persist_state="session")


def told(brief: Brief) -> Iterator[tuple[str, str]]:
    """A brief for readers: the label and value of every field that says something."""
    _ = screen.translator()
    kind = names.CONTENT_TYPES[brief.content_type]
    size = f"{brief.width or '…'} × {brief.height or '…'}" if brief.width or brief.height else ""
    fields = (
        (_("What to create"), _(kind)),
        (_("Show"), brief.show),
        (_("Season"), "" if brief.season is None else screen.season_name(brief.season)),
        (_("Episode"), brief.episode),
        (_("What to stress (optional)") if brief.show else _("What do you want to promote?"), brief.topic),
        (_("Network"), names.platform_of(brief.content_type, brief.platform)),
        (_("Tone"), names.tone(brief.tone)),
        (_("Length"), names.length(brief.length)),
        (_("Language of the text"), screen.language_label(brief.language)),
        (_("Audience"), brief.audience),
        (_("Objective"), brief.objective),
        (_("Keywords"), ", ".join(brief.keywords)),
        (_("Call to action"), brief.call_to_action),
        (_("Size of the picture (pixels)"), size),
    )
    return ((label, value) for label, value in fields if value)
