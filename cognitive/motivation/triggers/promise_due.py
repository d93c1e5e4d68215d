"""The time of something that the agent has promised has come."""

from __future__ import annotations

from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import PROMISE
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.reasoners.contract import Proposal
from cognitive.situation import Situation
from runtime.clock import NS_PER_S

LATE_S = 60.0
"""A promise may be kept this late, where the person was not here or spoke."""


class PromiseDue:
    """Promises whose time has come."""

    name = PROMISE

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose to keep each promise that is due."""
        found = []
        for promise in situation.promises:
            late_s = (situation.now_ns - promise.due_ns) / NS_PER_S
            if promise.state != "open" or not 0.0 <= late_s <= LATE_S or not situation.people:
                continue
            weighed = Weighing(PROMISE)
            weighed.add("promise", promise.made_ns, promise.words)
            weighed.add("due", promise.due_ns, f"{late_s:.0f} s ago")
            here = situation.person(promise.person_id) is not None
            weighed.add("is here" if here else "is not here", situation.now_ns, promise.person_id)
            act = "keep_promise" if promise.about else "keep_promise_plain"
            found.append(proposal(PROMISE, act, "a promise is due", weighed, promise.person_id, topic=promise.about))
        return found
