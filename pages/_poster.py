"""Posters on screen: cards for grids, a picture with its full size and download, and the label of who made it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.generation import Generation, Style
from core.domain.library import EpisodeView
from core.errors import ChamadaError
from core.language import N_
from pages import _literal as literal
from pages import _screen as screen

WITHOUT_MODEL = {
    "draft": (N_("Draft: made by rules, no AI model"), ":material/architecture:"),
    "chamada": (N_("Made by rules, no AI model"), ":material/architecture:"),
    "person": (N_("Written by a person"), ":material/person:"),
}
"""Engines that are no model: what they are called, and their icon."""

BLANK = str(Path(__file__).with_name("blank.svg"))


def episode_name(episode: EpisodeView) -> str:
    """An episode's title, or its key where it has none; on one line, for plain places."""
    return literal.one_line(episode.title or "") or literal.one_line(episode.key)


def link_to_episode(episode: EpisodeView, label: str, *, icon: str = "") -> None:
    """A link to an episode; ``label`` is escaped here."""
    st.page_link(
        "pages/episode.py",
        label=literal.escape_markdown(label),
        icon=icon,
        query_params={"id": str(episode.id)},
    )


def card(episode: EpisodeView, *, caption: str) -> None:
    """An episode in a grid: thumbnail, title and ``caption``; all of it is one link (cards.css)."""
    _ = screen.translator()
    with st.container(gap="xsmall", key=f"card_{episode.id}"):
        if episode.poster:
            thumbnail(episode.poster, _("Poster of {title}").format(title=episode_name(episode)))
        else:
            st.image(BLANK, alt="", width="stretch")
            caption += " · " + _("no poster yet")
        link_to_episode(episode, episode_name(episode))
        st.caption(literal.escape_markdown(caption))


def link_to_campaign(**start: int) -> None:
    """A link to the assistant, with ``from_episode`` or ``from_season`` to start from."""
    _ = screen.translator()
    st.page_link(
        "pages/assistant.py",
        label=_("Create campaign"),
        icon=":material/auto_fix_high:",
        query_params={name: str(number) for name, number in start.items()},
    )


def facts(episode: EpisodeView) -> str:
    """``S01E03 · 14 de mai. de 2024``; an air date used as key is not said twice."""
    dated = episode.air_date is not None and episode.key == episode.air_date.isoformat()
    parts = [] if dated else [literal.one_line(episode.key)]
    if episode.air_date:
        parts.append(screen.date(episode.air_date))
    return " · ".join(parts)


def thumbnail(sha256: str, alt: str) -> None:
    """A small picture that fills its place; a damaged one is said so there and the page goes on."""
    _ = screen.translator()
    try:
        path = screen.studio().thumbnail(sha256)
    except ChamadaError:
        st.warning(_("This picture cannot be shown."), icon=":material/broken_image:")
        return
    st.image(_image_bytes(str(path)), alt=literal.one_line(alt), width="stretch", output_format="JPEG")


@st.cache_resource(show_spinner=False, max_entries=2000)
def _image_bytes(path: str) -> bytes:
    """A thumbnail as JPEG, converted once: Streamlit would convert a WebP anew on every run."""
    import io

    from PIL import Image

    with Image.open(path) as image:
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def picture(generation: Generation, title: str, *, name: tuple[str, ...], key: str) -> None:
    """A picture at column width with its full size, download and maker under it.

    Args:
        title: what it is the poster of.
        name: parts of the file name of a download.
        key: unique on the page.
    """
    _ = screen.translator()
    if generation.media is None:
        return
    path = whole_picture(generation.media)
    if path is None:
        cannot_be_shown()
        return
    st.image(path, alt=describe(generation, title), width="stretch", output_format="PNG")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if st.button(_("Full size"), icon=":material/zoom_out_map:", key=f"zoom_{key}"):
            zoom(path, title, describe(generation, title))
        st.download_button(
            _("Download PNG"),
            path.read_bytes,
            file_name=literal.file_name(*name, suffix=".png"),
            mime="image/png",
            icon=":material/download:",
            on_click="ignore",
            key=f"download_{key}",
        )
    maker(generation.engine, generation.model)
    shortcomings(generation)


