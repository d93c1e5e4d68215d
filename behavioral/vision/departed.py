"""Who has just left the picture, by their looks: a face that is lost for some seconds and found elsewhere is the same person.

Detectors lose a face that bends down or turns away for longer than a person may be unseen. Without this the person would come anew,
be greeted again, and take none of what was learnt along. Pure; confined to the loop of `Tracks`; bounded.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from behavioral.vision.assignment import LOOKS_SURE, similarity
from runtime.clock import NS_PER_S

Looks = tuple[float, ...] | None

WITHIN_S = 20.0
"""As long as the slow loop takes who comes back for not having left (`cognitive.who_is_here`)."""
KEPT_MAX = 16


@dataclass(slots=True)
class Departed:
    """People who left, the newest last."""

    _left: deque[tuple[str, Looks, int]] = field(default_factory=lambda: deque(maxlen=KEPT_MAX))

    def left(self, person_id: str, looks: Looks, t_ns: int) -> None:
        """Note that a person has left at a session time, nanoseconds."""
        self._left.append((person_id, looks, t_ns))

    def back(self, looks: Looks, t_ns: int) -> str:
        """Return the id of whoever left lately and looks like this, and take them out; empty for nobody."""
        alike = [
            (score, one)
            for one in self._left
            if t_ns - one[2] <= WITHIN_S * NS_PER_S
            and (score := similarity(one[1], looks)) is not None
            and score >= LOOKS_SURE
        ]
        if not alike:
            return ""
        best = max(alike, key=lambda pair: pair[0])[1]
        self._left.remove(best)
        return best[0]
