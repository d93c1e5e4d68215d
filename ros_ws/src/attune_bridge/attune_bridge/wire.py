"""The port between the nodes and a middleware: what both wires (`wire_rclpy`, `wire_cyclonedds`) offer.

Everything is called on one thread and calls back on that thread, where `run` runs. Messages go out as dicts of fields (bytes for
`uint8[]`), and come in as objects with the fields as attributes. Nothing raises for what others send: what cannot be read is counted in
`counters`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from attune_bridge.contract import Qos

ACCEPTED, EXECUTING, CANCELING, SUCCEEDED, CANCELED, ABORTED = 1, 2, 3, 4, 5, 6
"""action_msgs/GoalStatus."""

Publish = Callable[[dict[str, Any]], None]


class GoalHandler(Protocol):
    """What serves an action: told of goals and cancellations, ends goals by `ActionServer.end`. Goal ids are 32 hexadecimal digits."""

    def check(self, goal: Any) -> str:
        """Return why a goal cannot be taken, or an empty text, without taking it."""
        ...

    def on_goal(self, goal_id: str, goal: Any) -> str:
        """Take a goal, or return why not; an empty text accepts it."""
        ...

    def on_cancel(self, goal_id: str) -> None:
        """Somebody wants a running goal to end; it is to be ended soon after."""
        ...


class ActionServer(Protocol):
    """One served action."""

    def feedback(self, goal_id: str, fields: dict[str, Any]) -> None:
        """Tell whoever wants to know how a running goal does."""
        ...

    def end(self, goal_id: str, status: int, result: dict[str, Any]) -> None:
        """End a goal with SUCCEEDED, CANCELED or ABORTED; a goal of an earlier life of this node may be named too."""
        ...


class SentGoal(Protocol):
    """One goal of ours at another's action server."""

    def cancel(self) -> None:
        """Ask for its end; harmless once it has ended."""
        ...


class Wire(Protocol):
    """A node on a middleware."""

    counters: dict[str, int]

    def parameter(self, name: str, default: Any) -> Any:
        """Return a parameter of the node, with the default's type."""
        ...

    def now_ns(self) -> int:
        """Return ROS time: of the system, or of `/clock` where `use_sim_time` is set."""
        ...

    def publisher(self, name: str, type_name: str, qos: Qos) -> Publish:
        """Return what publishes on a topic."""
        ...

    def subscribe(self, name: str, type_name: str, qos: Qos, callback: Callable[[Any], None]) -> Callable[[], None]:
        """Have each message handed to a function; return what ends that."""
        ...

    def serve(self, name: str, type_name: str, handler: Callable[[Any], dict[str, Any]]) -> None:
        """Answer each request of a service by what a function returns at once."""
        ...

    def call(self, name: str, type_name: str, fields: dict[str, Any], done: Callable[[Any], None]) -> None:
        """Call a service without waiting; `done` gets the response, if one comes."""
        ...

    def serve_action(self, name: str, type_name: str, handler: GoalHandler) -> ActionServer:
        """Serve an action."""
        ...

    def send_goal(
        self, name: str, type_name: str, goal: dict[str, Any], done: Callable[[int, Any], None]
    ) -> SentGoal | None:
        """Send a goal; `done` gets its final status and result once (ABORTED and None where it is rejected); None: no server is there."""
        ...

    def every(self, period_s: float, callback: Callable[[], None]) -> None:
        """Call a function again and again, by the machine's clock."""
        ...

    def watch(self, descriptor: int, callback: Callable[[], None]) -> Callable[[], None]:
        """Call a function soon after a descriptor has become readable; return what ends that, before the descriptor is closed."""
        ...

    def log(self, level: str, text: str) -> None:
        """Say something to whoever runs the node: `info`, `warning`, `error`."""
        ...

    def run(self) -> None:
        """Run until SIGINT or SIGTERM, or `stop`."""
        ...

    def stop(self) -> None:
        """Let `run` return."""
        ...
