"""What a season's stored summaries say, counted: who speaks, which places and images return, which line is central."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from core.domain.show import Moment, Summary
from core.engines.draft.casing import Casing
from core.engines.draft.language import content_stems, find_words, stem
from core.engines.draft.motifs import find_motifs
from core.engines.draft.nouns import load_motifs
from core.engines.draft.phrases import LINKS, NUMBERS
from core.engines.draft.places import Genders, parse_heading
from core.engines.draft.quotes import split_sentences
from core.engines.draft.rank import choose_varied, measure_similarity, score_lexrank, thin_out


class EpisodeSummary(Protocol):
    """An episode as a season's questions see it."""

    @property
    def key(self) -> str:
        """``S01E03``."""
        ...

    @property
    def title(self) -> str | None:
        """Its title, where known."""
        ...

    @property
    def logline(self) -> str | None:
        """Its logline, where known."""
        ...

    @property
    def summary(self) -> Summary:
        """Its stored summary."""
        ...


@dataclass(frozen=True)
class Found:
    """Something that returns: how it is written, the keys of its episodes, how much a poster gains from it.

    ``weight`` is that of the most telling motif in it, 0 where it cannot be drawn.
    """

    name: str
    episodes: tuple[str, ...]
    weight: float = 0


@dataclass(frozen=True)
class Voice:
    """A character over a season; ``share`` is in 0..1 of the season's speech lines."""

    name: str
    share: float
    episodes: tuple[str, ...]


