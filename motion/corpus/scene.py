"""What the network learns from: a stretch of conversation with the agent's motion, both people's sound, and the gestures asked for.

Plain data. Times are seconds from the scene's start, sound is 16 kHz mono, motion 30 fps on our skeleton.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.corpus.words import TimedWord

SPLITS: Final = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class PlacedIntent:
    """One gesture that is performed in a scene.

    Attributes:
        label: of `motion.procedural.lexicon`, or free text that the text encoder maps to it.
        start_s: when it begins.
        stroke_s: when its stroke ends: the moment that is timed to a word.
        end_s: when the body is back.
        side: +1 left, -1 right, 0 as the lexicon has it.
        amplitude: 1 is ordinary.
        direction_rad: yaw (left positive) and pitch (up positive) of the target, where it has one.
    """

    label: str
    start_s: float
    stroke_s: float
    end_s: float
    side: float = 0.0
    amplitude: float = 1.0
    direction_rad: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of conversation.

    Attributes:
        name: unique in its corpus.
        split: `train`, `validation` or `test`.
        actor: who moves; "" where unknown.
        emotion: how; "" where unknown.
        clip: the agent's motion.
        agent: the agent's speech, as long as the clip.
        user: the other's speech, likewise.
        intents: gestures asked for, in order of their start.
        words: of the agent's speech, where known.
        performed: whether the gestures were laid over the motion (`motion.corpus.intentions`); such a scene teaches the control only.
    """

    name: str
    split: str
    actor: str
    emotion: str
    clip: Clip
    agent: NDArray[np.float32] = field(repr=False)
    user: NDArray[np.float32] = field(repr=False)
    intents: tuple[PlacedIntent, ...] = ()
    words: tuple[TimedWord, ...] = ()
    performed: bool = False

    def __post_init__(self) -> None:
        """Check what a loader can get wrong.

        Raises:
            ValueError: unknown split, or sound and motion differ in length by more than 0.1 s.
        """
        if self.split not in SPLITS:
            raise ValueError(f"{self.name}: split {self.split!r} is none of {', '.join(SPLITS)}")
        for who, samples in (("agent", self.agent), ("user", self.user)):
            if abs(len(samples) / 16_000 - self.clip.duration_s) > 0.1:
                raise ValueError(
                    f"{self.name}: {who} has {len(samples) / 16_000:.2f} s of sound for {self.clip.duration_s:.2f} s of motion"
                )
