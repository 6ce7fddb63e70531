"""The words of a JSON answer that is still being written, for screens that show it as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def read_words(written: str) -> str:
    """The strings that ``written``, the beginning of a JSON object, holds so far, a paragraph each."""
    from pydantic_core import from_json

    try:
        value = from_json(written, allow_partial="trailing-strings")
    except ValueError:  # nothing that could become JSON yet
        return ""
    return "\n\n".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
