"""The chain that made a campaign, step by step: who, from what, in how long, and the way to do one again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from core.domain.campaign import Copy, Finding
from core.domain.gallery import CampaignDetail
from core.domain.generation import Generation, Step
from pages import _checks as checks
from pages import _literal as literal
from pages import _poster as poster
from pages import _progress as progress
from pages import _screen as screen

ICONS = {
    Step.COPY: ":material/edit_note:",
    Step.CONCEPT: ":material/lightbulb:",
    Step.IMAGE_PROMPT: ":material/terminal:",
    Step.PICTURE: ":material/palette:",
    Step.COMPOSITION: ":material/layers:",
}


def chain(detail: CampaignDetail, *, busy: bool) -> None:
    """Every finished step, in the order of the chain."""
    _ = screen.translator()
    current = {row.step: row for row in detail.generations if row.current}
    if not current:
        return
    st.header(_("How it was made"), anchor=False)
    st.caption(_("Each step feeds the next one. Do any of them again, and what follows is made anew."))
    for step in progress.STEPS:
        if step in current:
            one(detail, current[step], busy=busy)


def one(detail: CampaignDetail, row: Generation, *, busy: bool) -> None:
    """A step: its name and time in the line, the rest behind a click."""
    _ = screen.translator()
    label = f"{_(screen.STEPS[row.step])} · {screen.seconds(row.seconds)}"
    with st.expander(label, icon=ICONS[row.step], type="step", key=f"step_{row.step.value}"):
        poster.maker(row.engine, row.model)
        st.caption(literal.escape_markdown(" · ".join(facts(row))))
        output(row)
        for sentence in mended(row):
            st.caption(f":material/build: {literal.escape_markdown(sentence)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                _("Do again from here"), icon=":material/restart_alt:", key=f"rerun_{row.step.value}", disabled=busy
            ):
                screen.act(lambda: screen.studio().desk.rerun(detail.view.id, row.step))
            older(detail, row, busy=busy)


def facts(row: Generation) -> Iterator[str]:
    """Version, seed, model, wording of the prompt, tokens."""
    _ = screen.translator()
    yield _("version {n}").format(n=row.version)
    yield _("seed {seed}").format(seed=row.seed)
    yield " ".join(filter(None, (row.engine, row.model)))
    if row.prompt_fingerprint:
        yield _("prompt {name}, wording {fingerprint}").format(
            name=row.prompt_name, fingerprint=row.prompt_fingerprint[:12]
        )
    if row.new_tokens:
        yield screen.ngettext("{n} token written", "{n} tokens written", row.new_tokens)


def output(row: Generation) -> None:
    """What a step gave, a line each; the copy stands above already, and the data as a whole can be downloaded."""
    if row.step is Step.COPY:
        return
    lines = dict.fromkeys(f"{name}: {value}" for name, value in leaves(row.output))
    st.code(literal.clean("\n".join(lines)), language=None, wrap_lines=True)


def leaves(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names and values of nested data; nothing of what is empty."""
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from leaves(value)
        elif isinstance(value, list):
            yield from ((name, ", ".join(map(str, value))),) if value else ()
        elif isinstance(value, float):
            yield name, f"{value:.2f}"
        elif value not in (None, ""):
            yield name, str(value)


def mended(row: Generation) -> Iterator[str]:
    """What was put right by rule before the step was stored; not escaped."""
    _ = screen.translator()
    if row.step is not Step.COPY:
        yield from map(_, row.findings)
        return
    for found in row.output.get("repaired", ()):
        yield _("Repaired: {fault}").format(fault=checks.sentence(Finding.model_validate(found)))
    refused = row.output.get("refused", ())
    for attempt in refused:
        yield _("Refused before it: {text}").format(text=Copy.model_validate(attempt["copy"]).text)


def older(detail: CampaignDetail, row: Generation, *, busy: bool) -> None:
    """The other versions of a step, to go back to."""
    _ = screen.translator()
    others = [other for other in detail.generations if other.step is row.step and not other.current]
    if not others:
        return
    chosen = st.menu_button(
        _("Other versions"),
        [other.id for other in others],
        format_func=lambda chosen: next(version(other) for other in others if other.id == chosen),
        icon=":material/history:",
        key=f"versions_{row.step.value}",
        disabled=busy,
    )
    if chosen is not None:
        screen.act(lambda: screen.studio().desk.use_version(chosen))


def version(row: Generation) -> str:
    """``Versão 2 · 21/11/2026 10:40 · semente 7``."""
    _ = screen.translator()
    said = _("Version {n} · {date}").format(n=row.version, date=screen.clock(row.created_at))
    return said + " · " + _("seed {seed}").format(seed=row.seed)
