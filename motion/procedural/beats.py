"""Co-speech beats: which words get a stroke, by which hand, in which form, and the arm tracks that meet them.

Strokes are planned ahead from the timed words of the agent's own speech: the end of the stroke falls on the accent of the word, with
preparation before and a hold after it; a near next stroke is prepared straight from the hold, a distant one lets the arm sink back.
Deterministic under the generator's random source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from motion.procedural import controls as c
from motion.procedural.head import SpokenWord
from motion.procedural.track import ArmTrack, Key

A = c.ArmShape
# Start and end of the stroke of each beat form.
FORMS: Final[dict[str, tuple[c.ArmShape, c.ArmShape]]] = {
    "drop": (
        A((0.05, -0.44, 0.48), palm=(-0.6, -0.6, 0.1), hand="relaxed", follow=0.6, flex_deg=12),
        A((0.08, -0.56, 0.53), palm=(-0.4, -0.9, 0.1), hand="soft", follow=0.6, flex_deg=-12),
    ),
    "palm_up": (
        A((0.00, -0.52, 0.44), palm=(-0.9, 0.3, -0.2), hand="relaxed", follow=0.6, flex_deg=10),
        A((0.17, -0.50, 0.56), palm=(-0.3, 1.0, 0.1), hand="soft", follow=0.6, flex_deg=-10),
    ),
    "sweep": (
        A((-0.12, -0.50, 0.46), palm=(-0.6, 0.3, -0.7), hand="relaxed", follow=0.6, flex_deg=14),
        A((0.27, -0.50, 0.50), palm=(-0.5, 0.8, 0.5), hand="soft", follow=0.6, flex_deg=-14, swivel_deg=4),
    ),
    "precise": (
        A((0.02, -0.38, 0.44), palm=(-0.9, -0.2, 0.2), hand="pinch", follow=0.6, flex_deg=10),
        A((0.04, -0.48, 0.52), palm=(-0.9, -0.4, 0.2), hand="pinch", follow=0.6, flex_deg=-8),
    ),
    "chop": (
        A((0.06, -0.38, 0.48), palm=(-1.0, 0.0, 0.1), hand="soft", follow=0.6),
        A((0.07, -0.52, 0.55), palm=(-1.0, 0.1, 0.0), hand="flat", follow=0.6, flex_deg=-4),
    ),
}
_FORM_SHARES: Final = {"drop": 0.26, "palm_up": 0.32, "sweep": 0.16, "precise": 0.12, "chop": 0.14}

_GAP_S: Final = 0.85
"""Least time between two strokes."""
_PREPARE_S: Final = 0.45
_FROM_REST_S: Final = 0.13
"""Further time that a hand at rest takes to come up."""
_SOONEST_S: Final = 0.40
"""A stroke this near can just be prepared."""
_WHIM: Final = 0.15
"""How much chance weighs beside prominence."""
_HOLD_S: Final = 0.18
_RETRACT_S: Final = 0.75
_CHAIN_S: Final = 0.9
"""Gap after a hold in which the arm stays up for the next stroke."""
_LINGER_S: Final = 2.6
"""Gap in which the arm sinks to the waist only, as more is to come."""
_BOTH_SHARE: Final = 0.22


@dataclass(frozen=True, slots=True)
class Stroke:
    """One beat.

    Attributes:
        t_s: when the stroke arrives: the accent of its word.
        side: 0 left arm, 1 right arm.
        form: name in `FORMS`.
        length_s: duration of the stroke itself.
        size: factor of its length in space.
        shift: displacement [3] of the whole beat, arm lengths.
    """

    t_s: float
    side: int
    form: str
    length_s: float
    size: float
    shift: tuple[float, float, float]


class BeatPlanner:
    """Chooses strokes for words; keeps the rate over clauses and the choice of hand over phrases."""

    def __init__(self, rate_per_min: float, amplitude: float, rng: np.random.Generator) -> None:
        """Take the rate in strokes per minute of speech, and the size as a factor."""
        self._rate_per_s = rate_per_min / 60.0
        self._amplitude = amplitude
        self._rng = rng
        self._credit = 0.6
        self._side = 1
        self._run = 0
        self._last_form = ""

    def plan(self, words: Sequence[SpokenWord], not_before_s: float, busy: Sequence[float] = ()) -> list[Stroke]:
        """Choose strokes.

        Args:
            words: of one clause, in order of time.
            not_before_s: now; a stroke needs time to be prepared from here.
            busy: times of strokes already planned.
        """
        if not words or self._rate_per_s <= 0.0:
            return []
        self._credit = min(self._credit + self._rate_per_s * (words[-1].end_s - words[0].start_s), 40.0)
        ranked = sorted(
            (word for word in words if word.accent > 0.0 and word.accent_s >= not_before_s + _SOONEST_S),
            key=lambda word: -word.accent - _WHIM * self._rng.random(),
        )
        chosen: list[SpokenWord] = []
        taken = list(busy)
        # First spread over the clause, then fill in where the rate wants more.
        for gap_s in (max(_GAP_S, 0.7 / self._rate_per_s), _GAP_S):
            for word in ranked:
                if self._credit >= 1.0 and all(abs(word.accent_s - other) >= gap_s for other in taken):
                    taken.append(word.accent_s)
                    chosen.append(word)
                    self._credit -= 1.0
        strokes: list[Stroke] = []
        previous = -1e9
        for word in sorted(chosen, key=lambda word: word.start_s):
            strokes += self._strokes(word, word.accent_s - previous)
            previous = word.accent_s
        return strokes

    def _strokes(self, word: SpokenWord, since_s: float) -> list[Stroke]:
        rng = self._rng
        self._run += 1
        # Hands change when one has rested or has had a few strokes; right-handers favour the right.
        if since_s > _LINGER_S or self._run > 3 or rng.random() < 0.25:
            self._side = 1 if rng.random() < (0.62 if self._side == 0 else 0.45) else 0
            self._run = 0
        names = [name for name in FORMS if name != self._last_form]
        shares = np.array([_FORM_SHARES[name] for name in names])
        form = names[int(rng.choice(len(names), p=shares / shares.sum()))]
        self._last_form = form
        jitter = rng.normal(0.0, 1.0, 3) * (0.035, 0.06, 0.035)
        size = self._amplitude * (0.72 + 0.42 * word.accent) * float(rng.uniform(0.9, 1.1))
        shift = (float(jitter[0]), float(jitter[1]) + 0.05 * word.accent, float(jitter[2]))
        main = Stroke(word.accent_s, self._side, form, float(rng.uniform(0.20, 0.29)), size, shift)
        if rng.random() >= _BOTH_SHARE:
            return [main]
        second = replace(
            main,
            side=1 - main.side,
            t_s=main.t_s + 0.045,
            size=0.8 * size,
            shift=(shift[0] + 0.03, shift[1] - 0.05, shift[2] - 0.02),
        )
        return [main, second]


def _shape(shape: c.ArmShape, stroke: Stroke, amplitude: float) -> c.Vector:
    arm = shape.controls()
    rest = c.HANGING.controls()
    scale = min(1.15, 0.75 + 0.25 * amplitude)
    arm[c.WRIST] = rest[c.WRIST] + scale * (arm[c.WRIST] + np.array(stroke.shift) - rest[c.WRIST])
    return arm


def build_track(strokes: Sequence[Stroke], side: int, amplitude: float) -> ArmTrack:
    """Lay out the strokes of one arm (0 left, 1 right) as keyframes; strokes in order of time."""
    mine = [stroke for stroke in strokes if stroke.side == side]
    keys: list[Key] = []
    waist = c.WAIST.controls()
    for index, stroke in enumerate(mine):
        start_shape, end_shape = FORMS[stroke.form]
        ready, peak = _shape(start_shape, stroke, amplitude), _shape(end_shape, stroke, amplitude)
        peak[: c.TWIST] = ready[: c.TWIST] + stroke.size * (peak[: c.TWIST] - ready[: c.TWIST])
        at_ready = stroke.t_s - stroke.length_s
        begin = at_ready - _PREPARE_S
        if keys:
            begin = max(begin, keys[-1].t_s + 0.02)
            at_ready = max(at_ready, begin + 0.12)
            last = keys[-1]
            keys.append(Key(begin, last.arm if last.weight > 0.0 else ready, last.weight))
            keys.append(Key(at_ready, ready, 1.0, (0.01, 0.02, 0.015)))
        else:
            keys += [Key(begin - _FROM_REST_S, ready, 0.0), Key(at_ready, ready, 1.0, (0.05, 0.0, 0.09))]
        # The stroke curves a little, as a hand swings from the elbow.
        keys.append(Key(max(stroke.t_s, at_ready + 0.1), peak, 1.0, (0.02, 0.0, 0.025)))
        held = peak.copy()
        held[1] -= 0.01
        follows_s = mine[index + 1].t_s - mine[index + 1].length_s - _PREPARE_S if index + 1 < len(mine) else np.inf
        hold_end = keys[-1].t_s + _HOLD_S
        if follows_s - hold_end < _CHAIN_S:
            keys.append(Key(min(hold_end, max(follows_s, keys[-1].t_s + 0.06)), held, 1.0))
            continue
        keys.append(Key(hold_end, held, 1.0))
        if follows_s - hold_end < _LINGER_S:
            keys.append(Key(hold_end + _RETRACT_S, waist, 0.85, (0.0, 0.0, 0.03)))
        else:
            keys.append(Key(hold_end + 1.15 * _RETRACT_S, held, 0.0, (0.03, 0.0, 0.05)))
    return ArmTrack(keys)
