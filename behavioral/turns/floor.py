"""Who has the floor: the person's turns, from speech segments and recognised words to `Turn` and `TurnDecision`.

One state machine, fed on the event loop by the hearing side, pure but for the clock in its arguments. A turn
may hold several speech segments with pauses between them; its text is what was committed in all of them plus
the newest hypothesis. The decision to end waits for the recogniser's final words of the last segment, but
never longer than `final_words_wait_ms`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from behavioral.turns.end_of_turn import TurnEvidence, judge_end_of_turn
from runtime.clock import NS_PER_MS
from runtime.settings import TurnSettings


@dataclass(frozen=True, slots=True)
class TurnOpened:
    """The person began a turn at `t_ns`."""

    turn_id: str
    t_ns: int


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The person's turn is over: decided now, its speech ended at `speech_end_ns`."""

    turn_id: str
    text: str
    start_ns: int
    speech_end_ns: int
    evidence: dict[str, float]


@dataclass(slots=True)
class _OpenTurn:
    turn_id: str
    start_ns: int
    speech_end_ns: int = 0
    speaking: bool = True
    committed: list[str] = field(default_factory=list)
    hypothesis: str = ""
    finals_pending: int = 1

    @property
    def text(self) -> str:
        return " ".join([*self.committed, self.hypothesis]).strip()


class Floor:
    """The person's side of the floor."""

    def __init__(self, settings: TurnSettings) -> None:
        """Start with nobody speaking."""
        self._settings = settings
        self._turn: _OpenTurn | None = None

    @property
    def turn_id(self) -> str:
        """Id of the person's open turn, or empty."""
        return self._turn.turn_id if self._turn else ""

    @property
    def user_has_floor(self) -> bool:
        """Whether a turn of the person is open, pauses included."""
        return self._turn is not None

    def speech_started(self, turn_id: str, t_ns: int) -> TurnOpened | None:
        """Take note of speech; returns the turn if it opens one (`turn_id` is used only then)."""
        if self._turn is not None:
            self._turn.speaking = True
            self._turn.finals_pending += 1
            return None
        self._turn = _OpenTurn(turn_id, t_ns)
        return TurnOpened(turn_id, t_ns)

    def speech_ended(self, t_ns: int) -> None:
        """Take note that speech stopped at `t_ns`."""
        if self._turn is not None:
            self._turn.speaking = False
            self._turn.speech_end_ns = t_ns

    def hypothesis(self, text: str, onset_ns: int) -> None:
        """Replace the hypothesis of the segment that began at `onset_ns`; one from before the open turn is not part of it."""
        if self._turn is not None and onset_ns >= self._turn.start_ns:
            self._turn.hypothesis = text

    def final(self, text: str, end_ns: int, *, continues: bool = False) -> None:
        """Commit the text of the segment that ended at `end_ns`; one from before the open turn is not part of it.

        A segment that was cut for its length `continues`: its last words are still to come.
        """
        if self._turn is not None and end_ns >= self._turn.start_ns:
            self._turn.hypothesis = ""
            if text:
                self._turn.committed.append(text)
            if not continues:
                self._turn.finals_pending = max(0, self._turn.finals_pending - 1)

    def judge(self, now_ns: int, final_slope_st_per_s: float, facing: float) -> TurnEnded | None:
        """Decide, once per block, whether the open turn is over; closes and returns it if so."""
        turn = self._turn
        if turn is None or turn.speaking:
            return None
        silence_ms = (now_ns - turn.speech_end_ns) / NS_PER_MS
        decision = judge_end_of_turn(self._settings, TurnEvidence(silence_ms, turn.text, final_slope_st_per_s, facing))
        waits_for_words = (
            turn.finals_pending > 0 and silence_ms < decision.required_ms + self._settings.final_words_wait_ms
        )
        if not decision.ended or waits_for_words:
            return None
        return self.close(decision.evidence)

    def close(self, evidence: dict[str, float]) -> TurnEnded:
        """End the open turn now.

        Raises:
            RuntimeError: when none is open.
        """
        turn, self._turn = self._turn, None
        if turn is None:
            raise RuntimeError("no turn is open")
        return TurnEnded(turn.turn_id, turn.text, turn.start_ns, turn.speech_end_ns, evidence)
