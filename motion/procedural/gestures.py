"""Playing a lexicon gesture: phases over time, side, amplitude, the stroke on its moment, pointing that really points.

`plan` turns a definition into a `GesturePlan`, a pure function of time that shapes the controls in place. Session seconds, radians.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from motion.procedural import controls as c
from motion.procedural.definition import Definition
from motion.procedural.head import swing_value
from motion.procedural.track import ArmTrack, Key, ease, envelope

_LONGEST_WAIT_S: Final = 0.8
"""Longest pre-stroke hold; a stroke that is further away makes the gesture begin later."""
_FASTEST: Final = 0.6
"""Phases can be hurried to this share of their natural length and no further."""
_MOST_OF_HOLD: Final = 0.6
"""The later of two hands arrives before this share of the hold is over."""
_OTHER_HAND_SIZE: Final = 0.94
"""Two hands never do exactly the same."""
_POINT_REACH: Final = 0.975
_TURN_RAD: Final = (math.radians(-25), math.radians(60))
"""How far across the body and outwards a bent arm is turned towards its target."""
_MAX_POINT_PITCH_RAD: Final = math.radians(60)
_ACROSS_RAD: Final = math.radians(35)
"""How far an arm points across the body before the other arm would be used, or the arm gives up."""
_OUT_RAD: Final = math.radians(110)


@dataclass(frozen=True, slots=True)
class GestureRun:
    """When a gesture plays.

    Attributes:
        start_s: session time at which the pose begins to change.
        stroke_s: session time at which the stroke arrives.
        end_s: session time at which the body is back.
        label: canonical label.
        side: -1 right hand, 1 left hand, 0 both or none.
    """

    start_s: float
    stroke_s: float
    end_s: float
    label: str
    side: float


@dataclass(frozen=True, slots=True)
class GesturePlan:
    """A gesture laid out in time."""

    gesture_id: str
    run: GestureRun
    definition: Definition
    left: ArmTrack | None
    right: ArmTrack | None
    trunk: c.Vector | None
    ready_s: float
    fall_s: float
    size: float

    def apply(self, controls: c.Vector, drift: c.Vector, t_s: float) -> None:
        """Shape the controls [44] in place; `drift` [44] keeps holds alive."""
        run = self.run
        if t_s <= run.start_s or t_s >= run.end_s + 0.2:
            return
        for where, track, sign in ((c.LEFT, self.left, 1.0), (c.RIGHT, self.right, -1.0)):
            if track is not None:
                controls[where] = track.blend(controls[where], t_s, drift[where])
                self._shake(controls[where], t_s, sign)
        if self.trunk is not None:
            # The head leads, the trunk goes along a little later and overlaps the stroke.
            rise = run.stroke_s - run.start_s
            share = 0.75 if self.definition.hands != "none" else 0.5
            lead = envelope(t_s, run.start_s, run.start_s + share * rise, self.fall_s, run.end_s)
            body = envelope(t_s, run.start_s, run.stroke_s + 0.06, self.fall_s + 0.04, run.end_s + 0.08)
            controls[: c.HEAD.start] += body * self.trunk[: c.HEAD.start]
            controls[c.HEAD] += lead * self.trunk[c.HEAD]
            controls[c.SHOULDERS] += lead * self.trunk[c.SHOULDERS]
        swing = self.definition.swing
        if swing is not None:
            value = swing_value(swing, t_s, run.start_s, run.end_s)
            controls[c.HEAD.start + swing.axis] += self.size * value

    def _shake(self, arm: c.Vector, t_s: float, sign: float) -> None:
        shake = self.definition.shake
        if shake is None:
            return
        begin, end = self.ready_s, self.fall_s + 0.15
        if not begin < t_s < end:
            return
        size = self.size * ease((t_s - begin) / 0.30) * (1.0 - ease((t_s - end + 0.45) / 0.45))
        phase = 2.0 * math.pi * shake.hz * (t_s - begin)
        if sign > 0.0 and not shake.both_in_phase:
            phase += math.pi
        # The hand trails the forearm by about a tenth of a cycle: a wave ripples outwards.
        for index, amplitude in shake.amplitude.items():
            behind = 0.5 * math.pi if index in shake.quarter_later else 0.65 if index >= c.TWIST else 0.0
            arm[index] += size * amplitude * math.sin(phase - behind)


def aim(shape: c.ArmShape, direction_rad: tuple[float, float], left: bool, reach: float) -> c.ArmShape:
    """Turn an arm shape so that arm and fingers lie along a direction (yaw left positive, pitch up positive) in the root frame."""
    yaw, pitch = direction_rad
    outwards = yaw if left else -yaw
    outwards = min(max(outwards, -_ACROSS_RAD), _OUT_RAD)
    pitch = min(max(pitch, -_MAX_POINT_PITCH_RAD), _MAX_POINT_PITCH_RAD)
    way = (math.sin(outwards) * math.cos(pitch), math.sin(pitch), math.cos(outwards) * math.cos(pitch))
    wrist = (way[0] * reach, way[1] * reach, way[2] * reach)
    return replace(shape, wrist=wrist, fingers=way, follow=0.0)


def turn(shape: c.ArmShape, yaw_rad: float, left: bool) -> c.ArmShape:
    """Turn an arm shape about the shoulder's vertical towards a yaw (left positive); palm and fingers turn along."""
    outwards = min(max(yaw_rad if left else -yaw_rad, _TURN_RAD[0]), _TURN_RAD[1])
    k, s = math.cos(outwards), math.sin(outwards)

    def about(v: tuple[float, float, float]) -> tuple[float, float, float]:
        return (k * v[0] + s * v[2], v[1], k * v[2] - s * v[0])

    fingers = None if shape.fingers is None else about(shape.fingers)
    return replace(shape, wrist=about(shape.wrist), palm=about(shape.palm), fingers=fingers)


