"""The motion generator under hostile input: noise, silence, clipped sound, NaN, and 20 intentions a second, for as long as asked.

    python benchmarks/soak_generator.py --frames 1000000

Eight agents at once in each process, each asked so often. Without a shipped generator it needs --model FOLDER, and says so. Prints, and
exits with 1 where one is over its bound: frames that are not finite, the greatest departure of a quaternion from unit length (bound 1e-5),
the greatest excess over a human joint range (0.1 degree), and the greatest joint step over the joint's speed limit (`motion.limits`).
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion import rotations as rot
from motion.limits import SPEED_RAD_S, excess_rad
from motion.streaming.generator import Generator
from motion.streaming.model import SHIPPED, Model
from runtime.paths import models_dir

AGENTS = 8
RATE_HZ = 16_000
INTENTIONS_PER_S = 20.0
ODD = 0.05
"""Share of intentions with a length or a stroke's time out of reason."""
KINDS = ("noise", "silence", "clipped", "nan", "speech-like")


def sound(kind: str, rng: np.random.Generator, count: int) -> np.ndarray:
    """Samples of one kind of input."""
    noise = rng.standard_normal(count).astype(np.float32)
    if kind == "silence":
        return np.zeros(count, np.float32)
    if kind == "clipped":
        return np.sign(noise) * np.float32(1e6)
    if kind == "nan":
        noise[::3], noise[1::3] = np.nan, np.inf
        return noise
    if kind == "speech-like":
        t = np.arange(count) / RATE_HZ
        return (0.2 * noise * (np.sin(2 * np.pi * 3.0 * t) > 0.0)).astype(np.float32)
    return noise


class Found(NamedTuple):
    """What one process saw: sums, and the worst of each kind (degrees, rad/s)."""

    frames: int
    asked: int
    broken: int
    repaired: int
    off_unit: float
    excess_deg: float
    over_rad_s: float


def soak(folder: Path | None, steps: int | None, least: int, seed: int) -> Found:
    """Run one process's agents for at least so many frames."""
    model = Model(folder)
    rng = np.random.default_rng(seed)
    styles = [(a, e) for a in ("", *model.shape.actors) for e in ("", *model.shape.emotions)]
    chosen = [styles[int(rng.integers(len(styles)))] for _ in range(AGENTS)]
    generator = Generator(model, seeds=range(AGENTS), styles=chosen, steps=steps)
    last: list[np.ndarray | None] = [None] * AGENTS
    frames = asked = broken = 0
    off_unit = excess = over = 0.0
    while frames < least:
        kind = KINDS[int(rng.integers(len(KINDS)))]
        for agent in generator.agents:
            count = round(RATE_HZ * model.shape.chunk_s)
            now = round(agent.now_s * RATE_HZ)
            agent.say(now + int(rng.integers(-count, 8 * count)), sound(kind, rng, count))
            agent.listen(sound(kind, rng, count))
            for _ in range(rng.poisson(INTENTIONS_PER_S * model.shape.chunk_s)):
                agent.intend(
                    str(rng.choice(model.shape.labels)),
                    side=float(rng.uniform(-5.0, 5.0)),
                    amplitude=float(rng.normal(1.0, 5.0)),
                    direction_rad=(float(rng.uniform(-9.0, 9.0)), float(rng.uniform(-9.0, 9.0))),
                    duration_s=float(rng.uniform(-5.0, 90.0)) if rng.random() < ODD else None,
                    stroke_at_s=agent.now_s + float(rng.uniform(-9.0, 99.0)) if rng.random() < ODD else None,
                )
                asked += 1
            if rng.random() < 0.05:
                agent.stop(now)
        for row, clip in enumerate(generator.chunk()):
            turns = clip.rotations.astype(np.float64)
            broken += int((~np.isfinite(turns).all(axis=(1, 2))).sum() + (~np.isfinite(clip.hips_m).all(axis=1)).sum())
            off_unit = max(off_unit, float(np.abs(np.linalg.norm(turns, axis=-1) - 1.0).max()))
            excess = max(excess, float(np.degrees(excess_rad(turns).max())))
            before = last[row]
            whole = turns if before is None else np.concatenate([before, turns])
            over = max(over, float((rot.angle_between(whole[:-1], whole[1:]) * 30.0 - SPEED_RAD_S).max()))
            last[row] = turns[-1:]
            frames += len(clip)
    return Found(frames, asked, broken, generator.repaired, off_unit, excess, max(over, 0.0))


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--frames", type=int, default=20_000, help="over all processes")
    parser.add_argument("--jobs", type=int, default=2, help="processes, each with a seed of its own")
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--steps", type=int, default=None)
    arguments, _ = parser.parse_known_args()
    if arguments.model is None and not (models_dir() / SHIPPED / "base.onnx").is_file():
        print("nothing was measured: no generator is shipped; name one with --model FOLDER")
        return 0
    jobs, began = max(1, arguments.jobs), time.monotonic()
    one = partial(soak, arguments.model, arguments.steps, -(-arguments.frames // jobs))
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(one, range(jobs)))
    frames, asked, broken, repaired = (sum(getattr(f, name) for f in found) for name in Found._fields[:4])
    off_unit, excess, over = (max(getattr(f, name) for f in found) for name in Found._fields[4:])
    print(
        f"{frames} frames of {jobs * AGENTS} agents, {asked} intentions, {time.monotonic() - began:.0f} s: {broken} not finite, "
        f"{repaired} tokens repaired; off unit {off_unit:.1e}; outside joint ranges {excess:.3f} deg; over speed limits {over:.4f} rad/s"
    )
    return int(broken > 0 or off_unit > 1e-5 or excess > 0.1 or over > 1e-3)


if __name__ == "__main__":
    raise SystemExit(main())
