"""The sentences of one post: one that opens it, others that tell what is left, each fact once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.domain.campaign import Tone
from core.engines.draft.copywriter.phrasebook import Dice, Pages, Said, Slot, fill, lower_word, start_sentences
from core.engines.draft.copywriter.pitch import Pitch
from core.engines.draft.copywriter.points import Kind
from core.engines.draft.copywriter.pool import fill_pool
from core.engines.draft.copywriter.story import Story, fill_story
from core.engines.draft.language import find_words
from core.engines.draft.quotes import split_sentences

Source = Pitch | Story

LISTED = (Kind.FOR, Kind.IS, Kind.HAS, Kind.DOES)
"""Points that a list may hold."""

PRACTICAL = (Kind.WHEN, Kind.WHERE, Kind.PRICE)

ENOUGH_FOR_A_LIST = 3


def keys_of(text: str) -> set[str]:
    """The words of each sentence of ``text``: what two that say the same share."""
    return {" ".join(find_words(sentence.casefold())) for sentence in split_sentences(text)}


def _count_facts(said: Said) -> int:
    return sum(not fact.startswith("~") for fact in said.tells)


@dataclass
class Prose:
    """Writes sentences about ``source``, keeping track of what has been said.

    Args:
        pages: the phrasebook of the language.
        tone: as it is written, which is not the brief's where the subject is sensitive.
        chunk: most points of one kind that a sentence tells.
    """

    source: Source
    pages: Pages
    tone: Tone
    dice: Dice
    chunk: int = 9
    told: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    shouted: bool = False

    def slots(self) -> dict[str, Slot]:
        """What is left to say, as slots."""
        if isinstance(self.source, Story):
            return fill_story(self.source, self.told, self.dice)
        return fill_pool(self.source, self.told, self.chunk, self.dice)

    def compose(
        self, role: str, tiers: Sequence[Sequence[str]], most: int = 99, longest: int = 999, *, named: bool = False
    ) -> Said | None:
        """A sentence of ``role`` from the first tier of keys that has a fitting one; it is not said again.

        Args:
            most: facts it may tell; longest: characters it may have; named: whether it must name the subject.
        """
        slots = self.slots()
        repeated: tuple[str, Said] | None = None
        for keys in tiers:
            sentences = [sentence for key in keys for sentence in self.pages[role].get(key, ())]
            for sentence in self.dice.shuffle(sentences):
                said = fill(sentence, slots, self.source.subject) if sentence not in self.used else None
                if said is None or len(said.text) > longest or _count_facts(said) > most:
                    continue
                if keys_of(said.text) & self.texts or (named and "~name" not in said.tells):
                    continue
                if said.text.split()[0] not in self.starts:
                    return self._keep(sentence, said)
                repeated = repeated or (sentence, said)
        return self._keep(*repeated) if repeated else None

    def _keep(self, sentence: str, said: Said) -> Said:
        self.used.add(sentence)
        self.starts.add(said.text.split()[0])
        self.texts |= keys_of(said.text)
        self.told |= said.tells
        if said.text.endswith("!") and "!" in sentence:
            # One exclamation mark a text: the next would shout.
            said = Said(f"{said.text[:-1]}.", said.tells) if self.shouted else said
            self.shouted = True
        return said

    def open(self, most: int = 99, longest: int = 999, *, named: bool = False) -> Said:
        """The opening sentence: by tone and kind of thing, at times by neither."""
        group = self.source.group
        fitting = {f"{group} {self.tone}", group}
        tiers = [fitting, {f"bare {self.tone}", "bare"}]
        if group not in ("statement", "plain", "episode", "season"):
            tiers[:1] = [fitting | {self.tone.value}, {"any"}] if self.dice.roll(6) else [{"any"}, fitting]
        for keys in tiers:
            said = self.compose("openings", [sorted(keys)], most, longest, named=named)
            if said:
                return said
        return self.compose("openings", [["bare"]]) or Said(f"{self.subject}.")

    def introduce(self) -> Said | None:
        """A sentence that names the subject and leaves the points to a list."""
        return self.compose("introductions", [[self.tone.value], ["any"]], most=0)

    def tell(self, kinds: Sequence[str], limit: int) -> Iterator[str]:
        """Up to ``limit`` sentences for the facts left, of ``kinds`` in their order."""
        count = 0
        for kind in kinds:
            # Two quotes in a row read as a transcript.
            for _ in range(1 if kind == "quote" else limit):
                if count >= limit:
                    return
                if kind == "name" and "~name" in self.told:
                    break
                said = self.compose("points", [[f"{self.source.group} {kind}"], [f"{self.tone} {kind}"], [kind]])
                if said is None or not said.tells:
                    break
                count += 1
                yield said.text

    def plan(self) -> list[str]:
        """The kinds of facts in the order this post tells them."""
        if isinstance(self.source, Story):
            telling = ["logline", "quote", "told", "cast"]
            if self.dice.roll(3) == 0:
                telling = ["quote", "logline", "cast", "told"]
            return [*telling, "name", "tagline", "topic", "quote", "reader"]
        first = ["is", "has"] if self.dice.roll(3) else ["has", "is"]
        last = self.dice.shuffle(["reader", "qualities"])
        return ["name", "noun", "noun_bare", *first, "does", "for", "statement", "occasion", *last, "other"]

    def has_points(self, count: int = ENOUGH_FOR_A_LIST) -> bool:
        """Whether ``count`` points are left, enough for a list."""
        return len(self._listed()) >= count

    def has_practical(self) -> bool:
        """Whether a date, a place or a price is left to tell."""
        points = self.source.points if isinstance(self.source, Pitch) else ()
        return any(point.kind in PRACTICAL and point.whole not in self.told for point in points)

    def _listed(self) -> list[str]:
        points = self.source.points if isinstance(self.source, Pitch) else ()
        return [point.whole for point in points if point.kind in LISTED and point.whole not in self.told]

    def list_points(self) -> list[str]:
        """A heading and the points left, a line each; empty where they are too few for a list."""
        listed = self._listed()
        if len(listed) < ENOUGH_FOR_A_LIST:
            return []
        self.told |= frozenset(listed)
        headings = self.pages["lists"]
        return [self.dice.pick(headings.get(self.source.group) or headings["any"]), *(f"• {each}" for each in listed)]

    @property
    def subject(self) -> str:
        """The subject's name as a sentence begins with it."""
        return start_sentences(self.source.subject.text)

    def pick(self, role: str, limit: int) -> str:
        """A line of ``role`` of at most ``limit`` characters, the subject where none fits."""
        return self.list_lines(role, limit)[0]

    def list_lines(self, role: str, limit: int) -> list[str]:
        """The lines of ``role`` of at most ``limit`` characters, last the subject; they leave all untold."""
        group = self.source.group
        keys = [f"{group} {self.tone}", self.tone.value] if self.dice.roll(2) else []
        slots = self.slots()
        sentences = [each for key in (*keys, group, "any") for each in self.dice.shuffle(self.pages[role].get(key, ()))]
        filled = (fill(sentence, slots, self.source.subject) for sentence in sentences)
        return [*(said.text for said in filled if said and len(said.text) <= limit), self.subject]

    def call_out(self, call: str) -> str:
        """A call to action as a voice leads up to it."""
        leads = self.pages["calls"]["listing" if ":" in call else "any"]
        said = fill(self.dice.pick(leads), {"call": Slot(lower_word(call))}, None)
        return said.text if said else call

    def greet(self) -> str:
        """An e-mail's greeting."""
        greetings = self.pages["greetings"]
        return self.dice.pick(greetings.get(self.tone.value) or greetings["any"])

    def see(self, key: str, shown: str) -> str:
        """What a scene shows; ``key``: open, middle or close; ``shown``: the fact it tells, "" for none."""
        slots = {**self.slots(), "shown": Slot(shown)}
        heard = isinstance(self.source, Story) and self.source.heard
        group = "heard" if heard else self.source.group
        pages = [f"{group} {key}", key]
        for page in ["shown", *pages] if shown and key == "middle" and self.dice.roll(3) else pages:
            for sentence in self.dice.shuffle(self.pages["visuals"].get(page, ())):
                said = fill(sentence, slots, self.source.subject) if sentence not in self.used else None
                if said:
                    self.used.add(sentence)
                    return said.text
        return self.subject
