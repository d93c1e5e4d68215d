"""No recognition: the agent hears that somebody speaks, not what; people type instead."""

from __future__ import annotations

from behavioral.hearing.units import UnitEdit


class NoRecogniser:
    """Understands nothing, costs nothing."""

    name = "none"

    async def prepare(self) -> None:
        """Nothing to load."""

    async def start(self, t_ns: int) -> None:
        """Begin an utterance."""

    async def push(self, pcm: bytes) -> list[UnitEdit]:
        """Return no edits."""
        return []

    async def finish(self) -> list[UnitEdit]:
        """Return no edits."""
        return []

    async def abort(self) -> None:
        """Nothing to forget."""

    def take_failure(self) -> str | None:
        """Nothing fails."""
        return None

    async def aclose(self) -> None:
        """Nothing to free."""
