"""Campaigns: stored with their job or not at all, found as they went in, deleted only from the trash."""

import threading

import pytest

from core.domain.campaign import ContentType, Facts, Finding, Tone
from core.domain.gallery import CampaignFilter
from core.domain.generation import Step
from core.domain.job import JobState, NewJob
from core.errors import BriefError, LibraryDamaged, NotFound, QueueFull
from core.store.campaigns import EXCERPT
from core.store.library import Library
from tests.show import EPISODES, INFO
from tests.store.damages import connect
from tests.store.rows import COPY, campaign, fill, finished, new_campaign, save_picture

TRASH = CampaignFilter(trashed=True)


@pytest.fixture
def library(small):
    with Library.open(small.model_copy(update={"lock_timeout_s": 60})) as opened:
        yield opened


@pytest.fixture
def campaigns(library):
    return library.campaigns


def job(token, **more):
    return NewJob(kind="campaign", token=token, **more)


def files(library):
    return {sha256 for _, sha256 in library.media.files()}


def end_jobs(library):
    for each in library.jobs.active():
        library.jobs.request_cancel(each.id)


def test_a_campaign_comes_back_as_it_went_in(library, campaigns):
    library.import_episodes(INFO, EPISODES)
    facts = Facts(show="O Farol", season=1, episode="S01E01", title="A lâmpada", transcript="uma\nduas")
    asked = {"content_type": "x_post", "tone": "urgente", "language": "en", "keywords": "é, 🦀", "width": 1080}
    new = new_campaign("A \x00lâmpada 🦀", facts=facts, episode_id=1, season_id=1, seed=2**63 - 1, **asked)
    campaign_id, job_id = campaigns.create(new, job("a", payload={"step": "copy"}), 1)
    found = campaigns.get(campaign_id)
    assert (found.brief, found.facts, found.copy_, found.generations) == (new.brief, facts, None, ())
    assert (found.job.id, found.job.campaign_id, found.job.payload) == (job_id, campaign_id, {"step": "copy"})
    view = found.view
    assert (view.content_type, view.platform, view.tone, view.language) == (ContentType.X_POST, "x", Tone.URGENT, "en")
    assert (view.show, view.episode_id, view.season_id, view.seed) == ("O Farol", 1, 1, 2**63 - 1)
    assert (view.starred, view.trashed_at, view.picture, view.excerpt, view.finished_at) == (
        False,
        None,
        None,
        "",
        None,
    )
    assert campaigns.list().items == (view,)
    assert library.verify() == []


def test_what_was_made_is_told(library, campaigns):
    finding = Finding(code="spelling", level="error", message="{word}?", values={"word": "x"})
    first = campaigns.add(new_campaign())
    again = campaigns.add(new_campaign(parent_id=first))
    output = COPY | {"findings": [finding.model_dump(mode="json")]}
    library.save_generation(finished(campaign(first), Step.COPY, "one", output=COPY))
    library.save_generation(finished(campaign(first), Step.COPY, "two", output=output))
    sha256 = save_picture(library, campaign(first), Step.COMPOSITION, 1)
    campaigns.note(first, text="Prove\n\njá! " + "x" * EXCERPT + "\x00\ud800", picture=sha256, errors=1, warnings=2)
    found = campaigns.get(first)
    assert (found.copy_.text, found.findings) == (COPY["copy"]["text"], (finding,))
    assert [(row.step, row.version, row.current) for row in found.generations] == [
        (Step.COMPOSITION, 1, True),
        (Step.COPY, 2, True),
        (Step.COPY, 1, False),
    ]
    assert (found.view.picture, found.view.errors, found.view.warnings) == (sha256, 1, 2)
    assert found.view.excerpt.startswith("Prove já! xx")
    assert len(found.view.excerpt) == EXCERPT
    assert found.view.finished_at >= found.view.created_at
    assert (found.parent, [view.id for view in found.children], found.job) == (None, [again], None)
    assert campaigns.get(again).parent == found.view
    library.make_current(found.generations[-1].id)
    assert campaigns.get(first).findings == ()
    assert library.verify() == []


def test_a_double_click_is_one_campaign(library, campaigns):
    tickets = []
    threads = [
        threading.Thread(target=lambda: tickets.append(campaigns.create(new_campaign(), job("click"), 5)))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(tickets)) == 1
    assert campaigns.count() == 1
    end_jobs(library)
    assert campaigns.create(new_campaign(), job("click"), 5) not in tickets, "over is over: this is a new one"


