"""A show as plain JSON data: everything that went in and everything made of it, pictures as paths."""

from __future__ import annotations

from typing import Any

from core.domain.generation import Generation, Step, Style, Subject, find_current
from core.domain.library import EpisodeView, SeasonView, ShowView
from core.store.library import Library

FORMAT = "chamada-show 1"


def export_show(library: Library, show: ShowView) -> dict[str, Any]:
    """The show with its seasons and episodes, in the shape docs/export.md describes."""
    return {
        "format": FORMAT,
        "show": show.model_dump(mode="json", include={"name", "language", "genre", "fiction", "tagline", "cast"}),
        "seasons": [_export_season(library, season) for season in library.seasons(show.id)],
        "episodes": [_export_episode(library, episode) for episode in library.episodes(show.id)],
    }


def _picture(library: Library, row: Generation | None) -> dict[str, Any] | None:
    """A picture with who made it; its path is None where the file is gone (``verify`` tells more)."""
    if row is None or row.media is None:
        return None
    path = library.media.locate(row.media)
    return {
        "path": str(path) if path.is_file() else None,
        "sha256": row.media,
        "made_by": {"engine": row.engine, "model": row.model},
        "seed": row.seed,
        "version": row.version,
    }


def _export_season(library: Library, season: SeasonView) -> dict[str, Any]:
    rows = library.generations(Subject(kind="season", id=season.id))
    study = find_current(rows, Step.STUDY)
    output = study.output if study else {}
    return {
        "number": season.number,
        "subject": output.get("subject"),
        "questions": output.get("answers", []),
        "illustrations": [
            {"style": style.value, **picture}
            for style in Style
            if (picture := _picture(library, find_current(rows, Step.STYLE_ILLUSTRATION, style.value)))
        ],
    }


def _export_episode(library: Library, episode: EpisodeView) -> dict[str, Any]:
    rows = library.generations(Subject(kind="episode", id=episode.id))
    summary, prompt = find_current(rows, Step.SUMMARY), find_current(rows, Step.IMAGE_PROMPT)
    facts = {"season", "key", "number", "title", "air_date", "logline", "cast"}
    return {
        **episode.model_dump(mode="json", include=facts),
        "summary": summary.output if summary else None,
        "image_prompt": prompt.output if prompt else None,
        "illustration": _picture(library, find_current(rows, Step.ILLUSTRATION)),
        "lines": [line.model_dump(mode="json") for line in library.lines(episode.id)],
    }
