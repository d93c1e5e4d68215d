"""What an initiative is worth against what an interruption costs: how sure the agent must be before it acts.

Acting is worth it where p * benefit > (1 - p) * cost, so the probability needed is cost / (cost + benefit). The threshold of a
trigger type says this for somebody who is free and attends to the agent; whatever else a person is at raises the cost, and with
it the odds that are needed, by a factor (design choices, in the spirit of Horvitz's expected cost of interruption, 1999). A
silent act costs less than a word. What has not been carried out or taken up before costs more (`cognitive.motivation.experience`).

| the person ...                          | cost times |
|-----------------------------------------|---|
| attends to the agent, or is not seen    | 1 |
| attends to nothing in particular        | 1.3 |
| is with an object                       | 2 |
| is with another person                  | 2.5 |
| has asked not to be spoken to           | 8 |
| the matter itself breaks in             | the root |
| the act is silent                       | 0.7 |
"""

from __future__ import annotations

import math

from cognitive.acts import ACTS
from cognitive.motivation.thresholds import CONFUSION, EMOTION, OWED, SOCIAL, VISUAL
from cognitive.reasoners.contract import Proposal
from cognitive.situation import Situation

BUSY = {"agent": 1.0, "away": 1.3, "object": 2.0, "other": 2.5}
LEFT_ALONE = 8.0
SILENT = 0.7
ANSWERS = frozenset({"farewell", "return_greeting"})
"""Who speaks to the agent wants an answer."""
BREAKS_IN = frozenset({EMOTION, VISUAL, CONFUSION})
"""A feeling, an event and a mistake interrupt what somebody is at by themselves."""
ABOUT_IT = frozenset({"is seen to search", "tries in vain", "seeks what the agent knows", "walks off"})
"""Who searches, or goes, looks elsewhere for that very reason: there is nothing that a word about it would interrupt."""


def needed(proposal: Proposal, situation: Situation, threshold: float, caution: float = 1.0) -> float:
    """Return the probability from which the proposal is worth its interruption.

    Args:
        proposal: what might be done.
        situation: now.
        threshold: of its trigger type.
        caution: factor on the odds from what became of the act before (`cognitive.motivation.experience`); courtesy is owed whatever
            became of it.
    """
    if not 0.0 < threshold < 1.0 or proposal.trigger in OWED:
        return threshold
    odds = threshold / (1.0 - threshold) * cost(proposal, situation) * (1.0 if proposal.trigger == SOCIAL else caution)
    return odds / (1.0 + odds)


def cost(proposal: Proposal, situation: Situation) -> float:
    """Return how much more than usual the interruption costs."""
    factor = 1.0 if ACTS[proposal.act].speaks else SILENT
    person = situation.person(proposal.person_id or situation.partner)
    if person is None:
        return factor
    mind = situation.mind(person.person_id)
    about_it = any(sign in ABOUT_IT for sign, _ in proposal.signs)
    if mind.seen and proposal.trigger != SOCIAL and not about_it:
        busy = BUSY.get(mind.attending, 1.0)
        factor *= math.sqrt(busy) if proposal.trigger in BREAKS_IN else busy
    comes = proposal.trigger == EMOTION and situation.turns_to_agent(person.person_id)
    if situation.left_alone(person) and proposal.act not in ANSWERS and not comes:
        factor *= math.sqrt(LEFT_ALONE) if proposal.trigger in BREAKS_IN else LEFT_ALONE
    return factor
