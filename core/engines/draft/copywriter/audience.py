"""The brief's audience as words a reader may be shown: who they are, never how old or how rich."""

from __future__ import annotations

import re

from core.engines.draft.copywriter.lexicon import Words
from core.engines.draft.language import find_words

LONGEST = 80

_NOISE = re.compile(
    r"\([^()]*\)|"
    r"\b(?:de|entre|acima de|a partir de|com mais de|com|até|aged|over|under|between)?\s*"
    r"\d+\s*(?:[–-]|a|e|to|and|ou mais)?\s*\d*\s*(?:anos|years(?: old)?)\b|"
    r"\bclasses? [A-E](?:[/, e]+[A-E])*\b|\b\d+[–-]\d+\b",
    re.IGNORECASE,
)
_PT = (
    (re.compile(r"(?:.*\b)?interessad[oa]s? (?:em|n[oa]s?) (.+)", re.I), "quem se interessa por {}"),
    (re.compile(r"(?:.*\b)?(?:apaixonad[oa]s? por|amantes? d[eoa]s?|loucos? por) (.+)", re.I), "quem ama {}"),
    (re.compile(r"(?:.*\b)?fãs? de (.+)", re.I), "quem é fã de {}"),
    (re.compile(r"(?:.*\b)?em busca de (.+)", re.I), "quem procura {}"),
    (re.compile(r"quem (.+)", re.I), "quem {}"),
)
_PLURAL_VERB = re.compile(r"(.*?)\bque (\S+) (.+)")
_IRREGULAR = {
    "querem": "quer",
    "fazem": "faz",
    "têm": "tem",
    "vão": "vai",
    "são": "é",
    "estão": "está",
    "saem": "sai",
    "trazem": "traz",
    "dizem": "diz",
    "podem": "pode",
    "vêm": "vem",
    "põem": "põe",
    "fizeram": "fez",
    "tiveram": "teve",
    "foram": "foi",
    "vieram": "veio",
    "eram": "era",
}
_PAST = {"aram": "ou", "eram": "eu", "iram": "iu"}
_MOOD = re.compile(r"(?:[^\W\d_]+)(?:am|em|êm|ão)\Z")


def name_audience(text: str, words: Words) -> str:
    """Who the post speaks to, as words that can follow "para" or "for"; "" where the audience is too wide to name."""
    bare = " ".join(_NOISE.sub(" ", text).split()).strip(" ,;.")
    found = [_name_part(part.strip(" ,;."), words) for part in re.split(r"\s*[,;.]\s+", bare)]
    fitting = [each for each in found if each and len(each) <= LONGEST]
    # What they do says more than what they are.
    telling = [each for each in fitting if each.startswith(("quem ", "people "))]
    return next(iter([*telling, *fitting]), "")


def address(audience: str, language: str) -> tuple[str, str]:
    """An audience told by what it does, spoken to: ``("mora em apartamento", "mora em apartamento?")``; else "", ""."""
    does = re.match(r"(?:quem|people who) (.+)", audience)
    if does is None:
        return "", ""
    if language == "en":
        return does[1], f"do you {does[1]}?"
    # No sentence begins with "se": "você se interessa por …?"
    return does[1], f"{'você ' if does[1].startswith('se ') else ''}{does[1]}?"


def _name_part(part: str, words: Words) -> str:
    if not part or not find_words(part):
        return ""
    if words.language == "en":
        return _english(part, words)
    for pattern, phrase in _PT:
        found = pattern.match(part)
        if found:
            return phrase.format(found[1])
    relative = _PLURAL_VERB.match(part)
    if relative:
        singular = _singular(relative[2], relative[3])
        return f"quem {singular}" if singular else ""
    return "" if _is_wide(part, words) else _lower_first(part)


def _english(part: str, words: Words) -> str:
    found = re.match(r"(?:people|anyone|those|everyone|adults|men|women) (?:who|interested in) (.+)", part, re.I)
    if found:
        return f"people {'interested in' if 'interested' in part else 'who'} {found[1]}"
    return "" if _is_wide(part, words) else _lower_first(part)


def _singular(verb: str, rest: str) -> str:
    """``gosta de pão`` for (``gostam``, ``de pão``); "" where the verb is no plural."""
    if verb == "não":
        inner, _, more = rest.partition(" ")
        turned = _singular(inner, more)
        return f"não {turned}" if turned else ""
    folded = verb.casefold()
    if folded in {"se", "ainda", "já", "nunca", "também", "só"}:
        inner, _, more = rest.partition(" ")
        turned = _singular(inner, more)
        return f"{folded} {turned}" if turned else ""
    if folded in _IRREGULAR:
        return f"{_IRREGULAR[folded]} {rest}".strip()
    if folded.endswith(("aram", "eram", "iram")):
        return f"{folded[:-4]}{_PAST[folded[-4:]]} {rest}".strip()
    if _MOOD.match(folded) and folded[-2:] in {"am", "em"}:
        return f"{folded[:-1]} {rest}".strip()
    return f"{verb} {rest}".strip() if folded[-1:] in "aei" else ""


def _is_wide(part: str, words: Words) -> bool:
    found = [word.casefold() for word in find_words(part)]
    content = [word for word in found if len(word) > 2]
    first_generic = bool(content) and content[0] in words.of("generic")
    return first_generic and all(
        word in words.of("generic") or word in {"público", "redes", "sociais"} for word in content
    )


def _lower_first(text: str) -> str:
    first = text.split()[0]
    return text if first.isupper() and len(first) > 1 else text[:1].lower() + text[1:]
