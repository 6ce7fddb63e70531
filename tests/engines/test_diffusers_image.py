"""The diffusers engine on tiny real models, a base and a refiner, loaded and run by the code that runs the big ones."""

import shutil

import diffusers
import numpy as np
import pytest
import torch
import transformers

from core.engines.diffusers_image import DiffusersImage
from core.engines.sdxl.schedulers import load_schedulers
from core.errors import Canceled, EngineError
from tests.engines.image_contract import REQUEST, ImageEngineContract


@pytest.fixture(scope="module")
def pair(models):
    """Base and refiner, loaded once."""
    return DiffusersImage(models / "sdxl", models / "refiner")


class TestContract(ImageEngineContract):
    @pytest.fixture
    def engine(self, pair):
        return pair


PRINTED = REQUEST.model_copy(
    update={
        "title": "",
        "kicker": "",
        "negative_prompt": "blurry, text",
        "width": 128,
        "height": 128,
        "num_inference_steps": 31,
        "denoising_end": 0.81,
        "guidance_scale": 7.0,
        "scheduler": "euler",
    }
)
"""The field's printed example: 25 steps of the base, the refiner, guidance 7, a negative prompt."""

QUICK = PRINTED.model_copy(update={"num_inference_steps": 4, "denoising_end": 0.5})
"""Two steps of each."""


def change(request, **values):
    return request.model_copy(update=values)


def same(one, other):
    return np.array_equal(np.asarray(one.image), np.asarray(other.image))


@pytest.fixture
def calls(monkeypatch):
    """What the pipelines of diffusers were called with, and the latents they gave."""
    seen = []
    for kind in (diffusers.StableDiffusionXLPipeline, diffusers.StableDiffusionXLImg2ImgPipeline):

        def record(pipe, *, call=kind.__call__, **given):
            output = call(pipe, **given)
            seen.append((pipe, given, output.images))
            return output

        monkeypatch.setattr(kind, "__call__", record)
    return seen


