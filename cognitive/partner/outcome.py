"""What came of a simulated conversation, and how satisfied the person is, by one stated formula.

satisfaction = clip(0.4 G + 0.3 (M + 1) / 2 + 0.2 A + 0.1 C - 0.1 I, 0, 1)

G share of goals reached (1 without goals), M mood at the end (-1 to 1), A share of the person's turns that were answered within their
patience (1 without any), C courtesy: half for a greeting, half for a goodbye where the person took leave (1 where that did not come
up), I interruptions suffered (at most 5 count). Weights are design choices. Pure data.
"""

from __future__ import annotations

from msgspec import Struct, field

INTERRUPTIONS_COUNTED = 5


class InitiativeHeard(Struct, kw_only=True):
    """One initiative of the agent in words, and what the person made of it: `taken_up`, `ignored` or `unwelcome`."""

    at_s: float
    trigger: str
    words: str
    outcome: str = "ignored"


class Outcome(Struct, kw_only=True):
    """One conversation; times in seconds of session time. Lines of `attune partner run` are this as JSON."""

    session: int = 0
    seed: int = 0
    person: str = ""
    level: str = "words"
    length_s: float = 0.0
    ended: str = ""
    goals: int = 0
    goals_reached: int = 0
    turns: int = 0
    answered: int = 0
    mean_answer_s: float | None = None
    interruptions: int = 0
    barge_ins: int = 0
    greeted: bool = False
    parted: bool | None = None
    double_greetings: int = 0
    initiatives: int = 0
    taken_up: int = 0
    ignored: int = 0
    unwelcome: int = 0
    mood: float = 0.0
    satisfaction: float = 0.0
    beliefs_corrected: int = 0
    intentions: int = 0
    intentions_stuck: int = 0
    cycles: int = 0
    memory_bytes_max: int = 0
    rss_mb: float = 0.0
    wall_s: float = 0.0
    error: str = ""
    heard: list[InitiativeHeard] = field(default_factory=list)


def satisfaction(outcome: Outcome) -> float:
    """Return how satisfied the person is, 0 to 1."""
    goals = outcome.goals_reached / outcome.goals if outcome.goals else 1.0
    answered = outcome.answered / outcome.turns if outcome.turns else 1.0
    courtesy = 0.5 * outcome.greeted + 0.5 * (outcome.parted is not False)
    bothered = 0.1 * min(INTERRUPTIONS_COUNTED, outcome.interruptions)
    total = 0.4 * goals + 0.3 * (outcome.mood + 1.0) / 2.0 + 0.2 * answered + 0.1 * courtesy - bothered
    return round(min(1.0, max(0.0, total)), 4)
