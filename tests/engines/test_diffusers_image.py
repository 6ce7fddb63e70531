"""The diffusers engine on tiny real models, a base and a refiner, loaded and run by the code that runs the big ones."""

import pytest

from core.engines.diffusers_image import DiffusersImage
from tests.engines.image_contract import ImageEngineContract


@pytest.fixture(scope="module")
def pair(models):
    """Base and refiner, loaded once."""
    return DiffusersImage(models / "sdxl", models / "refiner")


class TestContract(ImageEngineContract):
    @pytest.fixture
    def engine(self, pair):
        return pair
