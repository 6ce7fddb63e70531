"""Pictures that get their words later: a quiet place is kept, and products stand on a table."""

import pytest

from core.compose.crop import restlessness
from core.compose.geometry import Box
from core.domain.generation import ImageRequest, Mood, Scene, Setting, Style, TimeOfDay
from core.engines.draft.painter import DraftPainter, compose_poster


def ask(style: Style, setting: Setting, size: tuple[int, int], seed: int) -> ImageRequest:
    scene = Scene(
        subject=f"product {seed}",
        setting=setting,
        time_of_day=list(TimeOfDay)[seed % 4],
        mood=list(Mood)[seed % 8],
        motifs=("coffee cup", "bread", "cake", "key"),
    )
    return ImageRequest(scene=scene, prompt="p", style=style, width=size[0], height=size[1], seed=seed, family="loja")


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("size", [(216, 270), (216, 384), (240, 135)])
def test_the_place_for_words_is_quiet(style: Style, size: tuple[int, int]) -> None:
    for seed, setting in enumerate((Setting.INTERIOR, Setting.SEA, Setting.CITY, Setting.MOUNTAIN)):
        request = ask(style, setting, size, seed)
        zone = compose_poster(request).layout.zone
        inner = Box(*zone).pad(-0.06 * min(size))
        assert inner.width * inner.height > 0.15 * size[0] * size[1]
        assert restlessness(DraftPainter().generate(request).image, inner) < 15, (style, setting)


@pytest.mark.parametrize("style", [style for style in Style if style is not Style.TIPOGRAFICO])
@pytest.mark.parametrize("size", [(216, 270), (240, 135)])
def test_a_product_stands_large_on_its_table_with_little_beside_it(style: Style, size: tuple[int, int]) -> None:
    for seed in range(12):
        stage = compose_poster(ask(style, Setting.INTERIOR, size, seed)).stage
        hero, *others = stage.motifs()
        assert hero.hero
        assert hero.name == "coffee cup"
        assert hero.box.height > 0.4 * stage.room.height
        assert stage.room.pad(1).holds(hero.box)
        assert len(others) <= 2
        for other in others:
            assert not other.box.overlaps(hero.box)
            assert stage.room.pad(1).holds(other.box)


def test_a_room_without_motifs_is_still_a_picture() -> None:
    request = ask(Style.RECORTE, Setting.INTERIOR, (120, 150), 3)
    request = request.model_copy(update={"scene": request.scene.model_copy(update={"motifs": ()})})
    assert DraftPainter().generate(request).ran["motifs"] == []
