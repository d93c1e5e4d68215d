"""An emergency stop outlives the death of the body's process: whoever starts it anew is told.

Messages on the bus reach only who listens. The body's room keeps a stop over its own restarts once it has heard of it; one that is
pressed while that room is down would be lost. This room never restarts within a session, so it remembers, and says it again each time a
body describes itself (at its start, and once a second). Belongs to the room's loop.
"""

from __future__ import annotations

from collections.abc import Callable

from runtime.clock import Clock
from runtime.messages import HELD_STILL, BodyControl, BodyDescribed, Message, OperatorAct


class StopLatch:
    """Whether the body must stand."""

    def __init__(self, publish: Callable[[Message], None], clock: Clock) -> None:
        """Begin without a stop."""
        self._publish, self._clock = publish, clock
        self.held = False

    def hear(self, message: Message) -> None:
        """Take what somebody asks of the body, or that a body is there."""
        if isinstance(message, BodyDescribed):
            if self.held:
                self._publish(BodyControl(t_ns=self._clock.now_ns(), action="emergency_stop", reason=HELD_STILL))
        elif isinstance(message, BodyControl):
            if message.reason != HELD_STILL and message.action in ("emergency_stop", "release"):
                self.held = message.action == "emergency_stop"
        elif isinstance(message, OperatorAct) and message.deed in ("emergency_stop", "release"):
            self.held = message.deed == "emergency_stop"
