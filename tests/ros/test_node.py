"""A node's times: the house's, ROS time, and one by which it is noticed that ROS time was set."""

import time
from types import SimpleNamespace

import pytest
from attune_bridge.body_logic import BodyLogic
from attune_bridge.node import BridgeNode


@pytest.mark.parametrize("simulated", [False, True])
def test_the_steady_time_is_the_machines_and_with_a_simulator_whose_clock_goes_in_steps_that_clock(simulated):
    wire = SimpleNamespace(
        parameter=lambda name, default: simulated if name == "use_sim_time" else default,
        log=lambda level, text: None,
        now_ns=lambda: 1_234,
    )
    node = BridgeNode(wire, "body_node", BodyLogic)
    before_ns = time.monotonic_ns()
    steady_ns = node.steady_ns()
    assert steady_ns == 1_234 if simulated else before_ns <= steady_ns <= time.monotonic_ns()
