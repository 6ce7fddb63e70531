"""The summary of an episode's lines: read at once, or, where the model cannot, by map and reduce.

Map: groups of scenes are summarised, each stored by itself. Reduce: one summary is made of theirs.

Source: Wu et al., "Recursively Summarizing Books with Human Feedback" (2021).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pydantic import Field

from core.chains.made import Made, Remember, ask
from core.domain.frozen import Frozen
from core.domain.generation import Step
from core.domain.show import Line, LineKind
from core.engines.base import TextEngine, TextOptions
from core.errors import PromptTooLong

SUMMARY_PROMPT = "episode_summary"
PARTS_PROMPT = "episode_parts"


class SummaryDraft(Frozen):
    """What an engine answers; the quotes are fetched by number, so they are verbatim by construction."""

    text: str = Field(max_length=6000)
    key_phrases: tuple[str, ...] = Field(default=(), max_length=8)
    moments: tuple[int, ...] = Field(default=(), max_length=8)


def draft_summary(
    engine: TextEngine,
    values: Mapping[str, object],
    lines: Sequence[Line],
    options: TextOptions,
    remember: Remember | None = None,
) -> Made[SummaryDraft]:
    """The summary of ``lines``, read at once where the model can, else in parts.

    Args:
        values: of the prompt, but for the lines.
        remember: keeps each part as it comes, so that an interrupted episode goes on where it stopped.

    Raises:
        EngineError: the engine could not answer.
    """
    try:
        return ask(engine, SUMMARY_PROMPT, {**values, "lines": tuple(lines)}, SummaryDraft, options)
    except PromptTooLong:
        halves = split_scenes(lines)

    def read(part: Sequence[Line]) -> Made[SummaryDraft]:
        return ask(engine, SUMMARY_PROMPT, {**values, "lines": tuple(part)}, SummaryDraft, options)

    def keep(part: Sequence[Line]) -> SummaryDraft:
        if remember is None:
            return read(part).value
        return remember(Step.PART, f"{part[0].seq}-{part[-1].seq}", SummaryDraft, lambda: read(part))

    parts = [part for half in halves for part in _map(half, keep)]
    return _reduce(engine, values, lines, parts, options)


def _map(lines: Sequence[Line], keep: Callable[[Sequence[Line]], SummaryDraft]) -> list[SummaryDraft]:
    try:
        return [keep(lines)]
    except PromptTooLong:
        halves = split_scenes(lines)
    return [part for half in halves for part in _map(half, keep)]


def _reduce(
    engine: TextEngine,
    values: Mapping[str, object],
    lines: Sequence[Line],
    parts: Sequence[SummaryDraft],
    options: TextOptions,
) -> Made[SummaryDraft]:
    wanted = {seq for part in parts for seq in part.moments}
    quoted = tuple(line for line in lines if line.seq in wanted and line.kind is LineKind.SPEECH)
    given = {**values, "parts": tuple(parts), "lines": quoted}
    try:
        return ask(engine, PARTS_PROMPT, given, SummaryDraft, options)
    except PromptTooLong:
        if len(parts) <= 2:
            raise
    middle = len(parts) // 2
    halves = [_reduce(engine, values, lines, half, options).value for half in (parts[:middle], parts[middle:])]
    return _reduce(engine, values, lines, halves, options)


def split_scenes(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]]:
    """Two halves of about as many words, between two scenes if there are two, else between two lines.

    Raises:
        PromptTooLong: there is nothing to part.
    """
    if len(lines) < 2:
        raise PromptTooLong("One line of the transcript is longer than the model reads. Shorten it or part it in two.")
    places = [place for place in range(1, len(lines)) if lines[place].scene != lines[place - 1].scene]
    total, before, words = sum(len(line.text) for line in lines), [0], 0
    for line in lines:
        words += len(line.text)
        before.append(words)
    cut = min(places or range(1, len(lines)), key=lambda place: abs(2 * before[place] - total))
    return lines[:cut], lines[cut:]
