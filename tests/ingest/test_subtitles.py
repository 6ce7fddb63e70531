"""SRT and WebVTT with their quirks, and hostile cues in linear time."""

import time
from collections.abc import Callable

import pytest

from core.errors import DamagedInput, UnknownFormat
from core.ingest import Reading
from core.ingest.subtitles import ADVERT

Take = Callable[[str, str | bytes], Reading]

SRT = (
    "\ufeff1\r\n00:00:05,000 --> 00:00:07,000\r\n<i>A rede</i>\r\nestá cortada.\r\n\r\n"
    "2\n00:00:08,000 --> 00:00:09,500\n- Quem foi?\n- Não sei.\n  Juro.\n\n\n\n\n"
    "3\n00:00:10,000 --> 00:00:11,000\n[porta bate]\n\n"
    "4\n00:00:12,000 --> 00:00:13,000\n{\\an8}[suspira] Boa noite.\n\n"
    "5\n00:00:14,000 --> 00:00:15,000\nTIÃO: Em que ano?\n\n"
    "6\n00:00:16,000 --> 00:00:17,000\n1984\n\n"
    "7\n00:00:16,000 --> 00:00:17,000\n1984\n\n"
    "8\n00:00:18,000 --> 00:00:19,000\n♪\n\n"
    "9\n00:00:20,000 --> 00:00:21,000\n<script>oi</script>\n\n"
    "10\n00:00:22,000 --> 00:00:23,000\n<b> </b>\n\n"
    "9999\n00:00:01,000 --> 00:00:02,000\nSupport us and become VIP member\nwww.OpenSubtitles.org\n"
)

VTT = """WEBVTT - Farol

NOTE written by hand
00:00 is no cue

STYLE
::cue { color: red }

intro
00:01.000 --> 00:03.000 position:10% align:start
<v.loud Dona Lia>A rede <c.red>está</c> cortada.</v>
<v Zé>De novo?

2
01:00:04.000 --> 01:00:05.000
(vento)

last
00:06.000 --> 00:07.000
2010
"""


def told(reading: Reading) -> list[tuple[int | None, str, str | None, str]]:
    (episode,) = reading.episodes
    return [(line.start_ms, line.kind.value, line.speaker, line.text) for line in episode.lines]


def test_srt(take: Take) -> None:
    reading = take("Farol.S01E02.srt", SRT)
    assert reading.format == "subtitles"
    assert reading.episodes[0].key == "S01E02"
    assert told(reading) == [
        (5000, "speech", None, "A rede está cortada."),
        (8000, "speech", None, "Quem foi?"),
        (8000, "speech", None, "Não sei. Juro."),
        (10000, "sound", None, "porta bate"),
        (12000, "sound", None, "suspira"),
        (12000, "speech", None, "Boa noite."),
        (14000, "speech", "TIÃO", "Em que ano?"),
        (16000, "speech", None, "1984"),
        (18000, "sound", None, "♪"),
        (20000, "speech", None, "<script>oi</script>"),
    ]
    report = reading.report
    assert report.dropped == {ADVERT: 1, "exact repeat of the row before": 1, "no text": 1}
    assert (report.rows_read, report.rows_kept) == (11, 8)
    assert reading.episodes[0].lines[2].source_row == 2


def test_cues_are_sorted_by_time(take: Take) -> None:
    cues = "2\n00:00:09,000 --> 00:00:10,000\nDepois.\n\n1\n00:00:01,000 --> 00:00:02,000\nAntes.\n"
    reading = take("S01E01.srt", cues)
    assert [text for *_, text in told(reading)] == ["Antes.", "Depois."]
    assert "1 rows were out of order" in str(reading.report.notes[0])


def test_webvtt(take: Take) -> None:
    assert told(take("S01E02.vtt", VTT)) == [
        (1000, "speech", "Dona Lia", "A rede está cortada."),
        (1000, "speech", "Zé", "De novo?"),
        (6000, "speech", None, "2010"),
        (3604000, "sound", None, "vento"),
    ]


def test_a_blank_line_within_a_cue_of_srt_is_no_end(take: Take) -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\nUm,\n\ndois.\n\n2\n00:00:03,000 --> 00:00:04,000\nTrês.\n"
    assert [text for *_, text in told(take("S01E01.srt", cues))] == ["Um, dois.", "Três."]


def test_old_encodings(take: Take) -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\nNão há pão.\n"
    for encoding in ("cp1252", "utf-16"):
        assert told(take("S01E01.srt", cues.encode(encoding)))[0][-1] == "Não há pão."


def test_a_name_without_number_is_refused(take: Take) -> None:
    with pytest.raises(UnknownFormat, match=r"farol\.srt does not tell which episode .* like S01E03\.srt"):
        take("farol.srt", SRT)


def test_nothing_but_adverts_is_refused(take: Take) -> None:
    with pytest.raises(DamagedInput, match=r"no usable row: advert or credit of the subtitles \(1\)"):
        take("S01E01.srt", "1\n00:00:01,000 --> 00:00:02,000\nSubtitles by Somebody\n")


@pytest.mark.parametrize(
    "hostile",
    [
        "\n" * 900_000,
        "<c" * 400_000,
        "{" * 900_000,
        "<v " * 300_000,
        " " * 900_000 + "x",
        "1" * 900_000,
        "-\n" * 300_000,
        "00:00:01,000 -->" * 50_000,
    ],
)
def test_hostile_cues_cost_linear_time(take: Take, hostile: str) -> None:
    began = time.perf_counter()
    take("S01E01.srt", "1\n00:00:01,000 --> 00:00:02,000\nOi.\n" + hostile + "\n")
    assert time.perf_counter() - began < 20
