"""What is asked of a robot, as mink's solver takes it: that a body is turned so, that a line between two of its points points there.

Each task gives a weighted Jacobian and a weighted residual about the present pose; the error is the rotation vector from what is wanted to
what is, so it does not vanish at half a turn. Only MuJoCo is imported, and only where a task is made.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from motion.embodiment.description import Float64
from motion.quaternions import (
    IDENTITY,
    Quaternion,
    Vector,
    from_columns,
    inverse,
    multiply,
    rotation_vector,
)

Residual = tuple[Float64, Float64, float]
Spot = tuple[int, Float64 | None]
"""A body's number and a point in its frame; None for its origin."""


class OrientationTask:
    """A body's orientation in the world."""

    def __init__(self, model: Any, body: str, cost: float) -> None:
        """Ask nothing yet but to stand upright."""
        import mujoco

        self._jacobian_of = mujoco.mj_jacBody
        self._body = int(model.body(body).id)
        self._jacobian = np.zeros((3, model.nv))
        self.cost = cost
        self.target: Quaternion = IDENTITY

    def compute_qp_residual(self, configuration: Any) -> Residual:
        """Return the weighted Jacobian, the weighted residual and no damping."""
        self._jacobian_of(configuration.model, configuration.data, None, self._jacobian, self._body)
        w, x, y, z = configuration.data.xquat[self._body].tolist()
        error = rotation_vector(multiply((x, y, z, w), inverse(self.target)))
        return self.cost * self._jacobian, np.array(error) * -self.cost, 0.0


class DirectionTask:
    """The direction from one point of the robot to another."""

    def __init__(self, model: Any, start: Spot, end: Spot, cost: float) -> None:
        """Ask nothing yet but to hang."""
        import mujoco

        self._jacobian_of = mujoco.mj_jac
        self._start, self._end = start, end
        self._jacobians = np.zeros((3, model.nv)), np.zeros((3, model.nv))
        self.cost = cost
        self.target: Vector = (0.0, 0.0, -1.0)

    def at(self, data: Any) -> Float64:
        """Return the line from the first point to the second, as it is, metres."""
        line: Float64 = where(data, self._end) - where(data, self._start)
        return line

    def compute_qp_residual(self, configuration: Any) -> Residual:
        """Return the weighted Jacobian, the weighted residual and no damping."""
        model, data = configuration.model, configuration.data
        start, end = where(data, self._start), where(data, self._end)
        self._jacobian_of(model, data, self._jacobians[0], None, start, self._start[0])
        self._jacobian_of(model, data, self._jacobians[1], None, end, self._end[0])
        x, y, z = (end - start).tolist()
        length = max(math.sqrt(x * x + y * y + z * z), 1e-6)
        x, y, z = x / length, y / length, z / length
        a, b, c = self.target
        cross = (b * z - c * y, c * x - a * z, a * y - b * x)
        sine = math.sqrt(cross[0] * cross[0] + cross[1] * cross[1] + cross[2] * cross[2])
        scale = math.atan2(sine, a * x + b * y + c * z) / sine if sine > 1e-9 else 1.0
        turn = np.array(((0.0, -z, y), (z, 0.0, -x), (-y, x, 0.0)))
        return (
            (self.cost / length) * (turn @ (self._jacobians[1] - self._jacobians[0])),
            np.array(cross) * (-self.cost * scale),
            0.0,
        )


def upright(configuration: Any, body: str) -> Quaternion:
    """Return the orientation of a body in a configuration: at zero, what it is when a person stands upright looking forward."""
    w, x, y, z = configuration.data.body(body).xquat.tolist()
    return (x, y, z, w)


def hand_frame(tip_m: Vector, palm: Vector, side: str) -> Quaternion:
    """Return the orientation of a robot's hand in the frame of a person's in T-pose: fingers to the side, palm down."""
    own = _frame(np.array(tip_m), np.array(palm))
    person = _frame(np.array((0.0, 1.0 if side == "left" else -1.0, 0.0)), np.array((0.0, 0.0, -1.0)))
    return from_columns(*(person @ own.T).T.tolist())


def _frame(along: Float64, palm: Float64) -> Float64:
    """Return the rotation with columns along the fingers, out of the palm, and across."""
    along = along / np.linalg.norm(along)
    palm = palm - (palm @ along) * along
    palm = palm / np.linalg.norm(palm)
    return np.stack([along, palm, np.cross(along, palm)], axis=1)


def where(data: Any, spot: Spot) -> Float64:
    """Return where a point of a body is in the world, metres."""
    body, offset = spot
    at: Float64 = data.xpos[body]
    return at if offset is None else at + data.xmat[body].reshape(3, 3) @ offset
