"""Bodies by name: `mujoco:attune`."""

from __future__ import annotations

from motion.embodiment.bodies import catalogue
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.contract import Embodiment
from runtime.clock import Clock
from runtime.errors import AttuneError


def open_body(name: str, clock: Clock) -> Embodiment:
    """Return the driver of a body by name; nothing is reached yet. Raises AttuneError for an unknown one."""
    robot = simulated_robot(name)
    if robot is not None:
        return SimulatedBody(clock, robot)
    raise AttuneError(f"there is no body {name!r}", "Use mujoco:attune")


def check_body(name: str) -> None:
    """Raise AttuneError where there is no such body."""
    simulated_robot(name)


def simulated_robot(name: str) -> RobotModel | None:
    """Return the robot of a simulated body's name, None for other kinds. Raises AttuneError where it is unknown or not here."""
    kind, _, robot = name.rpartition(":")
    return catalogue.find(robot) if kind in ("", "mujoco") else None
