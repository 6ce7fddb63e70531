"""Shows text that others wrote (transcripts, titles, names) as it is: no Markdown, no links, no hidden characters."""

from __future__ import annotations

import re
import unicodedata

import streamlit as st

# Order-changing and invisible characters: a title could pass for another one, or a file name hide its ending.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
_HIDDEN = re.compile(f"[{_BIDI}{_INVISIBLE}\U000e0000-\U000e007f]")
# Joiners shape emoji and some scripts, so they stay between letters of those and go anywhere else.
_STRAY_JOINER = re.compile("(?<![^\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u024f])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit rewrites these after Markdown is parsed, where a backslash no longer protects: emoji and icon
# codes (":tada:"), addresses ("http://", "www.", "a@b"), arrows ("->"). An invisible joiner breaks them.
_REWRITTEN = re.compile(r"(?<=[:@])(?=\S)|(?<=[wW]{3})(?=\.)|(?<=[<>~-])(?=[->=])")
_WORD_JOINER = "\u2060"

_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def clean(text: str) -> str:
    """``text`` without characters that hide or reorder others; line ends and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(" ", _STRAY_JOINER.sub("", _HIDDEN.sub("", text)))


def one_line(text: str) -> str:
    """``clean`` text on one line, for plain places: options, alternative texts, the browser's tab."""
    return " ".join(clean(text).split())


def escape_markdown(text: str) -> str:
    """``text`` on one line, written so that Streamlit's Markdown shows exactly these characters.

    For places that read Markdown whatever we do: headings, labels, badges, captions. Where plain text will do,
    ``show`` is the better choice.
    """
    marked = _REWRITTEN.sub(_WORD_JOINER, one_line(text))
    return _PUNCTUATION.sub(r"\\\1", marked)


def show(text: str) -> None:
    """Print ``text`` as a paragraph; nothing in it is interpreted."""
    st.text(clean(text), width="stretch")


def file_name(*parts: str, suffix: str) -> str:
    """A name for a download from ``parts``: ASCII, short, safe on every system.

    Args:
        suffix: with its dot: ``.png``.
    """
    joined = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", joined.lower()).strip("-")[:80].rstrip("-")
    if not stem or stem in _RESERVED:
        stem = f"chamada-{stem}".rstrip("-")
    return stem + suffix
