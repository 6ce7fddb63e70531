"""What the benches compare is what they say: the same answers, a prefix read once, shapes kept."""

from pathlib import Path

import pytest

from bench.model_runs import NotebookImage, NotebookText
from bench.random_models import LLAMA_TINY, save_chat_model
from bench.text_models import SCHEMAS, TextModel
from core.chains.season import SubjectDraft
from core.domain.generation import ImageRequest, Scene
from core.engines.base import TextOptions
from core.engines.chat_model import ChatModel
from core.engines.diffusers_image import DiffusersImage
from core.engines.transformers_text import TransformersText
from tests.engines.contract import summary_prompt


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> TextModel:
    folder = save_chat_model(tmp_path_factory.mktemp("bench") / "llama", LLAMA_TINY)
    return TextModel(TransformersText(folder), transcript_tokens=300, new_tokens=24)


def test_answers_have_the_length_that_is_measured(model: TextModel):
    for shape, tokens in ((model.short, 16), (model.long, 24)):
        results = model.engine.generate_many(model.scenes, shape, TextOptions(max_new_tokens=96))
        assert all(abs(result.new_tokens - tokens) <= 3 for result in results)


def test_questions_read_the_transcript_once_or_each_time(model: TextModel):
    kept = model.engine.load().prefix
    read = []
    for ask in (model.questions_anew, model.questions_on_prefix):
        before = kept.read
        assert ask() == 6
        read.append(kept.read - before)
    assert read[0] > 3 * read[1] > 0


def test_a_free_answer_is_as_long_as_the_one_held_to_its_schema(model: TextModel):
    assert model.held_to_schema() == model.free() > 24


def test_every_shape_the_product_asks_for_is_counted(model: TextModel):
    assert model.count_valid(1) == (len(SCHEMAS), len(SCHEMAS))


def test_a_notebook_loads_its_models_for_each_request(models: Path, monkeypatch: pytest.MonkeyPatch):
    loads = []
    monkeypatch.setattr(ChatModel, "load", lambda part, real=ChatModel.load: loads.append(part.name) or real(part))
    text = NotebookText(TransformersText(models / "llama"))
    for _ in range(2):
        text.generate(summary_prompt(), SubjectDraft, TextOptions(max_new_tokens=70))
    assert loads == ["text", "text"]


def test_a_notebook_paints_a_picture_of_the_size_asked_for(models: Path):
    image = NotebookImage(DiffusersImage(models / "sdxl", models / "refiner"))
    request = ImageRequest(scene=Scene(subject="A lighthouse"), prompt="A lighthouse", width=64, height=96)
    assert image.generate(request).image.size == (64, 96)
