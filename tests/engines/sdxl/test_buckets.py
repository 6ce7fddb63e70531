"""The trained sizes: the nearest shape is taken, at the model's own scale."""

import pytest

from core.engines.sdxl.buckets import SHAPES, nearest_bucket, smaller_bucket


@pytest.mark.parametrize(
    ("wanted", "bucket"),
    [
        ((1024, 1024), (1024, 1024)),
        ((1080, 1350), (896, 1152)),
        ((1080, 1920), (768, 1344)),
        ((1200, 675), (1344, 768)),
        ((1200, 627), (1344, 704)),
        ((160, 160), (1024, 1024)),
        ((4096, 64), (2048, 512)),
    ],
)
def test_a_network_gets_the_nearest_shape(wanted, bucket):
    assert nearest_bucket(*wanted) == bucket


def test_every_trained_size_is_its_own_bucket_and_has_about_a_megapixel():
    for width, height in SHAPES:
        assert nearest_bucket(width, height) == (width, height)
        assert 0.9 < width * height / 1024**2 < 1.05


@pytest.mark.parametrize("side", [128, 512, 1024])
def test_every_size_is_in_whole_latents_at_every_scale(side):
    for shape in SHAPES:
        for width, height in (nearest_bucket(*shape, side), smaller_bucket(*nearest_bucket(*shape, side))):
            assert width % 8 == height % 8 == 0
            assert abs(width * height / side**2 - 1) < 0.12 or width * height < 0.62 * side**2


def test_a_smaller_bucket_keeps_the_shape():
    assert smaller_bucket(1024, 1024) == (768, 768)
    assert smaller_bucket(896, 1152) == (672, 864)
    assert smaller_bucket(128, 128) == (96, 96)
