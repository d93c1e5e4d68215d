"""From sending an intention to the first motion frame that it shapes, over real ZeroMQ between real processes.

Starts `attune run` on a recording that it makes (a quiet room), sends gesture intentions from this process by TCP as an
outside program would, and follows the motion stream. Prints p50, p95, max in milliseconds and how many were answered:
`python benchmarks/bench_intention.py [--json] [--count 40]`.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import numpy as np
import soundfile
import zmq


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder) / "quiet.wav"
        seconds = 10 + round(arguments.count * 0.9)
        noise = np.random.default_rng(1).normal(0, 1e-4, 16_000 * seconds)
        soundfile.write(audio, noise, 16_000)
        command = [sys.executable, "-m", "runtime", "run", "--audio", str(audio), "--out", f"{folder}/s"]
        session = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            figures = measure(session, arguments.count)
        finally:
            session.send_signal(signal.SIGINT)
            session.wait(timeout=30)
    print(json.dumps(figures) if arguments.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0


def measure(session: subprocess.Popen[str], count: int) -> dict[str, float]:
    """Send `count` waves, one every 0.8 s, and time each to its first frame."""
    assert session.stderr is not None
    words: list[str] = []
    while "streams:" not in words:  # warnings may come first
        line = session.stderr.readline()
        if not line:
            raise SystemExit("the session ended before it was ready")
        words = line.split()
    intentions, streams = words[words.index("intentions:") + 1], words[words.index("streams:") + 1]
    context = zmq.Context.instance()
    frames = context.socket(zmq.SUB)
    frames.subscribe(b"motion_frame.")
    frames.connect(streams)
    client = context.socket(zmq.DEALER)
    client.connect(intentions)
    frames.recv_multipart()
    delays_ms: list[float] = []
    finals = 0
    for number in range(count):
        name = f"bench-{number}"
        sent_s = time.monotonic()
        client.send(msgspec.msgpack.encode({"type": "intention", "id": name, "kind": "gesture", "label": "wave"}))
        while time.monotonic() - sent_s < 2.0:
            frame = msgspec.msgpack.decode(frames.recv_multipart()[1])
            if name in frame["intention_ids"]:
                delays_ms.append(1e3 * (time.monotonic() - sent_s))
                break
        time.sleep(max(0.0, 0.8 - (time.monotonic() - sent_s)))
        while client.poll(0):
            answer = msgspec.msgpack.decode(client.recv())
            finals += answer["state"] in {"finished", "superseded", "expired", "rejected", "cancelled"}
    return {
        "sent": count,
        "shown": len(delays_ms),
        "final_answers": finals,
        "p50_ms": round(float(np.percentile(delays_ms, 50)), 1),
        "p95_ms": round(float(np.percentile(delays_ms, 95)), 1),
        "max_ms": round(max(delays_ms), 1),
    }


if __name__ == "__main__":
    sys.exit(main())
