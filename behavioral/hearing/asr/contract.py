"""The contract of a streaming recogniser.

One utterance at a time: `start`, any number of `push`, then `finish` or `abort`. Audio is 16 kHz signed 16-bit mono. A recogniser never
raises for a fault of its engine while an utterance runs: it revokes what it had added, returns to a state in which the next
`start` works, and says what happened in `take_failure`. Fed the same blocks, it gives the same edits.
"""

from __future__ import annotations

import math
from typing import Protocol

from behavioral.hearing.units import UnitEdit

MALFORMED = (KeyError, TypeError, ValueError, OverflowError)
"""What taking an engine's reply apart raises where it answers something else than it should: a fault like any other."""


class StreamingRecogniser(Protocol):
    """Turns the audio of one utterance into revisable units."""

    name: str

    async def prepare(self) -> None:
        """Load what takes long, so that the first utterance need not wait; may be left out by the caller."""
        ...

    async def start(self, t_ns: int) -> None:
        """Begin an utterance whose first sample is at session time `t_ns`."""
        ...

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        """Take the next piece of the utterance and return what it changes in the hypothesis."""
        ...

    async def finish(self) -> list[UnitEdit]:
        """End the utterance: revise a last time and commit everything that stands."""
        ...

    async def abort(self) -> None:
        """Forget the utterance; its units were never committed."""
        ...

    def take_failure(self) -> str | None:
        """Return, once, what went wrong since the last call (no user content), or None."""
        ...

    async def aclose(self) -> None:
        """End the engine and free what it holds."""
        ...


def finite(value: float) -> float:
    """Return a number of an engine's reply; ValueError where it is not finite."""
    if not math.isfinite(value):
        raise ValueError(f"{value} in a reply")
    return float(value)
