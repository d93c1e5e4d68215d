"""`summary.json`: what a session was worth in numbers.

Latencies come from the spans that the rooms published under these names; where a room published none, they are
derived from events:

| metric | derived from |
|---|---|
| `tick_jitter` | always the motion frames' own lateness: exact, one value a frame |
| `intention_to_first_frame` | always the first frame as sent, from creation; only for the body, and at once |
| `end_of_turn_to_first_audio` | end of the person's speech (`Turn.end_ns`) to the next reply's first sample |
| `asr_final_after_end` | end of the person's speech to the last word committed to that turn |
| `barge_in_to_silence` | decision to stop to the agent's `interrupted` |
| `vad_frame` | spans only |

Percentiles are nearest-rank; a metric without data has count 0 and null percentiles. All but memory, versions and
real-time latencies is reproducible. Pure functions of a digest.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Mapping
from typing import Any

import runtime
from runtime.clock import NS_PER_MS, NS_PER_S
from runtime.house import INPUT_ENDED
from runtime.messages import AgentSpeech, Heartbeat, SessionControl, Span, Turn, TurnDecision, Word
from runtime.session.digest import SessionDigest
from runtime.session.operator import operator_lines
from runtime.session.transcript import intention_lines, transcript_lines
from runtime.telemetry import window_samples

LATENCIES = (
    "end_of_turn_to_first_audio",
    "vad_frame",
    "asr_final_after_end",
    "barge_in_to_silence",
    "intention_to_first_frame",
    "tick_jitter",
)
LOSSES = ("lost", "refused", "dropped")
"""Totals in a room's heartbeat that mean that something did not arrive; besides all `undecodable_*`."""
_RESPONSE_WITHIN_NS = 20 * NS_PER_S

Samples = list[tuple[float, int]]
"""Values with how often each occurred."""


def build_summary(
    digest: SessionDigest, rss_mb: Mapping[str, float] | None = None, duration_s: float = 0.0
) -> dict[str, Any]:
    """Return the summary of a session.

    Args:
        digest: the recording.
        rss_mb: largest memory per process as the supervisor saw it; processes it does not name come from heartbeats.
        duration_s: how long the session really was, 0 where unknown: a recording that ends earlier misses frames.
    """
    return {
        "duration_s": round(digest.duration_s, 3),
        "frames": frame_account(digest, duration_s),
        "turns": turn_lines(digest),
        "intentions": intention_lines(digest),
        "operator": operator_lines(digest),
        "latency_ms": {name: distribution(samples) for name, samples in latencies(digest).items()},
        "rss_mb": memory(digest, rss_mb or {}),
        "bus": bus_losses(digest),
        "recording": {
            "truncated": digest.truncated,
            "skipped": digest.skipped,
            "missing": dict(digest.gaps),
            "missing_s": round(max(0.0, duration_s - digest.duration_s), 3),
            "input": input_note(digest),
        },
        "profile": digest.metadata.get("profile", ""),
        "seed": _number(digest.metadata.get("seed", "")),
        "speed": digest.metadata.get("speed", ""),
        "recorded_at": digest.metadata.get("recorded_at", ""),
        "versions": {
            "attune": digest.metadata.get("attune", runtime.__version__),
            "schema": _number(digest.metadata.get("schema", "")),
            "python": digest.metadata.get("python", ""),
        },
    }


def input_note(digest: SessionDigest) -> str:
    """Return what was wrong with the session's input (a file that breaks off), empty where nothing was."""
    reasons = [m.reason for m in digest.all(SessionControl) if m.action == "finished"]
    return reasons[0] if reasons and reasons[0] != INPUT_ENDED else ""


def frame_account(digest: SessionDigest, duration_s: float = 0.0) -> dict[str, Any]:
    """Return how many motion frames there should have been from media time zero on, and how they came.

    They are expected to the session's real end where that is known, else to the last one that came.
    `late` counts frames that left more than one period after their time; `worst_ms` and `p999_late_ms` are lateness.
    """
    inside = digest.frames.t_ns >= digest.zero_ns
    times = digest.frames.t_ns[inside]
    lateness = digest.frames.lateness_ms[inside]
    if not len(times):
        expected = math.floor(duration_s * digest.tick_hz)
        return {"expected": expected, "delivered": 0, "late": 0, "fps": None, "worst_ms": None, "p999_late_ms": None}
    span_s = float(times.max() - digest.zero_ns) / NS_PER_S
    # A frame time is rounded to whole ns, hence the small allowance.
    expected = math.floor(max(span_s, duration_s - 1.0 / digest.tick_hz) * digest.tick_hz + 1e-4) + 1
    samples = [(float(value), 1) for value in lateness]
    return {
        "expected": expected,
        "delivered": len(times),
        "late": int((lateness > 1_000.0 / digest.tick_hz).sum()),
        "fps": round(len(times) / (span_s + 1.0 / digest.tick_hz), 3),
        "worst_ms": round(float(lateness.max()), 3),
        "p999_late_ms": _rounded(percentile(samples, 0.999)),
    }


def turn_lines(digest: SessionDigest) -> list[dict[str, Any]]:
    """Return the turns without their words; an agent's turn that follows a person's has the gap between them, ms."""
    lines: list[dict[str, Any]] = []
    turns = transcript_lines(digest)
    for turn in turns:
        line = {key: turn[key] for key in ("speaker", "turn_id", "start_s", "end_s", "text", "heard", "interrupted")}
        gap_ms = None
        if turn["speaker"] == "agent":
            gap_ms = _gap_ms(turn["start_s"], turns)
        lines.append({**line, "words": len(turn["words"]), "response_gap_ms": gap_ms})
    return lines


