"""Repairs by rule: what a program may mend in a text. Numbers and claims are never edited; a person must."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from pydantic import ValidationError

from core.checks.copy import check_copy
from core.checks.form import find_markup, find_preamble, find_shouts, find_twice, is_quoted
from core.checks.promises import find_near, find_verbatim
from core.checks.reading import HASHTAG, Reading, Span, find_hashtags
from core.checks.wording import find_european, find_misspelled
from core.domain.campaign import Brief, Copy, Facts, Finding, VideoScene, write_out

_TAIL = re.compile(rf"(?:\s*{HASHTAG.pattern})+\s*[.!]?\s*\Z")


def replace(text: str, changes: Iterable[tuple[Span, str]]) -> str:
    """``text`` with each span put in other words, which begin with a capital where the span did."""
    for span, words in sorted(changes, key=lambda change: change[0].start, reverse=True):
        old = text[span.start : span.end]
        if old.isupper() and len(old) > 1:
            words = words.upper()
        elif old[:1].isupper():
            words = words[:1].upper() + words[1:]
        text = text[: span.start] + words + text[span.end :]
    return text


def tidy(text: str) -> str:
    """``text`` without the gaps that taking words out leaves."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"[ \t]+(?=[,.;:!?…](?:\s|\Z))", "", text)
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def strip_preamble(text: str) -> str:
    """``text`` without talk about it before or after, and without quotation marks around it all."""
    for _ in range(3):
        spans = find_preamble(text)
        if not spans:
            break
        text = replace(text, ((span, "") for span in spans)).strip()
    return text[1:-1].strip() if is_quoted(text) else text


def ensure_call_to_action(text: str, words: str) -> str:
    """``text`` with ``words`` letter for letter: in the place of what is nearly the same, else at the end.

    A near match is replaced, so that the text never calls twice.
    """
    if not words or find_verbatim(text, words):
        return text
    near = find_near(text, words)
    if near:
        return text[: near.start] + words + text[near.end :]
    tail = _TAIL.search(text)
    body, tags = (text[: tail.start()], text[tail.start() :]) if tail else (text, "")
    return f"{body.rstrip()}\n\n{words}{tags}" if body.strip() else f"{words}{tags}"


def ensure_hashtags(text: str, wanted: Sequence[str], allowed: Iterable[str] = ()) -> str:
    """``text`` with every hashtag of ``wanted`` and none outside ``allowed``.

    Inside a sentence an invented one loses its sign; those that close the text give way to the missing ones.
    """
    known = {*wanted, *allowed}
    there = [tag.text for tag in find_hashtags(text)]
    if known.issuperset(there) and set(wanted) <= set(there):
        return text
    tail = _TAIL.search(text)
    body, closing = (text[: tail.start()], find_hashtags(tail[0])) if tail else (text, [])
    gap = "\n\n" if tail and tail[0].startswith("\n") else " "
    body = HASHTAG.sub(lambda tag: tag[0] if tag[0] in known else tag[0][1:], body).rstrip()
    inside = {tag.text for tag in find_hashtags(body)}
    ends = [tag for tag in wanted if tag not in inside]
    ends += [tag.text for tag in closing if tag.text in known and tag.text not in {*ends, *inside}]
    return f"{body}{gap}{' '.join(ends)}".strip() if ends else body


