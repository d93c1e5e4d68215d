"""How a running plan is revised as the situation changes: what is dropped, taken back, sent anew or done more quietly, and why.

| rule | when | what |
|---|---|---|
| `unless` of a step | the condition holds before the step has begun | dropped, or taken back where it was sent |
| gone | the person has left, and the act is for somebody who is here | all that has not begun is dropped or taken back |
| soften | valence has fallen by `FALL` or into distress since the plan began | cheer is taken back, the rest has `SOFTER` strength |
| retarget | who is looked at or walked to has moved by more than `MOVED_RAD` | sent anew; it supersedes the old one |

Pure: a plan and a moment in, edits out; `cognitive.planner` carries them out. Numbers are design choices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cognitive.acts import ACTS
from cognitive.conditions import CONDITIONS, Moment, holds, person_gone, person_sad
from cognitive.plan import WAITING, Plan, PlannedStep
from cognitive.situation import DISTRESS
from runtime.clock import NS_PER_S
from runtime.messages import Intention

FALL = 0.4
SOFTER = 0.5
CHEERFUL = frozenset({"happy", "celebrate"})
"""Labels of what is out of place where somebody has become sad."""
FOLLOWS = frozenset({"gaze", "attention", "locomotion"})
"""Channels that are directed at a place and go on for a while."""
MOVED_RAD = 0.2
REST_S = 0.6
"""What lasts no longer than this any more is not sent anew."""
REVISIONS_MAX = 8


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a plan: end a step, or send it anew towards a new direction for the rest of its time."""

    step: PlannedStep
    kind: Literal["end", "retarget"]
    reason: str


def edits(plan: Plan, moment: Moment) -> Iterator[Edit]:
    """Yield what has to change; notes in the plan that it goes on softly."""
    gone = person_gone(moment) and not ACTS[plan.act].without_person
    sad = _saddened(plan, moment)
    plan.softened = plan.softened or sad
    for step in plan.steps:
        if step.over or step.taken_back:
            continue
        spec = plan.spec(step)
        if not step.begun:
            name = next((name for name in spec.unless if holds(name, moment)), "")
            if name or gone:
                yield Edit(step, "end", CONDITIONS[name or "person_gone"][1])
                continue
        if sad and spec.label in CHEERFUL:
            yield Edit(step, "end", CONDITIONS["person_sad"][1])
        elif spec.kind in FOLLOWS and _moved(step, moment):
            yield Edit(step, "retarget", "the person has moved")


def _saddened(plan: Plan, moment: Moment) -> bool:
    """Whether the person has become sad since the plan began, which had not begun because of that."""
    if plan.valence <= DISTRESS:
        return False
    concerned = plan.person_id in ("", moment.situation.partner)
    return person_sad(moment) or (concerned and moment.situation.valence <= plan.valence - FALL)


def _moved(step: PlannedStep, moment: Moment) -> bool:
    intention = step.intention
    if step.state == WAITING or intention is None or intention.target is None or step.revised >= REVISIONS_MAX:
        return False
    sent_rad = intention.target.direction_rad
    person = moment.situation.person(intention.target.person_id)
    if sent_rad is None or person is None or not person.seen:
        return False
    if intention.kind == "locomotion" and step.begun:
        return False  # the body follows whom it walks to by itself
    moved_rad = math.hypot(person.bearing_rad[0] - sent_rad[0], person.bearing_rad[1] - sent_rad[1])
    return moved_rad > MOVED_RAD and rest_s(intention, moment.situation.now_ns) >= REST_S


def rest_s(intention: Intention, now_ns: int) -> float:
    """Return how much of a held intention's time is left, seconds; what has no length of its own counts as a second."""
    begun_ns = max(intention.created_ns, intention.timing.earliest_ns)
    return intention.parameters.get("duration_s", 1.0) - max(0, now_ns - begun_ns) / NS_PER_S
