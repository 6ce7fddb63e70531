"""The sentences of one post: one that opens it, others that tell what is left, each fact once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.domain.campaign import Tone
from core.engines.draft.copywriter.nouns import Noun
from core.engines.draft.copywriter.phrasebook import Dice, Pages, Said, Slot, fill
from core.engines.draft.copywriter.pitch import Pitch
from core.engines.draft.copywriter.pool import fill_pool
from core.engines.draft.copywriter.story import Story, fill_story

Source = Pitch | Story


@dataclass
class Prose:
    """Writes sentences about ``source``, keeping track of what has been said.

    Args:
        pages: the phrasebook of the language.
        tone: as it is written, which is not the brief's where the subject is sensitive.
    """

    source: Source
    pages: Pages
    tone: Tone
    dice: Dice

    def __post_init__(self) -> None:
        self._told: frozenset[str] = frozenset()
        self._used: set[str] = set()
        self.subject: Noun = self.source.subject

    def slots(self) -> dict[str, Slot]:
        """What is left to say, as slots."""
        if isinstance(self.source, Story):
            return fill_story(self.source, self._told, self.dice)
        left = tuple(point for point in self.source.points if point.whole not in self._told)
        statements = tuple(each for each in self.source.statements if each not in self._told)
        slots = fill_pool(replace(self.source, points=left, statements=statements), self.dice)
        return {key: slot for key, slot in slots.items() if not slot.tells & self._told}

    def keys(self, role: str) -> tuple[str, ...]:
        """Where sentences for this subject and tone are found, the most fitting first."""
        group = self.source.group
        if group in ("statement", "episode", "season"):
            return (f"{group} {self.tone}", group)
        return (f"{group} {self.tone}", self.tone.value, group, "any") if role else ()

    def say(self, role: str, keys: Sequence[str]) -> Said | None:
        """A sentence of ``role`` that can be filled, from the first of ``keys`` that has one; it is not said again."""
        slots = self.slots()
        for key in keys:
            for sentence in self.dice.shuffle(self.pages[role].get(key, ())):
                said = fill(sentence, slots, self.subject) if sentence not in self._used else None
                if said:
                    self._used.add(sentence)
                    self._told |= said.tells
                    return said
        return None

    def open(self) -> Said:
        """The opening sentence."""
        keys = self.keys("openings")
        # Two times in three the tone decides, else the kind of thing does.
        first = [key for key in keys if self.tone.value in key]
        others = [key for key in keys if key not in first]
        order = [*first, *others] if self.dice.roll(3) else [*self.dice.shuffle(others), *first]
        said = self.say("openings", [*order, "bare"])
        return said or Said(f"{self.subject.text}.")

    def tell(self, limit: int, needed: Sequence[str], others: Sequence[str]) -> Iterator[Said]:
        """Sentences for the facts left: those of ``others`` up to ``limit``, those ``needed`` always."""
        count = 0
        for key in (*others, *needed):
            while key in needed or count < limit:
                said = self.say("points", (f"{self.source.group} {key}", f"{self.tone} {key}", key))
                if said is None or not said.tells:
                    break
                count += 1
                yield said

    def plan(self) -> list[str]:
        """The kinds of facts in the order this post tells them."""
        if isinstance(self.source, Story):
            return ["logline", "quote", "logline", "cast", "quote", "tagline", "topic", "audience"]
        first, last = ["is", "has", "does"], ["keywords", "audience"]
        return [*first, "for", *self.dice.shuffle(last), "statement", "other"]

    def pick(self, role: str, limit: int) -> str:
        """A line of ``role`` of at most ``limit`` characters, telling nothing for good; the subject where none fits."""
        slots = self.slots()
        for key in (*self.keys(role), self.source.group, "any"):
            for sentence in self.dice.shuffle(self.pages[role].get(key, ())):
                said = fill(sentence, slots, self.subject)
                if said and len(said.text) <= limit:
                    return said.text
        return self.subject.text

    def greet(self) -> str:
        """An e-mail's greeting."""
        greetings = self.pages["greetings"]
        return self.dice.pick(greetings.get(self.tone.value) or greetings["any"])

    def see(self, index: int, count: int) -> str:
        """What is seen in scene ``index`` of ``count``."""
        key = "open" if index == 0 else "close" if index == count - 1 else "any"
        said = self.say("visuals", (f"{self.source.group} {key}", key))
        return said.text if said else self.subject.text
