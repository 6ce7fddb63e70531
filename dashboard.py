"""The dashboard: language, navigation and the one place where errors become words. Start it with ``make run``."""

from pathlib import Path

import streamlit as st

from screens import _screen as screen

SCREENS = Path(__file__).parent / "screens"

st.set_page_config(page_title="Chamada", page_icon=str(SCREENS / "mark.svg"), layout="wide")
st.logo(str(SCREENS / "wordmark.svg"), icon_image=str(SCREENS / "mark.svg"), size="large")
st.html(SCREENS / "cards.css")
screen.choose_language()
_ = screen.translator()

page = st.navigation(
    [
        st.Page(SCREENS / "home.py", title=_("Home"), icon=":material/home:", default=True),
        st.Page(SCREENS / "episodes.py", title=_("Episodes"), icon=":material/movie:", url_path="episodes"),
        st.Page(SCREENS / "episode.py", title=_("Episode"), url_path="episode", visibility="hidden"),
        st.Page(SCREENS / "seasons.py", title=_("Seasons"), icon=":material/video_library:", url_path="seasons"),
    ]
)
with screen.boundary():
    page.run()
