"""What body motion costs: `python benchmarks/bench_motion.py [--json] [--frames N]`.

Times single calls on one thread with its own CPU clock (so that a busy machine does not show) and the wall clock. The scene is the
dearest usual one: speaking with beats, a nod now and then, a gesture every four seconds. Prints a table, or one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from motion import kinematics
from motion.clip import Clip
from motion.limits import JointLimiter
from motion.procedural.generator import ProceduralGenerator, SpokenWord
from motion.procedural.lexicon import LEXICON
from runtime.settings import ListenerSettings, MotionSettings


def _percentiles(seconds: list[float], name: str) -> dict[str, float]:
    ms = np.array(seconds) * 1e3
    return {
        f"{name}_p50": round(float(np.percentile(ms, 50)), 4),
        f"{name}_p99": round(float(np.percentile(ms, 99)), 4),
    }


def _each(call: Callable[[int], object], count: int) -> tuple[list[float], list[float]]:
    cpu, wall = [], []
    for index in range(count):
        c0, w0 = time.thread_time(), time.perf_counter()
        call(index)
        cpu.append(time.thread_time() - c0)
        wall.append(time.perf_counter() - w0)
    return cpu, wall


def measure(frames: int) -> dict[str, float]:
    """Return the figures, milliseconds per call."""
    body = ProceduralGenerator(1, ListenerSettings(), MotionSettings())
    body.set_mode("speaking", 0.0)
    words = [
        SpokenWord(f"w{i}", 0.5 + 0.3 * i, 0.75 + 0.3 * i, (0.1, 0.9, 0.3, 0.6)[i % 4])
        for i in range(int(frames * 0.02 / 0.3) + 1)
    ]
    body.speech_planned("r", 0.5, words)
    labels = sorted(LEXICON)
    poses = []

    def one(index: int) -> None:
        poses.append(body.sample(index * 0.02))

    cpu: list[float] = []
    wall: list[float] = []
    orders: list[float] = []
    for block in range(frames // 200):
        t_s = block * 200 * 0.02
        start = time.thread_time()
        body.gesture(f"g{block}", t_s, labels[block % len(labels)])
        body.nod(t_s + 2.0, "long")
        orders.append(time.thread_time() - start)
        block_cpu, block_wall = _each(lambda index, block=block: one(block * 200 + index), 200)  # type: ignore[misc]
        cpu += block_cpu
        wall += block_wall
    clip = Clip.from_poses(poses, 50.0)
    limiter = JointLimiter()
    fk, _ = _each(lambda index: kinematics.positions(clip.rotations[index], clip.hips_m[index]), min(frames, 2_000))
    batch, _ = _each(lambda _: kinematics.positions(clip.rotations, clip.hips_m), 5)
    limit, _ = _each(lambda index: limiter.apply(poses[index], 0.02), min(frames, 2_000))
    return {
        "frames": float(len(poses)),
        **_percentiles(cpu, "sample_cpu_ms"),
        **_percentiles(wall, "sample_wall_ms"),
        **_percentiles(orders, "gesture_and_nod_call_cpu_ms"),
        **_percentiles(fk, "fk_single_cpu_ms"),
        "fk_batch_cpu_us_per_frame": round(float(np.median(batch)) * 1e6 / len(poses), 3),
        **_percentiles(limit, "limiter_cpu_ms"),
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Cost of body motion per call.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--frames", type=int, default=4_000, help="frames to sample (at least 200)")
    options = parser.parse_args()
    if options.frames < 200:
        parser.error("--frames must be at least 200")
    figures = measure(options.frames)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:34s} {value:10.4f}")


if __name__ == "__main__":
    main()
