"""The figures of the conversation bench, from outcomes to what `attune bench dialogue` prints. Pure functions.

Rates are shares of cases, percentiles nearest-rank, times milliseconds; what nothing is known of is None.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from behavioral.bench.attune import Heard
from behavioral.bench.outcome import MISSED_AFTER_S, OverlapOutcome, TurnOutcome

STAGES = ("window_ms", "dialogue_ms", "voice_ms", "own_ms")


@dataclass(slots=True)
class Tally:
    """Everything that one runtime did."""

    turns: list[TurnOutcome] = field(default_factory=list)
    overlaps: list[OverlapOutcome] = field(default_factory=list)

    def of(self, origin: str) -> Tally:
        """Return only what answers `real` people or voices, and what they did over answers."""
        return Tally(
            [turn for turn in self.turns if turn.sound.origin == origin],
            [overlap for overlap in self.overlaps if overlap.sound.origin == origin],
        )

    def figures(self) -> dict[str, Any]:
        """Return latency and rates."""
        pauses = sum(turn.pauses for turn in self.turns)
        stops = [o.stopped_after_ms for o in self._over("interruption") if o.stopped_after_ms is not None]
        return {
            "turns": len(self.turns),
            "voice_to_voice_ms": percentiles(
                turn.answered_after_ms for turn in self.turns if turn.answered_after_ms is not None
            ),
            "wait_ms": percentiles(wait for turn in self.turns if (wait := _wait_ms(turn)) is not None),
            "cut_in_rate": share(sum(turn.cut_ins for turn in self.turns), pauses),
            "pauses": pauses,
            "missed_end_rate": share(sum(turn.missed for turn in self.turns), len(self.turns)),
            "backchannel_stop_rate": self._stopped("backchannel"),
            "backchannels": len(self._over("backchannel")),
            "backchannel_pause_rate": self._paused("backchannel"),
            "backchannel_pause_ms": self._pauses("backchannel"),
            "noise_stop_rate": self._stopped("noise"),
            "noise_pause_rate": self._paused("noise"),
            "interruptions": len(self._over("interruption")),
            "ignored_interruption_rate": share(
                sum(o.stopped_after_ms is None for o in self._over("interruption")), len(self._over("interruption"))
            ),
            "onset_to_silence_ms": percentiles(stops),
        }

    def _over(self, kind: str) -> list[OverlapOutcome]:
        return [o for o in self.overlaps if o.sound.kind == kind and o.over_speech]

    def _stopped(self, kind: str) -> float | None:
        over = self._over(kind)
        return share(sum(o.stopped_after_ms is not None for o in over), len(over))

    def _paused(self, kind: str) -> float | None:
        over = self._over(kind)
        return share(sum(o.paused_ms is not None and o.stopped_after_ms is None for o in over), len(over))

    def _pauses(self, kind: str) -> dict[str, float | int | None]:
        return percentiles(o.paused_ms for o in self._over(kind) if o.paused_ms is not None)


def span_figures(heard: Sequence[Heard]) -> dict[str, Any]:
    """Return the breakdown of the latency by stage, what barge-ins took, and how often the listener responded."""
    answers = [span for one in heard for span in one.spans.get("end_of_turn_to_first_audio", ())]
    barge_ins = [span for one in heard for span in one.spans.get("barge_in_to_silence", ())]
    speech_min = sum(one.person_s for one in heard) / 60.0
    acts = sum(len(one.acts) for one in heard)
    stages = {
        stage: percentiles(span.attributes[stage] for span in answers if stage in span.attributes) for stage in STAGES
    }
    return {
        "own_overhead_ms": stages["own_ms"],
        "stages": stages,
        "barge_in_to_silence_ms": percentiles(span.duration_ms for span in barge_ins),
        "agent_backchannels_per_min": round(acts / speech_min, 2) if speech_min else None,
        "late_audio_ms": max((one.late_ms for one in heard), default=0.0),
    }


def _wait_ms(turn: TurnOutcome) -> float | None:
    """Return how long the person waited: for the answer, or until the turn counts as missed."""
    return 1_000 * MISSED_AFTER_S if turn.missed else turn.answered_after_ms


def percentiles(values: Iterable[float]) -> dict[str, float | int | None]:
    """Return p50, p95 and the count."""
    ordered = sorted(values)
    return {"p50": _rank(ordered, 0.5), "p95": _rank(ordered, 0.95), "count": len(ordered)}


def share(part: int, whole: int) -> float | None:
    """Return a rate, None of nothing."""
    return round(part / whole, 4) if whole else None


def _rank(ordered: Sequence[float], at: float) -> float | None:
    return round(ordered[max(0, math.ceil(at * len(ordered)) - 1)], 1) if ordered else None
