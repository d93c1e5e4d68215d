"""One overlap of the person's speech with a response: its onset, the barge-in state, what to do, and what it was.

Begins when the person speaks while a response is being prepared or said. While it goes on it may duck or stop the
response. When the speech ends before that, what it was is known only with its words: a backchannel, or a
short turn ("no, stop") that must not be lost. Pure but for the times in its arguments.
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


@dataclass(frozen=True, slots=True)
class EndedOverlap:
    """An overlap that stopped nothing and whose words are still to come."""

    onset_ns: int
    offset_ns: int
    ducked: bool


class Overlap:
    """The overlap that is going on, if any."""

    def __init__(self, settings: TurnSettings) -> None:
        """Start without one."""
        self._barge_in = BargeIn(settings)
        self._onset_ns: int | None = None
        self._voiced_until_ns = 0

    @property
    def going_on(self) -> bool:
        """Whether the person speaks over a response."""
        return self._onset_ns is not None

    def begin(self, onset_ns: int) -> None:
        """The person began to speak."""
        self._onset_ns = self._voiced_until_ns = onset_ns

    def voiced(self, until_ns: int) -> None:
        """A block up to `until_ns` held voice."""
        self._voiced_until_ns = max(self._voiced_until_ns, until_ns)

    def judge(self, text: str) -> OverlapDecision:
        """Decide at one moment of the overlap; a stop ends it.

        Raises:
            RuntimeError: when there is no overlap.
        """
        if self._onset_ns is None:
            raise RuntimeError("nobody overlaps")
        onset_ns = self._onset_ns
        speech_ms = (self._voiced_until_ns - onset_ns) / NS_PER_MS
        action = self._barge_in.heard(speech_ms, text)
        if action == "stop":
            self.end(self._voiced_until_ns)
        return OverlapDecision(action, onset_ns, {"speech_ms": round(speech_ms, 1), "words": float(len(text.split()))})

    def end(self, offset_ns: int) -> EndedOverlap:
        """End the overlap.

        Raises:
            RuntimeError: when there is none.
        """
        if self._onset_ns is None:
            raise RuntimeError("nobody overlaps")
        onset_ns, self._onset_ns = self._onset_ns, None
        return EndedOverlap(onset_ns, offset_ns, self._barge_in.ended() == "resume")
