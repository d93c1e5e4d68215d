"""Who said what when, and what became of every intention: `transcript.jsonl` and `intentions.jsonl`.

One JSON object a line, keys sorted, times in seconds after media time zero to the millisecond: two runs of one
recording under one seed give the same bytes. Pure functions of a digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from runtime.clock import NS_PER_MS
from runtime.messages import FINAL_STATES, AgentSpeech, Intention, IntentionAnswer, Turn, Word
from runtime.session.digest import SessionDigest

Line = dict[str, Any]


def to_jsonl(lines: Iterable[Mapping[str, Any]]) -> str:
    """Return lines of JSON with sorted keys, each ended by a newline."""
    return "".join(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n" for line in lines)


def transcript_lines(digest: SessionDigest) -> list[Line]:
    """Return one line per turn in order of its start.

    Keys: `speaker`, `turn_id`, `start_s`, `end_s` (null while open), `text` (for the agent what it meant to say),
    `heard` (what of the agent's text reached the person; null for the person), `words` (`text`, `start_s`, `end_s`),
    `interrupted`.
    """
    ends = {turn.turn_id: turn for turn in digest.all(Turn) if turn.state == "ended"}
    starts: dict[str, Turn] = {}
    for turn in digest.all(Turn):
        starts.setdefault(turn.turn_id, turn)
    lines = []
    for turn_id, first in starts.items():
        end = ends.get(turn_id)
        make = _agent_line if first.speaker == "agent" else _user_line
        lines.append(make(digest, first, end))
    return sorted(lines, key=lambda line: (line["start_s"], line["speaker"], line["turn_id"]))


def _span_ns(first: Turn, end: Turn | None) -> tuple[int, int | None]:
    start_ns = (end.start_ns if end else 0) or first.start_ns or first.t_ns
    return start_ns, None if end is None else max(start_ns, end.end_ns or end.t_ns)


def _line(digest: SessionDigest, first: Turn, end: Turn | None) -> Line:
    start_ns, end_ns = _span_ns(first, end)
    return {
        "speaker": first.speaker,
        "turn_id": first.turn_id,
        "start_s": digest.seconds(start_ns),
        "end_s": None if end_ns is None else digest.seconds(end_ns),
        "text": end.text if end else first.text,
        "heard": None,
        "words": [],
        "interrupted": bool(end and end.interrupted),
    }


def _user_line(digest: SessionDigest, first: Turn, end: Turn | None) -> Line:
    line = _line(digest, first, end)
    start_ns, end_ns = _span_ns(first, end)
    words = [
        word
        for word in committed_words(digest)
        if word.turn_id == first.turn_id
        or (not word.turn_id and end_ns is not None and start_ns <= (word.start_ns + word.end_ns) // 2 <= end_ns)
    ]
    line["words"] = [
        {"text": word.text, "start_s": digest.seconds(word.start_ns), "end_s": digest.seconds(word.end_ns)}
        for word in words
    ]
    line["text"] = line["text"] or " ".join(word.text for word in words)
    return line


def committed_words(digest: SessionDigest) -> list[Word]:
    """Return the recognised words that were committed, by their start; a commit may leave out what the add said."""
    added: dict[str, Word] = {}
    committed: dict[str, Word] = {}
    for word in digest.all(Word):
        if word.op == "add":
            added[word.unit_id] = word
        elif word.op == "revoke":
            added.pop(word.unit_id, None)
            committed.pop(word.unit_id, None)
        else:
            base = added.get(word.unit_id, word)
            committed[word.unit_id] = msgspec.structs.replace(
                word,
                text=word.text or base.text,
                start_ns=word.start_ns or base.start_ns,
                end_ns=word.end_ns or base.end_ns,
                turn_id=word.turn_id or base.turn_id,
            )
    return sorted(committed.values(), key=lambda word: word.start_ns)


def _agent_line(digest: SessionDigest, first: Turn, end: Turn | None) -> Line:
    line = _line(digest, first, end)
    start_ns, _ = _span_ns(first, end)
    until_ns = end.t_ns if end else digest.end_ns
    clauses = _clauses(digest, first.turn_id, start_ns, until_ns)
    line["text"] = " ".join(clause.text for clause in clauses if clause.text) or line["text"]
    line["heard"] = end.text if end else ""
    words = [word for clause in clauses for word in clause_words(digest, clause)]
    if line["interrupted"] and line["end_s"] is not None:
        words = [word for word in words if word["start_s"] < line["end_s"]]
    line["words"] = words
    return line


def clause_words(digest: SessionDigest, clause: AgentSpeech) -> list[Line]:
    """Return the words of a clause of the agent with their times."""
    return [
        {
            "text": word.text,
            "start_s": digest.seconds(clause.t_ns + round(word.start_ms * NS_PER_MS)),
            "end_s": digest.seconds(clause.t_ns + round(word.end_ms * NS_PER_MS)),
        }
        for word in clause.words
    ]


def spoken_clauses(digest: SessionDigest) -> list[AgentSpeech]:
    """Return the agent's clauses, each once: at its real start where it started, else as it was planned."""
    clauses: dict[tuple[str, int], AgentSpeech] = {}
    for speech in digest.all(AgentSpeech):
        key = (speech.response_id, speech.clause)
        if speech.state == "planned":
            first = clauses.get(key, speech)  # planned again: its times are known now
            clauses[key] = msgspec.structs.replace(first, words=speech.words, duration_ms=speech.duration_ms)
        elif speech.state == "started":
            plan = clauses.get(key, speech)
            clauses[key] = msgspec.structs.replace(
                speech,
                text=speech.text or plan.text,
                words=speech.words or plan.words,
                duration_ms=speech.duration_ms or plan.duration_ms,
            )
    return sorted(clauses.values(), key=lambda speech: (speech.t_ns, speech.clause))


def _clauses(digest: SessionDigest, turn_id: str, start_ns: int, until_ns: int) -> list[AgentSpeech]:
    """Return the clauses of an agent turn: those of its response id, else those that began within it."""
    spoken = spoken_clauses(digest)
    own = [clause for clause in spoken if clause.response_id == turn_id]
    return own or [clause for clause in spoken if start_ns <= clause.t_ns < until_ns]


def intention_lines(digest: SessionDigest) -> list[Line]:
    """Return one line per intention in order of receipt, also for those that were rejected.

    All fields of the intention (times as `*_s`, null where open), `received_s`, `states` (each with `state`, `t_s`,
    `reason`, `frame`, `superseded_by`), `outcome` (the final state, or `open`), `first_frame` and `first_frame_s` (the
    first motion frame that it shaped, as sent), and `latency_ms` from its creation (or `earliest_ns`) to that frame.
    """
    answers: dict[str, list[IntentionAnswer]] = {}
    for answer in digest.all(IntentionAnswer):
        answers.setdefault(answer.intention_id, []).append(answer)
    intentions: dict[str, Intention] = {}
    for intention in digest.all(Intention):
        intentions.setdefault(intention.id, intention)
    lines = [_intention_line(digest, intention, answers.get(id_, [])) for id_, intention in intentions.items()]
    for id_, given in answers.items():
        if id_ not in intentions:  # it came before the recording began
            lines.append({"id": id_, **_fate(digest, id_, given, None)})
    return lines


def _intention_line(digest: SessionDigest, intention: Intention, answers: list[IntentionAnswer]) -> Line:
    line: Line = msgspec.to_builtins(intention)
    for key in ("schema", "seq", "type", "t_ns"):
        line.pop(key, None)
    line["received_s"] = digest.seconds(received_ns(intention, answers))
    line["created_s"] = _open_time(digest, line.pop("created_ns"))
    line["valid_until_s"] = _open_time(digest, line.pop("valid_until_ns"))
    line["timing"]["earliest_s"] = _open_time(digest, line["timing"].pop("earliest_ns"))
    for evidence in line["evidence"]:
        evidence["t_s"] = _open_time(digest, evidence.pop("t_ns"))
    return {**line, **_fate(digest, intention.id, answers, intention)}


def _fate(digest: SessionDigest, id_: str, answers: list[IntentionAnswer], intention: Intention | None) -> Line:
    final = [answer.state for answer in answers if answer.state in FINAL_STATES]
    frame = digest.first_frames.get(id_)
    stated = next((answer.frame for answer in answers if answer.state == "started" and answer.frame >= 0), None)
    latency_ms = None
    if frame is not None and intention is not None:
        latency_ms = round(max(0, frame[1] - _asked_ns(intention, answers)) / NS_PER_MS, 3)
    return {
        "states": [
            {
                "state": answer.state,
                "t_s": digest.seconds(answer.t_ns),
                "reason": answer.reason,
                "frame": answer.frame,
                "superseded_by": answer.superseded_by,
            }
            for answer in answers
        ],
        "outcome": final[-1] if final else "open",
        "first_frame": stated if frame is None else frame[0],
        "first_frame_s": None if frame is None else digest.seconds(frame[1]),
        "latency_ms": latency_ms,
    }


def received_ns(intention: Intention, answers: list[IntentionAnswer]) -> int:
    """Return when an intention was received: its first answer, which follows at once, else its own time."""
    return answers[0].t_ns if answers else intention.t_ns


def _asked_ns(intention: Intention, answers: list[IntentionAnswer]) -> int:
    """Return from when on its latency counts: creation where the sender's clock makes sense, else receipt."""
    received = received_ns(intention, answers)
    asked = next((t for t in (intention.created_ns, intention.t_ns) if 0 < t <= received), received)
    return max(asked, intention.timing.earliest_ns)


def _open_time(digest: SessionDigest, t_ns: int) -> float | None:
    return digest.seconds(t_ns) if t_ns else None
