"""Ten minutes of conversation at real time: memory, frames and sound of the whole house, counted from outside and from its recording.

    python benchmarks/soak_conversation.py [--minutes 10] [--json] [--keep FOLDER]

Runs `attune run` with the default profile (cpu: learned body, generated speech, pictures off, all rooms and workers as processes of their
own) on a conversation that it speaks itself. Memory is the resident set of every process that lives from minute 2 to the end of the
input, looked at every two seconds; its growth is that of the straight line of least squares through them, in percent of the line's value
at minute 2, so that neither a single heavy moment nor where a garbage collection fell decides. Frames later than one period,
blocks of the person's sound that are missing or differ from the input, pieces of the agent's voice that are missing within a
response, and everything that bus, queues and recorder count as lost are read off the recording. Exits with 1 where a bound is broken:
growth of the whole over 2 %, or anything late, missing or lost. Give it a machine that is otherwise idle; the load is printed beside.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import soundfile
from bench_session import conversation

from runtime.messages import AgentAudio, AgentSpeech, Heartbeat, MotionFrame, Turn, UserAudio
from runtime.session.reader import SessionReader

SETTLED_S = 120.0
"""Growth is counted from here on: caches have filled, models are warm."""
LOOK_EVERY_S = 2.0
GROWTH_MAX_PERCENT = 2.0
LOSSES = ("lost", "refused", "dropped", "discarded", "messages_lost", "audio_misplaced")
"""Totals in heartbeats that mean that something did not arrive; besides all that begin with `undecodable_` or `failed_`."""
Sizes = dict[tuple[str, int], list[tuple[float, float]]]
"""By title and process id: (seconds since the start, resident MB)."""


def main() -> int:
    """Run the soak and print what it found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", type=Path, help="keep the session in this folder")
    arguments = parser.parse_args()
    load = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        audio = conversation(Path(folder), 60.0 * arguments.minutes)
        out = arguments.keep or Path(folder) / "s"
        sizes, exit_status = run(audio, out)
        found = {
            "minutes": arguments.minutes,
            "load_before": [round(value, 2) for value in load],
            "load_after": [round(value, 2) for value in os.getloadavg()],
            "exit_status": exit_status,
            "memory": memory(sizes),
            **recorded(out, audio),
        }
    found["broken"] = broken(found)
    print(json.dumps(found, indent=None if arguments.json else 2))
    return int(bool(found["broken"]))


def run(audio: Path, out: Path) -> tuple[Sizes, int]:
    """Run the session and return the memory of its processes, up to the end of the input, and its exit status."""
    command = [sys.executable, "-m", "runtime", "run", "--audio", str(audio), "--out", str(out)]
    input_s = soundfile.info(audio).duration
    sizes: Sizes = {}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as session:
        assert session.stderr is not None
        session.stderr.readline()  # told when the session starts
        started = time.monotonic()
        try:
            while session.poll() is None:
                at_s = time.monotonic() - started
                if at_s < input_s:
                    look(session.pid, at_s, sizes)
                if at_s > input_s + 120.0:
                    raise SystemExit("the session does not end")
                time.sleep(LOOK_EVERY_S)
        finally:
            if session.poll() is None:
                session.send_signal(signal.SIGINT)
        session.wait(timeout=60)
    return sizes, session.returncode


