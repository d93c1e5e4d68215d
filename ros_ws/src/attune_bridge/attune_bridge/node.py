"""A node: the contract's rows of one logic, on a wire, with the bridge to the house. All on the wire's one thread.

`configure` makes publishers, subscriptions, services and actions; `activate` joins the house and lets messages through; `deactivate` leaves
it. While inactive nothing goes out and goals are rejected.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from attune_bridge.contract import QOS, Row, rows_of
from attune_bridge.logic import Logic, Ports, topic_id
from attune_bridge.wire import ActionServer, Publish, SentGoal, Wire
from runtime.bridge_client import BridgeClient, Heard

TICK_S, WAIT_S = 0.02, 0.002
IDS_MAX = 64
"""People, faces or voices for which topics are made; more are not told."""


class BridgeNode:
    """One of the three nodes."""

    def __init__(self, wire: Wire, node: str, logic_type: type[Logic]) -> None:
        """Read the parameters; nothing is made yet."""
        self.wire = wire
        self.active = False
        self._node = node
        self._client: BridgeClient | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._was_joined = False
        self._publishers: dict[tuple[str, str], Publish] = {}
        self._rows: dict[str, Row] = {}
        self._followed: dict[tuple[str, str], Callable[[], None]] = {}
        self._actions: dict[str, ActionServer] = {}
        self._endpoint = wire.parameter("endpoint", "tcp://127.0.0.1:8772")
        self._simulated = bool(wire.parameter("use_sim_time", False))
        self._keys = {name: wire.parameter(name, "") for name in ("server_key", "client_key")}
        parameters = {name: wire.parameter(name, default) for name, default in logic_type.defaults.items()}
        self.logic = logic_type(
            Ports(
                publish=self._publish,
                send=self._send,
                times=self,
                follow=self._follow,
                log=wire.log,
                parameters=parameters,
                send_goal=self._send_goal,
                feedback=self._feedback,
                end=self._end,
                wait=self._wait,
            )
        )

    def configure(self) -> None:
        """Make all that the contract says of this node."""
        for row in rows_of(self._node):
            if not self.logic.uses(row.key):
                continue
            self._rows[row.key] = row
            if "<id>" in row.name:
                continue
            if row.kind == "topic" and row.direction == "out":
                self._publishers[row.key, ""] = self.wire.publisher(row.name, row.type, QOS[row.qos])
            elif row.kind == "topic":
                self.wire.subscribe(row.name, row.type, QOS[row.qos], _Heard(self, row.key, ""))
            elif row.kind == "service" and row.direction == "in":
                self.wire.serve(row.name, row.type, _Asked(self, row))
            elif row.kind == "action" and row.direction == "in":
                self._actions[row.key] = self.wire.serve_action(row.name, row.type, _Goals(self, row.key))
        self.wire.every(TICK_S, self._tick)

    def activate(self) -> None:
        """Join the house."""
        self._client = BridgeClient(self._endpoint, f"ros-{self._node}", self.logic.wants, **self._keys)
        self._unwatch = self.wire.watch(self._client.fileno(), self._poll)
        self.active = True

    def deactivate(self) -> None:
        """Leave the house; goals that run are aborted by it, and ours are cancelled."""
        try:
            if self.active:
                self.logic.lost()
        finally:
            self.active = False
            if self._client is not None:
                self._unwatch()
                self._client.close()
                self._client = None

    def session_ns(self) -> int:
        """Return the house's session time."""
        return self._client.session_ns() if self._client is not None else 0

    def ros_ns(self) -> int:
        """Return ROS time."""
        return self.wire.now_ns()

    def steady_ns(self) -> int:
        """Return the machine's steady time; with a simulator, whose clock goes in steps of its own, ROS time."""
        return self.wire.now_ns() if self._simulated else time.monotonic_ns()

    def _tick(self) -> None:
        self._poll()
        if not self.active or self._client is None:
            return
        joined = self._client.joined
        if joined != self._was_joined:
            self._was_joined = joined
            self.wire.log(
                "info" if joined else "warning",
                f"{'joined the agent' if joined else 'the agent is gone'} ({self._endpoint})",
            )
            if not joined:
                self.logic.lost()
        self.logic.tick()

    def _poll(self) -> None:
        if self._client is None:
            return
        heard: list[Heard] = self._client.poll()
        for message in heard:
            self.logic.on_house(message)

    def _wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Hold this thread, but for the house; return whether the condition held in time."""
        until_s = time.monotonic() + seconds
        while not condition() and time.monotonic() < until_s and self._client is not None:
            time.sleep(WAIT_S)
            self._poll()
        return condition()

    def _publish(self, key: str, fields: dict[str, Any], house_id: str) -> None:
        if not self.active or key not in self._rows:
            return
        row, ros_id = self._rows[key], topic_id(house_id) if house_id else ""
        publish = self._publishers.get((key, ros_id))
        if publish is None:
            if sum(1 for known, _ in self._publishers if known == key) >= IDS_MAX:
                self.logic.trouble("too many people", row.name)
                return
            publish = self._publishers[key, ros_id] = self.wire.publisher(
                row.name.replace("<id>", ros_id), row.type, QOS[row.qos]
            )
        publish(fields)

    def _send(self, message: Any) -> bool:
        return self.active and self._client is not None and self._client.joined and self._client.send(message)

    def _follow(self, key: str, ros_id: str, on: bool) -> None:
        if not on:
            if end := self._followed.pop((key, ros_id), None):
                end()
        elif (key, ros_id) not in self._followed and len(self._followed) < 4 * IDS_MAX:
            row = self._rows[key]
            name = row.name.replace("<id>", topic_id(ros_id))
            self._followed[key, ros_id] = self.wire.subscribe(name, row.type, QOS[row.qos], _Heard(self, key, ros_id))

    def _send_goal(self, key: str, goal: dict[str, Any], done: Callable[[int, Any], None]) -> SentGoal | None:
        row = self._rows[key]
        return self.wire.send_goal(row.name, row.type, goal, done) if self.active else None

    def _feedback(self, key: str, goal_id: str, fields: dict[str, Any]) -> None:
        self._actions[key].feedback(goal_id, fields)

    def _end(self, key: str, goal_id: str, status: int, result: dict[str, Any]) -> None:
        self._actions[key].end(goal_id, status, result)


class _Heard:
    """Hands a row's messages to the logic while the node is active."""

    def __init__(self, node: BridgeNode, key: str, ros_id: str) -> None:
        self._node, self._key, self._id = node, key, ros_id

    def __call__(self, message: Any) -> None:
        if self._node.active:
            self._node.logic.on_topic(self._key, message, self._id)


