"""What the agent made of a script: from when it was heard, to rates and latencies. Pure functions.

A runtime is judged by its voice alone, the same for ours and for a peer: by its answers, each the intervals in which it sounds. An answer
begins with the first sound after a turn's end; a cut-in is a sound that begins in a pause inside a turn or while the turn's speech goes
on; a turn whose answer has not begun `MISSED_AFTER_S` after its end was missed.

An overlap stopped the agent where it gave up its answer: it fell silent soon after and left much unsaid, against the full length of the
answer. One that falls silent and then says the rest has paused. That costs little while it is short: a pause is reported, and counts
as stopping only over `SILENT_S`, about the longest silence that people leave in conversation before something seems to be wrong
(Jefferson 1989). How fast an interruption silences the agent is from its onset to the agent's last sound, also where a pause came first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from behavioral.bench.script import Script, Sound

MISSED_AFTER_S = 3.0
STOPPED_WITHIN_S = 1.5
"""An agent that falls silent this soon after the end of an overlap, with much left to say, was stopped by it."""
LEFT_S = 0.7
"""What an answer must still have had to say for its end to count as a stop."""
PAUSED_S = 0.3
"""A silence inside an answer that is longer is a pause for somebody else: it pauses no longer between clauses."""
SILENT_S = 1.0
"""A pause that is longer is a stop, even if the agent goes on after it."""

Interval = tuple[float, float]
Answer = Sequence[Interval]
"""The stretches in which one answer sounded, in order."""


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
    """One overlap.

    Attributes:
        sound: the overlap.
        over_speech: whether the agent spoke when it began.
        stopped_after_ms: where it stopped the agent, from its onset to the last sound; None where it did not.
        paused_ms: where the agent fell silent for it and went on, for how long; None where it did not.
    """

    sound: Sound
    over_speech: bool
    stopped_after_ms: float | None
    paused_ms: float | None = None


def turn_outcomes(script: Script, answers: Sequence[Answer]) -> list[TurnOutcome]:
    """Judge every turn by the agent's answers; one that pauses and goes on is one answer.

    A sound that begins while the turn goes on belongs to the last pause before it. A turn that was answered before it
    ended has no latency.
    """
    outcomes: list[TurnOutcome] = []
    voice = [(answer[0][0], answer[-1][1]) for answer in answers if answer]
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


def overlap_outcomes(script: Script, answers: Sequence[Answer], answer_s: float) -> list[OverlapOutcome]:
    """Judge every overlap.

    Args:
        script: what the agent heard.
        answers: what it said.
        answer_s: how long an undisturbed answer sounds.
    """
    outcomes: list[OverlapOutcome] = []
    for index, sound in enumerate(script.sounds):
        if sound.kind == "turn":
            continue
        answer = next((one for one in answers if one and one[0][0] <= sound.start_s < one[-1][1]), None)
        if answer is None:
            outcomes.append(OverlapOutcome(sound, False, None))
            continue
        next_s = next((other.start_s for other in script.sounds[index + 1 :]), float("inf"))
        outcomes.append(_overlap(sound, answer, answer_s, min(next_s, sound.end_s + STOPPED_WITHIN_S)))
    return outcomes


def _overlap(sound: Sound, answer: Answer, answer_s: float, until_s: float) -> OverlapOutcome:
    """Judge an overlap by the answer that it fell into; what the agent does from `until_s` on has other reasons."""
    silences = [(end, begin) for (_, end), (begin, _) in pairwise(answer) if begin - end >= PAUSED_S]
    paused_s = sum(begin - end for end, begin in silences)
    last_s = answer[-1][1]
    if last_s < answer[0][0] + answer_s + paused_s - LEFT_S and last_s < until_s:
        return OverlapOutcome(sound, True, 1_000 * max(0.0, last_s - sound.start_s))
    own = [begin - end for end, begin in silences if sound.start_s <= end < until_s]
    if not own:
        return OverlapOutcome(sound, True, None)
    paused_ms = 1_000 * max(own)
    fell_silent_s = next(end for end, _begin in silences if sound.start_s <= end)
    stopped_ms = 1_000 * (fell_silent_s - sound.start_s) if paused_ms > 1_000 * SILENT_S else None
    return OverlapOutcome(sound, True, stopped_ms, paused_ms)
