"""The filter over one person's goals: time passes, acts and walks are taken into account, what is done of each goal is kept.

A hidden Markov model whose state is the goal and whose evidence are acts. Goals change with a small rate: between two observations a
person keeps the goal with exp(-t / tau), else has one anew by the prior; who has reached a goal has one anew at once. What has been done
is a matter of the world, the same whatever the person wants, and is known; so the posterior is exact. Shares are probabilities,
weights of reasons nats of log-odds of their goal. Plain arithmetic, microseconds; nothing raises.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from msgspec import Struct, field

from cognitive.mind.estimate import Categorical, Reason, fade, remember
from cognitive.mind.goals.plans import NONE, Other, Plans
from runtime.clock import NS_PER_S

DONE_KEPT_S = 600.0
"""What was done of a goal counts for this long after its last step."""
SHARE_MIN = 1e-6
TRIED = frozenset({"handles", "does"})
"""What is done once more did not work; a look back means nothing."""


class PersonGoals(Struct, kw_only=True):
    """What is taken to be one person's goal, and what the person has done towards each; saved with the memory.

    Attributes:
        arrived_ns: the encounter that it belongs to.
        belief: probability of each goal and of `NONE`.
        done: by goal, bit mask of steps; `progress_ns`: when the last of them was done.
        again: by goal, how often a step that is done was done once more since then.
        reasons: by goal, the observations that moved it most.
        reached_ns: when a goal was last reached.
        offered_ns: when the agent last offered its help with a goal.
        failed_ns: when the person was last seen, or heard, to fail at something.
        leg_from: where the walk that is being watched began, metres from the agent, at `leg_ns`; 0 for nowhere.
        near_ns: by act, since when the person has been where it leads, 0 while elsewhere.
        others: other acts of late, so that one is not counted twice.
        look_ns: begin of the look that was counted last.
    """

    person_id: str
    arrived_ns: int
    belief: Categorical
    done: dict[str, int] = field(default_factory=dict)
    progress_ns: dict[str, int] = field(default_factory=dict)
    again: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, list[Reason]] = field(default_factory=dict)
    reached_ns: dict[str, int] = field(default_factory=dict)
    offered_ns: dict[str, int] = field(default_factory=dict)
    failed_ns: int = 0
    leg_from: tuple[float, float] = (0.0, 0.0)
    leg_ns: int = 0
    near_ns: dict[int, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    look_ns: int = 0


def begin(plans: Plans, person_id: str, arrived_ns: int, now_ns: int) -> PersonGoals:
    """Return what is to be expected of who has just come."""
    belief = Categorical(shares=dict(plans.prior), t_ns=now_ns)
    return PersonGoals(person_id=person_id, arrived_ns=arrived_ns, belief=belief)


def pass_time(state: PersonGoals, plans: Plans, now_ns: int, tau_s: float) -> None:
    """Let goals change, and what was done long ago be forgotten."""
    state.belief.relax(now_ns, plans.prior, tau_s)
    kept_ns = now_ns - round(DONE_KEPT_S * NS_PER_S)
    for goal_id in [name for name, t_ns in state.progress_ns.items() if t_ns < kept_ns]:
        _forget_steps(state, goal_id)
    for reasons in state.reasons.values():
        fade(reasons, now_ns, tau_s)


def see_act(
    state: PersonGoals, plans: Plans, acts: Collection[int], t_ns: int, cue: str, tau_s: float, sure: float = 1.0
) -> None:
    """Take into account that the person did one of these acts; what no plan needs any more counts as tried again."""
    pass_time(state, plans, t_ns, tau_s)
    open_acts = plans.open_acts(state.done)
    told = [act for act in acts if act in open_acts]
    if told:
        weigh(state, t_ns, cue, plans.likelihoods(told, state.done, sure))
        progress(state, plans, told, t_ns)
        return
    for goal in plans.goals:
        tried = [act for act in acts if plans.acts[act].kind in TRIED]
        if state.done.get(goal.id, 0) and any(act in step for act in tried for step in goal.steps):
            state.again[goal.id] = state.again.get(goal.id, 0) + 1


def see_other(
    state: PersonGoals, plans: Plans, kind: Other, t_ns: int, cue: str, tau_s: float, sure: float = 1.0
) -> None:
    """Take into account that the person looked at, or did, something that no plan names."""
    pass_time(state, plans, t_ns, tau_s)
    weigh(state, t_ns, cue, plans.likelihoods(kind, state.done, sure))


def weigh(state: PersonGoals, t_ns: int, cue: str, likelihoods: dict[str, float]) -> None:
    """Apply Bayes' rule, and note by how much the observation moved each goal."""
    before = {name: _log_odds(share) for name, share in state.belief.shares.items() if name != NONE}
    state.belief.observe(t_ns, cue, likelihoods)
    for name, odds in before.items():
        remember(state.reasons.setdefault(name, []), t_ns, cue, _log_odds(state.belief.shares[name]) - odds)


def progress(state: PersonGoals, plans: Plans, acts: Collection[int], t_ns: int) -> None:
    """Note what acts have brought nearer; who has reached a goal wants something anew."""
    shares, released = state.belief.shares, 0.0
    reached: list[str] = []
    for goal in plans.goals:
        before = after = state.done.get(goal.id, 0)
        for act in acts:
            after = goal.after(act, after)
        if after == before:
            continue
        state.done[goal.id], state.progress_ns[goal.id] = after, t_ns
        state.again.pop(goal.id, None)
        if goal.complete(after):
            reached.append(goal.id)
            released += shares[goal.id]
            state.reached_ns[goal.id] = t_ns
            _forget_steps(state, goal.id)
    before_odds = {name: _log_odds(shares[name]) for name in reached}
    for name in shares:
        shares[name] = (0.0 if name in reached else shares[name]) + released * plans.prior[name]
    for name, odds in before_odds.items():
        state.reasons[name] = []
        remember(state.reasons[name], t_ns, "has reached it", _log_odds(shares[name]) - odds)


def _forget_steps(state: PersonGoals, goal_id: str) -> None:
    for table in (state.done, state.progress_ns, state.again):
        table.pop(goal_id, None)


def _log_odds(share: float) -> float:
    bounded = min(1.0 - SHARE_MIN, max(SHARE_MIN, share))
    return math.log(bounded / (1.0 - bounded))