class _Asked:
    """Hands a row's requests to the logic; refuses while the node is inactive."""

    def __init__(self, node: BridgeNode, row: Row) -> None:
        self._node, self._row = node, row

    def __call__(self, request: Any) -> dict[str, Any]:
        if self._node.active:
            return self._node.logic.on_service(self._row.key, request)
        name = "reason" if self._row.key == "send_intention" else "message"
        return {name: "the node is not active"}


class _Goals:
    """Hands a row's goals to the logic."""

    def __init__(self, node: BridgeNode, key: str) -> None:
        self._node, self._key = node, key

    def on_goal(self, goal_id: str, goal: Any) -> str:
        return self._node.logic.on_goal(self._key, goal_id, goal) if self._node.active else "the node is not active"

    def check(self, goal: Any) -> str:
        return self._node.logic.on_check(self._key, goal) if self._node.active else "the node is not active"

    def on_cancel(self, goal_id: str) -> None:
        self._node.logic.on_cancel(self._key, goal_id)


def run(node: str, logic_type: type[Logic], arguments: list[str]) -> None:
    """Run a node: on rclpy, or with `--wire cyclonedds` without ROS, where it is active at once."""
    name = f"attune_{node}"
    if "--wire" in arguments:
        at = arguments.index("--wire")
        kind, arguments = arguments[at + 1 : at + 2], arguments[:at] + arguments[at + 2 :]
        if kind == ["cyclonedds"]:
            from attune_bridge.wire_cyclonedds import CycloneWire

            bridge = BridgeNode(wire := CycloneWire(name, arguments), node, logic_type)
            bridge.configure()
            bridge.activate()
            wire.run(bridge.deactivate)
            return
        if kind != ["rclpy"]:
            raise SystemExit("--wire: rclpy or cyclonedds")
    from attune_bridge.wire_rclpy import run_lifecycle

    run_lifecycle(name, lambda wire: BridgeNode(wire, node, logic_type), arguments)
