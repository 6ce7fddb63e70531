"""Início: what is in the library, what it still lacks and the button that makes it."""

import streamlit as st

from core.domain.gallery import CampaignFilter
from core.domain.generation import Step, Style
from core.domain.job import JobState
from core.domain.library import ShowView
from core.errors import EngineError
from core.language import N_
from core.settings import DEMO_NAME
from pages import _card as cards
from pages import _choice as choice
from pages import _engines as in_use
from pages import _literal as literal
from pages import _poster as poster
from pages import _progress as running
from pages import _screen as screen

STRIP = 6
RESULTS = {
    Step.SUMMARY: N_("Summaries"),
    Step.ILLUSTRATION: N_("Posters"),
    Step.STUDY: N_("Season studies"),
    Step.STYLE_ILLUSTRATION: N_("Season posters"),
}
"""What a reader waits for; the prompts in between go unnamed."""

screen.come_through_dashboard(__file__)
_ = screen.translator()
studio = screen.studio()


def empty_library() -> None:
    """Nothing imported: say what to do."""
    st.header(_("Your library is empty"), anchor=False)
    st.markdown(_("Bring in the bundled show, a sea drama of ours, and see everything working within minutes:"))
    screen.show_command(screen.import_demo() + "\n" + screen.run_command(DEMO_NAME))
    st.markdown(_("Or import scripts, subtitles or spreadsheets of your own, and let Chamada prepare them:"))
    show = _("My Show")
    screen.show_command(screen.import_command(_("my-scripts"), show) + "\n" + screen.run_command(show))
    st.caption(_("Then reload this page."))


def totals(shows: list[ShowView]) -> str:
    """``1 série · 2 temporadas · 12 episódios · 22 pôsteres``."""
    seasons, episodes = sum(show.seasons for show in shows), sum(show.episodes for show in shows)
    posters = sum(show.illustrated + show.season_posters for show in shows)
    return " · ".join(
        (
            screen.ngettext("{n} show", "{n} shows", len(shows)),
            screen.ngettext("{n} season", "{n} seasons", seasons),
            screen.ngettext("{n} episode", "{n} episodes", episodes),
            screen.ngettext("{n} poster", "{n} posters", posters),
        )
    )


def now_showing(shows: list[ShowView]) -> None:
    """The posters made last, a row of links."""
    show = max(shows, key=lambda show: show.illustrated)
    if not show.illustrated:
        return
    episodes = studio.list_episodes(show.id, offset=max(0, show.illustrated - STRIP), limit=STRIP)
    st.header(_("Now showing"), anchor=False)
    with st.grid(STRIP, min_column_width=150, gap="small"):
        for episode in episodes:
            if episode.poster:
                poster.card(episode, caption=episode.key)


def campaigns() -> None:
    """The way to the next campaign, and the latest ones."""
    if st.button(_("Create a campaign"), icon=":material/auto_fix_high:", type="primary", key="create"):
        st.switch_page("pages/assistant.py")
    latest = studio.desk.list(CampaignFilter(), limit=STRIP).items
    if latest:
        st.header(_("Latest campaigns"), anchor=False)
        cards.strip(latest, STRIP)
        st.page_link("pages/campaigns.py", label=_("All campaigns"), icon=":material/arrow_forward:")


def progress(label: str, done: int, total: int) -> None:
    """One line of how far a kind of result has come."""
    text = _("{label}: {done} of {total}").format(label=label, done=screen.number(done), total=screen.number(total))
    st.progress(min(1.0, done / total) if total else 0.0, text=text)


def show_card(show: ShowView, shows: list[ShowView]) -> None:
    """A show: what it is, how far it has come, what to do next."""
    with st.container(border=True):
        st.subheader(literal.escape_markdown(show.name), anchor=False)
        if show.tagline:
            literal.show(show.tagline)
        with st.grid(3, min_column_width=200):
            progress(_("Summaries"), show.summarized, show.episodes)
            progress(_("Posters"), show.illustrated, show.episodes)
            progress(_("Season posters"), show.season_posters, show.seasons * len(Style))
        try:
            next_step(show, to_do(show))
        except EngineError as error:  # the engines that the settings ask for cannot work here
            screen.show_problem(error)
        with st.container(horizontal=True, gap="medium"):
            query = {choice.SHOW_KEY: choice.label_of(show, shows)}
            st.page_link("pages/episodes.py", label=_("See the episodes"), query_params=query)
            st.page_link("pages/seasons.py", label=_("See the seasons"), query_params=query)


def to_do(show: ShowView) -> dict[Step, int]:
    """How many results of each kind a show lacks, or has from inputs that changed since."""
    missing = screen.studio().missing(show.id)
    return {step: count for step, count in missing.items() if step in RESULTS}


def next_step(show: ShowView, missing: dict[Step, int]) -> None:
    """What is missing, with the button that makes it."""
    job = studio.preparing(show.id)
    if job is not None and not job.state.over:
        running.follow(lambda: studio.preparing(show.id), job)
    elif missing:
        if job is not None and job.state is JobState.FAILED:
            st.error(literal.escape_markdown(screen.fill(job.message, job.values)), icon=":material/error:")
        named = [f"{_(name)}: {screen.number(missing[step])}" for step, name in RESULTS.items() if step in missing]
        label = _("To do")
        st.markdown(" · ".join((f"**{label}**", *named)))
        if st.button(_("Prepare now"), icon=":material/play_arrow:", type="primary", key=f"prepare_{show.id}"):
            screen.act(lambda: studio.prepare_later(show.id))
        with st.expander(_("On the command line"), icon=":material/terminal:"):
            screen.show_command(screen.run_command(show.name))
    else:
        st.badge(_("Everything is ready"), icon=":material/check:", color="green")


def engines() -> None:
    """Which engines are in use, why, and the way to more of it."""
    st.header(_("Engines in use"), anchor=False)
    with st.container(border=True):
        in_use.show()
        st.page_link("pages/status.py", label=_("Machine, models and workers"), icon=":material/monitor_heart:")


shows = studio.shows()
st.title(_("Your library") if shows else _("Welcome to Chamada"), anchor=False)
if shows:
    st.markdown(totals(shows))
campaigns()
if shows:
    now_showing(shows)
    st.header(_("Shows"), anchor=False)
    for show in shows:
        show_card(show, shows)
else:
    empty_library()
engines()
