"""Forward kinematics by hand-computed poses; inverse kinematics by going back forward."""

import numpy as np
import pytest

from motion import kinematics as kin
from motion import rotations as rot
from motion.clip import Clip, Pose, rest_rotations
from motion.skeleton import ARM_M, FOREARM_M, INDEX, MIRROR, PARENTS, REST_OFFSETS_M, UPPER_ARM_M
from runtime.vocabulary import BODY_JOINTS


def test_parents_come_before_their_children_and_sides_mirror() -> None:
    assert all(parent < joint for joint, parent in enumerate(PARENTS))
    assert PARENTS[0] == -1 and len(PARENTS) == len(BODY_JOINTS) == 22
    mirrored = REST_OFFSETS_M[list(MIRROR)] * (-1, 1, 1)
    assert np.allclose(mirrored, REST_OFFSETS_M)


def test_rest_is_a_t_pose_with_feet_on_the_floor_and_a_head_of_1_7_m() -> None:
    at = dict(zip(BODY_JOINTS, kin.positions(rest_rotations(), np.zeros(3)), strict=True))
    assert at["leftHand"][0] > 0.6 and at["rightHand"][0] < -0.6
    assert at["leftHand"][1] == pytest.approx(at["leftUpperArm"][1])
    assert at["leftToes"][1] == pytest.approx(0.025) and at["leftToes"][2] > at["leftFoot"][2]
    assert at["head"][1] + 0.195 == pytest.approx(1.70, abs=0.01)


def test_a_bent_elbow_by_hand() -> None:
    q = rest_rotations()
    # The left elbow bends about -y by a right angle: from pointing left the forearm comes to point forward.
    q[INDEX["leftLowerArm"]] = (0, -np.sqrt(0.5), 0, np.sqrt(0.5))
    at = kin.positions(q, np.array([0.0, 0.1, 0.0]))
    elbow, hand = at[INDEX["leftLowerArm"]], at[INDEX["leftHand"]]
    assert np.allclose(hand - elbow, (0, 0, FOREARM_M), atol=1e-6)
    assert at[0, 1] == pytest.approx(0.93 + 0.1)


def test_a_turned_hip_turns_everything_and_batches_agree() -> None:
    q = rest_rotations()
    q[0] = rot.exp(np.array([0.0, np.pi / 2, 0.0]))
    at = kin.positions(np.stack([rest_rotations(), q]), np.zeros((2, 3)))
    assert np.allclose(at[1, INDEX["leftHand"]][[0, 2]], (0.0, -at[0, INDEX["leftHand"]][0]), atol=0.02)
    assert np.allclose(at[0], kin.positions(rest_rotations(), np.zeros(3)))


def wrist(upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    both = rot.multiply(upper, lower)
    return rot.rotate(upper, np.array([UPPER_ARM_M, 0, 0])) + rot.rotate(both, np.array([FOREARM_M, 0, 0]))


def test_arm_ik_reaches_every_target_within_reach() -> None:
    rng = np.random.default_rng(0)
    way = rot.normalise(rng.normal(size=(500, 3)))
    targets = way * rng.uniform(kin.MIN_REACH, kin.MAX_REACH, (500, 1)) * ARM_M
    upper, lower = kin.arm_ik(targets, rng.uniform(-1, 1, 500), UPPER_ARM_M, FOREARM_M)
    assert np.max(np.linalg.norm(wrist(upper, lower) - targets, axis=-1)) < 1e-6
    assert np.allclose(lower[:, [0, 2]], 0.0), "the elbow is a hinge"
    assert np.all(lower[:, 1] <= 0.0), "and bends one way only"


def test_arm_ik_stops_at_the_reach_envelope_in_the_target_s_direction() -> None:
    for target in (np.array([0.0, 0.0, 5.0]), np.array([0.0, -1e-9, 0.0]), np.array([0.01, 0.0, 0.0])):
        upper, lower = kin.arm_ik(target, np.array(0.0), UPPER_ARM_M, FOREARM_M)
        reached = np.linalg.norm(wrist(upper, lower))
        assert kin.MIN_REACH * ARM_M - 1e-6 <= reached <= kin.MAX_REACH * ARM_M + 1e-6


def test_swivel_raises_the_elbow_outwards() -> None:
    target = np.array([0.0, 0.0, 0.4])
    elbows = []
    for swivel in (0.0, 0.8):
        upper, _ = kin.arm_ik(target, np.array(swivel), UPPER_ARM_M, FOREARM_M)
        elbows.append(rot.rotate(upper, np.array([UPPER_ARM_M, 0, 0])))
    assert elbows[1][0] > elbows[0][0] and elbows[1][1] > elbows[0][1]
    assert elbows[0][1] < -0.05, "an elbow hangs below a hand held forward"


def test_a_clip_refuses_arrays_that_do_not_fit() -> None:
    clip = Clip.from_poses([Pose(), Pose()], 30.0)
    assert len(clip) == 2 and clip.duration_s == pytest.approx(2 / 30)
    with pytest.raises(ValueError, match="hips_m"):
        Clip(30.0, clip.rotations, clip.hips_m[:1], clip.hands)
    with pytest.raises(ValueError, match="fps"):
        Clip(0.0, clip.rotations, clip.hips_m, clip.hands)
    with pytest.raises(ValueError, match="at least one"):
        Clip.from_poses([], 30.0)
