"""A circuit breaker: a server that keeps failing is left alone for a while, so that no queue waits for it in vain.

Source: Michael Nygard, "Release It!" (2007), chapter 5.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

FAILURES = 3
"""Failures in a row after which the server is left alone."""

REST_S = 15.0
"""For how long, in seconds; then one more failure is enough."""


@dataclass
class Breaker:
    """Counts the failures of one server."""

    failures: int = 0
    _open_until: float = 0.0

    @property
    def rest_s(self) -> float:
        """Seconds until the server may be asked again; 0 where it may be now."""
        return max(0.0, self._open_until - time.monotonic())

    def note(self, *, is_well: bool) -> None:
        """Remember how asking the server went."""
        self.failures = 0 if is_well else self.failures + 1
        if self.failures >= FAILURES:
            self._open_until = time.monotonic() + REST_S
