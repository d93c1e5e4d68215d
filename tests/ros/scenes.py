"""A scene for tests: a house with its bridge and a small body, one of our nodes as a process, and this process as the rest of ROS."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from attune_bridge.wire_cyclonedds import CycloneWire

from tests.runtime.bridge_house import house_of

ROOT = Path(__file__).resolve().parents[2]


def _spawn(command, environment):
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    os.set_blocking(process.stderr.fileno(), False)
    return process


class Scene:
    def __init__(self, house, ros, wire):
        self.house, self.ros, self.adapter = house, ros, wire
        self.nodes, self.logs = [], {}

    async def start(self, node, *parameters):
        """Start one of our nodes on the adapter under test."""
        path = os.pathsep.join([str(ROOT), str(ROOT / "ros_ws" / "src" / "attune_bridge")])
        command = [sys.executable, "-m", f"attune_bridge.{node}_node", "--wire", self.adapter, "--ros-args"]
        for parameter in (f"endpoint:={self.house.endpoint}", *parameters):
            command += ["-p", parameter]
        environment = {**os.environ, "PYTHONPATH": path, "RMW_IMPLEMENTATION": "rmw_cyclonedds_cpp"}
        process = _spawn(command, environment)
        self.nodes.append(process)
        if self.adapter == "rclpy":
            for transition in (1, 3):  # configure, activate
                change = {"transition": {"id": transition}}
                await self.call(f"/attune_{node}/change_state", "lifecycle_msgs/srv/ChangeState", change)
        await self.until(lambda: "joined the agent" in self.log(process), what="the node does not join the house")
        return process

    def log(self, process):
        """Return what a node has written so far."""
        self.logs[process] = self.logs.get(process, b"") + (process.stderr.read() or b"")
        return self.logs[process].decode()

    def heard(self, name, type_name, qos):
        """Return the list into which messages of a topic come."""
        messages = []
        self.ros.subscribe(name, type_name, qos, messages.append)
        return messages

    async def until(self, condition, timeout_s=15.0, what="did not happen"):
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (value := condition()):
            assert asyncio.get_running_loop().time() < deadline, f"{what}; {[self.log(node) for node in self.nodes]}"
            for node in self.nodes:
                assert node.poll() in (None, -9), self.log(node)[-2_000:]
            await asyncio.sleep(0.005)
        return value

    async def call(self, name, type_name, fields):
        """Call a service once its server is there; return the response."""
        call, answers = self.ros.caller(name, type_name), []
        await self.until(lambda: call(fields, answers.append), what=f"no server of {name}")
        return await self.until(lambda: answers and answers[0], what=f"no answer of {name}")

    async def goal(self, name, type_name, fields):
        """Send a goal once its server is there; return the list into which its end comes, and the goal."""
        ends = []
        sent = await self.until(lambda: self.ros.send_goal(name, type_name, fields, lambda *end: ends.append(end)))
        return ends, sent


def play(folder, adapter, story, limit_s=40.0, **options):
    """Run an async story with a scene."""

    async def main():
        async with house_of(folder, **options) as house:
            ros = CycloneWire("peer", [], loop=asyncio.get_running_loop())
            scene = Scene(house, ros, adapter)
            try:
                return await asyncio.wait_for(story(scene), limit_s)
            finally:
                for node in scene.nodes:
                    node.kill()
                    node.wait()
                    node.stderr.close()
                ros.close()

    return asyncio.run(main())
