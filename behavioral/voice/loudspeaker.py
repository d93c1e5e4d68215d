"""The local loudspeaker by PyAudio (extra `mic`), for sessions whose person is at this machine's microphone.

PortAudio asks for samples in a thread of its own; the tick hands over pieces just ahead of their time
(`VoiceSettings.lead_ms`), so that nothing has to be taken back from here after an interruption.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from behavioral.sources.microphone import find_device, import_pyaudio
from runtime.errors import AttuneError
from runtime.messages import AgentAudio

FRAMES_PER_BUFFER = 256


class Loudspeaker:
    """The default (or named) output device."""

    def __init__(self, sample_rate_hz: int, device: str = "") -> None:
        """Describe the device; an empty name means the system's default."""
        self._rate_hz = sample_rate_hz
        self._device = device
        self._lock = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._audio: Any = None
        self._stream: Any = None

    def open(self) -> None:
        """Open the device.

        Raises:
            AttuneError: when PyAudio or the device is missing.
        """
        pyaudio = import_pyaudio()
        self._audio = pyaudio.PyAudio()

        def wanted(_data: object, frames: int, _times: object, _status: int) -> tuple[bytes, int]:
            return self._samples(2 * frames), pyaudio.paContinue

        try:
            self._stream = self._audio.open(
                format=pyaudio.paInt16,
                channels=1,
                rate=self._rate_hz,
                output=True,
                output_device_index=find_device(self._audio, self._device, "maxOutputChannels"),
                frames_per_buffer=FRAMES_PER_BUFFER,
                stream_callback=wanted,
            )
        except (OSError, ValueError) as error:
            raise AttuneError(
                f"The loudspeaker cannot be opened ({error})", "Connect one, or see which there are with: attune doctor"
            ) from None

    def play(self, piece: AgentAudio) -> None:
        """Queue a piece."""
        with self._lock:
            self._waiting.append(piece.pcm)

    def close(self) -> None:
        """Release the device."""
        if self._stream is not None:
            self._stream.close()
        if self._audio is not None:
            self._audio.terminate()

    def _samples(self, size: int) -> bytes:
        out = bytearray()
        with self._lock:
            while self._waiting and len(out) < size:
                pcm = self._waiting.popleft()
                take = size - len(out)
                out += pcm[:take]
                if len(pcm) > take:
                    self._waiting.appendleft(pcm[take:])
        return bytes(out.ljust(size, b"\0"))
