"""The speaker's gaze window: while the person looks at the listener, responses are likelier (Bavelas et al. 2002).

83 % of responses fall into windows that are open 45 % of the time. How often this person looks at the agent is
followed, so that the window shifts responses in time but leaves their rate alone: somebody who always looks, or
never, is answered like somebody who is not seen. A look that begins while the person speaks asks for a response by
itself, which comes about 0.69 of a window later. Without a picture nothing is known and nothing changes. Session
seconds; one caller.
"""

from __future__ import annotations

import math
from typing import Final

from runtime.settings import ListenerSettings

MEMORY_S: Final = 30.0
"""Time constant of how often the person looks."""
RELEASE: Final = 0.1
"""Facing must fall this far under the threshold before a look is over."""


class GazeWindow:
    """Follows one person's looks at the agent."""

    def __init__(self, settings: ListenerSettings) -> None:
        """Begin without a picture."""
        inside, time = settings.gaze_window_responses, settings.gaze_window_time
        usable = 0.0 < inside < 1.0 and 0.0 < time < 1.0
        self._odds = (inside / time) / ((1.0 - inside) / (1.0 - time)) if usable else 1.0
        """How much likelier a response is inside than outside."""
        self._facing = settings.gaze_window_facing
        self._answer_after_s = settings.gaze_window_respond_at * settings.gaze_window_s
        self._seen = self._open = False
        self._share = time
        self._last_s: float | None = None

    def take(self, t_s: float, facing: float | None) -> float | None:
        """Take how much the person faces the agent at `t_s` (0 to 1), or None where there is no picture.

        Returns:
            When a look that begins now is usually answered, else None.
        """
        passed_s = 0.0 if self._last_s is None else max(0.0, t_s - self._last_s)
        self._last_s = t_s
        if facing is None:
            self._seen = self._open = False
            return None
        before, known = self._open, self._seen
        self._seen = True
        self._open = facing >= self._facing - (RELEASE if self._open else 0.0)
        self._share += (1.0 - math.exp(-passed_s / MEMORY_S)) * (float(self._open) - self._share)
        return t_s + self._answer_after_s if self._open and known and not before else None

    @property
    def open(self) -> bool:
        """Whether the person is seen to look at the agent."""
        return self._open

    @property
    def likelihood(self) -> float:
        """Factor on the chance of a response now; its mean over this person's time is 1."""
        if not self._seen:
            return 1.0
        mean = self._odds * self._share + 1.0 - self._share
        return (self._odds if self._open else 1.0) / mean
