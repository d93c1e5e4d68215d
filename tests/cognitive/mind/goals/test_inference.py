"""The filter over goals against Bayes' rule by enumeration: every sequence of goals that a person may have had, written out."""

from __future__ import annotations

import itertools
import math
import random
from functools import cache

import pytest

from cognitive.mind.goals import inference
from cognitive.mind.goals.plans import EFFORT, NONE, OTHERS, UNSEEN, Act, Plans
from cognitive.mind.goals.walking import PER_M, heading_likelihood
from runtime.goals import Declared, Goal, GoalStep

S = 10**9
BETA, TAU_S = 2.0, 60.0
THINGS = ("red door", "blue door", "lamp", "chair", "desk")


def goal(name: str, prior: float, *things: str, order: str = "in_order", kind: str = "handles") -> Goal:
    return Goal(id=name, prior=prior, order=order, steps=tuple(GoalStep(**{kind: thing}) for thing in things))


def world(chance: random.Random) -> Declared:
    """A few goals over a few things, in whatever order; two of them share a thing where chance will have it."""
    goals = []
    for number in range(chance.randint(1, 3)):
        things = chance.sample(THINGS, chance.randint(1, 3))
        order, kind = chance.choice(("in_order", "any")), chance.choice(("handles", "looks_at"))
        goals.append(goal(f"g{number}", chance.uniform(0.05, 0.3), *things, order=order, kind=kind))
    return Declared(goals=tuple(goals))


class Enumeration:
    """Bayes' rule by brute force; costs-to-go are found by trying all ways to the goal. It shares no code with the model."""

    def __init__(self, declared: Declared) -> None:
        self.goals = {g.id: g for g in declared.goals}
        self.plans = {g.id: [step.observables()[0] for step in g.steps] for g in declared.goals}
        self.prior = {g.id: g.prior for g in declared.goals}
        self.prior[NONE] = 1.0 - sum(self.prior.values())
        self.alphabet = sorted({act for plan in self.plans.values() for act in plan})

    def after(self, name: str, done: frozenset, act: tuple) -> frozenset:
        """What is done of a goal after an act: of an ordered plan all steps before it as well."""
        plan = self.plans[name]
        if act not in plan or plan.index(act) in done:
            return done
        if self.goals[name].order == "any":
            return done | {plan.index(act)}
        return frozenset(range(plan.index(act) + 1))

    def to_go(self, name: str, done: frozenset) -> float:
        """The least effort to the goal, over all sequences of acts."""

        @cache
        def least(state: frozenset) -> float:
            if len(state) == len(self.plans[name]):
                return 0.0
            ways = []
            for act in self.plans[name]:
                after = self.after(name, state, act)
                if after != state:
                    ways.append(self.effort(name, state, after) + least(after))
            return min(ways)

        return least(done)

    def effort(self, name: str, before: frozenset, after: frozenset) -> float:
        """What it costs to get from one state to another: each step in between, seen or not."""
        return sum(EFFORT[self.plans[name][step][0]] for step in after - before)

    def open(self, done: dict) -> list:
        return [act for act in self.alphabet if any(self.after(g, done[g], act) != done[g] for g in self.plans)]

    def weight(self, name: str, done: dict, act: tuple) -> float:
        own = EFFORT[act[0]]
        if name == NONE:
            return math.exp(-BETA * own)
        before, after = done[name], self.after(name, done[name], act)
        if after == before:
            return math.exp(-BETA * own)
        spent = self.effort(name, before, after)
        difference = spent + self.to_go(name, after) - self.to_go(name, before)
        unseen = len(after - before) - 1 if self.goals[name].order == "in_order" else 0
        return max(math.exp(-BETA * difference) * UNSEEN**unseen, math.exp(-BETA * own))

    def likelihood(self, name: str, done: dict, seen: tuple, sure: float) -> float:
        """Of what was seen: an act of the alphabet, or ("other", kind)."""
        others = sum(many * math.exp(-BETA * EFFORT[kind]) for kind, many in OTHERS.items())

        def of(goal_name: str) -> float:
            total = sum(self.weight(goal_name, done, act) for act in self.open(done)) + others
            own = math.exp(-BETA * EFFORT[seen[1]]) if seen[0] == "other" else self.weight(goal_name, done, seen)
            return own / total

        return sure * of(name) + (1.0 - sure) * of(NONE)

    def posterior(self, observations: list[tuple[float, tuple, float]], now_s: float) -> dict[str, float]:
        """Sum over all sequences of goals, one for each observation and one for now."""
        names = list(self.prior)
        states: list[dict] = [{g: frozenset() for g in self.plans}]
        reached: list[set] = []
        for _, seen, _ in observations:
            done = dict(states[-1])
            if seen[0] != "other":
                done = {g: self.after(g, done[g], seen) for g in done}
            reached.append({g for g in done if len(done[g]) == len(self.plans[g])})
            states.append({g: frozenset() if g in reached[-1] else done[g] for g in done})
        times = [0.0, *(t_s for t_s, _, _ in observations), now_s]
        totals = dict.fromkeys(names, 0.0)
        for sequence in itertools.product(names, repeat=len(observations) + 1):
            joint = 1.0
            for index, name in enumerate(sequence):
                kept = math.exp(-(times[index + 1] - times[index]) / TAU_S)
                if index == 0:
                    joint *= self.prior[name]
                else:
                    before = sequence[index - 1]
                    if before in reached[index - 1]:
                        joint *= self.prior[name]
                        # Had anew by the prior, and then perhaps changed before the next observation: the same prior.
                    else:
                        joint *= kept * (name == before) + (1.0 - kept) * self.prior[name]
                if index < len(observations):
                    _, seen, sure = observations[index]
                    joint *= self.likelihood(name, states[index], seen, sure)
            totals[sequence[-1]] += joint
        whole = sum(totals.values())
        return {name: share / whole for name, share in totals.items()}


