"""Attention for one token on the processor: the numbers of torch's own, by another way."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from core.engines.attention import NAME, attend
from core.engines.loading import load_chat_model


def tensors(tokens: int, dtype: str = "float32"):
    """Query, key and value of 2 rows, 8 heads that share 4 key heads, 40 tokens read."""
    import torch

    generator = torch.Generator().manual_seed(tokens)
    shapes = ((2, 8, tokens, 16), (2, 4, 40, 16), (2, 4, 40, 16))
    return [torch.randn(shape, generator=generator).to(getattr(torch, dtype)) for shape in shapes]


def padding():
    """The first row sees all but its first 9 tokens, the second everything."""
    import torch

    mask = torch.ones(2, 1, 1, 40, dtype=torch.bool)
    mask[0, ..., :9] = False
    return mask


MODULE = SimpleNamespace(num_key_value_groups=2, is_causal=True)


def both_ways(query, key, value, mask, **options):
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    return [way(MODULE, query, key, value, mask, **options)[0] for way in (attend, sdpa_attention_forward)]


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("scaling", [None, 0.1])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("bfloat16", 2e-2)])
def test_one_token_sees_what_it_sees_by_torchs_own(masked: bool, scaling: float | None, dtype: str, tolerance: float):
    import torch

    found, expected = both_ways(*tensors(1, dtype), padding() if masked else None, scaling=scaling)
    assert found.shape == expected.shape == (2, 1, 8, 16)
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


def test_several_tokens_and_additive_masks_are_torchs_own_business():
    import torch

    found, expected = both_ways(*tensors(7), torch.ones(2, 1, 7, 40, dtype=torch.bool).tril(33))
    assert torch.equal(found, expected)
    found, expected = both_ways(*tensors(1), torch.zeros(2, 1, 1, 40))
    assert torch.equal(found, expected)


@pytest.mark.parametrize(("precision", "expected"), [("bfloat16", NAME), ("float32", "sdpa")])
def test_a_model_gets_it_where_it_gains(models: Path, precision: str, expected: str):
    model, _ = load_chat_model(models / "llama", precision)
    assert model.config._attn_implementation == expected
