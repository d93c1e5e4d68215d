"""A circuit breaker: after a failure a server is left alone for a while, twice as long after each further one.

Times in seconds of whatever clock the caller passes in; no tasks, nothing sleeps here. One success closes the circuit. A pause that
the server itself asked for (`Retry-After`) is kept even where ours would be shorter.
"""

from __future__ import annotations

FIRST_S = 1.0
LONGEST_S = 60.0


class Backoff:
    """When a server may be asked again."""

    def __init__(self, first_s: float = FIRST_S, longest_s: float = LONGEST_S) -> None:
        """Start with a closed circuit."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._until_s = 0.0
        self.failures = 0
        """In a row."""

    def allows(self, now_s: float) -> bool:
        """Whether the server may be asked now."""
        return self.failures == 0 or now_s >= self._until_s

    def failed(self, now_s: float, retry_after_s: float | None = None) -> None:
        """Leave the server alone from now on."""
        pause_s = min(self._longest_s, self._first_s * 2.0 ** min(self.failures, 30))
        self.failures += 1
        self._until_s = now_s + max(pause_s, retry_after_s or 0.0)

    def succeeded(self) -> None:
        """Close the circuit."""
        self.failures = 0
        self._until_s = 0.0
