"""Speech without a transcript, as far as the model-free body needs it: syllable-like units with times and prominence.

Syllable nuclei are peaks of the intensity that rise out of a dip (de Jong and Wempe 2009), each taken for a word; what stands
out in loudness and length from its surroundings gets the accent. Good for beats and the speaking head, no recogniser.
Deterministic, offline.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from motion.evaluation.arrays import Float64, finite
from motion.procedural.generator import SpokenWord

RATE_HZ: Final = 16_000
MAX_SECONDS: Final = 3_600.0
_HOP: Final = 160
_SILENCE_DB: Final = 25.0
"""Under the 99th percentile by more than this is silence."""
_DIP_DB: Final = 2.0
_REST_S: Final = 0.4
"""A gap this long ends a clause."""


def read_speech(path: str | os.PathLike[str]) -> Float64:
    """Read a sound file as mono at 16 kHz, float64 in -1..1.

    Raises:
        ValueError: the file is missing, no sound, empty or longer than an hour; names the file.
    """
    import soundfile
    import soxr

    where = Path(path)
    try:
        with soundfile.SoundFile(where) as file:
            if file.frames > MAX_SECONDS * file.samplerate:
                raise ValueError(
                    f"{where} is {file.frames / file.samplerate / 60:.0f} minutes long; at most 60 are read"
                )
            samples, rate = file.read(dtype="float64", always_2d=True), file.samplerate
    except (OSError, soundfile.SoundFileError) as error:
        raise ValueError(f"{where} cannot be read as sound ({error}); give a WAV, FLAC, OGG or MP3 file") from error
    if not len(samples):
        raise ValueError(f"{where} holds no samples")
    mono: Float64 = soxr.resample(samples.mean(axis=1), rate, RATE_HZ) if rate != RATE_HZ else samples.mean(axis=1)
    return mono


def intensity_db(samples: ArrayLike) -> Float64:
    """Loudness each 10 ms in dB, smoothed over about 60 ms; row t is centred at t * 10 ms."""
    y = finite(samples, "samples", (None,))
    # A first difference takes rumble away and brings consonants up a little; speech is judged by its voiced part all the same.
    power = np.square(np.diff(y, prepend=y[:1]) + 0.5 * y)
    rows = len(y) // _HOP + 1
    total = np.concatenate([[0.0], np.cumsum(np.pad(power, (0, rows * _HOP - len(power))))])
    edges = np.clip(np.arange(rows)[:, None] * _HOP + np.array([-480, 480]), 0, len(total) - 1)
    out: Float64 = 10.0 * np.log10((total[edges[:, 1]] - total[edges[:, 0]]) / 960.0 + 1e-10)
    return out


def spoken_words(samples: ArrayLike) -> list[SpokenWord]:
    """Syllable-like units of speech at 16 kHz with accent 0 to 1; none where nobody speaks.

    Raises:
        ValueError: samples are not one axis, empty, or not finite.
    """
    level = intensity_db(samples)
    floor = max(float(np.percentile(level, 99)) - _SILENCE_DB, -60.0)
    loud = level > floor
    begins = np.flatnonzero(loud & ~np.concatenate([[False], loud[:-1]]))
    ends = np.flatnonzero(loud & ~np.concatenate([loud[1:], [False]])) + 1
    units: list[tuple[int, int, float]] = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        cuts = [begin, *_dips(level[begin:end], begin), end]
        units += [(a, b, float(level[a:b].max())) for a, b in pairwise(cuts) if b - a >= 4]
    if not units:
        return []
    loudness = np.array([peak for _, _, peak in units])
    length = np.array([end - begin for begin, end, _ in units], dtype=np.float64)
    standing_out = _against_neighbours(loudness) + 0.5 * _against_neighbours(np.log(length))
    accent = np.clip(0.5 + 0.3 * standing_out, 0.0, 1.0)
    return [
        SpokenWord("", begin * 0.01, end * 0.01, round(float(value), 3))
        for (begin, end, _), value in zip(units, accent, strict=True)
    ]


def clauses(words: list[SpokenWord]) -> list[list[SpokenWord]]:
    """Words in groups that pauses part."""
    groups: list[list[SpokenWord]] = []
    for word in words:
        if groups and word.start_s - groups[-1][-1].end_s < _REST_S:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _dips(level: Float64, offset: int) -> list[int]:
    """Rows at which one syllable ends: the lowest point between two peaks that both rise above it by `_DIP_DB`."""
    cuts: list[int] = []
    peak, low, at = float(level[0]), float(level[0]), 0
    for row, value in enumerate(level.tolist()):
        if value < low:
            low, at = value, row
        if value - low >= _DIP_DB and peak - low >= _DIP_DB:
            cuts.append(at + offset)
            peak, low, at = value, value, row
        elif value > peak:
            peak, low, at = value, value, row
    return cuts


def _against_neighbours(values: Float64, reach: int = 4) -> Float64:
    """Each value against mean and deviation of up to four to each side."""
    out = np.zeros(len(values))
    for row in range(len(values)):
        around = values[max(0, row - reach) : row + reach + 1]
        out[row] = (values[row] - around.mean()) / max(float(around.std()), 1e-6) if len(around) > 2 else 0.0
    return out
