"""An episode's summary in moments and lines: its own words, chosen by LexRank and told scene by scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.domain.show import Line, LineKind
from core.domain.transcript import character_shares, split_speakers
from core.engines.draft.beats import Beat, make_beat
from core.engines.draft.casing import Casing
from core.engines.draft.language import UNKNOWN, base_language, find_language, find_words
from core.engines.draft.phrases import find_key_phrases
from core.engines.draft.places import Genders, Place, parse_heading
from core.engines.draft.quotes import Quotable, find_quotables, split_sentences, spoken_texts
from core.engines.draft.rank import choose_varied, measure_similarity, score_lexrank, thin_out
from core.engines.draft.teller import Teller

MAX_MOMENTS = 8
MAX_SPOILER_MOMENTS = 2
BLOCKS = 8
"""Equal parts that stand for scenes where the source marks none."""

LEAST_ROOM = 12
"""Words that must be left after the logline for quotes to follow it."""

BROKEN = 0.7
"""Weight of a line that is not a whole sentence, as subtitles cut them."""

NOTHING = {
    "pt": "Este episódio ainda não tem roteiro, legenda nem sinopse.",
    "en": "This episode has no script, subtitles or logline yet.",
}
"""What is said of an episode of which nothing is known: true, and it says what is missing."""

NOTHING_SAID = {
    "pt": "Este episódio não tem falas que se possam citar.",
    "en": "This episode has no lines that can be quoted.",
}
"""What is said of an episode whose lines are all noise, or all spoilers."""


@dataclass(frozen=True)
class EpisodeText:
    """An episode as the summariser reads it; what is worked out of it is worked out once."""

    lines: tuple[Line, ...]
    spoilers: frozenset[int]
    language: str
    title: str = ""
    logline: str = ""

    @cached_property
    def casing(self) -> Casing:
        """How its words are written."""
        speakers = {name for line in self.lines for name in split_speakers(line.speaker)}
        texts = [line.text for line in self.lines if line.kind is not LineKind.HEADING]
        return Casing([*texts, f". {self.logline}", f". {self.title}"], speakers)

    @cached_property
    def blocks(self) -> tuple[int, ...]:
        """For each line its scene, or its eighth of the episode where there are fewer than three scenes."""
        if len({line.scene for line in self.lines}) >= 3:
            return tuple(line.scene for line in self.lines)
        return tuple(BLOCKS * index // len(self.lines) for index in range(len(self.lines)))

    @cached_property
    def places(self) -> dict[int, Place]:
        """Scene number -> where and when it is, by its first heading."""
        places: dict[int, Place] = {}
        for line in self.lines:
            if line.kind is LineKind.HEADING and line.scene not in places:
                places[line.scene] = parse_heading(line.text, self.casing)
        return places

    @cached_property
    def scenes(self) -> dict[int, list[Line]]:
        """Scene number -> its lines."""
        scenes: dict[int, list[Line]] = {}
        for line in self.lines:
            scenes.setdefault(line.scene, []).append(line)
        return scenes

    @cached_property
    def names(self) -> frozenset[str]:
        """The folded words of the characters' names."""
        speakers = {name for line in self.lines for name in split_speakers(line.speaker)}
        return frozenset(word.casefold() for name in speakers for word in find_words(name) if len(word) > 2)

    @cached_property
    def teller(self) -> Teller:
        """Who writes its beats."""
        genders = Genders(line.text for line in self.lines if line.kind is not LineKind.HEADING)
        return Teller(self.language, self.casing, genders)


@dataclass(frozen=True)
class Extract:
    """What an episode's summary is made of; ``moments`` are ``seq`` numbers in order."""

    language: str
    text: str
    key_phrases: tuple[str, ...]
    moments: tuple[int, ...]


def summarize(
    lines: Sequence[Line],
    *,
    spoiler_seqs: frozenset[int] = frozenset(),
    max_words: int,
    title: str | None = None,
    logline: str | None = None,
    language: str | None = None,
) -> Extract:
    """Summarise an episode in at most ``max_words`` words of its own; the text holds no line of ``spoiler_seqs``.

    Without lines the logline (or title) is the summary; without those too, a sentence says what is missing.

    Args:
        language: BCP 47 tag where known; else it is found in the lines, the logline, the title.
    """
    logline, title = " ".join((logline or "").split()), " ".join((title or "").split())
    if not language or language == UNKNOWN:
        language = find_language(" ".join(spoken_texts(lines)) or logline or title)
    episode = EpisodeText(tuple(lines), spoiler_seqs, language, title, logline)
    quotables = find_quotables(episode.lines, language)
    kept = thin_out([q.stems for q in quotables], [episode.blocks[q.index] for q in quotables])
    quotables = [quotables[index] for index in kept]
    ranked = _rank(quotables, episode)
    open_ranked = [q for q in ranked if q.line.seq not in spoiler_seqs]
    hidden = [q for q in ranked if q.line.seq in spoiler_seqs]
    open_lines = [
        (line, block) for line, block in zip(episode.lines, episode.blocks, strict=True) if line.seq not in spoiler_seqs
    ]
    return Extract(
        language=language,
        text=_write(episode, open_ranked, max_words),
        key_phrases=find_key_phrases(
            [line for line, _ in open_lines], language, episode.casing, [block for _, block in open_lines]
        ),
        moments=_choose_moments([q for q in open_ranked if q.short], [q for q in hidden if q.short]),
    )


