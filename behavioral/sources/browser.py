"""The page's microphone: blocks that the avatar room puts on the bus.

A page comes and goes, its network stutters and its sound card's clock is its own; the avatar room has put what it sends on a time line
without jitter that follows that clock, and blocks keep those times however long the session lasts. The numbering of blocks goes on
without gaps. While no page sends, nothing is yielded (the fast loop runs on its own tick); a gap of less than `FILL_S` is
filled with silence, so that the recogniser hears an unbroken stream.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from behavioral.sources.contract import BLOCK_BYTES, BLOCK_NS, SAMPLE_RATE_HZ, AudioBlock
from runtime.bus import Bus
from runtime.clock import NS_PER_S, Clock
from runtime.messages import UserAudio

FILL_S = 0.5
GAP_NS = 2 * BLOCK_NS
"""Times that go on later than this have a gap before them."""


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
        index, first_ns, waiting = 0, start_ns, bytearray()
        async for message in self._heard:
            assert isinstance(message, UserAudio)
            if message.sample_rate_hz != SAMPLE_RATE_HZ:
                self.trouble = f"a page sends {message.sample_rate_hz} Hz; {SAMPLE_RATE_HZ} Hz is expected"
                continue
            # What came before media time zero is heard at it; nothing can have been heard later than now.
            begin_ns = max(start_ns, min(message.t_ns, self._clock.now_ns()))
            silence = _silence(begin_ns - first_ns - _length_ns(waiting), len(waiting)) if index else b""
            for pcm, end_ns in ((silence, None), (message.pcm, begin_ns + _length_ns(message.pcm))):
                waiting += pcm
                if end_ns is not None:
                    first_ns = end_ns - _length_ns(waiting)
                while len(waiting) >= BLOCK_BYTES:
                    yield AudioBlock(bytes(waiting[:BLOCK_BYTES]), first_ns, index)
                    del waiting[:BLOCK_BYTES]
                    first_ns, index = first_ns + BLOCK_NS, index + 1

    async def aclose(self) -> None:
        """Stop listening to the bus."""
        await self._heard.aclose()


def _silence(gap_ns: int, waiting_bytes: int) -> bytes:
    """Return what stands for a gap: all of it, or, where a page joined or came back, the rest of the block that waits."""
    if gap_ns <= GAP_NS:
        return b""
    if gap_ns > FILL_S * NS_PER_S:
        return bytes(-waiting_bytes % BLOCK_BYTES)
    return bytes(2 * (gap_ns * SAMPLE_RATE_HZ // NS_PER_S))


def _length_ns(pcm: bytes | bytearray) -> int:
    return len(pcm) // 2 * NS_PER_S // SAMPLE_RATE_HZ
