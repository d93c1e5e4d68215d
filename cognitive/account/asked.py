"""What a recorded session tells when it is asked: of somebody's mind at a moment, and of what people know and believe.

`mind_at` takes the published estimates (`CognitiveCycle.minds`); of recordings of before there were any they are made anew. `answer_at`
answers the questions of the controlled language from the beliefs of that moment. Blocking: reads the recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cognitive.account.described import clock, described, seconds
from cognitive.account.replay import moment_at
from cognitive.account.sources import LASTS_S, SOURCES, source_of_cue
from cognitive.mind.names import normal
from runtime import messages as m
from runtime.clock import NS_PER_S
from runtime.errors import AttuneError
from runtime.session.reader import SessionReader

QUESTION_CHARS = 300
FORMS = (
    'Ask as in docs/controlled-language.md: "Where does Ben think the keys are?", "Does Anna know where the keys are?", '
    '"Where are the keys?"'
)


@dataclass(slots=True)
class MindAt:
    """One person's mind at a moment.

    Attributes:
        mind: the estimates.
        sources: of each piece of evidence, by variable, in order.
        beliefs: what was published of this person's beliefs.
        cycle: which cycle published it.
    """

    mind: m.MindReport
    t_ns: int
    cycle: int
    sources: dict[str, list[m.Message | None]]
    beliefs: tuple[m.BeliefReport, ...]


def mind_at(reader: SessionReader, person: str, at_ns: int | None = None) -> MindAt:
    """Return what was estimated of a person's mind at a session time; the last that is known of them where none is given.

    Raises:
        AttuneError: nobody of that name was there.
    """
    who, known = normal(person), set[str]()
    found: tuple[m.CognitiveCycle, m.MindReport] | None = None
    published = False
    for cycle in reader.messages(m.CognitiveCycle):
        known |= {mind.person_id for mind in cycle.minds}
        published = published or bool(cycle.minds)
        mind = next((one for one in cycle.minds if normal(one.person_id) == who), None)
        if mind is not None and (at_ns is None or cycle.t_ns <= at_ns):
            found = (cycle, mind)
    if found is not None:
        cycle, mind = found
        beliefs = tuple(one for one in cycle.beliefs if mind.person_id in one.people)
        return MindAt(mind, cycle.t_ns, cycle.cycle, _sources(reader, mind), beliefs)
    if not published:
        moment = moment_at(reader, at_ns)
        known |= set(moment.minds)
        name = next((one for one in moment.minds if normal(one) == who), "")
        made = moment.mind_of(name)
        if made is not None:
            return MindAt(
                made, moment.t_ns, 0, _sources(reader, made), tuple(b for b in moment.reports() if name in b.people)
            )
    when = "" if at_ns is None else " at that time or before"
    listed = f"known in this session: {', '.join(sorted(known))[:200]}" if known else "nobody was there in this session"
    raise AttuneError(f"{reader.path}: there was no '{person[:80]}' there{when}", listed)


def answer_at(reader: SessionReader, question: str, at_ns: int | None = None, asker: str = "") -> tuple[str, int]:
    """Return the answer to a question at a session time, and the time of the cycle whose beliefs it rests on.

    Raises:
        AttuneError: the question is not understood, or nothing is on record until then.
    """
    moment = moment_at(reader, at_ns)
    text = question.strip()[:QUESTION_CHARS]
    answer = moment.beliefs.reader.ask(text if text.endswith("?") else f"{text}?", asker, now_ns=moment.t_ns)
    if answer is None:
        raise AttuneError(f"'{text[:80]}' is not understood", FORMS)
    return answer, moment.t_ns


def _sources(reader: SessionReader, mind: m.MindReport) -> dict[str, list[m.Message | None]]:
    times = [item.t_ns for estimate in mind.estimates for item in estimate.evidence]
    if not times:
        return {}
    before_ns = round(max(LASTS_S.values()) * NS_PER_S)
    around = list(reader.messages(*SOURCES, start_ns=max(0, min(times) - before_ns), end_ns=max(times) + 1))
    return {
        estimate.variable: [source_of_cue(item, around, mind.person_id) for item in estimate.evidence]
        for estimate in mind.estimates
    }


def mind_lines(found: MindAt, zero_ns: int) -> Iterator[str]:
    """Return a mind in lines for people."""
    by = f"cycle {found.cycle}" if found.cycle else "made anew from what was perceived"
    yield f"{found.mind.person_id} at {clock(found.t_ns, zero_ns).strip()}, {by}:"
    for estimate in found.mind.estimates:
        value = f"{estimate.value:+.2f}" if estimate.variable in ("valence", "arousal") else f"{estimate.value:.2f} "
        on = f" {'on' if estimate.variable == 'attention' else 'wants to'} {estimate.what}" if estimate.what else ""
        yield f"  {estimate.variable.replace('_', ' '):14} {value}{on}{'' if estimate.evidence else '   no observation of weight'}"
        for item, source in zip(estimate.evidence, found.sources.get(estimate.variable, ()), strict=False):
            yield f"    {clock(item.t_ns, zero_ns)}  {item.weight:+.2f}  {item.kind}"
            if source is not None:
                yield f"              from {described(source)} ({clock(source.t_ns, zero_ns).strip()})"
    for kind, title in _TITLES.items():
        reports = [one for one in found.beliefs if one.kind == kind]
        if reports:
            yield f"{title}:"
        for one in reports:
            others = [name for name in one.people if name != found.mind.person_id]
            among = f" (with {', '.join(others)})" if kind == "common" and others else ""
            truth = f"; in truth {one.actual}" if one.actual else ""
            yield f"  {clock(one.t_ns, zero_ns)}  {one.claim}{among}, because {one.because}{truth}"


_TITLES = {
    "wrong": "believes what is not so",
    "differs": "believes otherwise than others",
    "agent": "believes of the agent",
    "common": "has in common with others",
}


def mind_plain(found: MindAt, zero_ns: int) -> dict[str, Any]:
    """Return a mind as plain data; times are seconds of media time."""
    return {
        "person": found.mind.person_id,
        "at_s": seconds(found.t_ns, zero_ns),
        "cycle": found.cycle or None,
        "estimates": {
            one.variable: {
                "value": one.value,
                "what": one.what,
                "evidence": [
                    {
                        "at_s": seconds(item.t_ns, zero_ns), "cue": item.kind, "weight": item.weight,
                        "from": None if source is None else described(source),
                    }
                    for item, source in zip(one.evidence, found.sources.get(one.variable, ()), strict=False)
                ],
            }
            for one in found.mind.estimates
        },
        "beliefs": [
            {
                "kind": one.kind, "people": list(one.people), "claim": one.claim, "because": one.because, "actual": one.actual,
                "since_s": seconds(one.t_ns, zero_ns),
            }
            for one in found.beliefs
        ],
    }  # fmt: skip
