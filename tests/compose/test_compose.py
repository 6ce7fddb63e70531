"""The finished picture: sizes, legibility measured on pixels, safe areas, hostile words, determinism."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from core.compose.compose import compose
from core.compose.contrast import pixel_luminance
from core.compose.geometry import Box
from core.compose.ways import Composed
from core.domain.generation import Style
from core.engines.draft.painter import DraftPainter
from tests.engines.image_contract import REQUEST

SAFE = (0.04, 0.05, 0.04, 0.05)
SIZES = ((1080, 1350), (1080, 1920), (1200, 675), (1200, 1200), (1200, 600), (1080, 1080), (64, 64), (1500, 300))
SAMPLE = """mar pão café leve corra promoção coração fermentação São João água à noite não é só você quer já tênis
OceanWave 80% R$49,90 açaí festival inauguração aniversário descomplicadamente Ginga Ótica Ágata Íris"""


def drawing(size: tuple[int, int], seed: int) -> Image.Image:
    style = list(Style)[seed % 5]
    request = REQUEST.model_copy(
        update={"style": style, "width": size[0], "height": size[1], "title": "", "kicker": "", "seed": seed}
    )
    return DraftPainter().generate(request).image


def gradient(size: tuple[int, int], seed: int) -> Image.Image:
    generator = np.random.default_rng(seed)
    corners = generator.integers(0, 256, (2, 2, 3), dtype=np.uint8)
    return Image.fromarray(corners).resize(size, Image.Resampling.BICUBIC)


def patches(size: tuple[int, int], seed: int) -> Image.Image:
    """As restless as a photograph of a crowd."""
    generator = np.random.default_rng(seed)
    return Image.fromarray(generator.integers(0, 256, (24, 24, 3), dtype=np.uint8)).resize(size)


def noise(size: tuple[int, int], seed: int) -> Image.Image:
    generator = np.random.default_rng(seed)
    return Image.fromarray(generator.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


PICTURES: tuple[Callable[[tuple[int, int], int], Image.Image], ...] = (gradient, patches, noise, drawing)


def check(composed: Composed, size: tuple[int, int], safe: tuple[float, float, float, float]) -> None:
    """Inside the safe area, apart from each other, and legible by the picture's own pixels."""
    assert composed.image.size == size
    assert composed.image.mode == "RGB"
    width, height = size
    area = Box(safe[3] * width, safe[0] * height, width * (1 - safe[1]), height * (1 - safe[2]))
    for box in composed.boxes:
        assert area.holds(box), composed
    if len(composed.boxes) == 2:
        assert not composed.boxes[0].overlaps(composed.boxes[1])
    if composed.boxes:
        assert composed.contrast is not None
        assert composed.contrast >= 4.5
        for box in composed.boxes:
            inked(composed, box)


def inked(composed: Composed, box: Box) -> None:
    """There are letters in the box, light on dark or dark on light."""
    pixels = np.asarray(composed.image.crop(tuple(round(value) for value in box)))  # type: ignore[arg-type]
    light = pixel_luminance(pixels)
    high, low = np.percentile(light, 99), np.percentile(light, 1)
    assert (high + 0.05) / (low + 0.05) >= 4.0, composed


def test_random_titles_sizes_and_pictures() -> None:
    check_random(40, seed=6)


@pytest.mark.slow
def test_300_random_titles_sizes_and_pictures() -> None:
    check_random(300, seed=7)


def check_random(count: int, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(count):
        size = rng.choice(SIZES) if number % 3 else (rng.randint(64, 1400), rng.randint(64, 1400))
        draw = PICTURES[3 if number % 10 == 0 else number % 3]
        picture = draw((rng.randint(48, 640), rng.randint(64, 640)) if draw is not drawing else (160, 200), number)
        headline = " ".join(rng.choices(SAMPLE.split(), k=rng.randint(1, 14)))
        call = " ".join(rng.choices(SAMPLE.split(), k=rng.randint(0, 9)))
        safe = rng.choice((SAFE, (0.14, 0.12, 0.22, 0.06), (0.0,) * 4))
        composed = compose(
            picture, headline=headline, call_to_action=call, width=size[0], height=size[1], safe=safe, seed=number
        )
        check(composed, size, safe)
        if min(size) >= 300 and max(size) < 4 * min(size):
            assert composed.headline, (number, size, headline)


@pytest.mark.parametrize("size", [(64, 64), (64, 4096), (4096, 64), (4096, 4096), (65, 700)])
def test_every_size_a_brief_may_ask_for(size: tuple[int, int]) -> None:
    composed = compose(
        gradient((300, 200), 1), headline="Maré Alta", call_to_action="Ouça", width=size[0], height=size[1], safe=SAFE
    )
    check(composed, size, SAFE)


def test_a_title_in_a_small_square_is_still_set() -> None:
    composed = compose(patches((90, 90), 3), headline="Maré", call_to_action="", width=64, height=64)
    assert composed.headline.casefold() == "maré"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🎉🎉🎉",
        "海の家",
        "مرحبا بالعالم",
        "</svg><script>alert(1)</script>",
        "nulo\x00 e \u202evirado",
        "x" * 3000,
        "palavra " * 300,
        "#SóHashtag #Outra",
        "…",
        "- ! -",
    ],
)
def test_hostile_words_do_no_harm(text: str) -> None:
    for headline, call in ((text, text), (text, "Compre"), ("Maré", text)):
        composed = compose(
            patches((300, 300), 2), headline=headline, call_to_action=call, width=400, height=500, safe=SAFE
        )
        check(composed, (400, 500), SAFE)


