"""The five trigger types of ProAct, each a small class that turns a situation into scored proposals with evidence.

A trigger only says what would be fitting and how strongly; quiet, cool-down and hysteresis are the gate's business. Scores are in
[0, 1] and meant against `cognitive.motivation.thresholds`; constants without a source are design choices and named.
All are pure functions of situation and memory.
"""

from __future__ import annotations

import math
from typing import Protocol

from cognitive import cues
from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import CONVERSATION, EMOTION, INTENT, SOCIAL, VISUAL
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Change, Feeling, Person, Utterance
from cognitive.situation import REPLY_GRACE_S, Situation
from runtime.clock import NS_PER_S
from runtime.messages import Evidence

GREET_WITHIN_S = 30.0
"""Later than this a greeting is odd."""
VIEWER_PATIENCE_S = 3.0
"""Who only watches the page is first welcomed by the fast system's opening; it has this long to begin."""
BODY_PATIENCE_S = 1.2
"""The body returns a greeting or goodbye in words only if the fast system's reply has not done so by then."""
FAREWELL_WITHIN_S = 12.0
DEPARTED_AFTER_S = 2.5
"""A face that was lost comes back within this more often than not: no goodbye before ..."""
DEPARTED_WITHIN_S = 6.0
"""... and none after."""
UNANSWERED_FULL_S = 6.0
"""An unanswered request scores 0.5 at `REPLY_GRACE_S` and 1 at this."""
UNANSWERED_UNTIL_S = 20.0
APPROACH_RATIO = 1.5
"""A face box this much larger than a few seconds before has come closer (area ratio 1.5 is a fifth nearer)."""
CHANGE_HALF_LIFE_S = 4.0
AGENT_QUESTION_S = 8.0
NUDGES_MAX = 2
"""Own attempts to revive the talk before the person speaks again: asking a third time is pestering."""
SUSTAINED_S = 1.0
"""Estimates of one sign over this time make a feeling sustained (several of one moment are one sign)."""
SURE = 0.5
"""A feeling word counts as said from this confidence."""
FEELING_HALF_LIFE_S = 15.0


class Trigger(Protocol):
    """One reason for initiative."""

    name: str

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Return what would be fitting now, each with a score in [0, 1]."""
        ...


class SocialProtocol:
    """Greet who arrives, wave back to who greets, take leave of who leaves."""

    name = SOCIAL

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose one act for each person who is owed one."""
        found = [p for p in (self._for(person, situation, bank) for person in situation.people) if p is not None]
        for person in situation.departed:
            age_s = situation.age_s(person.left_ns)
            # Whose voice goes on has not left, only the picture has lost them.
            left = DEPARTED_AFTER_S <= age_s <= DEPARTED_WITHIN_S and situation.quiet_s >= age_s
            if left and person.spoke and not person.farewelled:
                found.append(_proposal(SOCIAL, "see_off", 0.75, "a person leaves", person.left_ns, person.person_id))
        return found

    def _for(self, person: Person, situation: Situation, bank: Bank) -> Proposal | None:
        if person.leave_ns and situation.age_s(person.leave_ns) <= FAREWELL_WITHIN_S:
            if person.farewelled or situation.age_s(person.leave_ns) < BODY_PATIENCE_S:
                return None
            # The body answers soon; words wait longer, since the fast system may be about to say goodbye itself.
            act = "farewell" if person.waved else "wave_goodbye"
            return _proposal(SOCIAL, act, 0.95, "the person takes leave", person.leave_ns, person.person_id)
        if person.greeted or situation.age_s(person.arrived_ns) > GREET_WITHIN_S:
            return None
        certainty = person.confidence * (0.6 + 0.4 * person.facing)
        if person.greeted_agent_ns:
            if situation.age_s(person.greeted_agent_ns) < BODY_PATIENCE_S:
                return None
            return _proposal(
                SOCIAL, "return_greeting", certainty, "the person greets", person.arrived_ns, person.person_id
            )
        if person.spoke or not (person.seen or person.watching):
            return (
                None  # the talk has begun without a greeting, or nobody but a voice is there: the fast system answers
            )
        if not person.seen and situation.age_s(person.arrived_ns) < VIEWER_PATIENCE_S:
            return None
        known = person.encounters > 1 or (
            person.person_id in bank.people and bank.people[person.person_id].encounters > 1
        )
        others = any(other.greeted or other.talked for other in situation.people if other.person_id != person.person_id)
        act = "greet_again" if known else "greet_newcomer" if others else "greet"
        reason = "a person returns" if known else "a person arrives"
        return _proposal(SOCIAL, act, certainty, reason, person.arrived_ns, person.person_id)


