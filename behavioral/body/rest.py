"""The body at rest: while an emergency stop holds, every frame is this one pose, whatever the body's parts want.

The last thing done to a frame before it leaves, so that nothing can move past it. The way there and back is a turn of every joint
with a smooth start and end, not a jump; mouth and face close at once. Session seconds; called once a tick.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from motion.clip import rest_rotations
from motion.rotations import slerp
from runtime.messages import MotionFrame
from runtime.vocabulary import BODY_JOINTS

TO_REST_S = 0.4
FROM_REST_S = 0.8
ARM_DOWN_RAD = 1.28
"""From the skeleton's T to arms that hang."""


def _pose() -> NDArray[np.float32]:
    rotations = rest_rotations()
    for name, sign in (("leftUpperArm", -1.0), ("rightUpperArm", 1.0)):
        half = sign * ARM_DOWN_RAD / 2
        rotations[BODY_JOINTS.index(name)] = (0.0, 0.0, math.sin(half), math.cos(half))
    return rotations


class Rest:
    """Turns frames towards rest, and back."""

    def __init__(self) -> None:
        """Begin with the body free."""
        self._share = 0.0
        self._last_s: float | None = None
        self._pose = _pose()

    def apply(self, frame: MotionFrame, t_s: float, *, resting: bool) -> MotionFrame:
        """Return the frame as it may leave."""
        step_s = 0.0 if self._last_s is None else max(0.0, t_s - self._last_s)
        self._last_s = t_s
        rate = 1.0 / TO_REST_S if resting else -1.0 / FROM_REST_S
        self._share = min(1.0, max(0.0, self._share + rate * step_s))
        if not resting and self._share == 0.0:
            return frame
        share = self._share * self._share * (3.0 - 2.0 * self._share)
        wanted = np.frombuffer(frame.rotations, "<f4").reshape(-1, 4)
        turned = self._pose if share == 1.0 else slerp(wanted, self._pose, share)
        rotations = np.ascontiguousarray(turned, dtype="<f4")
        hands = (np.frombuffer(frame.hands, "<f4") * (1.0 - share)).astype("<f4")
        return msgspec.structs.replace(
            frame,
            rotations=rotations.tobytes(),
            hips_m=tuple((1.0 - share) * value for value in frame.hips_m),
            hands=hands.tobytes(),
            eyes_rad=tuple((1.0 - share) * value for value in frame.eyes_rad),
            blink=(0.0, 0.0) if resting else frame.blink,
            visemes=bytes(len(frame.visemes)) if resting else frame.visemes,
            expression=bytes(len(frame.expression)) if resting else frame.expression,
            intention_ids=() if resting else frame.intention_ids,
        )