def test_without_words_the_picture_is_only_cropped() -> None:
    picture = gradient((400, 300), 5)
    composed = compose(picture, headline="", call_to_action="#Festa", width=400, height=300)
    assert (composed.contrast, composed.boxes, composed.layout) == (None, (), "bare")
    assert composed.image.tobytes() == picture.tobytes()


def test_what_is_drawn_is_told() -> None:
    composed = compose(
        gradient((500, 500), 5),
        headline="Festa na praia 🎉 #verao",
        call_to_action="Venha: https://www.festa.com.br/ingressos?x=1 #verao",
        width=500,
        height=500,
    )
    assert composed.headline.casefold() == "festa na praia"
    assert composed.call_to_action == "Venha: festa.com.br"


def test_the_same_arguments_give_the_same_pixels_and_seeds_vary_them() -> None:
    picture = patches((400, 500), 9)

    def made(seed: int) -> bytes:
        words = {"headline": "Pão quente", "call_to_action": "Peça já"}
        return compose(picture, **words, width=200, height=250, seed=seed).image.tobytes()  # type: ignore[arg-type]

    assert made(1) == made(1)
    assert len({made(seed) for seed in range(8)}) > 3


def test_what_is_drawn_fills_its_boxes_and_nothing_is_cut() -> None:
    """On a plain picture the changed pixels are the words, so their extent shows a letter that lost a part."""
    rng = random.Random(5)
    for number in range(24):
        size = rng.choice(SIZES[:6])
        plain = Image.new("RGB", size, "#d8e6ea")
        headline = " ".join(rng.choices(SAMPLE.split(), k=rng.randint(1, 9)))
        composed = compose(
            plain,
            headline=headline,
            call_to_action="Já é amanhã",
            width=size[0],
            height=size[1],
            safe=SAFE,
            seed=number,
        )
        assert composed.layout.startswith("clear")
        ys, xs = np.nonzero((np.asarray(composed.image) != (0xD8, 0xE6, 0xEA)).any(axis=2))
        for box in composed.boxes:
            held = (xs > box.x0 - 2) & (xs < box.x1 + 2) & (ys > box.y0 - 2) & (ys < box.y1 + 2)
            drawn = Box(xs[held].min(), ys[held].min(), xs[held].max() + 1, ys[held].max() + 1)
            assert max(abs(a - b) for a, b in zip(drawn, box, strict=True)) < 2, (headline, box, drawn)
        whole = Box(*(pick(b[side] for b in composed.boxes) for side, pick in enumerate((min, min, max, max))))
        assert whole.pad(2).holds(Box(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1))


@pytest.mark.parametrize(("draw", "way"), [(patches, "veil"), (patches, "band"), (noise, "band")])
def test_on_a_restless_picture_words_stand_on_a_veil_or_a_band(
    draw: Callable[[tuple[int, int], int], Image.Image], way: str
) -> None:
    made = [
        compose(draw((300, 300), 4), headline="Maré Alta", call_to_action="Ouça", width=400, height=500, seed=seed)
        for seed in range(8)
    ]
    assert any(composed.layout.startswith(way) for composed in made)
    assert not any(composed.layout.startswith("clear") for composed in made)


def test_words_on_a_quiet_picture_stand_on_it_alone() -> None:
    plain = Image.new("RGB", (400, 500), "#d8e6ea")
    composed = compose(plain, headline="Mar calmo", call_to_action="", width=400, height=500)
    assert composed.layout.startswith("clear")
    box = composed.boxes[0].pad(2)
    outside = np.asarray(composed.image).copy()
    outside[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1] = (0xD8, 0xE6, 0xEA)
    assert (outside == (0xD8, 0xE6, 0xEA)).all()
