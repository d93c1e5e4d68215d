"""What one person's face shows over time: head, gaze and its target, mouth, eyes, expression, nods.

Pure. Fed with one face per picture; values are smoothed a little and forgotten `FORGET_S` after the last picture that told them. What
an engine never tells stays None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from behavioral.vision.contract import Angles, Face
from behavioral.vision.gaze_target import GazeOn, Vector, sight_of
from behavioral.vision.mouth import Blinks, MouthMotion
from behavioral.vision.nods import HeadAct, HeadActs
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.messages import PersonAct, PersonPercept

FORGET_S = 0.5
ANGLE_SMOOTHING_S = 0.08
EXPRESSION_SMOOTHING_S = 0.3
DISTANCE_SMOOTHING_S = 0.5
SPEAKS, SILENT = 0.5, 0.25
"""Probability of mouth motion that begins and ends speaking."""
FACING_SIGMA_RAD = 0.5
"""A head turned by this much from the camera faces it by 0.6; one by a right angle does not."""
FACING_SMOOTHING = 0.3
FLOW_CONFIDENCE, POSE_CONFIDENCE = 0.5, 0.9
"""Confidence in nods from flow, and from a head pose."""


@dataclass(slots=True)
class Signs:
    """One person's face over time."""

    facing: float = 1.0
    head_rad: Angles | None = None
    gaze_rad: tuple[float, float] | None = None
    distance_m: float | None = None
    mouth_open: float | None = None
    mouth_moving: float | None = None
    eyes_open: float | None = None
    smile: float | None = None
    valence: float | None = None
    speaks: bool = False
    gaze: GazeOn = field(default_factory=GazeOn)
    head_acts: HeadActs = field(default_factory=HeadActs)
    _mouth: MouthMotion = field(default_factory=MouthMotion)
    _blinks: Blinks = field(default_factory=Blinks)
    _turned: tuple[float, float] = (0.0, 0.0)
    _last_ns: int = -1

    def take(self, face: Face, t_ns: int) -> list[PersonAct]:
        """Take the face in one picture; return what the person did, without an id."""
        gap_s = FORGET_S if self._last_ns < 0 else max(0.0, (t_ns - self._last_ns) / NS_PER_S)
        self._last_ns = t_ns
        t_s = t_ns / NS_PER_S
        acts = [_head_act(act, self.head_acts, t_ns) for act in self._move_head(face, t_s)]
        keep = math.exp(-gap_s / ANGLE_SMOOTHING_S)
        self.head_rad = _eased3(self.head_rad, face.head_rad, keep)
        self.gaze_rad = _eased2(self.gaze_rad, face.gaze_rad, keep)
        self.distance_m = _eased(self.distance_m, face.distance_m, math.exp(-gap_s / DISTANCE_SMOOTHING_S))
        off = 0.0 if face.head_rad is None else math.hypot(*face.head_rad[:2])
        self.facing += FACING_SMOOTHING * (math.exp(-((off / FACING_SIGMA_RAD) ** 2) / 2.0) - self.facing)
        self.mouth_open = None if face.mouth_open is None else min(1.0, face.mouth_open)
        self.mouth_moving = None if face.mouth_open is None else self._mouth.update(face.mouth_open, t_s)
        if self.mouth_moving is not None:
            self.speaks = self.mouth_moving >= (SILENT if self.speaks else SPEAKS)
        self.eyes_open = None
        if face.eyes_open is not None:
            blink_s = self._blinks.update(face.eyes_open, t_s)
            self.eyes_open = self._blinks.openness(face.eyes_open)
            if blink_s is not None:
                acts.append(_blink(blink_s, t_ns))
        mild = math.exp(-gap_s / EXPRESSION_SMOOTHING_S)
        self.smile = _eased(self.smile, face.smile, mild)
        shown = None if face.smile is None else face.smile - (face.frown or 0.0)
        self.valence = _eased(self.valence, shown, mild)
        return acts

    def miss(self, t_ns: int) -> list[PersonAct]:
        """The face was not found in this picture; return what ends with that."""
        self.facing *= 1.0 - FACING_SMOOTHING
        if self._last_ns < 0 or (t_ns - self._last_ns) / NS_PER_S <= FORGET_S:
            return []
        return self.forget(t_ns)

    def forget(self, t_ns: int) -> list[PersonAct]:
        """Nothing is known of the face any more; return what ends with that."""
        self.head_rad = self.gaze_rad = self.mouth_open = self.mouth_moving = self.eyes_open = None
        self.smile = self.valence = None
        self.speaks = False
        self.gaze.forget()
        return [_head_act(act, self.head_acts, t_ns) for act in self.head_acts.break_off()]

    def look(
        self,
        bearing_rad: tuple[float, float],
        at_m: Vector,
        others: Mapping[str, Vector],
        objects: Mapping[str, Vector],
        t_ns: int,
    ) -> bool:
        """Judge what is looked at from the newest line of sight; return whether that changed."""
        angles = self.gaze_rad if self.gaze_rad is not None else self.head_rad
        if angles is None:
            return False
        sight = sight_of((angles[0], angles[1]), bearing_rad)
        return self.gaze.update(sight, at_m, others, objects, eyes=self.gaze_rad is not None, t_ns=t_ns)

    def percept(self, plain: PersonPercept) -> PersonPercept:
        """Return the percept with all that the face shows."""
        return PersonPercept(
            state=plain.state,
            person_id=plain.person_id,
            box=plain.box,
            bearing_rad=plain.bearing_rad,
            confidence=plain.confidence,
            t_ns=plain.t_ns,
            facing=min(1.0, max(0.0, self.facing)),
            head_rad=self.head_rad,
            gaze_rad=self.gaze_rad,
            gaze_target=self.gaze.target,
            gaze_name=self.gaze.name,
            gaze_confidence=self.gaze.confidence,
            gaze_since_ns=self.gaze.since_ns,
            distance_m=self.distance_m,
            mouth_open=self.mouth_open,
            mouth_moving=self.mouth_moving,
            eyes_open=self.eyes_open,
            smile=self.smile,
            valence=self.valence,
        )

    def _move_head(self, face: Face, t_s: float) -> list[HeadAct]:
        if face.head_rad is not None:
            self.head_acts.from_flow = False
            return self.head_acts.update(face.head_rad[0], face.head_rad[1], t_s)
        if face.turned_rad is not None:
            self.head_acts.from_flow = True
            self._turned = (self._turned[0] + face.turned_rad[0], self._turned[1] + face.turned_rad[1])
            return self.head_acts.update(*self._turned, t_s)
        return []


