"""What of a headline and a call to action is drawn over a picture."""

from __future__ import annotations

import re

from core.compose.typography import clean_title

LONGEST_CALL = 48
"""Characters; a longer call to action is drawn up to the end of its first sentence."""

_LINK = re.compile(r"(?:https?://|www\.)([^\s/?#]+)\S*", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<!\w)#\w+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def drawn_headline(text: str) -> str:
    """One line without hashtags, links or a full stop at its end."""
    line = _plain(text)
    return line[:-1] if line.endswith(".") and not line.endswith("..") else line


def drawn_call(text: str) -> str:
    """The first sentence of a call to action if the whole is long; no hashtags; of a link, where it leads."""
    line = _plain(text)
    if len(line) > LONGEST_CALL:
        line = _SENTENCE.split(line)[0]
    return line.rstrip(" .:;,-–—")


def _plain(text: str) -> str:
    flat = clean_title(text)
    shown = _LINK.sub(lambda found: found[1].removeprefix("www.").rstrip(".,;:!)"), flat)
    return " ".join(_HASHTAG.sub(" ", shown).split())
