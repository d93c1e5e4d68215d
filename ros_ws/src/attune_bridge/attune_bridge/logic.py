"""What the three nodes' logic has in common: the way out to ROS and to the house, and the times.

Logic is free of ROS: house messages and ROS messages (objects with fields as attributes) come in by method calls, dicts of fields go out
by the key of their row in the contract. Everything runs on one thread and returns at once. What others send wrongly is counted in
`troubles` and told in diagnostics; it never raises.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from runtime.messages import Message

NS_PER_S = 1_000_000_000


class Times(Protocol):
    """Session time of the house, time of ROS, and one that nobody sets, all in ns."""

    def session_ns(self) -> int:
        """Return the session time; 0 while it is not known."""
        ...

    def ros_ns(self) -> int:
        """Return ROS time."""
        ...

    def steady_ns(self) -> int:
        """Return a time from which ROS time differs by the same for good, unless its clock is set."""
        ...


@dataclass
class Ports:
    """Where logic speaks to.

    Attributes:
        publish: key of a row, fields, and the house's id of a person or voice where the row has one.
        send: a message to the house; returns whether it is on its way.
        times: session and ROS time.
        follow: subscribe to a row of one person, face or voice, or end that.
        log: level and text.
        parameters: the node's.
        send_goal: send a goal of a row; returns None where no server is there.
        feedback: of a goal of a row that is served.
        end: of a goal of a row that is served: its status and result.
        wait: for what the house says next until a condition holds, at most some seconds, for services that answer what came of it.
    """

    publish: Callable[[str, dict[str, Any], str], None]
    send: Callable[[Message], bool]
    times: Times
    follow: Callable[[str, str, bool], None] = lambda key, ros_id, on: None
    log: Callable[[str, str], None] = lambda level, text: None
    parameters: dict[str, Any] = field(default_factory=dict)
    send_goal: Callable[[str, dict[str, Any], Callable[[int, Any], None]], Any] = lambda key, goal, done: None
    feedback: Callable[[str, str, dict[str, Any]], None] = lambda key, goal_id, fields: None
    end: Callable[[str, str, int, dict[str, Any]], None] = lambda key, goal_id, status, result: None
    wait: Callable[[Callable[[], bool], float], bool] = lambda condition, seconds: condition()


class Logic:
    """Base of the nodes' logic; a node offers what it needs and overrides the rest."""

    wants: tuple[type[Message], ...] = ()
    """Message types of the house that it needs."""
    defaults: ClassVar[dict[str, Any]] = {}
    """Its parameters with their defaults."""

    def __init__(self, ports: Ports) -> None:
        """Speak through the ports."""
        self.ports = ports
        self.parameters = {**self.defaults, **ports.parameters}
        self.troubles: dict[str, int] = {}

    def on_house(self, message: Any) -> None:
        """A message of the house, or a welcome or refusal of its bridge."""

    def on_topic(self, key: str, message: Any, ros_id: str = "") -> None:
        """A ROS message of a row."""

    def on_service(self, key: str, request: Any) -> dict[str, Any]:
        """A request of a row; return the fields of the response."""
        raise KeyError(key)

    def on_check(self, key: str, goal: Any) -> str:
        """Return why a goal would be rejected, or an empty text; nothing is done with it."""
        raise KeyError(key)

    def on_goal(self, key: str, goal_id: str, goal: Any) -> str:
        """A goal of a row; return why it is rejected, or an empty text."""
        raise KeyError(key)

    def on_cancel(self, key: str, goal_id: str) -> None:
        """A running goal is to end."""

    def tick(self) -> None:
        """Called every 20 ms."""

    def lost(self) -> None:
        """The house is gone, or the node is to leave it."""

    def uses(self, key: str) -> bool:
        """Return whether a row is used with these parameters."""
        return True

    def trouble(self, what: str, detail: str = "") -> None:
        """Count something that was wrong; say it the first time, and seldom again."""
        self.troubles[what] = self.troubles.get(what, 0) + 1
        if self.troubles[what] in (1, 100, 10_000):
            self.ports.log("warning", f"{what}{': ' if detail else ''}{detail} ({self.troubles[what]} so far)")

    def stamp(self, session_ns: int) -> dict[str, int]:
        """Return the ROS stamp of a session time."""
        times = self.ports.times
        ros_ns = max(0, times.ros_ns() + session_ns - times.session_ns())
        return {"sec": ros_ns // NS_PER_S, "nanosec": ros_ns % NS_PER_S}

    def header(self, session_ns: int, frame: str = "") -> dict[str, Any]:
        """Return a header."""
        return {"stamp": self.stamp(session_ns), "frame_id": frame}

    def session_of(self, header: Any) -> int:
        """Return the session time of a ROS header; now for a stamp of zero."""
        times = self.ports.times
        stamped_ns: int = header.stamp.sec * NS_PER_S + header.stamp.nanosec
        now_ns = times.session_ns()
        if not stamped_ns:
            return now_ns
        return max(0, min(now_ns, now_ns + stamped_ns - times.ros_ns()))


def topic_id(house_id: str) -> str:
    """Return an id of the house as part of a topic's name: letters, digits and underscores, no digit first (ROS takes no such name)."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", house_id) or "unknown"
    return f"id_{name}" if name[0].isdigit() else name


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """Return a sentence on a name that is not known, with the nearest that is."""
    names = list(known)
    near = difflib.get_close_matches(name, names, 1, 0.5)
    return f"no {kind} {name[:64]!r}" + (
        f", {near[0]!r} is the nearest" if near else f"; there are {', '.join(names[:8])}"
    )
