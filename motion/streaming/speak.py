"""Motion for whole recordings: the running generator fed at once, for files and evaluation.

The same class and the same numbers as in a live session: the user's speech is not known earlier than there, a gesture is known when it
begins. Blocking, a fraction of the recording's duration; deterministic under the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from motion.clip import Clip
from motion.corpus.scene import PlacedIntent
from motion.procedural import lexicon
from motion.streaming.generator import Generator
from motion.streaming.model import Model
from motion.tokens.layout import FPS


def speak(
    model: Model,
    agent: ArrayLike,
    user: ArrayLike,
    *,
    seed: int = 0,
    steps: int | None = None,
    style: tuple[str, str] = ("", ""),
    intents: Sequence[PlacedIntent] = (),
    control: float = 1.0,
    lead_s: float = 0.0,
) -> tuple[Clip, tuple[int, ...]]:
    """Move to speech.

    Args:
        model: opened checkpoint.
        agent: 16 kHz mono, what the agent says.
        user: as long; what the other says.
        seed: of the noise.
        steps: evaluations a chunk.
        style: actor and emotion.
        intents: gestures; each is known from its `start_s` on, and strikes at its `stroke_s` where time is left.
        control: how much of the control is added.
        lead_s: how long before its first frame a chunk is begun, so that a gesture that comes later waits for the next one.

    Returns:
        The clip at 30 fps, as long as the agent's sound, from standing at ease; and the frames at which chunks begin.

    Raises:
        ValueError: unknown gesture, or sound that is none.
    """
    generator = Generator(model, seeds=(seed,), styles=(style,), steps=steps)
    one = generator.agents[0]
    one.control = control
    said = np.asarray(agent)
    one.say(0, said)
    heard, listened = np.asarray(user), 0
    frames = max(1, round(len(said) / 16_000 * FPS))
    waiting = sorted((_gesture(intent) for intent in intents), key=lambda gesture: gesture.start_s)
    clips: list[Clip] = []
    boundaries: list[int] = []
    while one.frames < frames:
        now = round(one.now_s * 16_000)
        one.listen(heard[listened:now])
        listened = now
        while waiting and waiting[0].start_s <= one.now_s - lead_s:
            gesture = waiting.pop(0)
            one.perform(replace(gesture, start_s=one.now_s, stroke_s=max(gesture.stroke_s, one.now_s)))
        if clips:
            boundaries.append(one.frames)
        clips += generator.chunk()
    joined = Clip(
        float(FPS),
        *(np.concatenate([getattr(c, name) for c in clips])[:frames] for name in ("rotations", "hips_m", "hands")),
    )
    return joined, tuple(frame for frame in boundaries if frame < frames)


def _gesture(intent: PlacedIntent) -> PlacedIntent:
    """The gesture by its own name, pointing only where it can."""
    entry = lexicon.find(intent.label)
    return replace(intent, label=entry.label, direction_rad=intent.direction_rad if entry.directed else None)
