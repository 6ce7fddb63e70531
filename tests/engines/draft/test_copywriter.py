"""core/engines/draft/copywriter: copy of every kind, from nothing but the brief, free of faults."""

import json
import random
import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checks.copy import check_copy
from core.domain.campaign import Brief, ContentType, Copy, Facts, Length, Tone, write_out
from core.engines.draft.copywriter.phrasebook import load_phrases
from core.engines.draft.copywriter.write import write_copy
from core.platforms import find_platform

CORPUS = Path(__file__).parents[2] / "corpus" / "briefs.json"
BRIEFS = json.loads(CORPUS.read_text(encoding="utf-8"))["briefs"]
SAMPLE = 2000
CALL = "Garanta o seu! Clique no link da bio. #OndaBoa #PraiaLimpa"
SHOE = "OndaBoa: tênis de corrida feito com 80% de plástico retirado do mar, leve, com cores vivas"


def write(brief: Brief, facts: Facts | None = None, seed: int = 0, previous: str = "") -> Copy:
    values = {"brief": brief, "facts": facts, "platform": find_platform(brief), "seed": seed}
    return Copy.model_validate(write_copy({**values, "findings": (), "previous": previous}))


def drafts(count: int):
    """``count`` drafts over briefs, content types, tones and lengths, chosen by chance: (brief, facts, copy)."""
    every = list(product(BRIEFS, ContentType, Tone, Length))
    for seed, (entry, content_type, tone, length) in enumerate(random.Random(7).sample(every, count)):
        asked = {"content_type": content_type, "tone": tone, "length": length, "platform": ""}
        brief = Brief.model_validate({**entry["brief"], **asked})
        facts = Facts.model_validate(entry["facts"]) if entry["facts"] else None
        yield brief, facts, write(brief, facts, seed)


def first_sentence(copy: Copy) -> str:
    body = copy.scenes[0].narration if copy.scenes else copy.text
    body = body.split("\n\n", 1)[1] if copy.subject_line else body
    return re.split(r"(?<=[.!?…])[”\"]?\s", body)[0]


@pytest.mark.slow
def test_two_thousand_drafts_have_no_error_and_open_in_many_ways():
    firsts, faults = set(), []
    for brief, facts, copy in drafts(SAMPLE):
        firsts.add(first_sentence(copy))
        text = write_out(copy, brief.language)
        faults += [(each.code, text) for each in check_copy(text, brief, facts) if each.level == "error"]
    assert not faults
    assert len(firsts) >= 0.6 * SAMPLE


def test_a_call_to_action_stands_at_the_end_word_for_word():
    for brief, _, copy in drafts(200):
        call = brief.call_to_action
        if find_platform(brief).hashtags == 0:
            call = re.sub(r"\s*#\w+", "", call).strip()
            assert "#" not in copy.text
        assert copy.text.endswith(call)


def test_the_same_values_give_the_same_copy_and_another_seed_another():
    brief = Brief(topic=SHOE, call_to_action=CALL)
    assert write(brief) == write(brief)
    assert len({write(brief, seed=seed).text for seed in range(10)}) > 5


def test_what_was_refused_is_written_another_way():
    brief = Brief(topic=SHOE, call_to_action=CALL, length=Length.LONG)
    first = write(brief)
    assert write(brief, previous=first.text).text != first.text


def test_every_fact_of_a_long_description_is_the_briefs():
    brief = Brief(topic=SHOE, content_type=ContentType.PRODUCT_DESCRIPTION, length=Length.LONG)
    text = write(brief).text
    for fact in ("feito com 80% de plástico retirado do mar", "leve", "cores vivas", "tênis de corrida"):
        assert fact in text
    assert re.findall(r"\d+", text) == ["80"]


@pytest.mark.parametrize("seed", range(20))
def test_a_post_for_x_keeps_its_call_within_the_limit(seed):
    topic = SHOE + ", " + ", ".join(f"com bolso número {number} para guardar coisas" for number in range(2, 9))
    brief = Brief(topic=topic, content_type=ContentType.X_POST, call_to_action=CALL, length=Length.LONG)
    text = write(brief, seed=seed).text
    assert len(text) <= 280
    assert text.endswith(CALL)


@pytest.mark.parametrize("content_type", ContentType)
def test_each_content_type_has_its_own_parts(content_type):
    copy = write(Brief(topic=SHOE, content_type=content_type, call_to_action=CALL, length=Length.MEDIUM))
    assert bool(copy.subject_line) == (content_type is ContentType.MARKETING_EMAIL)
    assert len(copy.subject_line) <= 50
    assert bool(copy.scenes) == (content_type is ContentType.SHORT_VIDEO)
    assert not copy.scenes or 3 <= len(copy.scenes) <= 6
    assert len(copy.headline) <= 60


@pytest.mark.parametrize(
    ("article", "noun", "rest"),
    [
        ("a", "bolsa Jandira", ", de couro, com alça longa"),
        ("o", "café Serra Alta", ", torra média e grãos colhidos à mão"),
        ("as", "camisetas de algodão", ", do P ao GG, com estampas do mar"),
        ("o", "tênis infantil", ", com solado que não escorrega"),
        ("a", "oficina de cerâmica", " para iniciantes, com barro e torno"),
    ],
)
def test_articles_agree_with_the_noun(article, noun, rest):
    joined = rf"\b(?:[dn]?([oa]s?)) {noun}"
    topic = noun[:1].upper() + noun[1:] + rest
    texts = [write(Brief(topic=topic, tone=tone), seed=seed).text for seed, tone in product(range(4), Tone)]
    assert {found for text in texts for found in re.findall(joined, text)} == {article}


