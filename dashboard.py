"""The dashboard: language, navigation and the one place where errors become words. Start it with ``make run``."""

from pathlib import Path

import streamlit as st

from pages import _screen as screen

PAGES = Path(__file__).parent / "pages"

st.set_page_config(page_title="Chamada", page_icon=str(PAGES / "mark.svg"), layout="wide")
st.logo(str(PAGES / "wordmark.svg"), icon_image=str(PAGES / "mark.svg"), size="large")
st.html(PAGES / "cards.css")
screen.choose_language()
_ = screen.translator()

page = st.navigation(
    [
        st.Page(PAGES / "home.py", title=_("Home"), icon=":material/home:", default=True),
        st.Page(
            PAGES / "assistant.py",
            title=_("Marketing assistant"),
            icon=":material/auto_fix_high:",
            url_path="assistant",
        ),
        st.Page(PAGES / "campaigns.py", title=_("Campaigns"), icon=":material/campaign:", url_path="campaigns"),
        st.Page(PAGES / "campaign.py", title=_("Campaign"), url_path="campaign", visibility="hidden"),
        st.Page(PAGES / "episodes.py", title=_("Episodes"), icon=":material/movie:", url_path="episodes"),
        st.Page(PAGES / "episode.py", title=_("Episode"), url_path="episode", visibility="hidden"),
        st.Page(PAGES / "seasons.py", title=_("Seasons"), icon=":material/video_library:", url_path="seasons"),
        st.Page(PAGES / "status.py", title=_("Status"), icon=":material/monitor_heart:", url_path="status"),
    ]
)
with screen.boundary():
    page.run()
