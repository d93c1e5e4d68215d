"""NAO and Pepper: their arms point where the person's do, and ALMotion over qi's real wire, with its process killed in mid-gesture."""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motion import kinematics
from motion.embodiment.bodies import aldebaran_link
from motion.embodiment.bodies.aldebaran import NAO, PEPPER, Model, Retargeting
from motion.embodiment.bodies.aldebaran_link import AldebaranLink
from motion.embodiment.bodies.driven import DrivenBody
from motion.procedural.lexicon import LABELS
from motion.skeleton import INDEX
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.messages import MotionFrame
from tests.motion.embodiment.bodies.support import broken, drive, frames, free_port

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
PEER = Path(__file__).with_name("almotion_peer.py")


def robots_arm(body: Model, angles: np.ndarray, side: str) -> tuple[np.ndarray, np.ndarray]:
    """Where upper arm and forearm point by the robot's own kinematics, another implementation (scipy)."""
    at = dict(zip(body.body.names, angles, strict=True))
    upper = Rotation.from_euler("YZ", [at[f"{side}ShoulderPitch"], at[f"{side}ShoulderRoll"]])
    lower = upper * Rotation.from_euler("XZ", [at[f"{side}ElbowYaw"], at[f"{side}ElbowRoll"]])
    return upper.apply([1.0, 0.0, 0.0]), lower.apply([1.0, 0.0, 0.0])


def persons_arm(frame: MotionFrame, side: str) -> tuple[np.ndarray, np.ndarray]:
    """Where the person's point, seen from the chest, in the robot's axes."""
    rotations = np.frombuffer(frame.rotations, "<f4").reshape(1, -1, 4).astype(float)
    places = kinematics.positions(rotations, np.zeros((1, 3)))[0]
    chest = Rotation.identity()
    for name in ("hips", "spine", "chest", "upperChest"):
        chest = chest * Rotation.from_quat(rotations[0, INDEX[name]])
    word = "left" if side == "L" else "right"
    shoulder, elbow, wrist = (places[INDEX[f"{word}{name}"]] for name in ("UpperArm", "LowerArm", "Hand"))
    seen = [chest.inv().apply(way / np.linalg.norm(way))[[2, 0, 1]] for way in (elbow - shoulder, wrist - elbow)]
    return seen[0], seen[1]


@pytest.mark.parametrize("model", [NAO, PEPPER], ids=["nao", "pepper"])
def test_arms_point_where_the_persons_do_over_the_lexicon(model: Model) -> None:
    upper, lower = [], []
    for label in LABELS[::5]:
        retargeting = Retargeting(model)
        for frame in frames(label, 2.5)[::5]:
            angles = retargeting(frame)
            assert (angles >= model.body.vector("low_rad")).all() and (angles <= model.body.vector("high_rad")).all()
            for side in ("L", "R"):
                for errors, ours, theirs in zip(
                    (upper, lower), robots_arm(model, angles, side), persons_arm(frame, side), strict=True
                ):
                    errors.append(math.degrees(math.acos(min(1.0, float(ours @ theirs)))))
    print(f"{model.body.name}: upper arm p50 {np.median(upper):.2f} p95 {np.percentile(upper, 95):.1f}, "
          f"forearm p50 {np.median(lower):.2f} p95 {np.percentile(lower, 95):.1f} degrees")  # fmt: skip
    assert np.median(upper) < 3.0 and np.median(lower) < 3.0


def test_a_bow_is_peppers_hips_and_naos_head() -> None:
    bow = frames("bow", 1.6)[-20]
    pepper = dict(zip(PEPPER.body.names, Retargeting(PEPPER)(bow), strict=True))
    nao = dict(zip(NAO.body.names, Retargeting(NAO)(bow), strict=True))
    assert pepper["HipPitch"] < -0.15, "leaning ahead is negative there"
    assert nao["HeadPitch"] > pepper["HeadPitch"] + 0.1, "what NAO cannot lean its head shows"


