"""What is taken to be somebody's goal at one moment, as reasoners see it. Plain data; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cognitive.mind.estimate import Reason

NOTABLE = 0.3
"""Goals that are less probable are not told in words."""
CUES_TOLD = 3


@dataclass(frozen=True, slots=True)
class GoalView:
    """One goal of one person.

    Attributes:
        wish: what somebody wants who has it, after "wants to".
        p: probability that the person has it now.
        sure: it is believed, on the ground of something that the person did.
        steps: how many there are, `done` of them.
        next_step: what is to be done next, as a clause without subject.
        offer: what the agent may say; empty for nothing in particular.
        offered: the agent has offered its help with it in this encounter.
        progress_ns: when the last step was done, 0 for never.
        again: how often since then what is done was done once more.
        failed_ns: when the person last failed at something, 0 for never.
    """

    id: str
    wish: str
    p: float
    sure: bool
    steps: int
    done: int
    next_step: str
    offer: str
    offered: bool
    progress_ns: int
    again: int
    failed_ns: int


def variable(goal_id: str) -> str:
    """Return the name under which the reasons of a goal stand among those of the mind."""
    return f"goal {goal_id}"


def in_words(goals: Iterable[GoalView], reasons: Mapping[str, tuple[Reason, ...]]) -> str:
    """Return what somebody seems to want and why, the most probable first; empty for nothing notable."""
    return "; ".join(_one(goal, reasons.get(variable(goal.id), ())) for goal in goals if goal.p >= NOTABLE)


def _one(goal: GoalView, reasons: tuple[Reason, ...]) -> str:
    weighty = sorted(reasons, key=lambda reason: -abs(reason.weight))[:CUES_TOLD]
    why = ", ".join(f"{reason.cue} {reason.weight:+.1f}" for reason in weighty) or "nothing but the prior"
    step = f", {goal.done} of {goal.steps} steps done" if goal.done else ""
    return f"wants to {goal.wish} {goal.p:.2f} ({why}{step})"
