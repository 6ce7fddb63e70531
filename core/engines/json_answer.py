"""A JSON answer as models without a grammar write it: found, cleaned and validated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from core.domain.campaign import clean_text
from core.engines.base import T

MOST_STARTS = 50
"""Opening braces that are tried as the beginning of the answer."""

_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)


class Unusable(Exception):
    """An answer that has not the shape asked for; the message tells a model what is wrong."""


def read_answer(text: str, schema: type[T]) -> T:
    """The first object in ``text`` that is a ``schema``; words around it, such as a code fence, do not matter.

    Raises:
        Unusable: there is none.
    """
    faults = []
    try:
        for found in _objects(_THOUGHT.sub("", text)):
            try:
                return schema.model_validate_json(json.dumps(_clean(found)))
            except ValidationError as error:
                faults.append(_name_faults(error))
    except RecursionError:
        raise Unusable("it is nested too deeply") from None
    raise Unusable(faults[0] if faults else "it holds no complete JSON object")


def _objects(text: str) -> Iterator[Any]:
    # Not strict: models write line breaks into strings as they are.
    decoder = json.JSONDecoder(strict=False, parse_constant=_refuse)
    start = text.find("{")
    for _ in range(MOST_STARTS):
        if start < 0:
            return
        try:
            value, end = decoder.raw_decode(text, start)
        except ValueError:
            end = start + 1
        else:
            yield value
        start = text.find("{", end)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return clean_text(value)


def _name_faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'it'}: {fault['msg']}" for fault in faults[:3])
