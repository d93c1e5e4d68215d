"""What a cue says about a mind: one table of log-likelihood ratios, with the priors and time constants of what they move.

A ratio is ln P(cue | the state holds) - ln P(cue | it does not): 0.7 makes the state twice as likely, 2.3 ten times. A *moment* counts
once when it happens; a *stretch* counts for each second that it lasts, so its rates are small, and relaxation keeps what lasts
from adding up to certainty. Numbers with a source beside them follow it; the others are design choices, to be replaced by what
`cognitive.mind.learning` counts in annotated sessions.

| variable      | prior | tau   | what it means |
|---------------|-------|-------|---|
| engagement    | 0.30  | 20 s  | takes part in an interaction with the agent (Sidner et al. 2005) |
| confusion     | 0.05  | 25 s  | does not understand what was said or is to be done |
| wish_to_speak | 0.10  | 4 s   | is about to say something to the agent |
| wish_to_leave | 0.05  | 15 s  | is about to go |
| valence       | 0     | 20 s  | how it feels, -1 to 1; stationary standard deviation 0.35 |
| arousal       | 0     | 15 s  | how strongly, -1 to 1 |
| attention     | see `ATTENTION_PRIOR` | 6 s | on the agent, another person, an object, or nothing here |

| cue                | kind    | engagement | confusion | wish_to_speak | wish_to_leave | source |
|--------------------|---------|------------|-----------|---------------|---------------|---|
| looks_at_agent     | stretch | +0.25      |           | +0.05         | -0.10         | Sidner 2005; Argyle: listeners 75 % |
| looks_at_other     | stretch | -0.20      |           |               |               |---|
| looks_at_object    | stretch | -0.15      |           |               | -0.03         |---|
| looks_away         | stretch | -0.12      |           |               | +0.05         |---|
| near               | stretch | +0.08      |           |               | -0.05         | personal distance up to 1.2 m (Hall 1966) |
| far                | stretch | -0.15      |           |               | +0.08         | social distance from 2.5 m |
| speaks_to_agent    | moment  | +2.0       |           | -1.5          | -0.7          |---|
| speaks_aside       | moment  | -1.2       |           | -1.0          |               |---|
| asks               | moment  | +0.5       |           |               | -0.5          |---|
| nods               | moment  | +0.8       | -0.8      |               |               | listeners' nods mark uptake (Bavelas) |
| shakes             | moment  | +0.3       | +0.9      |               |               |---|
| not_understood     | moment  | +0.5       | +3.5      |               |               | repair initiation (Schegloff 1977) |
| understood         | moment  | +0.3       | -3.0      |               |               | acknowledgement, "I see" (Clark & Schaefer 1989) |
| asks_again         | moment  |            | +2.0      |               |               |---|
| puzzled_gesture    | moment  |            | +1.2      |               |               | scratches the head, shrugs, squints |
| frowns_at_agent    | stretch |            | +0.25     |               |               | a brow lowered after the agent's words |
| voice_without_words| moment  |            |           | +0.3          |               |---|
| takes_leave        | moment  | -0.5       |           |               | +4.0          |---|
| closes             | moment  |            |           |               | +1.6          | pre-closing (Schegloff & Sacks 1973) |
| moves_off          | moment  | -0.8       |           |               | +2.5          |---|
| comes_closer       | moment  | +0.8       |           | +0.5          | -0.8          |---|
| turns_to_agent     | moment  | +0.4       |           | +0.8          |               | gaze before speaking (Ho et al. 2015) |
| takes_belongings   | moment  |            |           |               | +1.2          |---|
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """Prior probability and relaxation time of a two-state variable."""

    prior: float
    tau_s: float


VARIABLES: dict[str, Variable] = {
    "engagement": Variable(0.30, 20.0),
    "confusion": Variable(0.05, 25.0),
    "wish_to_speak": Variable(0.10, 4.0),
    "wish_to_leave": Variable(0.05, 15.0),
}

VALENCE_SD, VALENCE_TAU_S = 0.35, 20.0
AROUSAL_SD, AROUSAL_TAU_S = 0.35, 15.0
FACE_NOISE, VOICE_NOISE, WORD_NOISE = 0.45, 0.40, 0.30
"""Standard deviation of what a face, a voice, feeling words tell of how somebody feels, at a confidence of 1."""

ATTENTION_TAU_S = 6.0
ATTENTION_PRIOR: dict[str, float] = {"agent": 0.30, "other": 0.15, "object": 0.25, "away": 0.30}

MOMENTS: dict[str, dict[str, float]] = {
    "speaks_to_agent": {"engagement": 2.0, "wish_to_speak": -1.5, "wish_to_leave": -0.7},
    "speaks_aside": {"engagement": -1.2, "wish_to_speak": -1.0},
    "asks": {"engagement": 0.5, "wish_to_leave": -0.5},
    "nods": {"engagement": 0.8, "confusion": -0.8},
    "shakes": {"engagement": 0.3, "confusion": 0.9},
    "not_understood": {"engagement": 0.5, "confusion": 3.5},
    "understood": {"engagement": 0.3, "confusion": -3.0},
    "asks_again": {"confusion": 2.0},
    "puzzled_gesture": {"confusion": 1.2},
    "voice_without_words": {"wish_to_speak": 0.3},
    "takes_leave": {"engagement": -0.5, "wish_to_leave": 4.0},
    "closes": {"wish_to_leave": 1.6},
    "moves_off": {"engagement": -0.8, "wish_to_leave": 2.5},
    "comes_closer": {"engagement": 0.8, "wish_to_speak": 0.5, "wish_to_leave": -0.8},
    "turns_to_agent": {"engagement": 0.4, "wish_to_speak": 0.8},
    "takes_belongings": {"wish_to_leave": 1.2},
}
"""Log-likelihood ratios of what happens once."""

STRETCHES: dict[str, dict[str, float]] = {
    "looks_at_agent": {"engagement": 0.25, "wish_to_speak": 0.05, "wish_to_leave": -0.10},
    "looks_at_other": {"engagement": -0.20},
    "looks_at_object": {"engagement": -0.15, "wish_to_leave": -0.03},
    "looks_away": {"engagement": -0.12, "wish_to_leave": 0.05},
    "near": {"engagement": 0.08, "wish_to_leave": -0.05},
    "far": {"engagement": -0.15, "wish_to_leave": 0.08},
    "frowns_at_agent": {"confusion": 0.25},
}
"""Log-likelihood ratios for each second of what lasts."""
