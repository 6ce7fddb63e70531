"""The embedded text engine: each prompt's name leads to the part that composes its answer from the prompt's values."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any, TypeVar

from pydantic import BaseModel

from core.domain.generation import Origin
from core.engines.base import OnText, TextOptions, TextResult
from core.engines.draft import study, summarizer
from core.errors import EngineError
from core.prompts import Prompt
from core.settings import BUNDLED

T = TypeVar("T", bound=BaseModel)

MODEL = "draft writer 1"

VERSION = "1"
"""Raise it with any change to what is written; tests/engines/draft/test_text.py notices."""

DATA = (
    "motifs.json", "moods.json", "concepts.json", "copy/pt-BR.json", "copy/en.json", "copy/words.json",
    "checks/requests.json",
)  # fmt: skip
"""Files of the data folder that decide what is written."""

PACKAGES = ("openai-clip", "snowballstemmer", "stopwordsiso")
"""Packages whose word lists and rules decide what is written."""


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    digest = hashlib.sha256(f"{MODEL}:{VERSION}".encode())
    for name in PACKAGES:
        digest.update(f"{name}=={version(name)}".encode())
    for name in DATA:
        path = BUNDLED / name
        digest.update(name.encode() + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()


def _summarize_episode(values: Mapping[str, Any]) -> dict[str, Any]:
    extract = summarizer.summarize(
        values["lines"],
        spoiler_seqs=values["spoiler_seqs"],
        max_words=values["max_words"],
        title=values.get("title"),
        logline=values.get("logline"),
        language=values.get("language"),
    )
    return {"text": extract.text, "key_phrases": extract.key_phrases, "moments": extract.moments}


def _prompt_episode_image(values: Mapping[str, Any]) -> dict[str, Any]:
    from core.engines.draft.scenery import episode_image_prompt

    return episode_image_prompt(values).model_dump()


def _prompt_season_image(values: Mapping[str, Any]) -> dict[str, Any]:
    from core.engines.draft.scenery import season_image_prompt

    return season_image_prompt(values).model_dump()


def _write_campaign_copy(values: Mapping[str, Any]) -> dict[str, Any]:
    from core.engines.draft.copywriter.write import write_copy

    return write_copy(values)


def _compose_concept(values: Mapping[str, Any]) -> dict[str, Any]:
    from core.engines.draft.concept import compose_concept

    return compose_concept(values)


def _compose_campaign_prompt(values: Mapping[str, Any]) -> dict[str, Any]:
    from core.engines.draft.concept import compose_image_prompt

    return compose_image_prompt(values)


COMPOSERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "episode_summary": _summarize_episode,
    "image_prompt": _prompt_episode_image,
    "season_answer": study.answer_question,
    "season_followups": study.ask_follow_ups,
    "season_subject": study.compose_subject,
    "season_prompt": _prompt_season_image,
    "campaign_concept": _compose_concept,
    "campaign_image_prompt": _compose_campaign_prompt,
    "campaign_copy": _write_campaign_copy,
}
"""Prompt name -> what composes its answer, as the fields of the schema asked for."""


class DraftText:
    """Composes answers from a prompt's values alone; it reads no message, so a transcript cannot order it about."""

    @property
    def origin(self) -> Origin:
        """The embedded program: no trained model."""
        return Origin(engine="draft", model=MODEL, digital_source_type="algorithmicMedia")

    @property
    def fingerprint(self) -> str:
        """The sha256 hex over the version, the packages and the data that decide what is written."""
        return _fingerprint()

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        """Compose the answer to ``prompt``; the same values always give the same answer, whatever the options.

        Raises:
            EngineError: this engine does not know the prompt.
        """
        compose = COMPOSERS.get(prompt.name)
        if compose is None:
            raise EngineError(
                "The draft engine has no answer to the prompt {name}. Choose a profile with a language model.",
                name=prompt.name,
            )
        started = time.perf_counter()
        value = schema.model_validate(compose(prompt.values))
        return TextResult(value=value, seconds=time.perf_counter() - started)
