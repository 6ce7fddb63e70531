"""Prompts read by real CLIP encoders: short ones as diffusers reads them, long ones whole."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.engines.sdxl.encoding import PromptEncoder, find_cut, load_tokenizer
from core.engines.sdxl.folder import open_pipeline
from core.engines.sdxl.parts import encoders_part
from core.errors import EngineError

LONG = (
    "A weathered wooden lighthouse stands on a rocky headland at dusk, waves breaking far below, a keeper in a yellow "
    "raincoat climbing the spiral stair with a brass lantern, seagulls wheeling above the railing, warm light pouring "
    "from tall windows onto wet stone, a small red sailing boat running for the harbour, heavy violet clouds on the "
    "horizon, cinematic wide shot, film grain, autumn palette, matte painting"
)
"""81 tokens of CLIP: one window and six tokens more."""

SHORT = "a lighthouse at dusk, oil painting"


@pytest.fixture(scope="module")
def encoder(models: Path) -> PromptEncoder:
    """An encoder over the tiny base and refiner, nothing read yet but the models."""
    return make_encoder(models / "sdxl", models / "refiner")


def make_encoder(base: Path, refiner: Path | None = None, **options: Any) -> PromptEncoder:
    folders = open_pipeline(base, "base"), open_pipeline(refiner, "refiner") if refiner else None
    part = encoders_part(*folders)
    part.load()
    return PromptEncoder(*folders, part, **options)


@pytest.fixture(scope="module")
def diffusers_encode(models: Path) -> Callable[..., tuple[Any, ...]]:
    """``encode_prompt`` of the whole pipelines, as diffusers loads them."""
    from diffusers import StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline

    pipelines = {
        "base": StableDiffusionXLPipeline.from_pretrained(models / "sdxl"),
        "refiner": StableDiffusionXLImg2ImgPipeline.from_pretrained(models / "refiner"),
    }

    def encode(role: str, prompt: str, negative_prompt: str | None) -> tuple[Any, ...]:
        return tuple(pipelines[role].encode_prompt(prompt, negative_prompt=negative_prompt))

    return encode


@contextmanager
def recorded(part: Any) -> Iterator[dict[str, list[list[int]]]]:
    """The token ids that each encoder of ``part`` sees, a window at a time."""
    seen: dict[str, list[list[int]]] = {role: [] for role in part.models}
    hooks = [
        model.register_forward_pre_hook(lambda _, given, role=role: seen[role].extend(given[0].tolist()))
        for role, model in part.models.items()
    ]
    yield seen
    for hook in hooks:
        hook.remove()


def content(windows: list[list[int]]) -> list[int]:
    """The ids of the words, in order."""
    return [token for window in windows for token in window[1 : window.index(49407)]]


@pytest.mark.parametrize("role", ["base", "refiner"])
@pytest.mark.parametrize(
    ("prompt", "negative_prompt"),
    [
        (SHORT, "blurry, text, watermark"),
        (SHORT, ""),
        (SHORT, None),
        ("", ""),
        ("", None),
        ("Uma canção no café: amanhã às 7h…", "feio"),
        ("🌊" * 12, "!"),
        ("sea " * 75, "sky " * 75),
        ("a <|endoftext|> b", "x"),
    ],
)
def test_a_short_prompt_gives_what_encode_prompt_gives_to_the_last_bit(
    encoder: PromptEncoder, diffusers_encode: Any, role: str, prompt: str, negative_prompt: str | None
) -> None:
    import torch

    found = vars(getattr(encoder.encode(prompt, negative_prompt), role))
    expected = diffusers_encode(role, prompt, negative_prompt)
    order = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
    for name, tensor in zip(order, expected, strict=True):
        assert torch.equal(found[name], tensor), name


def test_a_long_prompt_reaches_both_encoders_and_the_refiner_whole(models: Path) -> None:
    fresh = make_encoder(models / "sdxl", models / "refiner")
    words = load_tokenizer(models / "sdxl" / "tokenizer")(LONG, add_special_tokens=False, verbose=False).input_ids
    assert len(words) == 81
    with recorded(fresh.part) as seen:
        assert fresh.encode(LONG, None).windows == 2
    assert set(seen) == {"text_encoder", "text_encoder_2", "refiner_text_encoder_2"}
    for windows in seen.values():
        assert content(windows) == words
        assert {len(window) for window in windows} == {77}


def test_the_last_word_of_a_long_prompt_changes_what_every_unet_reads(encoder: PromptEncoder) -> None:
    import torch

    one, other = encoder.encode(LONG, ""), encoder.encode(LONG.replace("painting", "photograph"), "")
    for role in ("base", "refiner"):
        a, b = getattr(one, role).prompt_embeds, getattr(other, role).prompt_embeds
        assert torch.equal(a[:, :77], b[:, :77])
        assert not torch.equal(a[:, 77:], b[:, 77:])


@pytest.mark.parametrize(("prompt", "negative_prompt"), [(LONG, "blurry"), (SHORT, LONG), (LONG, None), (LONG * 3, "")])
def test_both_prompts_get_as_many_windows(encoder: PromptEncoder, prompt: str, negative_prompt: str | None) -> None:
    found = encoder.encode(prompt, negative_prompt)
    for embeddings in (found.base, found.refiner):
        assert embeddings is not None
        assert embeddings.prompt_embeds.shape == embeddings.negative_prompt_embeds.shape
        assert embeddings.prompt_embeds.shape[1] == 77 * found.windows
        assert embeddings.pooled_prompt_embeds.shape == embeddings.negative_pooled_prompt_embeds.shape == (1, 32)


def test_no_negative_prompt_is_not_an_empty_one(encoder: PromptEncoder) -> None:
    none, empty = encoder.encode(SHORT, None), encoder.encode(SHORT, "")
    assert not none.base.negative_prompt_embeds.any()
    assert not none.base.negative_pooled_prompt_embeds.any()
    assert empty.base.negative_prompt_embeds.any()
    assert none.refiner is not None
    assert none.refiner.negative_prompt_embeds.any()  # the refiner was not trained with zeros


def test_what_was_read_once_needs_no_encoder(models: Path) -> None:
    import torch

    fresh = make_encoder(models / "sdxl", models / "refiner")
    assert not fresh.knows(LONG, "blurry")
    first = fresh.encode(LONG, "blurry")
    assert not first.cached
    assert fresh.knows(LONG, "blurry")
    fresh.part.drop()
    again = fresh.encode(LONG, "blurry")
    assert again.cached
    assert fresh.hits == 1
    assert torch.equal(first.base.prompt_embeds, again.base.prompt_embeds)
    assert not fresh.knows(SHORT, "blurry")
    assert not fresh.knows(LONG, "text")


def test_a_negative_prompt_of_all_pictures_is_read_once(models: Path) -> None:
    fresh = make_encoder(models / "sdxl")
    with recorded(fresh.part) as seen:
        for prompt in ("a cat", "a dog", "a bird"):
            fresh.encode(prompt, "blurry, text")
    assert {role: len(windows) for role, windows in seen.items()} == {"text_encoder": 4, "text_encoder_2": 4}


def test_what_is_kept_is_bounded(models: Path) -> None:
    small = make_encoder(models / "sdxl", capacity=6)
    for number in range(20):
        small.encode(f"picture {number}", "blurry")
    assert len(small._kept) == 6
    assert small.knows("picture 19", "blurry")
    assert not small.knows("picture 0", "blurry")
    assert small.encode(LONG * 8, LONG).windows > 6  # more at once than is kept


def test_a_refiner_with_the_bases_encoder_shares_it(models: Path, tmp_path: Path) -> None:
    import torch

    refiner = Path(shutil.copytree(models / "refiner", tmp_path / "refiner"))
    shutil.rmtree(refiner / "text_encoder_2")
    shutil.copytree(models / "sdxl" / "text_encoder_2", refiner / "text_encoder_2")
    sharing = make_encoder(models / "sdxl", refiner)
    assert set(sharing.part.models) == {"text_encoder", "text_encoder_2"}
    with recorded(sharing.part) as seen:
        found = sharing.encode(LONG, "")
    assert found.refiner is not None
    assert torch.equal(found.refiner.prompt_embeds, found.base.prompt_embeds[..., 16:])
    assert len(seen["text_encoder_2"]) == 3  # two windows and the empty one, not twice each
    weights = refiner / "text_encoder_2" / "model.safetensors"
    with weights.open("r+b") as file:  # another model of the same shape
        file.seek(weights.stat().st_size // 2)
        file.write(bytes(65_536))
    assert "refiner_text_encoder_2" in make_encoder(models / "sdxl", refiner).part.models


def test_without_a_refiner_nothing_is_read_for_one(models: Path) -> None:
    assert make_encoder(models / "sdxl").encode(SHORT, "").refiner is None


@pytest.mark.parametrize("length", [1, 74, 75, 76, 150, 151, 400])
@pytest.mark.parametrize("text", ["lighthouse ", "sea, ", "Pneumonoultramicroscopicsilicovolcanoconiosis"])
def test_no_token_is_lost_between_windows(encoder: PromptEncoder, text: str, length: int) -> None:
    for reader in encoder._readers["base"]:
        words = reader.tokenizer(text * length, add_special_tokens=False, verbose=False).input_ids
        windows = [list(window) for window in reader.windows(text * length)]
        assert content(windows) == words
        assert {len(window) for window in windows} == {77}


@pytest.mark.parametrize(
    ("tokens", "cut"),
    [
        (["a</w>"] * 10, 10),
        (["a</w>"] * 11, 10),
        (["a</w>"] * 6 + [",</w>"] + ["a</w>"] * 20, 7),
        (["a</w>"] * 8 + ["b", "c", "d</w>"], 8),
        (["b"] * 30, 10),
    ],
    ids=["all of it", "as many as fit", "to the end of a clause", "to the end of a word", "through a long word"],
)
def test_a_window_ends_with_a_clause_or_a_word(tokens: list[str], cut: int) -> None:
    assert find_cut(tokens, 10) == cut


def test_embeddings_of_a_card_wait_in_host_memory(encoder: PromptEncoder) -> None:
    arguments = encoder.encode(SHORT, "").base.arguments("cpu")
    assert {tensor.device.type for tensor in arguments.values()} == {"cpu"}
    assert set(arguments) == {
        "prompt_embeds",
        "negative_prompt_embeds",
        "pooled_prompt_embeds",
        "negative_pooled_prompt_embeds",
    }


def test_a_tokenizer_that_was_not_saved_whole_is_said(models: Path, tmp_path: Path) -> None:
    base = Path(shutil.copytree(models / "sdxl", tmp_path / "sdxl"))
    for path in (base / "tokenizer_2").glob("*.json"):
        path.write_text(path.read_text()[:99])
    with pytest.raises(EngineError, match="tokenizer_2 cannot be loaded"):
        make_encoder(base).encode(SHORT, "")
