"""`attune why`: trace an intention back to what it rests on, from a session's recording.

Prints the intention with the plan that it belongs to, the cycle that decided it (every trigger type's score beside its
threshold), each piece of evidence with its weight and the recorded message that it came from, and what became of it. Without an
id it lists the intentions of the session.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.errors import AttuneError

SOURCES = (
    m.Turn,
    m.TypedText,
    m.PersonPercept,
    m.PersonAct,
    m.AffectPercept,
    m.VisualChange,
    m.WorldEvent,
    m.AgentSpeech,
    m.Viewer,
    m.UserSpeech,
)
"""Kinds of messages that evidence comes from."""
NEAR_S = 0.6
"""Evidence and the message that it came from are no further apart."""


@dataclass(slots=True)
class Trace:
    """What the recording tells of one intention."""

    intention: m.Intention
    plan: list[m.Intention] = field(default_factory=list)
    cycle: m.CognitiveCycle | None = None
    answers: list[m.IntentionAnswer] = field(default_factory=list)
    sources: list[tuple[m.Evidence, m.Message | None]] = field(default_factory=list)


def command(
    folder: Annotated[Path, typer.Argument(help="Session folder with a session.mcap.")],
    intention_id: Annotated[str, typer.Argument(help="Which; all are listed where it is left out.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Trace an intention back to its evidence."""
    from runtime.printing import print_json
    from runtime.session.reader import SessionReader

    reader = SessionReader(folder)
    zero_ns = reader.media_zero_ns
    intentions = {one.id: one for one in reader.messages(m.Intention)}
    if not intention_id:
        for one in intentions.values():
            print(f"{_s(one.t_ns or one.created_ns, zero_ns)}  {one.id}  {one.trigger}  {one.kind}  {one.content[:80]}")
        return
    if intention_id not in intentions:
        near = difflib.get_close_matches(intention_id, list(intentions), n=1, cutoff=0.5)
        mend = (
            f"did you mean '{near[0]}'?" if near else f"attune why {folder} lists the {len(intentions)} that there are"
        )
        raise AttuneError(f"{folder}: there is no intention '{intention_id[:80]}' in the recording", mend)
    trace = trace_of(intentions[intention_id], intentions.values(), reader)
    if json:
        print_json(as_plain(trace, zero_ns))
        return
    for line in as_lines(trace, zero_ns):
        print(line)


def trace_of(intention: m.Intention, intentions: Any, reader: Any) -> Trace:
    """Return everything that the recording tells of an intention.

    Args:
        intention: the one to trace.
        intentions: all of the session.
        reader: of its recording.
    """
    trace = Trace(intention)
    made_ns = intention.created_ns or intention.t_ns
    trace.cycle = next((c for c in reader.messages(m.CognitiveCycle) if intention.id in c.intention_ids), None)
    same = set(trace.cycle.intention_ids) if trace.cycle is not None else {intention.id}
    trace.plan = [one for one in intentions if one.id in same]
    seen: set[tuple[str, str]] = set()
    for answer in reader.messages(m.IntentionAnswer):
        key = (answer.state, answer.reason)
        if answer.intention_id == intention.id and key not in seen:  # an answer is sent to the asker and published
            seen.add(key)
            trace.answers.append(answer)
    times = [item.t_ns for item in intention.evidence]
    if times:
        margin_ns = round(NEAR_S * NS_PER_S)
        around = list(reader.messages(*SOURCES, start_ns=max(0, min(times) - margin_ns), end_ns=made_ns + margin_ns))
        trace.sources = [(item, _source(item, around)) for item in intention.evidence]
    return trace


def _source(item: m.Evidence, around: list[m.Message]) -> m.Message | None:
    """Return the recorded message nearest to a piece of evidence in time, where one is near."""
    nearest = min(around, key=lambda message: abs(message.t_ns - item.t_ns), default=None)
    return nearest if nearest is not None and abs(nearest.t_ns - item.t_ns) <= NEAR_S * NS_PER_S else None


