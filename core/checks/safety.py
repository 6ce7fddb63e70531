"""Briefs that Chamada does not work on: it refuses them before any engine sees them."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import NamedTuple

from core.checks.reading import fold
from core.domain.campaign import Brief, Facts
from core.errors import UnsafeBrief
from core.language import N_
from core.settings import BUNDLED

REASONS = {
    "minors": N_("Chamada makes nothing that shows minors in a sexual light."),
    "drugs": N_("Chamada does not advertise drugs, or medicine without prescription."),
    "weapons": N_("Chamada does not advertise weapons or explain how they are made."),
    "hate": N_("Chamada makes nothing that incites hate against people for what they are."),
    "self_harm": N_(
        "Chamada makes nothing that encourages self-harm. In Brazil the CVV listens at 188, day and night."
    ),
    "cure": N_("Chamada does not promise cures. Say what the product is, without the disease."),
    "fraud": N_("Chamada does not advertise forgeries, or gains that nobody can promise."),
    "sexual_services": N_("Chamada does not advertise sexual services or pornography."),
}
"""Why a brief is refused, each as the sentence that the user reads."""


class _Rule(NamedTuple):
    reason: str
    fiction: bool
    near: int
    unless: re.Pattern[str] | None
    groups: tuple[re.Pattern[str], ...]


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[_Rule, ...], dict[int, str]]:
    data = json.loads((BUNDLED / "safety.json").read_text(encoding="utf-8"))
    rules = tuple(
        _Rule(
            rule["reason"],
            rule["fiction"],
            rule["near"],
            _any_of(rule["unless"]) if "unless" in rule else None,
            tuple(map(_any_of, rule["groups"])),
        )
        for rule in data["rules"]
    )
    return rules, str.maketrans(data["leet"])


def disguised(text: str) -> tuple[str, str]:
    """``text`` folded, words only; and the same with digits and signs read as the letters they stand for.

    ``c.o.c.a.í.n.a`` and ``c o c a i n a`` are one word in both.
    """
    _, leet = _rules()
    plain = fold(text)
    joined = re.sub(r"(?<!\w)(?:\w[\W_]){3,}\w(?!\w)", lambda match: re.sub(r"[\W_]", "", match[0]), plain)
    read = re.sub(r"(?<!\w)(?=\S*[^\W\d_])[\w@$!]+", lambda match: match[0].translate(leet), joined)
    return " ".join(re.findall(r"\w+", joined)), " ".join(re.findall(r"\w+", read))


def _applies(rule: _Rule, text: str) -> bool:
    """Whether each group of ``rule`` is in ``text``, all near the first."""
    if rule.unless and rule.unless.search(text):
        return False
    places = [[text.count(" ", 0, match.start()) for match in group.finditer(text)] for group in rule.groups]
    return all(places) and any(
        all(any(abs(place - first) <= rule.near for place in others) for others in places[1:]) for first in places[0]
    )


def find_unsafe(brief: Brief, facts: Facts | None = None) -> str:
    """Why ``brief`` is refused, as a key of ``REASONS``; "" where it is not."""
    fiction = bool(brief.show) and (facts is None or facts.fiction)
    fields = (brief.topic, brief.objective, brief.call_to_action, brief.audience, ", ".join(brief.keywords))
    texts = [text for field in (*fields, " ".join(fields[:3])) for text in disguised(field)]
    for rule in _rules()[0]:
        if (rule.fiction or not fiction) and any(_applies(rule, text) for text in texts):
            return rule.reason
    return ""


def refuse_unsafe(brief: Brief, facts: Facts | None = None) -> None:
    """Pass a brief that asks for nothing harmful. A story may tell of crime; an advertisement may not sell it.

    Raises:
        UnsafeBrief: it asks for what Chamada does not make; the message says what.
    """
    reason = find_unsafe(brief, facts)
    if reason:
        raise UnsafeBrief(REASONS[reason])
