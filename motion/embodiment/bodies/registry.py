"""Drivers of bodies by name: `mujoco:attune`, `mujoco:unitree_g1`, `mujoco:my_robot.yaml`."""

from __future__ import annotations

from motion.embodiment.bodies import catalogue
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.contract import Embodiment
from runtime.clock import Clock


def open_body(name: str, clock: Clock) -> Embodiment:
    """Return the driver of a body by name; nothing is reached yet. Raises AttuneError for an unknown one."""
    return SimulatedBody(clock, catalogue.find(name))
