"""From controls to joints: the scalar solver agrees with the array kinematics, plants feet and stands at ease when nothing is asked."""

import math

import numpy as np
import pytest

from motion import kinematics as kin
from motion import rotations as rot
from motion.procedural import controls as c
from motion.procedural import solver
from motion.skeleton import FOREARM_M, INDEX, MIRROR, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS, UPPER_ARM_M


def test_scalar_limb_agrees_with_the_array_form() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        target, swivel = rng.normal(size=3) * 0.3, float(rng.uniform(-1, 1))
        reach = (kin.MIN_REACH, kin.MAX_REACH)
        root, bend = solver.limb(tuple(target), tuple(kin.ELBOW_POLE), swivel, UPPER_ARM_M, FOREARM_M, reach)
        upper, lower = kin.arm_ik(target, np.array(swivel), UPPER_ARM_M, FOREARM_M)
        assert rot.angle_between(np.array(root), upper) < 1e-5
        assert bend == pytest.approx(float(rot.angle(lower)), abs=1e-5)


@pytest.mark.parametrize(
    "target", [(0.0, 0.0, 0.0), tuple(kin.ELBOW_POLE * 0.4), (9.0, 0.0, 0.0), (0.0, -0.3, 0.0), (0.0, 0.3, 0.0)]
)
def test_a_limb_is_finite_at_its_singular_targets(target: tuple[float, float, float]) -> None:
    root, bend = solver.limb(target, tuple(kin.ELBOW_POLE), 0.0, UPPER_ARM_M, FOREARM_M, (0.3, 0.985))
    assert np.isfinite(root).all() and math.isfinite(bend)
    assert np.linalg.norm(root) == pytest.approx(1.0, abs=1e-6)


def test_nothing_asked_is_the_neutral_standing_pose_of_the_skeleton() -> None:
    pose = solver.solve(c.neutral())
    assert np.degrees(rot.angle_between(pose.rotations.astype(float), NEUTRAL_ROTATIONS.astype(float)).max()) < 0.02
    assert np.allclose(pose.hips_m, NEUTRAL_HIPS_M, atol=1e-4)
    at = kin.positions(pose.rotations, pose.hips_m)
    for side, sign in (("left", 1), ("right", -1)):
        assert 0.15 < sign * at[INDEX[side + "Hand"], 0] < 0.30 and 0.8 < at[INDEX[side + "Hand"], 1] < 0.95
        assert at[INDEX[side + "LowerArm"], 2] < at[INDEX[side + "Hand"], 2], "elbows behind hands"


def test_feet_stay_where_they_are_whatever_the_hips_do() -> None:
    rest = kin.positions(solver.solve(c.neutral()).rotations, solver.solve(c.neutral()).hips_m)
    controls = c.neutral()
    controls[c.HIPS_M] += (0.03, -0.05, 0.02)
    controls[c.HIPS] += (0.1, 0.15, 0.05)
    pose = solver.solve(controls)
    at = kin.positions(pose.rotations, pose.hips_m)
    for name in ("leftFoot", "leftToes", "rightFoot", "rightToes"):
        assert np.allclose(at[INDEX[name]], rest[INDEX[name]], atol=2e-3)
    assert at[INDEX["leftLowerLeg"], 2] > at[INDEX["leftFoot"], 2], "knees bend forward"


def test_a_mirror_image_of_the_controls_is_the_mirror_image_of_the_pose() -> None:
    rng = np.random.default_rng(1)
    controls = c.neutral()
    controls[:16] += rng.normal(size=16) * 0.05
    controls[c.LEFT][:8] += rng.normal(size=8) * 0.2
    pose, image = solver.solve(controls), solver.solve(c.mirrored(controls))
    here = kin.positions(pose.rotations, pose.hips_m)
    there = kin.positions(image.rotations, image.hips_m)
    assert np.allclose(there, here[list(MIRROR)] * (-1, 1, 1), atol=1e-5)
    assert np.allclose(image.hands, pose.hands[::-1])


def test_a_wrist_asked_into_the_belly_stays_outside() -> None:
    controls = c.neutral()
    controls[c.RIGHT][:3] = (-0.3, -0.6, 0.02)
    pose = solver.solve(controls)
    at = kin.positions(pose.rotations, pose.hips_m)
    assert np.linalg.norm((at[INDEX["rightHand"]] - at[INDEX["chest"]])[[0, 2]]) > 0.12
