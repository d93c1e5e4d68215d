"""The page's microphone: blocks that the avatar room puts on the bus.

A page comes and goes and its network stutters; the session's numbering of blocks does not. Blocks are placed
by arrival on the session clock; while no page sends, nothing is yielded (the fast loop runs on its own tick),
and a gap of less than `FILL_S` is filled with silence, so that the recogniser hears an unbroken stream.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from behavioral.sources.contract import BLOCK_BYTES, BLOCK_NS, SAMPLE_RATE_HZ, AudioBlock
from runtime.bus import Bus
from runtime.clock import Clock
from runtime.messages import UserAudio

FILL_S = 0.5
OLD_AFTER_BLOCKS = 2


class BrowserSource:
    """User audio from the bus."""

    endless = True

    def __init__(self, bus: Bus, clock: Clock) -> None:
        """Subscribe at once, so that nothing said early is lost."""
        self.name = "browser"
        self.trouble = ""
        self._clock = clock
        self._heard = bus.subscribe(UserAudio)

    async def open(self) -> None:
        """Nothing to open: the page opens the microphone."""

    async def blocks(self, start_ns: int) -> AsyncIterator[AudioBlock]:
        """Yield blocks as pages send them."""
        next_index = 0
        waiting = bytearray()
        async for message in self._heard:
            assert isinstance(message, UserAudio)
            if message.sample_rate_hz != SAMPLE_RATE_HZ:
                self.trouble = f"a page sends {message.sample_rate_hz} Hz; {SAMPLE_RATE_HZ} Hz is expected"
                continue
            waiting += message.pcm
            while len(waiting) >= BLOCK_BYTES:
                pcm = bytes(waiting[:BLOCK_BYTES])
                del waiting[:BLOCK_BYTES]
                arrived = max(0, (self._clock.now_ns() - start_ns) // BLOCK_NS - 1)
                behind = arrived - next_index
                if behind * BLOCK_NS > FILL_S * 1e9:
                    next_index = arrived  # a page joined or came back: what lies between was not heard
                elif behind > OLD_AFTER_BLOCKS:
                    for _ in range(behind - OLD_AFTER_BLOCKS):
                        yield AudioBlock(bytes(BLOCK_BYTES), start_ns + next_index * BLOCK_NS, next_index)
                        next_index += 1
                yield AudioBlock(pcm, start_ns + next_index * BLOCK_NS, next_index)
                next_index += 1

    async def aclose(self) -> None:
        """Stop listening to the bus."""
        await self._heard.aclose()
