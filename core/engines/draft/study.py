"""Self-ask without a model: a season's questions answered from its stored summaries, each fact with its episodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from core.domain.generation import Mood
from core.domain.show import Moment
from core.domain.transcript import split_speakers
from core.engines.draft.casing import upper_first
from core.engines.draft.language import base_language, find_words
from core.engines.draft.places import PlacePhrases
from core.engines.draft.quotes import ends_sentence, split_sentences
from core.engines.draft.season import Found, SeasonText
from core.engines.draft.summarizer import clip
from core.engines.draft.tone import Tone, find_tones

V = TypeVar("V")

MAX_KEYS = 100
MAX_FOLLOW_UPS = 2
MAX_ANSWER_CHARS = 1200
MAX_QUOTE_WORDS = 40
MAX_SUBJECT_CHARS = 300

WORDS = {
    "pt": {
        "and": " e ",
        "unanswered": "Os resumos desta temporada não respondem a isso.",
        "voices": "Quem mais fala: {names}.",
        "voices_throughout": "Quem mais fala: {names}, em todos os episódios.",
        "voice": "{name} ({percent} % das falas, em {count} de {total} episódios)",
        "voice_throughout": "{name} ({percent} % das falas)",
        "places": "A história volta {names}.",
        "places_once": "Nenhum lugar dos momentos escolhidos volta; os primeiros são {names}.",
        "images": "De episódio em episódio voltam {names}.",
        "images_once": "Nenhuma imagem volta; cada episódio traz a sua: {names}.",
        "change": "No começo ({first}): {before} No fim ({last}): {after}",
        "one_episode": "Só há um episódio ({first}): {before}",
        "tone": "O tom mais presente é {mood}, em palavras como {words} ({episodes}).",
        "second_tone": "Em seguida vem o {mood}, em {words} ({episodes}).",
        "who": "Quem é ou o que é {name}?",
        "what": "O que se diz de “{name}”?",
        "in": "Em {key}",
        "told": "{sentence} ({key}).",
        "mood": "em tom {mood}",
    },
    "en": {
        "and": " and ",
        "unanswered": "The summaries of this season do not answer this.",
        "voices": "Who speaks most: {names}.",
        "voices_throughout": "Who speaks most: {names}, all in every episode.",
        "voice": "{name} ({percent}% of the lines, in {count} of {total} episodes)",
        "voice_throughout": "{name} ({percent}% of the lines)",
        "places": "The story returns to {names}.",
        "places_once": "No place of the chosen moments returns; the first are {names}.",
        "images": "From episode to episode these return: {names}.",
        "images_once": "No image returns; each episode brings its own: {names}.",
        "change": "At the beginning ({first}): {before} At the end ({last}): {after}",
        "one_episode": "There is one episode only ({first}): {before}",
        "tone": "The strongest tone is {mood}, in words such as {words} ({episodes}).",
        "second_tone": "Next comes {mood}, in {words} ({episodes}).",
        "who": "Who or what is {name}?",
        "what": "What is said of “{name}”?",
        "in": "In {key}",
        "told": "{sentence} ({key}).",
        "mood": "in a {mood} mood",
    },
}
"""Sentences of the answers; what fills them comes from the summaries alone."""

MOODS = {
    Mood.CALM: "calmo",
    Mood.EPIC: "épico",
    Mood.HOPEFUL: "esperançoso",
    Mood.JOYFUL: "alegre",
    Mood.MELANCHOLIC: "melancólico",
    Mood.MYSTERIOUS: "misterioso",
    Mood.ROMANTIC: "romântico",
    Mood.TENSE: "tenso",
}
"""A mood in Portuguese; in English it goes by its own name."""

Answered = tuple[str, Sequence[str]]


class Study:
    """Answers a season's questions; made anew for each prompt, as it holds nothing but the prompt's values."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        tag = base_language(str(values.get("language") or "pt"))
        self.language = tag
        self.words = WORDS.get(tag, WORDS["en"])
        self.season = SeasonText(tuple(values["summaries"]), tag)
        self.phrases = PlacePhrases(tag, self.season.casing, self.season.genders)

    def answer(self, question_id: str, question: str) -> Answered:
        """The answer to a fixed question, or to any other by what the summaries say of the phrase it names."""
        answers: dict[str, Callable[[], Answered]] = {
            "central_conflict": self._conflict,
            "protagonists": self._protagonists,
            "recurring_places": self._places,
            "what_changes": self._change,
            "tone": self._tone,
            "recurring_images": self._images,
        }
        found = answers[question_id]() if question_id in answers else self._about(question)
        return found if found[0] else (self.words["unanswered"], ())

    def _conflict(self) -> Answered:
        sentences = self._in_order(self.season.central_loglines(2))
        told = [self._tell(key, text) for key, text in sentences]
        if not sentences:
            moments = self._in_order(self.season.central_moments(2))
            sentences = [(key, "") for key, _ in moments]
            told = [self._quote(key, moment) for key, moment in moments]
        return " ".join(told), tuple(dict.fromkeys(key for key, _ in sentences))

    def _protagonists(self) -> Answered:
        leading = self.season.voices[:3]
        if not leading:
            return "", ()
        total = len(self.season.keys)
        throughout = total > 1 and all(len(voice.episodes) == total for voice in leading)
        told = [
            self.words["voice_throughout" if throughout else "voice"].format(
                name=voice.name, percent=round(100 * voice.share), count=len(voice.episodes), total=total
            )
            for voice in leading
        ]
        keys = {key for voice in leading for key in voice.episodes}
        words = self.words["voices_throughout" if throughout else "voices"]
        return words.format(names=self._list(told)), [key for key in self.season.keys if key in keys]

    def _places(self) -> Answered:
        return self._returning(self.season.places, "places", lambda name: self._with_article(name, to=True))

    def _images(self) -> Answered:
        return self._returning(self.season.images, "images", lambda name: name)

    def _returning(self, found: Sequence[Found], words: str, write: Callable[[str], str]) -> Answered:
        again = [item for item in found if len(item.episodes) >= 2][:5]
        once = sorted(found, key=lambda item: item.episodes)[:4]
        chosen = again or once
        if not chosen:
            return "", ()
        write = write if again else (lambda name: name)
        told = [f"{write(item.name)} ({self._keys(item.episodes)})" for item in chosen]
        keys = {key for item in chosen for key in item.episodes}
        text = self.words[words if again else f"{words}_once"].format(names=self._list(told))
        return text, [key for key in self.season.keys if key in keys]

    def _change(self) -> Answered:
        known = {item.key: self._first_words(item.key, item.logline) for item in self.season.summaries}
        keys = [key for key, words in known.items() if words]
        if not keys:
            return "", ()
        words = self.words["change" if len(keys) > 1 else "one_episode"]
        text = words.format(first=keys[0], last=keys[-1], before=known[keys[0]], after=known[keys[-1]])
        return text, tuple(dict.fromkeys((keys[0], keys[-1])))

    def _first_words(self, key: str, logline: str | None) -> str:
        """The first sentence of a logline; without one, the episode's first moment."""
        sentences = split_sentences(logline or "")
        if sentences:
            return sentences[0].rstrip(". ") + "."
        said = [moment for at, moment in self.season.moments if at == key][:1]
        return "".join(self._quote("", moment) for moment in said)

    @cached_property
    def _tones(self) -> tuple[Tone, ...]:
        phrases = (phrase for item in self.season.summaries for phrase in item.summary.key_phrases)
        return find_tones(self.season.texts, self.language, [word for phrase in phrases for word in find_words(phrase)])

    def _tone(self) -> Answered:
        tones = self._tones[:2]
        told = [
            self.words[name].format(
                mood=self._mood(tone.mood),
                words=self._list([f"“{word}”" for word in tone.words]),
                episodes=self._keys(tone.episodes),
            )
            for name, tone in zip(("tone", "second_tone"), tones, strict=False)
        ]
        keys = {key for tone in tones for key in tone.episodes}
        return " ".join(told), [key for key in self.season.keys if key in keys]

    def _about(self, question: str) -> Answered:
        folded = question.casefold()
        named = [image.name for image in self.season.images if image.name.casefold() in folded]
        if not named:
            return "", ()
        name = max(named, key=len)
        said = self.season.say(name)[:2]
        if said:
            return " ".join(self._quote(key, moment) for key, moment in said), tuple(dict.fromkeys(k for k, _ in said))
        for item in self.season.summaries:
            for sentence in split_sentences(item.logline or ""):
                if name.casefold() in sentence.casefold():
                    return self._tell(item.key, sentence), (item.key,)
        return "", ()

    def _tell(self, key: str, sentence: str) -> str:
        return self.words["told"].format(sentence=sentence.rstrip(". "), key=key)

    def _quote(self, key: str, moment: Moment) -> str:
        """``Em S01E03, Tião: “…”``; without a key ``Tião: “…”``."""
        opening = ", ".join(part for part in (self._in(key), self._speaker(moment)) if part)
        quote = clip(moment.quote, MAX_QUOTE_WORDS)
        return f"{opening}{': ' if opening else ''}“{quote}”{'' if ends_sentence(quote) else '.'}"

    def _in(self, key: str) -> str:
        return self.words["in"].format(key=key) if key else ""

    def _speaker(self, moment: Moment) -> str:
        return ", ".join(self.season.casing.name(name) for name in split_speakers(moment.speaker))

    def _in_order(self, found: list[tuple[str, V]]) -> list[tuple[str, V]]:
        return sorted(found, key=lambda entry: self.season.keys.index(entry[0]))

    def follow_ups(self) -> list[str]:
        """At most two questions about what returns and is not yet explained: names first, then images."""
        again = [image.name for image in self.season.images if len(image.episodes) >= 2]
        again = [name for name in again if self.season.say(name)]
        names = [name for name in again if name[:1].isupper()][:1]
        images = [name for name in again if not name[:1].isupper()]
        asked = [self.words["who"].format(name=name) for name in names]
        return (asked + [self.words["what"].format(name=name) for name in images])[:MAX_FOLLOW_UPS]

    def subject(self, show: str) -> str:
        """One sentence of things that can be seen: what returns, where, in which mood; no name of a person."""
        images = [image for image in self.season.images if image.name.islower()]
        images.sort(key=lambda image: (not image.weight, len(image.episodes) < 2, -image.weight * len(image.episodes)))
        things = [image.name for image in images]
        # Boats and nets belong under the sky; what a room holds may be seen in any of its pictures.
        places = self.season.open_air or self.season.places
        place = places[0].name if places else ""
        # A thing that is the place's own word ("píer" on the "píer de pedra") adds nothing.
        there = {word.casefold() for word in find_words(place)}
        things = [name for name in things if not there & {word.casefold() for word in find_words(name)}][:3]
        where = self.phrases.where(place) if place else ""
        mood = self.words["mood"].format(mood=self._mood(self._tones[0].mood)) if self._tones else ""
        seen = self._list([self._one(name) for name in things]) or show
        where = where[:1].lower() + where[1:] if where else place
        text = upper_first(" ".join(part for part in (seen, where) if part))
        return f"{text}{', ' + mood if mood else ''}."

    def _one(self, name: str) -> str:
        """``um barco azul``; a plural or a noun of unknown gender goes without an article."""
        words = find_words(name)
        if words[0 if self.language == "pt" else -1].endswith("s"):
            return name
        if self.language == "pt":
            return {"m": f"um {name}", "f": f"uma {name}"}.get(self.season.genders.of(words[0], guess=True), name)
        return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"

    def _with_article(self, name: str, *, to: bool) -> str:
        where = self.phrases.where(name)
        if self.language == "pt":
            article = {"No": "ao", "Na": "à", "Nos": "aos", "Nas": "às"}.get(where.split(" ")[0], "a" if to else "")
            return f"{article} {name}"
        return where.removeprefix("At ").removeprefix("In ") or name

    def _mood(self, mood: Mood) -> str:
        return MOODS[mood] if self.language == "pt" else mood.value

    def _list(self, parts: Sequence[str]) -> str:
        return self.words["and"].join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)

    def _keys(self, keys: Sequence[str]) -> str:
        """``S01E01–S01E04``, ``S01E01, S01E03``: runs of three and more are closed up, long lists end in ``…``."""
        positions = [self.season.keys.index(key) for key in keys]
        runs: list[list[int]] = []
        for position in positions:
            if runs and runs[-1][-1] == position - 1:
                runs[-1].append(position)
            else:
                runs.append([position])
        told: list[str] = []
        for run in runs:
            ends = [self.season.keys[run[0]], self.season.keys[run[-1]]]
            told += ["–".join(ends)] if len(run) > 2 else [self.season.keys[position] for position in run]
        return ", ".join(told[:4]) + ("…" if len(told) > 4 else "")


def answer_question(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an answer to ``values["question_id"]``; no episodes where the summaries do not answer."""
    answer, episodes = Study(values).answer(str(values["question_id"]), str(values["question"]))
    if len(answer) > MAX_ANSWER_CHARS:
        answer = clip(answer[:MAX_ANSWER_CHARS], 100)
    return {"answer": answer, "episodes": tuple(episodes)[:MAX_KEYS]}


def ask_follow_ups(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of at most two follow-up questions."""
    return {"questions": tuple(Study(values).follow_ups())}


def compose_subject(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the one subject, a sentence of at most 300 characters."""
    subject = Study(values).subject(str(values.get("show") or ""))
    if len(subject) > MAX_SUBJECT_CHARS:
        subject = subject[: MAX_SUBJECT_CHARS - 1].rsplit(" ", 1)[0].rstrip(",;") + "…"
    return {"subject": subject}
