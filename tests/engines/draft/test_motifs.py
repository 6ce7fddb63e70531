"""The nouns of data/motifs.json and the search for them: recall, precision, senses, speed."""

import logging
import sys
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from core.engines.draft.inflection import fold, inflect
from core.engines.draft.motifs import Motif, Role, find_motifs, load_motifs
from core.engines.draft.nouns import find_index, split_words

MOTIFS = load_motifs()
ARTICLE = {"pt": "o", "en": "the"}


@cache
def glyphs() -> frozenset[str]:
    import fonticon_mdi7
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools.ttLib").setLevel(logging.ERROR)
    with TTFont(Path(fonticon_mdi7.__file__).parent / "fonts" / "materialdesignicons-webfont.ttf") as font:
        return frozenset(font.getBestCmap().values())


def found(text: str, language: str, **options: object) -> set[str]:
    return {hit.name for hit in find_motifs(text, language, **options)}


def sentence(motif: Motif, form: str, language: str) -> str:
    cues = " ".join(cue for cue in motif.near.get(form, ()))
    return f"{'Vi ali' if language == 'pt' else 'They saw'} {ARTICLE[language]} {form} {cues}."


def test_there_are_at_least_350_nouns_of_every_role():
    assert len(MOTIFS) >= 350
    roles = Counter(motif.role for motif in MOTIFS.values())
    assert set(roles) == set(Role)
    assert min(roles.values()) >= 20


@pytest.mark.parametrize("motif", MOTIFS.values(), ids=lambda motif: motif.name)
def test_an_icon_is_a_solid_glyph_of_the_font(motif):
    assert motif.icon in glyphs()
    assert not motif.icon.endswith(("-outline", "-off", "-alert", "-plus", "-minus", "-remove", "-check"))


@pytest.mark.parametrize("motif", MOTIFS.values(), ids=lambda motif: motif.name)
def test_every_form_is_found_in_a_sentence(motif):
    for language, forms in (("pt", motif.pt), ("en", motif.en)):
        for form in forms:
            assert motif.name in found(sentence(motif, form, language), language), (language, form)


@pytest.mark.parametrize("motif", MOTIFS.values(), ids=lambda motif: motif.name)
def test_every_rule_belongs_to_a_form(motif):
    forms = {*motif.pt, *motif.en}
    assert {*motif.after_article, *motif.near, *motif.avoid} <= forms
    assert motif.name == motif.name.lower()
    assert motif.pt or motif.en
    assert all(fold(stem) == stem for stems in [*motif.near.values(), *motif.avoid.values()] for stem in stems)


@pytest.mark.parametrize("language", ["pt", "en"])
def test_no_form_means_two_motifs_without_cues(language):
    plain = Counter(
        (language, *split_words(form))
        for motif in MOTIFS.values()
        for form in (motif.pt if language == "pt" else motif.en)
        if form not in motif.near
    )
    assert [form for form, count in plain.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Os faróis da ilha", "pt", "lighthouse"),
        ("Dois barris de vinho", "pt", "barrel"),
        ("Comprou três pães", "pt", "bread"),
        ("Os cães latiam", "pt", "dog"),
        ("Os aviões passaram", "pt", "airplane"),
        ("Vimos dois canhões e uns vulcões", "pt", "volcano"),
        ("Os jornais do dia", "pt", "newspaper"),
        ("Os túneis antigos", "pt", "tunnel"),
        ("Deu dois anéis a ela", "pt", "ring"),
        ("Perdeu os anzóis", "pt", "fish hook"),
        ("Vieram três barquinhos", "pt", "boat"),
        ("Um passarinho pousou", "pt", "bird"),
        ("A faquinha do pai", "pt", "knife"),
        ("O trenzinho da praça", "pt", "train"),
        ("Umas florzinhas no vaso", "pt", "flower"),
        ("Dois guarda-chuvas pretos", "pt", "umbrella"),
        ("Os barcos de pesca voltaram", "pt", "fishing boat"),
        ("As cartas náuticas do avô", "pt", "map"),
        ("Os celulares tocaram", "pt", "cellphone"),
        ("The knives were gone", "en", "knife"),
        ("Two wolves in the snow", "en", "wolf"),
        ("The churches of the valley", "en", "church"),
        ("Cherries in a bowl", "en", "cherries"),
        ("Three lighthouses", "en", "lighthouse"),
        ("The firemen came", "en", "fire truck"),
        ("The mice ran", "en", "mouse"),
        ("The boat's name", "en", "boat"),
    ],
)
def test_plurals_diminutives_and_possessives(text, language, name):
    assert name in found(text, language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O pescador jogou a rede no mar e puxou o peixe.", "fishing net"),
        ("O deputado criticou a rede de televisão.", None),
        ("Deitou na rede da varanda e dormiu.", None),
        ("Postou a foto nas redes sociais.", None),
        ("Abriu uma conta no banco e pediu dinheiro ao gerente.", "bank"),
        ("Sentou no banco da praça, embaixo da árvore.", "bench"),
        ("O banco de dados caiu.", None),
        ("Descascou a manga e chupou a fruta.", "mango"),
        ("Arregaçou a manga da camisa.", None),
        ("O navio entrou no porto.", "harbour"),
        ("Nasceu em Porto Alegre.", None),
        ("Acendeu uma vela na igreja.", "candle"),
        ("Içaram a vela do mastro e partiram.", "sailboat"),
        ("Calçou o tênis e amarrou o cadarço.", "sneaker"),
        ("Ganhou a partida de tênis com a raquete nova.", "tennis racket"),
        ("Que pena que você não veio.", None),
        ("Molhou a pena no tinteiro para escrever.", "quill"),
        ("A nota foi sete.", None),
        ("Puxou o cabo do aparelho.", None),
        ("Mudou de canal.", None),
        ("A maré subiu.", "waves"),
        ("Embaralhou as cartas do baralho.", "playing cards"),
        ("Recebeu a carta da irmã.", "letter"),
        ("O farol guiava os navios.", "lighthouse"),
        ("Parou no farol vermelho.", None),
    ],
)
def test_words_of_several_senses(text, expected):
    senses = {
        "fishing net", "bank", "bench", "mango", "harbour", "candle", "sailboat", "sneaker", "tennis racket",
        "quill", "waves", "playing cards", "letter", "lighthouse", "pear",
    }  # fmt: skip
    assert found(text, "pt") & senses == ({expected} if expected else set())


