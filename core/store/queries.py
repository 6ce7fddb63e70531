"""The screens' views, one query each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, and_, func, select
from sqlalchemy.orm import aliased

from core.domain.generation import Step
from core.domain.library import EpisodeView, SeasonView, ShowView
from core.domain.show import Line
from core.errors import NotFound
from core.store.schema import EpisodeRow, GenerationRow, LineRow, SeasonRow, ShowRow
from core.store.search import match

Rows = Select[*tuple[Any, ...]]


def _shows() -> Rows:
    g = GenerationRow

    def episodes_with(step: Step) -> Any:
        made = select(func.count(EpisodeRow.id.distinct())).join(g, g.episode_id == EpisodeRow.id)
        return made.where(EpisodeRow.show_id == ShowRow.id, g.current, g.step == step.value).scalar_subquery()

    posters = (
        select(func.count(g.id))
        .join(SeasonRow, SeasonRow.id == g.season_id)
        .where(SeasonRow.show_id == ShowRow.id, g.current, g.step == Step.STYLE_ILLUSTRATION.value)
    )
    of_show = EpisodeRow.show_id == ShowRow.id
    query = select(
        ShowRow.id,
        ShowRow.name,
        ShowRow.language,
        ShowRow.genre,
        ShowRow.fiction,
        ShowRow.tagline,
        ShowRow.cast,
        select(func.count(EpisodeRow.season_id.distinct())).where(of_show).scalar_subquery().label("seasons"),
        select(func.count(EpisodeRow.id)).where(of_show).scalar_subquery().label("episodes"),
        episodes_with(Step.SUMMARY).label("summarized"),
        episodes_with(Step.ILLUSTRATION).label("illustrated"),
        posters.scalar_subquery().label("season_posters"),
    )
    return query.order_by(ShowRow.name)


def list_shows(connection: Connection) -> list[ShowView]:
    """All shows by name, with how far their preparation has come."""
    return [ShowView(**row) for row in connection.execute(_shows()).mappings()]


def find_show_by_id(connection: Connection, show_id: int) -> ShowView:
    """One show.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_shows().where(ShowRow.id == show_id)).mappings().first()
    if row is not None:
        return ShowView(**row)
    raise NotFound("There is no show {id}. Choose one from the list.", id=show_id)


def find_show(connection: Connection, name: str) -> ShowView:
    """The show of this exact name.

    Raises:
        NotFound: there is none; the message lists the names there are.
    """
    shows = list_shows(connection)
    for show in shows:
        if show.name == name:
            return show
    known = ", ".join(show.name for show in shows)
    if not known:
        raise NotFound("There is no show yet. Import one first: `python dataprep.py import`.")
    raise NotFound("There is no show {name}. The library holds: {known}.", name=name, known=known)


def _seasons() -> Rows:
    # An inner join: a season whose only episode moved elsewhere by a re-import is not shown.
    return (
        select(
            SeasonRow.id,
            SeasonRow.show_id,
            ShowRow.name.label("show"),
            SeasonRow.number,
            func.count(EpisodeRow.id).label("episodes"),
        )
        .join(ShowRow, ShowRow.id == SeasonRow.show_id)
        .join(EpisodeRow, EpisodeRow.season_id == SeasonRow.id)
        .group_by(SeasonRow.id, SeasonRow.show_id, ShowRow.name, SeasonRow.number)
        .order_by(SeasonRow.number)
    )


def list_seasons(connection: Connection, show_id: int) -> list[SeasonView]:
    """A show's seasons in order."""
    query = _seasons().where(SeasonRow.show_id == show_id)
    return [SeasonView(**row) for row in connection.execute(query).mappings()]


def find_season(connection: Connection, season_id: int) -> SeasonView:
    """One season.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_seasons().where(SeasonRow.id == season_id)).mappings().first()
    if row is not None:
        return SeasonView(**row)
    raise NotFound("There is no season {id}. Choose one from the list.", id=season_id)


def _episodes() -> Rows:
    summary, poster = aliased(GenerationRow), aliased(GenerationRow)

    def current(made: Any, step: Step) -> Any:
        return and_(made.episode_id == EpisodeRow.id, made.step == step.value, made.variant == "", made.current)

    return (
        select(
            EpisodeRow.id,
            EpisodeRow.show_id,
            ShowRow.name.label("show"),
            EpisodeRow.season_id,
            SeasonRow.number.label("season"),
            EpisodeRow.key,
            EpisodeRow.number,
            EpisodeRow.title,
            EpisodeRow.air_date,
            EpisodeRow.logline,
            EpisodeRow.cast,
            EpisodeRow.line_count.label("lines"),
            EpisodeRow.word_count.label("words"),
            EpisodeRow.content_sha256,
            summary.text.label("summary"),
            poster.media.label("poster"),
        )
        .join(ShowRow, ShowRow.id == EpisodeRow.show_id)
        .join(SeasonRow, SeasonRow.id == EpisodeRow.season_id)
        .outerjoin(summary, current(summary, Step.SUMMARY))
        .outerjoin(poster, current(poster, Step.ILLUSTRATION))
    )


def _narrow(query: Rows, show_id: int | None, season: int | None, search: str) -> Rows:
    if show_id is not None:
        query = query.where(EpisodeRow.show_id == show_id)
    if season is not None:
        query = query.where(SeasonRow.number == season)
    return query.where(*match(search))


def list_episodes(
    connection: Connection, show_id: int | None, season: int | None, search: str, offset: int, limit: int | None
) -> list[EpisodeView]:
    """Episodes by show, season number and key, with their current summary and poster."""
    query = _narrow(_episodes(), show_id, season, search)
    query = (
        query.order_by(ShowRow.name, SeasonRow.number, EpisodeRow.number.nulls_last(), EpisodeRow.key)
        .offset(offset)
        .limit(limit)
    )
    return [EpisodeView(**row) for row in connection.execute(query).mappings()]


def count_episodes(connection: Connection, show_id: int | None, season: int | None, search: str) -> int:
    """How many episodes ``list_episodes`` finds without a limit."""
    query = select(func.count(EpisodeRow.id)).join(SeasonRow, SeasonRow.id == EpisodeRow.season_id)
    return int(connection.execute(_narrow(query, show_id, season, search)).scalar_one())


def find_episode(connection: Connection, episode_id: int) -> EpisodeView:
    """One episode.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_episodes().where(EpisodeRow.id == episode_id)).mappings().first()
    if row is not None:
        return EpisodeView(**row)
    raise NotFound("There is no episode {id}. Choose one from the list.", id=episode_id)


def list_lines(connection: Connection, episode_id: int) -> list[Line]:
    """An episode's lines in order; none for a metadata-only episode."""
    columns = [getattr(LineRow, name) for name in Line.model_fields]
    query = select(*columns).where(LineRow.episode_id == episode_id).order_by(LineRow.seq)
    return [Line(**row) for row in connection.execute(query).mappings()]
