"""How near to touching itself a body is in a pose, by a MuJoCo model of it with a margin around every part.

Only kinematics and the collision check run, no physics: about 20 microseconds for our humanoid. Confined to one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from motion.embodiment.description import Float64
from motion.embodiment.engine import load_mujoco

if TYPE_CHECKING:
    import mujoco


class SelfCollision:
    """A model that is only ever posed."""

    def __init__(self, model: str | mujoco.MjModel | mujoco.MjSpec, joints: Sequence[str], margin_m: float) -> None:
        """Load a model.

        Args:
            model: its XML, its specification, or the compiled model, which is then this object's own: its margins change.
            joints: their names, in the order of the poses that are asked for.
            margin_m: up to this distances are told.

        Raises:
            AttuneError: MuJoCo is not installed.
        """
        mujoco = load_mujoco("a check for self-collision")
        self._mujoco = mujoco
        if isinstance(model, str):
            model = mujoco.MjModel.from_xml_string(model)
        self._model = model.compile() if isinstance(model, mujoco.MjSpec) else model
        self.margin_m = margin_m
        self._model.geom_margin[:] = margin_m / 2.0  # of a pair they add up
        self._model.body_margin[:] = margin_m / 2.0  # what is looked at first; not kept in step by MuJoCo
        self._data = mujoco.MjData(self._model)
        self._rows = np.array([int(self._model.joint(name).qposadr[0]) for name in joints])
        self._qpos = self._data.qpos

    def clearance_m(self, position_rad: Float64) -> float:
        """Return how far apart the nearest two parts are in a pose, [joints]: below 0 they overlap; at most the margin."""
        if self._contacts(position_rad) == 0:
            return self.margin_m
        nearest_m: float = min(self.margin_m, *self._data.contact.dist.tolist())  # a few: quicker than by an array
        return nearest_m

    def touching(self, position_rad: Float64) -> list[tuple[str, str]]:
        """Return which parts touch in a pose."""
        self._contacts(position_rad)
        contacts = self._data.contact[: self._data.ncon]
        return [
            (self._model.geom(one.geom1).name, self._model.geom(one.geom2).name) for one in contacts if one.dist < 0
        ]

    def _contacts(self, position_rad: Float64) -> int:
        self._qpos[self._rows] = position_rad
        self._mujoco.mj_kinematics(self._model, self._data)
        self._mujoco.mj_collision(self._model, self._data)
        return int(self._data.ncon)
