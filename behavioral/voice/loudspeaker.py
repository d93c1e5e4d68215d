"""The local loudspeaker by PyAudio (extra `mic`), for sessions whose person is at this machine's microphone.

PortAudio asks for samples in a thread of its own; the tick hands over pieces just ahead of their time
(`VoiceSettings.lead_ms`), so that nothing has to be taken back from here after an interruption. At most
`MAX_WAITING_S` of sound waits; more means that the device does not play, and the oldest gives way: late sound is
worse than none. Pieces of another rate than the device's are converted. What the device was really given, silence included,
is told to `played` with the session time of its asking: the reference against echo, ahead of its sound by the device's latency.
After `aopen` a device that stops asking is opened again every `RETRY_S`, with the reason in
`trouble` for health. Opening and closing block and run in the loudspeaker's `Offload`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from behavioral.sources.device_time import DeviceTime
from behavioral.sources.portaudio import PortAudioStream
from behavioral.sources.rate import RateConverter
from runtime.clock import Clock
from runtime.errors import AttuneError
from runtime.messages import AgentAudio
from runtime.offload import Offload, ThreadOffload

FRAMES_PER_BUFFER = 256
MAX_WAITING_S = 2.0
SILENT_AFTER_S = 2.0
"""A device that asks for nothing for this long has vanished; sound servers on a busy machine may pause for most of a second."""
WINDOW_S = 0.3
"""A device that has asked late for this long has run empty: its sound then goes on later by as much."""
RETRY_S = 1.0
CLOSE_TIMEOUT_S = 2.0
"""A driver that hangs must not keep the session from ending."""


class LocalLoudspeaker(Protocol):
    """What the room needs of a loudspeaker beside its own microphone."""

    trouble: str
    """Why nothing is heard at present; empty while all is well."""
    played: Callable[[bytes, int, int], None] | None
    """Told (PCM, rate in hertz, session ns) of all that is really played, when it sounds or before; from any thread."""

    async def aopen(self) -> None:
        """Open the device; AttuneError where it cannot be."""
        ...

    async def aclose(self) -> None:
        """Release it; harmless twice."""
        ...

    def play(self, piece: AgentAudio) -> None:
        """Take the next piece; never blocks."""
        ...


class Loudspeaker:
    """The default (or named) output device."""

    def __init__(
        self, sample_rate_hz: int, device: str = "", offload: Offload | None = None, clock: Clock | None = None
    ) -> None:
        """Describe the device.

        Args:
            sample_rate_hz: rate at which the device is opened.
            device: part of the device's name; empty for the system's default.
            offload: where PortAudio's blocking calls run; the loudspeaker closes it. None for a thread of its own.
            clock: session time, for `played`.
        """
        self.trouble = ""
        """Why nothing is heard at present; empty while all is well."""
        self.dropped = 0
        """Pieces that were never played."""
        self._offload = offload or ThreadOffload("loudspeaker")
        self._device = PortAudioStream(
            "The loudspeaker", "output", rate_hz=sample_rate_hz, frames=FRAMES_PER_BUFFER, device=device
        )
        self.played: Callable[[bytes, int, int], None] | None = None
        """Told (PCM, rate in hertz, session ns) of all that is given to the device, in PortAudio's thread; needs the clock."""
        self._clock = clock
        self._rate_hz = sample_rate_hz
        self._converter = RateConverter(sample_rate_hz)
        self._times = DeviceTime(sample_rate_hz, window_s=WINDOW_S)
        self._begun = False
        self._max_bytes = 2 * round(MAX_WAITING_S * sample_rate_hz)
        self._lock = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._asked = 0
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    async def aopen(self) -> None:
        """Open the device and keep it open until `aclose`.

        Raises:
            AttuneError: when PyAudio or the device is missing.
        """
        await self._offload.run(self.open)
        self._watching = asyncio.create_task(self._watch(), name="loudspeaker")

    async def aclose(self) -> None:
        """Release the device; harmless twice."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.wait_for(self._offload.run(self.close), CLOSE_TIMEOUT_S)
        except TimeoutError:
            self.trouble = "The loudspeaker does not close"
        self._offload.close()

    def open(self) -> None:
        """Open the device once, blocking; AttuneError as `aopen`."""
        self._begun = False
        self._device.open(self._wanted)

    def close(self) -> None:
        """Release the device, blocking."""
        self._device.close()

    def play(self, piece: AgentAudio) -> None:
        """Queue a piece; the oldest give way where too much waits."""
        pcm = self._converter.convert(piece.pcm, piece.sample_rate_hz)
        with self._lock:
            self._waiting.append(pcm)
            self._waiting_bytes += len(pcm)
            while self._waiting_bytes > self._max_bytes and len(self._waiting) > 1:
                self._waiting_bytes -= len(self._waiting.popleft())
                self.dropped += 1

    async def _watch(self) -> None:
        asked = -1
        while True:
            await asyncio.sleep(SILENT_AFTER_S)
            if self._asked != asked:
                asked = self._asked
                self.trouble = ""
                continue
            self.trouble = "The loudspeaker plays nothing; trying again"
            await self._offload.run(self.close)
            await asyncio.sleep(RETRY_S)
            self._drop_waiting()
            try:
                await self._offload.run(self.open)
            except AttuneError as error:
                self.trouble = str(error)

    def _drop_waiting(self) -> None:
        with self._lock:
            self.dropped += len(self._waiting)
            self._waiting.clear()
            self._waiting_bytes = 0

    def _wanted(self, _data: bytes, frames: int) -> bytes:
        pcm = self._samples(2 * frames)
        if self.played is not None and self._clock is not None:
            now_ns = self._clock.now_ns()
            if not self._begun:
                self._times.begin(now_ns)
                self._begun = True
            self.played(pcm, self._rate_hz, self._times.place(now_ns, frames))
        return pcm

    def _samples(self, size: int) -> bytes:
        out = bytearray()
        with self._lock:
            self._asked += 1
            while self._waiting and len(out) < size:
                pcm = self._waiting.popleft()
                take = size - len(out)
                out += pcm[:take]
                if len(pcm) > take:
                    self._waiting.appendleft(pcm[take:])
            self._waiting_bytes -= len(out)
        return bytes(out.ljust(size, b"\0"))
