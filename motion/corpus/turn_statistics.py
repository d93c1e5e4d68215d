"""Measuring who speaks when: talk spurts, turns, pauses, floor transfers and feedback of a dyad.

A *spurt* is talk of one person without a pause of 0.3 s. *Feedback* is a spurt wholly inside a spurt of the other, or one under
1 s that follows a longer one of the other, who goes on within 1 s: backchannels and short insertions, which don't take the floor.
All other spurts hold the floor; those of one person in a row are a turn. The floor transfer offset is the next speaker's start
minus the last one's end, negative where they overlap (Heldner and Edlund 2010, J. Phonetics 38). The same code measures recorded
meetings and sampled dialogue. Pure functions; seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

from runtime.errors import AttuneError

JOIN_S: Final = 0.3
FEEDBACK_MAX_S: Final = 1.0
RESUME_S: Final = 1.0
SILENCE_MAX_S: Final = 4.0
_STRETCH_MIN_S: Final = 15.0
_SHARE_MIN: Final = 0.1


class Spurt(NamedTuple):
    """Talk of one person: `speaker` 0 or 1, from `start_s` to `end_s`."""

    speaker: int
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Duration."""
        return self.end_s - self.start_s


@dataclass(slots=True)
class TurnMeasures:
    """What was found in one or more dialogues; lengths in seconds.

    Attributes:
        spurt_s: lengths of spurts that hold the floor.
        pause_s: between two spurts of one turn.
        transfer_s: floor transfer offsets.
        feedback_s: lengths of feedback.
        spurts_per_turn: count for each turn that both ends are known of.
        turn_s: length of these.
        floor_s: time that any turn lasted, the base of the feedback rate.
        total_s: time covered.
        talk_s: time of either speaker, summed.
        overlap_s: time that both talked.
        feedback_overlapped: feedback that began while the other talked.
    """

    spurt_s: list[float] = field(default_factory=list)
    pause_s: list[float] = field(default_factory=list)
    transfer_s: list[float] = field(default_factory=list)
    feedback_s: list[float] = field(default_factory=list)
    spurts_per_turn: list[int] = field(default_factory=list)
    turn_s: list[float] = field(default_factory=list)
    floor_s: float = 0.0
    total_s: float = 0.0
    talk_s: float = 0.0
    overlap_s: float = 0.0
    feedback_overlapped: int = 0

    def feedback_per_min(self) -> float:
        """Return feedback per minute of the other's turns."""
        return 60.0 * len(self.feedback_s) / max(self.floor_s, 1e-9)


def joined(spurts: Iterable[Spurt], join_s: float = JOIN_S) -> list[Spurt]:
    """Return the spurts in order of their start, each person's pauses under `join_s` closed."""
    out: list[Spurt] = []
    last: dict[int, int] = {}
    for spurt in sorted(spurts, key=lambda s: (s.start_s, s.speaker)):
        index = last.get(spurt.speaker)
        if index is not None and spurt.start_s - out[index].end_s < join_s:
            out[index] = out[index]._replace(end_s=max(out[index].end_s, spurt.end_s))
        else:
            last[spurt.speaker] = len(out)
            out.append(spurt)
    return out


def is_feedback(spurts: Sequence[Spurt]) -> list[bool]:
    """Say of each of the joined spurts, in order, whether it leaves the floor to the other."""
    flags = []
    for index, own in enumerate(spurts):
        others = [other for other in spurts[max(0, index - 8) : index + 9] if other.speaker != own.speaker]
        inside = any(other.start_s < own.start_s and other.end_s > own.end_s for other in others)
        own_end_s = max((s.end_s for s in spurts[:index] if s.speaker == own.speaker), default=float("-inf"))
        before = any(
            other.start_s < own.start_s and other.end_s > own_end_s and other.length_s >= FEEDBACK_MAX_S
            for other in others
        )
        resumed = any(-own.length_s < other.start_s - own.end_s <= RESUME_S for other in others)
        next_own = next((s.start_s for s in spurts[index + 1 :] if s.speaker == own.speaker), float("inf"))
        first_other = next((s.start_s for s in spurts[index + 1 :] if s.speaker != own.speaker), float("inf"))
        short = own.length_s < FEEDBACK_MAX_S and before and resumed and first_other < next_own
        flags.append(inside or short)
    return flags


def measure(dialogues: Iterable[Sequence[Spurt]]) -> TurnMeasures:
    """Measure dialogues, each a list of spurts of speakers 0 and 1."""
    found = TurnMeasures()
    for dialogue in dialogues:
        spurts = joined(dialogue)
        if spurts:
            _measure(spurts, found)
    return found


