"""A topic written as a request (``Quero um post sobre meu salão``) brought back to what it is about (``o salão``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from core.checks.reading import WORD, load_words

_LANGUAGES = ("pt", "en")
_QUOTED = r"“[^”\n]*”|«[^»\n]*»|\"[^\"\n]*\""
_POLITE = re.compile(r"[\s,]*(?:(?:por favor|please|obrigad[oa]|thanks|thank you)[\s,.!]*\?*|\?+)\Z", re.IGNORECASE)
_QUESTION = re.compile(r"\?(?=\s)")


class _Speech(NamedTuple):
    """How one language asks for a text, and says that a thing is one's own."""

    request: re.Pattern[str]
    own: re.Pattern[str]
    ours: re.Pattern[str]
    articles: dict[str, str]
    joined: dict[str, str]


def _any(parts: Iterable[str]) -> str:
    return f"(?:{'|'.join(parts)})"


@lru_cache(maxsize=2)
def _load_speech(language: str) -> _Speech:
    words: dict[str, Any] = load_words("requests")[language]
    wants, makes, pieces, tells = (_any(words[key]) for key in ("wants", "makes", "pieces", "tells"))
    about, alone = (rf"(?:{_any(words[key])}\s+|{words['contracted']})" for key in ("about", "about_alone"))
    traits = _any(words["traits"])
    described = rf"(?:\s+{_any([traits, *words['channels'], *words['moments'], *words['readers']])})*\s+"
    start = rf"(?:{_any(words['articles'])}\s+)?(?:{traits}\s+)*"
    piece = f"{start}{pieces}{described}{about}"
    lone = f"{start}(?:{_any(words['bare'])}{described}{alone}|{pieces}{described}{_any(words['about_alone'][:1])}\\s+)"
    told = rf"{tells}(?:\s+|\s+{words['contracted']})|{_any(words['sells'])}\s+"
    asked = rf"(?:{wants}[\s,]+)+(?:(?:{makes}\s+)?{piece}|{told})|{makes}\s+{piece}|{lone}|{told}"
    own, ours = _any(words["own"]), _any(words["ours"])
    joined = _any(words["joined"] or ["(?!)"])
    return _Speech(
        request=re.compile(rf"\W*(?:{asked})(?!{_any(words['others'])}\b)", re.IGNORECASE),
        own=re.compile(
            rf"{_QUOTED}|\b(?P<before>(?:[dn]?[oa]s?|aos?|às?|pel[oa]s?|the)\s+)?(?:(?P<joined>{joined})\s+)?"
            rf"\b(?P<own>{own})\s+(?=[^\W\d_])"
        ),
        ours=re.compile(rf"(?i:(?:[oa]s?\s+)?(?P<own>{own}|{ours})\s+)(?=[a-zà-ÿ])"),
        articles=words["own"] | words["ours"],
        joined=words["joined"],
    )


def _disown(speech: _Speech, topic: str) -> str:
    """``o salão`` for ``meu salão``, ``da loja`` for ``da minha loja``; what stands in quotation marks stays."""

    def give_article(hit: re.Match[str]) -> str:
        if not hit["own"]:
            return hit[0]
        if hit["before"]:
            return hit["before"]
        return f"{speech.joined.get(hit['joined'] or '', '')}{speech.articles[hit['own']]} "

    first = speech.ours.match(topic)
    if first:
        topic = f"{speech.articles[first['own'].casefold()]} {topic[first.end() :]}"
    return speech.own.sub(give_article, topic)


@lru_cache(maxsize=256)
def strip_request(topic: str) -> str:
    """``topic`` without the words that ask for a text about it, and with articles for possessives.

    A topic that asks for nothing and owns nothing comes back as it is; so does one that is a request and no more.
    """
    for language in _LANGUAGES:
        speech = _load_speech(language)
        asked = speech.request.match(topic)
        rest = _QUESTION.sub(".", _POLITE.sub("", topic[asked.end() :]), count=1) if asked else ""
        topic = _disown(speech, rest if WORD.search(rest) else topic)
    return topic
