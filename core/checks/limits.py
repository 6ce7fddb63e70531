"""How long a text may be where it goes; X counts in its own way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from core.checks.reading import URL, Reading, Span, fault
from core.domain.campaign import ContentType, Finding
from core.language import N_

URL_WEIGHT = 23
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_JOINED = "[\u200d\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_PICTURE = "[\u231a-\u23ff\u25a0-\u27bf\u2934-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_EMOJI = re.compile(rf"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:{_JOINED}+{_PICTURE}?)*")


def count_weighted(text: str) -> int:
    """The length of ``text`` as X counts it: an address 23, an emoji 2, Latin letters 1, most other signs 2.

    Source: X's twitter-text configuration, version 3 (weighted ranges, scale 100, transformed URL length 23).
    """
    composed = unicodedata.normalize("NFC", text)
    bare, addresses = URL.subn("", composed)
    rest, emoji = _EMOJI.subn("", bare)
    light = sum(any(first <= ord(sign) <= last for first, last in _LIGHT) for sign in rest)
    return URL_WEIGHT * addresses + 2 * emoji + light + 2 * (len(rest) - light)


def check_length(reading: Reading) -> Iterator[Finding]:
    """The text fits where it goes."""
    post = reading.post
    weighted = reading.brief.content_type is ContentType.X_POST
    length = count_weighted(post.text) if weighted else len(post.text)
    limit = reading.platform.limit
    if length > limit:
        yield fault(
            "over_limit",
            N_("{length} characters; {platform} takes {limit}."),
            Span("", min(post.start + limit, post.end), post.end),
            length=str(length),
            platform=reading.platform.name,
            limit=str(limit),
        )


def check_subject_line(reading: Reading) -> Iterator[Finding]:
    """An e-mail has a subject line that an inbox shows whole."""
    if reading.brief.content_type is not ContentType.MARKETING_EMAIL:
        return
    line, most = reading.subject_line, reading.platform.subject_limit
    if line is None or not line.text:
        yield fault("subject_line_missing", N_("The e-mail has no subject line."))
    elif most and len(line.text) > most:
        yield fault(
            "subject_line_too_long",
            N_("The subject line has {length} characters; inboxes show about {most}."),
            line,
            length=str(len(line.text)),
            most=str(most),
        )
