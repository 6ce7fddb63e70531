"""The filters pages share: which show and which season, kept in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.domain.library import SeasonView, ShowView
from pages import _literal as literal
from pages import _screen as screen

OnChange = Callable[[], None] | Literal["rerun"]

SHOW_KEY, SEASON_KEY, SEARCH_KEY, PAGE_KEY = "show", "season", "q", "page"
KEYS = (SHOW_KEY, SEASON_KEY, SEARCH_KEY, PAGE_KEY)


def show_labels(shows: list[ShowView]) -> dict[str, ShowView]:
    """A label for each show, all different even where only hidden characters tell two names apart."""
    labels: dict[str, ShowView] = {}
    for show in shows:
        label = literal.one_line(show.name) or str(show.id)
        labels[label if label not in labels else f"{label} ({show.id})"] = show
    return labels


def label_of(show: ShowView, shows: list[ShowView]) -> str:
    """What the address calls ``show``."""
    return next(label for label, other in show_labels(shows).items() if other.id == show.id)


def choose_show(shows: list[ShowView], on_change: OnChange = "rerun") -> ShowView:
    """The show chosen; no question where there is only one."""
    labels = show_labels(shows)
    if len(labels) == 1:
        return shows[0]
    _ = screen.translator()
    label = st.selectbox(_("Show"), list(labels), key=SHOW_KEY, bind="query-params", on_change=on_change)
    return labels.get(label, shows[0])


def choose_season(
    seasons: list[SeasonView], *, everything: str = "", on_change: OnChange = "rerun"
) -> SeasonView | None:
    """The season chosen. The address holds its number, the same in every language.

    Args:
        everything: the label of a first choice that stands for all seasons (None); "" for no such choice.
    """
    _ = screen.translator()
    by_label = {str(season.number): season for season in seasons}
    options = [everything, *by_label] if everything else list(by_label)
    label = st.selectbox(_("Season"), options, key=SEASON_KEY, bind="query-params", on_change=on_change)
    return by_label.get(label)
