"""Utterances: recorded or synthesised speech, trimmed, cut into clauses at its pauses, with accents and places for feedback.

A clause is what the join (`search`) places as one block; longer speech is cut where its own speaker paused. Feedback of a listener may come
after the clause, and where its pitch stays low for 110 ms (Ward and Tsukahara 2000, J. Pragmatics 32). 16 kHz mono; seconds from the
first sample. Pure functions; silence gives no utterance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion.corpus.prosody import Nucleus, accents
from motion.corpus.words import TimedWord
from motion.features.frames import PITCH_SAMPLES, SAMPLE_RATE_HZ
from motion.features.pitch import yin
from motion.features.stream import clean

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

CLAUSE_MAX_S: Final = 3.0
"""Longer speech is cut at its pauses, where it has any."""
CLAUSE_MIN_S: Final = 0.5
PAUSE_MIN_S: Final = 0.12
LEVEL_DB: Final = -23.0
"""Level of speech while it sounds, RMS of full scale."""
_HOP_S: Final = 0.01
_HOP: Final = int(_HOP_S * SAMPLE_RATE_HZ)
_UNDER_LOUD_DB: Final = 32.0
"""What lies so far under the loud moments of a recording is silence."""
_QUIET_DB: Final = -60.0
_MARGIN_S: Final = 0.02
_LOW_SHARE: Final = 0.26
_LOW_MIN_S: Final = 0.11
_SPOKEN_MIN_S: Final = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """One clause.

    Attributes:
        name: unique.
        source: where it is from, for credits.
        speaker: who speaks; utterances of one speaker may follow each other.
        split: `train` or `validation`.
        samples: float32 [n], sound at `LEVEL_DB` while it sounds.
        accents: in order.
        words: where a transcript with times exists.
        cues_s: moments within at which a listener may nod.
    """

    name: str
    source: str
    speaker: str
    split: str
    samples: Float32 = field(repr=False)
    accents: tuple[Nucleus, ...] = ()
    words: tuple[TimedWord, ...] = ()
    cues_s: tuple[float, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length."""
        return len(self.samples) / SAMPLE_RATE_HZ


def utterances(
    name: str, source: str, speaker: str, split: str, samples: ArrayLike, words: Sequence[TimedWord] = ()
) -> Iterator[Utterance]:
    """Yield the clauses of a recording of one speaker.

    Args:
        name: of the recording; clauses get `.0`, `.1`, ...
        source: for credits.
        speaker: who speaks.
        split: `train` or `validation`.
        samples: [n], 16 kHz.
        words: with times, where known.

    Raises:
        ValueError: not one channel of audio.
    """
    audio = clean(samples)
    spans = sounding(audio)
    if not spans:
        return
    found = accents(audio, words)
    cues = low_pitch(audio)
    level = _level(audio, spans)
    for index, (start, end) in enumerate(_clauses(spans)):
        a, b = max(0.0, start - _MARGIN_S), min(len(audio) / SAMPLE_RATE_HZ, end + _MARGIN_S)
        if b - a < CLAUSE_MIN_S:
            continue
        first = round(a * SAMPLE_RATE_HZ)
        cut = audio[first : round(b * SAMPLE_RATE_HZ)] * np.float32(10 ** (LEVEL_DB / 20) / level)
        yield Utterance(
            f"{name}.{index}",
            source,
            speaker,
            split,
            _faded(np.clip(cut, -1.0, 1.0)),
            tuple(Nucleus(n.t_s - a, n.prominence, n.word) for n in found if a <= n.t_s < b),
            tuple(TimedWord(w.text, max(0.0, w.start_s - a), w.end_s - a) for w in words if a <= 0.5 * (w.start_s + w.end_s) < b),
            tuple(c - a for c in cues if a + _SPOKEN_MIN_S <= c < b),
        )  # fmt: skip


def sounding(audio: Float32) -> list[tuple[float, float]]:
    """Return the stretches, in seconds, parted by silence of at least `PAUSE_MIN_S`."""
    count = len(audio) // _HOP
    if count == 0:
        return []
    power = np.mean(audio[: count * _HOP].reshape(count, _HOP).astype(np.float64) ** 2, axis=1)
    level = 10.0 * np.log10(power + 1e-12)
    loud = float(np.percentile(level, 95))
    if loud < _QUIET_DB:
        return []
    heard = np.flatnonzero(level > loud - _UNDER_LOUD_DB)
    breaks = np.flatnonzero(np.diff(heard) > PAUSE_MIN_S / _HOP_S)
    starts = heard[np.concatenate(([0], breaks + 1))]
    ends = heard[np.concatenate((breaks, [len(heard) - 1]))] + 1
    return [(float(a) * _HOP_S, float(b) * _HOP_S) for a, b in zip(starts, ends, strict=True)]


def low_pitch(audio: Float32) -> list[float]:
    """Return the moments at which pitch has been low for 110 ms, one for each low stretch."""
    count = len(audio) // _HOP
    if count < 20:
        return []
    padded = np.pad(audio, (PITCH_SAMPLES // 2, PITCH_SAMPLES))
    f0_hz, _ = yin(np.lib.stride_tricks.sliding_window_view(padded, PITCH_SAMPLES)[: count * _HOP : _HOP])
    voiced = f0_hz > 0.0
    if voiced.sum() < 20:
        return []
    low = voiced & (f0_hz < np.quantile(f0_hz[voiced], _LOW_SHARE))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], low, [False])).astype(np.int8)))
    need = round(_LOW_MIN_S / _HOP_S)
    return [float(a + need) * _HOP_S for a, b in zip(edges[0::2], edges[1::2], strict=True) if b - a >= need]


def sound_track(placed: Sequence[tuple[Utterance, float]], length: int, gain_db: float) -> Float32:
    """Mix utterances, each at its start in seconds, into silence of `length` samples."""
    track = np.zeros(length, dtype=np.float32)
    for utterance, start_s in placed:
        first = round(start_s * SAMPLE_RATE_HZ)
        part = utterance.samples[max(0, -first) : max(0, length - first)]
        track[max(0, first) : max(0, first) + len(part)] += part
    return np.asarray(np.clip(track * np.float32(10 ** (gain_db / 20)), -1.0, 1.0), dtype=np.float32)


def _clauses(spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Join neighbouring stretches while the whole stays short."""
    start, end = spans[0]
    for a, b in spans[1:]:
        # A word alone is no clause, and a pause over half a second always parts.
        if a - end < 0.5 and (b - start <= CLAUSE_MAX_S or end - start < CLAUSE_MIN_S):
            end = b
            continue
        yield start, end
        start, end = a, b
    yield start, end


def _level(audio: Float32, spans: Sequence[tuple[float, float]]) -> float:
    heard = np.concatenate([audio[round(a * SAMPLE_RATE_HZ) : round(b * SAMPLE_RATE_HZ)] for a, b in spans])
    return float(np.sqrt(np.mean(heard.astype(np.float64) ** 2) + 1e-12))


def _faded(samples: Float32) -> Float32:
    """Take off the click of a cut."""
    out = samples.astype(np.float32)
    ramp = np.linspace(0.0, 1.0, min(80, len(out) // 2), dtype=np.float32)
    out[: len(ramp)] *= ramp
    out[len(out) - len(ramp) :] *= ramp[::-1]
    return out
