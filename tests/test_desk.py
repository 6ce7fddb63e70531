"""The desk: campaigns submitted, made, mended, listed and taken away as files."""

import io
import json
import zipfile

import pytest
from PIL import Image

from core.domain.campaign import Brief, ContentType, Copy
from core.domain.gallery import CampaignFilter
from core.domain.generation import Step, find_current
from core.domain.job import JobState
from core.errors import BriefError, NotFound, QueueFull, UnsafeBrief
from core.studio import Studio
from tests.show import INFO

SIZE = {"width": 160, "height": 200}
BRIEF = Brief(
    topic="Sabão de coco da Dona Nena, feito com 60% de óleo reciclado",
    call_to_action="Leve dois! #SabãoDaNena",
    **SIZE,
)


@pytest.fixture
def studio(studio, monkeypatch) -> Studio:
    """A studio whose desk calls no worker: the tests are the worker."""
    monkeypatch.setattr(studio.desk, "call_worker", lambda: None)
    return studio


@pytest.fixture
def desk(studio):
    return studio.desk


def finish(studio, ticket):
    studio.work(idle_s=0)
    return studio.desk.get(ticket.campaign_id)


def test_a_submitted_brief_becomes_a_finished_campaign(studio, desk):
    ticket = desk.submit(BRIEF)
    assert desk.get(ticket.campaign_id).copy_ is None
    assert desk.job(ticket.campaign_id).state is JobState.PENDING
    detail = finish(studio, ticket)
    assert desk.job(ticket.campaign_id).state is JobState.COMPLETED
    assert detail.view.errors == 0
    assert desk.text(detail).endswith(BRIEF.call_to_action)
    assert "60%" in desk.text(detail)


def test_a_thousand_clicks_are_one_campaign(desk):
    assert len({desk.submit(BRIEF, token="this form") for _ in range(1000)}) == 1
    assert desk.count(CampaignFilter()) == 1


def test_the_queue_has_an_end(small):
    studio = Studio.open(small.model_copy(update={"queue_size": 2, "workers": 0}))
    for _ in range(2):
        studio.desk.submit(BRIEF)
    with pytest.raises(QueueFull):
        studio.desk.submit(BRIEF)
    assert studio.desk.count(CampaignFilter()) == 2
    studio.close()


def test_what_we_do_not_make_is_refused_before_anything_is_stored(desk):
    with pytest.raises(UnsafeBrief):
        desk.submit(Brief(topic="Vendo pistola calibre 38 sem registro, entrego em casa"))
    with pytest.raises(BriefError, match="x"):
        desk.submit(Brief(topic="Pão", platform="x"))
    with pytest.raises(NotFound, match="no show yet"):
        desk.submit(Brief(show="Nenhum"))
    assert desk.count(CampaignFilter()) == 0


def test_an_unknown_episode_is_named_with_those_there_are(imported):
    with pytest.raises(NotFound, match="S01E01"):
        imported.desk.submit(Brief(show=INFO.name, episode="S07E07"))


def test_a_canceled_campaign_goes_on_when_tried_again(studio, desk):
    ticket = desk.submit(BRIEF)
    desk.cancel(ticket.job_id)
    assert desk.job(ticket.campaign_id).state is JobState.CANCELED
    assert finish(studio, desk.retry(ticket.campaign_id)).view.finished_at


def test_a_step_made_anew_keeps_the_versions_before(studio, desk):
    ticket = desk.submit(BRIEF, seed=1)
    before = finish(studio, ticket)
    after = finish(studio, desk.rerun(ticket.campaign_id, Step.PICTURE))
    old, new = (find_current(each.generations, Step.PICTURE) for each in (before, after))
    assert old.id != new.id
    back = finish(studio, desk.use_version(old.id))
    assert find_current(back.generations, Step.PICTURE).id == old.id
    assert back.view.picture == before.view.picture


