"""Reachy Mini against its real daemon with simulated kinematics: what follows, what it can reach, how it wakes."""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import subprocess
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from motion.embodiment.bodies import reachy_mini
from motion.embodiment.bodies.json_socket import JsonSocket
from motion.embodiment.bodies.reachy_mini import BODY, TILT_RAD
from runtime.clock import MonotonicClock
from tests.motion.embodiment.bodies.reachy_environment import MEND, daemon, make
from tests.motion.embodiment.bodies.reachy_support import follows
from tests.motion.embodiment.bodies.support import drive, frames, free_port

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")


@pytest.fixture(scope="session")
def reachy_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with the real daemon; in CI it is made here."""
    if named := os.environ.get("ATTUNE_REACHY_PYTHON"):
        return Path(named)
    if not os.environ.get("CI"):
        pytest.skip(f"no reachy-mini environment: {MEND}")
    try:
        return make(tmp_path_factory.mktemp("reachy") / "environment")
    except (subprocess.SubprocessError, OSError) as error:  # what should be there and is not may not pass unseen
        pytest.fail(f"the reachy-mini environment could not be made ({error}); {MEND}")


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
