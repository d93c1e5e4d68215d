"""The local loudspeaker by PyAudio (extra `mic`), for sessions whose person is at this machine's microphone.

PortAudio asks for samples in a thread of its own; the tick hands over pieces just ahead of their time
(`VoiceSettings.lead_ms`), so that little has to be taken back from here when the voice halts (`halt`). A piece that does not
follow the one before waits for its time, the device's latency considered; what is out is reported as a page reports it
(`Playback.report`). Pieces of another rate than the device's are converted. What the device was really given, silence included,
is told to `played` with the session time of its asking: the reference against echo, ahead of its sound by the device's latency. At most
`MAX_WAITING_S` of sound waits; more means that the device does not play, and the oldest gives way: late sound is
worse than none. After `aopen` a device that stops asking is opened again every `RETRY_S`, with the reason in
`trouble` for health. Opening and closing block and run in the loudspeaker's `Offload`.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from behavioral.sources.device_time import DeviceTime
from behavioral.sources.portaudio import PortAudioStream
from behavioral.sources.rate import RateConverter
from runtime.clock import NS_PER_MS, NS_PER_S, Clock
from runtime.errors import AttuneError
from runtime.messages import AgentAudio, Playback
from runtime.offload import Offload, ThreadOffload

FRAMES_PER_BUFFER = 256
MAX_WAITING_S = 2.0
SILENT_AFTER_S = 2.0
"""A device that asks for nothing for this long has vanished; sound servers on a busy machine may pause for most of a second."""
WINDOW_S = 0.3
"""A device that has asked late for this long has run empty: its sound then goes on later by as much."""
RETRY_S = 1.0
REPORT_S = 0.1
JOINED_NS = 5 * NS_PER_MS
"""A piece that is due within this of the end of the one before follows it."""
CLOSE_TIMEOUT_S = 2.0
"""A driver that hangs must not keep the session from ending."""


@dataclass(slots=True)
class _Piece:
    """Samples at the device's rate, and where in the response and on the clock they begin."""

    pcm: bytes
    response_id: str
    position_ms: float
    t_ns: int


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

    def halt(self, t_ns: int) -> None:
        """Drop what is due from a session time on."""
        ...


