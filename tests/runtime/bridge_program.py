"""An outside program for tests: joins, sends one joint goal of two seconds, and keeps polling until it is killed."""

import struct
import sys
import time

from runtime import messages as m
from runtime.bridge_client import BridgeClient

client = BridgeClient(sys.argv[1], "ros", [m.JointGoalAnswer, m.JointCommand])
sent = False
while True:
    for item in client.poll():
        if isinstance(item, m.JointGoalAnswer):
            print(item.goal_id, item.state, flush=True)
    if client.joined and not sent:
        sent = client.send(
            m.JointGoal(
                goal_id="g1", joints=("neck_yaw",), time_from_start_ms=(2_000.0,), position_rad=struct.pack("<f", 0.8)
            )
        )
    time.sleep(0.005)