def _head_act(act: HeadAct, of: HeadActs, t_ns: int) -> PersonAct:
    return PersonAct(
        t_ns=t_ns,
        state=act.state,
        act=act.act,
        person_id="",
        count=act.count,
        amplitude_rad=min(6.28, act.amplitude_rad),
        duration_ms=act.duration_s * NS_PER_S / NS_PER_MS,
        confidence=FLOW_CONFIDENCE if of.from_flow else POSE_CONFIDENCE,
    )


def _blink(length_s: float, t_ns: int) -> PersonAct:
    return PersonAct(
        t_ns=t_ns, state="ended", act="blink", person_id="", duration_ms=length_s * 1_000.0, confidence=POSE_CONFIDENCE
    )


def _eased(old: float | None, new: float | None, keep: float) -> float | None:
    return new if new is None or old is None else new + keep * (old - new)


def _eased2(
    old: tuple[float, float] | None, new: tuple[float, float] | None, keep: float
) -> tuple[float, float] | None:
    if new is None or old is None:
        return new
    return new[0] + keep * (old[0] - new[0]), new[1] + keep * (old[1] - new[1])


def _eased3(old: Angles | None, new: Angles | None, keep: float) -> Angles | None:
    if new is None or old is None:
        return new
    yaw, pitch, roll = (n + keep * (o - n) for o, n in zip(old, new, strict=True))
    return yaw, pitch, roll
