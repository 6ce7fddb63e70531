"""What a post can say of an episode or a season: its logline, its lines, its people; never its ending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.domain.campaign import Brief, Facts
from core.domain.show import Moment
from core.engines.draft.beats import LEANING
from core.engines.draft.casing import ROLES, capitalize, upper_first
from core.engines.draft.copywriter.audience import address, name_audience
from core.engines.draft.copywriter.lexicon import load_words
from core.engines.draft.copywriter.nouns import Noun, find_gender
from core.engines.draft.copywriter.phrasebook import Dice, Slot
from core.engines.draft.copywriter.pool import join, lower_first
from core.engines.draft.language import base_language
from core.engines.draft.places import Genders
from core.engines.draft.quotes import is_clean, is_spoken, split_sentences

LONGEST_QUOTE = 140

MOST_PLAIN = 3

_QUOTED = re.compile(r"[“”\"«»:]")
_NUMBER = re.compile(r"E(\d+)\Z")


_VERBS_OF_SENSE = {"pt": ("ver", "ouvir"), "en": ("watch", "listen to")}
_VERBS = {
    "pt": ("pergunta", "exclama", ("diz", "resume", "avisa", "conta")),
    "en": ("asks", "exclaims", ("says", "puts it this way", "tells us")),
}


@dataclass(frozen=True)
class Story:
    """An episode or a season as a post tells it.

    Attributes:
        heard: whether it has no picture, as a podcast.
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
    tagline: str
    told: tuple[str, ...]
    topic: str
    quotes: tuple[tuple[str, str], ...]
    cast: tuple[str, ...]
    audience: str
    sensitive: bool
    fiction: bool
    heard: bool


def read_story(brief: Brief, facts: Facts) -> Story:
    """What a post can say of ``facts``."""
    language = brief.language[:2]
    own = base_language(facts.language) == language
    words = load_words(language)
    texts = split_sentences(facts.logline) + _plain(facts) if own else []
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
        tagline=facts.tagline if own else "",
        told=tuple(texts),
        topic=brief.topic.strip(" ."),
        quotes=tuple(quotes),
        cast=tuple(upper_first(name) for name in _main_cast(facts)),
        audience=name_audience(brief.audience, words),
        sensitive=words.is_sensitive(spoken, fiction=facts.fiction),
        fiction=facts.fiction,
        heard=any(word in facts.genre.casefold() for word in words.of("heard")),
    )


def _plain(facts: Facts) -> list[str]:
    """Sentences of the summary that tell rather than quote, and stand alone."""
    found = split_sentences(facts.summary)
    return [
        text
        for text in found
        if text not in facts.logline and not _QUOTED.search(text) and text.split()[0].casefold() not in LEANING
    ][:MOST_PLAIN]


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


def _person(name: str, language: str) -> Noun:
    """A name as sentences use it: ``a Professora Neuza`` takes an article, ``Bento`` does not."""
    words = load_words(language)
    first = name.split(" ", 1)[0].casefold()
    role = language == "pt" and (first in ROLES or first in words.of("ranks"))
    return Noun(name, language, gender=find_gender(first, Genders([]), words.genders) if role else "", bare=not role)


def _name_season(story: Story) -> str:
    """``primeira temporada``, ``season 12``."""
    ordinals = load_words(story.language).ordinals
    if 0 < story.season <= len(ordinals):
        return f"{ordinals[story.season - 1]} {'temporada' if story.language == 'pt' else 'season'}"
    return f"{'temporada' if story.language == 'pt' else 'season'} {story.season}"


def _say(line: str, language: str, dice: Dice) -> str:
    """A verb for ``line``: a question is asked."""
    asks, exclaims, tells = _VERBS[language]
    return asks if line.endswith("?") else exclaims if line.endswith("!") else dice.pick(tells)


def fill_story(story: Story, told: frozenset[str], dice: Dice) -> dict[str, Slot]:
    """The slots a story fills, without what has been told."""
    named = frozenset({"~name"})
    slots = {
        "show": Slot(story.show, named if not story.title else frozenset()),
        "of": Slot(f"de {story.show}"),
        "title": Slot(story.title, named),
        "place": Slot(story.where),
        "season_name": Slot(_name_season(story)),
        "episode_number": Slot(story.number),
        "see": Slot(_VERBS_OF_SENSE[story.language][story.heard]),
        "watch": Slot("" if story.heard else _VERBS_OF_SENSE[story.language][0]),
    }
    for key, text in (("tagline", story.tagline), ("topic", story.topic)):
        slots[key] = Slot(text.rstrip("."), frozenset({text}))
        slots[f"{key}_small"] = Slot(lower_first(text.rstrip("."), story.language), frozenset({text}))
    for text in [text for text in story.told if text not in told][:1]:
        key = "logline" if text == story.told[0] else "told"
        slots[key] = Slot(text.rstrip("."), frozenset({text}))
        slots[f"{key}_small"] = Slot(lower_first(text.rstrip("."), story.language), frozenset({text}))
    quotes = [pair for pair in story.quotes if pair[0] not in told]
    if quotes:
        line, who = dice.pick(quotes)
        slots["quote"] = Slot(f"“{line}”", frozenset({line}))
        speaker = _person(who, story.language)
        slots |= {"who": Slot(speaker.the, frozenset({line})), "of_who": Slot(speaker.after("de"), frozenset({line}))}
        slots["says"] = Slot(_say(line, story.language, dice))
    if len(story.cast) > 1:
        people = [_person(name, story.language).the for name in story.cast]
        slots["cast"] = Slot(join(people, story.language), frozenset({"~cast"}))
    if story.audience:
        reader = frozenset({"~audience"})
        slots["audience"] = Slot(story.audience, reader)
        does, asks = address(story.audience, story.language)
        if not story.sensitive:
            slots |= {"you": Slot(does, reader), "asks": Slot(asks, reader)}
    return {key: slot for key, slot in slots.items() if slot.text and not (slot.tells - named) & told}
