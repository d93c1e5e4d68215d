"""What a session in real time costs and holds: the motion's cadence while the slow process is idle, busy, stopped and killed.

Runs `attune run` on a conversation that it speaks itself (or `--audio FILE`), in four phases of equal length:
left alone; with a process that burns each core at the cognitive room's niceness; with the cognitive room
stopped (SIGSTOP); with it killed (SIGKILL) at the phase's start. Prints, per phase, frames expected and
delivered, the lateness at p50, p99.9 and max, and the frames that came more than one period late; then the
session's latencies, memory, and the time from the kill to the first cycle of the restarted room. `python
benchmarks/bench_session.py [--json] [--audio FILE] [--phase-s 15]`.
"""

from __future__ import annotations

import argparse
import asyncio
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
import soxr

from behavioral.voice.tts.open import open_tts
from runtime.messages import CognitiveCycle, MotionFrame
from runtime.offload import InlineOffload
from runtime.session.reader import SessionReader
from runtime.settings import VoiceSettings

PHASES = ("idle", "busy", "stopped", "killed")
LINES = (
    "hello.",
    "my name is Anna.",
    "what can you do?",
    "I feel sad today.",
    "please wave your hand.",
    "who are you?",
    "thank you.",
)
PAUSE_S = 4.0
BURN = "import os\nos.nice(5)\nwhile True: pass"


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--audio", type=Path)
    parser.add_argument("--phase-s", type=float, default=15.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        audio = arguments.audio or conversation(Path(folder), 4 * arguments.phase_s)
        figures = measure(audio, Path(folder) / "s", arguments.phase_s)
    print(json.dumps(figures, indent=None if arguments.json else 2))
    return 0


def conversation(folder: Path, seconds: float) -> Path:
    """Speak a one-sided conversation of at least `seconds`."""

    async def speak() -> list[np.ndarray[Any, Any]]:
        tts = open_tts(VoiceSettings(voice="en-us", rate_wpm=140, pitch=35), lambda _name: InlineOffload())
        parts = [np.zeros(8_000, dtype=np.int16)]
        turn = 0
        while sum(map(len, parts)) < seconds * 16_000:
            clause = await tts.synthesise(LINES[turn % len(LINES)])
            parts.append(soxr.resample(clause.pcm, clause.sample_rate_hz, 16_000))
            parts.append(np.zeros(round(16_000 * PAUSE_S), dtype=np.int16))
            turn += 1
        await tts.aclose()
        return parts

    path = folder / "conversation.wav"
    soundfile.write(path, np.concatenate(asyncio.run(speak())), 16_000)
    return path


def measure(audio: Path, out: Path, phase_s: float) -> dict[str, Any]:
    """Run the session through its phases and read what it recorded."""
    command = [sys.executable, "-m", "runtime", "run", "--audio", str(audio), "--out", str(out)]
    session = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    burners: list[subprocess.Popen[bytes]] = []
    try:
        assert session.stderr is not None
        session.stderr.readline()  # told when the session starts
        started = time.monotonic()
        time.sleep(phase_s)
        burners = [
            subprocess.Popen([sys.executable, "-c", BURN], start_new_session=True) for _ in range(os.cpu_count() or 1)
        ]
        time.sleep(phase_s)
        for burner in burners:
            burner.kill()
        room = cognitive_room(session)
        room.send_signal(signal.SIGSTOP)
        time.sleep(phase_s)
        room.send_signal(signal.SIGCONT)
        room.kill()
        killed_s = time.monotonic() - started
        session.wait(timeout=4 * phase_s + 120)
    finally:
        for burner in burners:
            burner.kill()
        if session.poll() is None:
            session.send_signal(signal.SIGINT)
            session.wait(timeout=30)
    return report(out, phase_s, killed_s)


def cognitive_room(session: subprocess.Popen[str]) -> psutil.Process:
    """Find the cognitive room among the session's processes."""
    for process in psutil.Process(session.pid).children(recursive=True):
        if process.cmdline()[:1] == ["attune: cognitive"]:
            return process
    raise SystemExit("the session has no cognitive room")


def report(out: Path, phase_s: float, killed_s: float) -> dict[str, Any]:
    """Read the figures off the recording."""
    reader = SessionReader(out)
    zero_ns = reader.media_zero_ns
    summary = json.loads((out / "summary.json").read_text())
    frames = [m for m in reader.messages(MotionFrame) if isinstance(m, MotionFrame)]
    period_ms = 1_000.0 / summary["frames"]["fps"]
    phases: dict[str, Any] = {}
    for number, name in enumerate(PHASES):
        last = number == len(PHASES) - 1
        inside = [
            f
            for f in frames
            if number * phase_s <= (f.t_ns - zero_ns) / 1e9 < (1e9 if last else (number + 1) * phase_s)
        ]
        lateness_ms = np.array([f.lateness_ms for f in inside])
        phases[name] = {
            "expected": inside[-1].index - inside[0].index + 1,
            "delivered": len(inside),
            "late_ms_p50": round(float(np.percentile(lateness_ms, 50)), 2),
            "late_ms_p999": round(float(np.percentile(lateness_ms, 99.9)), 2),
            "late_ms_max": round(float(lateness_ms.max()), 2),
            "later_than_one_frame": int((lateness_ms > period_ms).sum()),
        }
    cycles_s = [(m.t_ns - zero_ns) / 1e9 for m in reader.messages(CognitiveCycle) if isinstance(m, CognitiveCycle)]
    back = [t for t in cycles_s if t > killed_s]
    return {
        "phases": phases,
        "killed_to_first_cycle_s": round(back[0] - killed_s, 2) if back else None,
        "latency_ms": summary["latency_ms"],
        "rss_mb": summary["rss_mb"],
    }


if __name__ == "__main__":
    sys.exit(main())