def test_without_room_in_the_queue_there_is_no_campaign(library, campaigns):
    campaigns.create(new_campaign(), job("a"), 1)
    with pytest.raises(QueueFull):
        campaigns.create(new_campaign(), job("b"), 1)
    assert campaigns.count() == 1
    with pytest.raises(BriefError, match="myspace"):
        campaigns.create(new_campaign(platform="myspace"), job("c"), 9)
    assert len(library.jobs.active()) == 1
    assert library.verify() == []


def test_what_is_not_there(library, campaigns):
    acts = (
        campaigns.get,
        lambda missing: campaigns.star(missing, True),
        lambda missing: campaigns.note(missing, text="x"),
        lambda missing: library.save_generation(finished(campaign(missing), Step.COPY, "x")),
    )
    for act in acts:
        with pytest.raises(NotFound, match="There is no campaign 5"):
            act(5)
    for act in (*acts[:3], lambda missing: campaigns.trash([missing]), lambda missing: campaigns.list(before=missing)):
        with pytest.raises(NotFound):
            act(10**30)
    campaigns.trash([5])
    campaigns.restore([5])
    assert library.verify() == []


def test_stars(library, campaigns):
    ids = [campaigns.add(new_campaign()) for _ in range(3)]
    campaigns.star(ids[1], True)
    assert [view.id for view in campaigns.list(CampaignFilter(starred=True)).items] == [ids[1]]
    campaigns.star(ids[1], False)
    assert campaigns.count(CampaignFilter(starred=True)) == 0
    assert library.verify() == []


def test_the_trash_and_back(library, campaigns):
    ids = [campaigns.add(new_campaign()) for _ in range(250)]
    campaigns.trash(ids)
    assert (campaigns.count(), campaigns.count(TRASH)) == (0, 250)
    first = campaigns.get(ids[0]).view.trashed_at
    campaigns.trash(ids[:1])
    assert campaigns.get(ids[0]).view.trashed_at == first
    campaigns.restore(ids[:249])
    assert (campaigns.count(), campaigns.count(TRASH)) == (249, 1)
    assert campaigns.empty_trash() == 1
    with pytest.raises(NotFound):
        campaigns.get(ids[249])
    campaigns.trash(ids[:249])
    assert campaigns.empty_trash() == 249
    assert campaigns.empty_trash() == 0
    assert library.verify() == []
    assert campaigns.add(new_campaign()) == ids[-1] + 1, "an id is never given out twice"


def test_emptying_the_trash_takes_all_of_a_campaign_and_nothing_else(library, campaigns):
    fill(library)
    before = files(library)
    own = {row.media for row in campaigns.get(1).generations if row.media}
    campaigns.trash([1])
    assert campaigns.empty_trash() == 1
    assert campaigns.get(2).parent is None
    assert campaigns.get(2).view.parent_id is None
    assert files(library) == before, "files go with the garbage"
    assert library.verify() == []
    library.collect_garbage(older_than_s=-1)
    assert files(library) == before - own
    assert library.verify() == []


def test_a_picture_that_another_campaign_shows_too_stays(library, campaigns):
    one, two = campaigns.add(new_campaign()), campaigns.add(new_campaign())
    sha256 = save_picture(library, campaign(one), Step.PICTURE, 1)
    campaigns.note(two, text="x", picture=sha256)
    campaigns.trash([one])
    campaigns.empty_trash()
    library.collect_garbage(older_than_s=-1)
    assert files(library) == {sha256}
    assert library.verify() == []


def test_what_is_being_made_is_not_deleted(library, campaigns):
    campaign_id, job_id = campaigns.create(new_campaign(), job("a"), 5)
    campaigns.trash([campaign_id])
    assert campaigns.empty_trash() == 0
    library.jobs.request_cancel(job_id)
    assert library.jobs.get(job_id).state is JobState.CANCELED
    assert campaigns.empty_trash() == 1
    with pytest.raises(NotFound):
        library.jobs.get(job_id)


def test_damage_is_said_and_not_hidden(library, campaigns, small):
    fill(library)
    database = connect(small.data_dir)
    database.execute("""UPDATE campaign SET brief = '{"topic": ""}' WHERE id = 1""")
    database.execute("UPDATE campaign SET title = 'x' WHERE id = 2")
    database.close()
    with pytest.raises(LibraryDamaged):
        campaigns.get(1)
    with pytest.raises(LibraryDamaged):
        campaigns.note(1, text="x")
    with pytest.raises(LibraryDamaged, match="campaign 2"):
        campaigns.star(2, False)
    assert campaigns.count() == 3
