"""What surrounds the sentences: the call to action with its hashtags, verbatim, and the network's limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.checks.limits import count_weighted
from core.checks.reading import HASHTAG, split_call_to_action
from core.domain.campaign import Brief
from core.platforms import Platform

HEADLINE_CHARS = 60
SUBJECT_CHARS = 50

_HASHTAG = re.compile(rf"\s*{HASHTAG.pattern}")


def call_to_action(brief: Brief, platform: Platform) -> str:
    """The brief's call to action; without hashtags where the platform takes none."""
    return split_call_to_action(brief, platform)[0] if platform.hashtags == 0 else brief.call_to_action


def spoken(call: str) -> str:
    """A call to action as a voice reads it: no hashtags."""
    return _HASHTAG.sub("", call).strip()


def measure(platform: Platform) -> Callable[[str], int]:
    """How the platform counts characters."""
    return count_weighted if platform.key == "x" else len


def fit(paragraphs: Sequence[Sequence[str]], call: str, platform: Platform, breaks: str = "\n\n") -> str:
    """Paragraphs of sentences and the call to action as one text within the limit: the last sentences go first."""
    count = measure(platform)
    kept = [list(paragraph) for paragraph in paragraphs if paragraph]
    while True:
        parts = [" ".join(paragraph) for paragraph in kept if paragraph]
        text = breaks.join([*parts, call] if call else parts)
        if count(text) <= platform.limit or sum(map(len, kept)) <= 1:
            return text if count(text) <= platform.limit else _cut(text, call, platform, breaks)
        kept[-1].pop()
        kept = [paragraph for paragraph in kept if paragraph]


def _cut(text: str, call: str, platform: Platform, breaks: str) -> str:
    """The one sentence left cut at a clause, or a word, so that the call to action stays whole."""
    count = measure(platform)
    sentence = text.removesuffix(call).strip() if call else text
    for pattern in (r"[,;:](?=\s)", r"\s"):
        for place in reversed([found.start() for found in re.finditer(pattern, sentence)]):
            short = sentence[:place].rstrip(" ,;:–-") + "."
            whole = breaks.join(filter(None, (short, call)))
            if count(whole) <= platform.limit:
                return whole
    return call or sentence[: platform.limit]


def clip(text: str, limit: int) -> str:
    """``text`` cut at a clause, else at a word, to ``limit`` characters; no full stop at its end."""
    bare = text.rstrip(".")
    if len(bare) <= limit:
        return bare
    for pattern in (r"[,;:–—](?=\s)|\s[–—]", r"\s(?=com |para |que |with |for |that |feit|made )", r"\s"):
        places = [found.start() for found in re.finditer(pattern, bare[: limit + 1]) if found.start() >= limit // 3]
        if places:
            return _DANGLING.sub("", bare[: places[-1]]).rstrip(" ,;:–—")
    return bare[:limit]


_DANGLING = re.compile(
    r"(?: (?:a|o|e|de|do|da|dos|das|em|no|na|com|para|por|que|um|uma|of|the|and|with|for|in|on|to|an))+\Z"
)
