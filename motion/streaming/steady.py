"""A head that holds still while its owner listens or thinks: the generator's own turns of the head, made small.

Listeners' heads move in an eighth of the frames (Hadar 1983), speakers' in nearly all. The learned body's head sways
by some 6 degrees whatever happens, more than a nod is large; a planned nod would drown in it, and the eyes could not
stay with the person. So in these modes the orientation of the head in the room is scaled towards facing ahead, with
neck and head sharing the turn; while a gesture runs, which may be one of the head, the generator has the head to
itself. Changes are eased. Session seconds; local rotations [22, 4] float64, changed in place; one thread; under 0.2
ms a pose.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.procedural.posture import Mode
from motion.procedural.track import ease
from motion.skeleton import INDEX

Float64 = NDArray[np.float64]

KEPT: Final = 0.15
"""Share of the head's own turn that a steady head keeps."""
STEADINESS: Final[dict[Mode, float]] = {"idle": 0.0, "listening": 1.0, "thinking": 0.8, "speaking": 0.0}
FADE_S: Final = 0.6
GESTURE_FADE_S: Final = 0.3
"""At the beginning and end of a gesture the head is let go and taken back over this."""
_BELOW: Final = [INDEX[name] for name in ("hips", "spine", "chest", "upperChest")]
_NECK: Final = INDEX["neck"]
_HEAD: Final = INDEX["head"]
_NECK_SHARE: Final = 0.4


class SteadyHead:
    """See the module's docstring."""

    def __init__(self) -> None:
        """Begin idle."""
        self._from = self._to = STEADINESS["idle"]
        self._since_s = -math.inf
        self._free = 0.0
        """How far a gesture has the head to itself, 0 to 1."""
        self._last_s = -math.inf

    def set_mode(self, t_s: float, mode: Mode) -> None:
        """Hold the head as one does when idle, listening, thinking or speaking."""
        self._from = self._eased(t_s)
        self._to, self._since_s = STEADINESS[mode], t_s

    def apply(self, t_s: float, rotations: Float64, gestures: Iterable[tuple[float, float]]) -> None:
        """Steady the head at a time.

        Args:
            t_s: session time; does not go back.
            rotations: local rotations [22, 4].
            gestures: begin and end of those that run or are to come.
        """
        step = min(max(0.0, t_s - self._last_s), GESTURE_FADE_S) / GESTURE_FADE_S
        self._last_s = t_s
        running = any(start_s - GESTURE_FADE_S <= t_s <= end_s for start_s, end_s in gestures)
        self._free = min(1.0, self._free + step) if running else max(0.0, self._free - step)
        steady = self._eased(t_s) * (1.0 - ease(self._free))
        if steady < 1e-3:
            return
        below = rotations[_BELOW[0]]
        for joint in _BELOW[1:]:
            below = rot.multiply(below, rotations[joint])
        facing = rot.exp(KEPT * rot.log(rot.multiply(below, rot.multiply(rotations[_NECK], rotations[_HEAD]))))
        turn = rot.log(rot.multiply(rot.conjugate(below), facing))
        for joint, share in ((_NECK, _NECK_SHARE), (_HEAD, 1.0 - _NECK_SHARE)):
            rotations[joint] = rot.slerp(rotations[joint], rot.exp(share * turn), steady)

    def _eased(self, t_s: float) -> float:
        passed = min(max((t_s - self._since_s) / FADE_S, 0.0), 1.0)
        return self._from + ease(passed) * (self._to - self._from)
