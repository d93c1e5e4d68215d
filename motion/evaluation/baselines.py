"""What a generator has to be better than: the model-free policy, and a body that does not move.

Clips at 30 fps, deterministic under the seed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motion.clip import Clip, Pose
from motion.evaluation.encoder import FPS
from motion.evaluation.speech import clauses
from motion.procedural.generator import ProceduralGenerator, SpokenWord
from motion.skeleton import NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS
from runtime.settings import ListenerSettings, MotionSettings

_KNOWN_AHEAD_S = 1.0
"""Speech synthesis hands over a clause about this long before it is heard."""


def procedural(words: Sequence[SpokenWord], duration_s: float, seed: int) -> Clip:
    """The model-free body while it says `words` (times from the clip's start): told clause by clause, as in a conversation.

    Raises:
        ValueError: the duration is not positive.
    """
    frames = round(duration_s * FPS)
    if frames < 1:
        raise ValueError(f"duration_s is {duration_s}; it must be positive")
    body = ProceduralGenerator(seed, ListenerSettings(), MotionSettings())
    body.set_mode("speaking", 0.0)
    waiting = clauses(list(words))
    poses: list[Pose] = []
    for frame in range(frames):
        now_s = frame / FPS
        while waiting and waiting[0][0].start_s - _KNOWN_AHEAD_S <= now_s:
            clause = waiting.pop(0)
            body.speech_planned("", clause[0].start_s, clause)
        poses.append(body.sample(now_s))
    return Clip.from_poses(poses, FPS)


def static(duration_s: float) -> Clip:
    """The neutral standing pose, held.

    Raises:
        ValueError: the duration is not positive.
    """
    frames = round(duration_s * FPS)
    if frames < 1:
        raise ValueError(f"duration_s is {duration_s}; it must be positive")
    return Clip(
        fps=FPS,
        rotations=np.repeat(NEUTRAL_ROTATIONS[None], frames, axis=0),
        hips_m=np.repeat(np.array([NEUTRAL_HIPS_M], dtype=np.float32), frames, axis=0),
        hands=np.zeros((frames, 2, 6), dtype=np.float32),
    )
