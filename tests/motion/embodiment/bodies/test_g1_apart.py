"""A real G1's arms and its own body: what the model of `mujoco:unitree_g1` says is asked for its motors, and a missing one is told."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from motion.embodiment.bodies import catalogue, g1_apart, unitree
from motion.embodiment.bodies.g1_apart import Apart, Missing, apart
from motion.embodiment.bodies.g1_arms import BODY, Retargeting
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.description import Float64
from motion.embodiment.retarget.avoidance import AIM_APART_M
from motion.embodiment.safety.collision import SelfCollision
from motion.procedural.lexicon import LABELS
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from tests.motion.embodiment.bodies.support import frames

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
Pulled = Callable[[str], RobotModel]


@pytest.fixture
def anew() -> Iterator[None]:
    """Let the model be looked for anew, in this test and the next."""
    g1_apart._robot.cache_clear()
    yield
    g1_apart._robot.cache_clear()


def pose(**angles: float) -> Float64:
    out = BODY.vector("rest_rad")
    for name, angle in angles.items():
        out[BODY.names.index(name)] = angle
    return out


IN_ITS_BELLY = {"left_shoulder_roll": 0.0, "left_shoulder_yaw": -1.4, "left_elbow": 0.6, "left_shoulder_pitch": 0.0}


def test_at_rest_its_parts_are_apart_and_an_arm_in_its_belly_is_seen(pulled: Pulled) -> None:
    pulled("unitree_g1")
    found = apart(BODY)
    assert isinstance(found, Apart)
    assert found.clearance_m(pose()) > AIM_APART_M
    assert found.clearance_m(pose(**IN_ITS_BELLY)) < 0.0
    freed = found.target(pose(**IN_ITS_BELLY))
    assert found.clearance_m(freed) >= AIM_APART_M
    right = [BODY.names.index(name) for name in BODY.names if name.startswith("right")]
    assert freed[right] == pytest.approx(pose()[right]), "the other arm goes where it was sent"


@pytest.mark.usefixtures("anew")
def test_joints_are_matched_by_name_not_by_their_order(pulled: Pulled, monkeypatch: pytest.MonkeyPatch) -> None:
    robot = pulled("unitree_g1")
    turned = dataclasses.replace(robot.description, joints=robot.description.joints[::-1])
    monkeypatch.setattr(catalogue, "find", lambda name: dataclasses.replace(robot, description=turned))
    found = apart(BODY)
    assert isinstance(found, Apart)
    truth = SelfCollision(robot.make(), robot.description.names, 0.07)
    random = np.random.default_rng(2)
    for _ in range(40):
        angles = random.uniform(BODY.vector("low_rad"), BODY.vector("high_rad"))
        by_name = dict(zip(BODY.names, angles, strict=True))
        theirs = np.array([by_name[name.removesuffix("_joint")] for name in robot.description.names])
        assert found.clearance_m(angles) == pytest.approx(truth.clearance_m(theirs), abs=1e-9)


def test_what_is_sent_never_touches_where_the_targets_alone_would(pulled: Pulled) -> None:
    robot = pulled("unitree_g1")
    judge = SelfCollision(robot.make(), [f"{name}_joint" for name in BODY.names], 0.07)

    class Ticks:
        ns = 10 * NS_PER_S

        def now_ns(self) -> int:
            return self.ns

        async def sleep_until_ns(self, t_ns: int) -> None:
            await asyncio.sleep(0)

    clock = Ticks()
    body = unitree.driver(clock)
    body.link.connected, body.link.sessions = True, 1
    body.link.push = lambda command, frame, t_ns: None  # type: ignore[method-assign]
    aimed, sent, alone = [], [], Retargeting()
    for label in LABELS[:40:16]:
        for frame in frames(label, 1.5):
            clock.ns += NS_PER_S // 50
            sent.append(judge.clearance_m(body.send(frame).command.position_rad))
            aimed.append(judge.clearance_m(alone(frame)))
    assert min(aimed) < -0.01, "hands would be in its hips"
    assert min(sent) > 0.01


@pytest.mark.usefixtures("anew")
def test_without_the_model_it_says_so_once_and_still_moves(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def find(name: str) -> RobotModel:
        raise AttuneError("body unitree_g1: its model is not here", "pull it once")

    monkeypatch.setattr(catalogue, "find", find)
    assert apart(BODY) == Missing("body unitree_g1: its model is not here", "pull it once")

    class Still:
        def now_ns(self) -> int:
            return NS_PER_S

        async def sleep_until_ns(self, t_ns: int) -> None: ...

    with caplog.at_level(logging.WARNING):
        body = unitree.driver(Still())
        body.send(frames("nod", 0.02)[0])
    assert len(caplog.records) == 1
    assert "nothing keeps its arms off its own body" in caplog.text and "pull it once" in caplog.text


@pytest.mark.usefixtures("anew")
def test_a_model_that_lacks_a_joint_is_not_taken(pulled: Pulled, monkeypatch: pytest.MonkeyPatch) -> None:
    robot = pulled("unitree_g1")
    fewer = dataclasses.replace(robot.description, joints=robot.description.joints[1:])
    monkeypatch.setattr(catalogue, "find", lambda name: dataclasses.replace(robot, description=fewer))
    found = apart(BODY)
    assert isinstance(found, Missing) and "no joint for waist_yaw" in found.why
