"""How much of what is heard is the agent's own voice? A number from 0 to 1 per block, from what was played; no library needed.

The second line of defence against answering oneself: a canceller leaks while it still learns a room, when the device's clock drifts and
when somebody moves the loudspeaker, and a bad headset or a page with its cancellation off has none. It judges the microphone's sound as
it came. Per hop of 16 ms both signals become powers in `BANDS` bands. The delay is where the changes of level agree best
over the last seconds (correlation of log-band-powers, 0 to 592 ms). What was played then, smeared by a decaying room, times
the band's return gain is the echo that is to be expected; the gain is a high quantile of heard over played while the agent
speaks and nobody else does. The block's share is how much of its bands, each weighted by its height over the noise,
expectation or noise cover: a person who talks over the agent stands out in most bands within a block or two. The gain starts high and
sinks as the room proves quiet, so that the first second is on the safe side.

Synchronous, 0.2 ms per block, about 20 kB of state. Silence in, or samples that mean nothing, give shares that mean little; nothing raises.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from behavioral.hearing.blocks import BLOCK_SAMPLES, SAMPLE_RATE_HZ

HOP = BLOCK_SAMPLES // 2
BANDS = 16
LAGS = 38
"""Hops of delay that are looked through: more than half a second."""
HOLD_BLOCKS = 10
_BAND_EDGES_HZ = np.geomspace(150.0, 6_000.0, BANDS + 1)
_FLOOR_DB = -90.0  # of a band's power
_FAR_ACTIVE_DB = -60.0  # of the sum of the bands
_MEASURED_OVER_DB = 20.0  # a band tells of its gain where its expected echo is so far over the floor
_START_GAIN_DB, _LEAST_GAIN_DB, _MOST_GAIN_DB = 0.0, -60.0, 20.0
_UP_DB, _DOWN_DB = 0.5, 0.1  # per hop: five sixths of what is heard stay under the gain
_EARLY_HOPS, _EARLY_FACTOR = 180, 6.0  # in the first 3 s of its voice the gain sinks faster
_HELD_FACTOR = 0.05  # while somebody speaks: his voice is no measure of the echo, but a false alarm must end
_MARGIN_DB = 6.0  # a quantile is no bound: echo's peaks stand over it
_SMEAR_DB = 1.4  # per hop: the decay of a room with a reverberation time of 0.7 s
_FORGET = 0.995  # per hop of far-end speech: a memory of 3 s
_LEVEL_RATE = 0.02
_NOISE_RATE, _NOISE_RISE_DB, _NOISE_MARGIN_DB = (
    0.3,
    0.05,
    10.0,
)  # the least of a smoothed level lies some dB under its mean
_SURE = 0.15  # correlation from which a delay is believed
_BETTER = 1.1  # by how much another delay must agree better to be taken instead
_OVER_NOISE_DB = 30.0
_HEARD_SHARE, _MASKED_SHARE = 0.7, 0.92


def audible(share: float) -> float:
    """Return what is left of a speech probability, 0 to 1, where the agent's voice explains such a share of the block."""
    return min(1.0, max(0.0, (_MASKED_SHARE - share) / (_MASKED_SHARE - _HEARD_SHARE)))


