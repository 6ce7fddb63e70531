"""PNG files as others read them: the same pixels, the same words."""

import io

import numpy as np
import pytest
from PIL import Image

from core.store.png import encode_png


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1), (64, 48), (331, 257)])
def test_what_is_read_back_is_what_was_written(size):
    rng = np.random.default_rng(size)
    image = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
    words = {"Title": "Pão “quente” 🥖", "chamada": '{"steps": []}'}
    with Image.open(io.BytesIO(encode_png(image, words))) as read:
        assert read.format == "PNG"
        assert read.mode == "RGB"
        assert read.tobytes() == image.tobytes()
        assert {key: str(value) for key, value in read.text.items()} == words


def test_every_checksum_is_right():
    with Image.open(io.BytesIO(encode_png(Image.new("RGB", (20, 10), "red"), {"Comment": "x"}))) as read:
        read.verify()