def choose_side(definition: Definition, side: float, direction_rad: tuple[float, float] | None) -> float:
    """-1 right, 1 left, 0 where there is no side to it; by request, else by where the target is, else right."""
    if not definition.sided:
        return 0.0
    if direction_rad is not None and definition.directed:
        outwards = direction_rad[0] * (1.0 if side > 0 else -1.0)
        # A request that would need the arm to go through the neck is overruled.
        if side != 0.0 and outwards > -_ACROSS_RAD:
            return 1.0 if side > 0 else -1.0
        return 1.0 if direction_rad[0] > math.radians(8) else -1.0
    return 1.0 if side > 0 else -1.0


def _sized(shape: c.ArmShape, size: float) -> c.Vector:
    arm = shape.controls()
    if shape.follow < 0.9:  # a hand on the body stays on the body
        rest = c.HANGING.controls()
        arm[c.WRIST] = rest[c.WRIST] + size * (arm[c.WRIST] - rest[c.WRIST])
    return arm


def _track(
    times: tuple[float, float, float, float, float, float],
    ready: c.Vector,
    peak: c.Vector,
    arc: tuple[float, float, float],
) -> ArmTrack:
    start, at_ready, stroke, at_peak, fall, end = times
    keys = [Key(start, ready, 0.0), Key(at_ready, ready, 1.0, arc)]
    if stroke > at_ready + 0.01:
        keys.append(Key(stroke, ready, 1.0))
    held = peak.copy()
    held[1] -= 0.012  # gravity: a held hand sinks a little
    keys += [Key(at_peak, peak, 1.0, (0.02, 0.0, 0.03)), Key(fall, held, 1.0), Key(end, held, 0.0, (0.03, 0.0, 0.06))]
    return ArmTrack(keys)


