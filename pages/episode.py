"""One episode, ``/episode?id=ID``: poster, summary, moments, characters, versions and how all of it was made."""

from __future__ import annotations

import re
from typing import Literal

import streamlit as st

from core.domain.generation import Generation
from core.domain.library import EpisodeDetail, EpisodeView
from core.domain.show import Moment, Summary
from core.errors import NotFound
from pages import _address as address
from pages import _literal as literal
from pages import _poster as poster
from pages import _screen as screen

TOP_CHARACTERS = 8
NUMBERED = re.compile(r"(cena|scene)\b", re.IGNORECASE)


def render() -> None:
    """The page of the episode that the address names."""
    chosen = address.number("id")
    if chosen is None:
        raise NotFound("There is no such episode. Choose one from the list.")
    detail = screen.studio().get_episode(chosen)
    episode = detail.episode
    st.set_page_config(page_title=f"{poster.episode_name(episode)} · Chamada")
    navigation(episode)
    heading(episode)
    # A grid falls into one column where two would be cramped; columns do so on phones only.
    cells = st.grid(2, min_column_width=300, gap=("small", "large"))
    with cells.cell():
        illustration(detail)
    with cells.cell():
        written(detail)
        cast(episode)
    if detail.summary:
        with cells.cell():
            characters(detail.summary)
        with cells.cell():
            moments(detail.summary)
    versions(detail)
    poster.how_it_was_made(detail.generations)


def navigation(episode: EpisodeView) -> None:
    """Back to the list, and the episodes before and after this one."""
    _ = screen.translator()
    before, after = neighbours(episode)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/episodes.py",
            label=_("All episodes"),
            icon=":material/arrow_back:",
            query_params=address.remembered("episodes"),
        )
        st.space("stretch")
        step_to(before, _("Previous"), ":material/chevron_left:", "left")
        step_to(after, _("Next"), ":material/chevron_right:", "right")


def step_to(other: EpisodeView | None, label: str, icon: str, side: Literal["left", "right"]) -> None:
    """A button to a neighbouring episode, dimmed where there is none."""
    st.button(
        label,
        icon=icon,
        icon_position=side,
        type="tertiary",
        disabled=other is None,
        help=literal.escape_markdown(poster.episode_name(other)) if other else None,
        on_click=open_episode,
        args=(other.id if other else 0,),
    )


def open_episode(episode_id: int) -> None:
    """Show another episode. A link to the page one is on would not change the address."""
    st.query_params["id"] = str(episode_id)


def neighbours(episode: EpisodeView) -> tuple[EpisodeView | None, EpisodeView | None]:
    """The episodes before and after, in the order of the list."""
    order = screen.studio().list_episodes(episode.show_id, limit=100_000)
    at = next((at for at, other in enumerate(order) if other.id == episode.id), None)
    if at is None:
        return None, None
    return (order[at - 1] if at else None), (order[at + 1] if at + 1 < len(order) else None)


