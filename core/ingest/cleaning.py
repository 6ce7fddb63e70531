"""Text as it may enter the library: one line, NFC, nothing invisible that could hide or reorder words."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls (but white space), soft hyphen, zero-width characters, every Bidi_Control character (they
# reorder what a reader sees; right-to-left letters need none of them), annotation marks, tag characters (they
# smuggle hidden instructions to a model) and lone surrogates, which no database takes.
# Source: UAX #9 (bidi), UTR #36 (security), https://www.unicode.org/reports/
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]+"
)
# ZWNJ and ZWJ stay between letters that need them (Arabic to Khmer scripts) and inside emoji sequences.
_JOINS = (
    "\u0600-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
    "\u00a9\u00ae\u203c\u2049\u2122\u2190-\u2bff\ufe0f\u20e3\U0001f000-\U0001faff"
)
_STRAY_JOINER = re.compile(f"(?<![{_JOINS}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINS}\u200c\u200d])")

# Normalising a run of combining marks takes quadratic time (80,000 marks: 5 s), so a run is cut as Unicode's
# stream-safe format allows. Source: UAX #15, section 13.
MAX_MARKS = 30
_SHORT = 256

# A footnote mark that a wiki table left behind a title: Friends and Family"[203]
_FOOTNOTE = re.compile(r'"?\[[0-9]{1,4}\]$')


LONGEST_NAME = 300
"""Characters in a speaker's name or a title; groups of speakers are long."""

_REMEMBERED = 10_000


class Cleaner:
    """Cleans text and counts what it took away (``removed``, in characters)."""

    def __init__(self) -> None:
        self.removed = 0
        self._names: dict[str, str] = {}

    def clean(self, text: str) -> str:
        """``text`` on one line, in NFC, without invisible characters; white space runs become one space."""
        if not text.isascii() or not text.isprintable():
            text = self._strip_invisible(text)
            if not text.isascii():
                text = unicodedata.normalize("NFC", self._limit_marks(text))
        return " ".join(text.split())

    def name(self, text: str) -> str:
        """A speaker's name, cut at ``LONGEST_NAME``; remembered, since a transcript repeats them."""
        known = self._names.get(text)
        if known is None:
            known = self.clean(text)[:LONGEST_NAME].strip()
            if len(self._names) < _REMEMBERED and len(text) <= LONGEST_NAME:
                self._names[text] = known
        return known

    def title(self, text: str) -> str:
        """A title without footnote marks and without the quotes around it."""
        text = _FOOTNOTE.sub("", self.clean(text)).strip()
        if len(text) > 1 and text[0] + text[-1] in {'""', "“”", "«»"}:
            text = text[1:-1].strip()
        return text[:LONGEST_NAME].strip()

    def _strip_invisible(self, text: str) -> str:
        kept = _INVISIBLE.sub("", text)
        if "\u200c" in kept or "\u200d" in kept:
            kept = _STRAY_JOINER.sub("", kept)
        self.removed += len(text) - len(kept)
        return kept

    def _limit_marks(self, text: str) -> str:
        if len(text) <= _SHORT:
            return text
        kept, run = [], 0
        for char in text:
            run = run + 1 if unicodedata.combining(char) else 0
            if run <= MAX_MARKS:
                kept.append(char)
        self.removed += len(text) - len(kept)
        return "".join(kept)


def shown(name: object) -> str:
    """A file name that is safe to show and to store: no control characters, no lone surrogates."""
    return Cleaner().clean(str(name).encode("utf-8", "replace").decode("utf-8"))