@pytest.mark.parametrize("seed", range(40))
def test_the_posterior_is_bayes_rule_over_all_sequences_of_goals(seed: int) -> None:
    chance = random.Random(seed)
    declared = world(chance)
    plans, truth = Plans(declared, BETA), Enumeration(declared)
    state = inference.begin(plans, "anna", 0, 0)
    observations: list[tuple[float, tuple, float]] = []
    t_s = 0.0
    for _ in range(chance.randint(1, 4)):
        t_s += chance.choice((0.5, 5.0, 40.0))
        sure = chance.choice((1.0, 0.7))
        done = {g: frozenset(i for i in range(3) if state.done.get(g, 0) >> i & 1) for g in truth.plans}
        seen = chance.choice([*truth.open(done), ("other", "looks_at"), ("other", "does")])
        if seen[0] == "other":
            inference.see_other(state, plans, seen[1], round(t_s * S), "other", TAU_S, sure)
        else:
            act = plans.acts.index(Act(*seen))
            inference.see_act(state, plans, [act], round(t_s * S), "act", TAU_S, sure)
        observations.append((t_s, seen, sure))
    now_s = t_s + chance.choice((0.0, 30.0))
    inference.pass_time(state, plans, round(now_s * S), TAU_S)
    expected = truth.posterior(observations, now_s)
    assert state.belief.shares == pytest.approx(expected, abs=1e-9)
    assert sum(state.belief.shares.values()) == pytest.approx(1.0)


def test_a_step_speaks_for_its_goal_and_against_the_others() -> None:
    plans = Plans(Declared(goals=(goal("leave", 0.2, "coat", "door"), goal("read", 0.2, "book", "lamp"))), BETA)
    state = inference.begin(plans, "anna", 0, 0)
    inference.see_act(state, plans, [0], S, "handles coat", TAU_S)
    shares = state.belief.shares
    assert shares["leave"] > 0.5 and shares["read"] < 0.1
    assert state.reasons["leave"][0].cue == "handles coat" and state.reasons["leave"][0].weight > 1.0
    assert state.reasons["read"][0].weight < 0.0


def test_the_more_rational_people_are_the_more_an_act_tells() -> None:
    def belief(beta: float) -> float:
        plans = Plans(Declared(goals=(goal("leave", 0.2, "coat", "door"),)), beta)
        state = inference.begin(plans, "anna", 0, 0)
        inference.see_act(state, plans, [0], S, "handles coat", TAU_S)
        return state.belief.shares["leave"]

    shares = [belief(beta) for beta in (0.5, 1.0, 2.0, 4.0)]
    assert shares == sorted(shares)


def test_who_chooses_at_random_shows_nothing_but_that_steps_come_in_order() -> None:
    plans = Plans(Declared(goals=(goal("tidy", 0.2, "coat", "door", order="any"),)), 0.0)
    state = inference.begin(plans, "anna", 0, 0)
    inference.see_act(state, plans, [1], S, "handles door", TAU_S)
    assert state.belief.shares["tidy"] == pytest.approx(0.2)


def test_old_evidence_fades_to_the_prior() -> None:
    plans = Plans(Declared(goals=(goal("leave", 0.2, "coat", "door"),)), BETA)
    state = inference.begin(plans, "anna", 0, 0)
    inference.see_act(state, plans, [0], S, "handles coat", TAU_S)
    fresh = state.belief.shares["leave"]
    inference.pass_time(state, plans, 61 * S, TAU_S)
    assert state.belief.shares["leave"] == pytest.approx(0.2 + (fresh - 0.2) / math.e)
    inference.pass_time(state, plans, 3_600 * S, TAU_S)
    assert state.belief.shares["leave"] == pytest.approx(0.2, abs=1e-3)
    assert not state.reasons["leave"] and not state.done, "what was done so long ago is no longer done"


