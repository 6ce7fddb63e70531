"""Tells beats as prose, in words that claim nothing of their own: a place, a stage direction, "diz", a quote."""

from __future__ import annotations

from collections.abc import Sequence

from core.engines.draft.beats import Beat
from core.engines.draft.casing import Casing, upper_first
from core.engines.draft.language import base_language, find_words
from core.engines.draft.places import Genders, Place, PlacePhrases
from core.engines.draft.quotes import ends_sentence

SPEECH_VERBS = {
    "pt": {"?": "pergunta", "!": "exclama", "": "diz"},
    "en": {"?": "asks", "!": "exclaims", "": "says"},
}
"""Language -> last mark of a quote -> the verb that its form alone justifies."""

LATER = {"pt": "Mais adiante", "en": "Further on"}
HEARD = {"pt": "ouve-se", "en": "we hear"}
AND = {"pt": " e ", "en": " and "}


class Teller:
    """Writes in Portuguese or English; in another language it sets places, names and quotes side by side."""

    def __init__(self, language: str, casing: Casing, genders: Genders) -> None:
        self._language = base_language(language)
        self._casing = casing
        self._genders = genders
        self._phrases = PlacePhrases(language, casing, genders)

    def tell(self, beats: Sequence[Beat], *, later: int | None = None) -> str:
        """``beats`` in their order as one paragraph.

        Args:
            later: index of the beat that a word such as "Mais adiante" introduces where no place does.
        """
        said = Place()
        told: list[str] = []
        for index, beat in enumerate(beats):
            opening = self._phrases.opening(beat.place, said=said)
            if index == later and not beat.place.name:
                opening = LATER.get(self._language, "")
            same_scene = index > 0 and beat.place == said and bool(beat.place.name)
            told.append(self._tell_one(beat.model_copy(update={"action": ""}) if same_scene else beat, opening))
            said = beat.place
        return " ".join(told)

    def name(self, speaker: str) -> str:
        """A speaker inside a sentence: ``Dona Lurdes``, but ``o promotor`` for who goes by a common noun."""
        if not self._casing.is_role(speaker):
            return self._casing.name(speaker)
        if self._language == "en":
            return f"the {speaker.lower()}"
        gender = self._genders.of(find_words(speaker)[0], guess=True) if self._language == "pt" else ""
        article = {"m": "o ", "f": "a "}.get(gender, "")
        return f"{article}{speaker.lower()}" if article else self._casing.name(speaker)

    def names(self, speakers: Sequence[str]) -> str:
        """``Ana, Rui e o promotor``."""
        names = [self.name(speaker) for speaker in speakers]
        return AND.get(self._language, ", ").join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def _tell_one(self, beat: Beat, opening: str) -> str:
        quote = f"“{beat.quote}”" if ends_sentence(beat.quote) else f"“{beat.quote}”."
        speaker = self.names(beat.speakers)
        verb = self._verb(beat)
        if not speaker:
            lead = self._after(opening, beat.action or HEARD.get(self._language, "")) if opening else beat.action
            return f"{upper_first(lead)}: {quote}" if lead else quote
        if not beat.action:
            return f"{self._after(opening, self._says(beat, speaker, verb))}: {quote}"
        action = self._after(opening, beat.action)
        if beat.speaker_acts:
            return f"{action}: {quote}"
        if self._language == "pt" and verb:
            return f"{action}. “{beat.quote.removesuffix('.')}”, {verb} {speaker}."
        return f"{action}. {upper_first(self._says(beat, speaker, verb))}: {quote}"

    def _verb(self, beat: Beat) -> str:
        verbs = SPEECH_VERBS.get(self._language, {})
        mark = beat.quote.rstrip("\"”’')")[-1:]
        return "" if len(beat.speakers) > 1 else verbs.get(mark, verbs.get("", ""))

    def _says(self, beat: Beat, speaker: str, verb: str) -> str:
        if not verb:
            return speaker
        if not beat.listener or beat.quote.endswith("!"):
            return f"{speaker} {verb}"
        listener = self.name(beat.listener)
        if self._language == "pt":
            role = self._casing.is_role(beat.listener)
            to = {"o ": "ao ", "a ": "à "}.get(listener[:2], "a ") if role else "a "
            return f"{speaker} {verb} {to}{listener[2:] if to in ('ao ', 'à ') else listener}"
        return f"{speaker} {verb} {'to ' if verb == 'says' else ''}{listener}"

    def _after(self, opening: str, clause: str) -> str:
        if not opening:
            return upper_first(clause)
        mark = ", " if self._phrases.is_fluent(opening) else " — "
        first = (find_words(clause) or [""])[0]
        keeps = self._casing.is_name(first) or (first.isupper() and len(first) > 1)
        return f"{opening}{mark}{clause if keeps or mark != ', ' else clause[:1].lower() + clause[1:]}"
