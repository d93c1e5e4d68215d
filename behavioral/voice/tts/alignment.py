"""Times for sound whose engine gives none: another voice's clause of the same text is laid along it.

The embedded voice speaks every text in a millisecond or two and knows when each of its phonemes is; so it serves as the
reference, and dynamic time warping of band energies finds which moment of the reference each moment of the sound is
(the method of Malfrère and Dutoit 1997, and of the tool aeneas). While the sound is still coming its end may fall
anywhere in the reference (open-end warping), and what is beyond is extrapolated at the pace so far. Without an embedded
voice the reference is letters at an even pace, and only the outer edges of the sound are used.

Pure but for `AlignedTimer`, which runs it in an offload: some 20 ms of one core for two seconds of sound. Features are
frames of 10 ms.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from behavioral.voice.tts.contract import PAUSE, Clause, PhonemeTime, WordTime
from behavioral.voice.tts.streamed import Times
from runtime.offload import Offload

FRAME_MS = 10.0
WINDOW_MS = 25.0
BANDS = 20
LOWEST_HZ, HIGHEST_HZ = 100.0, 7_500.0
FLOOR_DB = 45.0
"""Energies further than this under the loudest are silence."""
SLOPE_COST = 0.25
"""Cost of a frame that stretches or squeezes, in mean distances: an even pace is preferred."""
LEVEL_SCALE_DB = 8.0
FRAMES_MAX = 3_000
SHORTEST_MS = 200.0
"""Shorter clauses teach nothing of the pace."""
LEARNING = 0.3
QUIET_DB = 32.0
"""A frame this far under the loudest is outside speech."""


class Pace:
    """How long an engine's speech is by that of the reference, as its clauses have shown."""

    def __init__(self) -> None:
        """Expect the reference's own pace."""
        self.slowness = 1.0

    def learn(self, sound_ms: float, reference_ms: float) -> None:
        """Take a whole clause's length beside its reference's."""
        if reference_ms > SHORTEST_MS:
            self.slowness += LEARNING * (min(3.0, max(0.3, sound_ms / reference_ms)) - self.slowness)


class AlignedTimer:
    """Times of one clause by its reference; implements `behavioral.voice.tts.streamed.Timer`."""

    def __init__(self, reference: Clause, pace: Pace, offload: Offload) -> None:
        """Take what the embedded voice made of the text.

        Args:
            reference: of the same text, complete; without sound (`estimated_clause`) it is only stretched.
            pace: of the engine, learned from each clause.
            offload: where the alignment runs.
        """
        self.reference = reference
        self.pace = pace
        self._offload = offload
        self._features: NDArray[np.float32] | None = None

    def expected(self) -> Times:
        """Return the reference's times at this engine's pace."""
        length_ms = self.reference.duration_ms
        return stretched(self.reference, np.array([0.0, length_ms * self.pace.slowness]), np.array([0.0, length_ms]))

    async def times(self, pcm: NDArray[np.int16], rate_hz: int, *, complete: bool) -> Times:
        """See `aligned_times`."""
        if complete:
            self.pace.learn(1_000.0 * len(pcm) / rate_hz, self.reference.duration_ms)
        return await self._offload.run(self._aligned, pcm, rate_hz, complete)

    def _aligned(self, pcm: NDArray[np.int16], rate_hz: int, complete: bool) -> Times:
        if self._features is None:
            self._features = _features(self.reference.pcm, self.reference.sample_rate_hz)
        return aligned_times(self.reference, pcm, rate_hz, complete, self.pace.slowness, self._features)


