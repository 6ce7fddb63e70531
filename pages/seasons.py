"""Temporadas: a season's five posters side by side, and the questions that led to them."""

import streamlit as st

from core.domain.library import EpisodeView, SeasonDetail
from core.domain.show import Answer
from pages import _choice as choice
from pages import _literal as literal
from pages import _poster as poster
from pages import _screen as screen

screen.come_through_dashboard(__file__)
_ = screen.translator()
studio = screen.studio()


def gallery(detail: SeasonDetail) -> None:
    """The five styles."""
    season = detail.season
    if not detail.posters:
        with st.container(border=True):
            st.markdown(_("**No poster of this season yet.** This studies the season and paints five:"))
            screen.show_command(screen.run_command(season.show))
        return
    with st.grid("auto", min_column_width=260, gap="medium"):
        for row in detail.posters:
            with st.container(gap="small"):
                style = poster.style_name(row.variant)
                st.subheader(style or literal.escape_markdown(row.variant), anchor=False)
                title = f"{literal.one_line(season.show)}, {screen.season_name(season.number)}"
                name = (season.show, screen.season_name(season.number), row.variant)
                poster.picture(row, title, name=name, key=row.variant)


def questions(detail: SeasonDetail) -> None:
    """What was asked about the season, what the summaries answer, and where that comes from."""
    study = detail.study
    if study is None:
        return
    st.header(_("Questions and answers"), anchor=False)
    st.markdown(_("Each answer rests on the stored episode summaries alone; the links name them."))
    by_key = {episode.key: episode for episode in detail.episodes}
    with st.grid(2, min_column_width=380, gap="medium"):
        for answer in study.answers:
            with st.container(border=True, height="stretch"):
                one_answer(answer, by_key)


def one_answer(answer: Answer, by_key: dict[str, EpisodeView]) -> None:
    """A question, its answer and links to the episodes it rests on."""
    st.subheader(literal.escape_markdown(answer.question), anchor=False)
    if answer.asked_by == "fixed":
        st.badge(_("Asked of every season"), color="gray")
    else:
        st.badge(_("Follow-up of its own"), icon=":material/psychology:", color="blue")
    literal.show(answer.answer or _("The summaries do not answer this."))
    with st.container(horizontal=True, gap="small"):
        for key in answer.episodes:
            if key in by_key:
                poster.link_to_episode(by_key[key], key, icon=":material/movie:")


def season_page() -> None:
    """The filters and the season they choose."""
    shows = studio.shows()
    if not shows:
        screen.nothing_imported(_("There is no season yet. Import a show first; this brings in the bundled one:"))
        return
    with st.container(horizontal=True):
        show = choice.choose_show(shows)
        season = choice.choose_season(studio.list_seasons(show.id))
    if season is None:
        return
    detail = studio.get_season(season.id)
    st.header(literal.escape_markdown(f"{show.name}, {screen.season_name(season.number)}"), anchor=False)
    poster.link_to_campaign(from_season=season.id)
    if detail.study:
        st.markdown(f"*{literal.escape_markdown(detail.study.subject)}*")
    gallery(detail)
    questions(detail)
    poster.how_it_was_made(detail.generations)


st.title(_("Seasons"), anchor=False)
season_page()
