"""When has the person's turn ended? Silence, prosody and text, fused into one required silence.

The longer the silence, the less other evidence is needed (research: proact.md 4.1 and 4.7). The required
silence lies between `complete_silence_ms` (text and pitch say "done") and `incomplete_silence_ms` (they say
"goes on"), never under `min_silence_ms`, never over `max_silence_ms`. Pure and deterministic; every decision
comes with its evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from behavioral.turns.completeness import completeness
from runtime.settings import TurnSettings

SLOPE_FULL_ST_PER_S = 12.0
"""Final pitch movement (semitones per second, either way) that counts as a clear boundary tone."""

TEXT_WEIGHT = 0.65
PITCH_WEIGHT = 0.35
CONTINUING = 0.15
"""Completeness under which the text surely goes on: only the longest silence ends the turn."""


@dataclass(frozen=True, slots=True)
class TurnEvidence:
    """What is known at one block of silence.

    Attributes:
        silence_ms: time since the person's last speech.
        text: everything recognised in the turn so far.
        final_slope_st_per_s: pitch slope over the last voiced 300 ms, semitones per second; 0 where unknown.
        facing: whether the person's face is turned to the agent, 0 to 1; 0.5 where there is no picture.
    """

    silence_ms: float
    text: str
    final_slope_st_per_s: float = 0.0
    facing: float = 0.5


@dataclass(frozen=True, slots=True)
class EndOfTurn:
    """The decision at one block.

    Attributes:
        ended: whether the turn is over.
        required_ms: silence that this evidence asks for.
        evidence: names to numbers, for the event.
    """

    ended: bool
    required_ms: float
    evidence: dict[str, float]


def judge_end_of_turn(settings: TurnSettings, seen: TurnEvidence) -> EndOfTurn:
    """Fuse the evidence of one moment."""
    text_done = completeness(seen.text)
    pitch_done = min(1.0, abs(seen.final_slope_st_per_s) / SLOPE_FULL_ST_PER_S)
    done = TEXT_WEIGHT * text_done + PITCH_WEIGHT * max(pitch_done, text_done)
    # A speaker who hands over looks at the partner (Ho et al. 2015); one who thinks looks away.
    done = min(1.0, max(0.0, done + 0.1 * (seen.facing - 0.5)))
    longest_ms = settings.max_silence_ms if text_done < CONTINUING else settings.incomplete_silence_ms
    required_ms = longest_ms + (settings.complete_silence_ms - longest_ms) * min(1.0, done / 0.8)
    required_ms = min(settings.max_silence_ms, max(settings.min_silence_ms, required_ms))
    return EndOfTurn(
        ended=seen.silence_ms >= required_ms,
        required_ms=required_ms,
        evidence={
            "silence_ms": round(seen.silence_ms, 1),
            "required_ms": round(required_ms, 1),
            "text_completeness": round(text_done, 3),
            "pitch_boundary": round(pitch_done, 3),
            "facing": round(seen.facing, 3),
        },
    )