def test_rest_and_left_and_right_mirror_each_other() -> None:
    for model in (NAO, PEPPER):
        joints = {joint.name: joint for joint in model.body.joints}
        for name, left in joints.items():
            if name.startswith("L"):
                right = joints["R" + name[1:]]
                sign = -1.0 if name.endswith(("Roll", "Yaw")) else 1.0
                assert right.rest_rad == sign * left.rest_rad
                assert {right.low_rad, right.high_rad} == {sign * left.low_rad, sign * left.high_rad}


@contextmanager
def almotion(port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(PEER), str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        while (line := process.stdout.readline()) != "ready\n":  # qi writes its own lines there too
            assert line, "ALMotion's process has ended"
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)
        process.stdout.close()


def with_robot(use: Callable[[DrivenBody, MonotonicClock, int, subprocess.Popen[str]], Awaitable[None]]) -> None:
    pytest.importorskip("qi", reason="pip install 'attune[nao]'")
    port = free_port()

    async def main(process: subprocess.Popen[str]) -> None:
        clock = MonotonicClock()
        body = aldebaran_link.nao(clock, f"tcp://127.0.0.1:{port}")
        await body.connect()
        try:
            await use(body, clock, port, process)
        finally:
            await body.disconnect()

    with almotion(port) as process:
        asyncio.run(asyncio.wait_for(main(process), 60))


async def asked(body: DrivenBody, method: str, *given: Any) -> Any:
    """Ask the peer's own methods, beside the driver."""
    link = body.link
    assert isinstance(link, AldebaranLink)
    return await link._answered(getattr(link._motion, method)(*given, _async=True), 3.0)


def test_it_stiffens_follows_and_goes_limp_at_rest() -> None:
    async def use(body: DrivenBody, clock: MonotonicClock, port: int, process: subprocess.Popen[str]) -> None:
        await body.prepare()
        driven = await drive(body, clock, frames("wave", 2.0))
        lag_s, error_deg = driven.lag_and_error()
        print(f"ALMotion over qi: lag {1e3 * lag_s:.0f} ms, error {error_deg:.2f} degrees")
        assert lag_s < 0.1 and error_deg < 1.0
        names = list(NAO.body.names)
        assert (
            np.ptp(driven.positions()[:, names.index("RElbowRoll")]) > 0.3
            or np.ptp(driven.positions()[:, names.index("RShoulderPitch")]) > 0.5
        )
        calls = await asked(body, "calls")
        kinds = [call[0] for call in calls]
        assert kinds[:2] == ["stiffnessInterpolation", "setStiffnesses"] and kinds.count("setAngles") > 60
        assert all(len(call[1]) == len(names) and 0 < call[2] <= 1.0 for call in calls if call[0] == "setAngles")
        link = body.link
        assert isinstance(link, AldebaranLink) and link.refused_calls == 0
        await body.disconnect()
        other = aldebaran_link.nao(clock, f"tcp://127.0.0.1:{port}")
        await other.connect()
        calls = await asked(other, "calls")
        await other.link.close()
        assert [call[0] for call in calls[-3:]] == ["setAngles", "stiffnessInterpolation", "setStiffnesses"]
        assert calls[-3][1] == pytest.approx(NAO.body.vector("rest_rad").tolist(), abs=1e-3) and calls[-1][1] == 0.0
        assert not any(call[0] == "angleInterpolation" for call in calls), "nothing passes the safety filter by"

    with_robot(use)


def test_in_an_emergency_stop_it_is_left_stiff_where_it_is(caplog: pytest.LogCaptureFixture) -> None:
    async def use(body: DrivenBody, clock: MonotonicClock, port: int, process: subprocess.Popen[str]) -> None:
        await body.prepare()
        await drive(body, clock, frames("wave", 1.5))
        body.emergency_stop()
        await asyncio.sleep(0.5)
        before = await asked(body, "calls")
        await body.disconnect()
        assert "its motors are left on: an emergency stop holds" in caplog.text
        other = aldebaran_link.nao(clock, f"tcp://127.0.0.1:{port}")
        await other.connect()
        calls = await asked(other, "calls")
        await other.link.close()
        stands = [call for call in before if call[0] == "setAngles"][-1][1]
        assert max(abs(np.array(stands) - NAO.body.vector("rest_rad"))) > 0.1, "it was stopped in mid-gesture"
        after = calls[len(before) :]
        assert all(call[0] == "setAngles" and call[1] == pytest.approx(stands) for call in after)

    with_robot(use)


