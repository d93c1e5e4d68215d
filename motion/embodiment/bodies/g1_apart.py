"""What keeps a real G1's parts from each other: the model that `mujoco:unitree_g1` is made of, where it is on this machine.

Our description of its motors and the model's joints are matched by name (the model's end in `_joint`), whatever their order. The model's
legs stand straight and it has rubber hands; a robot with others, or that stands otherwise, is not quite the same. Compiled once in a
process, about two seconds, blocking. Where the model, MuJoCo or a joint is missing, `Missing` says why; nothing is raised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from motion.embodiment.bodies import catalogue
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.bodies.simulated import TOUCH_MARGIN_M
from motion.embodiment.description import BodyDescription, Float64
from motion.embodiment.retarget.avoidance import SelfCollisionAvoidance
from motion.embodiment.safety.collision import SelfCollision
from runtime.errors import AttuneError

MODEL, ENDING = "unitree_g1", "_joint"


@dataclass(frozen=True, slots=True)
class Apart:
    """How far apart its nearest parts are in a pose [joints], and targets in which they do not touch. One thread."""

    clearance_m: Callable[[Float64], float]
    target: Callable[[Float64], Float64]


@dataclass(frozen=True, slots=True)
class Missing:
    """Why nothing can be known of it, and what would help."""

    why: str
    mend: str


@cache
def _robot() -> RobotModel:
    return catalogue.find(MODEL)


def apart(body: BodyDescription) -> Apart | Missing:
    """Return what there is for a body whose joints are named as its motors."""
    try:
        robot = _robot()
        named = {name.removesuffix(ENDING): name for name in robot.description.names}
        if lacking := [name for name in body.names if name not in named]:
            return Missing(
                f"the model {MODEL} has no joint for {', '.join(lacking)}", f"mend launch/bodies/{MODEL}.yaml"
            )
        collision = SelfCollision(robot.make(), [named[name] for name in body.names], TOUCH_MARGIN_M)
    except AttuneError as error:
        return Missing(error.message, error.mend)
    limbs = [[name.removesuffix(ENDING) for name in limb] for limb in robot.limbs]
    ours = [[name for name in limb if name in body.names] for limb in limbs]
    return Apart(collision.clearance_m, SelfCollisionAvoidance(body, collision.clearance_m, ours).target)