def test_a_title_takes_its_sense_from_the_story():
    story = "Os pescadores voltaram no barco. O peixe sumiu e a pesca acabou."
    assert found("A Rede", "pt", context=story, cased=False) == {"fishing net"}
    drowned = "Nada disso interessa a quem fala de outra coisa o dia inteiro, sem parar. " * 200
    assert found("A Rede", "pt", context=story + drowned, cased=False) == set()
    assert found("A Rede", "pt", context="O servidor caiu e o provedor não responde.", cased=False) == set()


PRECISION = [
    ("pt", "Como você está?", set()),
    ("pt", "Ele cobra caro pelo serviço.", set()),
    ("pt", "A cobra mordeu o cavalo.", {"snake", "horse"}),
    ("pt", "Ela casa com ele em maio.", set()),
    ("pt", "Eu morro de rir.", set()),
    ("pt", "Eu rio disso até hoje.", set()),
    ("pt", "O rio transbordou com a chuva.", {"river", "rain"}),
    ("pt", "Viajou para o Rio de Janeiro na segunda-feira.", set()),
    ("pt", "Ele mata aula e bota a culpa nos outros.", set()),
    ("pt", "Falou com a Rosa e com o Leão da receita.", set()),
    ("pt", "Havia cerca de vinte pessoas.", {"person"}),
    ("pt", "Chama o médico!", {"stethoscope"}),
    ("pt", "Eles partiram em lua de mel.", set()),
    ("pt", "Não vale a pena chorar.", set()),
    ("pt", "É meia-noite e meia.", set()),
    ("pt", "Ele caminha devagar pelo caminho.", set()),
    ("pt", "O padrinho chegou de colarinho aberto.", set()),
    ("pt", "Você dá bola para isso?", set()),
    ("pt", "No presente, nada muda.", set()),
    ("pt", "Guardou o envelope no armário, com a faca e a lanterna.", {"letter", "wardrobe", "knife", "lantern"}),
    ("pt", "A avó tocava violão na varanda.", {"old man with a cane", "acoustic guitar", "balcony"}),
    ("pt", "O menino soltou uma pipa na montanha.", {"child", "kite", "mountain"}),
    ("en", "You can come in May.", set()),
    ("en", "I will book a flight.", set()),
    ("en", "They fire people and ring him up.", set()),
    ("en", "Light it up, will you?", set()),
    ("en", "Watch out and duck!", set()),
    ("en", "He bears no grudge; bear with me.", set()),
    ("en", "Mr. Hat says hello to Chef.", set()),
    ("en", "It was a piece of cake.", set()),
    ("en", "On the other hand, we saw nothing.", set()),
    ("en", "She is safe and well.", set()),
    ("en", "Well, there is water. Well, water again. Well, more water.", set()),
    ("en", "The road that winds up, oh man!", {"road"}),
    ("pt", "Ele limpa o vidro com a manga.", set()),
    ("pt", "A bomba de ar encheu o pneu.", {"tire"}),
    ("pt", "A porca do motor soltou.", {"engine"}),
    ("en", "They park and wave.", set()),
    ("en", "A couple of them left.", set()),
    ("en", "He is a rock star.", set()),
    ("en", "He saw the lighthouse from the ship.", {"lighthouse", "ship"}),
    ("en", "The witch dropped a lantern in the forest.", {"wizard hat", "lantern", "forest"}),
    ("en", "A dog chased the cat over the bridge.", {"dog", "cat", "bridge"}),
    ("en", "The knife lay beside a letter and a key.", {"knife", "letter", "key"}),
    ("en", "The spaceship landed near a volcano.", {"spaceship", "volcano"}),
]


