"""What a season's stored summaries say, counted: who speaks, which places and images return, which line is central."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from core.domain.show import Moment, Summary
from core.engines.draft.casing import Casing
from core.engines.draft.language import content_stems, find_words, stem
from core.engines.draft.phrases import LINKS
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
    """Something that returns: how it is written, and the keys of the episodes it is in."""

    name: str
    episodes: tuple[str, ...]


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
        seen: dict[str, dict[str, None]] = {}
        for key, moment in self.moments:
            name = parse_heading(moment.heading, self.casing).name
            if name:
                seen.setdefault(name, {})[key] = None
        found = [Found(name, tuple(keys)) for name, keys in seen.items()]
        return tuple(sorted(found, key=lambda place: -len(place.episodes)))

    @cached_property
    def images(self) -> tuple[Found, ...]:
        """Its key phrases, those in most episodes first, longer ones before shorter."""
        phrases: dict[tuple[str, ...], str] = {}
        for item in self.summaries:
            for phrase in item.summary.key_phrases:
                phrases.setdefault(self._stems(phrase), phrase)
        found = [(key, Found(name, self.naming(name))) for key, name in phrases.items()]
        found.sort(key=lambda entry: (-len(entry[1].episodes) * (1 + len(entry[0])) ** 0.5, entry[1].name))
        kept: list[tuple[tuple[str, ...], Found]] = []
        for key, image in found:
            if not any(set(key) <= set(other) or set(other) <= set(key) for other, _ in kept):
                kept.append((key, image))
        return tuple(image for _, image in kept)

    def naming(self, phrase: str) -> tuple[str, ...]:
        """The keys of the episodes whose text or key phrases name ``phrase``, in any inflection."""
        wanted = self._stems(phrase)
        return tuple(key for key in self.keys if wanted and any(_holds(stems, wanted) for stems in self._stemmed[key]))

    def say(self, phrase: str) -> list[tuple[str, Moment]]:
        """The moments that name ``phrase``."""
        wanted = self._stems(phrase)
        return [(key, moment) for key, moment in self.moments if _holds(self._stems(moment.quote), wanted)]

    @cached_property
    def _stemmed(self) -> dict[str, list[tuple[str, ...]]]:
        stemmed: dict[str, list[tuple[str, ...]]] = {key: [] for key in self.keys}
        for key, text in self.texts:
            stemmed[key].append(self._stems(text))
        for item in self.summaries:
            stemmed[item.key] += [self._stems(phrase) for phrase in item.summary.key_phrases]
        return stemmed

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(stem(word, self.language) for word in find_words(text) if word.casefold() not in LINKS)

    def central_sentences(self, count: int) -> list[tuple[str, str]]:
        """The ``count`` most central sentences of its loglines (of its summaries, if it has none), with their keys."""
        told = [(item.key, item.logline) for item in self.summaries if item.logline]
        told = told or [(item.key, item.summary.text) for item in self.summaries]
        sentences = [(key, sentence) for key, text in told for sentence in split_sentences(text or "")]
        stems = [content_stems(sentence, self.language) for _, sentence in sentences]
        kept = thin_out(stems, [self.keys.index(key) for key, _ in sentences])
        kept = [index for index in kept if len(stems[index]) >= 3]
        if not kept:
            return sentences[:count]
        similarity = measure_similarity([stems[index] for index in kept])
        groups = [self.keys.index(sentences[index][0]) for index in kept]
        chosen = choose_varied(score_lexrank(similarity).tolist(), similarity, groups, count)
        return [sentences[kept[index]] for index in chosen]


def _holds(stems: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(tuple(stems[at : at + size]) == tuple(wanted) for at in range(len(stems) - size + 1)) if size else False
