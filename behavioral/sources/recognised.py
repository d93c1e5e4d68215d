"""No sound of its own: the session's speech comes recognised over the bus (`behavioral.other_senses`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from behavioral.sources.contract import AudioBlock


class RecognisedSource:
    """An audio source that yields nothing for as long as the session lasts."""

    endless = True

    def __init__(self) -> None:
        """Nothing to prepare."""
        self.name = "recognised"
        self.trouble = ""

    async def open(self) -> None:
        """Nothing to open."""

    async def blocks(self, start_ns: int) -> AsyncIterator[AudioBlock]:
        """Yield nothing, until cancelled."""
        await asyncio.Event().wait()
        yield AudioBlock(b"", start_ns, 0)  # never reached: what makes this an asynchronous generator

    async def aclose(self) -> None:
        """Nothing to release."""
