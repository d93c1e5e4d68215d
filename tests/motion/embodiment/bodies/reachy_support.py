"""What the tests of Reachy Mini share: a body that is connected to a peer of its daemon, and gestures that a robot must follow."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import numpy as np

from motion.embodiment.bodies import reachy_mini
from motion.embodiment.bodies.driven import DrivenBody
from motion.embodiment.bodies.reachy_mini import BODY
from runtime.clock import MonotonicClock
from tests.motion.embodiment.bodies.reachy_peer import ReachyPeer
from tests.motion.embodiment.bodies.support import drive, frames, free_port

NAMES = list(BODY.names)


@asynccontextmanager
async def connected(peer: ReachyPeer) -> AsyncIterator[tuple[DrivenBody, ReachyPeer, MonotonicClock]]:
    """A body that is connected to a peer, and let go at the end."""
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


def with_peer(use: Callable[[DrivenBody, ReachyPeer, MonotonicClock], Awaitable[None]], **how: bool) -> None:
    """Run `use` with a body that is connected to a fresh peer."""

    async def main() -> None:
        async with connected(ReachyPeer(free_port(), **how)) as (body, peer, clock):
            await use(body, peer, clock)

    asyncio.run(asyncio.wait_for(main(), 60))


async def follows(port: int) -> tuple[float, float]:
    """Let a robot at a port nod and bow; return the lag, seconds, and the error, degrees, at which its state follows."""
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
