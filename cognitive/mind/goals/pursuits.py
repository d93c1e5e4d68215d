"""Keeps up with the scene what each person who is here seems to want.

Once a cycle: messages in, in their order; acts and walks are read off them and weighed. A look counts once it was held for `LOOK_S`. Who
answers the agent's offer tells it outright. Where a scenario declares no goals nobody makes one of these, so that it costs nothing.
Microseconds a message; bounded; an odd message moves nothing. Confined to the room's event loop.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from cognitive.mind.estimate import Reason
from cognitive.mind.goals import inference, observing, walking
from cognitive.mind.goals.inference import PersonGoals
from cognitive.mind.goals.observing import Observing
from cognitive.mind.goals.plans import NONE, Plans
from cognitive.mind.goals.view import GoalView, in_words, variable
from cognitive.mind.goals.walking import Point
from cognitive.mind.person import MindView
from cognitive.scene import Person, Scene, Utterance
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.goals import AGENT, Declared, GoalSettings

LOOK_S = 1.0
"""A shorter look may be a glance in passing."""
NEAR_S = 1.5
"""Who has been at a place for so long has come there, and does not only pass by."""
BESIDE_M = 1.2
"""Who is this near to a person or the agent has come to them (Hall 1966: personal distance)."""
LOST_S = 5.0
"""A walk that nobody has seen for so long is another one."""
SAME_S = 20.0
"""The same other act within this time is one."""
HEARD_MIN = 0.4
"""A report that is less sure counts for nothing."""
ANSWER_S = 12.0
ANSWER_SURE = 0.9
"""Who is asked whether they want something says how it is with this probability."""
PEOPLE_MAX, OTHERS_MAX = 12, 16
TAU_MAX_S = 1e7


class Pursuits:
    """What people here seem to want."""

    def __init__(self, declared: Declared, settings: GoalSettings, saved: dict[str, PersonGoals]) -> None:
        """Go on with a saved state, which is changed; what it holds of other goals than the declared ones is dropped."""
        self.plans = Plans(declared, settings.rationality)
        self._settings = settings
        self._tau_s = min(TAU_MAX_S, 60.0 / settings.changes_per_min) if settings.changes_per_min else TAU_MAX_S
        self._observing = Observing(self.plans)
        self._places = {
            name: (walking.position(math.radians(place.bearing_deg), place.distance_m), place.radius_m)
            for name, place in declared.places.items()
        }
        self._ways = [(number, act.text) for number, act in enumerate(self.plans.acts) if act.kind == "approaches"]
        self.people = saved
        for person_id in [name for name, one in saved.items() if set(one.belief.shares) != set(self.plans.prior)]:
            del saved[person_id]

    def update(self, scene: Scene, messages: Iterable[m.Message], now_ns: int) -> None:
        """Take in what has come since the last cycle; the scene holds it already."""
        here = {person.person_id: person for person in scene.present()}
        for person in here.values():
            self._known(person, now_ns)
        for message in messages:
            t_ns = min(message.t_ns or now_ns, now_ns)
            match message:
                case m.PersonPercept() if message.state != "left" and message.distance_m:
                    if (state := self._here(message.person_id, here)) is not None:
                        point = walking.position(message.bearing_rad[0], message.distance_m)
                        self._walks(state, here, point, t_ns)
                case m.WorldEvent() if message.confidence >= HEARD_MIN:
                    self._happened(message, here, t_ns)
                case m.Turn() if message.speaker == "user" and message.state == "ended":
                    said = next((u for u in reversed(scene.utterances) if u.turn_id == message.turn_id), None)
                    if said is not None:
                        self._said(scene, said, here, t_ns)
                case m.TypedText():
                    said = next((u for u in reversed(scene.utterances) if u.speaker == "user"), None)
                    if said is not None and said.text == message.text.strip()[: len(said.text)]:
                        self._said(scene, said, here, t_ns)
        for person in here.values():
            self._looks(self.people[person.person_id], person, now_ns)
            inference.pass_time(self.people[person.person_id], self.plans, now_ns, self._tau_s)
        while len(self.people) > PEOPLE_MAX:
            away = [name for name in self.people if name not in here] or list(self.people)
            del self.people[min(away, key=lambda name: self.people[name].belief.t_ns)]

    def offered(self, goal_id: str, person_id: str, now_ns: int) -> None:
        """Note that the agent offers its help with a goal: it does so once in an encounter."""
        if goal_id and (state := self.people.get(person_id)) is not None:
            state.offered_ns[goal_id] = now_ns

    def not_offered(self, person_id: str, since_ns: int) -> None:
        """Note that an offer of a plan that began then was not carried out after all."""
        if (state := self.people.get(person_id)) is not None:
            for goal_id in [name for name, t_ns in state.offered_ns.items() if t_ns == since_ns]:
                del state.offered_ns[goal_id]

    # ---------------------------------------------------------------- what is seen and said

    def _known(self, person: Person, now_ns: int) -> PersonGoals:
        state = self.people.get(person.person_id)
        if state is None or state.arrived_ns != person.arrived_ns:
            state = inference.begin(self.plans, person.person_id, person.arrived_ns, now_ns)
            self.people[person.person_id] = state
        return state

    def _here(self, person_id: str, here: dict[str, Person]) -> PersonGoals | None:
        return self.people.get(person_id) if person_id in here else None

    def _where(self, name: str, person_id: str, here: dict[str, Person]) -> tuple[Point, float] | None:
        """Return where a place, a person or the agent is, and how near is there; None where that is not known."""
        if name in self._places:
            return self._places[name]
        if name == AGENT:
            return (0.0, 0.0), BESIDE_M
        other = here.get(name)
        if other is None or name == person_id or not other.distance_m:
            return None
        return walking.position(other.bearing_rad[0], other.distance_m), BESIDE_M

    def _walks(self, state: PersonGoals, here: dict[str, Person], point: Point, t_ns: int) -> None:
        """Weigh a leg of a walk, and note who has come to a place."""
        places = {
            number: found
            for number, text in self._ways
            if (found := self._where(text, state.person_id, here)) is not None
        }
        if not state.leg_ns or t_ns - state.leg_ns > LOST_S * NS_PER_S or not places:
            state.leg_from = point
        elif math.dist(state.leg_from, point) >= walking.LEG_M:
            points = {number: where for number, (where, _) in places.items()}
            inference.pass_time(state, self.plans, t_ns, self._tau_s)
            told = walking.likelihoods(self.plans, state.done, state.leg_from, point, points)
            inference.weigh(state, t_ns, self._walk_cue(state.leg_from, point, told, points), told)
            state.leg_from = point
        state.leg_ns = max(1, t_ns)
        open_acts = self.plans.open_acts(state.done)
        for number, (where, radius_m) in places.items():
            if number not in open_acts:
                state.near_ns.pop(number, None)
            elif math.dist(where, point) > radius_m:
                state.near_ns[number] = 0
            elif number not in state.near_ns:
                continue  # was first seen there
            elif not state.near_ns[number]:
                state.near_ns[number] = max(1, t_ns)
            elif t_ns - state.near_ns[number] >= NEAR_S * NS_PER_S:
                self._acts(state, frozenset({number}), t_ns, 1.0)
                state.near_ns.pop(number, None)

    def _walk_cue(self, start: Point, end: Point, found: dict[str, float], points: dict[int, Point]) -> str:
        """Return what a leg looks like: towards what it brings nearest of what it makes more probable."""
        nearer = [number for number, point in points.items() if math.dist(end, point) < math.dist(start, point)]
        if not nearer or max(found.values()) <= found[NONE]:
            return "walks elsewhere"
        way_m = {number: math.dist(start, points[number]) - math.dist(end, points[number]) for number in nearer}
        return f"walks towards {self.plans.acts[max(nearer, key=lambda number: way_m[number])].text}"

    def _happened(self, message: m.WorldEvent, here: dict[str, Person], t_ns: int) -> None:
        deed = self._observing.sentence(message.text, sorted(here))
        if deed is None or (state := self.people.get(deed.person_id)) is None:
            return
        if deed.failed:
            state.failed_ns = max(1, t_ns)
        elif deed.acts:
            self._acts(state, deed.acts, t_ns, message.confidence)
        elif deed.other and self._new(state, message.text, t_ns):
            inference.see_other(
                state, self.plans, "does", t_ns, "does something else", self._tau_s, message.confidence
            )  # fmt: skip

    def _said(self, scene: Scene, said: Utterance, here: dict[str, Person], t_ns: int) -> None:
        state = self._here(said.person_id, here)
        if state is None or said.heard < HEARD_MIN:
            return
        self._answers(scene, said, state, t_ns)
        if observing.failing(said.text):
            state.failed_ns = max(1, t_ns)
        if acts := self._observing.says(said.text):
            self._acts(state, acts, t_ns, said.heard)

    def _answers(self, scene: Scene, said: Utterance, state: PersonGoals, t_ns: int) -> None:
        """Take a yes or no to the agent's offer for what it is."""
        before = next((u for u in reversed(scene.utterances) if u is not said and u.t_ns <= said.t_ns), None)
        if before is None or before.speaker != "agent" or t_ns - before.t_ns > ANSWER_S * NS_PER_S:
            return
        taken = observing.answer(said.text)
        goal = next(
            (g for g in self.plans.goals if g.id in state.offered_ns and g.offer and before.text in g.offer), None
        )
        if goal is None or taken is None:
            return
        has, has_not = (ANSWER_SURE, 1.0 - ANSWER_SURE) if taken else (1.0 - ANSWER_SURE, ANSWER_SURE)
        told = {name: has if name == goal.id else has_not for name in self.plans.prior}
        inference.pass_time(state, self.plans, t_ns, self._tau_s)
        inference.weigh(state, t_ns, "takes up the offer" if taken else "declines the offer", told)

    def _looks(self, state: PersonGoals, person: Person, now_ns: int) -> None:
        name = person.target_name or (AGENT if person.target == "agent" else "")
        since_ns = person.target_since_ns
        if not name or since_ns == state.look_ns or now_ns - since_ns < LOOK_S * NS_PER_S:
            return
        state.look_ns = since_ns
        if person.target_confidence < HEARD_MIN:
            return
        if acts := self._observing.look(name):
            self._acts(state, acts, now_ns, person.target_confidence)
        elif person.target == "object" and self._new(state, f"looks at {name}", now_ns):
            cue, sure = "looks at something else", person.target_confidence
            inference.see_other(state, self.plans, "looks_at", now_ns, cue, self._tau_s, sure)

    def _acts(self, state: PersonGoals, acts: frozenset[int], t_ns: int, sure: float) -> None:
        cue = " and ".join(self.plans.acts[number].words for number in sorted(acts))[:120]
        inference.see_act(state, self.plans, acts, t_ns, cue, self._tau_s, sure)

    def _new(self, state: PersonGoals, what: str, t_ns: int) -> bool:
        """Return whether an act that no plan names was not seen a moment ago."""
        known = state.others.pop(what, None)
        state.others[what] = t_ns
        while len(state.others) > OTHERS_MAX:
            del state.others[next(iter(state.others))]
        return known is None or t_ns - known > SAME_S * NS_PER_S

    # ---------------------------------------------------------------- what is believed

    def view(self, person_id: str) -> tuple[GoalView, ...]:
        """Return what a person seems to want, the most probable first; empty for somebody unknown."""
        state = self.people.get(person_id)
        if state is None:
            return ()
        views = []
        for goal in self.plans.goals:
            done, p = state.done.get(goal.id, 0), state.belief.shares[goal.id]
            left = goal.open_steps(done)
            following = min(goal.steps[left[0]]) if left else -1
            views.append(
                GoalView(
                    id=goal.id,
                    wish=goal.wish,
                    p=p,
                    sure=p >= self._settings.believed_from and done > 0,
                    steps=len(goal.steps),
                    done=done.bit_count(),
                    next_step=self.plans.acts[following].words if following >= 0 else "",
                    offer=goal.offer,
                    offered=goal.id in state.offered_ns,
                    progress_ns=state.progress_ns.get(goal.id, 0),
                    again=state.again.get(goal.id, 0),
                    failed_ns=state.failed_ns,
                )
            )
        return tuple(sorted(views, key=lambda view: (-view.p, view.id)))

    def into(self, mind: MindView) -> MindView:
        """Return the mind with its goals, their evidence beside that of the other estimates."""
        goals = self.view(mind.person_id)
        if not goals:
            return mind
        kept = self.people[mind.person_id].reasons
        own = {
            variable(goal.id): tuple(Reason(t_ns=r.t_ns, cue=r.cue, weight=r.weight) for r in kept.get(goal.id, ()))
            for goal in goals
        }
        return replace(mind, goals=goals, reasons={**mind.reasons, **own})

    def in_words(self, minds: Iterable[MindView]) -> str:
        """Return what everybody seems to want and why, one line a person; empty for nothing notable."""
        told = ((mind.person_id, in_words(mind.goals, mind.reasons)) for mind in minds)
        return "\n".join(f"{person_id} {words}" for person_id, words in told if words)