def look(pid: int, at_s: float, sizes: Sizes) -> None:
    """Note the memory of a process and all of its descendants."""
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        for process in [top, *top.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                title = "house" if process.pid == pid else (process.cmdline() or ["?"])[0].removeprefix("attune: ")
                sizes.setdefault((title.strip(), process.pid), []).append((at_s, process.memory_info().rss / 1e6))


def memory(sizes: Sizes) -> dict[str, Any]:
    """Return growth per process and of all together, and what came and went."""
    last_s = max(at for seen in sizes.values() for at, _ in seen)
    kept: dict[str, dict[str, Any]] = {}
    passing: dict[str, int] = {}
    total: dict[float, float] = {}
    for (title, pid), seen in sorted(sizes.items()):
        if seen[0][0] > SETTLED_S or seen[-1][0] < last_s - 2 * LOOK_EVERY_S:
            passing[title] = passing.get(title, 0) + 1
            continue
        name = title if title not in kept else f"{title} {pid}"
        kept[name] = growth(seen)
        for at_s, size_mb in seen:
            total[at_s] = total.get(at_s, 0.0) + size_mb
    return {"all": growth(sorted(total.items())), "processes": kept, "came_and_went": passing}


def growth(seen: list[tuple[float, float]]) -> dict[str, Any]:
    """Return how a size went from minute 2 on: its median in each minute, and the growth of the fitted line in percent."""
    settled = np.array([(at_s, size_mb) for at_s, size_mb in seen if at_s >= SETTLED_S])
    if len(settled) < 3:
        return {"mb_last": round(seen[-1][1], 1), "growth_percent": None}
    minutes = [settled[settled[:, 0] // 60.0 == minute, 1] for minute in range(2, int(settled[-1, 0] // 60.0) + 1)]
    slope, level = np.polyfit(settled[:, 0] - SETTLED_S, settled[:, 1], 1)
    return {
        "mb_by_minute": [round(float(np.median(sizes)), 2) for sizes in minutes if len(sizes)],
        "mb_peak": round(float(settled[:, 1].max()), 2),
        "kb_per_minute": round(60e3 * slope, 1),
        "growth_percent": round(100.0 * slope * float(settled[-1, 0] - SETTLED_S) / level, 2),
    }


def recorded(out: Path, audio: Path) -> dict[str, Any]:
    """Return what the recording says of frames, sound and losses."""
    reader = SessionReader(out)
    summary = json.loads((out / "summary.json").read_text())
    frames = [m for m in reader.messages(MotionFrame) if isinstance(m, MotionFrame)]
    beats = [m for m in reader.messages(Heartbeat) if isinstance(m, Heartbeat)]
    turns = [m for m in reader.messages(Turn) if isinstance(m, Turn) and m.state == "ended"]
    return {
        "frames": {**summary["frames"], "missing_indexes": missing([f.index for f in frames])},
        "user_audio": user_audio(reader, audio),
        "agent_audio": agent_audio(reader),
        "losses": losses(beats),
        "bus": summary["bus"],
        "missing_messages": summary["recording"]["missing"],
        "unreadable": {"truncated": summary["recording"]["truncated"], **summary["recording"]["skipped"]},
        "degraded": sorted({f"{m.source}: {m.detail}" for m in beats if m.status == "degraded"}),
        "rooms_started": {
            name: len({m.pid for m in beats if m.source == name}) for name in sorted({m.source for m in beats})
        },
        "turns": {who: sum(t.speaker == who for t in turns) for who in ("user", "agent")},
        "agent_interrupted": sum(t.interrupted for t in turns if t.speaker == "agent"),
        "latency_ms": summary["latency_ms"],
    }


def user_audio(reader: SessionReader, audio: Path) -> dict[str, Any]:
    """Compare what was recorded of the person with what was played in, sample for sample."""
    blocks = [m for m in reader.messages(UserAudio) if isinstance(m, UserAudio)]
    given = soundfile.read(audio, dtype="int16")[0]
    heard = np.frombuffer(b"".join(block.pcm for block in blocks), "<i2")[: len(given)]
    differing = int((np.abs(heard.astype(int) - given[: len(heard)]) > 1).sum()) + len(given) - len(heard)
    steps_ms = np.diff([block.t_ns for block in blocks]) / 1e6
    return {
        "blocks": len(blocks),
        "missing_blocks": missing([block.index for block in blocks]),
        "samples_lost_or_changed": differing,
        "worst_step_off_ms": round(float(np.abs(steps_ms - 32.0).max()), 3),
    }


def agent_audio(reader: SessionReader) -> dict[str, Any]:
    """Find holes in the agent's voice: within a response, pieces follow each other by their count of samples."""
    finished = {m.response_id for m in reader.messages(AgentSpeech) if isinstance(m, AgentSpeech)}
    pieces = holes = 0
    sounded: dict[str, int] = {}
    for piece in reader.messages(AgentAudio):
        if not isinstance(piece, AgentAudio):
            continue
        pieces += 1
        expected = sounded.get(piece.response_id)
        holes += expected is not None and piece.offset_samples > expected
        sounded[piece.response_id] = piece.offset_samples + len(piece.pcm) // 2
    return {
        "pieces": pieces,
        "holes": holes,
        "responses": len(finished),
        "responses_without_sound": len(finished - set(sounded)),
    }


def losses(beats: list[Heartbeat]) -> dict[str, float]:
    """Return every counted loss of every process that lived, from its last heartbeat."""
    last = {(beat.source, beat.pid): beat for beat in beats}
    found: dict[str, float] = {}
    for (room, _pid), beat in last.items():
        for name, value in beat.counters.items():
            if value and (name in LOSSES or name.startswith(("undecodable_", "failed_"))):
                found[f"{room}.{name}"] = found.get(f"{room}.{name}", 0.0) + value
    return found


def missing(indexes: list[int]) -> int:
    """Return how many of a running number are missing between its first and its last."""
    return indexes[-1] - indexes[0] + 1 - len(set(indexes)) if indexes else 0


def broken(found: dict[str, Any]) -> list[str]:
    """Return which of the bounds do not hold."""
    grown = found["memory"]["all"]["growth_percent"]
    bad = {
        f"memory grew by {grown} %": grown is not None and grown > GROWTH_MAX_PERCENT,
        "frames are late": found["frames"]["late"],
        "frames are missing": found["frames"]["missing_indexes"]
        or found["frames"]["delivered"] < found["frames"]["expected"],
        "the person's sound was lost": found["user_audio"]["missing_blocks"]
        or found["user_audio"]["samples_lost_or_changed"],
        "the agent's voice has holes": found["agent_audio"]["holes"] or found["agent_audio"]["responses_without_sound"],
        "messages were lost": found["losses"] or found["bus"] or found["missing_messages"],
        "the session failed": found["exit_status"],
    }
    return [what for what, is_so in bad.items() if is_so]


if __name__ == "__main__":
    sys.exit(main())