def cannot_be_shown() -> None:
    """A picture's file is gone or damaged: say so where it would be, and how to learn more."""
    _ = screen.translator()
    st.warning(_("This picture cannot be shown."), icon=":material/broken_image:")
    screen.show_command(screen.command("verify"))


def whole_picture(sha256: str) -> Path | None:
    """The file of a picture; None if it is gone or not what was stored."""
    try:
        path = screen.studio().picture(sha256)
        return path if hashlib.sha256(path.read_bytes()).hexdigest() == sha256 else None
    except (ChamadaError, OSError):
        return None


def zoom(path: Path, title: str, alt: str) -> None:
    """Open the picture in its full size over the page."""

    @st.dialog(literal.escape_markdown(title), width="large")
    def dialog() -> None:
        with screen.boundary(), st.container(horizontal_alignment="center"):
            # PNG keeps the file as stored, marks of origin included; JPEG would strip them.
            st.image(path, alt=alt, width="content", output_format="PNG")

    dialog()


def maker(engine: str, model: str) -> None:
    """A badge that says who made something; what no model made is never called AI."""
    if engine in WITHOUT_MODEL:
        label, icon = WITHOUT_MODEL[engine]
        st.badge(screen.translator()(label), icon=icon, color="gray")
    else:
        st.badge(literal.escape_markdown(f"{engine} · {model}"), icon=":material/auto_awesome:", color="blue")


def shortcomings(generation: Generation) -> None:
    """What the engine gave up to finish a picture; nothing where it did all that was asked."""
    _ = screen.translator()
    for note in generation.findings:
        st.caption(f":orange[:material/info:] {literal.escape_markdown(_(note))}")


def describe(generation: Generation, title: str) -> str:
    """An alternative text: whose poster, in which style, with which motifs."""
    _ = screen.translator()
    return _("Poster of {title}").format(title=literal.one_line(title)) + details(generation)


def details(generation: Generation) -> str:
    """The end of an alternative text: style and motifs of a picture; "" where they are unknown."""
    _ = screen.translator()
    text = ""
    style = style_name(str(generation.options.get("style", generation.variant)))
    if style:
        text += _(", {style} style").format(style=style)
    scene = generation.output.get("scene")
    motifs = scene.get("motifs", ()) if isinstance(scene, Mapping) else ()
    if motifs:
        named = (screen.studio().name_motif(str(motif), screen.language()) for motif in motifs)
        text += _(", with {motifs}").format(motifs=", ".join(map(literal.one_line, named)))
    return text


def style_name(style: Any) -> str:
    """A style's name on screen; "" for an unknown one."""
    _ = screen.translator()
    return _(screen.STYLES[Style(style)]) if style in set(Style) else ""


def how_it_was_made(generations: Iterable[Generation]) -> None:
    """Each current step, behind a click; nothing where there is none."""
    _ = screen.translator()
    current = sorted((row for row in generations if row.current), key=lambda row: row.id)
    if not current:
        return
    with st.expander(_("How it was made"), icon=":material/account_tree:"):
        for row in current:
            step(row)


def step(row: Generation) -> None:
    """One finished step: what ran, with which seed, how long, and the prompt written for the image engine."""
    _ = screen.translator()
    name = " · ".join(filter(None, (_(screen.STEPS[row.step]), style_name(row.variant) or row.variant)))
    st.markdown(f"**{literal.escape_markdown(name)}**")
    facts_ = (
        f"{row.engine} · {row.model}",
        _("version {n}").format(n=row.version),
        _("seed {seed}").format(seed=row.seed),
        screen.seconds(row.seconds),
    )
    st.caption(literal.escape_markdown(" · ".join(facts_)))
    prompt = row.output.get("prompt")
    if isinstance(prompt, str) and prompt:
        st.code(literal.clean(prompt), language=None, wrap_lines=True)
    for finding in row.findings:
        st.caption(f":material/build: {literal.escape_markdown(finding)}")
