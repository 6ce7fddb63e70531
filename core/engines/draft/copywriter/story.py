"""What a post can say of an episode or a season: its logline, its lines, its people; never its ending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.domain.campaign import Brief, Facts
from core.domain.show import Moment
from core.engines.draft.casing import capitalize, upper_first
from core.engines.draft.copywriter.audience import name_audience
from core.engines.draft.copywriter.lexicon import load_words
from core.engines.draft.copywriter.nouns import Noun
from core.engines.draft.copywriter.phrasebook import Dice, Slot
from core.engines.draft.copywriter.pool import join, lower_first
from core.engines.draft.language import base_language
from core.engines.draft.quotes import is_clean, is_spoken, split_sentences

LONGEST_QUOTE = 140

_NUMBER = re.compile(r"E(\d+)\Z")


@dataclass(frozen=True)
class Story:
    """An episode or a season as a post tells it.

    Attributes:
        told: sentences of the logline, then of the brief's topic; empty where the show speaks another language.
        quotes: (line, who says it).
    """

    language: str
    group: Literal["episode", "season"]
    subject: Noun
    show: str
    title: str
    where: str
    season: int
    number: str
    genre: str
    tagline: str
    told: tuple[str, ...]
    topic: str
    quotes: tuple[tuple[str, str], ...]
    cast: tuple[str, ...]
    audience: str
    sensitive: bool
    fiction: bool


def read_story(brief: Brief, facts: Facts) -> Story:
    """What a post can say of ``facts``."""
    language = brief.language[:2]
    own = base_language(facts.language) == language
    words = load_words(language)
    texts = split_sentences(facts.logline or _first_summary(facts.summary)) if own else []
    quotes = [_quote(moment, facts.cast) for moment in facts.moments if _fits(moment)] if own else []
    spoken = f"{facts.logline} {facts.tagline} {brief.topic}"
    title = f"“{facts.title}”" if facts.title else ""
    return Story(
        language=language,
        group="episode" if facts.episode else "season",
        subject=Noun(facts.show, language, bare=True),
        show=facts.show,
        title=title,
        where=_place(facts, language),
        season=facts.season,
        number=_number(facts),
        genre=facts.genre if own else "",
        tagline=facts.tagline if own else "",
        told=tuple(texts),
        topic=brief.topic.strip(" ."),
        quotes=tuple(quotes),
        cast=tuple(upper_first(name) for name in _main_cast(facts)),
        audience=name_audience(brief.audience, words),
        sensitive=words.is_sensitive(spoken, fiction=facts.fiction),
        fiction=facts.fiction,
    )


def _first_summary(summary: str) -> str:
    return " ".join(split_sentences(summary)[:2])


def _fits(moment: Moment) -> bool:
    return (
        not moment.spoiler and len(moment.quote) <= LONGEST_QUOTE and is_spoken(moment.quote) and is_clean(moment.quote)
    )


def _quote(moment: Moment, cast: tuple[str, ...]) -> tuple[str, str]:
    speaker = moment.speaker or ""
    full = next((name for name in cast if speaker and speaker.casefold() in name.casefold().split()), "")
    who = full or (" ".join(map(capitalize, speaker.split())) if speaker.isupper() else upper_first(speaker))
    return moment.quote.replace('"', "'"), who


def _main_cast(facts: Facts) -> list[str]:
    return [name if not name.isupper() else " ".join(map(capitalize, name.split())) for name in facts.cast[:3]]


def _place(facts: Facts, language: str) -> str:
    """``temporada 1, episódio 3``."""
    season, episode = ("temporada", "episódio") if language == "pt" else ("season", "episode")
    place = f"{season} {facts.season}"
    number = _number(facts)
    return f"{place}, {episode} {number}" if number else place


def _number(facts: Facts) -> str:
    found = _NUMBER.search(facts.episode)
    return str(int(found[1])) if found else ""


def fill_story(story: Story, told: frozenset[str], dice: Dice) -> dict[str, Slot]:
    """The slots a story fills, without what has been told."""
    named = frozenset({"~name"})
    slots = {
        "show": Slot(story.show, named if not story.title else frozenset()),
        "of": Slot(f"de {story.show}"),
        "title": Slot(story.title, named),
        "place": Slot(story.where),
        "season_number": Slot(str(story.season)),
        "episode_number": Slot(story.number),
    }
    for key, text in (("genre", story.genre), ("tagline", story.tagline), ("topic", story.topic)):
        slots[key] = Slot(text.rstrip("."), frozenset({text}))
        slots[f"{key}_small"] = Slot(lower_first(text.rstrip("."), story.language), frozenset({text}))
    for text in [text for text in story.told if text not in told][:1]:
        slots["logline"] = Slot(text.rstrip("."), frozenset({text}))
        slots["logline_small"] = Slot(lower_first(text.rstrip("."), story.language), frozenset({text}))
    quotes = [pair for pair in story.quotes if pair[0] not in told]
    if quotes:
        line, who = dice.pick(quotes)
        slots["quote"] = Slot(f"“{line}”", frozenset({line}))
        slots["who"] = Slot(who, frozenset({line}))
    if story.cast:
        slots["cast"] = Slot(join(story.cast, story.language), frozenset({"~cast"}))
    if story.audience:
        reader = frozenset({"~audience"})
        slots["audience"] = Slot(story.audience, reader)
        does = re.match(r"(?:quem|people who) (?!é )(.+)", story.audience)
        if does and not story.sensitive:
            slots["you"] = Slot(does[1], reader)
            slots["asks"] = Slot(f"{does[1] if story.language == 'pt' else f'do you {does[1]}'}?", reader)
    return {key: slot for key, slot in slots.items() if slot.text and not (slot.tells - named) & told}
