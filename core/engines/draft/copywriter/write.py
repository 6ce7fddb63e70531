"""The composer of ``campaign_copy``: brief and facts in, the fields of a Copy out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.campaign import Brief, Facts, Tone
from core.engines.draft.copywriter.fitting import HEADLINE_CHARS, clip
from core.engines.draft.copywriter.formats import FORMATS, Order
from core.engines.draft.copywriter.phrasebook import Dice, load_phrases
from core.engines.draft.copywriter.pitch import read_pitch
from core.engines.draft.copywriter.prose import Prose, Source
from core.engines.draft.copywriter.story import Story, read_story


def _fit_tone(tone: Tone, source: Source) -> Tone:
    """The tone as the subject allows it: what hurts is told plainly, and what is true is not staged."""
    if source.sensitive:
        return Tone.INFORMATIVE
    staged = tone is Tone.DRAMATIC and isinstance(source, Story) and not source.fiction
    return Tone.INSPIRING if staged else tone


def write_copy(values: Mapping[str, Any]) -> dict[str, Any]:
    """The copy for ``values``: brief, facts, platform, seed, findings, previous; the same values, the same copy."""
    brief: Brief = values["brief"]
    facts: Facts | None = values.get("facts")
    source: Source = read_story(brief, facts) if facts else read_pitch(brief)
    tone = _fit_tone(brief.tone, source)
    # What was refused is written another way.
    dice = Dice(values.get("seed", 0), brief.content_type, brief.tone, brief.length, values.get("previous") or "")
    prose = Prose(source, load_phrases(brief.language), tone, dice)
    headline = clip(Prose(source, prose.pages, tone, dice).pick("headlines", HEADLINE_CHARS), HEADLINE_CHARS)
    return {"headline": headline, **FORMATS[brief.content_type](Order(brief, values["platform"], prose))}
