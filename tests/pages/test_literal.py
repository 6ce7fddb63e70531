"""Untrusted text as plain text, as escaped Markdown and as file names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._literal import clean, escape_markdown, file_name, one_line
from tests.pages.shelf import HIDDEN, HOSTILE

JOINER = "\u2060"


def unescaped(markdown: str) -> str:
    """What CommonMark makes of backslash escapes, the joiners left out."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


def test_hidden_and_reordering_characters_go():
    assert clean(f"a{HIDDEN}b") == "agnpxb"
    assert clean("soft\u00adhyphen \U000e0041tag\u061c") == "softhyphen tag"


def test_letters_accents_and_emoji_stay():
    text = "Ação, maré e coração — 1º “farol” 👨‍👩‍👧 🏳️‍🌈 میخواهم"
    assert clean(text) == text


def test_joiners_between_latin_letters_go():
    assert clean("pay\u200dpal \u200cx") == "paypal x"


def test_lines_stay_in_clean_text_and_go_on_one_line():
    assert clean("a\r\nb\rc\x07") == "a\nb\nc "
    assert one_line(" a\r\n\t b\u2028c ") == "a b c"


@given(st.text(max_size=80))
def test_escaping_hides_every_mark_and_loses_nothing(text):
    escaped = escape_markdown(text)
    assert unescaped(escaped) == one_line(text).replace(JOINER, "")
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[-`{-~]", re.sub(r"\\[!-/:-@\[-`{-~]", "", escaped))


@pytest.mark.parametrize(
    "rewritten",
    [
        r":[\w+-][\w+-]*:",  # emoji shortcodes
        r":material[_/]\w+:",
        r"https?://",
        r"www\.",
        r"[-.\w+]+@[-\w]+\.",
        r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    ],
)
def test_nothing_is_left_that_is_rewritten_after_parsing(rewritten):
    text = HOSTILE.format(port=80) + " :+1: HTTP://x WWW.x.com <-> -> <- -- >= <= ~="
    parsed = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape_markdown(text))
    assert re.search(rewritten, text, re.IGNORECASE)
    assert not re.search(rewritten, parsed, re.IGNORECASE)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Maré Alta", "S01E03", "A carta"), "mare-alta-s01e03-a-carta.png"),
        (("../../etc/passwd",), "etc-passwd.png"),
        ((HOSTILE, HIDDEN), None),
        (("日本",), "chamada.png"),
        (("CON",), "chamada-con.png"),
        (("a" * 300,), "a" * 80 + ".png"),
    ],
)
def test_file_names_are_plain_and_short(parts, name):
    made = file_name(*parts, suffix=".png")
    assert re.fullmatch(r"[a-z0-9-]{1,80}\.png", made)
    assert name is None or made == name
