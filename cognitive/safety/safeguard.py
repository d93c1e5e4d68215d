"""What stands between decision and sending: words, body and privacy of each intention, by the session's mode and the persona's boundaries.

Whatever a reasoner proposes passes here twice: its words and topic before the plan is made (refused ones are replaced by the persona's
sentence), and every intention of the plan after it. A plan whose words are refused is not carried out, except where something was
promised: then a kind sentence is said instead. Decisions are collected for the bus, without anybody's words. Confined to the room's
loop; tens of microseconds a plan; a fault of a rule refuses.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from typing import Literal

import msgspec

from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import PROMISE
from cognitive.persona import Persona
from cognitive.reasoners.contract import Assessment, Proposal
from cognitive.reasoners.outgoing import ALLOWED, Verdict
from cognitive.safety import bodily, senses
from cognitive.safety.children import child_here
from cognitive.safety.privacy import tells_of_others
from cognitive.safety.unasked import Unasked
from cognitive.situation import Situation
from runtime.goals import Declared
from runtime.messages import Evidence, Intention, SafetyDecision
from runtime.safety.refusals import Limits
from runtime.safety.settings import SafetySettings
from runtime.safety.speech import SpeechRules
from runtime.trouble import place_of

CHILD_STAYS_S = 600.0
TOLD_MAX = 64
WORDS = frozenset({senses.DESPAIR, "speech"})
"""Kinds of evidence whose detail is what somebody said: the bus has it as a turn, a decision does not repeat it."""
_LOG = logging.getLogger(__name__)


class Safeguard:
    """The safety of one session."""

    def __init__(self, settings: SafetySettings | None = None, limits: Limits | None = None, name: str = "") -> None:
        """Take mode and audience from the profile, boundaries, refusals and name from the persona."""
        self._settings = settings or SafetySettings()
        self._limits = limits or Limits()
        self._rules = SpeechRules(self._settings, self._limits)
        self._unasked = Unasked(self._settings.mode, name)
        self._decisions: list[SafetyDecision] = []
        self._told: dict[tuple[str, int], None] = {}
        self._child_ns = -1
        self._bank = Bank()
        self.refused = 0
        self.passed = 0

    @property
    def mode(self) -> str:
        """The session's mode."""
        return self._settings.mode

    @property
    def child(self) -> bool:
        """Whether a child is here, as far as is known."""
        return self._rules.child

    def doubts(self, persona: Persona) -> list[str]:
        """Return the place and the category of each of the persona's sentences, and of its refusals, that would be refused."""
        return [
            f"{part}.{key}[{index}]: {finding.category}"
            for part, kinds in (("sentences", persona.sentences), ("refusals", persona.refusals))
            for key, texts in kinds.items()
            for index, text in enumerate(texts)
            if (finding := self._rules.judge(text)) is not None and finding.refused
        ]

    def doubted_offers(self, declared: Declared | None) -> list[str]:
        """Return the place and the category of each offer of the scenario's goals that would be refused."""
        return [
            f"goals[{index}] ({goal.id}).offer: {finding.category}"
            for index, goal in enumerate(declared.goals if declared is not None else ())
            if goal.offer and (finding := self._rules.judge(goal.offer)) is not None and finding.refused
        ]

    def look(self, situation: Situation, bank: Bank) -> None:
        """Take note of who is here and of what is remembered, before anything is judged in this moment."""
        self._bank = bank
        if child_here(situation):
            self._child_ns = situation.now_ns
        here = self._child_ns >= 0 and situation.age_s(self._child_ns) <= CHILD_STAYS_S and bool(situation.people)
        self._rules.child = self._settings.children or here

    def settle(self, assessment: Assessment, situation: Situation) -> Assessment:
        """Return the assessment with contradictions settled."""
        found = senses.contradictions(situation)
        for one in found:
            self._tell("asked", one.kind, "senses", one.person_id, one.evidence, key=(one.kind, one.evidence[0].t_ns))
        for event in senses.written_orders(situation):
            self._tell("refused", "machinery", "senses", "", key=("machinery", event.t_ns))
        return senses.settle(assessment, situation, found)

    def vet(self, proposal: Proposal, situation: Situation) -> Proposal:
        """Return the proposal without words that must not be said: only a model's stand there."""
        if not proposal.words:
            return proposal
        said = Intention(id="words", kind="dialogue", content=proposal.words, t_ns=situation.now_ns)
        return proposal if self.check_unasked(said, situation).allowed else dataclasses.replace(proposal, words="")

    def check_unasked(self, intention: Intention, situation: Situation) -> Verdict:
        """Return whether words of a language model's may be said of the agent's own accord: by the rules, and by form and matter.

        Never raises.
        """
        ruled = self.check(intention, situation)
        if not ruled.allowed:
            return ruled
        try:
            noted = self._rules.judge(intention.content) is not None
            verdict = self._unasked.check(intention, situation, noted=noted)
        except Exception as error:  # what cannot be judged is not said
            _LOG.error("a model's words could not be judged: %s", place_of(error))
            verdict = Verdict(False, "form")
        if verdict.reason:
            decision: Literal["refused", "passed"] = "passed" if verdict.allowed else "refused"
            key = (f"unasked {verdict.reason}", hash(intention.content))
            self._tell(decision, f"unasked_{verdict.reason}", "plan", intention.id, key=key)
        return verdict

    def screen(
        self, intentions: Sequence[Intention], situation: Situation, person_id: str = ""
    ) -> tuple[list[Intention], str]:
        """Return what of a plan may be sent, and why nothing of it may, if so."""
        kept: list[Intention] = []
        for intention in intentions:
            verdict = self.check(intention, situation, person_id)
            if verdict.allowed:
                kept.append(self._with_help(intention))
            elif intention.kind == "dialogue" and intention.trigger == PROMISE:
                kept.append(msgspec.structs.replace(intention, content=self._rules.instead(verdict.reason)))
            elif intention.kind == "dialogue":
                return [], f"safety: {verdict.reason}"
        return kept, "" if kept else "safety: nothing of it is left"

    def _with_help(self, intention: Intention) -> Intention:
        """Return the intention, with whom to call here where somebody may harm themself."""
        line = self._settings.help_line
        if not line or intention.kind != "dialogue" or all(item.kind != senses.DESPAIR for item in intention.evidence):
            return intention
        return msgspec.structs.replace(intention, content=f"{intention.content} {line}")

    def check(self, intention: Intention, situation: Situation, person_id: str = "") -> Verdict:
        """Return whether an intention may be sent; the reason is a category. Never raises."""
        try:
            category, refused = self._judge(intention, situation, person_id)
        except Exception as error:  # what cannot be judged is not sent
            _LOG.error("an intention could not be judged: %s", place_of(error))
            category, refused = "topic", True
        if not category:
            return ALLOWED
        key = (
            f"{category} {intention.id}",
            hash(intention.content),
        )  # the same words are asked about cycle after cycle
        self._tell("refused" if refused else "passed", category, "plan", intention.id, key=key)
        return Verdict(False, category) if refused else ALLOWED

    def take(self) -> tuple[SafetyDecision, ...]:
        """Return what has been decided since the last time."""
        decisions, self._decisions = tuple(self._decisions), []
        return decisions

    def _judge(self, intention: Intention, situation: Situation, person_id: str) -> tuple[str, bool]:
        fault = bodily.fault(intention, situation, self._settings, self._limits.boundaries)
        if fault or intention.kind != "dialogue":
            return fault, bool(fault)
        finding = self._rules.judge(intention.content)
        if finding is not None and finding.refused:
            return finding.category, True
        addressee = person_id or (intention.target.person_id if intention.target is not None else "")
        if tells_of_others(intention.content, addressee, situation, self._bank):
            return "privacy", True
        return ("", False) if finding is None else (finding.category, False)

    def _tell(
        self, decision: Literal["refused", "passed", "asked"], rule: str, where: str, about: str,
        evidence: tuple[Evidence, ...] = (), key: tuple[str, int] | None = None,
    ) -> None:  # fmt: skip
        if key is not None:
            if key in self._told:
                return
            self._told[key] = None
            while len(self._told) > TOLD_MAX:
                del self._told[next(iter(self._told))]
        self.refused += decision == "refused"
        self.passed += decision == "passed"
        self._decisions.append(
            SafetyDecision(
                decision=decision, rule=rule, where=where, about=about[:128], mode=self._settings.mode,
                evidence=tuple(msgspec.structs.replace(item, detail="") if item.kind in WORDS else item for item in evidence),
            )
        )  # fmt: skip
