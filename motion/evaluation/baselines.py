"""What a generator has to be better than: the model-free policy, and a body that does not move.

Clips at 30 fps, deterministic under the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motion.clip import Clip, Pose
from motion.evaluation.encoder import FPS
from motion.evaluation.speech import clauses
from motion.procedural.generator import ProceduralGenerator, SpokenWord
from motion.skeleton import NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS
from runtime.settings import ListenerSettings, MotionSettings

_KNOWN_AHEAD_S = 1.0
"""Speech synthesis hands over a clause about this long before it is heard."""
_PREPARED_S = 1.5
"""How long before its stroke a timed gesture may begin."""


@dataclass(frozen=True, slots=True)
class Intended:
    """A gesture that is asked for.

    Attributes:
        label: label or alias of the lexicon.
        at_s: when it is asked for, or when its stroke is to arrive.
        stroke: whether `at_s` is the stroke's time.
        side: -1 right, 1 left, 0 free.
        stroke_s: when the stroke is to arrive, where that is known beside the time of asking.
    """

    label: str
    at_s: float
    stroke: bool = False
    side: float = 0.0
    stroke_s: float | None = None


def procedural(words: Sequence[SpokenWord], duration_s: float, seed: int, intended: Sequence[Intended] = ()) -> Clip:
    """The model-free body while it says `words` (times from the clip's start): told clause by clause, as in a conversation.

    Raises:
        ValueError: the duration is not positive, or a gesture is unknown or outside the clip.
    """
    frames = round(duration_s * FPS)
    if frames < 1:
        raise ValueError(f"duration_s is {duration_s}; it must be positive")
    body = ProceduralGenerator(seed, ListenerSettings(), MotionSettings())
    body.set_mode("speaking", 0.0)
    for index, one in enumerate(intended):
        if not 0.0 <= one.at_s <= duration_s:
            raise ValueError(f"{one.label} at {one.at_s:g} s lies outside the clip of {duration_s:.2f} s")
        begin_s = max(0.0, one.at_s - _PREPARED_S) if one.stroke else one.at_s
        stroke_at_s = one.at_s if one.stroke else one.stroke_s
        body.gesture(f"intended-{index}", begin_s, one.label, side=one.side, stroke_at_s=stroke_at_s)
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
