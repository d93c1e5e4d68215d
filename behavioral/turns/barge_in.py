"""What does it mean that the person speaks while the agent does? Duck, then stop, or let a backchannel pass.

At `duck_after_ms` of speech the agent speaks lower at once (cheap to take back); at `stop_after_ms` it stops,
unless all that was recognised is backchannel words, in which case the person has until `backchannel_max_ms`. Speech is
measured to its last voiced block: the silence that the voice detector waits out is none. Pure and deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from behavioral.turns.completeness import is_backchannel
from runtime.settings import TurnSettings

OverlapAction = Literal["none", "duck", "stop", "resume"]


@dataclass(slots=True)
class BargeIn:
    """State of one overlap of the person's speech with the agent's."""

    settings: TurnSettings
    ducked: bool = False
    stopped: bool = False

    def heard(self, speech_ms: float, text: str) -> OverlapAction:
        """Return what to do after `speech_ms` of the person's speech with `text` recognised so far."""
        if self.stopped:
            return "none"
        limit_ms = self.settings.stop_after_ms
        if is_backchannel(text):
            limit_ms = max(limit_ms, self.settings.backchannel_max_ms)
        if speech_ms >= limit_ms:
            self.stopped = True
            return "stop"
        if speech_ms >= self.settings.duck_after_ms and not self.ducked:
            self.ducked = True
            return "duck"
        return "none"

    def ended(self) -> OverlapAction:
        """Return what to do now that the person's speech has ended; ready for the next overlap."""
        resume = self.ducked and not self.stopped
        self.ducked = self.stopped = False
        return "resume" if resume else "none"