def _gap_ms(start_s: float, turns: list[dict[str, Any]]) -> float | None:
    """Return the gap before an agent's turn; None where it does not follow a turn of the person that has ended."""
    before = [turn for turn in turns if turn["end_s"] is not None and turn["end_s"] <= start_s]
    last = max(before, key=lambda turn: turn["end_s"], default=None)
    if last is None or last["speaker"] != "user":
        return None
    return round((start_s - float(last["end_s"])) * 1_000.0, 1)


def latencies(digest: SessionDigest) -> dict[str, Samples]:
    """Return the samples of every metric, ms."""
    from_spans: dict[str, Samples] = {name: [] for name in LATENCIES}
    for span in digest.all(Span):
        if span.name in from_spans:
            from_spans[span.name] += window_samples(span) or [(span.duration_ms, 1)]
    derived: dict[str, Samples] = {
        "end_of_turn_to_first_audio": _once(_response_latencies(digest)),
        "asr_final_after_end": _once(_recognition_latencies(digest)),
        "barge_in_to_silence": _once(_barge_in_latencies(digest)),
    }
    found = {name: from_spans[name] or derived.get(name, []) for name in LATENCIES}
    # What waits by design is no latency: a turn's end, a word, and for speech the floor.
    asked_now = [
        line
        for line in intention_lines(digest)
        if line.get("timing", {}).get("when") == "now" and line.get("kind") != "dialogue"
    ]
    shown = [line["latency_ms"] for line in asked_now if line["latency_ms"] is not None]
    found["intention_to_first_frame"] = _once(shown) or found["intention_to_first_frame"]
    found["tick_jitter"] = _once(float(value) for value in digest.frames.lateness_ms) or found["tick_jitter"]
    return found


def distribution(samples: Samples) -> dict[str, Any]:
    """Return p50, p95, max and count."""
    return {
        "p50": _rounded(percentile(samples, 0.5)),
        "p95": _rounded(percentile(samples, 0.95)),
        "max": _rounded(max((value for value, _ in samples), default=None)),
        "count": sum(times for _, times in samples),
    }


def percentile(samples: Samples, share: float) -> float | None:
    """Return the nearest-rank percentile of weighted values, None where there are none."""
    total = sum(times for _, times in samples)
    rank = max(1, math.ceil(share * total))
    seen = 0
    for value, times in sorted(samples):
        seen += times
        if seen >= rank:
            return value
    return None


def memory(digest: SessionDigest, known_mb: Mapping[str, float]) -> dict[str, float]:
    """Return the largest resident memory of each process, MB: rooms by name, their workers as `room/worker`."""
    peaks: dict[str, float] = {}
    for beat in digest.all(Heartbeat):
        peaks[beat.source] = max(peaks.get(beat.source, 0.0), beat.rss_mb)
    peaks.update(known_mb)
    return {name: round(value, 1) for name, value in sorted(peaks.items()) if value > 0.0}


def bus_losses(digest: SessionDigest) -> dict[str, dict[str, int]]:
    """Return what the rooms that lost something count as lost; totals of a process that died count as well."""
    last: dict[tuple[str, int], Heartbeat] = {(beat.source, beat.pid): beat for beat in digest.all(Heartbeat)}
    losses: dict[str, dict[str, int]] = {}
    for (room, _), beat in sorted(last.items(), key=lambda item: item[0]):
        for name, value in sorted(beat.counters.items()):
            if value and (name in LOSSES or name.startswith("undecodable_")):
                totals = losses.setdefault(room, {})
                totals[name] = totals.get(name, 0) + int(value)
    return losses


def _response_latencies(digest: SessionDigest) -> list[float]:
    """From the end of each of the person's turns to the reply that follows before their next one begins."""
    turns = [turn for turn in digest.all(Turn) if turn.speaker == "user"]
    ends = [turn for turn in turns if turn.state == "ended" and turn.end_ns]
    begins = sorted(turn.t_ns for turn in turns if turn.state == "started")
    firsts = sorted(first for first, _ in digest.voice.values())
    found = []
    for turn in ends:
        number = bisect.bisect_left(firsts, turn.end_ns)
        following = bisect.bisect_right(begins, turn.t_ns)
        until_ns = begins[following] if following < len(begins) else turn.end_ns + _RESPONSE_WITHIN_NS
        if number < len(firsts) and firsts[number] < min(until_ns, turn.end_ns + _RESPONSE_WITHIN_NS):
            found.append((firsts[number] - turn.end_ns) / NS_PER_MS)
    return found


def _recognition_latencies(digest: SessionDigest) -> list[float]:
    final: dict[str, int] = {}
    for word in digest.all(Word):
        if word.op == "commit" and word.turn_id:
            final[word.turn_id] = max(final.get(word.turn_id, 0), word.t_ns)
    ends = [turn for turn in digest.all(Turn) if turn.state == "ended" and turn.end_ns]
    return [max(0, final[turn.turn_id] - turn.end_ns) / NS_PER_MS for turn in ends if turn.turn_id in final]


def _barge_in_latencies(digest: SessionDigest) -> list[float]:
    stops = sorted(decision.t_ns for decision in digest.all(TurnDecision) if decision.decision == "stop")
    silences = sorted(speech.t_ns for speech in digest.all(AgentSpeech) if speech.state == "interrupted")
    found = []
    for number, stop_ns in enumerate(stops):
        until_ns = stops[number + 1] if number + 1 < len(stops) else stop_ns + _RESPONSE_WITHIN_NS
        place = bisect.bisect_left(silences, stop_ns)
        if place < len(silences) and silences[place] < until_ns:
            found.append((silences[place] - stop_ns) / NS_PER_MS)
    return found


def _once(values: Iterable[float]) -> Samples:
    return [(value, 1) for value in values]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _number(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text
