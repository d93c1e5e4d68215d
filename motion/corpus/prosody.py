"""Accents of recorded speech: where a gesture stroke would fall.

Syllable nuclei are peaks of the energy between 300 and 2500 Hz in voiced frames that stand out by a dip on both sides (de Jong and Wempe
2009, Behavior Research Methods 41). Each gets a prominence from what marks stress and accent in English: level, duration, a high or
moving pitch, and the balance of high over low frequencies, which rises with vocal effort (Sluijter and van Heuven 1996, JASA 100), all
relative to the syllables around it. An accent is a nucleus more prominent than its neighbourhood; with word times, at most one a word,
and function words count less.

Offline: it looks both ways. 16 kHz mono; seconds from the first sample. Silence and noise give no accents. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion.corpus.words import TimedWord, is_function_word
from motion.features.frames import PITCH_SAMPLES, SAMPLE_RATE_HZ, WINDOW_SAMPLES
from motion.features.pitch import REFERENCE_HZ, yin
from motion.features.stream import clean

Float64 = NDArray[np.float64]

HOP_S: Final = 0.01
_HOP: Final = int(HOP_S * SAMPLE_RATE_HZ)
_SONORITY_HZ: Final = (300.0, 2_500.0)
_HIGH_HZ: Final = (500.0, 4_000.0)
_LOW_HZ: Final = (0.0, 500.0)
_FLOOR_DB: Final = -100.0
_DIP_DB: Final = 2.0
_RANGE_DB: Final = 25.0
"""Nuclei lie at most this far under the loud ones of the recording."""
_QUIET_DB: Final = -60.0
"""A recording whose loud moments stay under this holds no speech."""
_WIDTH_DB: Final = 4.0
_AROUND_S: Final = 0.10
_CONTEXT_S: Final = 1.5
_WEIGHTS: Final = {"level": 0.7, "duration": 1.0, "pitch": 0.6, "movement": 0.3, "emphasis": 0.4}
_FUNCTION_WORD: Final = 0.45
"""Factor of the prominence of a function word's nucleus."""
ACCENT_FLOOR: Final = 0.45


@dataclass(frozen=True, slots=True)
class Nucleus:
    """A syllable nucleus.

    Attributes:
        t_s: its energy peak.
        prominence: 0 to 1; 0.5 is that of its neighbourhood.
        word: the word it is in, or "" where word times are not known.
    """

    t_s: float
    prominence: float
    word: str = ""


