"""Reachy Mini over its daemon's JSON: against a peer of the same interface, and against the real daemon with simulated kinematics."""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest

from motion.embodiment.bodies import reachy_mini
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.json_socket import JsonSocket
from motion.embodiment.bodies.reachy_mini import BODY, TILT_RAD, ReachyLink, Retargeting
from motion.embodiment.safety.filter import SafetyFilter
from runtime.clock import NS_PER_S, MonotonicClock
from runtime.errors import AttuneError
from tests.motion.embodiment.bodies.reachy_environment import MEND, daemon, make
from tests.motion.embodiment.bodies.reachy_peer import ReachyPeer
from tests.motion.embodiment.bodies.support import broken, drive, expression, frames, free_port

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
NAMES = list(BODY.names)


@pytest.fixture(scope="session")
def reachy_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with the real daemon; in CI it is made here."""
    if named := os.environ.get("ATTUNE_REACHY_PYTHON"):
        return Path(named)
    if not os.environ.get("CI"):
        pytest.skip(f"no reachy-mini environment: {MEND}")
    try:
        return make(tmp_path_factory.mktemp("reachy") / "environment")
    except (subprocess.SubprocessError, OSError):
        pytest.skip(f"no reachy-mini environment: it could not be made here; {MEND}")


def with_peer(use: Callable[[DrivenBody, ReachyPeer, MonotonicClock], Awaitable[None]], **how: bool) -> None:
    async def main() -> None:
        async with connected(ReachyPeer(free_port(), **how)) as (body, peer, clock):
            await use(body, peer, clock)

    asyncio.run(asyncio.wait_for(main(), 60))


@asynccontextmanager
async def connected(peer: ReachyPeer) -> AsyncIterator[tuple[DrivenBody, ReachyPeer, MonotonicClock]]:
    clock = MonotonicClock()
    await peer.start()
    body = reachy_mini.driver(clock, "127.0.0.1", peer.port)
    await body.connect()
    try:
        yield body, peer, clock
    finally:
        await body.disconnect()
        await body.disconnect()  # does nothing the second time
        await peer.stop()


async def follows(port: int) -> tuple[float, float]:
    clock = MonotonicClock()
    body = reachy_mini.driver(clock, "127.0.0.1", port)
    await body.connect()
    await body.prepare()
    driven = await drive(body, clock, frames("nod", 1.5) + frames("bow", 1.5))
    assert all(sent.connected for sent in driven.sent) and driven.sent[-1].command.state == "follows"
    moved = np.ptp(driven.positions(), axis=0)
    assert math.degrees(moved[NAMES.index("head_pitch")]) > 10, "the head has nodded"
    await body.disconnect()
    measured = body.measured()
    assert measured is not None and np.degrees(abs(measured.position_rad - BODY.vector("rest_rad"))).max() < 2.0, (
        "rests"
    )
    return driven.lag_and_error()


def test_it_follows_gestures_and_ends_at_rest() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        lag_s, error_deg = await follows(peer.port)
        assert lag_s < 0.15 and error_deg < 1.0
        assert peer.modes == ["enabled"], "motors are switched on once and never off"

    with_peer(use)


@pytest.mark.slow
def test_the_real_daemon_follows_and_is_found_again(reachy_python: Path, tmp_path: Path) -> None:
    port = free_port()
    with daemon(reachy_python, port, tmp_path):
        lag_s, error_deg = asyncio.run(asyncio.wait_for(follows(port), 60))
        print(f"real daemon: lag {1e3 * lag_s:.0f} ms, error {error_deg:.2f} degrees")
        assert lag_s < 0.2 and error_deg < 1.5

    async def lost() -> None:
        clock = MonotonicClock()
        body = reachy_mini.driver(clock, "127.0.0.1", port)
        with daemon(reachy_python, port, tmp_path):
            await body.connect()
            await drive(body, clock, frames("wave", 1.0))
        gone = await drive(body, clock, frames("wave", 2.0))
        assert not gone.sent[-1].connected and gone.sent[-1].command.state in ("stops", "rests")
        with daemon(reachy_python, port, tmp_path):
            back = await drive(body, clock, frames("wave", 8.0))
            assert back.sent[-1].connected and back.sent[-1].command.state == "follows"
            await body.disconnect()

    asyncio.run(asyncio.wait_for(lost(), 90))


@pytest.mark.slow
def test_the_real_daemon_reaches_every_corner_of_our_ranges(reachy_python: Path, tmp_path: Path) -> None:
    """Whatever it cannot reach it ignores without a word, or it turns its body by itself: its state shows both.

    Poses are gone to step by step, since its state comes from an iteration that jumps throw off.
    """
    port = free_port()
    ends = [(joint.low_rad, joint.high_rad) for joint in BODY.joints[:4]]
    rim = np.radians(np.arange(0, 360, 45))
    tilts = [(TILT_RAD * math.cos(at), TILT_RAD * math.sin(at)) for at in rim]  # as far as `TILT_RAD` says
    corners = [*itertools.product(*ends), *((0.0, turn, *tilt) for turn in ends[1] for tilt in tilts)]
    way = [*np.linspace(0.0, 1.0, 20), *np.ones(10)]

    async def ask() -> list[tuple[float, ...]]:
        unreached = []
        wire = JsonSocket(f"ws://127.0.0.1:{port}/api/move/ws/set_target", lambda answer: None, lambda why: None)
        await wire.open("test")
        async with aiohttp.ClientSession() as session:
            for corner in corners:
                away_rad = math.inf
                for share in (*way, *way[::-1]):
                    body, turn, pitch, roll = share * np.array(corner)
                    pose = {"x": 0.0, "y": 0.0, "z": 0.0, "roll": roll, "pitch": pitch, "yaw": body + turn}
                    wire.push([{"target_head_pose": pose, "target_body_yaw": body, "target_antennas": [0.0, 0.0]}])
                    await asyncio.sleep(0.02)
                    if share == 1.0:
                        async with session.get(f"http://127.0.0.1:{port}/api/state/full") as answer:
                            state = await answer.json()
                        head = state["head_pose"]
                        away = (
                            state["body_yaw"] - body, head["pitch"] - pitch, head["roll"] - roll, head["yaw"] - body - turn,
                        )  # fmt: skip
                        away_rad = min(away_rad, max(abs(math.remainder(each, 2 * math.pi)) for each in away))
                if away_rad > 0.01:
                    unreached.append(tuple(np.degrees(corner).round().tolist()))
        await wire.close()
        return unreached

    with daemon(reachy_python, port, tmp_path, "--no-wake-up-on-start"):
        assert asyncio.run(asyncio.wait_for(ask(), 120)) == []


@pytest.mark.slow
def test_the_real_daemon_asleep_is_led_upright_without_a_jump(reachy_python: Path, tmp_path: Path) -> None:
    port = free_port()

    async def wake() -> list[dict[str, float]]:
        heads: list[dict[str, float]] = []
        clock = MonotonicClock()
        body = reachy_mini.driver(clock, "127.0.0.1", port)
        await body.connect()
        states = JsonSocket(
            f"ws://127.0.0.1:{port}/api/state/ws/full?frequency=50",
            lambda state: heads.append(state["head_pose"]),
            lambda why: None,
        )
        await states.open("test")
        await body.prepare()
        await asyncio.sleep(0.3)
        await states.close()
        await body.disconnect()
        return heads

    with daemon(reachy_python, port, tmp_path, "--no-wake-up-on-start"):
        heads = asyncio.run(asyncio.wait_for(wake(), 60))
    z = np.array([head["z"] for head in heads])
    assert z[0] < -0.03 and z[-1] == pytest.approx(0.0, abs=1e-3), "from its sleep to upright"
    assert abs(np.diff(z)).max() < 4 * reachy_mini.PLACE_M_S / 50, "a late state or two make no jump"
    pitch = np.array([head["pitch"] for head in heads])
    assert abs(np.diff(pitch)).max() < math.radians(8) and abs(pitch[-1]) < 0.02


def asleep(peer: ReachyPeer) -> None:
    peer.head = {"x": -0.021, "y": 0.001, "z": -0.044, "roll": 0.0, "pitch": 0.425, "yaw": 0.0}
    peer.antennas = [-3.05, 3.05]


def places(peer: ReachyPeer) -> np.ndarray:
    return np.array([[target["target_head_pose"][axis] for axis in "xyz"] for target in peer.targets])


def test_a_sleeping_robot_is_led_upright_from_where_it_lies_before_it_follows() -> None:
    async def main() -> None:
        peer = ReachyPeer(free_port())
        asleep(peer)
        async with connected(peer) as (body, _, clock):
            await body.prepare()
            way = places(peer)
            found = (peer.targets[0]["target_head_pose"]["pitch"], *way[0])
            assert found == pytest.approx((0.425, -0.021, 0.001, -0.044), abs=0.01), "it begins where it lies"
            steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
            assert steps.max() <= reachy_mini.PLACE_M_S / 50 * (1 + 1e-9)
            assert (way[-1] == 0.0).all(), "and is upright when it is prepared"
            driven = await drive(body, clock, frames("nod", 1.0))
            assert driven.sent[-1].command.state == "follows"

    asyncio.run(asyncio.wait_for(main(), 30))


def test_a_robot_that_has_lain_down_meanwhile_follows_only_when_it_is_upright_again() -> None:
    async def use(body: DrivenBody, peer: ReachyPeer, clock: MonotonicClock) -> None:
        await drive(body, clock, frames("nod", 0.5))
        await peer.stop()
        asleep(peer)
        await drive(body, clock, frames("nod", 0.5))
        peer.targets.clear()
        await peer.start()
        back = await drive(body, clock, frames("wave", 5.0))
        states = [sent.command.state for sent in back.sent if sent.connected]
        lying = np.linalg.norm(places(peer), axis=1) > 0.0
        assert lying[0] and not lying[-1] and states[-1] == "follows"
        assert "follows" not in states[: int(lying.sum()) - 3]

    with_peer(use)


@pytest.mark.parametrize("how", ["stop", "person"])
def test_the_head_stands_on_its_way_up_where_a_stop_holds_or_a_person_is_too_near(how: str) -> None:
    async def main() -> None:
        peer = ReachyPeer(free_port())
        asleep(peer)
        async with connected(peer) as (body, _, _clock):
            waking = asyncio.create_task(body.prepare())
            await asyncio.sleep(0.6)
            body.emergency_stop() if how == "stop" else body.person_at(0.2)
            await asyncio.sleep(0.8)
            z = places(peer)[:, 2]
            assert -0.04 < z[-1] < -0.004 and abs(np.diff(z[-15:])).max() == 0.0
            assert abs(np.diff(z)).max() < 0.0012
            body.release()
            body.person_at(math.inf)
            await waking
            await body.rest()
            assert places(peer)[-1, 2] == 0.0

    asyncio.run(asyncio.wait_for(main(), 30))


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
        last = peer.targets[-1]["target_head_pose"]
        assert measured.position_rad[2] == pytest.approx(last["pitch"]), "so the robot ignored nothing"

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
