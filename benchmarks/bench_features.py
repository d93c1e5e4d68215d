"""What the features of both channels cost per frame, and whether streaming equals offline.

    python benchmarks/bench_features.py [--json]

One thread; a minute of synthetic voices on both sides arrives in the blocks of the fast room (512 samples), the agent's speech 12 frames
ahead. `ms_per_frame` is this thread's CPU time per row of 64 features, both channels together; the budget is 1 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion.features.frames import SAMPLE_RATE_HZ, end_sample
from motion.features.normalise import normalise
from motion.features.stream import DyadFeatures, dyad_features

BLOCK_SAMPLES = 512
LOOKAHEAD_FRAMES = 12
SECONDS = 60


def voice(seed: int, f0_hz: float) -> NDArray[np.float32]:
    """Return a voiced signal that never pauses: the dearest case, as pitch is looked for in every frame."""
    rng = np.random.default_rng(seed)
    t = np.arange(SECONDS * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    phase = 2 * np.pi * np.cumsum(f0_hz * (1 + 0.2 * np.sin(2 * np.pi * 0.6 * t))) / SAMPLE_RATE_HZ
    buzz = np.zeros(t.size)
    for harmonic in range(1, 15):
        buzz += np.sin(harmonic * phase) / harmonic
    return (0.1 * buzz * (1.2 + np.sin(2 * np.pi * 4.0 * t)) + 1e-3 * rng.normal(size=t.size)).astype(np.float32)


def run() -> dict[str, float | bool | int]:
    """Measure."""
    agent, user = voice(0, 190.0), voice(1, 120.0)
    stream = DyadFeatures(LOOKAHEAD_FRAMES)
    ahead = end_sample(LOOKAHEAD_FRAMES - 1)
    rows = [stream.push(agent=agent[:ahead])]
    costs: list[float] = []
    for at in range(0, user.size, BLOCK_SAMPLES):
        before = time.thread_time_ns()
        new = stream.push(agent[ahead + at : ahead + at + BLOCK_SAMPLES], user[at : at + BLOCK_SAMPLES])
        normalise(new)
        if len(new):
            costs.append((time.thread_time_ns() - before) / 1e6 / len(new))
        rows.append(new)
    streamed = np.concatenate(rows)
    before_offline = time.thread_time_ns()
    offline = dyad_features(agent, user, LOOKAHEAD_FRAMES)
    offline_ms = (time.thread_time_ns() - before_offline) / 1e6
    return {
        "frames": len(streamed),
        "ms_per_frame_median": round(float(np.median(costs)), 4),
        "ms_per_frame_p99": round(float(np.percentile(costs, 99)), 4),
        "offline_ms_per_frame": round(offline_ms / len(offline), 4),
        "identical": streamed.tobytes() == offline[: len(streamed)].tobytes(),
    }


def main() -> None:
    """Print the figures, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    arguments = parser.parse_args()
    result = run()
    if arguments.json:
        print(json.dumps(result, indent=1))
        return
    for name, value in result.items():
        print(f"{name:24}{value}")


if __name__ == "__main__":
    main()
