"""What text may not carry into the library."""

import time

import pytest

from core.ingest.cleaning import LONGEST_NAME, MAX_MARKS, Cleaner, shown


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  plain \t words\r\n", "plain words"),
        ("cafe\u0301", "café"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("a\x85b\x0bc\u2028d", "a b c d"),
        ("pão\u200b doce\ufeff \u2060", "pão doce"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u200fשלום עולם\u200e", "שלום עולם"),
        ("soft\u00adhyphen", "softhyphen"),
        ("hi\U000e0069\U000e0067", "hi"),
        ("half \ud83d pair", "half pair"),
        ("zero\u200dwidth\u200c", "zerowidth"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d🚀 e 🏳\ufe0f\u200d🌈", "👩\u200d🚀 e 🏳\ufe0f\u200d🌈"),
        ("👩\u200d\u200d\u200d🚀", "👩\u200d🚀"),
        ("<|eot_id|><b>oi</b>", "<|eot_id|><b>oi</b>"),
    ],
)
def test_cleans(dirty: str, clean: str) -> None:
    assert Cleaner().clean(dirty) == clean


def test_cleaning_twice_changes_nothing() -> None:
    once = Cleaner().clean("\u202ea\u0301\u200d  👩\u200d🚀\x00")
    assert Cleaner().clean(once) == once


def test_counts_what_it_removes_but_not_white_space() -> None:
    cleaner = Cleaner()
    cleaner.clean("a\r\n  b")
    assert cleaner.removed == 0
    cleaner.clean("a\u200b\u202eb\x07")
    assert cleaner.removed == 3


def test_a_line_of_combining_marks_is_cut_in_linear_time() -> None:
    began = time.perf_counter()
    text = Cleaner().clean("a" + "\u0301\u0316" * 400_000)
    # Normalising all of them would take minutes.
    assert time.perf_counter() - began < 10
    assert len(text) <= MAX_MARKS + 1


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ('Nets and Boats"[203]', "Nets and Boats"),
        ("Nets[9]", "Nets"),
        ('"A Rede"', "A Rede"),
        ("“A Rede”", "A Rede"),
        ('He said "no"', 'He said "no"'),
        ("Take [Five]", "Take [Five]"),
        ('"', '"'),
        ("x" * 999, "x" * LONGEST_NAME),
    ],
)
def test_titles(raw: str, title: str) -> None:
    assert Cleaner().title(raw) == title


def test_names_are_remembered_and_cut() -> None:
    cleaner = Cleaner()
    assert cleaner.name(" Tia\u0303o\u200b\n") == cleaner.name(" Tia\u0303o\u200b\n") == "Tião"
    assert cleaner.name("Y" * 1000) == "Y" * LONGEST_NAME


def test_file_names_are_safe_to_show() -> None:
    assert shown("a\x1b[2J\nb\udcff.txt") == "a[2J b?.txt"
