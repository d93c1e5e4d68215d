"""What every session must hold whatever went wrong in it, read off its recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from runtime.messages import Heartbeat, MotionFrame, UserAudio
from runtime.session.reader import SessionReader


def assert_no_frame_is_missing(reader: SessionReader) -> None:
    indexes = [m.index for m in reader.messages(MotionFrame) if isinstance(m, MotionFrame)]
    assert indexes == list(range(len(indexes))), "no frame is missing"


def assert_every_sample_is_recorded(reader: SessionReader, folder: Path, given: Path) -> None:
    """The person's sound is in the recording and in `user.wav` sample for sample, from media time zero on."""
    said = soundfile.read(given, dtype="int16")[0].astype(int)
    blocks = [m for m in reader.messages(UserAudio) if isinstance(m, UserAudio)]
    assert [block.index for block in blocks] == list(range(len(blocks)))
    told = np.frombuffer(b"".join(block.pcm for block in blocks), "<i2").astype(int)
    written = soundfile.read(folder / "user.wav", dtype="int16")[0].astype(int)
    for heard in (told, written):
        assert len(heard) >= len(said)
        assert np.abs(heard[: len(said)] - said).max() <= 1


def troubles(reader: SessionReader, room: str = "behavioral") -> list[str]:
    """What the room's heartbeats said, one by one; empty where it was well."""
    beats = [m for m in reader.messages(Heartbeat) if isinstance(m, Heartbeat) and m.source == room]
    assert all(beat.detail for beat in beats if beat.status == "degraded")
    return [beat.detail if beat.status == "degraded" else "" for beat in beats]


def found(said: NDArray[np.float64], heard: NDArray[np.float64]) -> tuple[float, float]:
    """Return where in a recording (16 kHz, both) something was said, seconds, and how like itself it is there, 0 to 1."""
    size = 1 << (len(heard) + len(said)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)))[: len(heard) - len(said)]
    energy = np.cumsum(np.concatenate(([0.0], heard**2)))
    local = np.maximum(energy[len(said) :] - energy[: -len(said)], 0.0)[: len(product)]
    quiet = 1e-3 * np.sum(said**2)
    likeness = np.where(local > quiet, product / np.sqrt(np.maximum(local, quiet) * np.sum(said**2)), 0.0)
    best = int(np.argmax(likeness))
    return best / 16_000, float(likeness[best])