def plan(
    gesture_id: str,
    definition: Definition,
    t_s: float,
    *,
    side: float = 0.0,
    strength: float = 1.0,
    amplitude: float = 1.0,
    duration_s: float | None = None,
    stroke_at_s: float | None = None,
    direction_rad: tuple[float, float] | None = None,
) -> GesturePlan:
    """Lay a gesture out in time.

    Args:
        gesture_id: name of this performance.
        definition: what to perform.
        t_s: session time to begin at.
        side: -1 right, 1 left, 0 free.
        strength: 0 to 1, from modest to full.
        amplitude: further factor of the size (`MotionSettings.amplitude`).
        duration_s: whole length; the hold gives way first, then all phases down to 60 % of their natural length.
        stroke_at_s: session time at which the stroke is to arrive; met unless it is nearer than the hurried phases allow.
        direction_rad: yaw and pitch to point at, in the root frame; ignored by gestures that point at nothing.

    Raises:
        ValueError: a number is not finite, or the duration is not positive.
    """
    for name, number in (("t_s", t_s), ("side", side), ("strength", strength), ("duration_s", duration_s),
                         ("stroke_at_s", stroke_at_s), *(("direction_rad", x) for x in direction_rad or ())):  # fmt: skip
        if number is not None and not math.isfinite(number):
            raise ValueError(f"gesture {definition.label}: {name} is {number}; it must be a finite number")
    if duration_s is not None and duration_s <= 0.0:
        raise ValueError(f"gesture {definition.label}: duration_s is {duration_s}; it must be positive")
    strength = min(max(strength, 0.0), 1.0)
    prepare, stroke, hold, retract = definition.prepare_s, definition.stroke_s, definition.hold_s, definition.retract_s
    if duration_s is not None:
        hold = max(0.08, duration_s - prepare - stroke - retract)
        natural = prepare + stroke + hold + retract
        if natural > duration_s:
            tempo = max(_FASTEST, duration_s / natural)
            prepare, stroke, hold, retract = prepare * tempo, stroke * tempo, hold * tempo, retract * tempo
    start = t_s
    at_peak = start + prepare + stroke
    if stroke_at_s is not None:
        early = at_peak - stroke_at_s
        if early > 0.0:
            tempo = max(_FASTEST, 1.0 - early / (prepare + stroke))
            prepare, stroke = prepare * tempo, stroke * tempo
            at_peak = start + prepare + stroke
        else:
            start = max(start, stroke_at_s - prepare - stroke - _LONGEST_WAIT_S)
            at_peak = stroke_at_s
    at_ready = start + prepare
    fall = at_peak + hold
    end = fall + retract
    chosen = choose_side(definition, side, direction_rad)
    size = min(1.3, (0.70 + 0.30 * strength) * amplitude)
    left, right = _arms(
        definition, (start, at_ready, at_peak - stroke, at_peak, fall, end), chosen, size, direction_rad
    )
    trunk = None
    if definition.trunk is not None:
        trunk = size * definition.trunk
        if chosen > 0.0:
            trunk = c.mirrored(trunk)
    run = GestureRun(start, at_peak, end, definition.label, chosen)
    return GesturePlan(gesture_id, run, definition, left, right, trunk, at_ready, fall, size)


def _arms(
    definition: Definition,
    times: tuple[float, float, float, float, float, float],
    side: float,
    size: float,
    direction_rad: tuple[float, float] | None,
) -> tuple[ArmTrack | None, ArmTrack | None]:
    if definition.ready is None or definition.peak is None:
        return None, None
    ready, peak = _sized(definition.ready, size), _sized(definition.peak, size)
    if definition.directed and direction_rad is not None:
        left = side > 0.0
        if definition.aims:
            peak = aim(definition.peak, direction_rad, left, _POINT_REACH).controls()
        else:
            peak = _sized(turn(definition.peak, direction_rad[0], left), size)
    main = _track(times, ready, peak, definition.arc)
    if definition.hands == "both":
        start, at_ready, stroke, at_peak, fall, end = times
        lag = min(definition.lag_s, max(_MOST_OF_HOLD * (fall - at_peak), 0.02))
        both = min(lag, 0.035)  # what comes one after the other goes back together
        lagged = (start + 0.7 * (lag - both), at_ready + lag, stroke + lag, at_peak + lag, fall + both, end + both)
        small = _OTHER_HAND_SIZE * size
        other = definition.other or definition.peak
        return _track(lagged, _sized(definition.ready, small), _sized(other, small), definition.arc), main
    second: ArmTrack | None = None
    if definition.other is not None:
        rest = definition.other.controls()
        second = _track(times, rest, rest, (0.0, 0.0, 0.08))
    return (main, second) if side > 0.0 else (second, main)
