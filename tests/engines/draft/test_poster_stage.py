"""Composition: the title's zone stays empty, things stand on ground, the hero leads, seeds differ."""

import itertools
import random

import pytest

from core.compose.geometry import bounds, ellipse, oriented, roughen, signed_area
from core.domain.generation import ImageRequest, Scene, Setting, Style, TimeOfDay
from core.engines.draft.motifs import load_motifs
from core.engines.draft.painter import compose_poster
from core.engines.draft.poster.casting import cast_motifs
from core.engines.draft.poster.drawings import DRAWN, load_drawing
from core.engines.draft.poster.icons import has_icon, load_icon

SIZES = ((512, 512), (540, 960), (1200, 675), (300, 1500), (1500, 300))


def request(seed: int, setting: Setting, size: tuple[int, int], style: Style = Style.NOTURNO) -> ImageRequest:
    names = [name for name in load_motifs() if name not in ("sun", "moon")]
    motifs = tuple(random.Random(seed).sample(names, 4))
    scene = Scene(subject="s", setting=setting, time_of_day=list(TimeOfDay)[seed % 4], motifs=motifs)
    return ImageRequest(
        scene=scene,
        prompt="p",
        style=style,
        title="A Rádio Muda",
        kicker="Temporada 1",
        family=f"f{seed % 7}",
        width=size[0],
        height=size[1],
        seed=seed,
    )


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("setting", list(Setting))
def test_nothing_stands_behind_the_title(setting: Setting, style: Style) -> None:
    for seed, size in itertools.product(range(4), SIZES):
        poster = compose_poster(request(seed, setting, size, style))
        assert poster.layout.text_boxes
        for text, motif in itertools.product(poster.layout.text_boxes, poster.stage.motifs()):
            shown = motif.box.meet(poster.layout.art)
            assert not (shown.width and shown.height and shown.overlaps(text)), (motif.name, poster.layout.name)


@pytest.mark.parametrize("setting", list(Setting))
def test_outdoor_grounds_keep_out_of_the_title(setting: Setting) -> None:
    """Where the title is set on the sky, no hill or roof rises into it."""
    for seed, size in itertools.product(range(6), SIZES):
        stage = compose_poster(request(seed, setting, size)).stage
        layout = stage.layout
        if layout.panel or layout.side == "bottom":
            continue
        for text, tier in itertools.product(layout.text_boxes, stage.tiers):
            inside = (tier.xs >= text.x0) & (tier.xs <= text.x1)
            assert tier.ys[inside].min() > text.y1


@pytest.mark.parametrize("setting", list(Setting))
def test_things_stand_on_ground_and_the_hero_leads(setting: Setting) -> None:
    for seed in range(8):
        poster = compose_poster(request(seed, setting, (512, 512)))
        stage = poster.stage
        motifs = stage.motifs()
        parts = {part.name: part for part in cast_motifs(poster.request.scene.motifs)}
        assert motifs, "a hero always finds a place"
        assert [item.hero for item in motifs] == [True] + [False] * (len(motifs) - 1)
        assert motifs[0].box.height * motifs[0].box.width >= max(m.box.height * m.box.width for m in motifs)
        for item in motifs:
            if parts[item.name].role == "sky":
                assert item.box.y1 < stage.horizon
            else:
                edges = [tier.height_at(item.box.cx) for tier in stage.tiers]
                assert item.box.y1 >= min(edges)
                assert item.box.y1 <= poster.layout.art.y1 + 1


def test_motifs_do_not_overlap_one_another() -> None:
    for seed, setting in itertools.product(range(6), Setting):
        motifs = compose_poster(request(seed, setting, (512, 512))).stage.motifs()
        assert not any(a.box.overlaps(b.box) for a, b in itertools.combinations(motifs, 2))


def test_the_seed_changes_the_composition() -> None:
    posters = [compose_poster(request(0, Setting.SEA, (512, 512)).model_copy(update={"seed": n})) for n in range(12)]
    heroes = {round(poster.stage.motifs()[0].box.cx, 1) for poster in posters}
    horizons = {round(poster.stage.horizon, 1) for poster in posters}
    assert len(heroes) >= 5
    assert len(horizons) == 12


def test_a_boat_brings_water_to_dry_land() -> None:
    scene = Scene(subject="s", setting=Setting.COUNTRY, motifs=("fishing boat",))
    stage = compose_poster(ImageRequest(scene=scene, prompt="p")).stage
    assert any(tier.kind == "water" for tier in stage.tiers)


def test_a_moon_asked_for_is_in_the_sky_and_no_icon() -> None:
    scene = Scene(subject="s", setting=Setting.SEA, time_of_day=TimeOfDay.DAY, motifs=("full moon", "lighthouse"))
    stage = compose_poster(ImageRequest(scene=scene, prompt="p")).stage
    assert stage.sun is not None
    assert stage.sun.moon
    assert [item.name for item in stage.motifs()] == ["lighthouse"]


def test_every_motif_has_an_icon_or_a_drawing() -> None:
    known = load_motifs()
    assert [name for name, motif in known.items() if not has_icon(motif.icon)] == []
    assert set(DRAWN) <= set(known)


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_drawings_are_unit_sized_and_stand_on_zero(name: str) -> None:
    drawing = load_drawing(name)
    assert drawing is not None
    box = bounds(drawing.outline)
    assert (box.height, box.y1, box.cx) == pytest.approx((1, 0, 0), abs=1e-9)
    assert 0.15 < drawing.aspect < 2.6


def test_icons_are_unit_sized_and_their_silhouette_has_no_holes() -> None:
    icon = load_icon("radio")
    box = bounds(icon.body)
    assert (box.height, box.y1, box.cx) == pytest.approx((1, 0, 0), abs=1e-9)
    assert len(icon.silhouette) < len(icon.body)
    assert len({signed_area(points) > 0 for points in icon.silhouette}) == 1


def test_rough_edges_move_no_point_far() -> None:
    disc = ellipse(100, 100, 80)
    box, rough = bounds(disc), bounds(roughen(disc, 3, 20, random.Random(1)))
    assert all(abs(a - b) < 9 for a, b in zip(box, rough, strict=True))
    assert bounds(roughen(disc, 0, 20, random.Random(1))) == box


def test_oriented_polygons_all_run_one_way() -> None:
    disc = ellipse(0, 0, 5)
    flipped = tuple(points[::-1] for points in disc)
    assert all(signed_area(points) > 0 for points in oriented(disc + flipped))
