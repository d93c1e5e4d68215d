#!/usr/bin/env python3
"""Show what a motion encoder sees: real held-out motion, damped, exaggerated, frozen, hurried, mirrored, reversed, shaken, mixed up.

    ATTUNE_DATA=... python scripts/probe_motion_encoder.py [ENCODER.onnx]

Each row is the second half of the held-out takes after one change, scored against the first half; the figures in
models/motion-encoder/card.md come from here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.people.mirror import mirrored
from motion.evaluation import encoder, run
from motion.evaluation.heldout import halves
from motion.evaluation.score import Sample, reference, score
from motion.skeleton import INDEX
from runtime.paths import data_dir


def with_rotations(clip: Clip, turns: rot.Array) -> Clip:
    """The clip with other rotations."""
    return Clip(clip.fps, rot.normalise(turns).astype(np.float32), clip.hips_m, clip.hands)


def scaled(clip: Clip, factor: float) -> Clip:
    """Turns about the clip's own mean pose, times a factor."""
    turns = rot.continuous(clip.rotations.astype(np.float64))
    mean = np.broadcast_to(rot.normalise(turns.mean(axis=0, keepdims=True)), turns.shape)
    return with_rotations(clip, rot.multiply(mean, rot.exp(factor * rot.log(rot.multiply(rot.conjugate(mean), turns)))))


def hurried(clip: Clip, factor: float) -> Clip:
    """The clip at another speed."""
    at = np.arange(int(len(clip) / factor)) * factor
    low = np.minimum(at.astype(int), len(clip) - 2)
    turns = clip.rotations.astype(np.float64)
    between = rot.slerp(turns[low], turns[low + 1], (at - low)[:, None])
    return Clip(clip.fps, between.astype(np.float32), clip.hips_m[low], clip.hands[low])


def shuffled(clip: Clip, rng: np.random.Generator, frames: int = 15) -> Clip:
    """Half seconds of the clip in another order."""
    order = rng.permutation(len(clip) // frames)
    at = np.concatenate([np.arange(frames) + frames * k for k in order]) if len(order) else np.arange(len(clip))
    return Clip(clip.fps, clip.rotations[at], clip.hips_m[at], clip.hands[at])


def with_arm_of(clip: Clip, other: Clip) -> Clip:
    """The clip with the right arm of another."""
    frames = min(len(clip), len(other))
    turns = clip.rotations[:frames].copy()
    arm = [INDEX[f"right{part}"] for part in ("Shoulder", "UpperArm", "LowerArm", "Hand")]
    turns[:, arm] = other.rotations[:frames, arm]
    return Clip(clip.fps, turns, clip.hips_m[:frames], clip.hands[:frames])


def main() -> None:
    """Print one line for each change."""
    root = data_dir()
    if root is None:
        sys.exit("ATTUNE_DATA names no folder: attune data list, then export ATTUNE_DATA=FOLDER")
    real = run.held_out(root)
    first, second = halves(real)
    probed = encoder.load(sys.argv[1]) if len(sys.argv) > 1 else encoder.shipped()
    against = reference(probed, [item.clip for item in first])
    rng = np.random.default_rng(0)

    def shaken(size_rad: float) -> Callable[[Clip], Clip]:
        return lambda clip: with_rotations(
            clip,
            rot.multiply(clip.rotations.astype(np.float64), rot.exp(rng.normal(0.0, size_rad, (len(clip), 22, 3)))),
        )

    changes: dict[str, Callable[[Clip], Clip]] = {
        "as it is": lambda clip: clip,
        "amplitude 0.5": lambda clip: scaled(clip, 0.5),
        "amplitude 0.8": lambda clip: scaled(clip, 0.8),
        "amplitude 1.5": lambda clip: scaled(clip, 1.5),
        "frozen in its mean": lambda clip: scaled(clip, 0.0),
        "speed 1.3": lambda clip: hurried(clip, 1.3),
        "speed 2": lambda clip: hurried(clip, 2.0),
        "mirrored": mirrored,
        "backwards": lambda clip: with_rotations(clip, clip.rotations[::-1]),
        "jitter 0.01 rad": shaken(0.01),
        "jitter 0.03 rad": shaken(0.03),
        "half seconds shuffled": lambda clip: shuffled(clip, rng),
    }
    rows = {name: [change(item.clip) for item in second] for name, change in changes.items()}
    others = [*second[7:], *second[:7]]
    rows["another's right arm"] = [with_arm_of(a.clip, b.clip) for a, b in zip(second, others, strict=True)]
    print(f"{probed.name} {probed.sha256[:12]}; FGD between two actors {run.between_actors(real, probed):.3f}")
    print(f"{'change':22}{'FGD':>8}{'density':>9}{'coverage':>10}{'LDLJ rel':>10}{'L1 div':>8}")
    for name, clips in rows.items():
        got = score(against, [Sample(clip) for clip in clips])
        print(f"{name:22}{got.fgd:8.3f}{got.density:9.3f}{got.coverage:10.3f}{got.ldlj_rel:10.2f}{got.diversity:8.3f}")


if __name__ == "__main__":
    main()