class TestOptions:
    def test_every_printed_option_reaches_the_library(self, pair, calls):
        pair.generate(PRINTED)
        (base, given, _), (refiner, finish, _) = calls
        assert given["num_inference_steps"] == finish["num_inference_steps"] == 31
        assert given["guidance_scale"] == finish["guidance_scale"] == 7.0
        assert given["denoising_end"] == finish["denoising_start"] == 0.81
        assert (given["width"], given["height"]) == (128, 128)
        assert given["generator"].initial_seed() == PRINTED.seed
        assert type(base.scheduler).__name__ == type(refiner.scheduler).__name__ == "EulerDiscreteScheduler"
        assert refiner.config.requires_aesthetics_score

    def test_the_negative_prompt_reaches_both_and_none_is_not_an_empty_one(self, pair, calls):
        pair.generate(QUICK)
        pair.generate(change(QUICK, negative_prompt=" "))
        asked, none = calls[0][1]["negative_prompt_embeds"], calls[2][1]["negative_prompt_embeds"]
        assert asked.abs().sum() > 0
        assert none.abs().sum() == 0, "SDXL's base was trained with zeros there"
        assert calls[1][1]["negative_prompt_embeds"].shape[-1] == 32

    def test_a_prompt_of_two_windows_reaches_base_and_refiner_whole(self, pair, calls):
        prompt = ", ".join(f"a fisherman with net number {number}" for number in range(12))
        pair.generate(change(QUICK, prompt=prompt))
        pair.generate(change(QUICK, prompt=prompt[:-2] + "99"))
        for one, other, width in ((calls[0], calls[2], 48), (calls[1], calls[3], 32)):
            first, second = one[1]["prompt_embeds"], other[1]["prompt_embeds"]
            assert first.shape == one[1]["negative_prompt_embeds"].shape == (1, 2 * 77, width)
            assert torch.equal(first[:, :77], second[:, :77])
            assert not torch.equal(first[:, 77:], second[:, 77:]), "the last word counts"

    def test_the_picture_is_the_one_of_diffusers_own_example(self, pair, models):
        base = diffusers.StableDiffusionXLPipeline.from_pretrained(models / "sdxl", add_watermarker=False)
        refiner = diffusers.StableDiffusionXLImg2ImgPipeline.from_pretrained(
            models / "refiner", vae=base.vae, text_encoder_2=base.text_encoder_2, add_watermarker=False
        )
        refiner.register_modules(
            text_encoder_2=transformers.CLIPTextModelWithProjection.from_pretrained(models / "refiner/text_encoder_2")
        )
        texts = {"prompt": QUICK.prompt, "negative_prompt": QUICK.negative_prompt}
        shared = {**texts, "num_inference_steps": 4, "guidance_scale": 7.0}
        generator = torch.Generator().manual_seed(QUICK.seed)
        for pipe in (base, refiner):
            pipe.set_progress_bar_config(disable=True)
        latents = base(
            **shared, width=128, height=128, denoising_end=0.5, generator=generator, output_type="latent"
        ).images
        wanted = refiner(**shared, image=latents, denoising_start=0.5).images[0]
        assert np.array_equal(np.asarray(wanted), np.asarray(pair.generate(QUICK).image))

    def test_forty_steps_at_0_8_are_recorded_as_32_and_8(self, pair):
        steps = []
        request = change(PRINTED, num_inference_steps=40, denoising_end=0.8, scheduler="")
        result = pair.generate(request, lambda done, total: steps.append((done, total)))
        assert (result.ran["base_steps"], result.ran["refiner_steps"]) == (32, 8)
        assert steps == [(done, 40) for done in range(1, 41)]
        assert result.ran["scheduler"] == "EulerDiscreteScheduler"
        assert result.ran["handover"] == "latents"

    def test_the_printed_settings_run_25_and_6(self, pair):
        ran = pair.generate(PRINTED).ran
        assert (ran["base_steps"], ran["refiner_steps"], ran["guided_steps"]) == (25, 6, 31)
        assert set(ran["seconds"]) == {"encode", "base", "refine", "decode", "finish"}

    @pytest.mark.parametrize("name", load_schedulers())
    def test_every_sampling_method_paints(self, pair, name):
        result = pair.generate(change(QUICK, scheduler=name, num_inference_steps=6))
        assert result.ran["base_steps"] + result.ran["refiner_steps"] == 6
        assert np.asarray(result.image).std() > 5

    def test_a_picture_is_painted_at_the_nearest_trained_size_and_brought_to_the_one_asked(self, pair):
        result = pair.generate(change(QUICK, width=300, height=169))
        assert result.ran["bucket"] == [168, 96]
        assert result.image.size == (300, 169)

    def test_an_unknown_method_or_lora_is_told_of_before_anything_is_painted(self, pair, calls):
        with pytest.raises(EngineError, match="euler_b"):
            pair.generate(change(QUICK, scheduler="euler_b"))
        with pytest.raises(EngineError, match="models pull hyper-8"):
            pair.generate(change(QUICK, lora="hyper-8"))
        assert not calls

    def test_prompts_that_come_again_are_not_read_again(self, pair):
        request = change(QUICK, prompt="a prompt that no other test has")
        assert not pair.generate(request).ran["embeddings_cached"]
        assert pair.generate(change(request, seed=3)).ran["embeddings_cached"]

    def test_title_and_kicker_are_drawn_by_the_program(self, pair, calls):
        bare, titled = pair.generate(QUICK), pair.generate(change(QUICK, title="Maré Alta", kicker="Episódio 1"))
        assert torch.equal(calls[1][2], calls[3][2])
        assert not same(bare, titled)


