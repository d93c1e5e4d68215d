"""A small corpus and a small network for tests of training and of the running generator."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motion.clip import Clip
from motion.corpus import store
from motion.corpus.scene import PlacedIntent, Scene
from motion.procedural.generator import ProceduralGenerator
from motion.tokens.shape import Shape
from runtime.settings import ListenerSettings, MotionSettings

LABELS = ("wave", "bow", "point")
SHAPE = Shape(
    width=32, layers=2, heads=2, context_tokens=12, actors=("ann", "bob"), emotions=("joy",), labels=LABELS, steps=2
)


def scene(name: str, split: str, seed: int, gesture: str | None, seconds: float = 8.0) -> Scene:
    body = ProceduralGenerator(seed, ListenerSettings(), MotionSettings())
    intents = ()
    if gesture is not None:
        run = body.gesture("one", 2.0, gesture)
        intents = (PlacedIntent(gesture, run.start_s, run.stroke_s, run.end_s),)
    clip = Clip.from_poses([body.sample(frame / 30.0) for frame in range(round(30 * seconds))], 30.0)
    rng = np.random.default_rng(seed)
    samples = round(16_000 * seconds)
    speech = (0.1 * rng.standard_normal(samples)).astype(np.float32)
    actor = "ann" if seed % 2 else "bob"
    return Scene(
        name, split, actor, "joy", clip, speech, np.zeros(samples, np.float32), intents, performed=bool(intents)
    )


def small_corpus(folder: Path) -> store.Corpus:
    scenes = [scene(f"plain-{i}", "train", i, None) for i in range(3)]
    # To be learned by heart: whether a network generalises is not for a corpus of half a minute to say.
    scenes.append(scene("plain-again", "validation", 1, None))
    scenes += [scene(f"asked-{i}", "train", 10 + i, label) for i, label in enumerate(LABELS)]
    return store.write(folder, scenes, {"made_by": "a test"})
