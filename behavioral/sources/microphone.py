"""The local microphone by PyAudio (extra `mic`), and the local loudspeaker beside it.

PortAudio calls back in a thread of its own; blocks are handed to the event loop without waiting. When the
device vanishes the stream ends with a reason in `trouble` and is opened again every `RETRY_S`; the numbering
of blocks goes on and the lost time is filled with silence, so that times stay true.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from behavioral.sources.contract import BLOCK_BYTES, BLOCK_NS, BLOCK_SAMPLES, SAMPLE_RATE_HZ, AudioBlock
from runtime.clock import Clock
from runtime.errors import AttuneError
from runtime.streams import Overflow, Stream

RETRY_S = 1.0
SILENT_AFTER_S = 0.5
"""A device that delivers nothing for this long has vanished."""


class MicrophoneSource:
    """The default (or named) input device."""

    endless = True

    def __init__(self, clock: Clock, device: str = "") -> None:
        """Describe the device; an empty name means the system's default."""
        self.name = f"microphone {device or 'default'}"
        self.trouble = ""
        self._clock = clock
        self._device = device
        self._audio: Any = None
        self._stream: Any = None
        self._blocks: Stream[bytes] = Stream(64, Overflow.DROP_OLDEST, "microphone")

    async def open(self) -> None:
        """Open the device."""
        self._open_device(asyncio.get_running_loop())

    async def blocks(self, start_ns: int) -> AsyncIterator[AudioBlock]:
        """Yield blocks until closed."""
        self._blocks.flush()
        index = 0
        while not self._blocks.closed:
            try:
                pcm = await asyncio.wait_for(anext(self._blocks), SILENT_AFTER_S)
            except TimeoutError:
                self.trouble = f"{self.name} delivers nothing; trying again"
                await self._reopen()
                continue
            except StopAsyncIteration:
                return
            self.trouble = ""
            heard_ns = self._clock.now_ns() - start_ns - BLOCK_NS
            missing = heard_ns // BLOCK_NS - index
            if missing * BLOCK_NS > SILENT_AFTER_S * 1e9:
                for _ in range(int(missing)):
                    yield AudioBlock(bytes(BLOCK_BYTES), start_ns + index * BLOCK_NS, index)
                    index += 1
            yield AudioBlock(pcm, start_ns + index * BLOCK_NS, index)
            index += 1

    async def aclose(self) -> None:
        """Release the device."""
        await self._blocks.aclose()
        self._close_device()
        if self._audio is not None:
            self._audio.terminate()
            self._audio = None

    async def _reopen(self) -> None:
        self._close_device()
        if self._audio is not None:
            self._audio.terminate()
            self._audio = None
        await asyncio.sleep(RETRY_S)
        try:
            self._open_device(asyncio.get_running_loop())
        except AttuneError as error:
            self.trouble = str(error)

    def _close_device(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                stream.close()
            except OSError:  # PortAudio's word for a device that is gone already
                return

    def _open_device(self, loop: asyncio.AbstractEventLoop) -> None:
        pyaudio = import_pyaudio()
        self._audio = pyaudio.PyAudio()

        def heard(data: bytes, _frames: int, _times: object, _status: int) -> tuple[None, int]:
            loop.call_soon_threadsafe(self._push, data)
            return None, pyaudio.paContinue

        try:
            self._stream = self._audio.open(
                format=pyaudio.paInt16,
                channels=1,
                rate=SAMPLE_RATE_HZ,
                input=True,
                input_device_index=find_device(self._audio, self._device, "maxInputChannels"),
                frames_per_buffer=BLOCK_SAMPLES,
                stream_callback=heard,
            )
        except (OSError, ValueError) as error:
            raise AttuneError(
                f"{self.name} cannot be opened ({error})", "Connect one, or see which there are with: attune doctor"
            ) from None

    def _push(self, data: bytes) -> None:
        if not self._blocks.closed:
            self._blocks.push(data)


def import_pyaudio() -> Any:
    """Return the pyaudio module.

    Raises:
        AttuneError: when the extra is not installed, with the line that installs it.
    """
    try:
        import pyaudio
    except ImportError:
        raise AttuneError(
            "The local microphone needs PyAudio", "apt-get install portaudio19-dev && pip install 'attune[mic]'"
        ) from None
    return pyaudio


def find_device(audio: Any, name: str, channels_key: str) -> int | None:
    """Return the index of the device whose name contains `name`, or None for the default.

    Raises:
        AttuneError: when no device of that direction has such a name; lists those there are.
    """
    if not name:
        return None
    devices = [audio.get_device_info_by_index(i) for i in range(audio.get_device_count())]
    usable = [d for d in devices if d[channels_key] > 0]
    for device in usable:
        if name.lower() in str(device["name"]).lower():
            return int(device["index"])
    known = ", ".join(str(d["name"]) for d in usable) or "none"
    raise AttuneError(f"No audio device is called {name!r}", f"There are: {known}")
