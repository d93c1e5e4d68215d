"""Actions over `wire_cyclonedds`: three services and two topics each, as rcl_action lays them out. All on the wire's loop."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attune_bridge.contract import QOS
from attune_bridge.wire import ABORTED, CANCELED, CANCELING, EXECUTING, GoalHandler

if TYPE_CHECKING:
    from attune_bridge.wire_cyclonedds import CycloneWire

CANCEL = "action_msgs/srv/CancelGoal"
STATUS = "action_msgs/msg/GoalStatusArray"
REMEMBERED = 64
"""Ended goals that can still be asked for their result."""
UNKNOWN_GOAL, TERMINATED = 2, 3


class DdsActionServer:
    """One served action (`attune_bridge.wire.ActionServer`)."""

    def __init__(self, wire: CycloneWire, name: str, type_name: str, handler: GoalHandler) -> None:
        """Serve from now on."""
        self._type, self._handler = type_name, handler
        self._status: dict[str, int] = {}
        self._stamps: dict[str, dict[str, int]] = {}
        self._results: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, list[Callable[[dict[str, Any]], None]]] = {}
        self._wire = wire
        self._tell_status = wire.publisher(f"{name}/_action/status", STATUS, QOS["state"])
        self._tell_feedback = wire.publisher(f"{name}/_action/feedback", f"{type_name}_FeedbackMessage", QOS["event"])
        wire.serve(f"{name}/_action/send_goal", f"{type_name}_SendGoal", self._on_send)
        wire.serve(f"{name}/_action/cancel_goal", CANCEL, self._on_cancel)
        wire.serve_later(f"{name}/_action/get_result", f"{type_name}_GetResult", self._on_result)

    def feedback(self, goal_id: str, fields: dict[str, Any]) -> None:
        """Publish feedback."""
        self._tell_feedback({"goal_id": _uuid(goal_id), "feedback": fields})

    def end(self, goal_id: str, status: int, result: dict[str, Any]) -> None:
        """End a goal and answer who waits for its result."""
        if goal_id in self._results:
            return
        self._stamps.setdefault(goal_id, _stamp(self._wire.now_ns()))
        self._status[goal_id] = status
        self._results[goal_id] = {"status": status, "result": result}
        while len(self._results) > REMEMBERED:
            old = next(iter(self._results))
            for table in (self._results, self._status, self._stamps):
                table.pop(old, None)
        for answer in self._asked.pop(goal_id, []):
            answer(self._results[goal_id])
        self._publish_status()

    def _on_send(self, request: Any) -> dict[str, Any]:
        goal_id = bytes(request.goal_id.uuid).hex()
        stamp = _stamp(self._wire.now_ns())
        if goal_id in self._status:
            return {"accepted": False, "stamp": stamp}
        self._status[goal_id], self._stamps[goal_id] = EXECUTING, stamp
        refusal = self._handler.on_goal(goal_id, request.goal)
        if refusal:
            self._status.pop(goal_id, None)
            self._stamps.pop(goal_id, None)
            self._wire.log("warning", f"goal rejected: {refusal}")
            return {"accepted": False, "stamp": stamp}
        self._publish_status()
        return {"accepted": True, "stamp": stamp}

    def _on_cancel(self, request: Any) -> dict[str, Any]:
        goal_id = bytes(request.goal_info.goal_id.uuid).hex()
        running = [each for each in self._status if each not in self._results]
        if int(goal_id, 16):
            if goal_id not in self._status:
                return {"return_code": UNKNOWN_GOAL}
            if goal_id not in running:
                return {"return_code": TERMINATED}
            running = [goal_id]
        for each in running:
            self._status[each] = CANCELING
        self._publish_status()
        for each in running:
            self._handler.on_cancel(each)
        return {"goals_canceling": [{"goal_id": _uuid(each), "stamp": self._stamps.get(each, {})} for each in running]}

    def _on_result(self, request: Any, answer: Callable[[dict[str, Any]], None]) -> None:
        goal_id = bytes(request.goal_id.uuid).hex()
        if goal_id in self._results:
            answer(self._results[goal_id])
        elif goal_id in self._status:
            self._asked.setdefault(goal_id, []).append(answer)
        else:
            answer({"status": 0})

    def _publish_status(self) -> None:
        self._tell_status(
            {
                "status_list": [
                    {"goal_info": {"goal_id": _uuid(goal_id), "stamp": self._stamps.get(goal_id, {})}, "status": status}
                    for goal_id, status in self._status.items()
                ]
            }
        )


class DdsSentGoal:
    """One goal of ours (`attune_bridge.wire.SentGoal`)."""

    def __init__(self, wire: CycloneWire, name: str, type_name: str, done: Callable[[int, Any], None]) -> None:
        """Prepare; nothing is sent yet."""
        self.goal_id = secrets.token_hex(16)
        self._wire, self._name, self._type, self._done = wire, name, type_name, done
        self._send = wire.caller(f"{name}/_action/send_goal", f"{type_name}_SendGoal")
        self._ask = wire.caller(f"{name}/_action/get_result", f"{type_name}_GetResult")
        self._cancel = wire.caller(f"{name}/_action/cancel_goal", CANCEL)
        self._ended = False
        self.sent_s = time.monotonic()

    def send(self, goal: dict[str, Any]) -> bool:
        """Send it; return whether a server is there."""
        return self._send({"goal_id": _uuid(self.goal_id), "goal": goal}, self._on_answer)

    def cancel(self) -> None:
        """Ask for its end."""
        if not self._ended:
            self._cancel({"goal_info": {"goal_id": _uuid(self.goal_id)}}, lambda _: None)

    def _on_answer(self, response: Any) -> None:
        if not response.accepted or not self._ask(
            {"goal_id": _uuid(self.goal_id)}, lambda got: self._end(got.status, got.result)
        ):
            self._end(ABORTED, None)

    def _end(self, status: int, result: Any) -> None:
        if not self._ended:
            self._ended = True
            self._done(status if status else CANCELED, result)


def _uuid(goal_id: str) -> dict[str, bytes]:
    return {"uuid": bytes.fromhex(goal_id)}


def _stamp(time_ns: int) -> dict[str, int]:
    return {"sec": time_ns // 1_000_000_000, "nanosec": time_ns % 1_000_000_000}
