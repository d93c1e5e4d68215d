"""The local microphone by PyAudio (extra `mic`).

PortAudio calls back in a thread of its own; blocks are handed to the event loop without waiting. Opening and closing
block and run in the source's `Offload`. When the device vanishes it is opened again every `RETRY_S`, with the reason
in `trouble` until it delivers; the numbering of blocks goes on and the lost time is filled with silence as it passes, so that hearing
never gets minutes of it at once. Blocks that the loop fetched too late are lost likewise, and counted (`dropped`). The time of a block
follows the session's clock, not the device's count (`behavioral.sources.device_time`), so that times stay true however
long a session lasts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from behavioral.sources.contract import BLOCK_BYTES, BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock
from behavioral.sources.device_time import DeviceTime
from behavioral.sources.portaudio import PortAudioStream
from runtime.clock import NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.offload import Offload, ThreadOffload
from runtime.streams import Overflow, Stream

RETRY_S = 1.0
SILENT_AFTER_S = 2.0
"""A device that delivers nothing for this long has vanished; sound servers on a busy machine may pause for most of a second."""
FILL_S = 0.5
"""Lost time of more than this is filled with silence."""
CLOSE_TIMEOUT_S = 2.0
"""A driver that hangs must not keep the session from ending."""


class MicrophoneSource:
    """The default (or named) input device."""

    endless = True

    def __init__(self, clock: Clock, device: str = "", offload: Offload | None = None) -> None:
        """Describe the device.

        Args:
            clock: session time.
            device: part of the device's name; empty for the system's default.
            offload: where PortAudio's blocking calls run; the source closes it. None for a thread of its own.
        """
        self.name = f"microphone {device or 'default'}"
        self.trouble = ""
        self._clock = clock
        self._times = DeviceTime(SAMPLE_RATE_HZ)
        self._offload = offload or ThreadOffload("microphone")
        self._closed = False
        self._device = PortAudioStream(self.name, "input", rate_hz=SAMPLE_RATE_HZ, frames=BLOCK_SAMPLES, device=device)
        self._since_ns = 0  # from the end of the newest block to the end of what the device had then
        self._blocks: Stream[bytes] = Stream(64, Overflow.DROP_OLDEST, "microphone")

    async def open(self) -> None:
        """Open the device; AttuneError where it cannot be."""
        loop = asyncio.get_running_loop()

        def heard(data: bytes, _frames: int, since_s: float) -> None:
            loop.call_soon_threadsafe(self._push, data, round(since_s * NS_PER_S))

        self._since_ns = 0
        await self._offload.run(self._device.open, heard)

    @property
    def dropped(self) -> int:
        """Blocks that came while too many waited; silence stands in their place."""
        return self._blocks.dropped

    @property
    def drift_ppm(self) -> float:
        """How much faster the device's clock runs than the session's; 0 until it is known."""
        return self._times.drift_ppm

    async def blocks(self, start_ns: int) -> AsyncIterator[AudioBlock]:
        """Yield blocks until closed."""
        self._blocks.flush()
        index, times, returned = 0, self._times, False
        times.begin(start_ns)
        while not self._blocks.closed:
            try:
                pcm = await asyncio.wait_for(anext(self._blocks), SILENT_AFTER_S)
            except TimeoutError:
                self.trouble = f"{self.name} delivers nothing; trying again"
                await self._reopen()
                returned = True
                if index:
                    for _ in range(_missing(times, self._latest_ns())):
                        yield AudioBlock(bytes(BLOCK_BYTES), times.skip(BLOCK_SAMPLES), index)
                        index += 1
                        await asyncio.sleep(0)  # seconds of silence at once must not hold up the tick
                continue
            except StopAsyncIteration:
                return
            self.trouble = ""
            latest_ns = self._latest_ns()
            missing = _missing(times, latest_ns)
            if returned or missing * BLOCK_NS > FILL_S * NS_PER_S:
                for _ in range(missing):
                    yield AudioBlock(bytes(BLOCK_BYTES), times.skip(BLOCK_SAMPLES), index)
                    index += 1
                    await asyncio.sleep(0)
                times.begin(latest_ns)
                returned = False
            elif index == 0:
                times.begin(latest_ns)
            yield AudioBlock(pcm, max(0, times.place(latest_ns, BLOCK_SAMPLES)), index)
            index += 1

    async def aclose(self) -> None:
        """Release the device; harmless twice."""
        await self._blocks.aclose()
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.wait_for(self._offload.run(self._device.close), CLOSE_TIMEOUT_S)
        except TimeoutError:
            self.trouble = f"{self.name} does not close"
        self._offload.close()

    def _latest_ns(self) -> int:
        """When the next block began at the latest. What waits behind it was not lost: a server that paused delivers in a burst."""
        return self._clock.now_ns() - self._since_ns - (1 + len(self._blocks)) * BLOCK_NS

    async def _reopen(self) -> None:
        await self._offload.run(self._device.close)
        await asyncio.sleep(RETRY_S)
        try:
            await self.open()
        except AttuneError as error:
            self.trouble = str(error)

    def _push(self, data: bytes, since_ns: int) -> None:
        if not self._blocks.closed:
            self._blocks.push(data)
            self._since_ns = since_ns


def _missing(times: DeviceTime, latest_ns: int) -> int:
    """Whole blocks of time between the last block and one that began at the latest then."""
    return max(0, (latest_ns - times.next_ns) // BLOCK_NS)
