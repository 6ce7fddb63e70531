"""A campaign's words: subject line, scenes, text, how long it may be, and the form to edit it."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from core.domain.campaign import Copy, VideoScene
from core.domain.gallery import CampaignDetail
from pages import _literal as literal
from pages import _screen as screen


def show(detail: CampaignDetail, copy: Copy) -> None:
    """The text, ready to be copied."""
    _ = screen.translator()
    if copy.subject_line:
        block(_("Subject line"), copy.subject_line, "subject")
    if copy.scenes:
        scenes(copy.scenes)
    block(_("Caption") if copy.scenes else "", copy.text, "text")
    length(detail)


def block(label: str, text: str, key: str) -> None:
    """Words with a copy button, in the letters of a text and not of code (cards.css)."""
    if label:
        st.caption(label)
    with st.container(key=f"copy_{key}"):
        st.code(literal.clean(text), language=None, wrap_lines=True)


def scenes(all_scenes: tuple[VideoScene, ...]) -> None:
    """A short video's scenes, one card each."""
    _ = screen.translator()
    start = 0
    for number, scene in enumerate(all_scenes, start=1):
        end = start + scene.seconds
        with st.container(border=True, gap="xsmall"):
            times = _("Scene {n}").format(n=number) + f" · {start}–{end} s"
            st.markdown(f"**{times}**")
            st.caption(f":material/visibility: {literal.escape_markdown(scene.visual)}")
            literal.show(scene.narration)
        start = end


def length(detail: CampaignDetail) -> None:
    """How many characters of how many."""
    _ = screen.translator()
    used, limit = screen.studio().desk.measure(detail)
    said = _("{used} of {limit} characters").format(used=screen.number(used), limit=screen.number(limit))
    st.caption(f":red[{said}]" if used > limit else said)


def editor(detail: CampaignDetail, copy: Copy) -> None:
    """Every word of the copy, to be changed; what is saved is checked again."""
    _ = screen.translator()
    # Another version, another form: what was being typed over an older text must not overwrite a newer one.
    version = next((row.id for row in detail.generations if row.current and row.output.get("copy")), 0)
    with st.form(f"edit_{detail.view.id}_{version}", border=False):
        headline = st.text_input(_("Title on the picture"), copy.headline)
        subject = copy.subject_line
        if subject:
            subject = st.text_input(_("Subject line"), copy.subject_line)
        changed = tuple(edit_scene(number, scene) for number, scene in enumerate(copy.scenes, start=1))
        text = st.text_area(_("Caption") if copy.scenes else _("Text"), copy.text, height=260)
        if st.form_submit_button(_("Save and check"), icon=":material/save:", type="primary"):
            save(detail, {"headline": headline, "subject_line": subject, "scenes": changed, "text": text})


def edit_scene(number: int, scene: VideoScene) -> dict[str, object]:
    """The fields of one scene, as data that nobody has checked yet."""
    _ = screen.translator()
    heading = _("Scene {n}").format(n=number)
    st.markdown(f"**{heading}**")
    return {
        "visual": st.text_input(_("What is seen"), scene.visual, key=f"visual_{number}"),
        "narration": st.text_area(_("What is said"), scene.narration, key=f"narration_{number}"),
        "seconds": st.number_input(_("Seconds"), 1, 60, scene.seconds, key=f"seconds_{number}"),
    }


def save(detail: CampaignDetail, data: dict[str, object]) -> None:
    """Hand the edited words in."""
    _ = screen.translator()
    try:
        copy = Copy.model_validate(data)
    except ValidationError:
        st.error(_("A field is empty or too long. Correct it and save again."), icon=":material/error:")
        return
    screen.act(lambda: screen.studio().desk.edit_copy(detail.view.id, copy))
