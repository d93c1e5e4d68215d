"""The head: nods, shakes and tilts of a listener, and the head that goes with one's own speech.

Constants are those of research on conversation: nod kinds, lengths and cycles as in `runtime.nonverbal`, accents that
carry a nod (Graf et al. 2002), a new pose per intonation unit of about 1.6 s, spread of the speaking head 3.3/0.9/0.8
degrees in pitch, yaw and roll (Busso et al. 2007). All functions are pure in time. Angles in the result are radians:
pitch (down positive), yaw (left), roll (to the right).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from motion.procedural.track import ease
from runtime.settings import ListenerSettings

NodKind = Literal["short", "long", "upswing"]
NOD_KINDS: Final[tuple[NodKind, ...]] = ("short", "long", "upswing")

MOST_NODS: Final = 3
"""Nods of one body that may overlap; an older one gives way."""
_MOST_AMPLITUDE: Final = 2.0
_UPSWING_S: Final = 0.33
_UPSWING_PEAK: Final = 0.75
_LEAST_CYCLE_DEG: Final = 0.8
_INNER_RETURN: Final = 0.2
"""Share of the next cycle at which the head turns down again."""


@dataclass(frozen=True, slots=True)
class Nod:
    """One nod: an optional swing up, then cycles down and back."""

    start_s: float
    duration_s: float
    cycles_deg: tuple[float, ...]
    upswing_deg: float = 0.0
    upswing_s: float = 0.0

    @property
    def end_s(self) -> float:
        """When the head is back."""
        return self.start_s + self.duration_s

    def pitch(self, t_s: float) -> float:
        """Pitch in radians: minimum-jerk moves between the turning points."""
        x = t_s - self.start_s
        if x <= 0.0 or x >= self.duration_s:
            return 0.0
        before_s, before_deg = 0.0, 0.0
        for at_s, deg in self._turns():
            if x < at_s:
                return math.radians(before_deg + (deg - before_deg) * ease((x - before_s) / (at_s - before_s)))
            before_s, before_deg = at_s, deg
        return 0.0

    def _turns(self) -> Iterator[tuple[float, float]]:
        """Turning points: seconds from the start and degrees."""
        if self.upswing_s > 0.0:
            # The way down from up there is the longest: it begins early.
            yield _UPSWING_PEAK * self.upswing_s, -self.upswing_deg
        length = (self.duration_s - self.upswing_s) / len(self.cycles_deg)
        for index, size in enumerate(self.cycles_deg):
            begin = self.upswing_s + index * length
            # Down a little faster than up; between cycles the head does not come all the way back.
            yield begin + 0.45 * length, size
            more = index + 1 < len(self.cycles_deg)
            yield begin + length, _INNER_RETURN * self.cycles_deg[index + 1] if more else 0.0


def make_nod(
    start_s: float, kind: NodKind, amplitude: float, settings: ListenerSettings, rng: np.random.Generator
) -> Nod:
    """Plan a nod.

    Args:
        start_s: session time.
        kind: `short`, `long` or `upswing` (long with a swing up first).
        amplitude: factor, 1 for an ordinary nod.
        settings: lengths of the kinds, shares and sizes of the cycles.
        rng: chooses the number of cycles, varies the length by 8 % and the size by 12 %.

    Raises:
        ValueError: no such kind.
    """
    if kind not in NOD_KINDS:
        raise ValueError(f"unknown nod {kind!r}; one of: {', '.join(NOD_KINDS)}")
    duration_s = settings.nod_durations_s[NOD_KINDS.index(kind)] * float(np.clip(rng.normal(1.0, 0.08), 0.8, 1.2))
    upswing_s = _UPSWING_S if kind == "upswing" else 0.0
    count = _cycles(kind, float(rng.random()), settings)
    duration_s = max(duration_s, upswing_s + count * settings.nod_cycle_least_s)
    base_deg, growth_deg = settings.nod_first_cycle_deg
    loss_deg, last_loss_deg = settings.nod_cycle_loss_deg
    # People plan: the more cycles are to come, the larger the first (PLOS ONE 2025).
    first = (base_deg + growth_deg * count) * float(np.clip(rng.normal(1.0, 0.12), 0.7, 1.3))
    cycles = [max(_LEAST_CYCLE_DEG, first - loss_deg * i) for i in range(count)]
    if count > 1:
        cycles[-1] = max(_LEAST_CYCLE_DEG, cycles[-1] - last_loss_deg)
    scaled = tuple(amplitude * cycle for cycle in cycles)
    return Nod(start_s, duration_s, scaled, amplitude * settings.nod_upswing_deg if upswing_s else 0.0, upswing_s)


def nod_asked_for(
    t_s: float, now_s: float, kind: NodKind, amplitude: float, settings: ListenerSettings, rng: np.random.Generator
) -> Nod:
    """Plan a nod that a moving body is asked for: never in the past, at most twice the ordinary size.

    Args:
        t_s: when it was asked for, session time.
        now_s: the newest time that has been shown.
        kind: as in `make_nod`.
        amplitude: factor, taken as 0 to 2.
        settings: as in `make_nod`.
        rng: as in `make_nod`.

    Raises:
        ValueError: no such kind, or a number that is not finite.
    """
    if not (math.isfinite(amplitude) and math.isfinite(t_s)):
        raise ValueError(f"nod: t_s {t_s} and amplitude {amplitude} must be finite numbers")
    return make_nod(max(t_s, now_s), kind, min(max(amplitude, 0.0), _MOST_AMPLITUDE), settings, rng)


def _cycles(kind: NodKind, draw: float, settings: ListenerSettings) -> int:
    """How many cycles: the longer a nod's kind, the more, with the measured shares over all nods together.

    Kinds and counts are both ordered; the draw, 0 to 1, is a place within its kind's part of all nods, and the count is what lies at the
    same place when all nods are ordered by their cycles.
    """
    index = NOD_KINDS.index(kind)
    kinds = np.array(settings.nod_type_shares) / sum(settings.nod_type_shares)
    place = float(kinds[:index].sum() + draw * kinds[index])
    counts = np.cumsum(settings.nod_cycle_shares) / sum(settings.nod_cycle_shares)
    return min(int(np.searchsorted(counts, place, side="right")) + 1, len(counts))


@dataclass(frozen=True, slots=True)
class Swing:
    """A shake or wag of the head: a decaying sine about one axis (0 pitch, 1 yaw, 2 roll)."""

    axis: int
    amplitude_deg: float
    hz: float


def swing_value(swing: Swing, t_s: float, start_s: float, end_s: float) -> float:
    """Angle in radians of a swing that lasts from start to end, growing within a quarter cycle and dying out."""
    if t_s <= start_s or t_s >= end_s:
        return 0.0
    x, length = t_s - start_s, end_s - start_s
    rise = min(0.25 / swing.hz, 0.3 * length)
    size = ease(x / rise) * (1.0 - ease((x - 0.45 * length) / (0.55 * length)))
    return math.radians(swing.amplitude_deg) * size * math.sin(2.0 * math.pi * swing.hz * x)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of the agent's speech, known ahead from the speech synthesis.

    Attributes:
        text: the word.
        start_s: session time.
        end_s: session time.
        accent: prominence 0 to 1.
    """

    text: str
    start_s: float
    end_s: float
    accent: float = 0.0

    @property
    def accent_s(self) -> float:
        """When its accent falls: in the vowel of the stressed syllable, about 40 % in, at most 140 ms."""
        return self.start_s + min(0.14, 0.4 * (self.end_s - self.start_s))


