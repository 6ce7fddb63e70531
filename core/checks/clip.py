"""How much of a prompt CLIP reads, counted offline with OpenAI's own tokenizer and vocabulary."""

from __future__ import annotations

import re
import runpy
import warnings
from bisect import bisect_right
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LIMIT = 75
"""Tokens of a prompt that CLIP reads: 77 less the two that mark beginning and end."""

_CLAUSE_END = re.compile(r"[.!?;:,](?=\s|$)|\s[–—-](?=\s)")
_PHRASE_START = re.compile(
    r"\s(?=(?:and|as|at|above|against|among|behind|below|beside|beyond|by|for|from|in|near|on|over|that|through|to|under|"
    r"which|while|with)\s)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s")


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    package = find_spec("clip")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("openai-clip is not installed: pip install -r requirements-draft.txt")
    # The package's own import wants torch; its tokenizer alone does not.
    module = runpy.run_path(str(Path(package.submodule_search_locations[0]) / "simple_tokenizer.py"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its vocabulary's file to be closed
        return module["SimpleTokenizer"]()


def count_tokens(text: str) -> int:
    """The CLIP tokens of ``text``, without the two that mark its beginning and end.

    Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021).
    """
    return len(_tokenizer().encode(text))


def fit_prompt(text: str, limit: int = LIMIT) -> str:
    """``text`` cut to at most ``limit`` tokens at the end of a clause, or of a phrase where no clause ends before."""
    whole = " ".join(text.split())
    if count_tokens(whole) <= limit:
        return whole
    for ends in (_CLAUSE_END, _PHRASE_START, _SPACE):
        places = [match.start() for match in ends.finditer(whole) if match.start() > 0]
        fitting = bisect_right(places, limit, key=lambda place: count_tokens(whole[:place]))
        if fitting:
            return whole[: places[fitting - 1]].rstrip(" ,;:.–—-")
    return str(_tokenizer().decode(_tokenizer().encode(whole)[:limit])).strip(" \ufffd")  # one endless word
