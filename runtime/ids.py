"""Identifiers: short, unique within a session, and the same again under the same seed.

In real time an id carries random bits, so that two clients never collide; with a seed it counts, so that two runs of one recording
are equal to the byte.
"""

from __future__ import annotations

import itertools
import secrets


class IdSource:
    """Makes ids such as `turn-3` (seeded) or `turn-3-9f2c1a` (unseeded)."""

    def __init__(self, room: str, seed: int | None) -> None:
        """Make ids for one room; a seed makes them reproducible."""
        self._suffix = "" if seed is not None else f"-{secrets.token_hex(3)}"
        self._prefix = room[:1]
        self._counters: dict[str, itertools.count[int]] = {}

    def new(self, kind: str) -> str:
        """Return a fresh id of a kind (`turn`, `response`, `intention`, `act`, `unit`, `person`)."""
        counter = self._counters.setdefault(kind, itertools.count(1))
        return f"{kind}-{self._prefix}{next(counter)}{self._suffix}"
