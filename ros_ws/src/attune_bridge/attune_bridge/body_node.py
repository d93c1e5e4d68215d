"""The body node: `ros2 run attune_bridge body_node`, or without ROS `python -m attune_bridge.body_node --wire cyclonedds`."""

from __future__ import annotations

import sys

from attune_bridge.body_logic import BodyLogic
from attune_bridge.node import run


def main(arguments: list[str] | None = None) -> None:
    """Run until SIGINT or SIGTERM."""
    run("body", BodyLogic, sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    main()