def test_a_robot_killed_in_mid_gesture_is_found_again_stiff_and_without_a_jump() -> None:
    async def use(body: DrivenBody, clock: MonotonicClock, port: int, process: subprocess.Popen[str]) -> None:
        await body.prepare()
        wave = frames("wave", 6.0)
        await drive(body, clock, wave[:60])
        process.kill()
        gone = await drive(body, clock, wave[60:110])
        assert not gone.sent[-1].connected and gone.sent[-1].command.state in ("stops", "rests")
        assert "ALMotion" in body.link.trouble or "closed" in body.link.trouble or "answered" in body.link.trouble
        with almotion(port):
            back = await drive(body, clock, wave[110:290])
            assert back.sent[-1].connected and back.sent[-1].command.state == "follows" and body.link.sessions == 2
            calls = await asked(body, "calls")
            assert any(call[0] == "setStiffnesses" and call[1] == 1.0 for call in calls), "its motors are on again"
            sent = np.array([[0.0] * len(NAO.body.joints), *(call[1] for call in calls if call[0] == "setAngles")])
            started = np.clip(sent[0], NAO.body.vector("low_rad"), NAO.body.vector("high_rad"))
            # One call may stand for several periods where the robot answers late.
            assert (
                abs(np.diff(np.vstack([started, sent[1:6]]), axis=0)) <= NAO.body.vector("velocity_rad_s") * 0.06
            ).all()
            await body.disconnect()

    with_robot(use)


def test_a_robot_that_answers_no_more_never_holds_the_loop_up() -> None:
    async def use(body: DrivenBody, clock: MonotonicClock, port: int, process: subprocess.Popen[str]) -> None:
        await drive(body, clock, frames("wave", 0.5))
        link = body.link
        assert isinstance(link, AldebaranLink)
        await asked(body, "hang", True)
        began_ns = clock.now_ns()
        driven = await drive(body, clock, frames("wave", 2.5))
        assert (clock.now_ns() - began_ns) / 1e9 < 5.0, "sending goes on in its rhythm"
        assert not driven.sent[-1].connected
        assert "answered" in link.trouble or "no ALMotion" in link.trouble

    with_robot(use)


def test_numbers_that_are_none_never_reach_it() -> None:
    async def use(body: DrivenBody, clock: MonotonicClock, port: int, process: subprocess.Popen[str]) -> None:
        await body.prepare()
        given = frames("wave", 0.6)
        driven = await drive(body, clock, [*given, *(broken(frame) for frame in given[:10])])
        assert driven.sent[-1].command.refused == 10
        calls = await asked(body, "calls")
        assert all(np.isfinite(call[1]).all() for call in calls if call[0] == "setAngles")

    with_robot(use)


def test_a_wrong_address_and_a_missing_library_are_clear_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("qi", reason="pip install 'attune[nao]'")
    with pytest.raises(AttuneError, match=r"body pepper: no ALMotion with its joints at tcp://127\.0\.0\.1:"):
        asyncio.run(aldebaran_link.pepper(MonotonicClock(), f"tcp://127.0.0.1:{free_port()}").connect())
    monkeypatch.setitem(sys.modules, "qi", None)
    with pytest.raises(AttuneError, match="the library qi is not installed") as error:
        asyncio.run(aldebaran_link.nao(MonotonicClock()).connect())
    assert "attune[nao]" in error.value.mend


def test_a_robot_that_tells_too_few_angles_is_away_until_it_tells_all_again() -> None:
    async def use(body: DrivenBody, clock: MonotonicClock, port: int, process: subprocess.Popen[str]) -> None:
        await drive(body, clock, frames("wave", 0.5))
        await asked(body, "tell", 3)
        await drive(body, clock, frames("wave", 1.0))
        assert not body.link.connected
        assert "3 angles for" in body.trouble
        import qi

        beside = qi.Session()
        beside.connect(f"tcp://127.0.0.1:{port}")
        beside.service("ALMotion").tell(1_000)
        for _ in range(60):
            await asyncio.sleep(0.1)
            if body.link.connected:
                break
        assert body.link.connected and body.link.sessions == 2, "it was looked for all the time"

    with_robot(use)
