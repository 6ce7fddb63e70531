"""The form of a text: nothing around it, nothing left to fill in, as long as asked, and nothing said twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from core.checks.promises import find_near, find_verbatim
from core.checks.reading import EMAIL, HANDLE, URL, Reading, Span, doubt, fault, fold, load_words
from core.domain.campaign import ContentType, Finding
from core.language import N_

_SHOUT = re.compile(r"[!?]*!{2,}[!?]*")
_TWICE = re.compile(r"(?<![\w-])([^\W\d_]+)(\s+)\1(?![\w-])", re.IGNORECASE)
_QUOTE = re.compile('["“”«»]')
_MOST_EXCLAMATIONS = 2
_PHRASE_WORDS = 4
"""A sentence of so many words that comes twice, or a run of them that comes three times, is a repetition."""

_DOUBLED = frozenset(load_words("form")["doubled"])
"""Words that people say twice on purpose."""


@lru_cache(maxsize=8)
def _pattern(kind: str) -> re.Pattern[str]:
    flags = re.MULTILINE if kind == "placeholders" else re.MULTILINE | re.IGNORECASE
    return re.compile("|".join(load_words("form")[kind]), flags)


def find_preamble(text: str) -> list[Span]:
    """What speaks about the text before and after it: ``Claro! Aqui está o post:``."""
    found = []
    opening = re.match(rf"\W*(?:{_pattern('openings').pattern})\s*", text, re.IGNORECASE)
    if opening and opening.end() < len(text):
        found.append(Span(opening[0], 0, opening.end()))
    closing = re.search(rf"\n[ \t]*(?:{_pattern('closings').pattern})\W*\Z", text, re.IGNORECASE)
    if closing:
        found.append(Span(closing[0], *closing.span()))
    return found


def is_quoted(text: str) -> bool:
    """Whether ``text`` stands in quotation marks as a whole."""
    marked = text[:1] in {'"', "“", "«"} and text[-1:] in {'"', "”", "»"}
    return marked and len(text) > 2 and not _QUOTE.search(text[1:-1])


def check_preamble(reading: Reading) -> Iterator[Finding]:
    """The text is the post itself, with no talk about it."""
    post = reading.post
    for span in find_preamble(post.text):
        place = Span(span.text, post.start + span.start, post.start + span.end)
        yield fault("preamble", N_("This speaks about the text; it is not part of it."), place, repair=True)
    if is_quoted(post.text):
        place = Span(post.text, post.start, post.end)
        yield fault("preamble", N_("The whole text stands in quotation marks."), place, repair=True)


def find_markup(reading: Reading) -> list[Span]:
    """Markdown and HTML of the text that its brief does not have."""
    marks = (Span(match[0], *match.span()) for match in _pattern("markup").finditer(reading.text))
    return [mark for mark in marks if mark.text not in reading.source]


def find_twice(prose: str) -> list[Span]:
    """The words that stand twice in a row by mistake."""
    found = (match for match in _TWICE.finditer(prose) if "\n" not in match[2])
    return [Span(match[0], *match.span()) for match in found if match[1].casefold() not in _DOUBLED]


def find_shouts(prose: str) -> list[Span]:
    """Where several exclamation marks stand together."""
    return [Span(match[0], *match.span()) for match in _SHOUT.finditer(prose)]


def check_gaps(reading: Reading) -> Iterator[Finding]:
    """Nothing is left to fill in, and no mark-up shows."""
    marked = find_markup(reading)
    for match in _pattern("placeholders").finditer(reading.text):
        inside = any(span.start <= match.start() < span.end for span in marked)
        if not inside and match[0].casefold() not in reading.source.casefold():
            span = Span(match[0], *match.span())
            yield fault("placeholder", N_('"{gap}" is left to fill in.'), span, gap=match[0])
    if marked:
        yield fault("markup", N_("Networks show this mark-up as it stands."), marked[0], repair=True)


def check_addresses(reading: Reading) -> Iterator[Finding]:
    """Links, e-mail addresses and handles are the brief's."""
    source = reading.source.casefold()
    taken: list[Span] = []
    for code, pattern in (("url_invented", EMAIL), ("url_invented", URL), ("handle_invented", HANDLE)):
        for match in pattern.finditer(reading.text):
            if any(span.start <= match.start() < span.end for span in taken):
                continue
            taken.append(Span(match[0], *match.span()))
            if match[0].casefold() not in source:
                yield fault(code, N_("{address} is not in the brief."), taken[-1], address=match[0])


def check_scenes(reading: Reading) -> Iterator[Finding]:
    """A short video has scenes."""
    if reading.brief.content_type is ContentType.SHORT_VIDEO and len(reading.scenes) < 2:
        yield fault(
            "scenes_missing",
            N_("The script has {count} scenes; it needs two at least."),
            count=str(len(reading.scenes)),
        )


def check_sentence_count(reading: Reading) -> Iterator[Finding]:
    """It is about as long as was asked."""
    words = reading.call_to_action
    own = find_verbatim(reading.text, words) or find_near(reading.text, words) or Span("", -1, -1)
    bare = [each for each in reading.sentences if not own.start <= each.start < own.end]
    fewest, most = load_words("form")["sentences"][reading.brief.content_type][reading.brief.length]
    if not fewest <= len(bare) <= most:
        yield doubt(
            "sentence_count",
            N_("Sentences: {count}; {fewest} to {most} were asked for."),
            count=str(len(bare)),
            fewest=str(fewest),
            most=str(most),
        )


def check_repetition(reading: Reading) -> Iterator[Finding]:
    """Nothing is said twice: no word, no sentence, no phrase."""
    for span in find_twice(reading.prose):
        yield fault("repetition", N_('"{words}" stands twice.'), span, repair=True, words=span.text.split()[0])
    seen: set[str] = set()
    for sentence in reading.sentences:
        key = " ".join(re.findall(r"\w+", fold(sentence.text)))
        if key in seen and len(key.split()) >= _PHRASE_WORDS:
            yield fault("repetition", N_('"{words}" stands twice.'), sentence, words=sentence.text)
        seen.add(key)
    words = [fold(word.text) for word in reading.words]
    runs = Counter(zip(*(words[at:] for at in range(_PHRASE_WORDS)), strict=False))
    for run, count in runs.most_common(1):
        if count > 2 and not reading.quotes(" ".join(run)):
            yield doubt("repetition", N_('"{words}" comes {count} times.'), words=" ".join(run), count=str(count))


def check_exclamations(reading: Reading) -> Iterator[Finding]:
    """It does not shout; the call to action's own marks do not count."""
    words = reading.call_to_action
    own = find_verbatim(reading.text, words) or Span("", -1, -1)
    for span in find_shouts(reading.prose):
        if not own.start <= span.start < own.end:
            yield doubt("exclamations", N_("One exclamation mark is enough."), span, repair=True)
    count = len(re.findall(r"!+", reading.told)) - len(re.findall(r"!+", own.text))
    if count > _MOST_EXCLAMATIONS:
        yield doubt("exclamations", N_("{count} exclamation marks: it shouts."), count=str(count))
