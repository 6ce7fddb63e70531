"""A folder of source files written by the test itself, and a quick way to read it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.ingest import Reading, read

Put = Callable[[str, str | bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a file into the test's folder ``show`` and give its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / "show" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def take(put: Put) -> Callable[[str, str | bytes], Reading]:
    """Write one file and read it."""
    return lambda name, content: read(put(name, content), "Farol")
