"""What every image engine must do, whatever is behind it: subclass, give an ``engine`` fixture, run."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from core.domain.generation import ImageRequest, Scene, Setting, Style, TimeOfDay
from core.engines.base import ImageEngine
from core.errors import Canceled

SCENE = Scene(
    subject="a lighthouse over a fishing village",
    setting=Setting.SEA,
    time_of_day=TimeOfDay.DUSK,
    motifs=("lighthouse", "fishing boat"),
)
REQUEST = ImageRequest(
    scene=SCENE,
    prompt="a lighthouse over a fishing village at dusk, poster",
    title="Maré Alta",
    kicker="Temporada 1 · Episódio 12",
    family="Maré Alta",
    width=128,
    height=96,
    seed=11,
    num_inference_steps=2,
)


class ImageEngineContract:
    """Tests to inherit; the subclass has a fixture ``engine``."""

    def test_it_gives_an_rgb_picture_of_the_size_asked(self, engine: ImageEngine) -> None:
        for width, height in ((128, 96), (64, 128)):
            image = engine.generate(REQUEST.model_copy(update={"width": width, "height": height})).image
            assert isinstance(image, Image.Image)
            assert (image.mode, image.size) == ("RGB", (width, height))

    def test_the_same_request_gives_the_same_pixels(self, engine: ImageEngine) -> None:
        first, second = engine.generate(REQUEST), engine.generate(REQUEST)
        assert np.array_equal(np.asarray(first.image), np.asarray(second.image))

    def test_another_seed_gives_another_picture(self, engine: ImageEngine) -> None:
        other = engine.generate(REQUEST.model_copy(update={"seed": 12}))
        assert not np.array_equal(np.asarray(engine.generate(REQUEST).image), np.asarray(other.image))

    @pytest.mark.parametrize("style", list(Style))
    def test_every_style_works(self, engine: ImageEngine, style: Style) -> None:
        image = engine.generate(REQUEST.model_copy(update={"style": style})).image
        assert np.asarray(image).std() > 5

    def test_steps_are_counted_to_the_end(self, engine: ImageEngine) -> None:
        steps: list[tuple[int, int]] = []
        engine.generate(REQUEST, lambda done, total: steps.append((done, total)))
        total = steps[-1][1]
        assert [done for done, _ in steps] == list(range(1, total + 1))
        assert {of for _, of in steps} == {total}

    def test_it_stops_within_a_step_when_asked(self, engine: ImageEngine) -> None:
        seen: list[int] = []

        def stop(done: int, total: int) -> None:
            seen.append(done)
            raise Canceled("The user asked to stop.")

        with pytest.raises(Canceled):
            engine.generate(REQUEST, stop)
        assert seen == [1]

    def test_it_tells_what_ran_in_json(self, engine: ImageEngine) -> None:
        result = engine.generate(REQUEST)
        assert result.seconds > 0
        assert json.loads(json.dumps(result.ran)) == result.ran
        assert result.ran

    def test_origin_and_fingerprint_are_for_rows(self, engine: ImageEngine) -> None:
        assert engine.origin.engine
        assert engine.origin.model
        assert re.fullmatch(r"[0-9a-f]{64}", engine.fingerprint)
        assert engine.fingerprint == engine.fingerprint
