"""Every stream and event on the bus with its overflow rule and depth: one table, read by bus, recorder and documentation.

Streams may lose their oldest items when a subscriber lags; events are never dropped silently: their subscriptions refuse and the
refusal is counted and shown in health. The sequence number in each message reveals loss on the wire as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime import messages as m
from runtime.streams import Overflow


@dataclass(frozen=True, slots=True)
class Topic:
    """How one message type is queued for a subscriber."""

    overflow: Overflow
    depth: int


EVENT = Topic(Overflow.REFUSE, 4_096)

TOPICS: dict[type[m.Message], Topic] = {
    m.UserAudio: Topic(Overflow.DROP_OLDEST, 512),
    m.UserVideo: Topic(Overflow.DROP_OLDEST, 4),
    m.AgentAudio: Topic(Overflow.DROP_OLDEST, 1_024),
    m.VadFrame: Topic(Overflow.DROP_OLDEST, 256),
    m.MotionFrame: Topic(Overflow.DROP_OLDEST, 256),
    m.JointCommand: Topic(Overflow.DROP_OLDEST, 256),
    m.JointMeasured: Topic(Overflow.DROP_OLDEST, 256),
    m.PersonDistance: Topic(Overflow.DROP_OLDEST, 16),
    m.Heartbeat: Topic(Overflow.DROP_OLDEST, 64),
    m.Span: Topic(Overflow.DROP_OLDEST, 1_024),
}
"""Message types that are streams; every other type is an `EVENT`."""


def topic_rule(message_type: type[m.Message]) -> Topic:
    """Return the queueing rule of a message type."""
    return TOPICS.get(message_type, EVENT)
