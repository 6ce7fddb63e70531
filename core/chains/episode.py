"""Meta-prompting: transcript -> summary -> the prompt that another model paints from.

Source: Suzgun and Kalai, "Meta-Prompting: Enhancing Language Models with Task-Agnostic Scaffolding" (2024):
a model writes the instructions of another, with the full context in each call and a check before accepting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.chains.illustration import episode_style
from core.chains.made import Made, Remember, ask
from core.chains.summary import draft_summary
from core.checks.prompt import check_prompt, fallback_prompt
from core.domain.campaign import Concept, Finding
from core.domain.generation import ImagePrompt, Mood, Setting, Style, TimeOfDay
from core.domain.library import EpisodeView, ShowView
from core.domain.show import Line, LineKind, Moment, Summary
from core.domain.transcript import character_shares, spoiler_seqs
from core.engines.base import TextEngine, TextOptions

IMAGE_PROMPT = "image_prompt"

SUMMARY_OPTIONS = TextOptions(max_new_tokens=900)
IMAGE_PROMPT_OPTIONS = TextOptions(max_new_tokens=400, temperature=0.4)


def scene_words() -> dict[str, list[str]]:
    """The words a Scene may use, for the prompts that ask for one."""
    return {
        "settings": [item.value for item in Setting],
        "times": [item.value for item in TimeOfDay],
        "moods": [item.value for item in Mood],
    }


def clip_words(text: str, limit: int) -> str:
    """``text`` cut to at most ``limit`` words, at the end of a sentence if one ends in the second half."""
    words = text.split()
    if len(words) <= limit:
        return text.strip()
    cut = " ".join(words[:limit])
    ends = [match.end() for match in re.finditer(r"[.!?…][\"”’)]*(?=\s|$)", cut)]
    if ends and ends[-1] >= len(cut) / 2:
        return cut[: ends[-1]]
    return cut.rstrip(" ,;:—-") + "…"


def find_moments(lines: Sequence[Line], seqs: Sequence[int], spoilers: frozenset[int]) -> tuple[Moment, ...]:
    """The speech lines numbered ``seqs`` as quotes, in order of the episode; other numbers are left out."""
    wanted = set(seqs)
    found: list[Moment] = []
    heading: str | None = None
    for line in lines:
        if line.kind is LineKind.HEADING:
            heading = line.text
        elif line.seq in wanted and line.kind is LineKind.SPEECH:
            found.append(
                Moment(
                    seq=line.seq,
                    scene=line.scene,
                    heading=heading,
                    speaker=line.speaker,
                    quote=line.text,
                    spoiler=line.seq in spoilers,
                )
            )
    return tuple(found)


def summarize_episode(
    engine: TextEngine,
    show: ShowView,
    episode: EpisodeView,
    lines: Sequence[Line],
    *,
    max_words: int,
    language: str,
    options: TextOptions = SUMMARY_OPTIONS,
    remember: Remember | None = None,
) -> Made[Summary]:
    """Summarise ``lines`` in at most ``max_words`` words, with moments quoted verbatim and spoilers marked.

    Args:
        language: BCP 47 tag of the episode's text, as stored with the summary.
        remember: keeps the parts of an episode longer than the model reads.

    Raises:
        EngineError: the engine could not answer.
    """
    spoilers = spoiler_seqs(lines)
    values: dict[str, Any] = {
        "show": show.name,
        "key": episode.key,
        "title": episode.title,
        "logline": episode.logline,
        "spoiler_seqs": spoilers,
        "max_words": max_words,
        "language": language,
    }
    made = draft_summary(engine, values, lines, options, remember)
    draft = made.value
    text = clip_words(draft.text, max_words)
    moments = find_moments(lines, draft.moments, spoilers)
    findings = []
    if text != draft.text.strip():
        findings.append(f"summary cut to {max_words} words")
    if len(moments) < len(set(draft.moments)):
        findings.append(f"{len(set(draft.moments)) - len(moments)} moments pointed at no line of speech")
    summary = Summary(
        language=language,
        text=text,
        moments=moments,
        key_phrases=draft.key_phrases,
        characters=character_shares(lines),
    )
    return made.become(summary, tuple(findings))


def ask_image_prompt(
    engine: TextEngine,
    name: str,
    values: Mapping[str, Any],
    check: Callable[[ImagePrompt], tuple[Finding, ...]],
    replace: Callable[[ImagePrompt], ImagePrompt],
    options: TextOptions,
) -> Made[ImagePrompt]:
    """Ask for an image prompt and check it; re-ask once with what was wrong, then ``replace`` it by a plain one.

    Raises:
        EngineError: the engine could not answer.
    """
    findings: tuple[Finding, ...] = ()
    for _ in range(2):
        told = tuple(map(str, findings))
        made = ask(engine, name, {**values, **scene_words(), "findings": told}, ImagePrompt, options)
        findings = check(made.value)
        if not findings:
            return made
    return made.become(replace(made.value), tuple(map(str, findings)))


def ask_illustration_prompt(
    engine: TextEngine, name: str, values: Mapping[str, Any], names: Sequence[str], style: Style, options: TextOptions
) -> Made[ImagePrompt]:
    """``ask_image_prompt`` for a poster in ``style`` that names none of ``names``."""

    def replace(refused: ImagePrompt) -> ImagePrompt:
        scene = refused.scene
        concept = Concept(kind="episode", subject=scene.subject.strip() or scene.setting.value, scene=scene)
        return fallback_prompt(concept, medium=style.medium, names=names)

    values = {**values, "medium": style.medium}
    return ask_image_prompt(engine, name, values, lambda written: check_prompt(written, names=names), replace, options)


def write_image_prompt(
    engine: TextEngine,
    show: ShowView,
    episode: EpisodeView,
    summary: Summary,
    lines: Sequence[Line],
    options: TextOptions = IMAGE_PROMPT_OPTIONS,
) -> Made[ImagePrompt]:
    """Write the English image prompt and the Scene of an episode's illustration from its summary.

    Raises:
        EngineError: the engine could not answer.
    """
    values: dict[str, Any] = {
        "show": show.name,
        "genre": show.genre,
        "key": episode.key,
        "title": episode.title,
        "logline": episode.logline,
        "summary": summary,
        "cast": show.cast,
        "language": summary.language,
        "lines_text": "\n".join(line.text for line in lines),
    }
    names = [share.name for share in summary.characters]
    return ask_illustration_prompt(engine, IMAGE_PROMPT, values, names, episode_style(episode.season), options)
