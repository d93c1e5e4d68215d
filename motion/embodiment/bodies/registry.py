"""Bodies by name: `mujoco:attune`."""

from __future__ import annotations

from motion.embodiment.bodies.simulated import SimulatedBody
from motion.embodiment.contract import Embodiment
from runtime.clock import Clock
from runtime.errors import AttuneError


def open_body(name: str, clock: Clock) -> Embodiment:
    """Return the driver of a body by name; nothing is reached yet. Raises AttuneError for an unknown one."""
    if name in ("attune", "mujoco:attune"):
        return SimulatedBody(clock)
    raise AttuneError(f"there is no body {name!r}", "Use mujoco:attune")
