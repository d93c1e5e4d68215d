"""A small house for tests of the bridge: its room, another room (`tests/runtime/rooms`), and a bus of the test's own, on one loop."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from contextlib import asynccontextmanager
from pathlib import Path

from runtime import bridge
from runtime.body_settings import BodySettings
from runtime.bridge_client import BridgeClient
from runtime.bridge_settings import BridgeSettings
from runtime.clock import MonotonicClock
from runtime.ids import IdSource
from runtime.offload import InlineOffload
from runtime.room import RoomContext
from runtime.settings import Profile
from runtime.transport.zeromq import ZmqBus

ROOMS = Path(__file__).parent / "rooms"
NAMES = ["bridge", "behavioral", "body"]


def context_of(name, folder, clock, settings, body):
    bus = ZmqBus(name, NAMES, folder, clock)
    state = folder / name
    state.mkdir(exist_ok=True)

    async def started():
        return 0

    return RoomContext(
        room=name, profile=Profile(bridge=settings, body=BodySettings(name=body)), clock=clock, bus=bus, ids=IdSource(name, None), seed=0,
        state_dir=state,
        session_dir=None, virtual=False, new_offload=lambda _: InlineOffload(), session_started=started,
        open_intention_server=bus.open_intention_server, open_intention_client=bus.open_intention_client,
    )  # fmt: skip


class House:
    """The running house: `bus` is the behavioral room's, `clock` the session's."""

    def __init__(self, folder, settings, clock, body):
        self.folder, self.settings, self.clock, self.body = folder, settings, clock, body
        self.bus = ZmqBus("behavioral", NAMES, folder, clock)
        self.contexts, self.tasks, self.clients = {}, {}, []

    async def start(self, name, serve):
        context = self.contexts[name] = context_of(name, self.folder, self.clock, self.settings, self.body)
        self.tasks[name] = asyncio.create_task(serve(context))
        context.bus.listen_for_hello()
        self.bus.listen_for_hello()
        while name not in self.bus.hears or "behavioral" not in context.bus.hears:
            if self.tasks[name].done():
                await self.tasks[name]
            context.bus.say_hello()
            self.bus.say_hello()
            await asyncio.sleep(0.005)

    async def stop(self, name):
        self.tasks[name].cancel()
        await asyncio.gather(self.tasks[name], return_exceptions=True)
        await self.contexts[name].bus.aclose()

    @property
    def endpoint(self):
        return json.loads((self.folder / "bridge" / "bridge.json").read_text())["endpoint"]

    def client(self, name="ros", wants=(), **keys):
        client = BridgeClient(self.endpoint, name, wants, **keys)
        self.clients.append(client)
        return client


@asynccontextmanager
async def house_of(folder, *, body="small", settings=None):
    """`body`: `small` is a test room of two joints, another name the real body room with that body, empty none."""
    if str(ROOMS) not in sys.path:
        sys.path.insert(0, str(ROOMS))
    house = House(folder, settings or BridgeSettings(port=0), MonotonicClock(), body if body != "small" else "")
    try:
        if body:
            await house.start(
                "body", importlib.import_module("goal_room" if body == "small" else "motion.embodiment.process").serve
            )
        await house.start("bridge", bridge.serve)
        yield house
    finally:
        for client in house.clients:
            client.close()
        for name in reversed(list(house.tasks)):
            await house.stop(name)
        await house.bus.aclose()


async def until(client, condition, timeout_s=5.0):
    """Poll a client until the condition holds for what has come so far; return all of that."""
    heard = []
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        heard += client.poll()
        if condition(heard):
            return heard
        assert asyncio.get_running_loop().time() < deadline, (
            f"did not happen; heard {[type(h).__name__ for h in heard][-20:]}"
        )
        await asyncio.sleep(0.002)
