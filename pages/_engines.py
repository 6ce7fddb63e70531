"""The engines in use, as a page shows them: who writes, who paints, and why."""

import streamlit as st

from core.errors import EngineError
from pages import _literal as literal
from pages import _poster as poster
from pages import _screen as screen


def show() -> None:
    """Who writes and who paints, and why; what keeps them from it where they cannot work here."""
    _ = screen.translator()
    studio = screen.studio()
    try:
        used = ((_("Text"), studio.text_engine.origin), (_("Image"), studio.image_engine.origin))
    except EngineError as error:
        screen.show_problem(error)
        return
    for label, origin in used:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{label}**", width="content")
            poster.maker(origin.engine, origin.model)
    if studio.engines.preset:
        name, what = studio.engines.preset
        st.caption(_("Preset of the pictures: {name}. {what}").format(name=_(name), what=_(what)))
    for reason in studio.engines.choice.why:
        st.caption(literal.escape_markdown(screen.fill(reason.message, reason.values)))
