"""What the body was ordered to outlives the death of its process: whoever starts it anew is told.

Messages on the bus reach only who listens. The body's room keeps an emergency stop and an order to rest over its own restarts once it has
heard of it; what is said while that room is down would be lost. So this room remembers whether a stop holds, and the last of `rest` and
`resume`, and says them again each time a body describes itself (at its start, and once a second). A release is not said again: one that
was lost leaves the body standing until somebody releases it again. Where this room is itself started anew it remembers nothing and says
nothing; the body's room keeps what it knows. Belongs to the room's loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from runtime.clock import Clock
from runtime.messages import SAID_AGAIN, BodyControl, BodyDescribed, Message, OperatorAct


class StandingOrders:
    """Whether the body must stand, and whether it was sent to rest or may go on."""

    def __init__(self, publish: Callable[[Message], None], clock: Clock) -> None:
        """Begin without any."""
        self._publish, self._clock = publish, clock
        self._stopped = False
        self._rest: Literal["rest", "resume"] | None = None

    def hear(self, message: Message) -> None:
        """Take what somebody asks of the body, or that a body is there."""
        match message:
            case BodyDescribed():
                if self._stopped:
                    self._say("emergency_stop")
                if self._rest is not None:
                    self._say(self._rest)
            case BodyControl(reason=reason) if reason == SAID_AGAIN:
                pass  # its own words
            case BodyControl(action="rest" | "resume" as order):
                self._rest = order
            case BodyControl(action=deed) | OperatorAct(deed="emergency_stop" | "release" as deed):
                self._stopped = deed == "emergency_stop"

    def _say(self, order: Literal["emergency_stop", "rest", "resume"]) -> None:
        self._publish(BodyControl(t_ns=self._clock.now_ns(), action=order, reason=SAID_AGAIN))
