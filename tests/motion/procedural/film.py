"""The procedural body sampled at 50 Hz, and what can be measured in it."""

from collections.abc import Callable

import numpy as np

from motion import kinematics as kin
from motion import rotations as rot
from motion.clip import Clip, Pose
from motion.procedural.generator import ProceduralGenerator, SpokenWord
from motion.skeleton import INDEX
from runtime.settings import ListenerSettings, MotionSettings

TICK_S = 0.02
LEFT, RIGHT, HEAD = INDEX["leftHand"], INDEX["rightHand"], INDEX["head"]


def generator(seed: int = 1, rate: float = 22.0) -> ProceduralGenerator:
    return ProceduralGenerator(seed, ListenerSettings(), MotionSettings(gesture_rate_per_min=rate))


def film(
    body: ProceduralGenerator, seconds: float, at: dict[float, Callable[[], object]] | None = None, start: float = 0.0
) -> Clip:
    """Sample at 50 Hz; calls in `at` happen just before the frame of their time."""
    calls = sorted((at or {}).items())
    poses: list[Pose] = []
    for frame in range(round(seconds / TICK_S)):
        t_s = start + frame * TICK_S
        while calls and calls[0][0] <= t_s + 1e-9:
            calls.pop(0)[1]()
        poses.append(body.sample(t_s))
    return Clip.from_poses(poses, 1.0 / TICK_S)


def places(clip: Clip) -> np.ndarray:
    return kin.positions(clip.rotations, clip.hips_m)


def largest_step_rad_s(clip: Clip) -> np.ndarray:
    q = clip.rotations.astype(np.float64)
    return rot.angle_between(q[:-1], q[1:]).max(axis=0) / TICK_S


def sentence(start_s: float, count: int = 24) -> list[SpokenWord]:
    accents = [0.1, 0.9, 0.2, 0.5, 0.1, 0.7]
    return [SpokenWord(f"w{i}", start_s + 0.32 * i, start_s + 0.32 * i + 0.28, accents[i % 6]) for i in range(count)]
