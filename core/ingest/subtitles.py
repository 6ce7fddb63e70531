"""SRT and WebVTT subtitles: cues in order of time, adverts dropped, sounds and speakers told apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from core.domain.show import LineKind
from core.errors import UnknownFormat
from core.ingest.assembly import Draft, Row
from core.ingest.csv_profile import refuse_if_nothing
from core.ingest.dialogue import is_bracketed, split_directions, split_speaker, unwrap
from core.ingest.numbering import episode_key, find_number
from core.ingest.report import NO_TEXT, REPEATED, Run
from core.ingest.source import Source
from core.language import N_
from core.settings import BUNDLED

ADVERT = N_("advert or credit of the subtitles")

_TIMING = re.compile(r"[0-9]{1,2}:[0-9]{2}[,.][0-9]{1,3} *-->")
_NOT_CUES = ("WEBVTT", "NOTE", "STYLE", "REGION")
# Markup of the formats themselves; any other tag is text. Bounded, so that "<c<c<c…" costs linear time.
_MARKUP = re.compile(r"</?(?:i|b|u|s|c|ruby|rt|lang|font|v)(?:[ .][^<>]{0,200})?>|\{\\[^{}]{0,200}\}", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^<> ]{0,100})? ([^<>]{1,200})>", re.IGNORECASE)
_DASHES = "-–—‐"


class Cue(NamedTuple):
    """A cue as timed: milliseconds, text with line breaks."""

    start_ms: int
    end_ms: int
    text: str


def is_subtitles(head: str) -> bool:
    """Whether a text's beginning is that of SRT or WebVTT."""
    return head.startswith("WEBVTT") or bool(_TIMING.search(head))


def read_subtitles(source: Source, run: Run) -> Draft:
    """The episode of one file.

    Raises:
        UnknownFormat: the file's name does not tell season and episode.
        DamagedInput: no cue with words.
    """
    found = find_number(source.path.name)
    if found is None:
        raise UnknownFormat(
            "{path} does not tell which episode it is. Put season and episode in its name, like S01E03.srt.",
            path=source.name,
        )
    draft = Draft(found[0], episode_key(*found), source.name, found[1])
    previous = None
    for number, cue in enumerate(_cues(source), 1):
        run.row(source)
        folded = cue.text.casefold()
        if cue == previous:
            run.drop(REPEATED)
        elif any(advert in folded for advert in _adverts()):
            run.drop(ADVERT)
        elif rows := list(_rows(number, cue, run)):
            draft.rows += rows
        else:
            run.drop(NO_TEXT)
        previous = cue
    run.finish(source)
    refuse_if_nothing(source, draft.rows, run)
    return draft


@lru_cache(maxsize=1)
def _adverts() -> tuple[str, ...]:
    data = json.loads((BUNDLED / "formats" / "subtitles.json").read_text(encoding="utf-8"))
    return tuple(data["adverts"])


def _cues(source: Source) -> list[Cue]:
    """The timed cues, in the order of the file."""
    from pysubs2 import SSAFile

    source.check_lines()
    text = source.text()
    # pysubs2 takes a cue's last line for the next cue's number if it is one ("1984"), notes and names of WebVTT
    # cues for speech, and long runs of blank lines cost it quadratic time: so the blocks are laid out for it.
    lines = list(_laid_out(text))
    kind = "vtt" if text.startswith("WEBVTT") else "srt"
    subtitles = SSAFile.from_string("\n".join([*lines, "", "0", ""]), kind, keep_html_tags=True)
    return [Cue(event.start, event.end, event.text.replace("\\N", "\n")) for event in subtitles]


def _laid_out(text: str) -> Iterator[str]:
    """Blocks of number, timing and text, one blank line apart; a block without timing goes on with the cue before."""
    block: list[str] = []
    timed = 0
    for line in [*text.split("\n"), ""]:
        if line.strip():
            block.append(line.strip())
            continue
        if not block:
            continue
        starts = [place for place, entry in enumerate(block) if _TIMING.search(entry)]
        if starts:
            timed += 1
            yield from ("", str(timed))
            yield from block[starts[0] :]
        elif timed and not block[0].startswith(_NOT_CUES) and not text.startswith("WEBVTT"):
            yield from block
        block = []


def _rows(number: int, cue: Cue, run: Run) -> Iterator[Row]:
    for voice, text in _voices(cue.text, run):
        for piece in _pieces(text, run):
            yield from _piece_rows(Row(number, piece, speaker=voice, order=(cue.start_ms,), start_ms=cue.start_ms))


def _voices(text: str, run: Run) -> Iterator[tuple[str | None, str]]:
    """(speaker, text) by WebVTT's voice tags."""
    parts = _VOICE.split(text)
    yield None, _MARKUP.sub("", parts[0])
    for name, part in zip(parts[1::2], parts[2::2], strict=True):
        yield run.cleaner.name(name) or None, _MARKUP.sub("", part)


def _pieces(text: str, run: Run) -> list[str]:
    """What each speaker of a cue says: a dash at the start of a line hands over."""
    pieces: list[list[str]] = []
    for raw in text.split("\n"):
        line = run.cleaner.clean(raw)
        bare = line.lstrip(_DASHES).strip()
        if not bare:
            continue
        if bare != line or not pieces:
            pieces.append([])
        pieces[-1].append(bare)
    return [" ".join(piece) for piece in pieces]


def _piece_rows(row: Row) -> Iterator[Row]:
    if not any(char.isalnum() for char in row.text) or (is_bracketed(row.text) and unwrap(row.text) != row.text):
        yield row._replace(kind=LineKind.SOUND, text=unwrap(row.text))
        return
    spoken = split_directions(row.text, "square")
    words, speaker = spoken.words, row.speaker
    named = split_speaker(words, strict=True)
    if speaker is None and named and named[1] and named[0] == named[0].upper():
        speaker, words = named
    for sound in spoken.before:
        yield row._replace(kind=LineKind.SOUND, text=sound)
    if words:
        yield row._replace(text=words, speaker=speaker)
    for sound in spoken.after:
        yield row._replace(kind=LineKind.SOUND, text=sound)
