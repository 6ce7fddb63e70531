"""Picture files, named by the sha256 of their bytes: ``media/ab/cdef….png``, thumbnails in ``media/thumbs``.

A file is written before the row that names it, to a temporary name on the same disk, and takes its own name only
when it is whole: the worst that a crash leaves is a file without a row, which garbage.py removes.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.domain.generation import Origin
from core.errors import LibraryDamaged, NotFound
from core.store.faults import file_faults
from core.store.marks import clean_text, write_xmp
from core.store.png import encode_png

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL_WIDTH = 480
"""Widest thumbnail, in pixels."""

_SHA = re.compile("[0-9a-f]{64}")
_XMP = "XML:com.adobe.xmp"


class MediaFile(NamedTuple):
    """What a media row says of a file: name, size in pixels and bytes, MIME type."""

    sha256: str
    width: int
    height: int
    bytes: int
    mime: str


class GarbageReport(NamedTuple):
    """How many files garbage collection removed (or would), and their size in bytes."""

    files: int
    bytes: int


class Media:
    """The folder of pictures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "tmp"
        self.thumbnails = folder / "thumbs"

    def save(
        self, image: Image, origin: Origin, description: str, text: Mapping[str, str], *, thumbnail: bool = True
    ) -> MediaFile:
        """Write a picture and its thumbnail; gives what its row is to say.

        The same pixels and words make the same file, and writing it again mends a damaged one.

        Args:
            image: ``(H, W, 3) uint8`` as a PIL RGB image; other modes are converted.
            origin: who made it, for the marks of origin.
            description: what it shows, in the screen's language.
            text: PNG text chunks by keyword (Latin-1, 1 to 79 characters), such as ``parameters``.
            thumbnail: false for a picture that lists do not show; its thumbnail is made when it is asked for.

        Raises:
            LibraryUnwritable: the folder is read-only or the disk is full; nothing is left behind.
        """
        image = image if image.mode == "RGB" else image.convert("RGB")
        xmp = write_xmp(origin, description)
        data = encode_png(image, {_XMP: xmp} | {key: clean_text(value) for key, value in sorted(text.items())})
        sha256 = hashlib.sha256(data).hexdigest()
        self._write(self.locate(sha256), data)
        if thumbnail:
            self._write(self._thumbnail(sha256), _encode_thumbnail(image, xmp))
        return MediaFile(sha256, image.width, image.height, len(data), "image/png")

    def locate(self, sha256: str) -> Path:
        """Where the picture's file is, or would be.

        Raises:
            NotFound: not a sha256 at all (it may come from a URL).
        """
        if not _SHA.fullmatch(sha256):
            raise _missing(sha256)
        return self.folder / sha256[:2] / f"{sha256[2:]}.png"

    def path(self, sha256: str) -> Path:
        """The picture's file.

        Raises:
            NotFound: no such file.
        """
        path = self.locate(sha256)
        if not path.is_file():
            raise _missing(sha256)
        return path

    def thumbnail(self, sha256: str) -> Path:
        """The picture's WebP thumbnail, at most 480 px wide; made again if missing.

        Raises:
            NotFound: no such picture.
            LibraryDamaged: the picture's file is not what was stored.
        """
        if not _SHA.fullmatch(sha256):
            raise _missing(sha256)
        path = self._thumbnail(sha256)
        if not path.is_file():
            self._write(path, self._make_thumbnail(sha256))
        return path

    def check(self, sha256: str) -> bool:
        """Whether the file is there and its bytes are those that were stored."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except (NotFound, OSError):
            return False

    def files(self) -> Iterator[tuple[Path, str]]:
        """Every picture and thumbnail on disk, with the sha256 that its name says."""
        for pattern in ("??/*.png", "thumbs/??/*.webp"):
            for path in self.folder.glob(pattern):
                if _SHA.fullmatch(sha256 := self.read_name(path)):
                    yield path, sha256

    @staticmethod
    def read_name(path: Path) -> str:
        """The sha256 that a picture's or thumbnail's path says."""
        return path.parent.name + path.stem

    def _thumbnail(self, sha256: str) -> Path:
        return self.thumbnails / sha256[:2] / f"{sha256[2:]}.webp"

    def _make_thumbnail(self, sha256: str) -> bytes:
        from PIL import Image

        path = self.path(sha256)
        if not self.check(sha256):  # so the decoder below only ever sees bytes that Chamada wrote
            raise _damaged(path)
        with Image.open(path) as image:
            image.load()
            return _encode_thumbnail(image, str(image.info.get(_XMP, "")))

    def _write(self, path: Path, data: bytes) -> None:
        temporary = self.temporary / f"{os.getpid()}-{secrets.token_hex(8)}"
        with file_faults(path):
            for folder in (self.temporary, path.parent):
                _make_folder(folder)
            try:
                with temporary.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            _sync_folder(path.parent)


def _missing(sha256: str) -> NotFound:
    return NotFound(
        "There is no picture {sha256}. Put its file back from a copy of the media folder, "
        "or run `python dataprep.py run --force` for a new version.",
        sha256=sha256[:64],
    )


def _damaged(path: Path) -> LibraryDamaged:
    return LibraryDamaged(
        "The picture {path} is not what was stored. Put it back from a copy of the media folder, "
        "or run `python dataprep.py run --force` for a new version. `python dataprep.py verify` lists all damage.",
        path=path,
    )


def _encode_thumbnail(image: Image, xmp: str) -> bytes:
    from PIL.Image import Resampling

    size = (THUMBNAIL_WIDTH, max(1, round(image.height * THUMBNAIL_WIDTH / image.width)))
    # Halved first where that leaves enough: half the time, and no difference to the eye.
    small = image if image.width <= size[0] else image.resize(size, Resampling.LANCZOS, reducing_gap=1.1)
    target = io.BytesIO()
    small.save(target, "WEBP", quality=82, method=0, xmp=xmp.encode(), icc_profile=None, exif=b"")
    return target.getvalue()


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    # A rename is on disk only when its folder is. Windows cannot open a folder, and needs no such thing.
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
