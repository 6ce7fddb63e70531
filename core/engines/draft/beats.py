"""A beat: what one scene gives to a synopsis: where it is, what is seen, who says what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.domain.frozen import Frozen
from core.domain.show import Line, LineKind
from core.domain.transcript import split_speakers
from core.engines.draft.casing import Casing
from core.engines.draft.language import find_words, word_set
from core.engines.draft.places import Place
from core.engines.draft.quotes import Quotable, is_spoken, split_sentences

ACTION_WORDS = (3, 18)
"""Fewest and most words of a stage direction that is told."""


LEANING = word_set(
    """
    ele ela eles elas dele dela deles delas lhe lhes nele nela outro outra outros outras também
    he him his she her hers they them their it its other another too also
    """
)
"""Words that lean on a sentence before them, so that theirs cannot stand alone."""


class Beat(Frozen):
    """What a scene gives to a synopsis.

    Attributes:
        seq: of the quoted line.
        place: where and when, empty for a source without headings.
        action: a stage direction as a sentence without its full stop; "" for none.
        speakers: as in the source; empty if it names none.
        listener: the only other one who speaks in the scene, as in the source; "" if there are more or none.
        quote: verbatim.
        speaker_acts: whether the action names the speaker and nobody else.
    """

    seq: int
    place: Place
    action: str = ""
    speakers: tuple[str, ...] = ()
    listener: str = ""
    quote: str
    speaker_acts: bool = False


def find_action(scene: Sequence[Line], quoted: Line, casing: Casing, names: frozenset[str]) -> str:
    """The stage direction that leads to ``quoted``: a short sentence that names a character, "" if there is none.

    The direction right before the line counts first if it names the speaker, then the one that opens the scene.

    Args:
        scene: the lines of the scene.
        names: folded words of the characters' names.
    """
    before = [line for line in scene if line.seq < quoted.seq]
    directions = [line for line in before if line.kind is LineKind.DIRECTION]
    if not directions:
        return ""
    speaker = {word.casefold() for word in find_words(quoted.speaker or "")}
    if directions[-1].seq == quoted.seq - 1:
        action = _tell(directions[-1], casing, frozenset(speaker))
        if action:
            return action
    opening = directions[0]
    if any(line.kind is LineKind.SPEECH for line in before if line.seq < opening.seq):
        return ""
    return _tell(opening, casing, names)


def _tell(direction: Line, casing: Casing, names: frozenset[str]) -> str:
    """The first sentence of ``direction`` that names one of ``names``, if it can stand alone."""
    if not is_spoken(direction.text):
        return ""
    text = re.sub(r"^(?:cena|scene)\s*:\s*", "", direction.text.strip(" ()[]"), flags=re.IGNORECASE)
    fewest, most = ACTION_WORDS
    for sentence in split_sentences(text):
        words = {word.casefold() for word in find_words(sentence)}
        if names & words:
            fits = fewest <= len(sentence.split()) <= most and not words & LEANING
            return casing.sentence(sentence.rstrip(" .;,:")) if fits else ""
    return ""


def make_beat(quotable: Quotable, scene: Sequence[Line], place: Place, casing: Casing, names: frozenset[str]) -> Beat:
    """The beat of ``quotable`` in its ``scene``."""
    speakers = split_speakers(quotable.line.speaker)
    people = {name.casefold(): name for line in scene for name in split_speakers(line.speaker)}
    others = [name for folded, name in people.items() if folded not in {each.casefold() for each in speakers}]
    action = find_action(scene, quotable.line, casing, names)
    acting = names & {word.casefold() for word in find_words(action)}
    own = {word.casefold() for name in speakers for word in find_words(name)}
    return Beat(
        seq=quotable.line.seq,
        place=place,
        action=action,
        speakers=speakers,
        listener=others[0] if len(others) == 1 and len(speakers) == 1 and place.name else "",
        quote=quotable.excerpt,
        speaker_acts=bool(acting) and acting <= own,
    )