ACCENT_FLOOR: Final = 0.3
"""Words under this prominence carry no accent."""
_ACCENT_DOWN_S: Final = 0.17
_ACCENT_BACK_S: Final = 0.33
_ONSET_LEAD_S: Final = 0.25
"""The head starts before the voice in more than 70 % of phrases (Graf 2002)."""


class SpeakingHead:
    """The head of a speaker: a pose per phrase, a nod per accent; a pure function of time once planned."""

    def __init__(self, words: Sequence[SpokenWord], settings: ListenerSettings, rng: np.random.Generator) -> None:
        """Plan over words in order of time (one or more replies; pauses over 0.5 s part them)."""
        self._accents: list[tuple[float, float]] = []
        self._times: list[float] = []
        self._poses: list[tuple[float, float, float]] = []
        self._plan_accents(words, settings, rng)
        self._plan_poses(words, settings, rng)
        self._accent_times = [t for t, _ in self._accents]

    def _plan_accents(self, words: Sequence[SpokenWord], settings: ListenerSettings, rng: np.random.Generator) -> None:
        low, high = settings.head_accent_deg
        last = -math.inf
        for word in words:
            if word.accent < ACCENT_FLOOR or word.accent_s - last < settings.head_accent_refractory_s:
                continue
            last = word.accent_s
            share = (word.accent - ACCENT_FLOOR) / (1.0 - ACCENT_FLOOR)
            size = low + (high - low) * min(1.0, share) * float(rng.uniform(0.8, 1.0))
            # Graf 2002: of accents with head motion about half are a plain nod, the rest overshoot or swing up.
            self._accents.append((last, size if rng.random() < 0.85 else -0.7 * size))

    def _plan_poses(self, words: Sequence[SpokenWord], settings: ListenerSettings, rng: np.random.Generator) -> None:
        phrase_start, previous_end = -math.inf, -math.inf
        for word in words:
            if word.start_s - previous_end > 0.5:
                if previous_end > -math.inf:
                    self._add(min(previous_end + 0.7, word.start_s - 0.01), (0.0, 0.0, 0.0))
                self._add(
                    max(word.start_s - _ONSET_LEAD_S - 0.1, previous_end + 0.02),
                    self._poses[-1] if self._poses else (0, 0, 0),
                )
                phrase_start = -math.inf
            if word.start_s - phrase_start >= settings.head_phrase_s * 0.92:
                phrase_start = word.start_s
                # Accents and idle sway add to the spread, so the poses take only part of the measured one.
                pose = (float(rng.normal(0.3, 2.5)), float(rng.normal(0.0, 1.5)), float(rng.normal(0.0, 1.3)))
                self._add(word.start_s + 0.22, (float(np.clip(pose[0], -6, 6)), pose[1], pose[2]))
            previous_end = word.end_s
        if words:
            self._add(previous_end + 0.7, (0.0, 0.0, 0.0))

    def _add(self, t_s: float, pose: tuple[float, float, float]) -> None:
        if self._times and t_s <= self._times[-1] + 1e-3:
            return
        self._times.append(t_s)
        self._poses.append(pose)

    def at(self, t_s: float) -> tuple[float, float, float]:
        """Pitch, yaw and roll in radians."""
        pitch = yaw = roll = 0.0
        index = bisect_left(self._times, t_s)
        if 0 < index < len(self._times):
            (t0, t1), (a, b) = self._times[index - 1 : index + 1], self._poses[index - 1 : index + 1]
            # Move within 0.55 s before the pose is due, hold before that.
            s = ease(1.0 - (t1 - t_s) / min(0.55, t1 - t0))
            pitch, yaw, roll = (x + s * (y - x) for x, y in zip(a, b, strict=True))
        index = bisect_left(self._accent_times, t_s - _ACCENT_BACK_S)
        while index < len(self._accents) and self._accents[index][0] < t_s + _ACCENT_DOWN_S:
            when, size = self._accents[index]
            x = t_s - when
            pitch += size * (ease(1.0 + x / _ACCENT_DOWN_S) if x < 0.0 else 1.0 - ease(x / _ACCENT_BACK_S))
            index += 1
        return math.radians(pitch), math.radians(yaw), math.radians(roll)