def every_text(topic: str, **more) -> list[str]:
    """Drafts of ``topic`` in each content type and tone."""
    asked = product(ContentType, Tone)
    briefs = [Brief(topic=topic, content_type=kind, tone=tone, call_to_action=CALL, **more) for kind, tone in asked]
    return [write_out(write(brief, seed=seed), brief.language) for seed, brief in enumerate(briefs)]


@pytest.mark.parametrize(
    ("topic", "subject", "asked"),
    [
        ("Quero um post sobre meu salão de beleza", r"(?:^|\b[dn]?o )salão de beleza\b", "quero um post"),
        ("Faça um post para o Dia das Mães da minha floricultura", r"(?:^|\b[dn]?a )floricultura\b", "faça um post"),
    ],
)
def test_a_request_is_not_printed(topic, subject, asked):
    for text in every_text(topic):
        assert re.search(subject, text, re.IGNORECASE | re.MULTILINE)
        assert asked not in text.casefold()


@pytest.mark.parametrize(
    ("topic", "language"),
    [
        ("This is a great new coffee from Brazil, roasted weekly", "pt-BR"),
        ("Handmade ceramic mugs", "pt-BR"),
        ("Pão de queijo da serra, assado na hora", "en"),
    ],
)
def test_a_topic_in_another_language_is_quoted_as_it_stands(topic, language):
    for text in every_text(topic, language=language):
        assert re.search(rf"(?:: |^){re.escape(topic)}\.", text, re.MULTILINE)


def test_a_noun_of_unsure_gender_takes_no_article_unless_an_adjective_shows_it():
    assert all(re.search(r"(?:: |^)kombi\b", text, re.IGNORECASE | re.MULTILINE) for text in every_text("kombi"))
    assert not any(re.search(r"\b[dn]?[oa] kombi", text, re.IGNORECASE) for text in every_text("kombi"))
    assert any(re.search(r"\b[dn]?a kombi adaptada", text) for text in every_text("kombi adaptada"))


@pytest.mark.parametrize("call", ["", CALL])
@pytest.mark.parametrize(("seed", "tone"), list(enumerate(Tone)))
def test_a_video_of_a_bare_topic_names_it_once_and_is_short(seed, tone, call):
    brief = Brief(
        topic="Sabonete de camomila em barra", content_type=ContentType.SHORT_VIDEO, tone=tone, call_to_action=call,
        length=Length.LONG,
    )  # fmt: skip
    told = [scene.narration for scene in write(brief, seed=seed).scenes]
    assert len(told) == 2
    assert "camomila" in told[0]
    assert "camomila" not in told[1]


@pytest.mark.parametrize("tone", Tone)
def test_what_hurts_is_told_plainly(tone):
    brief = Brief(topic="Roda de conversa sobre luto, gratuita, uma vez por mês", tone=tone, length=Length.MEDIUM)
    text = write(brief).text
    assert "!" not in text
    assert not re.search(r"fofoca|psiu|spoiler|prazer", text, re.IGNORECASE)


def story(*, fiction: bool) -> Facts:
    return Facts(
        show="O Farol", season=1, episode="S01E01", title="A Lâmpada", label="Temporada 1 · Episódio 1",
        fiction=fiction, logline="Alguém apaga o farol com um barco no mar.",
    )  # fmt: skip


def test_only_fiction_is_dramatic():
    brief = Brief(show="O Farol", season=1, episode="S01E01", tone=Tone.DRAMATIC)
    dramatic = [page.split("{")[0] for page in load_phrases("pt-BR")["openings"]["episode dramatic"]]
    staged = [words for words in dramatic if len(words) > 5]

    def is_staged(fiction: bool) -> bool:
        texts = [write(brief, story(fiction=fiction), seed).text for seed in range(40)]
        return any(text.startswith(tuple(staged)) for text in texts)

    assert is_staged(True)
    assert not is_staged(False)


def test_an_ending_is_never_quoted():
    moments = ({"seq": 90, "scene": 9, "speaker": "ANA", "quote": "Fui eu que apaguei o farol.", "spoiler": True},)
    facts = Facts.model_validate({**story(fiction=True).model_dump(), "moments": moments})
    brief = Brief(show="O Farol", season=1, episode="S01E01", length=Length.LONG)
    assert all("Fui eu" not in write_out(write(brief, facts, seed), "pt-BR") for seed in range(40))


@settings(max_examples=300, deadline=None)
@given(
    topic=st.text(min_size=1, max_size=300).filter(str.strip),
    audience=st.text(max_size=80),
    keywords=st.lists(st.text(min_size=1, max_size=20), max_size=4),
    content_type=st.sampled_from(ContentType),
    tone=st.sampled_from(Tone),
    length=st.sampled_from(Length),
    language=st.sampled_from(["pt-BR", "en"]),
)
def test_any_brief_gives_copy(topic, audience, keywords, content_type, tone, length, language):
    try:
        brief = Brief(
            topic=topic, audience=audience, keywords=keywords, content_type=content_type,
            tone=tone, length=length, language=language,
        )  # fmt: skip
    except ValueError:
        return
    copy = write(brief)
    assert copy.text.strip()
    assert len(copy.headline) <= 60


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_a_topic_of_two_thousand_characters_gives_copy(language):
    topic = ("A loja abre às nove e serve café feito na hora com bolo de fubá. " * 40)[:2000]
    for content_type in ContentType:
        assert write(Brief(topic=topic, content_type=content_type, language=language)).text


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_both_languages_hold_the_same_pages(language):
    pages = load_phrases(language)
    assert pages.keys() == load_phrases("pt-BR").keys()
    for role in ("openings", "points", "introductions", "visuals"):
        plain = {key for key in load_phrases("pt-BR")[role] if " " not in key}
        assert plain <= pages[role].keys()
