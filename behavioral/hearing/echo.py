"""Acoustic echo cancellation, noise suppression and gain control for a session with its own microphone and loudspeaker.

One contract, `EchoCanceller`: a block of what the microphone heard and the block that the loudspeaker played at the same session time
in, the same block without the agent's voice out. The echo may come 0 to 500 ms later than played: the canceller finds that delay
and follows it. `WebRtcCanceller` is WebRTC's audio processing module (AEC3) in the binding that LiveKit maintains (extra `aec`).

Synchronous, on the event loop: 0.3 to 0.4 ms per block of 32 ms, of which a third is the binding's messages. Inside it works in frames of
10 ms, so that what comes out is `delay_samples` behind what went in. A library that fails in the middle of a session is
given up for the session, with the cause in `reason`: the microphone's sound is then passed on as it is.
"""

from __future__ import annotations

import importlib
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.blocks import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from runtime.errors import AttuneError
from runtime.extras import install_line
from runtime.settings import HearingSettings

FRAME_SAMPLES = SAMPLE_RATE_HZ // 100
"""10 ms, the unit of WebRTC's audio processing."""
_FRAMING_SAMPLES = 128  # 512 is no multiple of 160: at most four fifths of a frame wait
_CANCELLER_SAMPLES, _SUPPRESSOR_SAMPLES = 128, 96  # their own blocks and windows, measured by a test

Block = NDArray[np.int16]


class EchoCanceller(Protocol):
    """Takes the agent's voice out of what the microphone heard."""

    name: str
    reason: str
    """Why echo is not, or no longer, cancelled though it should be; empty while all is well."""
    delay_samples: int
    """How much what comes out lags behind what goes in."""

    def process(self, near: Block, far: Block) -> Block:
        """Return the cleaned block.

        Args:
            near: int16 [512], what was heard.
            far: int16 [512], what was played at the same session times; silence where nothing was.
        """
        ...

    def reset(self) -> None:
        """The next block does not follow the last one."""
        ...


class NoCanceller:
    """Passes everything on."""

    name = "none"
    delay_samples = 0

    def __init__(self, reason: str = "") -> None:
        """Say why, for people."""
        self.reason = reason

    def process(self, near: Block, far: Block) -> Block:
        """Return what was heard."""
        return near

    def reset(self) -> None:
        """Nothing is kept."""


class WebRtcCanceller:
    """WebRTC's audio processing module: echo canceller 3, noise suppression, high-pass filter, gain control."""

    name = "webrtc"

    def __init__(self, *, cancel_echo: bool = True, suppress_noise: bool = True, control_gain: bool = False) -> None:
        """Load the module.

        Raises:
            AttuneError: livekit is not installed, or its library does not run on this machine.
        """
        self.reason = ""
        self.delay_samples = _FRAMING_SAMPLES + cancel_echo * _CANCELLER_SAMPLES + suppress_noise * _SUPPRESSOR_SAMPLES
        try:
            self._apm: Any = importlib.import_module("livekit.rtc.apm")
            self._frame: Any = importlib.import_module("livekit.rtc.audio_frame").AudioFrame
            self._settings = {
                "echo_cancellation": cancel_echo,
                "noise_suppression": suppress_noise,
                "high_pass_filter": True,
                "auto_gain_control": control_gain,
            }
            self._module: Any = self._apm.AudioProcessingModule(**self._settings)
        except ImportError as error:
            raise AttuneError(
                f"The echo canceller is not installed ({error.name or 'its library does not load'})",
                f"{install_line('aec')}, or set hearing.echo to none and use a headset",
            ) from error
        self._near: Block = np.zeros(0, np.int16)
        self._far: Block = np.zeros(0, np.int16)
        self._clean: Block = np.zeros(_FRAMING_SAMPLES, np.int16)

    def process(self, near: Block, far: Block) -> Block:
        """Return the cleaned block."""
        if self.reason:
            return near
        near = np.concatenate((self._near, near))
        far = np.concatenate((self._far, far))
        whole = near.size // FRAME_SAMPLES * FRAME_SAMPLES
        try:
            cleaned = [
                self._processed(near[at : at + FRAME_SAMPLES], far[at : at + FRAME_SAMPLES])
                for at in range(0, whole, FRAME_SAMPLES)
            ]
        except RuntimeError as error:
            self.reason, self.delay_samples = f"echo is no longer cancelled: {error}", 0
            return near[-BLOCK_SAMPLES:]
        self._near, self._far = near[whole:], far[whole:]
        clean = np.concatenate((self._clean, *cleaned))
        self._clean = clean[BLOCK_SAMPLES:]
        return clean[:BLOCK_SAMPLES]

    def reset(self) -> None:
        """Forget unfinished frames; what was learned of the room stays, it is mostly still true."""
        self._near, self._far = self._near[:0], self._far[:0]
        self._clean = np.zeros(_FRAMING_SAMPLES, np.int16)

    def _processed(self, near: Block, far: Block) -> Block:
        self._module.process_reverse_stream(self._frame(far.tobytes(), SAMPLE_RATE_HZ, 1, FRAME_SAMPLES))
        frame = self._frame(near.tobytes(), SAMPLE_RATE_HZ, 1, FRAME_SAMPLES)
        self._module.process_stream(frame)
        return np.frombuffer(frame.data, np.int16)


def open_canceller(settings: HearingSettings) -> EchoCanceller:
    """Return the canceller that a profile asks for, for a session with its own microphone and loudspeaker.

    `auto` takes WebRTC's where it is installed; else nothing is cancelled, with the cause and mend in `reason`.
    Noise suppression and gain control run in the same library, and without it not at all.

    Raises:
        AttuneError: `webrtc` is asked for by name and cannot run here.
    """
    cancel = settings.echo != "none"
    if not (cancel or settings.noise_suppression or settings.gain_control):
        return NoCanceller()
    try:
        return WebRtcCanceller(
            cancel_echo=cancel, suppress_noise=settings.noise_suppression, control_gain=settings.gain_control
        )
    except AttuneError as error:
        if settings.echo == "webrtc":
            raise
        return NoCanceller(f"{error.message}; {error.mend}" if cancel else "")
