"""Reachy Mini over its daemon's JSON, against a peer of the same interface."""

from __future__ import annotations

import asyncio
import math
import sys
from typing import Any

import numpy as np
import pytest

from motion.embodiment.bodies import reachy_mini
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.reachy_mini import BODY, TILT_RAD, ReachyLink, Retargeting
from motion.embodiment.safety.filter import SafetyFilter
from runtime.clock import NS_PER_S, MonotonicClock
from runtime.errors import AttuneError
from tests.motion.embodiment.bodies.reachy_peer import ReachyPeer
from tests.motion.embodiment.bodies.reachy_support import NAMES, follows, with_peer
from tests.motion.embodiment.bodies.support import broken, drive, expression, frames, free_port

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")


def test_it_follows_gestures_and_ends_at_rest() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        lag_s, error_deg = await follows(peer.port)
        assert lag_s < 0.15 and error_deg < 1.0
        assert peer.modes == ["enabled"], "motors are switched on once and never off"

    with_peer(use)


def test_nothing_unreachable_is_ever_sent_whatever_is_asked() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        rotations = np.zeros((22, 4), "<f4")
        rotations[:, 3] = 1.0
        frame = frames("nod", 0.02)[0]
        wild = []
        random = np.random.default_rng(3)
        for tick in range(150):
            if tick % 25 == 0:  # beyond every range, in another direction
                turn = random.normal(size=(2, 4))
                rotations[[0, 4]] = turn / np.linalg.norm(turn, axis=1, keepdims=True)
            wild.append(type(frame)(index=tick, rotations=rotations.tobytes(), expression=expression(sad=1.0)))
        await drive(body, clock, wild)
        await asyncio.sleep(0.1)
        assert len(peer.targets) > 100
        for target in peer.targets:
            head, yaw = target["target_head_pose"], target["target_body_yaw"]
            turned = abs(head["yaw"] - yaw)
            assert turned <= BODY.joints[1].high_rad + 1e-6 and abs(yaw) <= BODY.joints[0].high_rad + 1e-6
            assert math.hypot(head["pitch"], head["roll"]) <= TILT_RAD
        tilts = [abs(target["target_head_pose"]["pitch"]) for target in peer.targets]
        assert max(tilts) > math.radians(20), "it was really asked for much"
        measured = body.measured()
        assert measured is not None
        last = [
            target["target_head_pose"]["pitch"] for target in peer.targets[-10:]
        ]  # its state may be some steps behind
        assert abs(np.array(last) - measured.position_rad[2]).min() < 1e-6, "so the robot ignored nothing"

    with_peer(use)


def test_a_robot_that_goes_away_is_told_and_found_again_without_a_jump() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        wave = frames("wave", 6.0)
        await drive(body, clock, wave[:60])
        await peer.stop()
        gone = await drive(body, clock, wave[60:100])
        assert not gone.sent[-1].connected and gone.sent[-1].command.state in ("stops", "rests")
        assert "127.0.0.1" in body.link.trouble
        peer.head["yaw"] = 0.5  # somebody has turned it meanwhile
        peer.targets.clear()
        await peer.start()
        back = await drive(body, clock, wave[100:250])
        assert back.sent[-1].connected and back.sent[-1].command.state == "follows" and body.link.sessions == 2
        yaws = [target["target_head_pose"]["yaw"] for target in peer.targets]
        assert yaws[0] == pytest.approx(0.5, abs=0.02), "it begins where the robot is"
        assert abs(np.diff([0.5, *yaws])).max() <= BODY.joints[1].velocity_rad_s / 50 + 1e-6
        assert abs(np.diff([0.5, *yaws[:5]])).max() <= 0.4 * BODY.joints[1].velocity_rad_s / 50, (
            "and gets up to its pace slowly"
        )

    with_peer(use)


def test_a_robot_that_takes_nothing_never_holds_the_loop_up() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0.02)
                beats += 1

        task = asyncio.create_task(beat())
        await drive(body, clock, frames("wave", 1.5))
        task.cancel()
        assert beats > 40, "others of the loop go on"

    with_peer(use, reads=False)


def test_numbers_that_are_none_are_refused_and_frames_in_a_burst_do_not_make_it_faster() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        nod = frames("nod", 2.0)
        before = (await drive(body, clock, nod[:20])).sent[-1]
        await asyncio.sleep(0.02)
        refused = body.send(broken(nod[20]))
        assert refused.command.refused == before.command.refused + 1
        assert abs(refused.command.position_rad - before.command.position_rad).max() < 0.05, "and nothing jumps"
        began_ns = clock.now_ns()
        sent = [body.send(frame) for frame in nod[21:60]]
        due = (clock.now_ns() - began_ns) / (NS_PER_S / 50)
        assert len({id(one.command) for one in sent}) <= due + 2.5, "no more steps than periods"

    with_peer(use)


