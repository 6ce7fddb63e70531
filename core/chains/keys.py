"""Idempotency keys: a sha256 over everything that goes into a step."""

import hashlib
import json

from pydantic import BaseModel


def input_key(*parts: object) -> str:
    """The sha256 hex over ``parts`` (strings, numbers, dicts, pydantic values), the seed left out."""

    def plain(value: object) -> object:
        return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)

    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


def seeded_key(key: str, seed: int) -> str:
    """The unique key of one run of a step: its input key and its seed."""
    return hashlib.sha256(f"{key}:{seed}".encode()).hexdigest()


def derive_seed(base: int, *parts: object) -> int:
    """A seed in 0..2**31 - 1 that differs from subject to subject and follows ``base``."""
    return int(input_key(base, *parts)[:8], 16) % 2**31
