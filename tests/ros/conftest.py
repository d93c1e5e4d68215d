"""Tests of the ROS 2 packages without ROS: the package on the path, and DDS on loopback in a domain of this process's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

BRIDGE = Path(__file__).resolve().parents[2] / "ros_ws" / "src" / "attune_bridge"
sys.path.insert(0, str(BRIDGE))

# Before any participant is made. A participant that was killed is gone for the others after a second.
os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 101)
os.environ["CYCLONEDDS_URI"] = (
    "<CycloneDDS><Domain><General><Interfaces><NetworkInterface name='lo'/></Interfaces><AllowMulticast>false</AllowMulticast></General>"
    "<Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>20</MaxAutoParticipantIndex>"
    "<LeaseDuration>1s</LeaseDuration><Peers><Peer address='127.0.0.1'/></Peers></Discovery></Domain></CycloneDDS>"
)


@pytest.fixture(params=["cyclonedds", "rclpy"])
def adapter(request):
    """Return the middleware of our nodes."""
    if request.param == "rclpy":
        pytest.importorskip("rclpy", reason="rclpy is not installed")
    return request.param
