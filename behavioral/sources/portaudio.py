"""PortAudio by PyAudio (extra `mic`): one opened stream of one device, for the microphone and the loudspeaker.

Every call here blocks, some for hundreds of milliseconds: call them through an `Offload`. PortAudio does not allow
its library to be started, ended or asked from two threads at once, so one lock guards all of them. It reads the
list of devices when its first user starts it: a device plugged in anew is found once all users have let go. A device that
does not take our rate is opened at its own and converted (`behavioral.sources.rate`); looked up anew at every opening, so that a
device which comes back with another rate is heard at the right one.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import Any, Literal

from behavioral.sources.rate import Callback, frames_at, heard_at, wanted_at
from runtime.errors import AttuneError

_PORTAUDIO = threading.Lock()
_WRONG_RATE = -9997  # PortAudio's paInvalidSampleRate
_CHANNELS_KEY = {"input": "maxInputChannels", "output": "maxOutputChannels"}


class PortAudioStream:
    """One mono 16-bit stream of an input or output device."""

    def __init__(
        self, what: str, direction: Literal["input", "output"], *, rate_hz: int, frames: int, device: str = ""
    ) -> None:
        """Describe the stream; `what` names it in errors, an empty `device` means the system's default."""
        self._what = what
        self._direction = direction
        self._rate_hz = rate_hz
        self._frames = frames
        self._device = device
        self._audio: Any = None
        self._stream: Any = None

    def open(self, callback: Callback) -> None:
        """Open the device, blocking; after an error nothing is held.

        Raises:
            AttuneError: PyAudio or the device is missing, or it cannot be opened so.
        """
        pyaudio = import_pyaudio()

        with _PORTAUDIO, _quiet_libraries():
            try:
                self._audio = pyaudio.PyAudio()
                index = find_device(self._audio, self._device, _CHANNELS_KEY[self._direction])
                try:
                    self._open_at(pyaudio, index, self._rate_hz, callback)
                except OSError as error:
                    if error.errno != _WRONG_RATE:
                        raise
                    self._open_at(pyaudio, index, self._own_rate_hz(index), callback)
            except (OSError, ValueError) as error:
                self._let_go()
                raise AttuneError(
                    f"{self._what} cannot be opened ({error})",
                    "Connect one, or see which there are with: attune doctor",
                ) from None
            except AttuneError:
                self._let_go()
                raise

    @property
    def latency_s(self) -> float:
        """Seconds from the callback to the loudspeaker, as the driver tells it; 0 where it is closed or does not know."""
        stream = self._stream
        try:
            return float(stream.get_output_latency()) if stream is not None else 0.0
        except (OSError, ValueError):  # it was closed in between
            return 0.0

    def close(self) -> None:
        """Release the device, blocking; harmless twice and where it is gone already."""
        with _PORTAUDIO:
            self._let_go()

    def _open_at(self, pyaudio: Any, index: int | None, device_hz: int, callback: Callback) -> None:
        """Open the device at a rate; at another one than ours its samples are converted."""
        if device_hz != self._rate_hz:
            convert = heard_at if self._direction == "input" else wanted_at
            callback = convert(device_hz, self._rate_hz, self._frames, callback)

        def called(data: bytes, frames: int, _times: object, _status: int) -> tuple[bytes | None, int]:
            return callback(data, frames, 0.0), pyaudio.paContinue

        self._stream = self._audio.open(
            format=pyaudio.paInt16,
            channels=1,
            rate=device_hz,
            **{self._direction: True, f"{self._direction}_device_index": index},
            frames_per_buffer=frames_at(self._frames, self._rate_hz, device_hz),
            stream_callback=called,
        )

    def _own_rate_hz(self, index: int | None) -> int:
        """The rate that the device itself runs at."""
        if index is not None:
            return round(float(self._audio.get_device_info_by_index(index)["defaultSampleRate"]))
        default = getattr(self._audio, f"get_default_{self._direction}_device_info")()
        return round(float(default["defaultSampleRate"]))

    def _let_go(self) -> None:
        stream, self._stream = self._stream, None
        audio, self._audio = self._audio, None
        for let_go in (stream.close if stream is not None else None, audio.terminate if audio is not None else None):
            if let_go is not None:
                # OSError is PortAudio's word for a device that is gone already.
                with contextlib.suppress(OSError):
                    let_go()


@contextlib.contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep what ALSA and JACK write about devices that nobody asked for from standard error: a hundred lines per look.

    They write to the file descriptor, so it is turned away for as long; Python's own errors are raised and thus not lost.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


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
