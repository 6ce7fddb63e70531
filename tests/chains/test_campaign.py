"""A campaign's chain: its steps, what is made anew and what is kept, and how it ends when something fails."""

import base64
import io
import json

import pytest
from PIL import Image

from core.chains.campaign import STEPS, CampaignRun
from core.domain.campaign import Brief, Copy
from core.domain.generation import Origin, Step, find_current
from core.engines.base import ImageResult
from core.engines.draft.painter import DraftPainter
from core.errors import Canceled, EngineError
from core.studio import Studio
from tests.scripted import ScriptedText
from tests.show import INFO

BRIEF = Brief(
    topic="Pão de fermentação natural, feito às 5 da manhã", call_to_action="Peça pelo WhatsApp!", width=160, height=200
)


def begin(studio: Studio, brief: Brief = BRIEF, seed: int = 7) -> int:
    return studio.desk.submit(brief, seed=seed).campaign_id


@pytest.fixture
def studio(studio, monkeypatch):
    """A studio whose desk calls no worker: the tests run the chain themselves."""
    monkeypatch.setattr(studio.desk, "call_worker", lambda: None)
    return studio


def run(studio: Studio, campaign_id: int, text=None, image=None, **options):
    text, image = text or ScriptedText(), image or DraftPainter()
    CampaignRun(studio.library, studio.desk.get(campaign_id), lambda: text, lambda: image, **options).run()
    return studio.desk.get(campaign_id)


def current(detail):
    return {step: find_current(detail.generations, step) for step in STEPS}


def test_every_step_is_a_stored_generation_and_the_picture_has_the_briefs_size(studio):
    detail = run(studio, begin(studio))
    rows = current(detail)
    assert all(rows.values())
    assert detail.view.finished_at
    assert detail.view.picture == rows[Step.COMPOSITION].media
    assert detail.copy_.headline == "Pão quente"
    with Image.open(studio.picture(detail.view.picture)) as picture:
        assert picture.size == (160, 200)
        told = json.loads(picture.text["chamada"])
    assert [step["step"] for step in told["steps"]] == [step.value for step in STEPS[:-1]]
    assert told["steps"][2]["prompt"].startswith("product photograph")


def test_a_brief_without_a_picture_stops_after_the_copy(studio):
    detail = run(studio, begin(studio, BRIEF.model_copy(update={"with_image": False})))
    assert {row.step for row in detail.generations} == {Step.COPY}
    assert detail.view.finished_at
    assert detail.view.picture is None


def test_running_again_makes_nothing(studio):
    campaign_id = begin(studio)
    before = run(studio, campaign_id).generations
    engine = ScriptedText()
    assert run(studio, campaign_id, engine).generations == before
    assert engine.seen == []


@pytest.mark.parametrize("step", STEPS)
def test_a_step_made_anew_makes_what_follows_anew_and_keeps_what_is_before(studio, step):
    campaign_id = begin(studio)
    before = current(run(studio, campaign_id))
    after = current(run(studio, campaign_id, start=step, seed=99))
    for each in STEPS:
        assert (after[each].id == before[each].id) is (STEPS.index(each) < STEPS.index(step)), each


def test_a_step_made_anew_twice_with_one_seed_is_one_version(studio):
    campaign_id = begin(studio)
    run(studio, campaign_id)
    first = run(studio, campaign_id, start=Step.PICTURE, seed=99)
    again = run(studio, campaign_id, start=Step.PICTURE, seed=99)
    assert first.generations == again.generations


def test_an_edit_keeps_the_picture_and_sets_the_new_words(studio):
    campaign_id = begin(studio)
    before = current(run(studio, campaign_id))
    words = Copy(headline="Pão de hoje", text="Pão de fermentação natural. Peça pelo WhatsApp!")
    studio.desk.edit_copy(campaign_id, words)
    detail = run(studio, campaign_id)
    after = current(detail)
    assert detail.copy_ == words
    assert after[Step.COPY].engine == "person"
    assert after[Step.PICTURE].id == before[Step.PICTURE].id
    assert after[Step.COMPOSITION].output["headline"] == "Pão de hoje"


def test_an_engine_is_told_what_was_wrong_and_the_refused_copy_is_kept(studio):
    tries = []

    def careless_once(text):
        tries.append(text)
        said = "Pão com 300 anos de história. Peça pelo WhatsApp!" if len(tries) == 1 else None
        good = "Pão de fermentação natural, feito às 5 da manhã. Peça pelo WhatsApp!"
        return {"headline": "Pão quente", "text": said or good}

    detail = run(studio, begin(studio), ScriptedText(Copy=careless_once))
    row = current(detail)[Step.COPY]
    assert len(tries) == 2
    assert "300" in tries[1]
    assert "300" in row.output["refused"][0]["copy"]["text"]
    assert not [finding for finding in detail.findings if finding.level == "error"]


