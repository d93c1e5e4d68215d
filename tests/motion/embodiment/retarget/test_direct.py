"""Our own humanoid does what the figure does: its arms and head point where the skeleton's do, gesture by gesture."""

from __future__ import annotations

import numpy as np
import pytest

from motion import kinematics
from motion import rotations as rot
from motion.embodiment.bodies.attune_body import description
from motion.embodiment.bodies.attune_model import mjcf
from motion.embodiment.retarget.direct import DirectRetargeting
from motion.procedural.generator import ProceduralGenerator
from motion.procedural.lexicon import LABELS
from motion.skeleton import INDEX, REST_OFFSETS_M
from runtime.settings import ListenerSettings, MotionSettings

mujoco = pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
HZ = 50.0


class Body:
    """The humanoid's forward kinematics."""

    def __init__(self) -> None:
        self.model = mujoco.MjModel.from_xml_string(mjcf())
        self.data = mujoco.MjData(self.model)
        self.rows = [self.model.joint(name).qposadr[0] for name in description().names]

    def pose(self, angles: np.ndarray) -> None:
        self.data.qpos[self.rows] = angles
        mujoco.mj_kinematics(self.model, self.data)

    def at(self, name: str) -> np.ndarray:
        return np.array(self.data.body(name).xpos)


@pytest.fixture(scope="module")
def body() -> Body:
    return Body()


def in_body_frame(point: np.ndarray) -> np.ndarray:
    return point[..., [2, 0, 1]]


def between_deg(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)), -1, 1))))


def errors_of(body: Body, label: str) -> dict[str, list[float]]:
    """Degrees between the figure's and the body's limbs, through one gesture."""
    made = ProceduralGenerator(3, ListenerSettings(), MotionSettings())
    made.gesture("g1", 0.5, label)
    retargeting, found = DirectRetargeting(), {"upper arm": [], "forearm": [], "face": []}
    for tick in range(round(4.0 * HZ)):
        pose = made.sample(tick / HZ)
        body.pose(retargeting.joints(pose.rotations, pose.hands, (0.0, 0.0)))
        if tick % 5:
            continue
        at = in_body_frame(
            kinematics.positions(np.asarray(pose.rotations, float)[None], np.asarray(pose.hips_m, float)[None])[0]
        )
        for side in ("left", "right"):
            shoulder, elbow, hand = (at[INDEX[f"{side}{name}"]] for name in ("UpperArm", "LowerArm", "Hand"))
            own = [body.at(f"{side}_{name}") for name in ("upper_arm", "forearm", "hand")]
            found["upper arm"].append(between_deg(elbow - shoulder, own[1] - own[0]))
            found["forearm"].append(between_deg(hand - elbow, own[2] - own[1]))
        _, whole = kinematics.forward(np.asarray(pose.rotations, float)[None], np.zeros((1, 3)))

        facing = in_body_frame(rot.rotate(whole[0, INDEX["head"]], np.array([0.0, 0.0, 1.0])))
        found["face"].append(between_deg(facing, body.data.body("head").xmat.reshape(3, 3)[:, 0]))
    return found


def test_arms_and_face_point_where_the_figures_do(body: Body) -> None:
    every: dict[str, list[float]] = {"upper arm": [], "forearm": [], "face": []}
    for label in LABELS[::3]:
        for limb, errors in errors_of(body, label).items():
            every[limb] += errors
    medians = {limb: float(np.median(errors)) for limb, errors in every.items()}
    print({limb: (round(float(np.median(e)), 2), round(float(np.percentile(e, 95)), 2)) for limb, e in every.items()})
    assert max(medians.values()) <= 3.0, medians


def test_what_is_asked_for_is_always_in_range(body: Body) -> None:
    random = np.random.default_rng(1)
    retargeting, described = DirectRetargeting(), description()
    for _ in range(500):
        rotations = random.normal(size=(22, 4))
        rotations /= np.linalg.norm(rotations, axis=1, keepdims=True)
        angles = retargeting.joints(rotations, random.uniform(0, 1, (2, 6)), (2.0, -2.0))
        assert (angles >= described.vector("low_rad")).all() and (angles <= described.vector("high_rad")).all()


def test_the_body_has_the_skeletons_measures(body: Body) -> None:
    body.pose(np.zeros(len(description().joints)))
    assert np.linalg.norm(body.at("left_forearm") - body.at("left_upper_arm")) == pytest.approx(
        np.linalg.norm(REST_OFFSETS_M[INDEX["leftLowerArm"]]), abs=1e-3
    )
