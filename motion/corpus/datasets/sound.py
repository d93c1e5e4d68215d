"""Recorded speech as 16 kHz float32: mixed to one channel, or two people on two channels. Blocking.

Resampling is soxr's (linear phase, no delay). Faults are `ValueError` with the file; libraries of the extra `agent` that are absent are an
`AttuneError`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.corpus.datasets.recording import RATE_HZ, Float32
from runtime.errors import AttuneError

MAX_SECONDS: Final = 3 * 3_600.0
MAX_CHANNELS: Final = 8


def mono(path: Path) -> Float32:
    """One channel, the mean of all.

    Raises:
        ValueError: it is no sound, empty, too long, or holds numbers that are not.
    """
    return _resampled(*_read(path), path, mixed=True)[0]


def two_people(path: Path, subject: int = 0) -> tuple[Float32, Float32]:
    """Speech of the person who moves, and of the other.

    Args:
        path: a sound file with two channels.
        subject: channel of the person who moves.

    Raises:
        ValueError: as `mono`, or there are not two channels.
    """
    samples, rate_hz = _read(path)
    if samples.shape[1] != 2:
        raise ValueError(f"{path} has {samples.shape[1]} channels; one for each of the two people is needed")
    if subject not in (0, 1):
        raise ValueError(f"{path}: subject_channel is {subject}; it must be 0 or 1")
    both = _resampled(samples, rate_hz, path, mixed=False)
    return both[subject], both[1 - subject]


def _read(path: Path) -> tuple[NDArray[np.float32], int]:
    try:
        import soundfile
    except ImportError as error:
        raise AttuneError("soundfile is not installed", "pip install 'attune[agent]'") from error
    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > MAX_SECONDS * file.samplerate or file.channels > MAX_CHANNELS:
                raise ValueError(
                    f"{path} has {file.channels} channels and {file.frames / file.samplerate / 60:.0f} minutes; at most "
                    f"{MAX_CHANNELS} and {MAX_SECONDS / 60:.0f} are read: cut it, motion and all"
                )
            samples, rate_hz = file.read(dtype="float32", always_2d=True), int(file.samplerate)
    except (OSError, soundfile.SoundFileError) as error:
        raise ValueError(
            f"{path} cannot be read as sound ({error}); is it cut off, or a pointer of Git LFS?"
        ) from error
    if not len(samples) or not np.isfinite(samples).all():
        raise ValueError(f"{path} holds no samples or some that are not numbers; make it anew")
    return samples, rate_hz


def _resampled(samples: NDArray[np.float32], rate_hz: int, path: Path, *, mixed: bool) -> list[Float32]:
    try:
        import soxr
    except ImportError as error:
        raise AttuneError("soxr is not installed", "pip install 'attune[agent]'") from error
    channels = [samples.mean(axis=1)] if mixed else list(samples.T)
    out: list[Float32] = []
    for channel in channels:
        if rate_hz != RATE_HZ:
            channel = soxr.resample(np.ascontiguousarray(channel), rate_hz, RATE_HZ)
        out.append(np.clip(channel, -1.0, 1.0).astype(np.float32))
    if not len(out[0]):
        raise ValueError(f"{path} is shorter than one sample at 16 kHz")
    return out
