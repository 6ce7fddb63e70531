"""The files that leave: a stored picture as JPEG or WebP with its marks of origin, and all of a campaign as a ZIP."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

XMP = "XML:com.adobe.xmp"
"""The PNG text chunk that holds the XMP packet. Source: Adobe XMP Specification part 3, PNG."""

CHAIN = "chamada"
"""The PNG text chunk with the chain as JSON; in other formats a property of the XMP packet."""

NAMESPACE = "urn:chamada:chain:1.0/"

LONGEST_XMP = 65_502
"""Bytes of XMP that one JPEG segment holds. Source: Adobe XMP Specification part 3, JPEG."""

PREVIEW_PX = 256

_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286
"""Exif 2.32 tags; other image tools look for a JPEG's parameters in its user comment."""


def encode(png: bytes, format: Literal["png", "jpeg", "webp"]) -> bytes:
    """A stored PNG as a file of ``format``; XMP, the chain and the parameters go with it.

    A chain too long for a JPEG's one XMP segment is left out of it; the marks of origin never are.
    """
    from PIL import Image

    if format == "png":
        return png
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        notes = {str(key): str(value) for key, value in image.info.items() if isinstance(value, str)}
        # 4:4:4, or the edges of flat colours would blur.
        options: dict[str, Any] = {"quality": 92, "subsampling": 0, "optimize": True, "progressive": True}
        if format == "webp":
            options = {"quality": 90, "method": 4}
        target = io.BytesIO()
        xmp = _read_xmp(notes, LONGEST_XMP if format == "jpeg" else None)
        image.save(target, format, xmp=xmp, exif=_write_exif(notes), icc_profile=None, **options)
    return target.getvalue()


def encode_preview(image: Image) -> str:
    """A picture that is still being painted, small, as base64 of a WebP: a few kilobytes for a job's row."""
    small = image.convert("RGB")
    small.thumbnail((PREVIEW_PX, PREVIEW_PX))
    target = io.BytesIO()
    small.save(target, "webp", quality=60)
    return base64.b64encode(target.getvalue()).decode("ascii")


def _read_xmp(notes: dict[str, str], longest: int | None) -> bytes:
    """The PNG's packet with the chain inside, where it fits."""
    packet = notes.get(XMP, "")
    end = packet.rfind("</rdf:Description>")
    if CHAIN in notes and end >= 0:
        chain = f'<chamada:chain xmlns:chamada="{NAMESPACE}">{escape(notes[CHAIN])}</chamada:chain>\n  '
        whole = (packet[:end] + chain + packet[end:]).encode()
        if longest is None or len(whole) <= longest:
            return whole
    return packet.encode()


def _write_exif(notes: dict[str, str]) -> Exif:
    from PIL.Image import Exif

    exif = Exif()
    if parameters := notes.get("parameters", ""):
        exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = b"UNICODE\0" + parameters.encode("utf-16-be", "replace")
    return exif


def bundle(text: str, picture: bytes | None, chain: str, name: str) -> bytes:
    """A ZIP with a folder ``name``: text.txt, picture.png where there is one, and campaign.json, the chain."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/text.txt", text)
        if picture is not None:
            archive.writestr(f"{name}/picture.png", picture, zipfile.ZIP_STORED)
        archive.writestr(f"{name}/campaign.json", chain)
    return target.getvalue()
