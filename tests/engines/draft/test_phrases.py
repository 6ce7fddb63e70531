"""core/engines/draft/phrases.py: nouns and names, no verbs, no people, no repeats."""

from core.domain.show import Line, LineKind
from core.engines.draft.casing import Casing
from core.engines.draft.phrases import find_key_phrases


def phrases(*texts: str, language: str = "pt", speaker: str = "BENTO", limit: int = 8) -> tuple[str, ...]:
    lines = [
        Line(scene=1, seq=i, speaker=speaker, kind=LineKind.SPEECH, text=t, source_file="a", source_row=i + 1)
        for i, t in enumerate(texts)
    ]
    return find_key_phrases(lines, language, Casing(texts, [speaker]), range(len(lines)), limit=limit)


def test_several_words_beat_one_and_their_pieces_are_dropped() -> None:
    found = phrases("Eu vi o barco azul.", "Todos viram um barco azul.", "Cadê a faca?", "A faca sumiu.")
    assert found == ("barco azul", "faca")


def test_a_name_keeps_its_capitals_and_stays_whole() -> None:
    found = phrases("Eu moro em Barra Funda do Mar.", "Atenção, Barra Funda do Mar!", "O mar subiu.", "Olha o mar.")
    assert found[0] == "Barra Funda do Mar"
    assert "Mar" not in found


def test_links_hold_a_phrase_together_but_never_end_it() -> None:
    found = phrases("Esta é a área de pesca.", "Fica longe da área de pesca.")
    assert found == ("área de pesca",)


def test_verbs_and_fillers_are_no_phrases() -> None:
    assert phrases("Quem cortou correu.", "Ele cortou e correu.", "Então, gente, cortou.") == ()
    assert phrases("O meu avô mostra isso.", "O seu avô mostra aquilo.") == ("avô",)


def test_infinitives_after_a_preposition_are_no_nouns() -> None:
    assert phrases("Gosto de navegar.", "Vive de navegar.") == ()
    assert phrases("Gosto do mar.", "Vive do mar.") == ("mar",)


def test_those_who_speak_are_no_phrases_but_their_things_are() -> None:
    assert phrases("Chama o Bento.", "Cadê o Bento?", "O delegado Bento.", "Um delegado Bento.") == ("delegado",)
    assert "canoa do Bento" in phrases("Passa a canoa do Bento.", "Olha a canoa do Bento.")


def test_inflections_count_together() -> None:
    assert phrases("Cortaram a rede.", "Cortaram as redes.", "E cadê as redes?") == ("redes",)


def test_once_is_chance() -> None:
    assert phrases("Eu vi o barco azul.") == ()


def test_numbers_need_a_noun() -> None:
    assert phrases("Faltam trinta dias.", "São os trinta dias.", "Eram os trinta.", "Quero os trinta.") == (
        "trinta dias",
    )


def test_english_nouns_come_last() -> None:
    found = phrases("I saw the blue boat.", "She has a blue boat.", "They are the stupid.", language="en")
    assert found == ("blue boat",)


def test_directions_in_capitals_are_read_as_written_elsewhere() -> None:
    line = {"scene": 1, "source_file": "a", "kind": LineKind.DIRECTION}
    lines = [Line(seq=i, text="BENTO guarda o ENVELOPE.", source_row=i + 1, **line) for i in range(2)]
    assert find_key_phrases(lines, "pt", Casing(["um envelope"], ["BENTO"]), [1, 2]) == ("envelope",)


def test_markup_is_left_out() -> None:
    assert phrases("<b>o barco azul</b>", "<b>o barco azul</b>") == ()


def test_the_limit_is_kept() -> None:
    texts = [f"Olha o {word}." for word in ("barco", "porto", "mapa", "farol", "sino") for _ in range(2)]
    assert len(phrases(*texts, limit=3)) == 3