class Loudspeaker:
    """The default (or named) output device."""

    def __init__(
        self,
        sample_rate_hz: int,
        device: str = "",
        offload: Offload | None = None,
        *,
        clock: Clock | None = None,
        report: Callable[[Playback], None] | None = None,
    ) -> None:
        """Describe the device.

        Args:
            sample_rate_hz: rate of the device.
            device: part of the device's name; empty for the system's default.
            offload: where PortAudio's blocking calls run; the loudspeaker closes it. None for a thread of its own.
            clock: session time, by which pieces wait for their time; None to play them as they come.
            report: told ten times a second what is out, while anything is; needs the clock.
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
        self._rate_hz = sample_rate_hz
        self._clock = clock
        self._report = report
        self.played: Callable[[bytes, int, int], None] | None = None
        """Told (PCM, rate in hertz, session ns) of all that is given to the device, in PortAudio's thread; needs the clock."""
        self._converter = RateConverter(sample_rate_hz)
        self._times = DeviceTime(sample_rate_hz, window_s=WINDOW_S)
        self._begun = False
        self._waiting: deque[_Piece] = deque()
        self._out: Playback | None = None
        self._out_end_ns = 0
        self._waiting_bytes = 0
        self._asked = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    @property
    def drift_ppm(self) -> float:
        """How much faster the device's clock runs than the session's; 0 until it is known, and where nobody asks what is `played`."""
        return self._times.drift_ppm

    async def aopen(self) -> None:
        """Open the device and keep it open until `aclose`.

        Raises:
            AttuneError: when PyAudio or the device is missing.
        """
        await self._offload.run(self.open)
        self._tasks.append(asyncio.create_task(self._watch(), name="loudspeaker"))
        if self._report is not None and self._clock is not None:
            self._tasks.append(asyncio.create_task(self._tell(self._report), name="loudspeaker reports"))

    async def aclose(self) -> None:
        """Release the device; harmless twice."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
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
        position_ms = 1_000.0 * piece.offset_samples / piece.sample_rate_hz
        pcm = self._converter.convert(piece.pcm, piece.sample_rate_hz)
        with self._lock:
            self._waiting.append(_Piece(pcm, piece.response_id, position_ms, piece.t_ns))
            self._waiting_bytes += len(pcm)
            while self._waiting_bytes > self._max_bytes and len(self._waiting) > 1:
                self._waiting_bytes -= len(self._waiting.popleft().pcm)
                self.dropped += 1

    def halt(self, t_ns: int) -> None:
        """Drop what is due from a session time on, fading towards it; what the device has taken is out already."""
        with self._lock:
            kept = deque(piece for piece in self._waiting if piece.t_ns < t_ns)
            if kept:
                last = kept[-1]
                size = min(len(last.pcm) // 2, (t_ns - last.t_ns) * self._rate_hz // NS_PER_S)
                fade = np.linspace(1.0, 0.0, size, dtype=np.float32)
                last.pcm = np.rint(np.frombuffer(last.pcm, "<i2", size) * fade).astype("<i2").tobytes()
            self._waiting = kept
            self._waiting_bytes = sum(len(piece.pcm) for piece in kept)

    async def _tell(self, report: Callable[[Playback], None]) -> None:
        """Report what is out, each position once."""
        told: Playback | None = None
        while True:
            await asyncio.sleep(REPORT_S)
            if (out := self._out) is not None and out is not told:
                told = out
                report(out)

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

    def _wanted(self, _data: bytes, frames: int, ahead_s: float) -> bytes:
        ahead_ns = round(ahead_s * NS_PER_S)
        pcm = self._samples(2 * frames, ahead_ns)
        if self.played is not None and self._clock is not None:
            now_ns = self._clock.now_ns() + ahead_ns
            if not self._begun:
                self._times.begin(now_ns)
                self._begun = True
            self.played(pcm, self._rate_hz, self._times.place(now_ns, frames))
        return pcm

    def _samples(self, size: int, ahead_ns: int) -> bytes:
        """Return the next bytes for the device, in its thread; they are played so long after what it asks for now."""
        out = bytearray()
        clock = self._clock
        now_ns = clock.now_ns() if clock is not None else 0
        latency_ns = round(self._device.latency_s * NS_PER_S) + ahead_ns if clock is not None else 0
        with self._lock:
            self._asked += 1
            while self._waiting and len(out) < size:
                piece = self._waiting[0]
                heard_ns = now_ns + latency_ns + len(out) // 2 * NS_PER_S // self._rate_hz
                if clock is not None and piece.t_ns > heard_ns and abs(piece.t_ns - self._out_end_ns) > JOINED_NS:
                    early = round((piece.t_ns - heard_ns) * self._rate_hz / NS_PER_S)
                    silence = min(2 * early, size - len(out))
                    out += bytes(silence)
                    if silence < 2 * early:
                        break
                take = min(size - len(out), len(piece.pcm))
                out += piece.pcm[:take]
                self._waiting_bytes -= take
                length_ns = take // 2 * NS_PER_S // self._rate_hz
                piece.pcm = piece.pcm[take:]
                piece.position_ms += length_ns / NS_PER_MS
                piece.t_ns += length_ns
                self._out_end_ns = piece.t_ns
                if clock is not None:
                    end_ns = now_ns + latency_ns + len(out) // 2 * NS_PER_S // self._rate_hz
                    self._out = Playback(response_id=piece.response_id, played_ms=piece.position_ms, t_ns=end_ns)
                if not piece.pcm:
                    self._waiting.popleft()
        return bytes(out.ljust(size, b"\0"))
