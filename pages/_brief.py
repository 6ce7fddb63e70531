"""The brief's form: what it is about, and all the rest, which has defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from core.domain.campaign import Brief, ContentType, Length, Tone
from core.domain.library import ShowView
from core.errors import BriefError
from core.language import LANGUAGES, N_
from pages import _choice as choice
from pages import _draft as draft
from pages import _literal as literal
from pages import _names as names
from pages import _poster as poster
from pages import _screen as screen

LABELS = {
    "start": N_("Start from"),
    "topic": N_("What do you want to promote?"),
    "focus": N_("What to stress (optional)"),
    "show": N_("Show"),
    "season": N_("Season"),
    "episode": N_("Episode"),
    "content_type": N_("What to create"),
    "platform": N_("Network"),
    "tone": N_("Tone"),
    "length": N_("Length"),
    "language": N_("Language of the text"),
    "audience": N_("Audience"),
    "objective": N_("Objective"),
    "keywords": N_("Keywords"),
    "call_to_action": N_("Call to action"),
    "with_image": N_("With a picture"),
    "width": N_("Width (pixels)"),
    "height": N_("Height (pixels)"),
    "seed": N_("Seed"),
}
"""What the form calls each field of a draft."""

MOST_EPISODES = 5_000
NARROWEST, WIDEST = 64, 4096
LARGEST_SEED = 2**31 - 1


def label(name: str) -> str:
    """What the form calls a field."""
    return screen.translator()(LABELS[name])


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
    _one_of("start", list(labels), labels.__getitem__)


def topic() -> None:
    """The one field a product needs."""
    _ = screen.translator()
    st.text_area(
        label("topic"),
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
        _listed("show", list(labels), labels.__getitem__)
        seasons = {season.number for season in screen.studio().list_seasons(draft.get("show"))}
        _listed("season", sorted(seasons), screen.season_name)
        views = screen.studio().list_episodes(draft.get("show"), season=draft.get("season"), limit=MOST_EPISODES)
        titles = {draft.WHOLE_SEASON: _("The whole season")}
        titles |= {view.key: _episode_label(view.key, poster.episode_name(view)) for view in views}
        _listed("episode", list(titles), titles.__getitem__)
    _line("focus", _("A character, a scene, a premiere date"))


def _episode_label(key: str, name: str) -> str:
    key = literal.one_line(key)
    return key if key == name else f"{key} · {name}"


def content_type() -> None:
    """What to write."""
    _one_of("content_type", [kind.value for kind in ContentType], names.content_type)


def manner() -> None:
    """Network, tone, length and language."""
    _ = screen.translator()
    platforms = {key: name for name, key in names.platforms(draft.content_type()).items()}
    _listed("platform", list(platforms), platforms.__getitem__)
    _listed("tone", [tone.value for tone in Tone], names.tone)
    _one_of("length", [length.value for length in Length], names.length)
    _one_of("language", list(LANGUAGES), screen.language_label)


def audience() -> None:
    """Whom it is for, what it should reach, and words that must be in it."""
    _ = screen.translator()
    _line("audience", _("Who will read it"))
    _line("objective", _("Sell, invite, announce…"))
    _line("keywords", _("Separated by commas"))
    _line("call_to_action", _("It goes into the text word for word, hashtags included"))


def picture() -> None:
    """With a picture or without, its size, and the seed."""
    _ = screen.translator()
    st.toggle(label("with_image"), key=draft.key("with_image"), persist_state="session")
    with st.grid(3, min_column_width=160):
        network = _("The network's")
        _number("width", network, NARROWEST, WIDEST)
        _number("height", network, NARROWEST, WIDEST)
        _number("seed", _("A new one each time"), 0, LARGEST_SEED)


def _line(name: str, placeholder: str) -> None:
    """A field of one line. Its length is the desk's to judge: Streamlit would drop a long text without a word."""
    st.text_input(
        label(name),
        key=draft.key(name),
        placeholder=placeholder,
        persist_state="session",
    )


def _number(name: str, placeholder: str, least: int, most: int) -> None:
    st.number_input(
        label(name),
        least,
        most,
        value=None,
        step=1,
        key=draft.key(name),
        placeholder=placeholder,
        persist_state="session",
    )


def _one_of(name: str, options: list[Any], show: Callable[[Any], str]) -> None:
    """A choice among few, all in sight."""
    st.pills(label(name), options, key=draft.key(name), format_func=show, required=True, persist_state="session")


def _listed(name: str, options: list[Any], show: Callable[[Any], str]) -> None:
    """A choice among many. A value that is no choice any more gives way to the first one."""
    if draft.get(name) not in options:
        draft.put(name, next(iter(options), None))
    st.selectbox(label(name), options, key=draft.key(name), format_func=show, persist_state="session")


def name_field(error: BriefError) -> BriefError:
    """An error of a brief's field, which it calls as the form does."""
    name = str(error.values.get("field", ""))
    if name == "topic" and draft.get("start") == draft.EPISODE:
        name = "focus"
    if name not in LABELS:
        return error
    return type(error)(error.message, **{**error.values, "field": f"“{label(name)}”"})


def told(brief: Brief) -> Iterator[tuple[str, str]]:
    """A brief for readers: the label and value of every field that says something."""
    _ = screen.translator()
    size = f"{brief.width or '…'} × {brief.height or '…'}" if brief.width or brief.height else ""
    fields = {
        "content_type": _(names.CONTENT_TYPES[brief.content_type]),
        "show": brief.show,
        "season": "" if brief.season is None else screen.season_name(brief.season),
        "episode": brief.episode,
        "focus" if brief.show else "topic": brief.topic,
        "platform": names.platform_of(brief.content_type, brief.platform),
        "tone": names.tone(brief.tone),
        "length": names.length(brief.length),
        "language": screen.language_label(brief.language),
        "audience": brief.audience,
        "objective": brief.objective,
        "keywords": ", ".join(brief.keywords),
        "call_to_action": brief.call_to_action,
    }
    yield from ((label(name), value) for name, value in fields.items() if value)
    if size:
        yield _("Size of the picture (pixels)"), size
