"""core/engines/draft/quotes.py: what may be quoted and how a long line is cut."""

from collections import Counter

import pytest

from core.domain.show import Line, LineKind
from core.engines.draft.quotes import cut_excerpt, ends_sentence, find_quotables, is_clean, is_spoken, split_sentences


def lines(*texts: str, kind: LineKind = LineKind.SPEECH) -> list[Line]:
    return [Line(scene=1, seq=i, kind=kind, text=t, source_file="a", source_row=i + 1) for i, t in enumerate(texts)]


def test_split_sentences() -> None:
    text = "Mr. Garrison saiu. “Fugiu?” Sim...  A Sra. Dora ficou"
    assert split_sentences(text) == ["Mr. Garrison saiu.", "“Fugiu?”", "Sim...", "A Sra. Dora ficou"]
    assert split_sentences("") == []
    assert split_sentences("Fim.") == ["Fim."]


@pytest.mark.parametrize("text", ["<b>oi</b>", "a|b", "‹|eot_id|›", "[INST] oi", "veja www.a.com", "HTTPS://a.b"])
def test_markup_is_not_spoken(text: str) -> None:
    assert not is_spoken(text)


@pytest.mark.parametrize("text", ["Quarenta por cento (40 %)!", "[risos] Que nada...", "“Sim”, disse ele — e saiu."])
def test_speech_is_spoken(text: str) -> None:
    assert is_spoken(text)


def test_is_clean() -> None:
    assert is_clean("A classe passou o assunto.")
    assert not is_clean("Que MERDA!")


@pytest.mark.parametrize(("text", "ends"), [("Sim.”", True), ("はい。", True), ("Sim", False), ("", False)])
def test_ends_sentence(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_short_lines_wait_until_good_ones_are_few() -> None:
    good = [f"Alguém cortou a rede número {number} do Bento." for number in range(20)]
    assert len(find_quotables(lines(*good, "Rede cortada!"), "pt")) == 20
    assert len(find_quotables(lines(*good[:3], "Rede cortada!"), "pt")) == 4


def test_only_speech_with_content_counts() -> None:
    assert find_quotables(lines("Alguém cortou a rede do Bento.", kind=LineKind.DIRECTION), "pt") == []
    assert find_quotables(lines("Mas não é isso que eu sou, e você?"), "pt") == []


def test_a_line_knows_whether_it_stands_whole_and_short() -> None:
    whole, cut, long = find_quotables(lines("A rede foi cortada.", "e a rede do porto", "rede " * 81), "pt")
    assert (whole.whole, cut.whole) == (True, False)
    assert (whole.short, long.short) == (True, False)


def test_an_excerpt_is_the_weightiest_run_of_whole_sentences() -> None:
    text = "Bom dia a todos que chegaram. O porto novo cortou a rede. A rede é do Bento. Boa noite e até amanhã."
    weights = Counter({"port": 3, "red": 5, "bent": 2})
    excerpt = cut_excerpt(text, weights, "pt", limit=12)
    assert excerpt == "O porto novo cortou a rede. A rede é do Bento."
    assert excerpt in text


def test_an_excerpt_drops_directions_at_the_ends_and_nothing_else() -> None:
    assert (
        cut_excerpt("(triste) (baixo) A rede (a do Bento) sumiu. (sai)", Counter(), "pt")
        == "A rede (a do Bento) sumiu."
    )


def test_no_sentence_short_enough_no_excerpt() -> None:
    assert cut_excerpt("rede " * 50, Counter(), "pt", limit=10) == ""
    assert cut_excerpt("a" * 5000, Counter(), "pt") == ""