def _outside(reading: Reading, changes: Iterable[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """The changes that leave the call to action as it is."""
    own = find_verbatim(reading.text, reading.call_to_action) or Span("", -1, -1)
    return [(span, words) for span, words in changes if not own.start <= span.start < own.end]


def fix_preamble(reading: Reading, closes: bool) -> str:
    """The part without talk about it."""
    return strip_preamble(reading.text)


def fix_markup(reading: Reading, closes: bool) -> str:
    """The part without the mark-up that networks would show."""
    marks = find_markup(reading)
    return tidy(replace(reading.text, ((span, "") for span in marks))) if marks else reading.text


def fix_call_to_action(reading: Reading, closes: bool) -> str:
    """The part with the call to action, where it is the part that closes the copy."""
    return ensure_call_to_action(reading.text, reading.call_to_action) if closes else reading.text


def fix_hashtags(reading: Reading, closes: bool) -> str:
    """The part with the hashtags it should have, and no others."""
    allowed = [] if reading.platform.hashtags == 0 else [tag.text for tag in find_hashtags(reading.source)]
    return ensure_hashtags(reading.text, reading.hashtags if closes else (), allowed)


def fix_european(reading: Reading, closes: bool) -> str:
    """The part with European words in their Brazilian form."""
    if not reading.portuguese:
        return reading.text
    return replace(reading.text, _outside(reading, ((span, words) for span, words in find_european(reading) if words)))


def fix_spelling(reading: Reading, closes: bool) -> str:
    """The part with the misspelled words mended that can stand for one word only."""
    known = ((span, words[0]) for span, words in find_misspelled(reading) if len(words) == 1)
    return replace(reading.text, _outside(reading, known))


def fix_repetition(reading: Reading, closes: bool) -> str:
    """The part with each word that stands twice in a row once."""
    twice = ((span, span.text.split()[0]) for span in find_twice(reading.prose))
    return replace(reading.text, _outside(reading, twice))


def fix_exclamations(reading: Reading, closes: bool) -> str:
    """The part with one mark where several shout."""
    changes = ((span, "?!" if "?" in span.text else "!") for span in find_shouts(reading.prose))
    return replace(reading.text, _outside(reading, changes))


Fix = Callable[[Reading, bool], str]
"""Mends one part of a copy; the flag says whether the call to action and the hashtags are due in it."""

FIXES: tuple[tuple[frozenset[str], Fix], ...] = (
    (frozenset({"markup"}), fix_markup),
    (frozenset({"preamble"}), fix_preamble),
    (frozenset({"call_to_action_altered", "call_to_action_missing"}), fix_call_to_action),
    (frozenset({"hashtag_missing", "hashtag_invented", "hashtags_in_email", "too_many_hashtags"}), fix_hashtags),
    (frozenset({"european_portuguese"}), fix_european),
    (frozenset({"spelling"}), fix_spelling),
    (frozenset({"repetition"}), fix_repetition),
    (frozenset({"exclamations"}), fix_exclamations),
)
"""Finding codes and what mends them, in order."""

_MOST_ROUNDS = 4
"""One repair may uncover the next fault: under the mark-up stands a preamble."""


def repair_copy(
    copy: Copy, brief: Brief, facts: Facts | None = None, codes: frozenset[str] | None = None
) -> tuple[Copy, tuple[Finding, ...]]:
    """Mend what can be mended by rule; a second call changes nothing.

    Args:
        codes: finding codes to mend; None for all.

    Returns:
        The mended copy, and the findings that it no longer has.
    """

    def mend(text: str, *, closes: bool = False) -> str:
        for _ in range(_MOST_ROUNDS):
            old = text
            for kinds, fix in FIXES:
                if codes is None or codes & kinds:
                    text = fix(Reading(text, brief, facts), closes)
            if text == old:
                break
        return text

    before = check_copy(write_out(copy, brief.language), brief, facts)
    try:
        mended = Copy(
            headline=mend(copy.headline),
            text=mend(copy.text, closes=True),
            subject_line=mend(copy.subject_line),
            scenes=tuple(
                VideoScene(
                    visual=mend(scene.visual) or scene.visual,
                    narration=mend(scene.narration) or scene.narration,
                    seconds=scene.seconds,
                )
                for scene in copy.scenes
            ),
        )
    except ValidationError:
        return copy, ()  # what the repair adds no longer fits: the text is too long as it is
    after = check_copy(write_out(mended, brief.language), brief, facts)
    left = {(finding.code, *finding.values.values()) for finding in after}
    return mended, tuple(finding for finding in before if (finding.code, *finding.values.values()) not in left)
