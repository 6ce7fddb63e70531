"""The base of every domain type: immutable, no unknown fields."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value; an unknown field is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")