def _measure(spurts: list[Spurt], found: TurnMeasures) -> None:
    begin, end = spurts[0].start_s, max(spurt.end_s for spurt in spurts)
    found.total_s += end - begin
    found.talk_s += sum(spurt.length_s for spurt in spurts)
    found.overlap_s += _overlap_s(spurts)
    flags = is_feedback(spurts)
    floor = [spurt for spurt, feedback in zip(spurts, flags, strict=True) if not feedback]
    for spurt, feedback in zip(spurts, flags, strict=True):
        if feedback:
            found.feedback_s.append(spurt.length_s)
            found.feedback_overlapped += any(
                o.speaker != spurt.speaker and o.start_s <= spurt.start_s < o.end_s for o in spurts
            )
    turns: list[list[Spurt]] = []
    for spurt in floor:
        found.spurt_s.append(spurt.length_s)
        if turns and turns[-1][-1].speaker == spurt.speaker:
            found.pause_s.append(spurt.start_s - turns[-1][-1].end_s)
            turns[-1].append(spurt)
        else:
            if turns:
                found.transfer_s.append(spurt.start_s - turns[-1][-1].end_s)
            turns.append([spurt])
    found.floor_s += sum(turn[-1].end_s - turn[0].start_s for turn in turns)
    for turn in turns[1:-1]:
        found.spurts_per_turn.append(len(turn))
        found.turn_s.append(turn[-1].end_s - turn[0].start_s)


def _overlap_s(spurts: Sequence[Spurt]) -> float:
    first, second = ([s for s in spurts if s.speaker == speaker] for speaker in (0, 1))
    return sum(max(0.0, min(a.end_s, b.end_s) - max(a.start_s, b.start_s)) for a in first for b in second)


def read_rttm(path: Path) -> dict[str, list[tuple[str, float, float]]]:
    """Read speaker turns: recording to (speaker, start, end) in seconds.

    Raises:
        AttuneError: a line is no RTTM.
    """
    recordings: dict[str, list[tuple[str, float, float]]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        try:
            start_s, length_s, speaker = float(fields[3]), float(fields[4]), fields[7]
            if not (start_s >= 0.0 and 0.0 < length_s < float("inf")):
                raise ValueError("time")
        except (IndexError, ValueError) as error:
            raise AttuneError(
                f"{path}:{number} is no RTTM speaker line", "it needs start, duration and speaker in fields 4, 5 and 8"
            ) from error
        recordings.setdefault(fields[1], []).append((speaker, start_s, start_s + length_s))
    return recordings


def dyadic_stretches(meeting: Sequence[tuple[str, float, float]]) -> list[list[Spurt]]:
    """Cut a meeting of many into stretches of at least 15 s in which only two talk, each at least a tenth of the talk.

    A silence of over 4 s ends a stretch: people in meetings then do something else.

    Args:
        meeting: (speaker, start, end) in seconds, in any order.
    """
    names = sorted({name for name, _, _ in meeting})
    numbered = [Spurt(names.index(name), start_s, end_s) for name, start_s, end_s in meeting]
    spurts = joined(numbered)
    out: list[list[Spurt]] = []
    for pair in combinations(range(len(names)), 2):
        run: list[Spurt] = []
        free_from = 0.0
        for spurt in [*spurts, Spurt(-1, float("inf"), float("inf"))]:
            end_s = max((s.end_s for s in run), default=0.0)
            if spurt.speaker in pair and spurt.start_s - end_s <= SILENCE_MAX_S:
                run.append(Spurt(pair.index(spurt.speaker), spurt.start_s, spurt.end_s))
                continue
            # What somebody else talks into is left out.
            _keep([s for s in run if spurt.speaker in pair or s.end_s <= spurt.start_s], out)
            run = []
            if spurt.speaker not in pair:
                free_from = max(free_from, spurt.end_s)
            elif spurt.start_s >= free_from:
                run = [Spurt(pair.index(spurt.speaker), spurt.start_s, spurt.end_s)]
    return out


def _keep(run: list[Spurt], out: list[list[Spurt]]) -> None:
    talk = [sum(spurt.length_s for spurt in run if spurt.speaker == speaker) for speaker in (0, 1)]
    if run and min(talk) >= _SHARE_MIN * sum(talk):
        length_s = max(spurt.end_s for spurt in run) - run[0].start_s
        if length_s >= _STRETCH_MIN_S:
            out.append(run)