class UserIntent:
    """Someone needs something: asked without an answer, called the agent by its name, or comes close without a word."""

    name = INTENT

    def __init__(self, agent_name: str) -> None:
        """Know the agent's own name."""
        self._agent_name = agent_name

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose an answer to an open request, or an offer of help to who approaches."""
        found = []
        said = situation.last_user
        if said is not None and self._unanswered(said, situation):
            waited_s = situation.age_s(said.t_ns)
            share = (waited_s - REPLY_GRACE_S) / (UNANSWERED_FULL_S - REPLY_GRACE_S)
            score = 0.5 + 0.5 * max(0.0, min(1.0, share))
            need = cues.help_request(said.text)
            act = "offer_help" if need else "apologise_unanswered"
            reason = f"asks for help: {need}" if need else "spoke to the agent without an answer"
            found.append(_proposal(INTENT, act, score, reason, said.t_ns, said.person_id))
        for person in situation.people:
            ratio = person.nearness / person.nearness_before if person.nearness_before > 0 else 1.0
            near = person.seen and not person.spoke and ratio >= APPROACH_RATIO
            if near and situation.fresh(INTENT, person.last_ns):
                score = min(1.0, 0.6 * ratio / APPROACH_RATIO) * person.facing
                found.append(
                    _proposal(INTENT, "offer_help", score, "a person comes close", person.last_ns, person.person_id)
                )
        return found

    def _unanswered(self, said: Utterance, situation: Situation) -> bool:
        answered = situation.last_agent is not None and situation.last_agent.t_ns >= said.t_ns
        waited_s = situation.age_s(said.t_ns)
        if answered or not REPLY_GRACE_S <= waited_s <= UNANSWERED_UNTIL_S or not situation.fresh(INTENT, said.t_ns):
            return False
        return situation.open_question is said or cues.names(said.text, self._agent_name)


class VisualChange:
    """The picture changed: look at it, and say something where it concerns the people here."""

    name = VISUAL

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose a reaction to each recent change, weaker as it ages."""
        found = []
        for change in situation.changes:
            age_s = situation.age_s(change.t_ns)
            if age_s > 3 * CHANGE_HALF_LIFE_S or not situation.fresh(VISUAL, change.t_ns):
                continue
            act, reason, base = self._reaction(change, situation)
            if act:
                # A full half-life passes before it fades at all, so that quiet rules do not swallow every event.
                score = base * 0.5 ** max(0.0, age_s / CHANGE_HALF_LIFE_S - 1.0)
                detail = f"{change.what} {change.magnitude:.2f}"
                found.append(
                    Proposal(
                        VISUAL, act, score, reason, (Evidence(change.t_ns, "visual_change", detail, change.magnitude),),
                        person_id=change.person_id, bearing_rad=change.bearing_rad,
                    )
                )  # fmt: skip
        return found

    def _reaction(self, change: Change, situation: Situation) -> tuple[str, str, float]:
        match change.what:
            case "arrival" if change.beside_others:
                return "notice_newcomer", "another person comes", change.magnitude
            case "departure" if change.beside_others and situation.people:
                return "notice_departure", "one of the people leaves", change.magnitude
            case "light":
                return "notice_light", "the light changes", change.magnitude
            case "motion" | "object":
                return "glance", f"strong {change.what}", change.magnitude
        return "", "", 0.0


