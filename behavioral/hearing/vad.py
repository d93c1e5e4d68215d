"""Voice activity: the probability that a block of 512 samples (32 ms at 16 kHz) holds speech.

`SileroVad` runs the shipped Silero network on ONNX Runtime with one thread (more threads cost a 4 ms tail at the same median);
`WebRtcVad` is the floor that needs no model. Both are streaming, keep their own state, allocate little and run inline on the
event loop: 0.1 ms and 0.01 ms per block. Hysteresis is in `behavioral.hearing.gate`.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.blocks import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from behavioral.onnx_session import one_thread_session
from runtime.errors import AttuneError
from runtime.paths import models_dir
from runtime.settings import HearingSettings

_CONTEXT_SAMPLES = 64  # Silero is fed the end of the previous block before each block


class SpeechProbability(Protocol):
    """Judges one block after the other."""

    name: str
    reason: str
    """Why this one was chosen, for people; empty where it was asked for by name."""

    def probability(self, block: NDArray[np.float32]) -> float:
        """Return the speech probability, 0 to 1, of the next block.

        Args:
            block: float32 [512] in -1 to 1, 16 kHz mono, following the previous one without a gap.
        """
        ...

    def reset(self) -> None:
        """Forget the past: the next block does not follow the last one."""
        ...


FORGET_BLOCKS = 62
"""Two seconds of blocks without speech, after which Silero forgets what came before."""
FORGET_UNDER = 0.35
"""Probability under which a block is one."""


class SileroVad:
    """The Silero network (MIT), version 6, on the CPU.

    Its memory drifts in long quiet until it takes half a second to believe that somebody speaks; so it forgets while nobody does.
    """

    def __init__(self, model: Path, reason: str = "") -> None:
        """Load the model.

        Raises:
            AttuneError: onnxruntime is not installed, or the file is missing or not a Silero model.
        """
        self.name = "silero"
        self.reason = reason
        without = "set hearing.vad to webrtc"
        self._session: Any = one_thread_session(model, "The Silero VAD model", f"restore it, or {without}", without)
        inputs = {item.name for item in self._session.get_inputs()}
        if not {"input", "state"} <= inputs <= {"input", "state", "sr"}:
            raise AttuneError(
                f"{model}: inputs {sorted(inputs)} are not those of a Silero VAD model", "restore the file"
            )
        self._rate = {"sr": np.array(SAMPLE_RATE_HZ, np.int64)} if "sr" in inputs else {}
        self._window: NDArray[np.float32] = np.zeros((1, _CONTEXT_SAMPLES + BLOCK_SAMPLES), np.float32)
        self._state: NDArray[np.float32] = np.zeros((2, 1, 128), np.float32)
        self._quiet = 0

    def probability(self, block: NDArray[np.float32]) -> float:
        """Return the speech probability of the next block."""
        window = self._window
        window[0, :_CONTEXT_SAMPLES] = window[0, -_CONTEXT_SAMPLES:]
        window[0, _CONTEXT_SAMPLES:] = block
        output, self._state = self._session.run(None, {"input": window, "state": self._state, **self._rate})
        probability = min(1.0, max(0.0, float(output[0, 0])))
        self._quiet = self._quiet + 1 if probability < FORGET_UNDER else 0
        if self._quiet >= FORGET_BLOCKS:
            self._quiet = 0
            self._state = np.zeros((2, 1, 128), np.float32)
        return probability

    def reset(self) -> None:
        """Forget the past."""
        self._window[:] = 0
        self._quiet = 0
        self._state = np.zeros((2, 1, 128), np.float32)


class WebRtcVad:
    """WebRTC's Gaussian-mixture detector on 30 ms frames; the probability is the share of speech in the last 90 ms."""

    _FRAME_BYTES = 2 * 480  # 30 ms, the longest frame that the detector takes
    _MEMORY = 3

    def __init__(self, mode: int = 3, reason: str = "") -> None:
        """Make a detector; mode 0 (keen) to 3 (strict).

        Raises:
            AttuneError: webrtcvad-wheels is not installed.
        """
        self.name = "webrtc"
        self.reason = reason
        try:
            webrtcvad = importlib.import_module("webrtcvad")
        except ImportError as error:
            raise AttuneError("webrtcvad is not installed", "pip install webrtcvad-wheels") from error
        self._webrtcvad: Any = webrtcvad
        self._mode = mode
        self._detector: Any = webrtcvad.Vad(mode)
        self._waiting = b""
        self._recent: tuple[bool, ...] = (False,) * self._MEMORY

    def probability(self, block: NDArray[np.float32]) -> float:
        """Return the share of speech among the last three frames, after judging those that this block completes."""
        self._waiting += np.clip(block * 32_768, -32_768, 32_767).astype("<i2").tobytes()
        while len(self._waiting) >= self._FRAME_BYTES:
            frame, self._waiting = self._waiting[: self._FRAME_BYTES], self._waiting[self._FRAME_BYTES :]
            self._recent = (*self._recent[1:], bool(self._detector.is_speech(frame, SAMPLE_RATE_HZ)))
        return sum(self._recent) / self._MEMORY

    def reset(self) -> None:
        """Forget the past."""
        self._detector = self._webrtcvad.Vad(self._mode)
        self._waiting = b""
        self._recent = (False,) * self._MEMORY


def silero_model() -> Path:
    """Return the path of the shipped Silero model (whether or not it is there)."""
    folder = models_dir() / "silero-vad"
    return next(iter(sorted(folder.glob("*.onnx"))), folder / "silero_vad.onnx")


def open_vad(settings: HearingSettings) -> SpeechProbability:
    """Return the detector that the profile asks for.

    `auto` prefers Silero and falls back to WebRTC's with the cause in `reason`.

    Raises:
        AttuneError: the detector asked for by name (or, with `auto`, even the floor) cannot run here.
    """
    if settings.vad == "webrtc":
        return WebRtcVad()
    try:
        return SileroVad(silero_model())
    except AttuneError as error:
        if settings.vad == "silero":
            raise
        return WebRtcVad(reason=f"WebRTC VAD instead of Silero: {error}")
