"""What every way from the agent's skeleton to a body's joints offers."""

from __future__ import annotations

from typing import Protocol

from motion.embodiment.description import Float64


class Retargeting(Protocol):
    """Stateful by the last pose; one thread."""

    def joints(self, rotations: Float64, hands: Float64, eyes_rad: tuple[float, float]) -> Float64:
        """Return the joint angles of a pose, [joints of the body], within their ranges; call it once per period of the body.

        Args:
            rotations: float [22, 4], local rotations x, y, z, w in the order of `BODY_JOINTS`.
            hands: float [2, 6], left then right hand in the order of `FINGERS`.
            eyes_rad: yaw (left positive) and pitch (up positive) of both eyes.
        """
        ...
