"""A body as MuJoCo knows it, with all that a driver of it needs: our own humanoid and every mapped robot come in this one form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from motion.embodiment.bodies.mapping import Figure
from motion.embodiment.description import BodyDescription
from motion.embodiment.retarget.avoidance import AIM_APART_M
from motion.embodiment.retarget.contract import Retargeting

if TYPE_CHECKING:
    import mujoco


@dataclass(frozen=True, slots=True)
class RobotModel:
    """A body that can be simulated.

    Attributes:
        description: what it is.
        make: compiles its model, anew with each call: a hinge and a position actuator for each joint of the description, of its name;
            actuators in its order. Raises ImportError where MuJoCo is not installed.
        limbs: names of joints that move a part of their own, as `SelfCollisionAvoidance` takes them.
        lag_s: by how much a joint follows its command late.
        retargeting: makes a way from the agent's skeleton to its joints.
        figure: which of its bodies are which part of a person.
        apart_m: how far its retargeting keeps its parts apart.
    """

    description: BodyDescription
    make: Callable[[], mujoco.MjModel]
    limbs: tuple[tuple[str, ...], ...]
    lag_s: float
    retargeting: Callable[[], Retargeting]
    figure: Figure
    apart_m: float = AIM_APART_M
