"""DeepCache: deep blocks run in every so many steps only, and nothing of it stays behind."""

import pytest
import torch

from core.engines.sdxl.deep_cache import reuse_deep_blocks
from tests import tiny


@pytest.fixture(scope="module")
def unet():
    torch.manual_seed(0)
    return tiny.unet(cross_attention_width=48, pooled_width=32, time_ids=6).eval()


def predict(unet, timestep, batch=2):
    generator = torch.Generator().manual_seed(timestep)
    latents = torch.randn(batch, 4, 16, 16, generator=generator)
    added = {"text_embeds": torch.ones(batch, 32), "time_ids": torch.ones(batch, 6)}
    with torch.no_grad():
        return unet(latents, timestep, torch.ones(batch, 77, 48), added_cond_kwargs=added, return_dict=False)[0]


def runs_of(block, unet, steps, interval):
    """How often ``block`` worked in a run of the UNet over ``steps`` (timestep, batch)."""
    ran = []
    hook = block.conv1.register_forward_hook(lambda *_: ran.append(1))
    with reuse_deep_blocks(unet, interval):
        for timestep, batch in steps:
            predict(unet, timestep, batch)
    hook.remove()
    return len(ran)


STEPS = [(900, 2), (700, 2), (500, 2), (300, 2), (100, 2)]


def test_deep_blocks_run_once_in_an_interval_and_the_outer_ones_always(unet):
    deep, outer = unet.mid_block.resnets[0], unet.down_blocks[0].resnets[0]
    assert runs_of(deep, unet, STEPS, 3) == 2
    assert runs_of(outer, unet, STEPS, 3) == 5
    assert runs_of(deep, unet, STEPS, 1) == 5


def test_another_batch_size_is_run_in_full(unet):
    assert runs_of(unet.mid_block.resnets[0], unet, [(900, 2), (700, 2), (500, 1), (300, 1)], 4) == 2


def test_a_full_run_is_exact_and_the_others_are_near(unet):
    exact = [predict(unet, timestep) for timestep, _ in STEPS[:2]]
    with reuse_deep_blocks(unet, 2):
        first, second = [predict(unet, timestep) for timestep, _ in STEPS[:2]]
    assert torch.equal(first, exact[0])
    assert not torch.equal(second, exact[1])


def test_the_unet_is_as_before_even_after_an_error(unet):
    before = predict(unet, 500)
    broken = [(900, 2), (700, "no number")]
    with pytest.raises(TypeError):
        runs_of(unet.mid_block.resnets[0], unet, broken, 3)
    assert torch.equal(predict(unet, 500), before)
    assert not unet._forward_pre_hooks
    assert not any("forward" in vars(module) for module in unet.modules())