def aligned_times(
    reference: Clause,
    pcm: NDArray[np.int16],
    rate_hz: int,
    complete: bool,
    rate: float = 1.0,
    features: NDArray[np.float32] | None = None,
) -> Times:
    """Return phonemes and words of a reference, laid along a sound.

    Args:
        reference: a clause of the same text.
        pcm: int16 [samples] of the sound so far.
        rate_hz: of the sound.
        complete: whether that is all of it.
        rate: expected length of the sound by that of the reference.
        features: of the reference, where they are known already.
    """
    length_ms = 1_000.0 * len(pcm) / rate_hz
    theirs = _features(reference.pcm, reference.sample_rate_hz) if features is None else features
    ours = _features(pcm, rate_hz)
    if theirs is None or ours is None:
        return _by_edges(reference, pcm, rate_hz, length_ms, complete, rate)
    path = _warp(theirs, ours, complete, rate)
    sound_ms = (np.arange(len(path)) + 0.5) * FRAME_MS
    reference_ms = (path + 0.5) * FRAME_MS
    # What is not reached yet comes at the expected pace; what is complete ends with its sound.
    end_ms = length_ms if complete else length_ms + max(0.0, reference.duration_ms - reference_ms[-1]) * rate
    # Silence before the first sound is no part of the first phoneme.
    lead_ms = max(0.0, _first_sound_ms(ours) - _first_sound_ms(theirs))
    spoken = sound_ms > lead_ms
    anchors_ms = np.concatenate(([lead_ms], np.minimum(sound_ms[spoken], end_ms), [end_ms]))
    within_ms = np.minimum(reference_ms[spoken], reference.duration_ms)
    corners_ms = np.concatenate(([0.0], within_ms, [reference.duration_ms]))
    return stretched(reference, anchors_ms, corners_ms)


def _first_sound_ms(features: NDArray[np.float32]) -> float:
    level_db = features[:, -1] * LEVEL_SCALE_DB
    return float(np.argmax(level_db > FLOOR_DB - QUIET_DB)) * FRAME_MS


def stretched(reference: Clause, sound_ms: NDArray[np.float64], reference_ms: NDArray[np.float64]) -> Times:
    """Return a reference's times moved by a monotonous mapping, given by its corners, from reference time to sound time."""
    marks = [p.start_ms for p in reference.phonemes] + [reference.duration_ms]
    ascending = reference_ms + np.arange(len(reference_ms)) * 1e-6  # a moment that lasts has one time: its middle
    at_ms = np.maximum.accumulate(np.interp(marks, ascending, sound_ms))
    phonemes = [
        PhonemeTime(phoneme.symbol, float(start_ms), float(end_ms))
        for phoneme, (start_ms, end_ms) in zip(reference.phonemes, pairwise(at_ms), strict=True)
        if end_ms > start_ms
    ]
    if phonemes and phonemes[0].start_ms > 0.0:
        phonemes.insert(0, PhonemeTime(PAUSE, 0.0, phonemes[0].start_ms))
    edges = [edge for word in reference.words for edge in (word.start_ms, word.end_ms)]
    moved = np.maximum.accumulate(np.interp(edges or [0.0], ascending, sound_ms))
    words = tuple(
        WordTime(word.text, float(moved[2 * i]), float(moved[2 * i + 1]), word.accent)
        for i, word in enumerate(reference.words)
    )
    return tuple(phonemes), words


def _by_edges(
    reference: Clause, pcm: NDArray[np.int16], rate_hz: int, length_ms: float, complete: bool, rate: float
) -> Times:
    """Stretch a silent reference between the first and the last sound."""
    level_db = _levels_db(pcm, rate_hz)
    loud = (
        np.flatnonzero(level_db > level_db.max() - QUIET_DB)
        if len(level_db) and level_db.max() > -80.0
        else np.array([])
    )
    first_ms = float(loud[0]) * FRAME_MS if len(loud) else 0.0
    last_ms = float(loud[-1] + 1) * FRAME_MS if len(loud) else length_ms
    end_ms = max(first_ms + 1.0, min(last_ms, length_ms)) if complete else first_ms + reference.duration_ms * rate
    return stretched(reference, np.array([first_ms, end_ms]), np.array([0.0, reference.duration_ms]))


