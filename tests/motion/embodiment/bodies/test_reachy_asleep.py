"""A Reachy Mini that sleeps lies lower: it is led upright from there, within limits, before it follows anything."""

from __future__ import annotations

import asyncio
import math

import numpy as np
import pytest

from motion.embodiment.bodies import reachy_mini
from motion.embodiment.bodies.driven import DrivenBody
from runtime.clock import MonotonicClock
from tests.motion.embodiment.bodies.reachy_peer import ReachyPeer
from tests.motion.embodiment.bodies.reachy_support import connected, with_peer
from tests.motion.embodiment.bodies.support import drive, frames, free_port

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")


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
