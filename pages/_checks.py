"""What the checks found in a campaign's text, as chips and sentences, each with where it is and how to mend it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.domain.campaign import Finding
from core.domain.gallery import CampaignDetail
from pages import _literal as literal
from pages import _screen as screen

AROUND = 40
"""Characters shown before and after a fault."""

LONGEST_MARK = 160

Mend = Callable[[frozenset[str] | None], None]


def chips(findings: tuple[Finding, ...]) -> None:
    """``Tudo certo``, or how many errors and warnings."""
    _ = screen.translator()
    errors = sum(finding.level == "error" for finding in findings)
    warnings = len(findings) - errors
    with st.container(horizontal=True, gap="xsmall"):
        if not findings:
            st.badge(_("All checks passed"), icon=":material/check_circle:", color="green")
        if errors:
            st.badge(screen.ngettext("{n} error", "{n} errors", errors), icon=":material/error:", color="red")
        if warnings:
            label = screen.ngettext("{n} warning", "{n} warnings", warnings)
            st.badge(label, icon=":material/warning:", color="orange")


def listed(detail: CampaignDetail, text: str, mend: Mend | None) -> None:
    """Every finding in a sentence; ``mend`` is called with the codes to repair, None for all that can be."""
    _ = screen.translator()
    found = sorted(detail.findings, key=lambda finding: (finding.level, finding.start))
    mendable = {finding.code for finding in found if finding.repair}
    for number, finding in enumerate(found):
        one(finding, text, number, mend)
    if not mend or len(mendable) < 2:
        return
    if st.button(_("Repair everything"), icon=":material/auto_fix_high:", key="repair_all"):
        mend(None)


def one(finding: Finding, text: str, number: int, mend: Mend | None) -> None:
    """One finding: sentence, the words it means, and a button where a program can mend it."""
    _ = screen.translator()
    error = finding.level == "error"
    icon = ":red[:material/error:]" if error else ":orange[:material/warning:]"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"{icon} {literal.escape_markdown(sentence(finding))}")
            words = marked(text, finding.start, finding.end, "red" if error else "orange")
            if words:
                st.caption(words)
        if not finding.repair or not mend:
            return
        if st.button(_("Repair"), icon=":material/build:", key=f"repair_{number}_{finding.code}"):
            mend(frozenset({finding.code}))


def sentence(finding: Finding) -> str:
    """A finding in the screen's language; not escaped."""
    return screen.fill(finding.message, finding.values)


def marked(text: str, start: int, end: int, color: str) -> str:
    """The words from ``start`` to ``end`` with a coloured ground, among their neighbours, as Markdown; "" for none."""
    end = max(start, min(end, start + LONGEST_MARK))
    words = literal.escape_markdown(text[start:end])
    if not words:
        return ""
    # Whole words only: what the limits cut in two goes.
    before = text[:start] if start <= AROUND else "…" + text[start - AROUND : start].partition(" ")[2]
    after = text[end:] if end + AROUND >= len(text) else text[end : end + AROUND].rpartition(" ")[0] + "…"
    return "".join(
        (
            literal.escape_markdown(before),
            " " if before[-1:].isspace() else "",
            f":{color}-background[{words}]",
            " " if text[end - 1 : end + 1].strip() != text[end - 1 : end + 1] else "",
            literal.escape_markdown(after),
        )
    )
