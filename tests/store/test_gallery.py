"""The gallery: every mix of filters, search as you type, and pages that neither skip nor repeat."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.campaign import ContentType, Facts
from core.domain.gallery import CampaignFilter
from core.store.library import Library
from core.store.search import fold_campaign, split_search
from tests.show import EPISODES, INFO
from tests.store.rows import new_campaign

WORDS = ("café", "Coração", "pão", "tênis", "OceanWave", "80%", "açaí", "S01E03", "Ñandú", "🦀", "李白", "straße")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Two hundred campaigns of every kind, by chance."""
    from core.settings import Settings

    rng = random.Random(1)
    with Library.open(Settings(data_dir=tmp_path_factory.mktemp("gallery"))) as opened:
        opened.import_episodes(INFO, EPISODES)
        campaigns = opened.campaigns
        for number in range(200):
            about = {}
            if rng.random() < 0.3:
                about = {"episode_id": rng.randrange(1, 5), "facts": Facts(show="O Farol", season=1)}
            kind = rng.choice(list(ContentType))
            topic = " ".join(rng.sample(WORDS, 3))
            campaigns.add(new_campaign(f"{topic} {number}", content_type=kind, **about))
            if rng.random() < 0.5:
                campaigns.note(number + 1, text=" ".join(rng.sample(WORDS, 3)))
            if rng.random() < 0.1:
                campaigns.star(number + 1, True)
        campaigns.trash(rng.sample(range(1, 201), 20))
        yield opened


def ids(page):
    return [view.id for view in page.items]


def everything(library, wanted=None):
    return ids(library.campaigns.list(wanted, limit=1000))


FILTERS = st.builds(
    CampaignFilter,
    search=st.sampled_from(["", "", "caf", "CORACAO", "pao te", "s", "8", "crab", "🦀"]),
    content_type=st.none() | st.sampled_from(ContentType),
    platform=st.sampled_from(["", "", "x", "email"]),
    show=st.sampled_from(["", "", "O Farol", "Outro"]),
    episode_id=st.none() | st.integers(1, 5),
    starred=st.booleans(),
    trashed=st.booleans(),
)

calm = settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@calm
@given(FILTERS)
def test_every_mix_of_filters_gives_what_it_says(library, wanted):
    views = [*library.campaigns.list(limit=1000).items]
    views += library.campaigns.list(CampaignFilter(trashed=True), limit=1000).items

    def fits(view):
        words = fold_campaign(view.title, view.show, view.excerpt).split()
        starts = split_search(wanted.search)
        return (
            (not wanted.search or bool(starts))
            and all(any(word.startswith(start) for word in words) for start in starts)
            and wanted.content_type in (None, view.content_type)
            and wanted.platform in ("", view.platform)
            and wanted.show in ("", view.show)
            and wanted.episode_id in (None, view.episode_id)
            and (view.starred or not wanted.starred)
            and bool(view.trashed_at) == wanted.trashed
        )

    expected = sorted((view.id for view in views if fits(view)), reverse=True)
    assert everything(library, wanted) == expected
    assert library.campaigns.count(wanted) == len(expected)


@calm
@given(FILTERS, st.integers(1, 30))
def test_pages_neither_skip_nor_repeat_in_both_directions(library, wanted, limit):
    expected = everything(library, wanted)
    page = library.campaigns.list(wanted, limit=limit)
    assert page.after is None
    forth = [page]
    while page.before is not None:
        page = library.campaigns.list(wanted, before=page.before, limit=limit)
        forth.append(page)
    assert [each for page in forth for each in ids(page)] == expected
    back = [page]
    while page.after is not None:
        page = library.campaigns.list(wanted, after=page.after, limit=limit)
        back.append(page)
    assert [each for page in reversed(back) for each in ids(page)] == expected


def test_a_page_beyond_the_end_leads_back(library):
    page = library.campaigns.list(before=1)
    assert (page.items, page.before) == ((), None)
    assert ids(library.campaigns.list(after=page.after, limit=1))
    page = library.campaigns.list(after=200)
    assert (page.items, page.after) == ((), None)
    assert ids(library.campaigns.list(before=page.before, limit=1)) == everything(library)[:1]


def test_new_ones_do_not_move_the_pages(small):
    with Library.open(small) as library:
        campaigns = library.campaigns
        for _ in range(6):
            campaigns.add(new_campaign())
        page = campaigns.list(limit=3)
        campaigns.add(new_campaign())
        campaigns.trash([5, 4])
        assert ids(campaigns.list(before=page.before, limit=3)) == [3, 2, 1]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("coração", True),
        ("CORACAO", True),
        ("coracão", True),
        ("cor", True),
        ("c", True),
        ("raçao", False),
        ("valente coracao", True),
        ("coracao covarde", False),
        ("oceanwave", True),
        ("ocean-wave", False),
        ("80%", True),
        ("#promo", True),
        ("@loja_da_ana", True),
        ("loja ana", True),
        ("strasse", True),
        ("李", True),
        ("   ", True),
        ("", True),
        ("🦀", False),
        ("%", False),
        ('"', False),
        ("coracao OR nada", False),
        ("coracao NOT valente", False),
        ("search_text:coracao", False),
        ("NEAR(coracao)", False),
        ("coracao*", True),
        ("cor\x00", True),
        ("\ud800coracao", True),
        ("ﷺ" * 500, False),
        ("c" * 100_000, False),
        ("c " * 100_000, True),
    ],
)
def test_what_people_type(small, search, found):
    with Library.open(small) as library:
        library.campaigns.add(new_campaign("Outra coisa"))
        wanted = library.campaigns.add(new_campaign("Coração valente 🦀", keywords="OceanWave, straße, 李白"))
        library.campaigns.note(wanted, text="80% de desconto #promo @loja_da_ana")
        listed = everything(library, CampaignFilter(search=search))
        assert (wanted in listed) == found
        assert library.campaigns.count(CampaignFilter(search=search)) == len(listed)


def test_search_follows_what_is_written(small):
    with Library.open(small) as library:
        campaigns = library.campaigns
        campaign_id = campaigns.add(new_campaign("Café"))
        for text, word in (("um texto", "texto"), ("outras palavras", "palavras")):
            campaigns.note(campaign_id, text=text)
            assert everything(library, CampaignFilter(search=word)) == [campaign_id]
        assert everything(library, CampaignFilter(search="texto")) == []
        assert everything(library, CampaignFilter(search="cafe")) == [campaign_id]
        campaigns.trash([campaign_id])
        assert everything(library, CampaignFilter(search="cafe")) == []
        assert everything(library, CampaignFilter(search="cafe", trashed=True)) == [campaign_id]
        campaigns.empty_trash()
        assert everything(library, CampaignFilter(search="cafe", trashed=True)) == []
        assert library.verify() == []