def _rank(quotables: Sequence[Quotable], episode: EpisodeText) -> list[Quotable]:
    """The quotable lines, best first, scene after scene getting its turn."""
    if not quotables:
        return []
    similarity = measure_similarity([quotable.stems for quotable in quotables])
    scores = score_lexrank(similarity)
    weighted = [float(score) * (1 if q.whole else BROKEN) for score, q in zip(scores, quotables, strict=True)]
    groups = [episode.blocks[quotable.index] for quotable in quotables]
    return [quotables[index] for index in choose_varied(weighted, similarity, groups, 80)]


def _choose_moments(open_ranked: Sequence[Quotable], hidden: Sequence[Quotable]) -> tuple[int, ...]:
    spoilers = hidden[: min(MAX_SPOILER_MOMENTS, max(1, len(open_ranked) // 3))]
    chosen = [*open_ranked[: MAX_MOMENTS - len(spoilers)], *spoilers]
    return tuple(sorted(quotable.line.seq for quotable in chosen))


def clip(text: str, max_words: int) -> str:
    """``text`` in at most ``max_words`` words: whole sentences if one fits, else to the end of a clause or a word."""
    words = text.split()
    if len(words) <= max_words:
        return " ".join(words)
    kept: list[str] = []
    for sentence in split_sentences(text):
        if len(kept) + len(sentence.split()) > max_words:
            break
        kept += sentence.split()
    if kept:
        return " ".join(kept)
    cut = words[:max_words]
    clause = next((index for index in range(len(cut), len(cut) // 2, -1) if cut[index - 1][-1:] in ",;:—"), len(cut))
    return " ".join(cut[:clause]).rstrip(",;:—- ") + "…"


def _write(episode: EpisodeText, ranked: Sequence[Quotable], max_words: int) -> str:
    """The logline, then the best beats that fit, in the order of the episode."""
    opening = clip(episode.logline, max_words) or _gather(episode)
    if len(opening.split()) > max_words - LEAST_ROOM and episode.logline:
        return opening
    beats: list[Beat] = []
    text = opening
    told_blocks: set[int] = set()
    blocks = {episode.blocks[quotable.index] for quotable in ranked}
    for quotable in ranked:
        block = episode.blocks[quotable.index]
        # A second quote of a scene waits until the others had theirs.
        if not quotable.excerpt or (block in told_blocks and told_blocks != blocks):
            continue
        scene = episode.scenes[quotable.line.scene]
        place = episode.places.get(quotable.line.scene, Place())
        beat = make_beat(quotable, scene, place, episode.casing, episode.names)
        for attempt in (beat, beat.model_copy(update={"action": ""})):
            trial = sorted([*beats, attempt], key=lambda each: each.seq)
            told = _join(opening, episode.teller.tell(trial, later=_later(trial, episode)))
            if len(told.split()) <= max_words:
                beats, text = trial, told
                told_blocks.add(block)
                break
    nothing = NOTHING_SAID if episode.lines else NOTHING
    return text or clip(episode.title, max_words) or nothing.get(base_language(episode.language), nothing["pt"])


def _join(*parts: str) -> str:
    return " ".join(part if part[-1:] in ".!?…”" else f"{part}." for part in parts if part)


def _later(beats: Sequence[Beat], episode: EpisodeText) -> int | None:
    """The first of three or more beats that is past the middle of the episode."""
    late = [index for index, beat in enumerate(beats) if index and 2 * beat.seq > len(episode.lines)]
    return late[0] if late and len(beats) >= 3 else None


def _gather(episode: EpisodeText) -> str:
    """``“A Rede” reúne Beatriz, Tião e Camila.``: opens an episode without a logline; "" if too little is known."""
    said = [line for line in episode.lines if line.seq not in episode.spoilers]
    leading = [share.name for share in character_shares(said)[:3]]
    verb = {"pt": "reúne", "en": "brings together"}.get(base_language(episode.language))
    if len(leading) < 3 or not episode.title or not verb:
        return ""
    return f"“{episode.title}” {verb} {episode.teller.names(leading)}."
