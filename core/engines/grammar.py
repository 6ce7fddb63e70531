"""Decoding held to a JSON schema: every token allowed by a grammar, and the object closed before the tokens run out.

Source: llguidance, https://github.com/guidance-ai/llguidance: a mask over the vocabulary, computed for each token.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from core.engines.base import OnText
from core.engines.partial import read_words
from core.errors import EngineError

if TYPE_CHECKING:
    import numpy as np
    import torch
    from pydantic import BaseModel

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    """``(vocabulary,) bool``: the tokens that may come next."""

LONGEST_STRING = 300
"""Characters of a string whose type sets no limit, such as an item of a list."""

LONGEST_LIST = 50
LARGEST_NUMBER = 999_999_999

SLACK = 24
"""Tokens kept for closing beyond the shortest object: an escape, a letter of several bytes, a list's open item."""

_WORDS_ONLY_PEOPLE_READ = ("title", "description", "default", "examples")


def bound_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of ``schema`` as a decoder needs it: every field is asked for, and nothing goes on for ever."""
    bounded: dict[str, Any] = _bound(schema.model_json_schema())
    return bounded


def _bound(node: Any) -> Any:
    if isinstance(node, list):
        return [_bound(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key not in _WORDS_ONLY_PEOPLE_READ}
    for key, value in kept.items():
        if key in {"properties", "$defs"}:
            kept[key] = {name: _bound(child) for name, child in value.items()}
        elif key in {"items", "prefixItems", "anyOf", "additionalProperties"}:
            kept[key] = _bound(value)
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
        kept.setdefault("additionalProperties", False)
    match kept.get("type"):
        case "string" if not {"enum", "const"} & set(kept):
            kept.setdefault("maxLength", LONGEST_STRING)
        case "array":
            kept.setdefault("maxItems", LONGEST_LIST)
        case "integer" | "number":
            kept.setdefault("minimum", -LARGEST_NUMBER)
            kept.setdefault("maximum", LARGEST_NUMBER)
    return kept


def shortest(schema: dict[str, Any]) -> Any:
    """What must still be written, at most, to end an object of ``schema`` that has just begun."""
    definitions = schema.get("$defs", {})

    def fill(node: dict[str, Any]) -> Any:
        if "$ref" in node:
            return fill(definitions[node["$ref"].rsplit("/", 1)[-1]])
        if "anyOf" in node:
            return max((fill(option) for option in node["anyOf"]), key=lambda value: len(json.dumps(value)))
        if "enum" in node or "const" in node:
            return max(node.get("enum", [node.get("const")]), key=lambda value: len(json.dumps(value)))
        if "properties" in node:
            return {name: fill(child) for name, child in node["properties"].items()}
        if "items" in node:
            return [fill(node["items"])] * max(1, node.get("minItems", 0))
        return {"string": "x" * node.get("minLength", 0), "integer": -1, "number": -1.5}.get(node["type"])

    return fill(schema)


@dataclass(frozen=True)
class Grammar:
    """A schema compiled for a tokenizer; ``reserve`` is how many tokens closing it takes at most."""

    tokenizer: Any
    compiled: Any
    reserve: int

    @cached_property
    def closers(self) -> tuple[int, tuple[int, ...]]:
        """The token that ends a string, and those that end anything else, the outermost first."""
        quote, *others = (self.tokenizer.greedy_tokenize(character)[0] for character in '"}],')
        return quote, tuple(others)


class Grammars:
    """The grammars of one tokenizer, each compiled once.

    Args:
        tokenizer: a fast tokenizer of transformers.
        vocabulary: the width of the model's logits, which may be padded beyond the tokenizer's own tokens.
        ends: the tokens that end an answer.
    """

    def __init__(self, tokenizer: Any, vocabulary: int, ends: Sequence[int]) -> None:
        from llguidance.hf import from_tokenizer

        self.ends = frozenset(ends)
        self._tokenizer = from_tokenizer(tokenizer, n_vocab=vocabulary, eos_token=list(ends))
        self.compile = lru_cache(maxsize=64)(self._compile)

    def _compile(self, schema: type[BaseModel]) -> Grammar:
        from llguidance import LLMatcher

        bounded = bound_schema(schema)
        options: Any = {"whitespace_flexible": False, "lenient": True}
        grammar = LLMatcher.grammar_from_json_schema(bounded, overrides=options)
        matcher = LLMatcher(self._tokenizer, grammar)
        if matcher.is_error():
            raise EngineError(
                "The answer's shape {name} cannot be decoded: {why}", name=schema.__name__, why=matcher.get_error()
            )
        end = json.dumps(shortest(bounded), ensure_ascii=False, separators=(",", ":"))
        return Grammar(self._tokenizer, matcher, len(self._tokenizer.tokenize_str(end)) + SLACK)


@dataclass
class Row:
    """One answer of a batch while it is decoded."""

    matcher: Any
    tokens: list[int] = field(default_factory=list)
    done: bool = False
    cut: bool = False


@dataclass
class Decoding:
    """A batch being decoded: ``mask`` is a logits processor of transformers, ``advance`` its stopping criterion.

    Args:
        limit: new tokens an answer may have.
        on_text: gets the words of the first answer; what it raises ends the decoding.
    """

    grammars: Grammars
    grammar: Grammar
    size: int
    limit: int
    on_text: OnText | None = None

    def __post_init__(self) -> None:
        self.rows = [Row(self.grammar.compiled.deep_copy()) for _ in range(self.size)]

    def mask(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """``scores``, ``(rows, vocabulary) float``, with every token impossible that the grammar does not allow."""
        import numpy as np
        import torch

        if not torch.isfinite(scores).all():
            raise EngineError(
                "The model answers with no numbers (NaN): its weights are damaged, or too large for this precision. "
                "Check them with: python dataprep.py models verify"
            )
        allowed = np.ones(scores.shape, dtype=bool)
        for number, row in enumerate(self.rows):
            if not row.done:
                allowed[number] = self._allow(row, scores[number])
        return scores.masked_fill(torch.from_numpy(~allowed).to(scores.device), -torch.inf)

    def _allow(self, row: Row, scores: torch.Tensor) -> Mask:
        """Which tokens may come next: one, where the grammar knows it or the object must be closed now."""
        import numpy as np

        # 1. What the grammar forces, as the tokenizer itself would write it
        forced = row.matcher.compute_ff_tokens()
        if forced:
            return _only(forced[0], len(scores))
        # 2. What it allows
        bits = np.frombuffer(row.matcher.compute_bitmask(), dtype=np.uint8)
        possible = np.unpackbits(bits, bitorder="little")[: len(scores)].astype(bool)
        if self.limit - len(row.tokens) > self.grammar.reserve:
            return possible
        # 3. Few tokens are left: end the string, the object, the list; where none can be ended, the model chooses
        quote, others = self.grammar.closers
        for token in (quote,) if _inside_string(self._bytes(row)) else others:
            if possible[token]:
                best = np.where(possible, scores.float().cpu().numpy(), -np.inf).argmax()
                row.cut = row.cut or int(best) != token
                return _only(token, len(scores))
        return possible

    def advance(self, input_ids: torch.Tensor, scores: Any = None) -> torch.Tensor:
        """Take in each row's last token; ``(rows,) bool``: which answers are complete."""
        import torch

        for row, token in zip(self.rows, input_ids[:, -1].tolist(), strict=True):
            if row.done:
                continue
            if token not in self.grammars.ends:
                row.matcher.consume_token(token)
                row.tokens.append(token)
            row.done = token in self.grammars.ends or row.matcher.is_stopped()
        if self.on_text is not None:
            self.on_text(read_words(self.text(self.rows[0])))
        return torch.tensor([row.done for row in self.rows], device=input_ids.device)

    def _bytes(self, row: Row) -> bytes:
        return bytes(self.grammar.tokenizer.decode_bytes(row.tokens))

    def text(self, row: Row) -> str:
        """The JSON that ``row`` has so far; a letter whose bytes are not all there is left out."""
        return self._bytes(row).decode("utf-8", errors="ignore")


def _only(token: int, vocabulary: int) -> Mask:
    import numpy as np

    mask = np.zeros(vocabulary, dtype=bool)
    mask[token] = True
    return mask


def _inside_string(written: bytes) -> bool:
    inside = escaped = False
    for byte in written:
        if escaped:
            escaped = False
        elif inside and byte == 0x5C:  # a backslash
            escaped = True
        elif byte == 0x22:  # a quotation mark
            inside = not inside
    return inside
