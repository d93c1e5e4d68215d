"""What the tests of drivers share: frames of real gestures, and driving a body with them in real time."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from motion.embodiment.contract import Embodiment, Sent
from motion.procedural.generator import ProceduralGenerator
from runtime.clock import NS_PER_S, MonotonicClock
from runtime.messages import MotionFrame
from runtime.settings import ListenerSettings, MotionSettings
from runtime.vocabulary import EXPRESSIONS, VISEMES


def frames(label: str, seconds: float, **more: Any) -> list[MotionFrame]:
    """Return a gesture at 50 Hz; `more` fields are the same in each frame."""
    made = ProceduralGenerator(7, ListenerSettings(), MotionSettings())
    made.gesture("g1", 0.3, label)
    poses = [made.sample(tick / 50) for tick in range(round(50 * seconds))]
    return [
        MotionFrame(index=tick, rotations=pose.rotations.tobytes(), hands=pose.hands.tobytes(), **more)
        for tick, pose in enumerate(poses)
    ]


def weights(names: tuple[str, ...], **values: float) -> bytes:
    """Return weights in the order of a vocabulary."""
    return np.array([values.get(name, 0.0) for name in names], "<f4").tobytes()


def visemes(**values: float) -> bytes:
    return weights(VISEMES, **values)


def expression(**values: float) -> bytes:
    return weights(EXPRESSIONS, **values)


def broken(frame: MotionFrame) -> MotionFrame:
    """Return the frame with a number that is none."""
    rotations = np.frombuffer(frame.rotations, "<f4").copy()
    rotations[20:24] = np.nan
    return MotionFrame(index=frame.index, rotations=rotations.tobytes())


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Driven:
    """What was sent and what the body said, [ticks]."""

    sent: list[Sent] = field(default_factory=list)
    command_s: list[float] = field(default_factory=list)
    measured: list[np.ndarray] = field(default_factory=list)
    measured_s: list[float] = field(default_factory=list)

    def positions(self) -> np.ndarray:
        return np.array([sent.command.position_rad for sent in self.sent])

    def lag_and_error(self) -> tuple[float, float]:
        """Return the delay, seconds, at which what was measured fits what was sent best, and the mean error then, degrees."""
        commands, best = self.positions(), (0.0, np.inf)
        for lag in np.arange(0.0, 0.3, 0.005):
            then = np.array(self.measured_s) - lag
            meant = np.stack([np.interp(then, self.command_s, column) for column in commands.T], axis=1)
            error = float(np.degrees(abs(meant - np.array(self.measured))).mean())
            if error < best[1]:
                best = (float(lag), error)
        return best


async def drive(body: Embodiment, clock: MonotonicClock, given: list[MotionFrame]) -> Driven:
    """Send frames at 50 Hz."""
    out, start = Driven(), clock.now_ns()
    for tick, frame in enumerate(given):
        await clock.sleep_until_ns(start + tick * NS_PER_S // 50)
        sent = body.send(frame)
        out.sent.append(sent)
        out.command_s.append(sent.t_ns / NS_PER_S)
        measured = body.measured()
        if measured is not None:
            out.measured.append(measured.position_rad)
            out.measured_s.append(measured.t_ns / NS_PER_S)
    return out
