"""The body room: one body with motors in a process of its own, behind the safety filter.

Agent and body meet only in messages: when the agent's process hangs or dies, frames stop and the filter here slows the body down and lets
it rest; when this process dies the supervisor starts it again, and it begins where the body says that it is. The body takes a step as soon
as a frame is there, at most one in a period, and by itself where none comes in time. Where the body can touch people it also heeds how
near the agent's own eyes see them, besides distance sensors. Failures: a body that cannot be reached at the start is one `AttuneError` and
ends the session's start; one that is lost later is health's business (`degraded`) and is looked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from motion.embodiment.bodies.registry import can_touch, open_body
from motion.embodiment.bodies.ros import RosBody
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.bodies.surroundings import table_of
from motion.embodiment.contract import Embodiment
from motion.embodiment.moving import Moving
from motion.embodiment.only_writer import only_writer, thing_of
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.room import RoomContext
from runtime.streams import Stream
from runtime.ticker import Ticker

EARLY = 0.5
"""A step may come this share of a period before it is due, since frames do not come to the microsecond."""
LATE = 0.5
"""So much of a period after it was due a step is taken without a new frame."""
DESCRIBED_EVERY_S = 1.0
REST_WITHIN_S, SETTLE_S = 5.0, 0.5
"""Time for the way to rest at the end; the house gives the room as much (`BODY_ROOM.stop_s`) and what a driver needs besides: its own way
to rest, and its motors."""


async def serve(context: RoomContext) -> None:
    """Move the body of the profile until cancelled; raises AttuneError where it cannot be reached, or another process moves it."""
    settings = context.profile.body
    body = open_body(settings.name, context.clock, table_of(settings))
    if context.options.get("viewer") and isinstance(body, SimulatedBody):
        body.show()
    with only_writer(settings.name, await thing_of(settings.name, context.new_offload("body"))):
        try:
            await body.connect()
            await BodyRoom(context, body).run()
        finally:
            await body.disconnect()


class BodyRoom:
    """The tasks of one body."""

    def __init__(self, context: RoomContext, body: Embodiment) -> None:
        """Subscribe to what moves it.

        Args:
            context: what the launch gives.
            body: reached, not moving yet.
        """
        self._context, self._body = context, body
        bus = context.bus
        settings = context.profile.body
        self._moving = Moving(
            body, bus.publish, context.clock, settings, context.state_dir, tells_measured=not isinstance(body, RosBody)
        )
        self._frames = bus.subscribe(m.MotionFrame)
        self._orders = bus.subscribe(m.BodyControl, m.JointGoal, m.JointGoalCancel, m.OperatorAct)
        self._distances = bus.subscribe(m.PersonDistance)
        sees = settings.heeds_people_seen and can_touch(settings.name)
        self._percepts = bus.subscribe(m.PersonPercept) if sees else None
        self._measurements = bus.subscribe(m.JointMeasured) if isinstance(body, RosBody) else None
        self._period_ns = round(self._moving.description.period_s * NS_PER_S)

    async def run(self) -> None:
        """Prepare the body and move it until cancelled; then bring it to rest. Stops and people are heeded all along."""
        parts: list[Coroutine[Any, Any, None]] = [
            self._take_orders(), self._take_distances(), self._take_frames(), self._keep_pace(),
        ]  # fmt: skip
        if self._percepts is not None:
            parts.append(self._take_percepts(self._percepts))
        if self._measurements is not None:
            parts.append(self._take_measurements(self._measurements))
        tasks = {asyncio.create_task(part) for part in parts}
        try:
            await self._body.prepare()
            await self._context.session_started()
            self._moving.describe()
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            try:
                await self._to_rest(tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _to_rest(self, tasks: set[asyncio.Task[None]]) -> None:
        """Let the body go to rest, step by step, while everything is still heard; not where a part of the room has failed."""
        self._moving.end()
        until_ns = self._context.clock.now_ns() + round(REST_WITHIN_S * NS_PER_S)
        while not any(task.done() for task in tasks) and self._context.clock.now_ns() < until_ns:
            await self._context.clock.sleep_until_ns(self._context.clock.now_ns() + self._period_ns)
            if self._moving.rested:  # motors lag, and what a bridge hands on is on its way for a while
                until_ns = min(until_ns, self._context.clock.now_ns() + round(SETTLE_S * NS_PER_S))

    async def _take_frames(self) -> None:
        async for frame in self._frames:
            assert isinstance(frame, m.MotionFrame)
            self._moving.take_frame(frame)
            if not len(self._frames) and self._moving.due(-EARLY):
                self._step()

    async def _keep_pace(self) -> None:
        """Step where no frame has come in time; twice a period, so that this is seen soon enough."""
        described_ns = -NS_PER_S
        async for tick in Ticker(
            self._context.clock, 2.0 * self._moving.description.rate_hz, self._context.clock.now_ns()
        ):
            if self._moving.due(LATE):
                self._step()
            if tick.t_ns - described_ns >= DESCRIBED_EVERY_S * NS_PER_S:
                described_ns = tick.t_ns
                self._moving.describe()

    async def _take_orders(self) -> None:
        async for order in self._orders:
            match order:
                case m.BodyControl():
                    self._moving.control(order.action, order.reason)
                case m.OperatorAct(deed="emergency_stop" | "release"):
                    self._moving.control(order.deed)
                case m.JointGoal():
                    self._moving.begin_goal(order)
                case m.JointGoalCancel():
                    self._moving.end_goal(order)

    async def _take_distances(self) -> None:
        async for told in self._distances:
            assert isinstance(told, m.PersonDistance)
            self._moving.person_at(told.distance_m, told.sensor)

    async def _take_percepts(self, percepts: Stream[m.AnyMessage]) -> None:
        async for percept in percepts:
            assert isinstance(percept, m.PersonPercept)
            self._moving.person_seen(percept)

    async def _take_measurements(self, measurements: Stream[m.AnyMessage]) -> None:
        async for told in measurements:
            assert isinstance(told, m.JointMeasured) and isinstance(self._body, RosBody)
            if not self._body.take(told):
                self._context.counters["measurements_refused"] = (
                    self._context.counters.get("measurements_refused", 0.0) + 1.0
                )

    def _step(self) -> None:
        self._moving.step()
        status = self._context.status
        status["status"], status["detail"] = ("degraded", self._moving.status) if self._moving.status else ("ok", "")
        self._context.counters["steps"] = self._context.counters.get("steps", 0.0) + 1.0
