"""Recorded messages and traces in words and as plain data. Pure; times are seconds of media time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cognitive.account.trace import OF_ITS_OWN, Trace
from runtime import messages as m
from runtime.clock import NS_PER_MS, NS_PER_S


def described(message: m.Message) -> str:
    """Return a message in words."""
    match message:
        case m.Turn():
            who = message.person_id or "the user" if message.speaker == "user" else "the agent"
            return f"turn of {who}: {message.text}" if message.text else f"turn of {who} {message.state}"
        case m.TypedText():
            return f"typed: {message.text}"
        case m.PersonPercept():
            looks = f", looks at {message.gaze_name or message.gaze_target}" if message.gaze_target else ""
            face = f", face {message.valence:+.2f}" if message.valence is not None else ""
            return f"{message.person_id} {message.state}, facing {message.facing:.1f}{looks}{face}"
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
        case m.IntentionAnswer():
            return f"{message.intention_id} {message.state}" + (f" ({message.reason})" if message.reason else "")
        case m.Viewer():
            return f"page {message.state}"
    return type(message).__name__


def as_lines(trace: Trace, zero_ns: int) -> Iterator[str]:
    """Return the trace in lines for people."""
    one = trace.intention
    said = f": {one.content}" if one.content else ""
    yield f"{one.id}, {one.kind}{said}"
    sent = f"sent at {clock(one.created_ns or one.t_ns, zero_ns)} by {trace.sender}"
    yield f"  {sent}, trigger {one.trigger} with {one.score:.2f}, priority {one.priority}"
    others = [f"{other.kind} ({other.id})" for other in trace.plan if other.id != one.id]
    if others:
        yield f"  {one.plan_id + ', ' if one.plan_id else ''}together with {', '.join(others)}"
    if trace.later and trace.cycle is not None and trace.opening is not None:
        yield f"a later step, sent in cycle {trace.cycle.cycle}; its plan was opened in cycle {trace.opening.cycle}:"
        yield from _evidence([item for item in trace.sources if item[0].kind in OF_ITS_OWN], zero_ns)
    if trace.opening is not None:
        yield f"decided in cycle {trace.opening.cycle}:"
        for score in sorted(trace.opening.scores, key=lambda score: -score.score):
            mark = "over" if score.score >= score.threshold else "under"
            yield f"  {score.trigger:20} {score.score:.2f}, {mark} {score.threshold:.2f}  {score.reason}"
        if goals := trace.opening.memory.get("goals", ""):
            yield "what people seemed to want then:"
            yield from (f"  {line}" for line in goals.splitlines())
    else:
        yield "decided by no cycle in this recording: an operator or an outside client sent it"
    rests_on = [item for item in trace.sources if item[0].kind not in OF_ITS_OWN]
    yield "evidence:" if rests_on else "it came without evidence"
    yield from _evidence(rests_on, zero_ns)
    yield "what became of it:" if trace.answers else "what became of it: no answer is recorded"
    for answer in trace.answers:
        yield f"  {clock(answer.t_ns, zero_ns)}  {answer.state}{' (' + answer.reason + ')' if answer.reason else ''}"


def _evidence(items: list[tuple[m.Evidence, m.Message | None]], zero_ns: int) -> Iterator[str]:
    for item, source in items:
        weight = "     " if item.kind in OF_ITS_OWN else f"{item.weight:+.2f}"
        yield f"  {clock(item.t_ns, zero_ns)}  {weight}  {item.kind}{': ' + item.detail if item.detail else ''}"
        if source is not None:
            yield f"            from {described(source)} ({clock(source.t_ns, zero_ns).strip()})"


def as_plain(trace: Trace, zero_ns: int) -> dict[str, Any]:
    """Return the trace as plain data."""
    one = trace.intention
    return {
        "intention": {
            "id": one.id, "kind": one.kind, "content": one.content, "trigger": one.trigger, "score": one.score,
            "plan_id": one.plan_id, "sender": trace.sender, "at_s": seconds(one.created_ns or one.t_ns, zero_ns),
        },
        "plan": [{"id": other.id, "kind": other.kind, "content": other.content} for other in trace.plan],
        "cycle": _cycle(trace.opening),
        "sent_in_cycle": None if trace.cycle is None else trace.cycle.cycle,
        "evidence": [
            {
                "at_s": seconds(item.t_ns, zero_ns), "kind": item.kind, "detail": item.detail, "weight": item.weight,
                "of_the_plan": item.kind not in OF_ITS_OWN,
                "from": None if source is None else described(source),
                "from_at_s": None if source is None else seconds(source.t_ns, zero_ns),
            }
            for item, source in trace.sources
        ],
        "answers": [{"at_s": seconds(a.t_ns, zero_ns), "state": a.state, "reason": a.reason} for a in trace.answers],
    }  # fmt: skip


def _cycle(cycle: m.CognitiveCycle | None) -> dict[str, Any] | None:
    if cycle is None:
        return None
    scores = {s.trigger: {"score": s.score, "threshold": s.threshold, "reason": s.reason} for s in cycle.scores}
    return {"cycle": cycle.cycle, "scores": scores, "goals": cycle.memory.get("goals", "").splitlines()}


def seconds(t_ns: int, zero_ns: int) -> float:
    """Return media time in seconds."""
    return round((t_ns - zero_ns) / NS_PER_S, 3)


def clock(t_ns: int, zero_ns: int) -> str:
    """Return media time for people."""
    return f"{(t_ns - zero_ns) / NS_PER_MS / 1e3:8.2f} s"
