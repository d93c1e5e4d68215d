"""The installed programs `agent_node`, `perception_node` and `body_node`: what they say before anything that may be missing is imported.

`--help` needs neither ROS nor Attune. A library that is missing is one line with the mend and exit status 1, not a traceback.
"""

from __future__ import annotations

import importlib
import sys

PURPOSES = {
    "agent_node": "the agent's state, speech and intentions",
    "perception_node": "people, words, sound and pictures, from the agent to ROS or from ROS to the agent",
    "body_node": "joints, trajectories and stops of the agent's body",
}
USAGE = """usage: {name} [--wire rclpy | --wire cyclonedds] [--ros-args -p NAME:=VALUE -r FROM:=TO --params-file FILE]

Joins Attune's agent to ROS 2: {purpose}.

  --wire rclpy       a lifecycle node of ROS (the default); attune_bringup's launch files configure and activate it
  --wire cyclonedds  the same over DDS without ROS, active at once
"""
MENDS = {
    "rclpy": "source ROS's setup.bash, or give --wire cyclonedds",
    "runtime": "pip install attune, into the Python that runs this program",
    "msgspec": "pip install attune, into the Python that runs this program",
    "zmq": "pip install attune, into the Python that runs this program",
    "cyclonedds": "pip install 'attune[dds]'",
    "rosbags": "pip install 'attune[dds]'",
}
"""By the library that is missing; other packages are ROS's and come by rosdep."""


def agent_node() -> int:
    """Run the agent's node."""
    return _run("agent_node")


def perception_node() -> int:
    """Run perception's node."""
    return _run("perception_node")


def body_node() -> int:
    """Run the body's node."""
    return _run("body_node")


def _run(name: str) -> int:
    arguments = sys.argv[1:]
    if "-h" in arguments or "--help" in arguments:
        print(USAGE.format(name=name, purpose=PURPOSES[name]), end="")
        return 0
    try:
        importlib.import_module(f"attune_bridge.{name}").main(arguments)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if not missing or missing == "attune_bridge":
            raise
        mend = MENDS.get(missing, f"rosdep install --from-paths src -y, or apt install the package of {missing}")
        print(f"{name}: {missing} is not installed for {sys.executable}. {mend}", file=sys.stderr)
        return 1
    return 0
