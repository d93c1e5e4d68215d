"""Writes docs/ros.md, the table of all topics, services and actions, from the bridge's contract.

Run as `python scripts/ros_interfaces.py` after a change of `attune_bridge/contract.py`; a test holds the document to the contract.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BRIDGE = ROOT / "ros_ws" / "src" / "attune_bridge"
DOCUMENT = ROOT / "docs" / "ros.md"
HEAD = """# ROS 2

`attune run --bridge` (and `--body NAME`) lets the nodes of `ros_ws/` take part in a session; building, launch files, DDS settings and frames:
[ros_ws/README.md](../ros_ws/README.md). Recordings as rosbags: [rosbag.md](rosbag.md). Simple clients without ROS: [intentions.md](intentions.md).

## Interfaces
All that the three nodes of `attune_bridge` publish, subscribe to, serve and call; made by `python scripts/ros_interfaces.py` from
`ros_ws/src/attune_bridge/attune_bridge/contract.py`, which both adapters (rclpy; cyclonedds without ROS) read. Relative names lie in the
node's namespace; `<id>` is a person's, face's or voice's by REP-155. Units: metres, radians, seconds; frames by REP-103, REP-105, REP-120
and REP-155; stamps are ROS time (`/clock` with `use_sim_time`). Type hashes (RIHS01) stand in the contract. Parameters:
`ros_ws/src/attune_bringup/config/`.
"""
NODES = {
    "agent": "its state, speech, intentions, stops",
    "perception": "people, words, sound and pictures",
    "body": "joints, trajectories, looking at points",
}
DIRECTIONS = {
    ("topic", "out"): "published",
    ("topic", "in"): "subscribed",
    ("service", "in"): "served",
    ("service", "out"): "called",
    ("action", "in"): "served",
    ("action", "out"): "called",
}


def document(contract: Any) -> str:
    """Return the document's text."""
    parts = [HEAD]
    for node, what in NODES.items():
        parts.append(f"\n### attune_{node}: {what}\n| name | | type | QoS | |\n|---|---|---|---|---|\n")
        for row in contract.rows_of(node):
            kind = "" if row.kind == "topic" else f" {row.kind}"
            direction = DIRECTIONS[row.kind, row.direction]
            parts.append(f"| `{row.name}` | {direction}{kind} | `{row.type}` | {row.qos} | {row.what} |\n")
    parts.append("\n### QoS\n| name | |\n|---|---|\n")
    parts += [f"| {name} | {qos.what} |\n" for name, qos in contract.QOS.items()]
    parts.append("\nOf an action, its three services have `service`, feedback has `event`, status has `state`.\n")
    return "".join(parts)


def contract() -> Any:
    """Return the bridge's contract module."""
    if str(BRIDGE) not in sys.path:
        sys.path.insert(0, str(BRIDGE))
    return importlib.import_module("attune_bridge.contract")


if __name__ == "__main__":
    DOCUMENT.write_text(document(contract()), encoding="utf-8")
