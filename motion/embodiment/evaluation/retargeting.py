"""How faithfully a body repeats the figure's gestures: directions, pointing, and whether they are still recognised.

Each gesture of the lexicon is performed by the procedural figure and retargeted to the body, at its rate; what is measured is the forward
kinematics of the joint targets that the safety filter is given, from half a second after the start on. An arm counts as reachable in a pose
where none of its joints is at an end of its range and no two parts of the body are as near each other as they may come. Recognition is by
`motion.evaluation.classifier`, which knows people: the robot is shown to it as the person who would stand so (`posed`). What a hand without
fingers would do is unknown, and is averaged over all that hands do in the lexicon. Blocking: about half a minute a body.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import numpy as np

from motion import rotations as rot
from motion.clip import Clip, Pose
from motion.embodiment import capabilities
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.simulated import TOUCH_MARGIN_M
from motion.embodiment.description import Float64
from motion.embodiment.evaluation.posed import Posed
from motion.embodiment.retarget.avoidance import SelfCollisionAvoidance
from motion.embodiment.safety.collision import SelfCollision
from motion.embodiment.safety.filter import SafetyFilter
from motion.evaluation import classifier as recognition
from motion.evaluation.encoder import FPS
from motion.kinematics import forward
from motion.procedural import lexicon
from motion.procedural.generator import ProceduralGenerator
from motion.procedural.gestures import GestureRun
from motion.skeleton import INDEX
from runtime.settings import ListenerSettings, MotionSettings

BEFORE_S: Final = 1.5
"""A gesture is asked for so long after a performance begins."""
AFTER_S: Final = 1.8
"""A performance goes on so long after the stroke."""
HELD_APART_M: Final = 0.003
"""Parts no further than this from the distance at which they are kept apart are being held there."""
SETTLED_S: Final = 0.5
AT_END_RAD: Final = math.radians(0.5)
EVERY: Final = 3
"""Of the periods one in so many is measured."""
HELD_S: Final = 0.35
"""A point is measured so long after its stroke."""
YAWS_DEG: Final = range(-90, 91, 15)
PITCHES_DEG: Final = (-35, -15, 0, 15, 35)
_HANDS: Final = slice(-12, None)


@dataclass(slots=True)
class _Errors:
    """Degrees between the figure's limbs and the robot's."""

    arm: list[float] = field(default_factory=list)
    reachable: list[float] = field(default_factory=list)
    face: list[float] = field(default_factory=list)
    step_ms: list[float] = field(default_factory=list)
    touching: int = 0
    poses: int = 0


@dataclass(frozen=True, slots=True)
class Performed:
    """One gesture: the figure's poses and the robot's angles [periods, joints], and when it was played."""

    run: GestureRun
    poses: Sequence[Pose]
    angles: Float64


def measure_retargeting(
    robot: RobotModel, *, labels: Sequence[str] = lexicon.LABELS, repeats: int = 1, seed: int = 3
) -> dict[str, Any]:
    """Return what was measured, a JSON object: errors as `{p50, p95}` in degrees, shares, and the labels that were missed."""
    errors, posed = _Errors(), Posed(robot)
    clearance = SelfCollision(robot.make(), robot.description.names, robot.apart_m + 2 * HELD_APART_M)
    asked, robots, sent, people = [], [], [], []
    checked = SelfCollision(robot.make(), robot.description.names, TOUCH_MARGIN_M)
    posed_apart = partial(SelfCollisionAvoidance, robot.description, clearance.clearance_m, robot.limbs)
    for repeat in range(repeats):
        for label in labels:
            done = perform(robot, label, seed + repeat, avoidance=posed_apart(), step_ms=errors.step_ms)
            _compare(robot, posed, clearance, done, errors)
            asked.append(label)
            robots.append(recognition.window(_frames(posed, robot, done, done.angles), done.run.stroke_s))
            filtered = as_sent(robot, done, checked)
            sent.append(recognition.window(_frames(posed, robot, done, filtered), done.run.stroke_s))
            people.append(recognition.window(_frames(posed, robot, done, None), done.run.stroke_s))
    found, by_limbs = _recognised(robot, np.stack(robots), np.stack(people))
    found_sent, _ = _recognised(robot, np.stack(sent), np.stack(people))
    parts = robot.description.parts
    as_is = [capabilities.gesture(label, parts).way == "as_is" for label in asked]
    line, finger = measure_pointing(robot, posed, seed)
    hit = [label == one for label, one in zip(asked, found, strict=True)]
    hit_sent = [label == one for label, one in zip(asked, found_sent, strict=True)]
    return {
        "arm_direction_error_deg": _spread(errors.reachable),
        "arm_direction_error_all_deg": _spread(errors.arm),
        "reachable_share": len(errors.reachable) / max(1, len(errors.arm)),
        "face_direction_error_deg": _spread(errors.face),
        "pointing_error_deg": _spread(line),
        "pointing_finger_error_deg": _spread(finger),
        "recognised": _share(one for one, counts in zip(hit, as_is, strict=True) if counts),
        "recognised_as_sent": _share(one for one, counts in zip(hit_sent, as_is, strict=True) if counts),
        "recognised_otherwise": _share(one for one, counts in zip(hit, as_is, strict=True) if not counts),
        "recognised_with_the_figures_hands": _share(a == b for a, b in zip(asked, by_limbs, strict=True)),
        "expressed_as_is": sum(as_is),
        "missed": sorted({label for label, one, counts in zip(asked, hit, as_is, strict=True) if counts and not one}),
        "touching_share": errors.touching / max(1, errors.poses),
        "retargeting_ms": _spread(errors.step_ms),
    }


def perform(
    robot: RobotModel,
    label: str,
    seed: int,
    *,
    direction_rad: tuple[float, float] | None = None,
    avoidance: SelfCollisionAvoidance | None = None,
    step_ms: list[float] | None = None,
) -> Performed:
    """Let the figure play one gesture and the robot follow.

    Args:
        robot: the body.
        label: the gesture.
        seed: of the figure's idle movements.
        direction_rad: where to point.
        avoidance: keeps targets from touching, as the body's driver does.
        step_ms: takes the time of each step.
    """
    figure = ProceduralGenerator(seed, ListenerSettings(), MotionSettings())
    run = figure.gesture("measured", BEFORE_S, label, direction_rad=direction_rad)
    retargeting, rate_hz = robot.retargeting(), robot.description.rate_hz
    poses, angles = [], []
    for tick in range(round((run.stroke_s + AFTER_S) * rate_hz)):
        pose = figure.sample(tick / rate_hz)
        before = time.perf_counter()
        target = retargeting.joints(pose.rotations.astype(float), pose.hands.astype(float), (0.0, 0.0))
        angles.append(target if avoidance is None else avoidance.target(target))
        if step_ms is not None:
            step_ms.append(1e3 * (time.perf_counter() - before))
        poses.append(pose)
    return Performed(run, poses, np.array(angles))


def as_sent(robot: RobotModel, done: Performed, checked: SelfCollision) -> Float64:
    """Return the angles that the safety filter makes of a performance, [periods, joints], from rest on and with its ramp."""
    body = robot.description
    last_stage = SafetyFilter(body, body.vector("rest_rad"), checked.clearance_m)
    sent = []
    for tick, target in enumerate(done.angles):
        last_stage.target(target, tick * body.period_s)
        sent.append(last_stage.step(tick * body.period_s).position_rad)
    return np.array(sent)


def measure_pointing(robot: RobotModel, posed: Posed, seed: int = 3) -> tuple[list[float], list[float]]:
    """Return degrees between where was asked to point and the line from shoulder to fingertip, and the same of the fingers."""
    line: list[float] = []
    finger: list[float] = []
    if not robot.figure.arms:
        return line, finger
    for yaw, pitch in ((math.radians(y), math.radians(p)) for y in YAWS_DEG for p in PITCHES_DEG):
        done = perform(robot, "point", seed, direction_rad=(yaw, pitch))
        side = "left" if done.run.side > 0 else "right"
        if side not in robot.figure.arms:
            continue
        posed.pose(done.angles[round((done.run.stroke_s + HELD_S) * robot.description.rate_hz)])
        limb = posed.limb(side)
        asked = np.array((math.cos(yaw) * math.cos(pitch), math.sin(yaw) * math.cos(pitch), math.sin(pitch)))
        line.append(_between_deg(asked, limb.line))
        finger.append(_between_deg(asked, limb.fingers))
    return line, finger


def _compare(robot: RobotModel, posed: Posed, clearance: SelfCollision, done: Performed, errors: _Errors) -> None:
    """Add the differences of one performance."""
    settled = slice(round(SETTLED_S * robot.description.rate_hz), None, EVERY)
    rotations = np.array([pose.rotations for pose in done.poses[settled]], float)
    at, turns = forward(rotations, np.zeros((len(rotations), 3)))
    low, high = robot.description.vector("low_rad"), robot.description.vector("high_rad")
    arms = _joints_of_arms(robot)
    faces = _in_robot(rot.rotate(turns[:, INDEX["head"]], np.array([0.0, 0.0, 1.0])))
    for row, angles in enumerate(done.angles[settled]):
        posed.pose(angles)
        free_m = clearance.clearance_m(angles)
        errors.poses += 1
        errors.touching += free_m < 0.0
        at_end = (angles <= low + AT_END_RAD) | (angles >= high - AT_END_RAD)
        for side in ("left", "right"):
            if side not in robot.figure.arms:
                continue
            limb = posed.limb(side)
            places = [at[row, INDEX[f"{side}{part}"]] for part in ("UpperArm", "LowerArm", "Hand")]
            upper, fore = _in_robot(places[1] - places[0]), _in_robot(places[2] - places[1])
            both = [_between_deg(upper, limb.upper), _between_deg(fore, limb.fore)]
            errors.arm += both
            if free_m >= robot.apart_m + HELD_APART_M and not at_end[arms[side]].any():
                errors.reachable += both
        if posed.head is not None:
            errors.face.append(_between_deg(faces[row], np.array(posed.face)))


def _joints_of_arms(robot: RobotModel) -> dict[str, list[int]]:
    """Return the rows of the joints between trunk and wrist of each arm."""
    model, names = robot.make(), robot.description.names
    found = {}
    for side, arm in robot.figure.arms.items():
        body, above = int(model.body(arm.hand.body).id), set()
        while body and model.body(body).name != robot.figure.torso:
            above.add(body)
            body = int(model.body_parentid[body])
        found[side] = [row for row, name in enumerate(names) if int(model.joint(name).bodyid[0]) in above]
    return found


def _frames(posed: Posed, robot: RobotModel, done: Performed, angles: Float64 | None) -> Any:
    """Return a performance as the classifier sees it: the robot with these angles as a person; of None the figure itself."""
    rate_hz = robot.description.rate_hz
    count = int((len(done.poses) - 1) / rate_hz * FPS)
    if angles is None:
        rows = [round(frame / FPS * rate_hz) for frame in range(count)]
        return recognition.frames_of(Clip.from_poses([done.poses[row] for row in rows], FPS))
    shown = []
    for frame in range(count):
        row, share = divmod(frame / FPS * rate_hz, 1.0)
        one, other = angles[int(row)], angles[min(int(row) + 1, len(angles) - 1)]
        posed.pose(one + share * (other - one))
        shown.append(posed.person())
    return recognition.frames_of(Clip.from_poses(shown, FPS))


def _recognised(robot: RobotModel, robots: Any, people: Any) -> tuple[list[str], list[str]]:
    """Return what each performance is taken for, with what the body's hands show, and with the figure's hands on its arms."""
    classifier = recognition.shipped()
    borrowed = robots.copy()
    borrowed[:, :, _HANDS] = people[:, :, _HANDS]
    by_limbs = classifier.recognise(borrowed)
    if any(arm.fingers for arm in robot.figure.arms.values()):
        return classifier.recognise(robots), by_limbs
    total = np.zeros((len(robots), len(classifier.labels)))
    for hands in people[:, :, _HANDS]:
        shown = robots.copy()
        shown[:, :, _HANDS] = hands
        scores = classifier.scores(shown)
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        total += likely / likely.sum(axis=1, keepdims=True)
    return [classifier.labels[row] for row in total.argmax(axis=1)], by_limbs


def _in_robot(vector: Float64) -> Float64:
    """Return a vector of the skeleton's frame in the robot's."""
    return vector[..., [2, 0, 1]]


def _between_deg(a: Float64, b: Float64) -> float:
    return math.degrees(math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b)))


def _share(hits: Iterable[bool]) -> float | None:
    every = list(hits)
    return sum(every) / len(every) if every else None


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    if not len(values):
        return {"p50": None, "p95": None}
    return {f"p{rank}": float(np.percentile(values, rank)) for rank in (50, 95)}
