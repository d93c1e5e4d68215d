"""One cycle of the slow loop, without any input or output: messages in, intentions and an account of the decision out.

Order within a cycle: answers and percepts into the scene → situation → the reasoner assesses it against B_{k-1} → plans under
way are revised and carried on → the gate decides → the planner plans → the context encoder makes B_k. As in ProAct the planner
works on the previous bank. Everything that must survive a restart is in `Saved`. Confined to the room's event loop.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from cognitive import owed
from cognitive.acts import ACTS
from cognitive.clock_times import LocalTime
from cognitive.drift import DriftMonitor
from cognitive.encoder import ContextEncoder
from cognitive.manner import active, in_words
from cognitive.memory.bank import NO_ANSWER, SECTION_CHARS, ActionRecord
from cognitive.memory.retrieval import Recollection
from cognitive.memory.store import Saved
from cognitive.mind import tracker
from cognitive.mind.appearance import appearances
from cognitive.mind.beliefs import Beliefs
from cognitive.mind.goals.pursuits import Pursuits
from cognitive.mind.mistakes import Belonging, Mistake
from cognitive.mind.person import MindView
from cognitive.mind.reported import BeliefReports, minds_of
from cognitive.mind.tact import with_tact
from cognitive.motivation.gate import NOTHING, Gate
from cognitive.motivation.thresholds import CONVERSATION, OWED, SOCIAL, resolve_thresholds
from cognitive.perceive import perceive
from cognitive.persona import Persona
from cognitive.plan import Plan, PlannedStep
from cognitive.planner import Moves, Planner
from cognitive.reasoners.contract import Assessment, Proposal, Reasoner
from cognitive.safety.safeguard import Safeguard
from cognitive.situation import Situation, derive
from runtime import messages as m
from runtime.goals import Declared
from runtime.messages import FINAL_STATES
from runtime.safety.refusals import Limits
from runtime.settings import CognitiveSettings

LABEL_CHARS = 128
SPOKEN_OR_LOOKED = frozenset({"dialogue", "gaze", "attention"})
"""Channels whose strength the situation does not scale."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cycle came to; `restraint` is empty when it acts.

    Attributes:
        intentions: the opening of the plan that it made, if it made one.
        minds: what is estimated of the people who are here, with the evidence.
        beliefs: what they and the agent know, or believe otherwise than it is.
        continued: further steps of plans that were under way, and steps that were sent anew.
        cancelled: ids of intentions that are no longer wanted, each with the reason.
    """

    cycle: int
    scores: tuple[m.TriggerScore, ...]
    intentions: tuple[m.Intention, ...]
    restraint: str
    memory_bytes: int
    sections: dict[str, str]
    safety: tuple[m.SafetyDecision, ...] = ()
    minds: tuple[m.MindReport, ...] = ()
    beliefs: tuple[m.BeliefReport, ...] = ()
    continued: tuple[m.Intention, ...] = ()
    cancelled: tuple[tuple[str, str], ...] = ()

    @property
    def sent(self) -> tuple[m.Intention, ...]:
        """All that is to be sent, older plans first."""
        return self.continued + self.intentions


class CognitiveCycle:
    """Runs cycles over one saved state."""

    def __init__(
        self,
        settings: CognitiveSettings,
        persona: Persona,
        reasoner: Reasoner,
        seed: int,
        saved: Saved,
        *,
        theory_of_mind: bool = True,
        goals: Declared | None = None,
        safeguard: Safeguard | None = None,
    ) -> None:
        """Continue from a saved state.

        Args:
            settings: of the slow loop.
            persona: whose words are said.
            reasoner: that assesses.
            seed: of the session.
            saved: the state, changed by every cycle.
            theory_of_mind: whether people's minds are estimated; without, they are taken as they appear.
            goals: that the scenario declares, None for none.
            safeguard: judges what is to be sent; that of mode `default` where None.

        Raises:
            AttuneError: the profile names an unknown trigger type.
        """
        self.saved = saved
        self.recollections: Mapping[str, Recollection] = {}
        """What is remembered of who is here; whoever runs the cycles keeps it up to date."""
        self.local_time: LocalTime | None = None
        """The wall clock, for promises by the clock; whoever runs the cycles names it."""
        self._budgets = settings.memory_bytes_max, settings.memory_tokens_max
        self._thresholds = resolve_thresholds(settings.thresholds)
        self._reasoner = reasoner
        self._theory_of_mind = theory_of_mind
        self._epistemic = Beliefs(saved.beliefs, persona.name)
        saved.beliefs = self._epistemic.model.state
        self._reports = BeliefReports(self._epistemic.model)
        self.gate = Gate(settings, self._thresholds, saved.gate, saved.experience)
        self._planner = Planner(persona, seed, saved.planner, saved.experience)
        self._persona = persona
        self.safeguard = safeguard or Safeguard(
            limits=Limits(boundaries=persona.boundaries, refusals=persona.refusals), name=persona.name
        )
        self.drift = DriftMonitor(persona, saved.drift)
        self.promises_missed = 0
        self.manner = ""
        """How the agent carries itself now, in words."""
        self._encoder = ContextEncoder(saved.scene)
        self._pursuits: Pursuits | None = None
        if goals is not None and theory_of_mind:
            self._pursuits = Pursuits(goals, settings.goals, saved.goals)
        else:
            saved.goals.clear()

    async def run(self, messages: list[m.Message], now_ns: int, *, regular: bool) -> Outcome:
        """Run one cycle.

        Args:
            messages: what came since the last cycle, in order of arrival.
            now_ns: session time of this cycle.
            regular: whether it belongs to the fixed rhythm (early cycles do not count for hysteresis).
        """
        saved = self.saved
        saved.cycle += 1
        for message in messages:
            if isinstance(message, m.IntentionAnswer):
                self._answered(message, now_ns)
            else:
                if isinstance(message, m.PersonPercept) and message.state == "arrived":
                    self.gate.new_encounter(message.person_id)
                if isinstance(message, m.Turn) and message.speaker == "agent" and message.state == "ended":
                    self.drift.said(message.text)
                perceive(saved.scene, message, now_ns, self.local_time)
        saved.scene.expire(now_ns)
        self._close_unanswered(now_ns)
        settled = owed.settle(saved.scene, self._planner, now_ns)
        missed = owed.tell(saved.bank, settled.missed, now_ns)
        self.promises_missed += len(settled.missed)
        minds = self._minds(messages, now_ns)
        mistakes, belongings = self._beliefs(messages, now_ns)
        situation = derive(saved.scene, now_ns, minds, mistakes, belongings, self.recollections)
        self.safeguard.look(situation, saved.bank)
        assessment = self.safeguard.settle(await self._reasoner.assess(situation, saved.bank), situation)
        name, activation = active(self._persona, situation, child=self.safeguard.child)
        self.manner = in_words(name, activation)
        if activation is not None and activation.refrain:
            fitting = tuple(p for p in assessment.proposals if p.act not in activation.refrain)
            assessment = dataclasses.replace(assessment, proposals=fitting)
        assessment, withheld = self._with_tact(assessment, situation)
        saved.experience.judge(situation)
        expressiveness = 1.0 if activation is None else activation.expressiveness
        moves = self._planner.step(situation)
        moves.cancelled += settled.cancelled
        self._screen(moves, situation, expressiveness)
        decision = self.gate.decide(assessment, situation, self._planner.running_priority(), regular=regular)
        held_back = withheld if withheld and decision.restraint == NOTHING else decision.restraint
        plan, restraint = None, missed or held_back
        if decision.proposal is not None:
            proposal = self.safeguard.vet(decision.proposal, situation)
            plan, restraint = self._planned(proposal, situation, expressiveness)
            self.gate.acted(proposal, now_ns)
            self._mark_done(proposal, now_ns)
            owed.begin(saved.scene, proposal, plan, now_ns)
        if plan is not None:
            moves.cancelled += self._planner.make_room(plan).cancelled
            saved.scene.own_words = plan.words
        opening = tuple(plan.intentions) if plan is not None else ()
        self._remember(moves, plan, opening, now_ns)
        here = [person.person_id for person in situation.people]
        beliefs = self._reports.of(here) if self._theory_of_mind else ()
        size = self._encoder.encode(saved.bank, saved.scene, messages, situation, saved.cycle, *self._budgets)
        return Outcome(
            cycle=saved.cycle,
            scores=self._scores(assessment),
            intentions=opening,
            restraint=restraint[:LABEL_CHARS],
            memory_bytes=size,
            sections={
                **saved.bank.sections(),
                "persona": self._account(),
                "experience": saved.experience.text(SECTION_CHARS),
                **self._goals(situation),
            },
            continued=tuple(intention for _, intention in moves.sent),
            cancelled=tuple(moves.cancelled),
            safety=self.safeguard.take(),
            minds=minds_of((situation.mind(person.person_id) for person in situation.people), self._reports.names()),
            beliefs=beliefs,
        )

    def _planned(self, proposal: Proposal, situation: Situation, expressiveness: float) -> tuple[Plan | None, str]:
        """Return the plan of a proposal with what of it may be sent, or none and the reason."""
        plan = self._planner.plan(proposal, situation, self.saved.bank)
        refusal = self._let_pass(plan, plan.intentions, situation, expressiveness)
        if plan.intentions:
            return plan, ""
        self._planner.give_back(plan)
        self.gate.failed(proposal.act, proposal.person_id, situation.now_ns, proposal.trigger)
        return None, refusal

    def _screen(self, moves: Moves, situation: Situation, expressiveness: float) -> None:
        """Let of what plans under way go on with only that be sent which the safeguard lets pass."""
        for plan, intention in moves.sent:
            self._let_pass(plan, [intention], situation, expressiveness)
        kept = {intention.id: intention for plan in self.saved.planner.running for intention in plan.intentions}
        moves.sent[:] = [(plan, kept[intention.id]) for plan, intention in moves.sent if intention.id in kept]

    def _let_pass(self, plan: Plan, intentions: list[m.Intention], situation: Situation, expressiveness: float) -> str:
        """Put intentions of a plan as they may be sent, drop the steps that may not, and return why none may, if so."""
        fitting = [
            i
            if i.kind in SPOKEN_OR_LOOKED
            else msgspec.structs.replace(i, strength=min(1.0, i.strength * expressiveness))
            for i in intentions
        ]
        kept, refusal = self.safeguard.screen(fitting, situation, plan.person_id)
        plan.keep({i.id for i in intentions}, kept, refusal or "safety")
        return refusal

    def _account(self) -> str:
        """Return how the agent stands to its persona now, for the published memory."""
        return "; ".join(filter(None, (self.drift.in_words(), self.manner)))[:SECTION_CHARS]

    def _minds(self, messages: list[m.Message], now_ns: int) -> dict[str, MindView]:
        """Return what is estimated of everybody's mind now."""
        saved = self.saved
        if not self._theory_of_mind:
            return appearances(saved.scene, now_ns)
        tracker.update(saved.minds, saved.scene, messages, now_ns)
        views = {name: mind.view(now_ns) for name, mind in saved.minds.items() if name in saved.scene.people}
        if self._pursuits is None:
            return views
        self._pursuits.update(saved.scene, messages, now_ns)
        return {name: self._pursuits.into(view) for name, view in views.items()}

    def _goals(self, situation: Situation) -> dict[str, str]:
        """Return what people here seem to want, for the published memory; nothing where no goals are declared."""
        if self._pursuits is None:
            return {}
        minds = (situation.mind(person.person_id) for person in situation.people)
        return {"goals": self._pursuits.in_words(minds)[:SECTION_CHARS]}

    def _beliefs(self, messages: list[m.Message], now_ns: int) -> tuple[tuple[Mistake, ...], tuple[Belonging, ...]]:
        """Return the wrong beliefs that show now, and what people have put down here."""
        scene = self.saved.scene
        if not self._theory_of_mind:
            return (), ()
        self._epistemic.update(scene, messages, now_ns)
        return self._epistemic.mistakes(scene, now_ns), self._epistemic.left_behind(scene)

    def _with_tact(self, assessment: Assessment, situation: Situation) -> tuple[Assessment, str]:
        """Return the assessment with regard to what people know already, and why something is withheld, if so."""
        if not self._theory_of_mind:
            return assessment, ""
        proposals, withheld = with_tact(assessment.proposals, situation, self._epistemic.knowing)
        why = f"{withheld[0].proposal.trigger}: {withheld[0].reason}" if withheld else ""
        return dataclasses.replace(assessment, proposals=proposals), why

    def known_of(self, person_id: str, now_ns: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what concerns a person and they have missed, and what they believe of the agent."""
        knowing = self._epistemic.knowing
        return (knowing.news(person_id, now_ns), knowing.expected(person_id)) if self._theory_of_mind else ((), ())

    def forget(self, person_id: str) -> None:
        """Drop what is kept of a person besides the saved state."""
        self._epistemic.forget(person_id)

    def to_send_again(self, now_ns: int) -> list[m.Intention]:
        """Return what was sent before a restart and has no final answer; sending it again under its id executes nothing twice."""
        return [intention for plan in self.saved.planner.running for intention in plan.to_send_again(now_ns)]

    def to_cancel_again(self) -> list[tuple[str, str]]:
        """Return what was taken back before a restart, without an answer: ids and reasons."""
        return [item for plan in self.saved.planner.running for item in plan.to_cancel_again()]

    def _scores(self, assessment: Assessment) -> tuple[m.TriggerScore, ...]:
        return tuple(
            m.TriggerScore(trigger, max(0.0, min(1.0, score)), self._thresholds.get(trigger, 1.0), reason[:LABEL_CHARS])
            for trigger, (score, reason) in assessment.scores.items()
        )

    def _remember(self, moves: Moves, plan: Plan | None, opening: tuple[m.Intention, ...], now_ns: int) -> None:
        """Note everything that is sent in the own action history."""
        sent = [*moves.sent, *((plan, intention) for intention in opening if plan is not None)]
        for whose, intention in sent:
            self.saved.bank.actions.append(
                ActionRecord(
                    intention_id=intention.id,
                    t_ns=now_ns,
                    act=whose.act,
                    kind=intention.kind,
                    trigger=whose.trigger,
                    content=intention.content if intention.kind == "dialogue" else "",
                    person_id=whose.person_id,
                )
            )

    def _close_unanswered(self, now_ns: int) -> None:
        """Note in the history that an intention whose time is up was never answered (the fast system was down or restarted)."""
        for intention_id in self._planner.give_up(now_ns):
            record = self.saved.bank.action(intention_id)
            if record is not None and record.state not in FINAL_STATES:
                record.state, record.reason = "expired", NO_ANSWER

    def _mark_done(self, proposal: Proposal, now_ns: int) -> None:
        """Note in the scene what the decision settles, whatever the body answers."""
        if self._pursuits is not None:
            self._pursuits.offered(proposal.goal, proposal.person_id, now_ns)
        scene = self.saved.scene
        if ACTS[proposal.act].speaks and proposal.trigger != SOCIAL:
            scene.nudges += 1
        if proposal.trigger == CONVERSATION:
            scene.agent_interrupted = False
        elif proposal.trigger not in OWED and proposal.trigger != SOCIAL:
            scene.handled_ns[proposal.trigger] = max(scene.handled_ns.get(proposal.trigger, 0), proposal.since_ns)

    def _answered(self, answer: m.IntentionAnswer, now_ns: int) -> None:
        """Take an answer into the action history and the plan, and learn from it; each may come twice (directly and from the bus)."""
        owed.answered(self.saved.scene, answer, now_ns)
        record = self.saved.bank.action(answer.intention_id)
        if record is not None and (record.state not in FINAL_STATES or record.reason == NO_ANSWER):
            record.state, record.reason = answer.state, answer.reason
        found = self._planner.of(answer.intention_id)
        if found is None or found[1].over:
            return
        plan, step = found
        step.state, step.reason = answer.state, answer.reason or step.reason
        self._learn(plan, step, answer, now_ns)

    def _learn(self, plan: Plan, step: PlannedStep, answer: m.IntentionAnswer, now_ns: int) -> None:
        """Take what became of a step for what the agent can do, and what is still owed to the person."""
        spec, experience = plan.spec(step), self.saved.experience
        if spec.kind != "dialogue":
            name = f"{spec.kind}/{spec.label}"
            if answer.state == "rejected":
                experience.refused(name, answer.reason, now_ns)
            elif answer.state == "started":
                experience.done(name)
            if ACTS[plan.act].speaks:
                return
        if answer.state == "finished":
            experience.ended(plan.act, plan.person_id, carried_out=True)
            if ACTS[plan.act].invites and plan.person_id:
                experience.invited(plan.act, plan.person_id, now_ns)
        elif answer.state in ("rejected", "expired"):
            experience.ended(plan.act, plan.person_id, carried_out=False)
            self.gate.failed(plan.act, plan.person_id, now_ns, plan.trigger)
        if owed.undone(answer):
            owed.courtesy(self.saved.scene, plan)
            if self._pursuits is not None:
                self._pursuits.not_offered(plan.person_id, plan.begun_ns)
