"""Picture files: marks of origin inside, the same bytes for the same picture, damage told and mended."""

import struct
import xml.etree.ElementTree as ET
import zlib

import pytest
from PIL import Image

from core.domain.generation import Origin
from core.errors import LibraryDamaged, LibraryUnwritable, NotFound
from core.store.media import THUMBNAIL_WIDTH, Media
from tests.store.rows import ORIGIN, picture

MODEL = Origin(engine="sdxl", model="base <&> 1.0", digital_source_type="trainedAlgorithmicMedia")
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "iptc": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


@pytest.fixture
def media(tmp_path):
    return Media(tmp_path / "media")


def parse_xmp(packet):
    found = ET.fromstring(packet).find(".//rdf:Description", SPACES)
    return {
        "source": found.findtext("iptc:DigitalSourceType", None, SPACES),
        "tool": found.findtext("xmp:CreatorTool", None, SPACES),
        "creator": found.findtext("dc:creator/rdf:Seq/rdf:li", None, SPACES),
        "description": found.findtext("dc:description/rdf:Alt/rdf:li", None, SPACES),
    }


@pytest.mark.parametrize("origin", [ORIGIN, MODEL])
def test_both_files_say_who_made_them(media, origin):
    hostile = '<script>&amp; ]]> \x00\x0b\ud800 "é" {0} %s 🦀'
    saved = media.save(picture(1), origin, hostile, {})
    expected = {
        "source": f"http://cv.iptc.org/newscodes/digitalsourcetype/{origin.digital_source_type}",
        "tool": f"Chamada – {origin.engine} {origin.model}",
        "creator": f"Chamada – {origin.engine} {origin.model}",
        "description": '<script>&amp; ]]>  "é" {0} %s 🦀',
    }
    with Image.open(media.path(saved.sha256)) as image:
        assert parse_xmp(image.info["XML:com.adobe.xmp"]) == expected
    with Image.open(media.thumbnail(saved.sha256)) as image:
        assert parse_xmp(image.info["xmp"]) == expected


def test_text_chunks_reach_other_tools(media):
    text = {"parameters": "um farol\nSteps: 40, Seed: 7", "Title": "É 🦀 \x00fim", "Software": "Chamada"}
    with Image.open(media.path(media.save(picture(1), ORIGIN, "x", text).sha256)) as image:
        image.load()
        assert {key: image.text[key] for key in text} == text | {"Title": "É 🦀 fim"}


def test_the_pixels_are_those_that_were_saved(media):
    image = picture(3, 200, 100)
    saved = media.save(image, ORIGIN, "x", {})
    assert (saved.width, saved.height, saved.mime) == (200, 100, "image/png")
    path = media.path(saved.sha256)
    assert saved.bytes == path.stat().st_size
    assert path == media.folder / saved.sha256[:2] / f"{saved.sha256[2:]}.png" == media.locate(saved.sha256)
    with Image.open(path) as stored:
        assert stored.tobytes() == image.tobytes()


def test_the_same_picture_is_the_same_file(media):
    image = picture(1)
    noted = picture(1)
    noted.info.update({"icc_profile": b"x", "comment": "y", "dpi": (3, 3), "exif": b"Exif\x00\x00z"})
    one = media.save(image, ORIGIN, "x", {"a": "1", "b": "2"})
    assert one == media.save(noted, ORIGIN, "x", {"b": "2", "a": "1"})
    others = [
        media.save(picture(2), ORIGIN, "x", {"a": "1", "b": "2"}),
        media.save(image, MODEL, "x", {"a": "1", "b": "2"}),
        media.save(image, ORIGIN, "z", {"a": "1", "b": "2"}),
        media.save(image, ORIGIN, "x", {"a": "1", "b": "3"}),
    ]
    assert len({one.sha256, *(other.sha256 for other in others)}) == 5


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "1", "CMYK"])
def test_other_modes_become_rgb(media, mode):
    saved = media.save(picture(1).convert(mode), ORIGIN, "x", {})
    with Image.open(media.path(saved.sha256)) as stored:
        assert (stored.mode, stored.size) == ("RGB", (64, 48))


@pytest.mark.parametrize(
    ("size", "small"), [((1024, 512), (480, 240)), ((100, 3000), (100, 3000)), ((4000, 1), (480, 1))]
)
def test_thumbnails_are_at_most_480_wide(media, size, small):
    saved = media.save(Image.new("RGB", size, "teal"), ORIGIN, "x", {})
    with Image.open(media.thumbnail(saved.sha256)) as image:
        assert (image.format, image.size) == ("WEBP", small)
    assert THUMBNAIL_WIDTH == 480


def test_a_lost_thumbnail_is_made_again(media):
    saved = media.save(picture(1, 600, 300), ORIGIN, "farol", {})
    path = media.thumbnail(saved.sha256)
    before = path.read_bytes()
    path.unlink()
    assert media.thumbnail(saved.sha256) == path
    assert path.read_bytes() == before


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def bomb(path):
    """A PNG header that promises 40,000 × 40,000 pixels."""
    header = struct.pack(">IIBBBBB", 40000, 40000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)))


DAMAGES = {
    "flipped": flip,
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "emptied": lambda path: path.write_bytes(b""),
    "a bomb": bomb,
    "another file": lambda path: path.write_text("<svg/>"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_picture_is_told_and_saving_it_again_mends_it(media, damage):
    saved = media.save(picture(1), ORIGIN, "x", {})
    assert media.check(saved.sha256)
    damage(media.path(saved.sha256))
    media.thumbnail(saved.sha256).unlink()
    assert not media.check(saved.sha256)
    with pytest.raises(LibraryDamaged, match=r"run --force"):
        media.thumbnail(saved.sha256)
    assert media.save(picture(1), ORIGIN, "x", {}) == saved
    assert media.check(saved.sha256)


def test_a_lost_picture_is_told(media):
    saved = media.save(picture(1), ORIGIN, "x", {})
    media.thumbnail(saved.sha256).unlink()
    media.path(saved.sha256).unlink()
    assert not media.check(saved.sha256)
    for find in (media.path, media.thumbnail):
        with pytest.raises(NotFound, match=saved.sha256):
            find(saved.sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "٠" * 64, "a/" * 32])
def test_what_is_no_sha256_finds_nothing(media, name):
    for find in (media.path, media.thumbnail, media.locate):
        with pytest.raises(NotFound):
            find(name)
    assert not media.check(name)


def test_a_file_is_exchanged_whole(media):
    """Whoever reads the old file while it is written again keeps reading the old one."""
    saved = media.save(picture(1), ORIGIN, "x", {})
    path = media.path(saved.sha256)
    with path.open("rb") as reader:
        first = reader.read(10)
        before = path.stat().st_ino
        media.save(picture(1), ORIGIN, "x", {})
        assert path.stat().st_ino != before
        assert len(first + reader.read()) == saved.bytes


def test_a_failed_write_leaves_nothing_behind(media):
    media.save(picture(1), ORIGIN, "x", {})
    before = sorted(media.folder.rglob("*.*"))
    sha256 = "ab" * 32
    media.locate(sha256).parent.parent.joinpath("ab").write_text("a file where a folder should be")
    with pytest.raises(LibraryUnwritable, match="ab"):
        media._write(media.locate(sha256), b"data")
    assert sorted(media.folder.rglob("*.*")) == before
    assert list(media.temporary.iterdir()) == []