class SelfVoice:
    """Follows delay and gain of one path from the loudspeaker to the microphone."""

    def __init__(self) -> None:
        """Know nothing of the room yet."""
        self._window = np.hanning(BLOCK_SAMPLES)
        bins = np.fft.rfftfreq(BLOCK_SAMPLES, 1 / SAMPLE_RATE_HZ)
        edges = np.searchsorted(bins, _BAND_EDGES_HZ)
        self._edges = np.maximum(edges, edges[0] + np.arange(BANDS + 1))  # every band has a bin of its own
        self._tails: NDArray[np.float32] = np.zeros((2, HOP), np.float32)
        self._smeared_db: NDArray[np.float64] = np.full((LAGS + 1, BANDS), _FLOOR_DB)
        self._levels_db: NDArray[np.float64] = np.full((2, BANDS), _FLOOR_DB)
        self._changes_db: NDArray[np.float64] = np.zeros((LAGS, BANDS))
        self._agreement: NDArray[np.float64] = np.zeros(LAGS)
        self._far_energy: NDArray[np.float64] = np.full(LAGS, 1e-9)
        self._near_energy = 1e-9
        self._lag = -1
        self._gain_db: NDArray[np.float64] = np.full(BANDS, _START_GAIN_DB)
        self._smooth_db: NDArray[np.float64] = np.full(BANDS, _FLOOR_DB)
        self._noise_db: NDArray[np.float64] = np.full(BANDS, _FLOOR_DB)
        self._quiet_hops = LAGS
        self._learned_hops = 0
        self._shares: deque[float] = deque(maxlen=HOLD_BLOCKS)

    @property
    def delay_ms(self) -> float:
        """Delay from playing to hearing as last seen, in steps of 16 ms; 0 before it is known."""
        return max(0, self._lag) * HOP * 1_000 / SAMPLE_RATE_HZ

    @property
    def gain_db(self) -> float:
        """Median return gain over the bands: heard relative to played."""
        return float(np.median(self._gain_db))

    def judge(self, near: NDArray[np.float32], far: NDArray[np.float32], *, someone_speaks: bool = False) -> float:
        """Return the share, 0 to 1, of the next block that the agent's own voice explains; 0 while it is silent.

        Args:
            near: float32 [512], the microphone's sound as it came.
            far: float32 [512], what was played at the same session times.
            someone_speaks: whether a person is taken to be speaking; the gain is then hardly learned from, and the least share
                of the last `HOLD_BLOCKS` counts, since one voice hides the other by turns.
        """
        share = 0.0
        for first in (0, HOP):
            near_db = self._bands_db(0, near[first : first + HOP])
            far_db = self._bands_db(1, far[first : first + HOP])
            share += self._hop(near_db, far_db, someone_speaks) / 2
        self._shares.append(share)
        return min(self._shares) if someone_speaks else share

    def _bands_db(self, row: int, samples: NDArray[np.float32]) -> NDArray[np.float64]:
        spectrum = np.fft.rfft(np.concatenate((self._tails[row], samples)) * self._window)
        self._tails[row] = samples
        power = (spectrum.real**2 + spectrum.imag**2) * (16 / 3 / BLOCK_SAMPLES**2)  # of a Hann window, one-sided
        bands = np.add.reduceat(power, self._edges)[:BANDS]
        bands_db: NDArray[np.float64] = 10 * np.log10(bands + 10 ** (_FLOOR_DB / 10))
        return bands_db

    def _hop(self, near_db: NDArray[np.float64], far_db: NDArray[np.float64], held: bool) -> float:
        self._smeared_db[1:] = self._smeared_db[:-1]
        self._smeared_db[0] = np.maximum(far_db, self._smeared_db[1] - _SMEAR_DB)
        self._levels_db += _LEVEL_RATE * (np.stack((near_db, far_db)) - self._levels_db)
        self._changes_db[1:] = self._changes_db[:-1]
        self._changes_db[0] = far_db - self._levels_db[1]
        self._smooth_db += _NOISE_RATE * (near_db - self._smooth_db)
        self._noise_db = np.minimum(self._smooth_db, self._noise_db + _NOISE_RISE_DB)
        sounds = 10 * np.log10(np.sum(10 ** (far_db / 10))) > _FAR_ACTIVE_DB
        self._quiet_hops = 0 if sounds else self._quiet_hops + 1
        if self._quiet_hops >= LAGS:
            return 0.0
        self._find_delay(near_db - self._levels_db[0])
        first, last = (0, LAGS + 1) if self._lag < 0 else (max(0, self._lag - 1), self._lag + 2)
        expected_db = self._smeared_db[first:last].max(axis=0)
        self._learn_gain(near_db - expected_db, expected_db > _FLOOR_DB + _MEASURED_OVER_DB, held)
        weight = np.clip(near_db - self._noise_db, 0.0, _OVER_NOISE_DB)
        total = float(weight.sum())
        if total < 1.0:
            return 0.0
        explained_db = np.maximum(expected_db + self._gain_db + _MARGIN_DB, self._noise_db + _NOISE_MARGIN_DB)
        return float(weight @ np.clip(10 ** ((explained_db - near_db) / 10), 0.0, 1.0)) / total

    def _find_delay(self, change_db: NDArray[np.float64]) -> None:
        self._agreement = _FORGET * self._agreement + self._changes_db @ change_db
        self._far_energy = _FORGET * self._far_energy + np.einsum("kb,kb->k", self._changes_db, self._changes_db)
        self._near_energy = _FORGET * self._near_energy + float(change_db @ change_db)
        correlation = self._agreement / np.sqrt(self._far_energy * self._near_energy)
        best = int(np.argmax(correlation))
        if correlation[best] >= _SURE and (self._lag < 0 or correlation[best] > _BETTER * correlation[self._lag]):
            self._lag = best

    def _learn_gain(self, ratio_db: NDArray[np.float64], counts: NDArray[np.bool_], held: bool) -> None:
        """Move each band's gain towards the quantile of `ratio_db`."""
        early = 1.0 + (_EARLY_FACTOR - 1.0) * max(0.0, 1.0 - self._learned_hops / _EARLY_HOPS)
        up_db, down_db = (_UP_DB * _HELD_FACTOR, _DOWN_DB * _HELD_FACTOR) if held else (_UP_DB, _DOWN_DB * early)
        self._learned_hops += not held
        self._gain_db += counts * np.where(ratio_db > self._gain_db, up_db, -down_db)
        np.clip(self._gain_db, _LEAST_GAIN_DB, _MOST_GAIN_DB, out=self._gain_db)