def heading(episode: EpisodeView) -> None:
    """Title, where it belongs, and the logline."""
    where = (literal.one_line(episode.show), screen.season_name(episode.season), poster.facts(episode))
    st.title(literal.escape_markdown(poster.episode_name(episode)), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(literal.escape_markdown(" · ".join(where)), width="content")
        poster.link_to_campaign(from_episode=episode.id)
    # A draft summary opens with the logline: once is enough.
    if episode.logline and not (episode.summary or "").startswith(episode.logline):
        st.markdown(f"*{literal.escape_markdown(episode.logline)}*")


def illustration(detail: EpisodeDetail) -> None:
    """The current poster, or how to get one."""
    _ = screen.translator()
    episode = detail.episode
    current = next((version for version in detail.versions if version.current), None)
    if current is None:
        with st.container(border=True):
            st.markdown(_("**No poster yet.** This paints it:"))
            screen.show_command(screen.run_command(episode.show))
        return
    name = poster.episode_name(episode)
    poster.picture(current, name, name=(episode.show, episode.key, name), key="current")


def written(detail: EpisodeDetail) -> None:
    """Summary and key phrases, or how to get them."""
    _ = screen.translator()
    summary = detail.summary
    st.header(_("Summary"), anchor=False)
    if summary is None:
        st.markdown(_("Not summarised yet. This writes it:"))
        screen.show_command(screen.run_command(detail.episode.show))
        return
    literal.show(summary.text)
    key_phrases(summary)


def cast(episode: EpisodeView) -> None:
    """Who is in it; behind a click, what the show's metadata says of each."""
    _ = screen.translator()
    if not episode.cast:
        return
    st.header(_("Cast"), anchor=False)
    known = next((show.cast for show in screen.studio().shows() if show.id == episode.show_id), {})
    described = [known[name] for name in episode.cast if name in known]
    names = [known.get(name, name).split(":")[0] for name in episode.cast]
    literal.show(" · ".join(map(literal.one_line, names)))
    if described:
        with st.expander(_("Who is who"), icon=":material/group:"):
            for text in described:
                literal.show(literal.one_line(text))


def key_phrases(summary: Summary) -> None:
    """The key phrases as chips."""
    chips = [literal.escape_markdown(phrase) for phrase in summary.key_phrases]
    if chips:
        st.markdown(" ".join(f":gray-badge[{chip}]" for chip in chips if chip))


def moments(summary: Summary) -> None:
    """Lines worth quoting, with their scene; those that spoil the ending only on request."""
    _ = screen.translator()
    if not summary.moments:
        return
    st.header(_("Moments and lines"), anchor=False)
    hidden = sum(moment.spoiler for moment in summary.moments)
    reveal = bool(hidden) and st.toggle(_("Show spoilers"), key="spoilers", persist_state="session")
    for moment in summary.moments:
        if reveal or not moment.spoiler:
            quote(moment)
    if hidden and not reveal:
        st.caption(
            screen.ngettext("{n} moment of the ending is hidden.", "{n} moments of the ending are hidden.", hidden)
        )


def quote(moment: Moment) -> None:
    """A line in quotes; under it who says it, and where."""
    _ = screen.translator()
    heading = literal.one_line(moment.heading or "")
    # A script's own heading often starts with its number: "CENA 3B - INT. PADARIA".
    scene = "" if NUMBERED.match(heading) else _("Scene {n}").format(n=moment.scene)
    line = " · ".join(literal.escape_markdown(part) for part in (moment.speaker or "", scene, heading) if part)
    with st.container(border=True, gap="xsmall"):
        literal.show(f"“{literal.one_line(moment.quote)}”")
        warning = _("spoiler")
        st.caption(f"{line} :orange-badge[{warning}]" if moment.spoiler else line)


def characters(summary: Summary) -> None:
    """Who speaks how much, the most talkative first."""
    _ = screen.translator()
    if not summary.characters:
        return
    st.header(_("Who speaks"), anchor=False)
    for character in summary.characters[:TOP_CHARACTERS]:
        lines = screen.ngettext("{n} line", "{n} lines", character.lines)
        label = f"{literal.escape_markdown(character.name)} · {screen.percent(character.share)} · {lines}"
        st.progress(min(1.0, max(0.0, character.share)), text=label)
    rest = len(summary.characters) - TOP_CHARACTERS
    if rest > 0:
        st.caption(screen.ngettext("and {n} more character", "and {n} more characters", rest))


def versions(detail: EpisodeDetail) -> None:
    """Every illustration there is, and the choice of which one counts."""
    _ = screen.translator()
    if len(detail.versions) < 2:
        return
    st.header(_("Versions of the poster"), anchor=False)
    with st.grid(4, min_column_width=150):
        for version in detail.versions:
            with st.container(gap="xsmall"):
                if version.media:
                    poster.thumbnail(version.media, poster.describe(version, poster.episode_name(detail.episode)))
                st.caption(
                    _("Version {n} · {date}").format(n=version.version, date=screen.date(version.created_at.date()))
                )
                use(version)


def use(version: Generation) -> None:
    """Say that a version is the current one, or offer to make it so."""
    _ = screen.translator()
    if version.current:
        st.badge(_("In use"), icon=":material/check:", color="green")
    elif st.button(_("Use this version"), key=f"use_{version.id}"):
        screen.studio().make_current(version.id)
        st.rerun()


screen.come_through_dashboard(__file__)
render()