class TestGuidance:
    @pytest.fixture
    def batches(self, pair):
        """The batch of each forward of base and refiner: 2 with guidance."""
        pair.generate(QUICK)
        seen = []
        hooks = [
            part.unet.register_forward_pre_hook(lambda _, given: seen.append(len(given[0])))
            for part in (pair.painter.base, pair.painter.refiner)
        ]
        yield seen
        for hook in hooks:
            hook.remove()

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({}, [2, 2, 2, 2]),
            ({"guidance_end": 0.75}, [2, 2, 2, 1]),
            ({"guidance_end": 0.5}, [2, 2, 1, 1]),
            ({"guidance_end": 0.25}, [2, 1, 1, 1]),
            ({"guidance_end": 0.0}, [1, 1, 1, 1]),
            ({"guidance_scale": 1.0}, [1, 1, 1, 1]),
            ({"guidance_end": 0.25, "cache_interval": 3}, [2, 1, 1, 1]),
        ],
    )
    def test_guidance_ends_where_it_is_told_to(self, pair, batches, values, expected):
        result = pair.generate(change(QUICK, **values))
        assert batches == expected
        assert result.ran["guided_steps"] == expected.count(2)

    def test_deep_cache_changes_the_picture_and_leaves_nothing_behind(self, pair):
        plain = pair.generate(PRINTED)
        cached = pair.generate(change(PRINTED, cache_interval=3))
        assert not same(plain, cached)
        assert same(plain, pair.generate(PRINTED))


class TestStopping:
    @pytest.mark.parametrize("at", [1, 2, 3, 4])
    def test_it_stops_at_any_step_and_the_next_picture_is_as_ever(self, pair, at):
        expected = pair.generate(change(QUICK, cache_interval=2))

        def stop(done, total):
            if done == at:
                raise Canceled("The user asked to stop.")

        with pytest.raises(Canceled):
            pair.generate(change(QUICK, cache_interval=2), stop)
        assert same(pair.generate(change(QUICK, cache_interval=2)), expected)

    def test_previews_come_every_five_steps(self, models):
        for preview, size in ((None, (16, 16)), (models / "preview-vae", (128, 128))):
            seen = []
            engine = DiffusersImage(models / "sdxl", models / "refiner", preview=preview, on_preview=seen.append)
            engine.generate(change(QUICK, num_inference_steps=12))
            assert [image.size for image in seen] == [size, size]


class TestOtherModels:
    def test_without_a_refiner_the_base_takes_every_step(self, models, calls):
        result = DiffusersImage(models / "sdxl").generate(QUICK)
        assert (result.ran["base_steps"], result.ran["refiner_steps"]) == (4, 0)
        assert calls[0][1]["denoising_end"] == 1.0
        assert len(calls) == 1

    def test_a_refiner_of_other_latents_paints_over_the_finished_picture(self, models, tmp_path, calls):
        refiner = tmp_path / "refiner"
        shutil.copytree(models / "refiner", refiner)
        config = refiner / "vae" / "config.json"
        config.write_text(config.read_text().replace("0.13025", "0.18215"))
        engine = DiffusersImage(models / "sdxl", refiner)
        steps = []
        result = engine.generate(
            change(QUICK, num_inference_steps=10, denoising_end=0.8), lambda done, total: steps.append((done, total))
        )
        assert (result.ran["base_steps"], result.ran["refiner_steps"]) == (10, 2)
        assert result.ran["handover"] == "picture"
        assert steps == [(done, 12) for done in range(1, 13)]
        assert calls[1][1]["strength"] == 0.2
        assert same(result, engine.generate(change(QUICK, num_inference_steps=10, denoising_end=0.8)))

    def test_a_vae_that_gives_no_numbers_is_an_error_not_a_black_picture(self, models):
        engine = DiffusersImage(models / "sdxl")
        engine.generate(QUICK)
        with torch.no_grad():
            engine.painter.vae.models["vae"].decoder.conv_out.bias.fill_(float("nan"))
        with pytest.raises(EngineError, match="models verify"):
            engine.generate(QUICK)

    def test_a_folder_that_is_no_model_is_told_of(self, tmp_path):
        with pytest.raises(EngineError, match="model_index"):
            DiffusersImage(tmp_path).generate(QUICK)

    def test_other_models_or_another_vae_have_another_fingerprint(self, models, pair):
        prints = {
            engine.fingerprint
            for engine in (
                pair,
                DiffusersImage(models / "sdxl"),
                DiffusersImage(models / "sdxl", models / "refiner", dtype="bfloat16"),
            )
        }
        assert len(prints) == 3
        assert pair.fingerprint == DiffusersImage(models / "sdxl", models / "refiner").fingerprint
        assert pair.origin.model == "sdxl + refiner"
