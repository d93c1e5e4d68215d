"""Nods and shakes of the head, from its pitch and yaw over time.

Pure. People nod in swings of a quarter to half a second there and back: single cycles last 0.17 to 0.57 s with a mode of 0.27 s, 42 to
55 % of nods are one cycle, 95 % at most five (Kihara 2016; PLOS ONE 2025, pone.0323448); whole nods last 0.8 to 1.8 s. So a cycle
counts from 0.5 to 4 Hz; a nod needs one that comes back to where it began (a look down that stays is none), a shake one and a half
(a glance aside and back is none), and the other axis must move less. What begins is told with its first complete cycle, what ends
`QUIET_S`, or a swing's length, after its last movement.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from behavioral.vision.swings import Swing, swings_of

WINDOW_S = 4.0
QUIET_S = 0.4
MAX_GAP_S = 0.5
"""After a longer gap between pictures nothing is known of what the head did."""
SWING_S = (0.06, 1.0)
"""Length of half a cycle at 4 to 0.5 Hz; the least is one picture shorter than 0.125 s, because 15 pictures a second round it."""
SINGLE_CYCLE_S = 0.85
"""A nod of one cycle is quicker than this; a chin that rises and sinks in more time is a change of posture. Slower ones must repeat."""
SHAKE_SWING_S = 0.42
"""Mean swing of a shake of fewer than five: slower ones are looking around."""
NOD_RAD = 0.052
SHAKE_RAD = 0.07
"""Least swings, of means of two pictures: the mesh's pitch of a still head wanders by up to 0.04 (real clips)."""
FLOW_SHARE = 1.5
"""Where the turn is known from flow only, the least swing is this much larger: bodies sway."""
BACK_SHARE = 0.55
"""A nod comes back by more than this share of its largest swing, and its swings differ by no more than this."""
OTHER_AXIS = 1.0
"""The other axis must move less than this many times as far."""


@dataclass(frozen=True, slots=True)
class HeadAct:
    """A nod or shake that began or ended: cycles so far, largest swing in radians, seconds from first to last movement."""

    act: Literal["nod", "shake"]
    state: Literal["started", "ended"]
    count: int
    amplitude_rad: float
    duration_s: float


@dataclass(slots=True)
class HeadActs:
    """The head movements of one person.

    Attributes:
        from_flow: the angles are sums of turns and drift; the thresholds are higher.
    """

    from_flow: bool = False
    _pitch: deque[tuple[float, float]] = field(default_factory=deque)
    _yaw: deque[tuple[float, float]] = field(default_factory=deque)
    _before: tuple[float, float] | None = None
    _now: HeadAct | None = None
    _first_s: float = 0.0
    _last_s: float = 0.0

    @property
    def under_way(self) -> Literal["nod", "shake"] | None:
        """What the head is doing."""
        return None if self._now is None else self._now.act

    def update(self, yaw_rad: float, pitch_rad: float, t_s: float) -> list[HeadAct]:
        """Take the head's angles at a time; return what began or ended."""
        told: list[HeadAct] = []
        if self._pitch and not 0.0 <= t_s - self._pitch[-1][0] <= MAX_GAP_S:
            told += self.break_off()
        yaw, pitch = self._before or (yaw_rad, pitch_rad)
        self._before = (yaw_rad, pitch_rad)
        self._pitch.append((t_s, (pitch + pitch_rad) / 2))  # halves the noise, keeps 3/4 of a nod of 3.5 Hz
        self._yaw.append((t_s, (yaw + yaw_rad) / 2))
        while t_s - self._pitch[0][0] > WINDOW_S:
            self._pitch.popleft()
            self._yaw.popleft()
        found = self._found(t_s)
        if found is None:
            if self._now is not None and t_s - self._last_s > QUIET_S:
                told += self._end()
            return told
        act, first_s, last_s, count, amplitude = found
        if self._now is None:
            self._first_s = first_s
        elif self._now.act != act:
            told += self._end()
            self._first_s = first_s
        began = self._now is None
        before = self._now
        self._last_s = last_s
        self._now = HeadAct(
            act,
            "started",
            count if before is None else max(count, before.count),
            amplitude if before is None else max(amplitude, before.amplitude_rad),
            last_s - self._first_s,
        )
        return [*told, self._now] if began else told

    def break_off(self) -> list[HeadAct]:
        """The head is lost: what was under way ends, the past is forgotten."""
        self._pitch.clear()
        self._yaw.clear()
        self._before = None
        return self._end()

    def _end(self) -> list[HeadAct]:
        now, self._now = self._now, None
        if now is None:
            return []
        while self._pitch and self._pitch[0][0] < self._last_s:  # its movements are not told again
            self._pitch.popleft()
            self._yaw.popleft()
        return [HeadAct(now.act, "ended", now.count, now.amplitude_rad, now.duration_s)]

    def _found(self, t_s: float) -> tuple[Literal["nod", "shake"], float, float, int, float] | None:
        share = FLOW_SHARE if self.from_flow else 1.0
        nod = _run(swings_of(self._pitch, NOD_RAD * share), t_s, 2)
        shake = _run(swings_of(self._yaw, SHAKE_RAD * share), t_s, 3)
        going_on = self.under_way == "nod"
        comes_back = going_on or (bool(nod) and _comes_back(nod))
        if nod and (_range(self._yaw, nod) >= OTHER_AXIS * _range(self._pitch, nod) or not comes_back):
            nod = []
        if shake and (_range(self._pitch, shake) >= OTHER_AXIS * _range(self._yaw, shake) or not _is_brisk(shake)):
            shake = []
        run = nod or shake
        if not run:
            return None
        largest = max(abs(swing.change) for swing in run)
        cycles = len(run) // 2 if nod else (len(run) + 1) // 2
        return ("nod" if nod else "shake"), run[0].start_s, run[-1].end_s, cycles, largest


def _run(swings: list[Swing], t_s: float, least: int) -> list[Swing]:
    """Return the latest swings that follow each other at the pace of a nod, [] where they are too few or over."""
    under_way = len(swings) > 1 and abs(swings[-1].change) < BACK_SHARE / 2 * abs(swings[-2].change)
    run: list[Swing] = []
    for swing in reversed(swings[:-1] if under_way else swings):
        fits = SWING_S[0] <= swing.length_s <= SWING_S[1]
        if not fits or (run and not BACK_SHARE / 2 <= abs(swing.change / run[0].change) <= 2 / BACK_SHARE):
            break
        run.insert(0, swing)
    if len(run) < least or t_s - run[-1].end_s > max(QUIET_S, *(swing.length_s for swing in run)):
        return []
    return run


def _comes_back(run: list[Swing]) -> bool:
    """Say whether neighbouring swings return to about where they began: once quickly, or twice."""
    back = [
        b.end_s - a.start_s
        for a, b in pairwise(run)
        if abs(a.change + b.change) <= (1 - BACK_SHARE) * max(abs(a.change), abs(b.change))
    ]
    return min(back, default=SINGLE_CYCLE_S) < SINGLE_CYCLE_S or len(back) >= 2


def _is_brisk(run: list[Swing]) -> bool:
    return len(run) >= 5 or run[-1].end_s - run[0].start_s <= SHAKE_SWING_S * len(run)


def _range(samples: deque[tuple[float, float]], run: list[Swing]) -> float:
    inside = [value for t_s, value in samples if run[0].start_s <= t_s <= run[-1].end_s]
    return max(inside) - min(inside) if inside else 0.0