@dataclass(frozen=True)
class SeasonText:
    """A season's summaries with what is counted from them; spoiler moments are left out throughout."""

    summaries: tuple[EpisodeSummary, ...]
    language: str

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of its episodes, in order."""
        return tuple(item.key for item in self.summaries)

    @cached_property
    def moments(self) -> tuple[tuple[str, Moment], ...]:
        """(episode key, moment) for every moment that gives nothing away."""
        return tuple(
            (item.key, moment) for item in self.summaries for moment in item.summary.moments if not moment.spoiler
        )

    @cached_property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """(episode key, text): loglines, summaries and quotes."""
        told = [(item.key, text) for item in self.summaries for text in (item.logline or "", item.summary.text) if text]
        return (*told, *((key, moment.quote) for key, moment in self.moments))

    @cached_property
    def casing(self) -> Casing:
        """How its words are written."""
        speakers = {share.name for item in self.summaries for share in item.summary.characters}
        return Casing([text for _, text in self.texts], speakers)

    @cached_property
    def genders(self) -> Genders:
        """The genders its words show."""
        return Genders(text for _, text in self.texts)

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """The characters by share of speech, most first."""
        lines: Counter[str] = Counter()
        episodes: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        total = 0.0
        for item in self.summaries:
            shares = item.summary.characters
            total += shares[0].lines / shares[0].share if shares and shares[0].share else 0
            for share in shares:
                folded = share.name.casefold()
                lines[folded] += share.lines
                names.setdefault(folded, self.casing.name(share.name))
                episodes.setdefault(folded, []).append(item.key)
        return tuple(
            Voice(names[folded], count / total, tuple(episodes[folded]))
            for folded, count in lines.most_common()
            if total
        )

    @cached_property
    def places(self) -> tuple[Found, ...]:
        """The places of its moments, those in most episodes first."""
        return self._find_places(lambda heading: True)

    @cached_property
    def open_air(self) -> tuple[Found, ...]:
        """Those of its places that a heading calls exterior."""
        return self._find_places(lambda heading: "EXT" in heading.upper().replace(".", " ").split())

    def _find_places(self, fits: Callable[[str], bool]) -> tuple[Found, ...]:
        seen: dict[str, dict[str, None]] = {}
        for key, moment in self.moments:
            name = parse_heading(moment.heading, self.casing).name if fits(moment.heading or "") else ""
            if name:
                seen.setdefault(name, {})[key] = None
        found = [Found(name, tuple(keys)) for name, keys in seen.items()]
        return tuple(sorted(found, key=lambda place: -len(place.episodes)))

    @cached_property
    def images(self) -> tuple[Found, ...]:
        """Its key phrases, things that can be drawn first, then those in most episodes, then longer ones."""
        phrases: dict[tuple[str, ...], str] = {}
        for item in self.summaries:
            for phrase in item.summary.key_phrases:
                if not find_words(phrase) or find_words(phrase)[0].casefold() in NUMBERS:
                    continue
                phrases.setdefault(self._stems(phrase), phrase)
        found = [(key, Found(name, self._naming(key), self._weigh(name))) for key, name in phrases.items()]
        found.sort(key=lambda entry: _rank_image(*entry))
        kept: list[tuple[tuple[str, ...], Found]] = []
        for key, image in found:
            if not any(set(key) <= set(other) or set(other) <= set(key) for other, _ in kept):
                kept.append((key, image))
        return tuple(image for _, image in kept)

    def _weigh(self, phrase: str) -> float:
        motifs = load_motifs()
        drawn = find_motifs(phrase, self.language) if phrase.islower() else ()
        return max((motifs[hit.name].weight for hit in drawn), default=0)

    def _naming(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of the episodes that name a phrase, in any inflection: among their key phrases, or in their text.

        A single word must be a key phrase, or part of one, as it is too easily said in passing.
        """
        return tuple(
            item.key
            for item in self.summaries
            if any(_holds(self._stems(phrase), wanted) for phrase in item.summary.key_phrases)
            or (len(wanted) > 1 and any(_holds(stems, wanted) for stems in self._stemmed[item.key]))
        )

    def say(self, phrase: str) -> list[tuple[str, Moment]]:
        """The moments that name ``phrase``."""
        wanted = self._stems(phrase)
        return [(key, moment) for key, moment in self.moments if _holds(self._stems(moment.quote), wanted)]

    @cached_property
    def _stemmed(self) -> dict[str, list[tuple[str, ...]]]:
        stemmed: dict[str, list[tuple[str, ...]]] = {key: [] for key in self.keys}
        for key, text in self.texts:
            stemmed[key].append(self._stems(text))
        return stemmed

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(stem(word, self.language) for word in find_words(text) if word.casefold() not in LINKS)

    def central_loglines(self, count: int) -> list[tuple[str, str]]:
        """(episode key, first sentence): the season's first logline, as an opener says what is at stake, then the
        most central of the others; [] if there are none.
        """
        told = [(item.key, item.logline) for item in self.summaries if item.logline]
        ranked = self._rank([text for _, text in told], [key for key, _ in told])
        chosen = [*range(len(told))[:1], *(index for index in ranked if index)]
        return [(told[index][0], split_sentences(told[index][1])[0]) for index in chosen[:count]]

    def central_moments(self, count: int) -> list[tuple[str, Moment]]:
        """(episode key, moment): the ``count`` most central moments."""
        quotes = [moment.quote for _, moment in self.moments]
        ranked = self._rank(quotes, [key for key, _ in self.moments])
        return [self.moments[index] for index in ranked[:count]]

    def _rank(self, texts: Sequence[str], keys: Sequence[str]) -> list[int]:
        """Indices of ``texts``, the most central first, episode after episode getting its turn."""
        stems = [content_stems(text, self.language) for text in texts]
        groups = [self.keys.index(key) for key in keys]
        kept = [index for index in thin_out(stems, groups) if len(stems[index]) >= 3]
        similarity = measure_similarity([stems[index] for index in kept])
        chosen = choose_varied(score_lexrank(similarity).tolist(), similarity, [groups[index] for index in kept], 10)
        return [kept[index] for index in chosen] or list(range(len(texts)))


def _rank_image(stems: Sequence[str], image: Found) -> tuple[bool, bool, float, str]:
    once = len(image.episodes) < 2
    return once, not image.weight, -len(image.episodes) * (1 + len(stems)) ** 1.5, image.name


def _holds(stems: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(tuple(stems[at : at + size]) == tuple(wanted) for at in range(len(stems) - size + 1)) if size else False