class ConversationState:
    """The talk has died down, or the agent's own question hangs in the air."""

    name = CONVERSATION

    def __init__(self, long_silence_s: float) -> None:
        """Take the silence that scores 0.7."""
        self._long_silence_s = long_silence_s

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose to go on, at most `NUDGES_MAX` times until the person speaks."""
        if not situation.people or not situation.exchanged or situation.nudges >= NUDGES_MAX:
            return []
        if any(person.farewelled or person.leave_ns for person in situation.people):
            return []
        spoke_ns = situation.now_ns - round(situation.silence_s * NS_PER_S)
        asked = situation.agent_question
        # A proactive question that went unanswered is followed up only as a long silence would be.
        if asked is not None and situation.nudges == 0:
            score = min(1.0, 0.7 * situation.silence_s / min(AGENT_QUESTION_S, self._long_silence_s))
            return [
                _proposal(
                    CONVERSATION,
                    "repeat_question",
                    score,
                    "the agent's question is unanswered",
                    spoke_ns,
                    situation.partner,
                )
            ]
        score = min(1.0, 0.7 * situation.silence_s / self._long_silence_s)
        return [_proposal(CONVERSATION, "ask", score, "long silence", spoke_ns, situation.partner)]


class EmotionalNeed:
    """Someone is sad for more than a moment, or glad: comfort, or share the joy."""

    name = EMOTION

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose comfort or celebration from the fresh estimates of the last seconds."""
        fresh = [f for f in situation.feelings if situation.fresh(EMOTION, f.t_ns)]
        if not fresh or not situation.people:
            return []
        found = []
        for sign, act, reason in ((-1.0, "comfort", "negative feeling"), (1.0, "celebrate", "strong joy")):
            signs = [f for f in fresh if sign * f.valence >= (0.2 if sign < 0 else 0.5)]
            if not signs:
                continue
            worded = any(cue.startswith("word:") and f.confidence >= SURE for f in signs for cue in f.cues)
            sustained = signs[-1].t_ns - signs[0].t_ns >= SUSTAINED_S * NS_PER_S
            weight = sum(f.confidence for f in signs)
            size = sum(abs(f.valence) * f.confidence for f in signs) / weight if weight > 0 else 0.0
            doubt = sum(f.confidence for f in fresh if sign * f.valence < -0.2)
            # One look or tone is weak; a sure word or duration makes it count in full, signs of the opposite take it back.
            support = 1.0 if worded or sustained else 0.6
            share = weight / (weight + doubt) if weight > 0 else 0.0
            age_s = situation.age_s(signs[-1].t_ns)
            fade = 0.5 ** (max(0.0, age_s - FEELING_HALF_LIFE_S / 2) / FEELING_HALF_LIFE_S)
            score = min(1.0, (0.35 + 0.75 * size) * support * share * fade)
            evidence = tuple(Evidence(f.t_ns, "affect", _detail(f), f.confidence) for f in signs[-8:])
            found.append(Proposal(EMOTION, act, score, reason, evidence, situation.partner))
        return found


def built_in_triggers(agent_name: str, long_silence_s: float) -> tuple[Trigger, ...]:
    """Return one trigger of each type."""
    return (
        SocialProtocol(),
        UserIntent(agent_name),
        VisualChange(),
        ConversationState(long_silence_s),
        EmotionalNeed(),
    )


def _proposal(trigger: str, act: str, score: float, reason: str, t_ns: int, person_id: str) -> Proposal:
    score = score if math.isfinite(score) else 0.0
    evidence = (Evidence(max(0, t_ns), trigger, reason[:128]),)
    return Proposal(trigger, act, max(0.0, min(1.0, score)), reason, evidence, person_id)


def _detail(feeling: Feeling) -> str:
    return f"valence {feeling.valence:+.2f}" + (f", {'; '.join(feeling.cues)}" if feeling.cues else "")[:100]
