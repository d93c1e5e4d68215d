"""One intention, traced through a recording: its plan, the cycle that opened it, what it rests on, and what became of it.

A plan's steps share `Intention.plan_id`; the plan's first intention was sent by the cycle that decided it, later ones by the cycles in
which their moment had come. Recordings of before that field are read by what one cycle sent together. Blocking: reads the recording.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cognitive.account.sources import LASTS_S, SOURCES, source_of
from cognitive.planner import AFTER, MOVED, WHEN
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.session.reader import SessionReader

OF_ITS_OWN = frozenset({AFTER, WHEN, MOVED})
"""Evidence of a step that is not its plan's: why it was sent then."""
PLANNER = "cognitive"
"""The room that plans."""


@dataclass(slots=True)
class Trace:
    """What the recording tells of one intention.

    Attributes:
        plan: the intentions of its plan, in order.
        opening: the cycle that decided the plan.
        cycle: the cycle that sent the intention; the same for an opening step.
        sources: each piece of evidence with the recorded message that it was read off, where there is one.
    """

    intention: m.Intention
    plan: list[m.Intention] = field(default_factory=list)
    opening: m.CognitiveCycle | None = None
    cycle: m.CognitiveCycle | None = None
    answers: list[m.IntentionAnswer] = field(default_factory=list)
    sources: list[tuple[m.Evidence, m.Message | None]] = field(default_factory=list)

    @property
    def later(self) -> bool:
        """Whether it was sent after its plan's opening."""
        return self.cycle is not None and self.opening is not None and self.cycle.cycle != self.opening.cycle

    @property
    def sender(self) -> str:
        """Who sent it: the receiver's report names the sender; else whoever it came from."""
        one = self.intention
        return one.sender or (PLANNER if self.cycle is not None else one.source) or "somebody"


def trace_of(intention: m.Intention, intentions: Iterable[m.Intention], reader: SessionReader) -> Trace:
    """Return everything that the recording tells of an intention.

    Args:
        intention: the one to trace.
        intentions: all of the session, in order.
        reader: of its recording.
    """
    trace = Trace(intention)
    known = list(intentions)
    cycles = list(reader.messages(m.CognitiveCycle))
    trace.cycle = next((cycle for cycle in cycles if intention.id in cycle.intention_ids), None)
    trace.plan = _plan(intention, known, trace.cycle)
    ids = {one.id for one in trace.plan}
    trace.opening = next((cycle for cycle in cycles if ids & set(cycle.intention_ids)), None)
    trace.answers = _answers(intention.id, reader)
    if intention.evidence:
        trace.sources = _sources(trace, reader)
    return trace


def _plan(intention: m.Intention, known: list[m.Intention], cycle: m.CognitiveCycle | None) -> list[m.Intention]:
    if intention.plan_id:
        plan = [one for one in known if one.plan_id == intention.plan_id]
    else:
        together = set(cycle.intention_ids) if cycle is not None else {intention.id}
        plan = [one for one in known if one.id in together]
    return sorted(plan, key=lambda one: one.created_ns or one.t_ns)


def _answers(intention_id: str, reader: SessionReader) -> list[m.IntentionAnswer]:
    """Return what became of it; an answer that was sent again, or both to the asker and to everybody, counts once."""
    found: list[m.IntentionAnswer] = []
    for answer in reader.messages(m.IntentionAnswer):
        told = any((one.state, one.reason) == (answer.state, answer.reason) for one in found)
        if answer.intention_id == intention_id and not told:
            found.append(answer)
    return found


def _sources(trace: Trace, reader: SessionReader) -> list[tuple[m.Evidence, m.Message | None]]:
    one = trace.intention
    times = [item.t_ns for item in one.evidence]
    before_ns = round(max(LASTS_S.values()) * NS_PER_S)  # a clause of a minute may end with the evidence
    start_ns = max(0, min(times) - before_ns)
    around = list(reader.messages(*SOURCES, start_ns=start_ns, end_ns=max(times) + 1))
    people = {percept.person_id for percept in around if isinstance(percept, m.PersonPercept)}
    person_id = next((i.target.person_id for i in trace.plan if i.target is not None and i.target.person_id), "")
    first = trace.plan[0] if trace.plan else one
    begun_ns = first.created_ns or first.t_ns
    return [(item, source_of(item, around, person_id, begun_ns, people)) for item in one.evidence]
