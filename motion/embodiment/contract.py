"""How a body is driven, whatever it is: a simulator, a robot on the other end of a socket, a stream for a game engine.

A driver implements `Embodiment`; the agent's side holds one `Lease` of it, since a body has one writer. The order is `connect`,
`prepare`, once per period of the body a `send`, `follow` or `idle`, then `rest`, `disconnect`; `stop` and `emergency_stop` at any time
and from any thread. Functions that act return what was really done. `send` never blocks for longer than a fraction of the body's
period: where the body is slow or away it says so in what it returns. Failures to connect are one `AttuneError` with the mend; a body
that is lost later is told by `Sent.connected`, and the driver reconnects by itself.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from motion.embodiment.description import BodyDescription, Float64
from motion.embodiment.safety.filter import Command
from runtime.errors import AttuneError
from runtime.messages import MotionFrame


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a frame.

    Attributes:
        command: what left the safety filter.
        connected: whether the body took it.
        t_ns: when it left, session time.
    """

    command: Command
    connected: bool
    t_ns: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the body says it is; `position_rad` [joints], `t_ns` when it was measured, session time."""

    position_rad: Float64
    t_ns: int


class Embodiment(Protocol):
    """One body."""

    def describe(self) -> BodyDescription:
        """Return what it is; the same before and after `connect`."""
        ...

    @property
    def trouble(self) -> str:
        """Why it is away, in words; empty when it is there."""
        ...

    @property
    def stopped(self) -> bool:
        """Whether an emergency stop holds."""
        ...

    async def connect(self) -> None:
        """Reach the body; nothing moves yet. Raises AttuneError."""
        ...

    async def prepare(self) -> None:
        """Switch the motors on and go to the rest pose, slowly. Raises AttuneError."""
        ...

    def send(self, frame: MotionFrame) -> Sent:
        """Take a frame of the agent's motion, retarget and filter it, and send what comes of it."""
        ...

    def follow(self, position_rad: Float64) -> Sent:
        """Take joint targets [joints] instead of a frame, filter and send them."""
        ...

    def idle(self) -> Sent:
        """Let one period go by with nothing new: the filter slows down for want of targets, and then rests."""
        ...

    def person_at(self, distance_m: float) -> None:
        """Say how near the nearest person is; infinite for nobody."""
        ...

    def measured(self) -> Measured | None:
        """Return the newest measurement; None where the body tells none."""
        ...

    async def rest(self) -> None:
        """Go to the rest pose, slowly, and wait until it is there."""
        ...

    def stop(self) -> None:
        """Slow down to a standstill; the next frame goes on."""
        ...

    def emergency_stop(self) -> None:
        """Stop with the next command and stay so until `release`."""
        ...

    def release(self) -> bool:
        """End an emergency stop; return whether it has ended."""
        ...

    async def disconnect(self) -> None:
        """Let go of the body, at rest where it can still be reached. Does nothing the second time."""
        ...


class Lease:
    """The right to write to a body: of one at a time, so that two never fight over the motors."""

    def __init__(self, body: str) -> None:
        """Make the lease of a body, held by nobody."""
        self._body = body
        self._held = threading.Lock()
        self._writer = ""

    @property
    def writer(self) -> str:
        """Who holds it; empty for nobody."""
        return self._writer

    def take(self, writer: str) -> None:
        """Take it; raises AttuneError where somebody else holds it. Who holds it may take it again."""
        if self._writer == writer:
            return
        if not self._held.acquire(blocking=False):
            raise AttuneError(
                f"body {self._body}: {writer} may not move it while {self._writer} does", f"End {self._writer} first"
            )
        self._writer = writer

    def give_back(self, writer: str) -> bool:
        """Give it back; return whether it was held by this writer."""
        if self._writer != writer or not writer:
            return False
        self._writer = ""
        self._held.release()
        return True