class Agreement(NamedTuple):
    """How times found agree with times wanted, matched one to one."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2.0 * self.precision * self.recall / max(self.precision + self.recall, 1e-12)


def nuclei(samples: ArrayLike) -> list[Nucleus]:
    """Find the syllable nuclei of a recording with their prominence.

    Args:
        samples: int16 or float [n], 16 kHz.

    Raises:
        ValueError: not one channel of audio.
    """
    audio = clean(samples)
    count = len(audio) // _HOP
    if count < 10:
        return []
    sonority, high, low = _bands(audio, count)
    f0_hz, periodicity = yin(_windows(audio, count, PITCH_SAMPLES))
    smooth = _smooth(sonority, 0.02)
    peaks = _peaks(smooth, periodicity)
    if not peaks:
        return []
    pitch = _pitch_line(f0_hz)
    around = round(_AROUND_S / HOP_S)
    rows = []
    for peak in peaks:
        a, b = max(0, peak - around), peak + around + 1
        near = pitch[a:b][np.isfinite(pitch[a:b])]
        rows.append(
            (
                smooth[peak],
                np.log(_width(smooth, peak)),
                near.max() if near.size else np.nan,
                float(np.ptp(near)) if near.size else np.nan,
                float(np.mean(high[max(0, peak - 2) : peak + 3] - low[max(0, peak - 2) : peak + 3])),
            )
        )
    times = np.array(peaks) * HOP_S
    prominence = _prominence(times, np.array(rows, dtype=np.float64))
    return [Nucleus(float(t), float(p)) for t, p in zip(times, prominence, strict=True)]


def accents(samples: ArrayLike, words: Sequence[TimedWord] = (), floor: float = ACCENT_FLOOR) -> list[Nucleus]:
    """Find the accents of a recording, in order of time.

    Args:
        samples: int16 or float [n], 16 kHz.
        words: with times (`motion.corpus.words`), where a transcript exists.
        floor: least prominence.

    Raises:
        ValueError: not one channel of audio.
    """
    found = nuclei(samples)
    if words:
        found = _in_words(found, words)
    return [nucleus for nucleus in found if nucleus.prominence >= floor]


def agreement(found_s: Sequence[float], wanted_s: Sequence[float], tolerance_s: float = 0.08) -> Agreement:
    """Match times one to one, in order, within a tolerance; nothing found is precision 0."""
    found, wanted = sorted(found_s), sorted(wanted_s)
    i = j = hits = 0
    while i < len(found) and j < len(wanted):
        apart = found[i] - wanted[j]
        if abs(apart) <= tolerance_s:
            hits, i, j = hits + 1, i + 1, j + 1
        elif apart < 0:
            i += 1
        else:
            j += 1
    return Agreement(hits / max(1, len(found)), hits / max(1, len(wanted)))


def _windows(audio: NDArray[np.float32], count: int, size: int) -> NDArray[np.float32]:
    """Windows [count, size] centred on every 10 ms."""
    padded = np.pad(audio, (size // 2, size))
    windows: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(padded, size)[: count * _HOP : _HOP]
    return windows


def _bands(audio: NDArray[np.float32], count: int) -> tuple[Float64, Float64, Float64]:
    window = np.hanning(WINDOW_SAMPLES)
    power = np.abs(np.fft.rfft(_windows(audio, count, WINDOW_SAMPLES) * window, axis=1)) ** 2 / (window.sum() / 2) ** 2
    hertz = np.arange(power.shape[1]) * SAMPLE_RATE_HZ / WINDOW_SAMPLES

    def level(band: tuple[float, float]) -> Float64:
        inside = power[:, (hertz >= band[0]) & (hertz < band[1])].sum(axis=1)
        return np.asarray(10.0 * np.log10(np.maximum(inside, 10 ** (_FLOOR_DB / 10))), dtype=np.float64)

    return level(_SONORITY_HZ), level(_HIGH_HZ), level(_LOW_HZ)


def _smooth(values: Float64, deviation_s: float) -> Float64:
    reach = round(3 * deviation_s / HOP_S)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * HOP_S / deviation_s) ** 2)
    padded = np.pad(values, reach, mode="edge")
    return np.asarray(np.convolve(padded, kernel / kernel.sum(), mode="valid"), dtype=np.float64)


def _peaks(level: Float64, periodicity: Float64) -> list[int]:
    loud = float(np.percentile(level, 95))
    if loud < _QUIET_DB:
        return []
    inner = np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] >= level[2:])) + 1
    kept: list[int] = []
    for peak in (int(p) for p in inner if level[p] > loud - _RANGE_DB):
        if periodicity[max(0, peak - 2) : peak + 3].max() <= 0.0:
            continue
        if kept:
            dip = float(level[kept[-1] : peak].min())
            if min(level[kept[-1]], level[peak]) - dip < _DIP_DB:
                if level[peak] > level[kept[-1]]:
                    kept[-1] = peak
                continue
        kept.append(peak)
    return kept


def _width(level: Float64, peak: int) -> float:
    """Seconds around a peak within 4 dB of it."""
    under = level < level[peak] - _WIDTH_DB
    after = np.flatnonzero(under[peak:])
    before = np.flatnonzero(under[:peak][::-1])
    right = int(after[0]) if after.size else len(level) - peak
    left = int(before[0]) if before.size else peak
    return HOP_S * (left + right + 1)


def _pitch_line(f0_hz: Float64) -> Float64:
    """Semitones, NaN where unvoiced; octave jumps away from the recording's median are dropped."""
    line = np.full(len(f0_hz), np.nan)
    voiced = f0_hz > 0.0
    if voiced.any():
        line[voiced] = 12.0 * np.log2(f0_hz[voiced] / REFERENCE_HZ)
        line[np.abs(line - np.nanmedian(line)) > 9.0] = np.nan
    return line


def _prominence(times: Float64, rows: Float64) -> Float64:
    """Weigh the cues [n, 5] against those of the syllables within 1.5 s."""
    deviations = np.maximum(
        np.nan_to_num(np.nanstd(rows, axis=0)) if len(rows) > 1 else 0.0, (1.0, 0.15, 0.5, 0.5, 1.5)
    )
    out = np.zeros(len(times))
    for index, t in enumerate(times):
        near = rows[np.abs(times - t) <= _CONTEXT_S]
        known = np.isfinite(near)
        mean = np.where(known, near, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        score = np.nan_to_num((rows[index] - mean) / deviations, nan=-0.5)
        out[index] = float(np.dot(np.clip(score, -2.5, 2.5), list(_WEIGHTS.values())))
    return np.asarray(1.0 / (1.0 + np.exp(-out)), dtype=np.float64)


def _in_words(found: Sequence[Nucleus], words: Sequence[TimedWord]) -> list[Nucleus]:
    """Keep the most prominent nucleus of each word; function words weigh less."""
    out = []
    for word in words:
        inside = [nucleus for nucleus in found if word.start_s <= nucleus.t_s < word.end_s]
        if inside:
            best = max(inside, key=lambda nucleus: nucleus.prominence)
            factor = _FUNCTION_WORD if is_function_word(word.text) else 1.0
            out.append(replace(best, prominence=factor * best.prominence, word=word.text))
    return sorted(out, key=lambda nucleus: nucleus.t_s)
