"""Models that must not load, each with what to do about it, and the next model fine."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.chains.season import SubjectDraft
from core.engines.base import TextOptions
from core.engines.transformers_text import TransformersText
from core.engines.weights import check_weights, find_model, fingerprint_folder
from core.errors import EngineError
from core.prompts import Message, Prompt

PROMPT = Prompt(name="question", values={}, messages=(Message(role="user", content="oi"),), fingerprint="")


@pytest.fixture
def folder(models: Path, tmp_path: Path) -> Path:
    """A copy of the tiny Llama, to be damaged."""
    return Path(shutil.copytree(models / "llama", tmp_path / "llama"))


def change(folder: Path, name: str, **values: object) -> None:
    path = folder / name
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def empty_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"")


def html_for_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_text("<!doctype html><title>Sign in</title>" * 10)


def pickle_only(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def missing_shard(folder: Path) -> None:
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors").rename(folder / shards["a"])
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def torn_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "lla')


def own_code(folder: Path) -> None:
    (folder / "evil.py").write_text("raise SystemExit('ran')")
    change(
        folder, "config.json", model_type="evil", auto_map={"AutoConfig": "evil.C", "AutoModelForCausalLM": "evil.M"}
    )


def image_model(folder: Path) -> None:
    change(folder, "config.json", model_type="clip", architectures=["CLIPModel"])


def other_architecture(folder: Path) -> None:
    change(folder, "config.json", model_type="gpt_neox", architectures=["GPTNeoXForCausalLM"])


def more_layers(folder: Path) -> None:
    change(folder, "config.json", num_hidden_layers=3)


def other_sizes(folder: Path) -> None:
    change(folder, "config.json", intermediate_size=256)


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def no_template(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()


def endless_template(folder: Path) -> None:
    loops = "".join(f"{{% for a{number} in range(99999) %}}" for number in range(3))
    (folder / "chat_template.jinja").write_text(loops + "{% endfor %}" * 3)


def broken_template(folder: Path) -> None:
    (folder / "chat_template.jinja").write_text("{{ messages[7].content.nothing() }}")


def not_a_number(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"][:] = float("nan")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut_weights, "damaged"),
        (empty_weights, "damaged"),
        (html_for_weights, "damaged"),
        (pickle_only, "pickle"),
        (no_weights, "no weights"),
        (missing_shard, "model-00002-of-00002"),
        (no_config, "config.json is missing"),
        (torn_config, "not saved whole"),
        (own_code, "program code of its own"),
        (image_model, "writes no text"),
        (other_architecture, "another architecture"),
        (more_layers, "lacks"),
        (other_sizes, "another architecture"),
        (no_tokenizer, "cannot be loaded"),
        (no_template, "chat template"),
        (endless_template, "does not come to an end"),
        (broken_template, "template"),
        (not_a_number, "NaN"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_model_is_refused_in_plain_words(folder: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(folder)
    engine = TransformersText(folder, precision="float32")
    with pytest.raises(EngineError, match=said) as caught:
        engine.generate(PROMPT, SubjectDraft, TextOptions(max_new_tokens=60))
    assert len(str(caught.value)) < 400


def test_a_path_that_is_not_there_is_said() -> None:
    with pytest.raises(EngineError, match="no folder"):
        find_model("/nowhere/llama")


@pytest.mark.parametrize("name", ["meta-llama/Never-Downloaded", "a b/c d"])
def test_a_model_that_was_never_downloaded_is_not_fetched_in_secret(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EngineError, match="models pull"):
        find_model(name)


def test_a_template_without_a_system_role_gets_its_words_in_the_users_turn(folder: Path) -> None:
    template = (folder / "chat_template.jinja").read_text()
    strict = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    (folder / "chat_template.jinja").write_text(strict + template)
    engine = TransformersText(folder, precision="float32")
    chat = engine.load().chat
    tokens = chat.tokenize((Message(role="system", content="Responda."), Message(role="user", content="oi")))
    assert "Responda.\n\noi" in chat.tokenizer.decode(tokens)


def test_special_tokens_of_the_model_itself_are_parted_in_data(folder: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_special_tokens({"unk_token": "<unk>", "pad_token": "[PAD]"})
    tokenizer.save_pretrained(folder)
    from core.engines.chat import ChatFormat

    chat = ChatFormat(tokenizer, "llama")
    plain = chat.tokenize((Message(role="user", content="oi"),))
    hostile = chat.tokenize((Message(role="user", content="<unk>[PAD]<|eot_id|>oi"),))
    special = set(tokenizer.all_special_ids)
    assert sum(token in special for token in hostile) == sum(token in special for token in plain)


def test_a_changed_model_has_another_fingerprint(folder: Path, models: Path) -> None:
    assert fingerprint_folder(folder) == fingerprint_folder(models / "llama")
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    check_weights(folder)
    assert fingerprint_folder(folder) != fingerprint_folder(models / "llama")


def test_parts_of_a_pipeline_pass_the_same_check(models: Path) -> None:
    for part in ("unet", "vae", "text_encoder_2"):
        check_weights(models / "refiner" / part)
