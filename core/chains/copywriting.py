"""The first links of a campaign's chain: copy that passes its checks, the idea of a picture, and its prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from core.chains.episode import IMAGE_PROMPT_OPTIONS, ask_image_prompt, scene_words
from core.chains.keys import derive_seed
from core.chains.made import Made, ask
from core.checks.copy import check_copy, check_headline
from core.checks.prompt import check_prompt, fallback_prompt
from core.checks.repair import repair_copy
from core.domain.campaign import Brief, Concept, Copy, Facts, Finding, write_out
from core.domain.generation import ImagePrompt, Origin
from core.engines.base import TextEngine, TextOptions
from core.platforms import find_platform

COPY_PROMPT = "campaign_copy"
CONCEPT_PROMPT = "campaign_concept"
IMAGE_PROMPT = "campaign_image_prompt"

COPY_OPTIONS = TextOptions(max_new_tokens=900)
CONCEPT_OPTIONS = TextOptions(max_new_tokens=300, temperature=0.4)

RE_ASKS = 1
"""How often an engine is asked again with what was wrong."""

OpenText = Callable[[], TextEngine]


class Attempt(NamedTuple):
    """One try at the copy: as asked, as repaired, what was repaired and what is still wrong."""

    made: Made[Copy]
    copy: Copy
    repaired: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    origin: Origin

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.level == "error" for finding in self.findings)

    def output(self, refused: Sequence[Attempt]) -> dict[str, Any]:
        """What is stored: the copy with its findings, and the attempts that were refused before it, each by whom."""
        return {
            **copy_output(self.copy, self.findings, self.repaired),
            "refused": [
                {**copy_output(each.copy, each.findings, each.repaired), "model": each.origin.model} for each in refused
            ],
        }


def copy_output(copy: Copy, findings: Sequence[Finding], repaired: Sequence[Finding] = ()) -> dict[str, Any]:
    """Copy and findings as a generation's output."""
    return {
        "copy": copy.model_dump(mode="json"),
        "findings": [finding.model_dump(mode="json") for finding in findings],
        "repaired": [finding.model_dump(mode="json") for finding in repaired],
    }


def find_faults(copy: Copy, brief: Brief, facts: Facts | None) -> tuple[Finding, ...]:
    """What is wrong with the copy as it is written out, and with the words over the picture."""
    found = check_copy(write_out(copy, brief.language), brief, facts)
    if not brief.with_image:
        return found
    # A place in the headline is none in the text.
    above = (each.model_copy(update={"start": 0, "end": 0}) for each in check_headline(copy.headline, brief, facts))
    return found + tuple(each for each in above if each.message not in {other.message for other in found})


def write_copy(
    engine: TextEngine, brief: Brief, facts: Facts | None, seed: int, fallback: OpenText | None = None
) -> tuple[Attempt, list[Attempt]]:
    """Copy for ``brief``: checked, repaired by rule, asked for again once with what is still wrong.

    Args:
        fallback: opens the embedded copywriter; asked where a model's copy keeps its errors.

    Returns:
        The attempt with the fewest errors, and the others.

    Raises:
        EngineError: the engine could not answer.
    """
    tried: list[Attempt] = []
    for number in range(RE_ASKS + 1):
        tried.append(_try(engine, brief, facts, derive_seed(seed, number) if number else seed, tried))
        if not tried[-1].errors:
            break
    if fallback is not None and tried[-1].errors:
        tried.append(_try(fallback(), brief, facts, seed, ()))
    best = min(tried, key=lambda attempt: attempt.errors)
    return best, [attempt for attempt in tried if attempt is not best]


def _try(engine: TextEngine, brief: Brief, facts: Facts | None, seed: int, tried: Sequence[Attempt]) -> Attempt:
    last = tried[-1] if tried else None
    values = {
        "brief": brief,
        "facts": facts,
        "platform": find_platform(brief),
        "seed": seed,
        "findings": tuple(map(str, last.findings)) if last else (),
        "previous": write_out(last.copy, brief.language) if last else "",
    }
    made = ask(engine, COPY_PROMPT, values, Copy, COPY_OPTIONS.model_copy(update={"seed": seed}))
    copy, repaired = repair_copy(made.value, brief, facts)
    findings = find_faults(copy, brief, facts)
    return Attempt(made.become(copy, tuple(each.code for each in repaired)), copy, repaired, findings, engine.origin)


def conceive(engine: TextEngine, brief: Brief, facts: Facts | None, copy: Copy, seed: int) -> Made[Concept]:
    """The idea of the picture: a product photograph, a topic's image or an episode's scene.

    Raises:
        EngineError: the engine could not answer.
    """
    values = {"brief": brief, "facts": facts, "copy": copy, "seed": seed, **scene_words()}
    return ask(engine, CONCEPT_PROMPT, values, Concept, CONCEPT_OPTIONS.model_copy(update={"seed": seed}))


def write_picture_prompt(
    engine: TextEngine, brief: Brief, facts: Facts | None, concept: Concept, seed: int
) -> Made[ImagePrompt]:
    """The English image prompt of ``concept``; asked for again once, then the generic prompt takes its place.

    Raises:
        EngineError: the engine could not answer.
    """
    names = facts.cast if facts else ()
    return ask_image_prompt(
        engine,
        IMAGE_PROMPT,
        {"brief": brief, "facts": facts, "concept": concept, "seed": seed},
        lambda written: check_prompt(written, names=names, subject=concept.subject),
        lambda refused: fallback_prompt(concept),
        IMAGE_PROMPT_OPTIONS.model_copy(update={"seed": seed}),
    )
