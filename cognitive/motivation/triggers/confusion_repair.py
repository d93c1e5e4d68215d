"""Somebody does not understand, or acts on a wrong belief that the agent could mend (Schegloff et al. 1977: repair)."""

from __future__ import annotations

from cognitive import cues
from cognitive.memory.bank import Bank
from cognitive.mind.mistakes import Mistake
from cognitive.motivation.thresholds import CONFUSION
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Person
from cognitive.situation import Situation
from runtime.clock import NS_PER_S

AFTER_WORDS_S = 90.0
"""Confusion is about the agent's words if these are not older."""
ASIDE_S = 12.0
EXPLAINS_WORDS = 6
AT_ONCE_S = 12.0
ASKS_BACK = frozenset({"not understood", "asks again"})
"""Who says so at once after the agent's words speaks of these, however few they were."""
FROWN = -0.15
OWN_TURN_S = 2.5
"""The fast system answers what is said to it; only what it leaves open is ours."""


def explained(situation: Situation) -> bool:
    """Whether the agent has lately said so much that it may be what somebody does not follow."""
    said = situation.last_agent
    return said is not None and situation.age_s(said.t_ns) <= AFTER_WORDS_S and len(said.text.split()) >= EXPLAINS_WORDS


class ConfusionRepair:
    """What is not understood, and wrong beliefs."""

    name = CONFUSION

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose another explanation, or the truth."""
        found = [self._lost(person, situation) for person in situation.people]
        found += [self._misled(mistake, situation) for mistake in situation.mistakes if not mistake.sought]
        return [one for one in found if one is not None]

    def _lost(self, person: Person, situation: Situation) -> Proposal | None:
        """Offer another explanation to who does not follow the agent."""
        mind = situation.mind(person.person_id)
        reasons = [r for r in mind.reasons["confusion"] if r.weight > 0 and situation.fresh(CONFUSION, r.t_ns)]
        said = situation.last_agent
        if not reasons or said is None or situation.age_s(said.t_ns) > AFTER_WORDS_S:
            return None
        newest_ns = max(reason.t_ns for reason in reasons)
        at_once = any(r.cue in ASKS_BACK and 0 <= r.t_ns - said.t_ns <= AT_ONCE_S * NS_PER_S for r in reasons)
        if not (explained(situation) or at_once) or cues.is_farewell(said.text):
            return None  # there was nothing to understand
        if said.t_ns >= newest_ns and situation.age_s(newest_ns) > 1.0:
            return None  # the agent has spoken since
        weighed = Weighing(CONFUSION)
        for reason in reasons:
            weighed.add("confusion", reason.t_ns, reason.cue, reason.weight)
        calm = sum(r.weight for r in mind.reasons["confusion"] if r.weight < 0)
        now_ns = situation.now_ns
        weighed.add("understanding", now_ns, "has shown some", calm)
        weighed.add("looks at the agent", now_ns, size=float(mind.attending == "agent"))
        weighed.add("frowns", now_ns, size=float(person.face_valence is not None and person.face_valence <= FROWN))
        last = situation.last_said_by(person.person_id)
        to_oneself = last is not None and last.to_agent < 0.5 and mind.attending != "agent"
        weighed.add("to oneself", now_ns, size=float(to_oneself))
        near_phone = bool(person.phone_ns) and situation.age_s(person.phone_ns) <= ASIDE_S
        weighed.add("on the phone", person.phone_ns, size=float(near_phone))
        aside = any(u.aside and situation.age_s(u.t_ns) <= ASIDE_S for u in situation.utterances)
        weighed.add("company", now_ns, "is with somebody", float(mind.attending == "other" or aside))
        if person.addressed_ns > said.t_ns and situation.age_s(person.addressed_ns) < OWN_TURN_S:
            return None
        return proposal(CONFUSION, "rephrase", "does not follow", weighed, person.person_id)

    def _misled(self, mistake: Mistake, situation: Situation) -> Proposal | None:
        """Tell the truth to who acts on a wrong belief."""
        if not situation.fresh(CONFUSION, mistake.t_ns):
            return None
        weighed = Weighing(CONFUSION)
        weighed.add("wrong belief", mistake.t_ns, mistake.reason, mistake.certainty)
        weighed.add("acts on it", mistake.t_ns, mistake.shown, float(bool(mistake.shown)))
        weighed.evidence.extend(mistake.evidence)
        return proposal(CONFUSION, "set_right", mistake.reason, weighed, mistake.person_id, topic=mistake.truth)
