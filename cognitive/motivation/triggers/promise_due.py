"""The time of something that the agent has promised has come.

A promise waits for the person whom it was made to: while they are away it is said to nobody, and when they are back with an apology if it
is late (`cognitive.owed` says how late it is still worth it). Who was only heard when it was made may have got a face since.
"""

from __future__ import annotations

from dataclasses import replace

from cognitive.memory.bank import Bank
from cognitive.motivation.thresholds import PROMISE
from cognitive.motivation.triggers.contract import proposal
from cognitive.motivation.weighing import Weighing
from cognitive.owed import LATE_S, is_due, late_s
from cognitive.reasoners.contract import Proposal
from cognitive.scene import Promise
from cognitive.situation import Situation


class PromiseDue:
    """Promises whose time has come."""

    name = PROMISE

    def propose(self, situation: Situation, bank: Bank) -> list[Proposal]:
        """Propose to keep each promise that is due."""
        found = []
        for promise in situation.promises:
            if not is_due(promise, situation.now_ns) or not situation.people or _is_away(promise, situation):
                continue
            after_s = late_s(promise, situation.now_ns)
            weighed = Weighing(PROMISE)
            weighed.add("promise", promise.made_ns, promise.words)
            weighed.add("due", promise.due_ns, f"{after_s:.0f} s ago")
            here = situation.person(promise.person_id) is not None
            weighed.add("is here" if here else "is not here", situation.now_ns, promise.person_id)
            act = ("keep_promise" if after_s <= LATE_S else "keep_promise_late") + ("" if promise.about else "_plain")
            keeps = proposal(PROMISE, act, "a promise is due", weighed, promise.person_id, topic=promise.about)
            found.append(replace(keeps, promise_id=promise.promise_id))
        return found


def _is_away(promise: Promise, situation: Situation) -> bool:
    """Whether the person whom it was promised to has been seen here, and has left."""
    return any(person.person_id == promise.person_id and person.seen for person in situation.departed)
