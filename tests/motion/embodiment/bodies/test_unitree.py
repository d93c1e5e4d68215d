"""G1's arms: exact where they reach, taken over and given back by weight, never without a checksum, let go when the robot is silent."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motion.embodiment.bodies import g1_arms, unitree
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.g1_arms import BODY, CANT_RAD, Retargeting
from motion.embodiment.bodies.unitree import UnitreeLink
from motion.procedural.lexicon import LABELS
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from tests.motion.embodiment.bodies.support import broken, drive, frames
from tests.motion.embodiment.bodies.test_aldebaran import persons_arm
from tests.motion.embodiment.bodies.unitree_double import G1, install

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
TICK_S = 0.02


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[G1]:
    made = G1()
    install(monkeypatch, made)
    monkeypatch.setattr(UnitreeLink, "_started", None)
    monkeypatch.setattr(unitree, "WEIGHT_S", 0.4)
    yield made
    made.end()


def with_robot(robot: G1, use: Callable[[DrivenBody, MonotonicClock], Awaitable[None]]) -> None:
    async def main() -> None:
        clock = MonotonicClock()
        body = unitree.driver(clock, "eth0")
        await body.connect()
        try:
            await use(body, clock)
        finally:
            await body.disconnect()

    asyncio.run(asyncio.wait_for(main(), 40))


def robots_arm(angles: np.ndarray, side: str) -> tuple[np.ndarray, np.ndarray]:
    """Where upper arm and forearm point by the chain of its URDF, canted shoulder and all (scipy)."""
    at = dict(zip(BODY.names, angles, strict=True))
    cant = CANT_RAD if side == "left" else -CANT_RAD
    upper = (
        Rotation.from_euler("X", cant) * Rotation.from_euler("Y", at[f"{side}_shoulder_pitch"])
        * Rotation.from_euler("X", -cant) * Rotation.from_euler("XZ", [at[f"{side}_shoulder_roll"], at[f"{side}_shoulder_yaw"]])
    )  # fmt: skip
    return upper.apply([0.0, 0.0, -1.0]), (upper * Rotation.from_euler("Y", at[f"{side}_elbow"])).apply([1.0, 0.0, 0.0])


def test_arms_point_where_the_persons_do_over_the_lexicon() -> None:
    upper, lower = [], []
    for label in LABELS[::5]:
        retargeting = Retargeting()
        for frame in frames(label, 2.5)[::5]:
            angles = retargeting(frame)
            assert (angles >= BODY.vector("low_rad")).all() and (angles <= BODY.vector("high_rad")).all()
            for side in ("left", "right"):
                pairs = zip((upper, lower), robots_arm(angles, side), persons_arm(frame, side[0].upper()), strict=True)
                for errors, ours, theirs in pairs:
                    errors.append(math.degrees(math.acos(min(1.0, float(ours @ theirs)))))
    for name, errors in (("upper arm", upper), ("forearm", lower)):
        print(f"G1: {name} p50 {np.median(errors):.2f} p95 {np.percentile(errors, 95):.1f} degrees")
    assert np.median(upper) < 1.0 and np.median(lower) < 1.0


def test_it_takes_the_arms_over_where_they_are_and_gives_them_back(robot: G1) -> None:
    async def use(body: DrivenBody, clock: MonotonicClock) -> None:
        began = list(robot.q[12:29])
        assert not robot.commands, "connecting sends nothing"
        await body.prepare()
        ramp = [command for command in robot.commands if command[0] < 1.0]
        weights = [command[0] for command in ramp]
        assert len(ramp) > 5 and weights == sorted(weights) and weights[0] < 0.1 and max(np.diff(weights)) < 0.3
        assert np.allclose([command[1] for command in ramp], began, atol=1e-6), "nothing moves while the weight rises"
        driven = await drive(body, clock, frames("wave", 2.0))
        lag_s, error_deg = driven.lag_and_error()
        assert lag_s < 0.05 and error_deg < 0.5
        await body.disconnect()
        ending = [command[0] for command in robot.commands[-8:]]
        assert ending == sorted(ending, reverse=True) and ending[-1] == 0.0
        assert np.degrees(abs(np.array(robot.q[12:29]) - BODY.vector("rest_rad"))).max() < 2.0
        assert all(command[4] == 5 for command in robot.commands), "its own mode is kept"

    with_robot(robot, use)
    assert robot.interface == (0, "eth0")


def test_no_command_is_ever_outside_position_velocity_or_acceleration(robot: G1) -> None:
    async def use(body: DrivenBody, clock: MonotonicClock) -> None:
        await body.prepare()
        robot.commands.clear()
        given = [frame for label in LABELS[:30:6] for frame in frames(label, 1.2)[20:]]  # cut together: jumps
        await drive(body, clock, given)

    with_robot(robot, use)
    whole = [command for command in robot.commands if command[0] == 1.0]
    angles, speeds = np.array([command[1] for command in whole]), np.array([command[2] for command in whole])
    assert len(angles) > 150
    assert (angles >= BODY.vector("low_rad") - 1e-9).all() and (angles <= BODY.vector("high_rad") + 1e-9).all()
    assert (abs(speeds) <= BODY.vector("velocity_rad_s") * (1 + 1e-6)).all()
    assert (abs(np.diff(angles, axis=0)) <= BODY.vector("velocity_rad_s") * TICK_S * (1 + 1e-6)).all()
    assert (abs(np.diff(speeds, axis=0)) <= BODY.vector("acceleration_rad_s2") * TICK_S * (1 + 1e-6)).all()


def test_when_its_states_stop_the_arms_are_its_own_at_once_and_it_is_found_again(robot: G1) -> None:
    async def use(body: DrivenBody, clock: MonotonicClock) -> None:
        await body.prepare()
        wave = frames("wave", 6.0)
        await drive(body, clock, wave[:60])
        robot.alive = False
        gone = await drive(body, clock, wave[60:100])
        assert not gone.sent[-1].connected and gone.sent[-1].command.state in ("stops", "rests")
        assert robot.commands[-1][0] == 0.0 and "rt/lowstate" in body.link.trouble
        robot.q[12:29] = [0.05] * 17  # somebody has moved it meanwhile
        robot.commands.clear()
        robot.alive = True
        back = await drive(body, clock, wave[100:250])
        assert back.sent[-1].connected and body.link.sessions == 2
        assert robot.commands[0][0] < 0.2, "by weight again"
        first = next(command for command in robot.commands if command[0] > 0)
        assert np.allclose(first[1], 0.05, atol=0.02), "from where they are"
        assert robot.commands[-1][0] == 1.0
        steps = np.diff([command[1] for command in robot.commands], axis=0)
        assert (abs(steps) <= BODY.vector("velocity_rad_s") * 1.4 * TICK_S).all(), "of one writer at a time"

    with_robot(robot, use)


def test_a_robot_that_cannot_even_be_told_that_it_is_lost_is_found_again(robot: G1) -> None:
    async def use(body: DrivenBody, clock: MonotonicClock) -> None:
        robot.alive, robot.write_fails = False, True
        await asyncio.sleep(
            0.6
        )  # nothing moves yet; its states have stopped, and the SDK raises a plain exception where that is told
        assert not body.link.connected and "rt/lowstate" in body.link.trouble
        robot.alive, robot.write_fails = True, False
        await asyncio.sleep(2.0)
        assert body.link.connected and body.link.sessions == 2

    with_robot(robot, use)


def test_a_command_that_the_sdk_cannot_send_is_one_error_while_the_arms_are_taken_over(robot: G1) -> None:
    async def main() -> None:
        body = unitree.driver(MonotonicClock(), "eth0")
        await body.connect()
        robot.write_fails = True
        with pytest.raises(AttuneError, match="body unitree-g1: its SDK could not send a command"):
            await body.prepare()
        robot.write_fails = False
        await body.disconnect()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_taken_over_once_more_while_it_is_moved_it_does_not_jump(robot: G1) -> None:
    async def use(body: DrivenBody, clock: MonotonicClock) -> None:
        wave = frames("wave", 3.0)
        await drive(
            body, clock, wave[:30]
        )  # it has moved already, with a weight of 0: its watchdog steps alone from now on
        robot.commands.clear()
        await body.prepare()
        weights, steps = [command[0] for command in robot.commands], np.diff([c[1] for c in robot.commands], axis=0)
        assert weights[0] < 0.1 and weights[-1] == 1.0 and weights == sorted(weights)
        assert (abs(steps) <= BODY.vector("velocity_rad_s") * 1.4 * TICK_S).all()

    with_robot(robot, use)


def test_let_go_of_while_it_is_taken_over_its_arms_are_its_own(robot: G1, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        clock = MonotonicClock()
        body = unitree.driver(clock, "eth0")
        await body.connect()
        await body.prepare()
        robot.alive = False
        await asyncio.sleep(0.5)
        robot.alive = True
        robot.commands.clear()
        monkeypatch.setattr(unitree, "WEIGHT_S", 20.0)
        await asyncio.sleep(1.5)
        assert not body.link.connected and 0.01 < robot.commands[-1][0] < 0.2
        await body.disconnect()
        assert robot.commands[-1][0] == 0.0

    asyncio.run(asyncio.wait_for(main(), 20))


def test_numbers_that_are_none_never_reach_it(robot: G1) -> None:
    async def use(body: DrivenBody, clock: MonotonicClock) -> None:
        await body.prepare()
        await drive(body, clock, [broken(frame) for frame in frames("wave", 0.4)])

    with_robot(robot, use)
    assert np.isfinite([command[1] for command in robot.commands]).all()


def test_without_sdk_interface_or_robot_it_says_so(robot: G1, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unitree, "STATE_WITHIN_S", 0.1)
    with pytest.raises(AttuneError, match="cannot use the interface nowhere"):
        asyncio.run(unitree.driver(MonotonicClock(), "nowhere").connect())
    robot.alive = False
    with pytest.raises(AttuneError, match="no state on rt/lowstate"):
        asyncio.run(unitree.driver(MonotonicClock()).connect())
    import sys

    monkeypatch.setitem(sys.modules, "unitree_sdk2py.core.channel", None)
    with pytest.raises(AttuneError, match="Unitree's SDK is not installed") as error:
        asyncio.run(unitree.driver(MonotonicClock()).connect())
    assert "unitree_sdk2_python" in error.value.mend


def test_a_locked_waist_stays_straight_but_for_its_yaw() -> None:
    bow = frames("bow", 1.6)[-20]
    free, locked = Retargeting()(bow), Retargeting(waist=False)(bow)
    assert free[2] > 0.1 and locked[1] == locked[2] == 0.0
    assert g1_arms.ROWS[0].name == "waist_yaw" and len(g1_arms.ROWS) == 17