def test_who_has_reached_a_goal_wants_something_anew() -> None:
    plans = Plans(Declared(goals=(goal("leave", 0.2, "coat", "door"),)), BETA)
    state = inference.begin(plans, "anna", 0, 0)
    inference.see_act(state, plans, [0], S, "handles coat", TAU_S)
    inference.see_act(state, plans, [1], 2 * S, "handles door", TAU_S)
    assert state.belief.shares["leave"] < 0.2 < state.belief.shares[NONE], "she may want it again, as anybody may"
    assert state.reached_ns["leave"] == 2 * S and not state.done
    assert [reason.cue for reason in state.reasons["leave"]] == ["has reached it"], "what spoke for it is spent"


def test_a_later_step_shows_that_the_earlier_were_done_unseen() -> None:
    plans = Plans(Declared(goals=(goal("leave", 0.2, "coat", "bag", "door"),)), BETA)
    state = inference.begin(plans, "anna", 0, 0)
    inference.see_act(state, plans, [1], S, "handles bag", TAU_S)
    assert state.done["leave"] == 0b11
    before = state.belief.shares["leave"]
    inference.see_act(state, plans, [0], 2 * S, "handles coat", TAU_S)
    assert state.belief.shares["leave"] <= before and state.again["leave"] == 1, "what is done is no new evidence"


def test_reports_that_may_be_wrong_tell_less() -> None:
    plans = Plans(Declared(goals=(goal("leave", 0.2, "coat", "door"),)), BETA)
    sure, doubtful = (inference.begin(plans, "anna", 0, 0) for _ in range(2))
    inference.see_act(sure, plans, [0], S, "handles coat", TAU_S)
    inference.see_act(doubtful, plans, [0], S, "handles coat", TAU_S, 0.5)
    assert 0.2 < doubtful.belief.shares["leave"] < sure.belief.shares["leave"]


@pytest.mark.parametrize("rational", [BETA, 1.0], ids=["as believed", "less rational than believed"])
def test_a_belief_is_worth_what_it_says(rational: float) -> None:
    """People are drawn from the model; of all moments with a belief of about p, a share of about p is right."""
    chance = random.Random(7)
    declared = Declared(
        goals=(goal("a", 0.2, "coat", "door"), goal("b", 0.2, "book", "lamp", "chair"), goal("c", 0.1, "coat", "lamp"))
    )
    plans, people = Plans(declared, BETA), Plans(declared, rational)
    bins: dict[int, list[tuple[float, bool]]] = {}
    for _ in range(3_000):
        wants = chance.choices(list(plans.prior), list(plans.prior.values()))[0]
        state = inference.begin(plans, "anna", 0, 0)
        for t_s in (1, 2):
            open_acts = sorted(plans.open_acts(state.done))
            acts = [[act] for act in open_acts] + ["looks_at", "does"]
            odds = [people.likelihoods(act, state.done)[wants] for act in acts]
            odds[-2:] = [odds[-2] * OTHERS["looks_at"], odds[-1] * OTHERS["does"]]
            seen = chance.choices(acts, odds)[0]
            if isinstance(seen, str):
                inference.see_other(state, plans, seen, t_s * S, "other", 1e7)
            else:
                inference.see_act(state, plans, seen, t_s * S, "act", 1e7)
            if state.reached_ns:
                break
            for name, share in state.belief.shares.items():
                bins.setdefault(min(9, int(10 * share)), []).append((share, name == wants))
    for moments in bins.values():
        if len(moments) < 200:
            continue
        said = sum(share for share, _ in moments) / len(moments)
        right = sum(hit for _, hit in moments) / len(moments)
        if rational == BETA:
            assert right == pytest.approx(said, abs=0.05)
        elif said > 0.7:
            assert right < said, "who is less rational than believed is believed too readily"


def test_a_heading_is_as_probable_as_a_von_mises_density_around_the_way() -> None:
    """Far from the target the policy over headings is exp(k cos) / (2 pi I0(k)), k = beta w length."""
    start, target, length = (0.0, 0.0), (1_000.0, 0.0), 1.5
    total = 0.0
    kappa = 2.0 * PER_M * length
    bessel = sum((kappa / 2) ** (2 * k) / math.factorial(k) ** 2 for k in range(30))
    for number in range(16):
        angle = 2 * math.pi * number / 16
        end = length * math.cos(angle), length * math.sin(angle)
        p = heading_likelihood(start, end, [target], 2.0)
        assert p == pytest.approx(math.exp(kappa * math.cos(angle)) / bessel / 16, rel=1e-3)
        total += p
    assert total == pytest.approx(1.0, rel=1e-3)