def as_lines(trace: Trace, zero_ns: int) -> Iterator[str]:
    """Return the trace in lines for people."""
    one = trace.intention
    said = f": {one.content}" if one.content else ""
    yield f"{one.id}, {one.kind}{said}"
    sent = f"sent at {_s(one.created_ns or one.t_ns, zero_ns)} by {one.source or 'cognitive'}"
    yield f"  {sent}, trigger {one.trigger} with {one.score:.2f}, priority {one.priority}"
    others = [f"{other.kind} ({other.id})" for other in trace.plan if other.id != one.id]
    if others:
        yield f"  together with {', '.join(others)}"
    if trace.cycle is not None:
        yield f"decided in cycle {trace.cycle.cycle}:"
        for score in sorted(trace.cycle.scores, key=lambda score: -score.score):
            mark = "over" if score.score >= score.threshold else "under"
            yield f"  {score.trigger:20} {score.score:.2f}, {mark} {score.threshold:.2f}  {score.reason}"
        if goals := trace.cycle.memory.get("goals", ""):
            yield "what people seemed to want then:"
            yield from (f"  {line}" for line in goals.splitlines())
    else:
        yield "decided by no cycle in this recording: an operator or an outside client sent it"
    yield "evidence:" if trace.sources else "it came without evidence"
    for item, source in trace.sources:
        yield f"  {_s(item.t_ns, zero_ns)}  {item.weight:+.2f}  {item.kind}{': ' + item.detail if item.detail else ''}"
        if source is not None:
            yield f"            from {_described(source)}"
    yield "what became of it:" if trace.answers else "what became of it: no answer is recorded"
    for answer in trace.answers:
        yield f"  {_s(answer.t_ns, zero_ns)}  {answer.state}{' (' + answer.reason + ')' if answer.reason else ''}"


def as_plain(trace: Trace, zero_ns: int) -> dict[str, Any]:
    """Return the trace as plain data; times are seconds of media time."""
    one = trace.intention
    return {
        "intention": {
            "id": one.id, "kind": one.kind, "content": one.content, "trigger": one.trigger, "score": one.score,
            "at_s": _seconds(one.created_ns or one.t_ns, zero_ns),
        },
        "plan": [{"id": other.id, "kind": other.kind, "content": other.content} for other in trace.plan],
        "cycle": None if trace.cycle is None else {
            "cycle": trace.cycle.cycle,
            "scores": {s.trigger: {"score": s.score, "threshold": s.threshold, "reason": s.reason} for s in trace.cycle.scores},
            "goals": trace.cycle.memory.get("goals", "").splitlines(),
        },
        "evidence": [
            {
                "at_s": _seconds(item.t_ns, zero_ns), "kind": item.kind, "detail": item.detail, "weight": item.weight,
                "from": None if source is None else _described(source),
            }
            for item, source in trace.sources
        ],
        "answers": [{"at_s": _seconds(a.t_ns, zero_ns), "state": a.state, "reason": a.reason} for a in trace.answers],
    }  # fmt: skip


def _described(message: m.Message) -> str:
    """Return a message in words."""
    match message:
        case m.Turn():
            return (
                f"turn of the {message.speaker}: {message.text}"
                if message.text
                else f"turn of the {message.speaker} {message.state}"
            )
        case m.TypedText():
            return f"typed: {message.text}"
        case m.PersonPercept():
            looks = f", looks at {message.gaze_name or message.gaze_target}" if message.gaze_target else ""
            return f"{message.person_id} {message.state}, facing {message.facing:.1f}{looks}"
        case m.PersonAct():
            return f"{message.person_id} {message.act} {message.state}"
        case m.AffectPercept():
            return f"affect: valence {message.valence:+.2f} ({', '.join(message.cues)})"
        case m.VisualChange():
            return f"picture: {message.what} {message.magnitude:.2f}"
        case m.WorldEvent():
            return f"event: {message.text}"
        case m.AgentSpeech():
            return f"the agent's speech {message.state}: {message.text}"
        case m.UserSpeech():
            return f"voice {message.state}"
    return type(message).__name__


def _seconds(t_ns: int, zero_ns: int) -> float:
    return round((t_ns - zero_ns) / NS_PER_S, 3)


def _s(t_ns: int, zero_ns: int) -> str:
    return f"{(t_ns - zero_ns) / NS_PER_MS / 1e3:8.2f} s"
