"""Keeping a robot's parts apart while its pose is solved for: one linear bound for each two parts that are near each other.

MuJoCo's collision check with a margin finds what is near, about 30 microseconds; the rate at which two parts come nearer is linear in the
joints' steps, so a step may use up only part of the way that is left. This is what shapes the motion; the safety filter, which trusts
nobody, checks again. Confined to one thread.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from motion.embodiment.description import Float64

AHEAD_M = 0.042
"""Parts are looked at from so much further away than they are kept apart."""
GAIN = 0.5
"""Share of the way to that distance that one step may use, and of what is missing that it makes good."""
TOO_NEAR_M = 0.02
"""A step that leads nearer than this, since it was too long for straight lines, is shortened."""
PUSH_M = 0.01
"""Most that a step makes good."""


class Apart:
    """Bounds of one robot's steps."""

    def __init__(self, model: Any, apart_m: float) -> None:
        """Take a model, which is not changed, and how far its parts are kept apart."""
        import mujoco

        self.model = copy.copy(model)
        self._apart_m, self._near_m = apart_m, apart_m + AHEAD_M
        self.model.geom_margin[:] = self._near_m / 2.0
        self._collide, self._jacobian_of = mujoco.mj_collision, mujoco.mj_jac
        self._one, self._other = np.zeros((3, model.nv)), np.zeros((3, model.nv))
        self._body = np.array(model.geom_bodyid)

    def nearest_m(self, data: Any) -> float:
        """Look at a pose, the kinematics of `data` done; return how far apart its nearest parts are, no more than is looked at."""
        self._collide(self.model, data)
        return float(data.contact.dist[: data.ncon].min()) if data.ncon else self._near_m

    def bounds(self, data: Any) -> tuple[Float64, Float64]:
        """Return rows [near, joints] and the least that each may come to with a step from the pose that was last looked at."""
        count = int(data.ncon)
        rows = np.zeros((count, self.model.nv))
        if not count:
            return rows, np.zeros(0)
        near = data.contact
        bodies, where, normals = self._body[near.geom[:count]].tolist(), near.pos, near.frame[:count, :3]
        for number, (one, other) in enumerate(bodies):
            self._jacobian_of(self.model, data, self._one, None, where[number], one)
            self._jacobian_of(self.model, data, self._other, None, where[number], other)
            rows[number] = normals[number] @ (self._other - self._one)
        least: Float64 = np.minimum(GAIN * (self._apart_m - near.dist[:count]), PUSH_M)
        return rows, least
