"""A tiny agent: sends motion frames of a gesture at 50 Hz and plays a script of other messages; keeps what the body says."""

from __future__ import annotations

import asyncio

import numpy as np

from motion.procedural.generator import ProceduralGenerator
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.room import RoomContext
from runtime.settings import ListenerSettings, MotionSettings
from runtime.ticker import Ticker

Script = dict[float, m.Message]


class Stage:
    """What is to happen, and what did."""

    def __init__(self) -> None:
        self.seconds = 3.0
        self.script: Script = {}
        self.frames_until_s = 1e9
        self.gesture = "wave"
        self.robot_s: tuple[float, float] | None = None
        """When another program measures the body's joints, which are where they were commanded to be."""
        self.robot_rad = np.zeros(0)
        """Where they are at first."""
        self.heard: list[m.Message] = []

    def of(self, kind: type[m.Message]) -> list:
        return [message for message in self.heard if type(message) is kind]

    def commands(self, until_s: float = 1e9, after_s: float = 0.0) -> list[m.JointCommand]:
        return [one for one in self.of(m.JointCommand) if after_s * NS_PER_S <= one.t_ns < until_s * NS_PER_S]


stage = Stage()


async def serve(context: RoomContext) -> None:
    heard = context.bus.subscribe(
        m.BodyDescribed, m.JointCommand, m.JointMeasured, m.BodyStatus, m.JointGoalAnswer, capacity=100_000
    )
    commands = context.bus.subscribe(m.JointCommand)
    where = stage.robot_rad.astype("<f4").tobytes()
    generator = ProceduralGenerator(3, ListenerSettings(), MotionSettings())
    generator.gesture("g1", 0.2, stage.gesture)
    start_ns = await context.session_started()
    waiting = sorted(stage.script.items(), key=lambda due: due[0])
    try:
        async for tick in Ticker(context.clock, 50.0, start_ns):
            at_s = (tick.t_ns - start_ns) / NS_PER_S
            while waiting and waiting[0][0] <= at_s:
                context.bus.publish(waiting.pop(0)[1])
            if at_s < stage.frames_until_s:
                context.bus.publish(_frame(generator, tick.index, at_s, tick.t_ns))
            for command in commands.flush():
                if isinstance(command, m.JointCommand) and command.connected:
                    where = command.position_rad
            if stage.robot_s is not None and stage.robot_s[0] <= at_s < stage.robot_s[1]:
                context.bus.publish(m.JointMeasured(t_ns=tick.t_ns, body="attune", position_rad=where))
            if at_s >= stage.seconds:
                break
        context.bus.publish(m.SessionControl(t_ns=context.clock.now_ns(), action="finished"))
        await asyncio.Event().wait()
    finally:
        stage.heard = heard.flush()


def _frame(generator: ProceduralGenerator, index: int, at_s: float, t_ns: int) -> m.MotionFrame:
    pose = generator.sample(at_s)
    return m.MotionFrame(index=index, t_ns=t_ns, rotations=pose.rotations.tobytes(), hands=pose.hands.tobytes())
