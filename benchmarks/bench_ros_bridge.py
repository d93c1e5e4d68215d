"""How long things take between ROS and the agent, over the bridge and DDS, with nodes of ours in processes of their own.

`python benchmarks/bench_ros_bridge.py [--seconds 10]` (extra `dds`). Both ends are on this machine's loopback; ROS's part is played by
cyclonedds. Prints p50 and p95 in milliseconds: a motor command from the house's bus to a ROS topic, joint states from ROS to the bus,
the answer to a service, the answer to a goal (one that is rejected).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import tests.ros.conftest  # noqa: F401 - DDS on loopback, before any participant is made
from runtime import messages as m

TOPIC = "sensor_msgs/msg/JointState"


def percentiles(values: list[float]) -> dict[str, float]:
    """Return p50, p95 and how many."""
    ordered = sorted(value for value in values if math.isfinite(value))
    return {
        "p50": round(ordered[len(ordered) // 2], 3),
        "p95": round(ordered[int(len(ordered) * 0.95)], 3),
        "n": len(ordered),
        "lost": len(values) - len(ordered),
    }


async def timed(begin: Callable[[], object], done: Callable[[], object]) -> float:
    """Return how long something took, ms, or infinity where it had not come after a second (a best-effort sample may be lost)."""
    began_ns = time.perf_counter_ns()
    begin()
    while not done():
        await asyncio.sleep(0)
        if time.perf_counter_ns() - began_ns > 1e9:
            return math.inf
    return (time.perf_counter_ns() - began_ns) / 1e6


async def measure(scene: object, seconds: float) -> dict[str, dict[str, float]]:
    """Run two nodes and time what passes, one thing after the other."""
    from attune_bridge.contract import QOS

    came: list[float] = []
    told, answered, rejected = [], [], []

    def on_command(message: object) -> None:
        stamp = message.header.stamp  # type: ignore[attr-defined]
        came.append((scene.ros.now_ns() - stamp.sec * 10**9 - stamp.nanosec) / 1e6)  # type: ignore[attr-defined]

    scene.ros.subscribe("agent/joint_commands", TOPIC, QOS["sensor"], on_command)
    measured = scene.house.bus.subscribe(m.JointMeasured)
    publish = scene.ros.publisher("joint_states", TOPIC, QOS["sensor"])
    await scene.start("body", "body:=ros")
    await scene.start("agent")
    await scene.until(lambda: came)
    came.clear()
    call = scene.ros.caller("agent/cancel_intention", "attune_msgs/srv/CancelIntention")
    await scene.until(lambda: call({"id": "none"}, lambda _: None))
    action = ("agent/follow_joint_trajectory", "control_msgs/action/FollowJointTrajectory")
    nonsense = {"trajectory": {"joint_names": ["neck_yaw"], "points": [{"positions": [math.nan]}]}}
    await scene.goal(*action, nonsense)
    state = {"name": ["neck_yaw", "neck_pitch"], "position": [0.0, 0.0]}
    answers: list[object] = []
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        measured.flush()
        told.append(await timed(lambda: publish(state), lambda: len(measured)))
        answers.clear()
        answered.append(await timed(lambda: call({"id": "none"}, answers.append), lambda: answers))
        answers.clear()
        send = partial(scene.ros.send_goal, *action, nonsense, lambda *end: answers.append(end))
        rejected.append(await timed(send, lambda: answers))
        await asyncio.sleep(0.02)
    return {
        "command_bus_to_topic_ms": percentiles(came),
        "joint_state_topic_to_bus_ms": percentiles(told),
        "service_ms": percentiles(answered),
        "goal_answer_ms": percentiles(rejected),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    from tests.ros.scenes import play

    arguments = parser.parse_args()
    figures: dict[str, object] = {}

    async def story(scene: object) -> None:
        figures.update(await measure(scene, arguments.seconds))

    with tempfile.TemporaryDirectory() as folder:
        play(Path(folder), "cyclonedds", story, limit_s=arguments.seconds + 60)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
