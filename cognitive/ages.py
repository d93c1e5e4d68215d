"""How long ago something was, where it may never have been. Session time in nanoseconds, ages in seconds. Pure."""

from __future__ import annotations

from runtime.clock import NS_PER_S

NEVER_S = 1e6
"""Age of what has never been: eleven days, longer than any session."""


def since_s(t_ns: int, now_ns: int) -> float:
    """Return how long ago a moment was, `NEVER_S` for the moment 0; never negative."""
    return max(0, now_ns - t_ns) / NS_PER_S if t_ns else NEVER_S
