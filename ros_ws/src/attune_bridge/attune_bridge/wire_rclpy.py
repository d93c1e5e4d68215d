"""The wire on a ROS machine: a lifecycle node of rclpy, for Humble (Python 3.10) and Jazzy (3.12).

One single-threaded executor calls everything. Timers go by the machine's steady clock, so that beats to the house do not stop where
`use_sim_time` is set and the simulation pauses; stamps are the node's clock. The node's logic is made when it is configured and runs while
it is active.
"""

from __future__ import annotations

import contextlib
import select
import threading
from collections.abc import Callable
from typing import Any

import rclpy
from rclpy.action import ActionClient, ActionServer, CancelResponse, GoalResponse
from rclpy.clock import Clock, ClockType
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode, TransitionCallbackReturn
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

from attune_bridge.contract import QOS, Qos
from attune_bridge.rclpy_fields import fill, ros_type
from attune_bridge.wire import ABORTED, CANCELED, SUCCEEDED, GoalHandler, Publish, SentGoal
from runtime.errors import AttuneError

STATUS = "action_msgs/msg/GoalStatusArray"


class RclpyWire:
    """One node (`attune_bridge.wire.Wire`)."""

    def __init__(self, node: LifecycleNode) -> None:
        """Work through a node that others spin."""
        self.node = node
        self.counters = {"published": 0, "received": 0, "unreadable": 0, "unwritable": 0}
        self._clients: dict[str, Any] = {}

    def parameter(self, name: str, default: Any) -> Any:
        """Declare a parameter where it is not yet, and return it."""
        if not self.node.has_parameter(name):
            self.node.declare_parameter(name, default)
        return self.node.get_parameter(name).value

    def now_ns(self) -> int:
        """Return the node's time."""
        return int(self.node.get_clock().now().nanoseconds)

    def publisher(self, name: str, type_name: str, qos: Qos) -> Publish:
        """Return what publishes on a topic."""
        kind = ros_type(type_name)
        publisher = self.node.create_publisher(kind, name, _profile(qos))

        def publish(fields: dict[str, Any]) -> None:
            try:
                message = fill(kind(), fields)
            except (ValueError, TypeError, AssertionError, OverflowError):
                self.counters["unwritable"] += 1
                return
            publisher.publish(message)
            self.counters["published"] += 1

        return publish

    def subscribe(self, name: str, type_name: str, qos: Qos, callback: Callable[[Any], None]) -> Callable[[], None]:
        """Hand each message to a function."""
        subscription = self.node.create_subscription(
            ros_type(type_name), name, lambda message: self._guard(callback, message), _profile(qos)
        )
        return lambda: self.node.destroy_subscription(subscription)

    def serve(self, name: str, type_name: str, handler: Callable[[Any], dict[str, Any]]) -> None:
        """Answer each request."""
        self.node.create_service(ros_type(type_name), name, lambda request, response: fill(response, handler(request)))

    def call(self, name: str, type_name: str, fields: dict[str, Any], done: Callable[[Any], None]) -> None:
        """Call a service."""
        kind = ros_type(type_name)
        if name not in self._clients:
            self._clients[name] = self.node.create_client(kind, name)
        future = self._clients[name].call_async(fill(kind.Request(), fields))
        future.add_done_callback(lambda answered: done(answered.result()))

    def serve_action(self, name: str, type_name: str, handler: GoalHandler) -> _RclpyActionServer:
        """Serve an action."""
        return _RclpyActionServer(self, name, type_name, handler)

    def send_goal(
        self, name: str, type_name: str, goal: dict[str, Any], done: Callable[[int, Any], None]
    ) -> SentGoal | None:
        """Send a goal."""
        kind = ros_type(type_name)
        if name not in self._clients:
            self._clients[name] = ActionClient(self.node, kind, name)
        client = self._clients[name]
        if not client.server_is_ready():
            return None
        return _RclpySentGoal(client.send_goal_async(fill(kind.Goal(), goal)), done)

    def every(self, period_s: float, callback: Callable[[], None]) -> None:
        """Call a function again and again."""
        self.node.create_timer(period_s, callback, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def watch(self, descriptor: int, callback: Callable[[], None]) -> Callable[[], None]:
        """Call a function when a descriptor becomes readable; a thread waits for that and wakes the executor."""
        called, ended = threading.Event(), threading.Event()

        def on_executor() -> None:
            if not ended.is_set():
                callback()
            called.set()

        guard = self.node.create_guard_condition(on_executor)

        def wait() -> None:
            while not ended.is_set():
                readable, _, _ = select.select([descriptor], [], [], 0.1)
                if readable and not ended.is_set():
                    called.clear()
                    guard.trigger()
                    called.wait(0.5)

        thread = threading.Thread(target=wait, name="attune bridge", daemon=True)
        thread.start()

        def end() -> None:
            ended.set()
            called.set()
            thread.join()  # before its descriptor is closed, and perhaps another's
            self.node.destroy_guard_condition(guard)

        return end

    def log(self, level: str, text: str) -> None:
        """Say it in the node's log."""
        logger = self.node.get_logger()
        {"info": logger.info, "warning": logger.warning, "error": logger.error}[level](text)

    def run(self) -> None:
        """Not here: `run_lifecycle` spins the node."""
        raise NotImplementedError

    def stop(self) -> None:
        """Let the executor end."""
        rclpy.try_shutdown()

    def _guard(self, callback: Callable[[Any], None], message: Any) -> None:
        self.counters["received"] += 1
        try:
            callback(message)
        except (ValueError, TypeError, OverflowError, KeyError, AttributeError) as error:
            self.counters["unreadable"] += 1
            self.log("warning", f"not understood: {type(error).__name__}")


class _RclpyActionServer:
    """One served action (`attune_bridge.wire.ActionServer`)."""

    def __init__(self, wire: RclpyWire, name: str, type_name: str, handler: GoalHandler) -> None:
        self._kind, self._handler, self._wire = ros_type(type_name), handler, wire
        self._running: dict[str, Any] = {}
        self._ends: dict[str, tuple[int, dict[str, Any]]] = {}
        self._ended: set[str] = set()
        # rclpy tells the status of goals of this life only; those of an earlier one are told beside it.
        self._tell_status = wire.publisher(f"{name}/_action/status", STATUS, QOS["state"])
        self._server = ActionServer(
            wire.node,
            self._kind,
            name,
            execute_callback=self._finish,
            goal_callback=self._on_goal,
            handle_accepted_callback=self._on_accepted,
            cancel_callback=self._on_cancel,
        )

    def feedback(self, goal_id: str, fields: dict[str, Any]) -> None:
        if goal_id in self._running:
            self._running[goal_id].publish_feedback(fill(self._kind.Feedback(), fields))

    def end(self, goal_id: str, status: int, result: dict[str, Any]) -> None:
        if goal_id in self._ended:
            return
        self._ended.add(goal_id)
        if goal_id not in self._running:
            info = {"goal_info": {"goal_id": {"uuid": list(bytes.fromhex(goal_id))}}, "status": status}
            self._tell_status({"status_list": [info]})
            return
        self._ends[goal_id] = (status, result)
        self._running.pop(goal_id).execute()

    def _on_goal(self, goal: Any) -> GoalResponse:
        refusal = self._handler.check(goal)
        if refusal:
            self._wire.log("warning", f"goal rejected: {refusal}")
        return GoalResponse.REJECT if refusal else GoalResponse.ACCEPT

    def _on_accepted(self, handle: Any) -> None:
        # Not executed before its end is known: a callback that waits for that would keep the executor of rclpy busy all the while.
        goal_id = bytes(handle.goal_id.uuid).hex()
        self._running[goal_id] = handle
        refusal = self._handler.on_goal(goal_id, handle.request)
        if refusal:
            self.end(
                goal_id, ABORTED, {"error_string": refusal} if hasattr(self._kind.Result(), "error_string") else {}
            )

    def _finish(self, handle: Any) -> Any:
        status, result = self._ends.pop(bytes(handle.goal_id.uuid).hex())
        if status == SUCCEEDED:
            handle.succeed()
        elif status == CANCELED and handle.is_cancel_requested:
            handle.canceled()
        else:
            handle.abort()
        return fill(self._kind.Result(), result)

    def _on_cancel(self, handle: Any) -> CancelResponse:
        goal_id = bytes(handle.goal_id.uuid).hex()
        # After the answer, since rclpy changes the goal's state only then.
        self._wire.node.executor.create_task(self._handler.on_cancel, goal_id)
        return CancelResponse.ACCEPT


class _RclpySentGoal:
    """One goal of ours (`attune_bridge.wire.SentGoal`)."""

    def __init__(self, sent: Any, done: Callable[[int, Any], None]) -> None:
        self._done, self._handle, self._cancelled = done, None, False
        sent.add_done_callback(self._on_answer)

    def cancel(self) -> None:
        self._cancelled = True
        if self._handle is not None:
            self._handle.cancel_goal_async()

    def _on_answer(self, sent: Any) -> None:
        handle = sent.result()
        if handle is None or not handle.accepted:
            self._done(ABORTED, None)
            return
        self._handle = handle
        if self._cancelled:
            handle.cancel_goal_async()
        handle.get_result_async().add_done_callback(lambda got: self._done(got.result().status, got.result().result))


class _Node(LifecycleNode):  # type: ignore[misc] # of no known type where ROS is not installed
    """The lifecycle around one `attune_bridge.node.BridgeNode`."""

    def __init__(self, name: str, make: Callable[[RclpyWire], Any]) -> None:
        super().__init__(name)
        self._make = make
        self._bridge: Any = None

    def on_configure(self, state: Any) -> TransitionCallbackReturn:
        try:
            if self._bridge is None:
                self._bridge = self._make(RclpyWire(self))
                self._bridge.configure()
        except AttuneError as error:
            self.get_logger().error(str(error))
            return TransitionCallbackReturn.FAILURE
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: Any) -> TransitionCallbackReturn:
        try:
            self._bridge.activate()
        except AttuneError as error:
            self.get_logger().error(str(error))
            return TransitionCallbackReturn.FAILURE
        return super().on_activate(state)

    def on_deactivate(self, state: Any) -> TransitionCallbackReturn:
        self._bridge.deactivate()
        return super().on_deactivate(state)

    def on_shutdown(self, state: Any) -> TransitionCallbackReturn:
        if self._bridge is not None:
            self._bridge.deactivate()
        return TransitionCallbackReturn.SUCCESS


def run_lifecycle(name: str, make: Callable[[RclpyWire], Any], arguments: list[str]) -> None:
    """Spin a lifecycle node until SIGINT, SIGTERM or shutdown."""
    rclpy.init(args=arguments)
    node = _Node(name, make)
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        executor.spin()
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        if node._bridge is not None:
            with contextlib.suppress(Exception):  # where a signal has ended the context, nothing can be told any more
                node._bridge.deactivate()
        executor.shutdown()
        node.destroy_node()
        rclpy.try_shutdown()


def _profile(qos: Qos) -> QoSProfile:
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=qos.depth,
        reliability=ReliabilityPolicy.RELIABLE if qos.reliable else ReliabilityPolicy.BEST_EFFORT,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if qos.latched else DurabilityPolicy.VOLATILE,
    )