def test_precision_has_forty_cases():
    assert len(PRECISION) >= 40


@pytest.mark.parametrize(("language", "text", "expected"), PRECISION, ids=lambda value: str(value)[:40])
def test_everyday_sentences(language, text, expected):
    assert found(text, language) == expected


def test_a_name_is_no_motif_unless_the_text_writes_it_small():
    assert found("Falei com a Estrela ontem. Estrela riu.", "pt") == set()
    assert found("Uma estrela, outra estrela. Olha a Estrela! Estrela!", "pt") == {"star"}
    assert found("Estrela riu.", "pt", names=["ESTRELA"]) == set()
    assert found("ELE PEGOU A FACA E O BARCO", "pt") == {"knife", "boat"}


def test_missing_accents_are_tolerated_where_one_word_is_meant():
    assert found("o passaro voou sobre o vulcao e a igreja", "pt") == {"bird", "volcano", "church"}
    assert found("ele sabia de tudo", "pt") == set()
    accented = "não é só isso: você também está lá, até amanhã, avô, " * 4
    assert "bird" not in found(accented + "passaro", "pt")


def test_unknown_language_is_searched_in_both_and_a_third_in_none():
    assert found("O navio e o tesouro", "und") == {"ship", "treasure chest"}
    assert found("The ship and the treasure", "und") == {"ship", "treasure chest"}
    assert found("Der Leuchtturm und das Radio", "de") == set()
    assert found("", "pt") == set()


def test_hits_are_counted_and_ranked_by_weight():
    text = "Uma porta, outra porta. O farol acendeu; o farol apagou."
    hits = find_motifs(text, "pt-BR")
    assert [(hit.name, hit.count, hit.first) for hit in hits] == [
        ("lighthouse", 2, text.index("farol")),
        ("door", 2, text.index("porta")),
    ]


def test_work_grows_with_the_text_alone():
    unit = "O barco de pesca saiu do porto com a rede, a faca e uma lanterna. Ele cobra caro. "

    def calls(text: str) -> int:
        count = 0

        def profile(_frame: object, event: str, _arg: object) -> None:
            nonlocal count
            count += event in {"call", "c_call"}

        find_index("pt")
        sys.setprofile(profile)
        try:
            find_motifs(text, "pt")
        finally:
            sys.setprofile(None)
        return count

    once, four = calls(unit * 100), calls(unit * 400)
    assert 3.5 < four / once < 4.2


@pytest.mark.parametrize(
    ("word", "language", "forms"),
    [
        ("farol", "pt", {"faróis", "farolzinho"}),
        ("pastel", "pt", {"pastéis"}),
        ("túnel", "pt", {"túneis"}),
        ("barril", "pt", {"barris"}),
        ("trem", "pt", {"trens", "trenzinho"}),
        ("flor", "pt", {"flores", "florzinha"}),
        ("barco", "pt", {"barcos", "barquinho", "barquinhos"}),
        ("praça", "pt", {"pracinha"}),
        ("carta náutica", "pt", {"cartas náuticas"}),
        ("vara de pescar", "pt", {"varas de pescar"}),
        ("berry", "en", {"berries"}),
        ("box", "en", {"boxes"}),
        ("thief", "en", {"thieves"}),
        ("bottle of wine", "en", {"bottle of wine"}),
    ],
)
def test_inflection(word, language, forms):
    assert forms <= set(inflect(word, language))


def test_kinds_keep_lookalikes_apart():
    boats = [motif for motif in MOTIFS.values() if motif.icon == "sail-boat"]
    assert len(boats) >= 3
    assert all(one.kind == other.kind for one, other in combinations(boats, 2))
