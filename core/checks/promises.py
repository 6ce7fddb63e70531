"""The call to action and the hashtags: in the text as the brief gives them, and none invented."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from core.checks.reading import HASHTAG, Reading, Span, blank, doubt, fault, find_hashtags, find_sentences, fold
from core.domain.campaign import Finding
from core.language import N_

_RUNS_ON = re.compile(r"(?<!\S)[^\W\d_][\w-]*,?[ ]\Z")
"""A word that runs on into what follows: "já Passe aqui"; no hashtag, address or price does."""

NEAR = 68.0
"""Likeness, of 100, from which sentences count as the call to action altered."""


def find_verbatim(text: str, words: str) -> Span | None:
    """Where ``text`` has ``words`` letter for letter; spaces and line breaks are alike."""
    if not words:
        return None
    pattern = r"\s+".join(map(re.escape, words.split()))
    # A word more behind it changes it as much as one inside: "Passe aqui" is not "Passe aqui agora".
    after = r"(?![ ]+[a-zà-ÿ])" if words[-1].isalnum() else ""
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w){after}", text):
        if not (words[0].isupper() and _RUNS_ON.search(text, 0, match.start())):
            return Span(match[0], match.start(), match.end())
    return None


def find_near(text: str, words: str) -> Span | None:
    """The sentences of ``text`` most like ``words``, where they are near enough to be meant as them."""
    if not words:
        return None
    sentences = find_sentences(blank(text, HASHTAG))
    count = len(find_sentences(words)) or 1
    wanted, best, found = fold(words), NEAR, None
    for first in range(len(sentences)):
        for last in range(first, min(first + count + 1, len(sentences))):
            start, end = sentences[first].start, sentences[last].end
            likeness = fuzz.ratio(fold(" ".join(text[start:end].split())), wanted)
            if likeness > best:
                best, found = likeness, Span(text[start:end], start, end)
    return found


def check_call_to_action(reading: Reading) -> Iterator[Finding]:
    """It is there word for word."""
    words = reading.call_to_action
    if not words or find_verbatim(reading.text, words):
        return
    near = find_near(reading.text, words)
    if near:
        yield fault(
            "call_to_action_altered",
            N_('The call to action was changed. It must read: "{words}"'),
            near,
            repair=True,
            words=words,
        )
    else:
        yield fault("call_to_action_missing", N_('The call to action is missing: "{words}"'), repair=True, words=words)


def check_hashtags(reading: Reading) -> Iterator[Finding]:
    """Those of the brief are there, letter for letter, and no others; no more than the platform takes."""
    found = find_hashtags(reading.text)
    there = {tag.text for tag in found}
    allowed = {tag.text for tag in find_hashtags(reading.source)}
    for wanted in reading.hashtags:
        if wanted not in there:
            yield fault("hashtag_missing", N_("The hashtag {hashtag} is missing."), repair=True, hashtag=wanted)
    if reading.platform.hashtags == 0:
        code = "hashtags_in_email" if reading.platform.key == "email" else "too_many_hashtags"
        for tag in found:
            message = N_("{platform} takes no hashtags: {hashtag}")
            yield fault(code, message, tag, repair=True, hashtag=tag.text, platform=reading.platform.name)
        return
    for tag in found:
        if tag.text not in allowed:
            yield fault(
                "hashtag_invented", N_("The brief has no hashtag {hashtag}."), tag, repair=True, hashtag=tag.text
            )
    most = reading.platform.hashtags
    if most is not None and len(found) > most:
        # What the call to action asks for stays: the brief's own number is not this text's fault.
        level = doubt if len(reading.hashtags) > most else fault
        yield level(
            "too_many_hashtags",
            N_("{count} hashtags; {platform} takes {most}."),
            found[most],
            count=str(len(found)),
            platform=reading.platform.name,
            most=str(most),
        )