def _levels_db(pcm: NDArray[np.int16], rate_hz: int) -> NDArray[np.float64]:
    size = round(rate_hz * FRAME_MS / 1_000.0)
    frames = pcm[: len(pcm) // size * size].reshape(-1, size).astype(np.float64) / 32_768.0
    return np.asarray(10.0 * np.log10(np.mean(frames**2, axis=1) + 1e-12))


@lru_cache(maxsize=8)
def _filters(rate_hz: int, size: int) -> NDArray[np.float32]:
    """Return float32 [bins, BANDS]: triangles that are even on the mel scale."""
    top_hz = min(HIGHEST_HZ, 0.48 * rate_hz)
    lowest, highest = (2_595.0 * np.log10(1.0 + hz / 700.0) for hz in (LOWEST_HZ, top_hz))
    mel = np.linspace(lowest, highest, BANDS + 2)
    centres = 700.0 * (10.0 ** (mel / 2_595.0) - 1.0)
    hz = np.fft.rfftfreq(size, 1.0 / rate_hz)[:, None]
    rising = (hz - centres[:-2]) / (centres[1:-1] - centres[:-2])
    falling = (centres[2:] - hz) / (centres[2:] - centres[1:-1])
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)), dtype=np.float32)


def _features(pcm: NDArray[np.int16], rate_hz: int) -> NDArray[np.float32] | None:
    """Return float32 [frames, BANDS + 1]: band energies without the voice's own colour, and level; None for silence."""
    hop, size = round(rate_hz * FRAME_MS / 1_000.0), round(rate_hz * WINDOW_MS / 1_000.0)
    count = min(FRAMES_MAX, len(pcm) // hop)
    if count < 3 or not pcm.any():
        return None
    padded = np.zeros(count * hop + size, dtype=np.float32)
    before = (size - hop) // 2  # frames are centred on their hop
    used = pcm[: min(len(pcm), len(padded) - before)]
    padded[before : before + len(used)] = used
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[: count * hop : hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)) ** 2
    bands_db = 10.0 * np.log10(power.astype(np.float32) @ _filters(rate_hz, size) + 1e-3)
    level_db = bands_db.max(axis=1, keepdims=True)
    floor_db = float(level_db.max()) - FLOOR_DB
    bands_db = np.maximum(bands_db, floor_db) - floor_db
    level_db = np.maximum(level_db, floor_db) - floor_db
    voiced = level_db[:, 0] > FLOOR_DB - QUIET_DB
    colour = bands_db[voiced].mean(axis=0) if voiced.any() else 0.0
    shape = np.where(voiced[:, None], bands_db - colour, -8.0)
    rows = np.hstack((shape / 10.0, level_db / LEVEL_SCALE_DB))
    return rows.astype(np.float32)


def _warp(theirs: NDArray[np.float32], ours: NDArray[np.float32], complete: bool, rate: float) -> NDArray[np.float64]:
    """Return float64 [frames of ours]: for each of our frames, the frame of theirs that it is, rising."""
    squares = (ours**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1)[None, :]
    distance = np.sqrt(np.maximum(0.0, squares - 2.0 * ours @ theirs.T))
    slope = SLOPE_COST * float(distance.mean())
    rows, columns = distance.shape
    # Row by row; going along a row is a running minimum: total[j] = min over k of arrived[k] + the row's costs from k to j.
    total = np.empty((rows, columns), dtype=np.float64)
    along = np.cumsum(distance.astype(np.float64) + slope, axis=1)
    total[0] = along[0]
    for i in range(1, rows):
        arrived = total[i - 1] + slope
        arrived[1:] = np.minimum(arrived[1:], total[i - 1, :-1])
        arrived += distance[i]
        total[i] = np.minimum.accumulate(arrived - along[i]) + along[i]
    if complete:
        j = columns - 1
    else:  # anywhere, but the less likely the further from the expected pace
        reached = np.arange(1, columns + 1)
        off = np.abs(np.log(rows / (rate * reached)))
        j = int(np.argmin(total[-1] / (rows + reached) * (1.0 + 0.5 * off)))
    first, last = np.zeros(rows), np.zeros(rows)
    i = rows - 1
    last[i] = j
    while i or j:
        diagonal = total[i - 1, j - 1] if i and j else np.inf
        down = total[i - 1, j] + slope if i else np.inf
        level = total[i, j - 1] + slope if j else np.inf
        if level < diagonal and level < down:
            j -= 1
            continue
        first[i] = j
        i -= 1
        j -= bool(diagonal <= down)
        last[i] = j
    return np.asarray((first + last) / 2.0)