def test_a_persons_text_is_checked_and_one_press_repairs_it(studio, desk):
    ticket = desk.submit(BRIEF)
    before = finish(studio, ticket)
    faulty = "O sabão de coco da Dona Nena leva 60% de óleo reciclado. Cliquee e leve dois! #SabãoDaNena"
    edited = finish(studio, desk.edit_copy(ticket.campaign_id, before.copy_.model_copy(update={"text": faulty})))
    assert "spelling" in {finding.code for finding in edited.findings}
    assert edited.view.errors
    mended = finish(studio, desk.repair(ticket.campaign_id))
    assert mended.view.errors == 0
    assert "Leve dois! #SabãoDaNena" in mended.copy_.text
    picture = find_current(mended.generations, Step.PICTURE)
    assert picture.id == find_current(before.generations, Step.PICTURE).id


def test_there_is_nothing_to_edit_before_there_is_a_copy(desk):
    ticket = desk.submit(BRIEF)
    with pytest.raises(NotFound, match="no copy yet"):
        desk.edit_copy(ticket.campaign_id, Copy(headline="", text="Oi"))
    with pytest.raises(NotFound, match="no copy yet"):
        desk.repair(ticket.campaign_id)


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
def test_a_downloaded_picture_says_who_made_it(studio, desk, format):
    detail = finish(studio, desk.submit(BRIEF))
    download = desk.export(detail.view.id, format)
    assert b"digitalsourcetype/algorithmicMedia" in download.data
    assert b"campaign_image_prompt" in download.data
    with Image.open(io.BytesIO(download.data)) as picture:
        assert picture.format == format.upper()
        assert picture.size == (160, 200)


def test_the_zip_holds_text_picture_and_the_whole_chain(studio, desk):
    detail = finish(studio, desk.submit(BRIEF))
    with zipfile.ZipFile(io.BytesIO(desk.export(detail.view.id, "zip").data)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read(next(name for name in names if name.endswith(".json"))))
        text = archive.read(next(name for name in names if name.endswith(".txt"))).decode()
    assert any(name.endswith(".png") for name in names)
    assert text.strip() == desk.text(detail)
    assert [step["step"] for step in told["steps"]] == ["copy", "concept", "image_prompt", "picture", "composition"]
    assert told["brief"]["topic"] == BRIEF.topic


def test_a_campaign_without_a_picture_says_so(studio, desk):
    detail = finish(studio, desk.submit(BRIEF.model_copy(update={"with_image": False})))
    with pytest.raises(NotFound, match="no picture"):
        desk.export(detail.view.id, "png")
    assert desk.export(detail.view.id, "txt").data
    assert desk.export(detail.view.id, "zip").data


def test_the_trash_gives_back_and_takes_for_good(studio, desk):
    ids = [desk.submit(BRIEF).campaign_id for _ in range(3)]
    studio.work(idle_s=0)
    desk.trash(ids[:2])
    assert [view.id for view in desk.list(CampaignFilter()).items] == ids[2:]
    desk.restore(ids[:1])
    assert desk.count(CampaignFilter(trashed=True)) == 1
    assert desk.empty_trash() == 1
    with pytest.raises(NotFound):
        desk.get(ids[1])
    assert not studio.verify()


def test_every_content_type_has_a_platform_and_passes_its_checks(studio, desk):
    for kind in ContentType:
        assert desk.platforms(kind)
        ticket = desk.submit(Brief(topic=BRIEF.topic, content_type=kind, call_to_action="Leve dois!", with_image=False))
        detail = finish(studio, ticket)
        assert detail.view.errors == 0, (kind, detail.findings)
        used, limit = desk.measure(detail)
        assert 0 < used <= limit


def test_a_text_is_checked_against_a_brief_without_making_anything(desk):
    found = desk.check_text(BRIEF, "Sabão da Dona Nena com 100% de óleo reciclado. Leve dois! #SabãoDaNena")
    assert "number_not_in_brief" in {finding.code for finding in found}
    assert desk.count(CampaignFilter()) == 0
