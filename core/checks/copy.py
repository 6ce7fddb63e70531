"""Every check of a campaign's copy, in the order in which a person reads the findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.checks import claims, form, limits, numbers, promises, subject, wording
from core.checks.reading import Reading
from core.domain.campaign import Brief, Facts, Finding

Check = Callable[[Reading], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    form.check_preamble,
    form.check_gaps,
    subject.check_subject,
    promises.check_call_to_action,
    promises.check_hashtags,
    numbers.check_numbers,
    claims.check_claims,
    form.check_addresses,
    wording.check_language,
    wording.check_european,
    wording.check_spelling,
    limits.check_length,
    limits.check_subject_line,
    form.check_scenes,
    form.check_sentence_count,
    form.check_repetition,
    form.check_exclamations,
)


HEADLINE_CHECKS: tuple[Check, ...] = (
    form.check_gaps,
    numbers.check_numbers,
    claims.check_claims,
    form.check_addresses,
    wording.check_european,
    wording.check_spelling,
    form.check_repetition,
)
"""What can be wrong with the few words over a picture, which name no subject and call to nothing."""


def check_headline(headline: str, brief: Brief, facts: Facts | None = None) -> tuple[Finding, ...]:
    """The faults of the words that are drawn over the picture, errors first."""
    return _run(HEADLINE_CHECKS, Reading(headline, brief, facts))


def check_copy(text: str, brief: Brief, facts: Facts | None = None) -> tuple[Finding, ...]:
    """The faults of ``text``, errors first.

    Args:
        text: the copy as written out (core.domain.campaign.write_out); positions in findings are in its NFC form.
        facts: what the library knows of the brief's episode or season: the text may draw on it too.

    Raises:
        BriefError: the brief names no platform that takes its content type.
    """
    return _run(CHECKS, Reading(text, brief, facts))


def _run(checks: tuple[Check, ...], reading: Reading) -> tuple[Finding, ...]:
    findings = [finding for check in checks for finding in check(reading)]
    return tuple(sorted(findings, key=lambda finding: finding.level))