def test_an_emergency_stop_needs_nobody_who_sends() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        await drive(body, clock, frames("bow", 1.0))
        peer.targets.clear()
        body.emergency_stop()
        await asyncio.sleep(1.0)
        pitches = [target["target_head_pose"]["pitch"] for target in peer.targets]
        assert len(pitches) > 30, "within each period"
        assert abs(np.diff(pitches[-10:])).max() < 1e-6, "it stands, and stays so"
        await body.rest()  # refused at once
        assert body.release()

    with_peer(use)


def test_the_watchdog_works_when_the_agent_is_silent() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        await drive(body, clock, frames("bow", 1.2))
        await asyncio.sleep(3.0)
        measured = body.measured()
        assert measured is not None
        assert np.degrees(abs(measured.position_rad - BODY.vector("rest_rad"))).max() < 1.0, (
            "it has gone to rest by itself"
        )

    with_peer(use)


def test_it_follows_joint_targets_of_a_goal_within_its_limits() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        aim = BODY.vector("rest_rad")
        aim[NAMES.index("body_yaw")], aim[NAMES.index("head_pitch")] = 0.6, 2.0  # one of them out of range
        for _ in range(75):
            sent = body.follow(aim)
            await asyncio.sleep(0.02)
        assert sent.command.position_rad[0] == pytest.approx(0.6, abs=0.01)
        assert sent.command.position_rad[2] == pytest.approx(math.radians(29), abs=0.01)
        assert body.follow(np.full(3, 0.1)).command.refused == 1, "of the wrong length"

    with_peer(use)


def test_without_the_trajectory_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ruckig", None)
    with pytest.raises(AttuneError, match="ruckig is not installed"):
        reachy_mini.driver(MonotonicClock())


def test_where_nothing_answers_one_error_says_so() -> None:
    async def main() -> None:
        with pytest.raises(AttuneError, match=r"body reachy-mini: nothing answers at ws://127.0.0.1:\d+") as error:
            await reachy_mini.driver(MonotonicClock(), "127.0.0.1", free_port()).connect()
        assert "Switch it on" in error.value.mend

    asyncio.run(main())


def test_arms_and_face_show_in_the_antennas() -> None:
    def antennas(**mood: float) -> tuple[float, float]:
        frame = frames("nod", 0.02, expression=expression(**mood))[0]
        right, left = Retargeting()(frame)[[NAMES.index("right_antenna"), NAMES.index("left_antenna")]]
        return float(np.degrees(right)), float(np.degrees(left))

    neutral, sad, happy = antennas(), antennas(sad=1.0), antennas(happy=1.0)
    assert neutral[0] == pytest.approx(-neutral[1], abs=3.0), "they mirror each other"
    assert sad[1] > neutral[1] + 60 and happy[1] < neutral[1], "drooped, perked"
    waving = np.array([Retargeting()(frame) for frame in frames("wave", 2.5)])
    lift = np.degrees(np.ptp(waving[:, [NAMES.index("right_antenna"), NAMES.index("left_antenna")]], axis=0))
    assert max(lift) > 15 and min(lift) < 5, "the antenna on the side of the arm that waves"


def test_our_ranges_are_those_that_the_daemons_kinematics_were_asked_about() -> None:
    ranges = {joint.name: max(-joint.low_rad, joint.high_rad) for joint in BODY.joints}
    assert math.hypot(ranges["head_pitch"], ranges["head_roll"]) <= TILT_RAD
    assert ranges["head_yaw"] <= math.radians(60)
    assert ranges["head_yaw"] + ranges["body_yaw"] < math.radians(172), "beyond 180 its daemon turns the body by itself"


def test_what_leaves_the_safety_filter_is_sent_as_it_is_within_every_limit() -> None:
    class Told:
        def __init__(self) -> None:
            self.messages: list[dict[str, Any]] = []

        def push(self, messages: list[dict[str, Any]]) -> None:
            self.messages += messages

    link, told = ReachyLink(MonotonicClock(), "127.0.0.1", 1), Told()
    link._targets, link.connected = told, True  # type: ignore[assignment]
    filter_ = SafetyFilter(BODY, BODY.vector("rest_rad"))
    ends = np.array([BODY.vector("low_rad"), BODY.vector("high_rad")])
    random, commands, target = np.random.default_rng(4), [], ends[0]
    for tick in range(900):
        if tick % 15 == 0:  # from corner to corner: the head turns and tilts at once
            target = ends[random.integers(2, size=len(BODY.joints)), range(len(BODY.joints))]
        filter_.target(target, tick / 50)
        commands.append(filter_.step(tick / 50))
        link.push(commands[-1], None, tick * NS_PER_S // 50)
    sent = []
    for one in told.messages:
        head, body = one["target_head_pose"], one["target_body_yaw"]
        sent.append([body, head["yaw"] - body, head["pitch"], head["roll"], *one["target_antennas"]])
    assert np.allclose(sent, [command.position_rad for command in commands], atol=1e-12)
    accelerations = np.diff(sent, n=2, axis=0) * 50**2
    assert (abs(accelerations) <= BODY.vector("acceleration_rad_s2") * (1 + 1e-6)).all()
    assert np.degrees(np.ptp(sent, axis=0)[2]) > 40, "it was asked for much"
