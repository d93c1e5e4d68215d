"""The perception node: `ros2 run attune_bridge perception_node`; without ROS `-m attune_bridge.perception_node --wire cyclonedds`."""

from __future__ import annotations

import sys

from attune_bridge.node import run
from attune_bridge.perception_logic import PerceptionLogic


def main(arguments: list[str] | None = None) -> None:
    """Run until SIGINT or SIGTERM."""
    run("perception", PerceptionLogic, sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    main()
