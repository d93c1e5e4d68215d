"""Targets in which a body does not touch itself: of a pose that would, each limb goes as far as it is free.

Between retargeting and the safety filter. The filter itself only refuses steps after which the body could not stop in time, all joints
together; with this before it the arm that would touch stops and the rest goes on. One check of a free pose, about 20 microseconds, else
some twenty. Stateful by the last free pose; one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from motion.embodiment.description import BodyDescription, Float64

AIM_APART_M = 0.026
"""Parts are aimed to be this far apart: more than the distance at which the safety filter stops them."""
HALVINGS = 6
"""Of a limb's way to a target that would touch: to within 2 % of it."""


class SelfCollisionAvoidance:
    """Keeps the last target that was free."""

    def __init__(
        self, body: BodyDescription, clearance_m: Callable[[Float64], float], limbs: Sequence[Sequence[str]] = ()
    ) -> None:
        """Begin at rest.

        Args:
            body: its joints.
            clearance_m: how far apart the nearest parts are in a pose [joints].
            limbs: names of the joints that move a part of their own, in the order in which they get their way; none: all together.
        """
        rows = {name: row for row, name in enumerate(body.names)}
        self._clearance_m = clearance_m
        self._limbs = [[rows[name] for name in limb] for limb in limbs] or [list(rows.values())]
        self._free = body.vector("rest_rad")
        self.avoided = 0
        """Targets that would have touched."""

    def target(self, aimed: Float64) -> Float64:
        """Return the target itself, [joints], where it touches nothing; else what each limb can reach of it from the last one."""
        if self._clearance_m(aimed) >= AIM_APART_M:
            self._free = aimed
            return aimed
        self.avoided += 1
        reached = self._free.copy()
        for limb in self._limbs:
            start, least, most = reached[limb].copy(), 0.0, 1.0
            reached[limb] = aimed[limb]
            if self._clearance_m(reached) >= AIM_APART_M:
                continue
            for _ in range(HALVINGS):
                middle = 0.5 * (least + most)
                reached[limb] = start + middle * (aimed[limb] - start)
                least, most = (middle, most) if self._clearance_m(reached) >= AIM_APART_M else (least, middle)
            reached[limb] = start + least * (aimed[limb] - start)
        self._free = reached
        return reached
