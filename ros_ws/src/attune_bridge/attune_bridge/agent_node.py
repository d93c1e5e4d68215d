"""The agent node: `ros2 run attune_bridge agent_node`, or without ROS `python -m attune_bridge.agent_node --wire cyclonedds`."""

from __future__ import annotations

import sys

from attune_bridge.agent_logic import AgentLogic
from attune_bridge.node import run


def main(arguments: list[str] | None = None) -> None:
    """Run until SIGINT or SIGTERM."""
    run("agent", AgentLogic, sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    main()