def test_after_being_asked_again_the_copy_stands_with_its_errors_shown(studio):
    tries = []

    def careless(text):
        tries.append(text)
        return {"headline": "Pão", "text": "Pão com 300 anos. Peça pelo WhatsApp!"}

    detail = run(studio, begin(studio), ScriptedText(Copy=careless))
    assert detail.view.errors >= 1
    assert "number_not_in_brief" in {finding.code for finding in detail.findings}
    assert len(tries) == 2


def test_a_prompt_that_stays_bad_becomes_the_generic_one(studio):
    bad = {"prompt": "Sure! Here is the prompt: um pão na mesa com", "negative_prompt": ""}
    scene = {"subject": "bread", "setting": "interior", "motifs": ["bread"]}
    engine = ScriptedText(campaign_image_prompt=lambda text: {**bad, "scene": scene})
    row = current(run(studio, begin(studio), engine))[Step.IMAGE_PROMPT]
    assert "loaf of bread" in row.output["prompt"]
    assert row.findings


class BrokenPainter(DraftPainter):
    """Paints nothing but black."""

    def generate(self, request, on_step=None):
        from PIL import Image

        return ImageResult(Image.new("RGB", (request.width, request.height)), 0.0)


def test_a_black_picture_is_refused_and_the_text_is_kept(studio):
    campaign_id = begin(studio)
    with pytest.raises(EngineError, match="picture failed its check twice"):
        run(studio, campaign_id, image=BrokenPainter())
    kept = studio.desk.get(campaign_id)
    assert kept.copy_ is not None
    assert kept.view.excerpt
    assert kept.view.finished_at is None
    engine = ScriptedText()
    assert run(studio, campaign_id, engine).view.finished_at
    assert engine.seen == []


def test_a_stop_within_the_picture_keeps_what_was_finished(studio):
    campaign_id = begin(studio)
    asked = []

    def stop():
        asked.append(True)
        return len(asked) > 5

    with pytest.raises(Canceled):
        run(studio, campaign_id, should_stop=stop)
    rows = current(studio.desk.get(campaign_id))
    assert rows[Step.COPY]
    assert not rows[Step.COMPOSITION]


def test_the_share_done_only_grows(studio):
    told = []
    run(studio, begin(studio), on_progress=lambda fraction, message, **values: told.append(fraction))
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1


def test_the_words_of_a_model_and_the_steps_of_its_picture_are_told(studio):
    class Talking(ScriptedText):
        def generate(self, prompt, schema, options, on_text=None):
            on_text(f"writing {prompt.name}")
            return super().generate(prompt, schema, options)

    told = []
    run(
        studio,
        begin(studio),
        Talking(),
        on_progress=lambda fraction, message, **values: told.append((fraction, message, values.get("words"))),
    )
    assert ("Writing the copy", "writing campaign_copy") in {(message, words) for _, message, words in told}
    assert {words for _, _, words in told} >= {"writing campaign_concept", "writing campaign_image_prompt"}
    painting = [fraction for fraction, message, _ in told if message == "Painting the picture"]
    assert len(set(painting)) > 2


class Showing(DraftPainter):
    """Shows its picture half way, as a model does."""

    on_preview = None

    def generate(self, request, on_step=None):
        on_step(1, 2)
        self.on_preview(Image.new("RGB", (512, 640), "teal"))
        on_step(2, 2)
        return super().generate(request)


def test_a_picture_is_shown_while_it_is_painted_and_no_longer(studio):
    told, engine = [], Showing()
    run(
        studio,
        begin(studio),
        image=engine,
        on_progress=lambda fraction, message, **values: told.append(values.get("preview")),
    )
    shown = [preview for preview in told if preview]
    assert len(shown) == 1
    assert len(shown[0]) < 4000
    with Image.open(io.BytesIO(base64.b64decode(shown[0]))) as small:
        assert (small.format, small.size) == ("WEBP", (205, 256))
    assert engine.on_preview is None


def test_an_episodes_campaign_knows_its_facts_and_not_its_ending(prepared, monkeypatch):
    monkeypatch.setattr(prepared.desk, "call_worker", lambda: None)
    brief = Brief(show=INFO.name, episode="S01E01", width=160, height=200)
    detail = run(prepared, begin(prepared, brief))
    assert detail.facts.title == "A Lâmpada"
    assert detail.view.episode_id
    told = detail.facts.model_dump_json()
    assert "acendia uma fogueira" in told
    assert "a chave é do prefeito" not in told


def test_a_models_picture_is_marked_as_a_models(studio):
    class Model(DraftPainter):
        origin = Origin(engine="model", model="tiny", digital_source_type="trainedAlgorithmicMedia")

    detail = run(studio, begin(studio), image=Model())
    data = studio.picture(detail.view.picture).read_bytes()
    assert b"digitalsourcetype/trainedAlgorithmicMedia" in data
