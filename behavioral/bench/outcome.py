"""What the agent made of a script: from when it was heard, to rates and latencies. Pure functions.

A runtime is judged by its voice alone, the same for ours and for a peer: by the intervals in which it sounds. An answer is the first
sound after a turn's end; a cut-in is a sound that begins in a pause inside a turn or while the turn's speech goes on; a turn
whose answer has not begun `MISSED_AFTER_S` after its end was missed. Whether an overlap stopped the agent is read off the end of the
interval that it fell into, against the full length of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from behavioral.bench.script import Script, Sound

MISSED_AFTER_S = 3.0
STOPPED_WITHIN_S = 1.5
"""An agent that falls silent this soon after the end of an overlap, with much left to say, was stopped by it."""
LEFT_S = 0.7
"""What an answer must still have had to say for its end to count as a stop."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """One turn.

    Attributes:
        sound: the turn.
        answered_after_ms: when its answer began after its end; None where it was missed, or answered before it ended.
        missed: whether it was not answered at all.
        pauses: how many pauses it holds.
        cut_ins: how many of them the agent cut into.
    """

    sound: Sound
    answered_after_ms: float | None
    missed: bool
    pauses: int
    cut_ins: int


@dataclass(frozen=True, slots=True)
class OverlapOutcome:
    """One overlap: whether the agent spoke when it began, whether it fell silent, and how long after its onset (ms)."""

    sound: Sound
    over_speech: bool
    stopped_after_ms: float | None


def turn_outcomes(script: Script, voice: Sequence[Interval]) -> list[TurnOutcome]:
    """Judge every turn by the intervals (s) in which the agent sounds.

    A sound that begins while the turn goes on belongs to the last pause before it. A turn that was answered before it
    ended has no latency.
    """
    outcomes: list[TurnOutcome] = []
    sounds = script.sounds
    for index, sound in enumerate(sounds):
        if sound.kind != "turn":
            continue
        until_s = next((s.start_s for s in sounds[index + 1 :]), float("inf"))
        begins = [begin for begin, _ in voice if sound.start_s < begin < until_s]
        early = [begin for begin in begins if begin < sound.end_s]
        pauses = sound.pauses_s
        cut = {max((k for k, (begin, _) in enumerate(pauses) if begin <= at), default=-1) for at in early}
        sounding = any(begin < sound.end_s < end for begin, end in voice)
        answer = next((begin for begin in begins if sound.end_s <= begin <= sound.end_s + MISSED_AFTER_S), None)
        answered_ms = None if answer is None or sounding else 1_000 * (answer - sound.end_s)
        missed = answer is None and not sounding
        outcomes.append(TurnOutcome(sound, answered_ms, missed, len(pauses), len(cut - {-1})))
    return outcomes


def overlap_outcomes(script: Script, voice: Sequence[Interval], answer_s: float) -> list[OverlapOutcome]:
    """Judge every overlap; `answer_s` is how long an undisturbed answer sounds."""
    outcomes: list[OverlapOutcome] = []
    for sound in script.sounds:
        if sound.kind == "turn":
            continue
        interval = next(((b, e) for b, e in voice if b <= sound.start_s < e), None)
        if interval is None:
            outcomes.append(OverlapOutcome(sound, False, None))
            continue
        begin, end = interval
        stopped = end < begin + answer_s - LEFT_S and end < sound.end_s + STOPPED_WITHIN_S
        outcomes.append(OverlapOutcome(sound, True, 1_000 * (end - sound.start_s) if stopped else None))
    return outcomes
