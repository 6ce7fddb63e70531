"""Prompts as files: ``name.jinja`` with a ``system`` and a ``user`` block, rendered into typed messages.

Everything a template prints passes ``neutralize`` first, so that a role token inside a transcript
(``<|eot_id|>``, ``[INST]`` …) reaches the model as text and cannot end the user's turn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from core.domain.frozen import Frozen

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

FOLDER = Path(__file__).parent

# Llama 3, ChatML, Llama 2, Gemma and bos/eos forms. A look-alike angle keeps them readable and harmless.
_ROLE_TOKEN = re.compile(
    r"<(?=\|)|(?<=\|)>|<(?=/?(?:s|bos|eos|start_of_turn|end_of_turn)>)|\[(?=/?INST\])|<(?=</?SYS>>)|(?<=SYS>)>"
)


class Message(Frozen):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


class Prompt(Frozen):
    """A rendered prompt: models read ``messages``, the draft engine reads ``name`` and ``values``.

    Attributes:
        fingerprint: sha256 hex of the template's source: changes when the wording does.
    """

    name: str
    values: dict[str, Any]
    messages: tuple[Message, ...]
    fingerprint: str


def neutralize(value: Any) -> Any:
    """Make role tokens inside data harmless: ``<|eot_id|>`` becomes ``‹|eot_id|›``."""
    if not isinstance(value, str):
        return value
    return _ROLE_TOKEN.sub(lambda hit: {"<": "‹", ">": "›", "[": "⁅"}[hit[0]], value)


@lru_cache(maxsize=32)
def language_name(tag: str) -> str:
    """A language tag as a model understands it best: ``pt`` becomes ``Brazilian Portuguese``."""
    if tag in {"pt", "pt-BR"}:
        return "Brazilian Portuguese"
    if tag == "und":
        return "the language of the transcript"
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return "the language of the transcript"


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    # Prompts are plain text for a model, never HTML, so nothing is HTML-escaped.
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        finalize=neutralize,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Data stays on the line it is printed on, so it cannot fake a heading, a line number or a question.
    environment.filters["oneline"] = lambda value: " ".join(str(value).split())
    environment.filters["language_name"] = language_name
    return environment


@lru_cache(maxsize=64)
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.jinja")


@lru_cache(maxsize=64)
def fingerprint(name: str) -> str:
    """The sha256 hex of a template's source."""
    return hashlib.sha256((FOLDER / f"{name}.jinja").read_bytes()).hexdigest()


def render(name: str, values: Mapping[str, Any]) -> Prompt:
    """Fill ``core/prompts/{name}.jinja`` with ``values``; a missing value is an error, not a blank."""
    template = _template(name)
    context = template.new_context(dict(values))
    messages = tuple(
        Message(role=role, content="".join(template.blocks[role](context)).strip())
        for role in ("system", "user")
        if role in template.blocks
    )
    return Prompt(name=name, values=dict(values), messages=messages, fingerprint=fingerprint(name))
