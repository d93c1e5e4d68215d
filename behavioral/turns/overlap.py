"""One overlap of the person's speech with the agent's: its onset, the barge-in state, and what to do at each block.

Keeps what `barge_in` leaves to its caller: when the overlap began. Pure but for the times in its arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

from behavioral.turns.barge_in import BargeIn, OverlapAction
from runtime.clock import NS_PER_MS
from runtime.settings import TurnSettings


@dataclass(frozen=True, slots=True)
class OverlapDecision:
    """What to do now, with its evidence."""

    action: OverlapAction
    onset_ns: int
    evidence: dict[str, float]


class Overlap:
    """The overlap that is going on, if any."""

    def __init__(self, settings: TurnSettings) -> None:
        """Start without one."""
        self._barge_in = BargeIn(settings)
        self._onset_ns: int | None = None

    @property
    def going_on(self) -> bool:
        """Whether the person speaks over the agent."""
        return self._onset_ns is not None

    def begin(self, onset_ns: int) -> None:
        """The person began to speak while the agent does."""
        self._onset_ns = onset_ns

    def judge(self, now_ns: int, text: str) -> OverlapDecision:
        """Decide at one block of the overlap; a stop ends it.

        Raises:
            RuntimeError: when there is no overlap.
        """
        if self._onset_ns is None:
            raise RuntimeError("nobody overlaps")
        onset_ns = self._onset_ns
        speech_ms = (now_ns - onset_ns) / NS_PER_MS
        action = self._barge_in.heard(speech_ms, text)
        if action == "stop":
            self.end()
        return OverlapDecision(action, onset_ns, {"speech_ms": round(speech_ms, 1), "words": float(len(text.split()))})

    def end(self) -> tuple[int, bool]:
        """End the overlap; return its onset and whether the voice was ducked for it."""
        onset_ns, self._onset_ns = self._onset_ns, None
        return onset_ns or 0, self._barge_in.ended() == "resume"
