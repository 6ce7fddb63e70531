"""A tiny real Llama behind the text engine: the contract, options, seeds, streaming, prefixes, batches, bad models."""

from pathlib import Path

import pytest

from core.engines.transformers_text import TransformersText
from tests.engines.contract import TextEngineContract


@pytest.fixture(scope="module")
def engine(models: Path) -> TransformersText:
    return TransformersText(models / "llama", precision="float32")


class TestContract(TextEngineContract):
    pass
