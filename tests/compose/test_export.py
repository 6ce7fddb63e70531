"""Files that leave: the marks of origin and the chain survive each format; the ZIP holds everything."""

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from core.compose.export import LONGEST_XMP, NAMESPACE, XMP, bundle, encode
from core.domain.generation import Origin
from core.store.media import Media

ORIGIN = Origin(engine="draft", model="poster painter 1", digital_source_type="algorithmicMedia")
CHAIN = {"steps": [{"step": "copy", "prompt": 'aspas "duplas" & <tags> ção 🎉'}]}
SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"


def stored(folder: Path, **notes: str) -> bytes:
    image = Image.linear_gradient("L").convert("RGB").resize((120, 90))
    media = Media(folder)
    file = media.save(image, ORIGIN, "Café & pão <quente>", {"chamada": json.dumps(CHAIN), **notes})
    return media.path(file.sha256).read_bytes()


def read_packet(data: bytes) -> tuple[str, ElementTree.Element]:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        packet = image.info.get("xmp") or image.info[XMP]
    text = packet.decode() if isinstance(packet, bytes) else packet
    return text, ElementTree.fromstring(text[text.index("<x:xmpmeta") : text.index("<?xpacket end")])


@pytest.mark.parametrize(("format", "mime"), [("jpeg", "JPEG"), ("webp", "WEBP")])
def test_marks_and_chain_survive(tmp_path: Path, format: str, mime: str) -> None:
    data = encode(stored(tmp_path), format)  # type: ignore[arg-type]
    text, tree = read_packet(data)
    assert f"<Iptc4xmpExt:DigitalSourceType>{SOURCE}<" in text
    (found,) = tree.iter(f"{{{NAMESPACE}}}chain")
    assert json.loads(found.text or "") == CHAIN
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == mime
        assert image.size == (120, 90)
        assert "exif" not in image.info or not image.getexif().get_ifd(0x8769)


def test_the_png_is_the_stored_file(tmp_path: Path) -> None:
    png = stored(tmp_path)
    assert encode(png, "png") == png
    text, _ = read_packet(png)
    assert SOURCE in text


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_parameters_go_where_other_tools_look(tmp_path: Path, format: str) -> None:
    data = encode(stored(tmp_path, parameters="a red shoe – ção\nSteps: 40"), format)  # type: ignore[arg-type]
    with Image.open(io.BytesIO(data)) as image:
        comment = image.getexif().get_ifd(0x8769)[0x9286]
    assert comment[8:].decode("utf-16-be") == "a red shoe – ção\nSteps: 40"


def test_a_chain_too_long_for_a_jpeg_is_left_out_of_it_alone(tmp_path: Path) -> None:
    png = stored(tmp_path, chamada=json.dumps({"prompt": "x" * LONGEST_XMP}))
    text, tree = read_packet(encode(png, "jpeg"))
    assert SOURCE in text
    assert not list(tree.iter(f"{{{NAMESPACE}}}chain"))
    _, tree = read_packet(encode(png, "webp"))
    assert len(list(tree.iter(f"{{{NAMESPACE}}}chain"))) == 1


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_the_picture_looks_the_same(tmp_path: Path, format: str) -> None:
    png = stored(tmp_path)
    before, after = (
        np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
        for data in (png, encode(png, format))  # type: ignore[arg-type]
    )
    assert np.abs(before - after).mean() < 2


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_a_png_without_notes_is_encoded_too(format: str) -> None:
    target = io.BytesIO()
    Image.new("RGB", (10, 10), "#405060").save(target, "PNG")
    assert Image.open(io.BytesIO(encode(target.getvalue(), format))).size == (10, 10)  # type: ignore[arg-type]


def test_the_bundle_holds_text_picture_and_chain(tmp_path: Path) -> None:
    png = stored(tmp_path)
    with zipfile.ZipFile(io.BytesIO(bundle("Olá, ção\n", png, "{}\n", "chamada-7"))) as archive:
        assert archive.namelist() == ["chamada-7/text.txt", "chamada-7/picture.png", "chamada-7/campaign.json"]
        assert archive.read("chamada-7/text.txt").decode() == "Olá, ção\n"
        assert archive.read("chamada-7/picture.png") == png
    with zipfile.ZipFile(io.BytesIO(bundle("Olá", None, "{}", "chamada-8"))) as archive:
        assert archive.namelist() == ["chamada-8/text.txt", "chamada-8/campaign.json"]
