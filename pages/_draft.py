"""The brief as it is being written: the form's values in this tab's session, filled in, read out and named."""

from __future__ import annotations

import hashlib
import json
import secrets
from functools import lru_cache
from typing import Any

import streamlit as st

from core.domain.campaign import Brief, ContentType, Length, Tone
from core.domain.library import EpisodeView, SeasonView, ShowView
from core.settings import BUNDLED
from pages import _screen as screen

PRODUCT, EPISODE = "product", "episode"
"""The two starting points."""

WHOLE_SEASON = ""
"""The choice of no episode in particular."""

DEFAULTS: dict[str, Any] = {
    "start": PRODUCT,
    "topic": "",
    "focus": "",
    "show": None,
    "season": None,
    "episode": WHOLE_SEASON,
    "content_type": ContentType.INSTAGRAM_POST.value,
    "platform": "",
    "tone": Tone.ENTHUSIASTIC.value,
    "length": Length.SHORT.value,
    "language": None,
    "audience": "",
    "objective": "",
    "keywords": "",
    "call_to_action": "",
    "with_image": True,
    "width": None,
    "height": None,
    "seed": None,
}
"""The form's fields. ``topic`` is a product's; ``focus`` is what to stress of an episode. ``show`` is a row id."""

DIRECT = (
    *("content_type", "platform", "tone", "length", "language", "audience", "objective", "keywords"),
    *("call_to_action", "with_image", "width", "height"),
)
"""The fields that a brief has under the same name."""


def key(name: str) -> str:
    """The session's key of a field; the widget's too."""
    return f"brief_{name}"


def get(name: str) -> Any:
    """A field's value."""
    return st.session_state.get(key(name), DEFAULTS[name])


def put(name: str, value: Any) -> None:
    """Set a field; before its widget is drawn, or from a callback."""
    st.session_state[key(name)] = value


def content_type() -> ContentType:
    """What is to be written; the first kind where the browser sent nonsense."""
    value = get("content_type")
    return ContentType(value) if value in set(ContentType) else ContentType.INSTAGRAM_POST


def begin() -> None:
    """Give every field that has no value yet its first one."""
    for name, value in DEFAULTS.items():
        if key(name) not in st.session_state:
            put(name, screen.language() if name == "language" else value)
    # A browser knows a choice by its label only, so in another language all of them are set anew.
    if st.session_state.get("brief labels") != screen.language():
        st.session_state["brief labels"] = screen.language()
        for name in DEFAULTS:
            put(name, get(name))


def fill(brief: Brief, seed: int | None = None) -> None:
    """Write a brief into the form, every field of it."""
    for name in DIRECT:
        put(name, getattr(brief, name))
    for name in ("content_type", "tone", "length"):
        put(name, getattr(brief, name).value)
    put("keywords", ", ".join(brief.keywords))
    put("seed", seed)
    show = next((show for show in screen.studio().shows() if show.name == brief.show), None)
    put("start", EPISODE if show else PRODUCT)
    put("topic", "" if show else brief.topic)
    put("focus", brief.topic if show else "")
    put("show", show.id if show else None)
    put("season", brief.season)
    put("episode", brief.episode)


def start_from_episode(episode: EpisodeView) -> None:
    """Choose an episode; what else was written stays."""
    _start_from(episode.show_id, episode.season, episode.key)


def start_from_season(season: SeasonView) -> None:
    """Choose a whole season; what else was written stays."""
    _start_from(season.show_id, season.number, WHOLE_SEASON)


def _start_from(show_id: int, season: int, episode: str) -> None:
    for name, value in {"start": EPISODE, "show": show_id, "season": season, "episode": episode}.items():
        put(name, value)


def written(shows: list[ShowView]) -> dict[str, object]:
    """What the form says, as a brief's data; nothing is checked yet."""
    data: dict[str, object] = {name: get(name) for name in DIRECT}
    if get("start") == EPISODE:
        show = next((show.name for show in shows if show.id == get("show")), "")
        data |= {"topic": get("focus"), "show": show, "season": get("season"), "episode": get("episode")}
    else:
        data["topic"] = get("topic")
    return {name: value for name, value in data.items() if value not in (None, "")}


def token(brief: Brief, seed: int | None) -> str:
    """A name for this brief sent from this tab: sent twice, it is one job."""
    tab = st.session_state.setdefault("tab", secrets.token_hex(16))
    return hashlib.sha256(f"{tab} {seed} {brief.model_dump_json()}".encode()).hexdigest()


@lru_cache(maxsize=4)
def examples(language: str) -> tuple[tuple[str, str, Brief], ...]:
    """Briefs to begin with: label, icon and brief of each, in the screen's language."""
    known = json.loads((BUNDLED / "examples.json").read_text(encoding="utf-8"))["examples"]
    return tuple(
        (each["label"], f":material/{each['icon']}:", Brief(language=language, **each["brief"]))
        for each in known[language]
    )
