"""A body shows what it can do: gestures of the lexicon one after the other, on simulated time, without an agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.description import Float64
from motion.procedural.generator import ProceduralGenerator
from motion.procedural.lexicon import LABELS
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from runtime.messages import MotionFrame
from runtime.settings import ListenerSettings, MotionSettings

GESTURE_S = 3.5
FIRST_S = 0.8
TOUR = ("wave", "nod", "point", "shrug", "big", "thumbs_up", "think", "open_palms", "bow")


class Stepped:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        """Begin at 0."""
        self.ns = 0

    def now_ns(self) -> int:
        """Return the time."""
        return self.ns

    async def sleep_until_ns(self, t_ns: int) -> None:
        """Let the time be `t_ns`."""
        self.ns = max(self.ns, t_ns)


def checked_gestures(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the gestures to show, the usual tour where none is named; raises AttuneError for one that the lexicon has not."""
    for label in labels:
        if label not in LABELS:
            raise AttuneError(f"--gesture {label[:80]}: the lexicon has no such gesture", f"Known: {', '.join(LABELS)}")
    return tuple(labels) or tuple(label for label in TOUR if label in LABELS)


def frames(gestures: Sequence[str], seconds: float, rate_hz: float, seed: int = 0) -> Iterator[MotionFrame]:
    """Make frames of the agent's motion: gestures, over and over, and what a body does between them."""
    generator = ProceduralGenerator(seed, ListenerSettings(), MotionSettings())
    due_s, number = FIRST_S, 0
    for index in range(round(seconds * rate_hz)):
        at_s = index / rate_hz
        if at_s >= due_s:
            generator.gesture(f"show-{number}", at_s, gestures[number % len(gestures)])
            due_s, number = due_s + GESTURE_S, number + 1
        pose = generator.sample(at_s)
        yield MotionFrame(
            index=index, t_ns=round(at_s * NS_PER_S), rotations=pose.rotations.tobytes(), hands=pose.hands.tobytes()
        )


async def perform(
    robot: RobotModel,
    gestures: Sequence[str],
    seconds: float,
    seed: int = 0,
    *,
    each: Callable[[SimulatedBody, float], None] = lambda _body, _at_s: None,
    viewer: bool = False,
) -> tuple[Float64, Float64]:
    """Let a body perform; return times [steps] in seconds and where its joints were, [steps, joints].

    Args:
        robot: the body.
        gestures: labels of the lexicon.
        seconds: how long.
        seed: of the motion's chances.
        each: called after each step with the body and the time.
        viewer: whether to open MuJoCo's.
    """
    clock = Stepped()
    body = SimulatedBody(clock, robot)
    if viewer:
        body.show()
    await body.connect()
    await body.prepare()
    times, measured = [], []
    rate_hz = robot.description.rate_hz
    for frame in frames(gestures, seconds, rate_hz, seed):
        clock.ns = frame.t_ns + 1
        body.send(frame)
        now = body.measured()
        assert now is not None
        times.append(frame.t_ns / NS_PER_S)
        measured.append(now.position_rad)
        each(body, times[-1])
    await body.disconnect()
    return np.array(times), np.array(measured)
