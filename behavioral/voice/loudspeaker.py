"""The local loudspeaker by PyAudio (extra `mic`), for sessions whose person is at this machine's microphone.

PortAudio asks for samples in a thread of its own; the tick hands over pieces just ahead of their time
(`VoiceSettings.lead_ms`), so that nothing has to be taken back from here after an interruption. At most
`MAX_WAITING_S` of sound waits; more means that the device does not play, and the oldest gives way: late sound is
worse than none. After `aopen` a device that stops asking is opened again every `RETRY_S`, with the reason in
`trouble` for health. Opening and closing block and run in the loudspeaker's `Offload`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque

from behavioral.sources.portaudio import PortAudioStream
from runtime.errors import AttuneError
from runtime.messages import AgentAudio
from runtime.offload import Offload, ThreadOffload

FRAMES_PER_BUFFER = 256
MAX_WAITING_S = 2.0
SILENT_AFTER_S = 2.0
"""A device that asks for nothing for this long has vanished; sound servers on a busy machine may pause for most of a second."""
RETRY_S = 1.0
CLOSE_TIMEOUT_S = 2.0
"""A driver that hangs must not keep the session from ending."""


class Loudspeaker:
    """The default (or named) output device."""

    def __init__(self, sample_rate_hz: int, device: str = "", offload: Offload | None = None) -> None:
        """Describe the device.

        Args:
            sample_rate_hz: rate of the pieces.
            device: part of the device's name; empty for the system's default.
            offload: where PortAudio's blocking calls run; the loudspeaker closes it. None for a thread of its own.
        """
        self.trouble = ""
        """Why nothing is heard at present; empty while all is well."""
        self.dropped = 0
        """Pieces that were never played."""
        self._offload = offload or ThreadOffload("loudspeaker")
        self._device = PortAudioStream(
            "The loudspeaker", "output", rate_hz=sample_rate_hz, frames=FRAMES_PER_BUFFER, device=device
        )
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
        self._device.open(self._wanted)

    def close(self) -> None:
        """Release the device, blocking."""
        self._device.close()

    def play(self, piece: AgentAudio) -> None:
        """Queue a piece; the oldest give way where too much waits."""
        with self._lock:
            self._waiting.append(piece.pcm)
            self._waiting_bytes += len(piece.pcm)
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
        return self._samples(2 * frames)

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
