"""JSON files as plain values, bounded in size, depth and numbers."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from core.errors import DamagedInput
from core.ingest.report import Run
from core.ingest.source import MAX_LINE, Source


def load_json(source: Source) -> Any:
    """The parsed file.

    Raises:
        DamagedInput: not JSON, nested too deep, or with a number that JSON does not have (NaN, endless digits).
    """
    try:
        return json.loads(source.text(), parse_constant=_refuse_constant)
    except RecursionError:
        why = "it is nested too deep"
    except json.JSONDecodeError as error:
        why = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except ValueError as error:
        why = str(error)[:100]
    raise DamagedInput("{path} is not valid JSON ({why}). Export it again.", path=source.name, why=why)


def text_of(value: object, source: Source, run: Run, longest: int = MAX_LINE) -> str | None:
    """Clean text from a JSON value, None if it is missing, blank or no text; cut at ``longest`` characters.

    Raises:
        DamagedInput: longer than any text can be.
    """
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    text = str(value)
    if len(text) > MAX_LINE:
        raise DamagedInput(
            "{path} has a text of {size} characters; the limit is {limit}. Shorten it and import the file again.",
            path=source.name,
            size=len(text),
            limit=MAX_LINE,
        )
    return run.cleaner.clean(text)[:longest].strip() or None


def first_of(entry: dict[str, Any], keys: tuple[str, ...] | list[str]) -> Any:
    """The value of the first of ``keys`` that ``entry`` has."""
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")
