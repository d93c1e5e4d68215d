"""A standing person whose whole upper body moves smoothly all the time, made up."""

import numpy as np

from motion import rotations as rot
from motion.clip import HAND_SIZE, Clip
from motion.corpus.scene import PlacedIntent, Scene
from motion.procedural import lexicon
from motion.skeleton import NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS
from motion.tokens.legs import planted

FPS = 30.0


def standing(duration_s: float = 6.0, size_rad: float = 0.12) -> Clip:
    """Every joint of the upper body swings by `size_rad`, each at its own slow rate; feet are planted."""
    times = np.arange(round(duration_s * FPS)) / FPS
    turns = np.tile(NEUTRAL_ROTATIONS.astype(np.float64), (len(times), 1, 1))
    for joint in range(14):
        phase = times[:, None] * (1.5 + 0.2 * joint) + np.array([0.0, 1.0, 2.0]) + joint
        turns[:, joint] = rot.multiply(turns[:, joint], rot.exp(size_rad * np.sin(phase)))
    hips = np.tile(np.array(NEUTRAL_HIPS_M), (len(times), 1))
    hands = np.full((len(times), 2, HAND_SIZE), 0.3)
    turns = planted(turns, hips)
    return Clip(FPS, turns.astype(np.float32), hips.astype(np.float32), hands.astype(np.float32))


def usual(
    label: str, start_s: float = 1.0, *, side: float = 0.0, direction_rad: tuple[float, float] | None = None
) -> PlacedIntent:
    """A gesture with the lexicon's own timing."""
    definition = lexicon.find(label)
    stroke_s = start_s + definition.prepare_s + definition.stroke_s
    end_s = stroke_s + definition.hold_s + definition.retract_s
    return PlacedIntent(definition.label, start_s, stroke_s, end_s, side, 1.0, direction_rad)


def scene(name: str, duration_s: float) -> Scene:
    """A scene without gestures, with noise for sound."""
    rng = np.random.default_rng(len(name))
    samples = rng.normal(0.0, 0.1, (2, round(duration_s * 16_000))).astype(np.float32)
    return Scene(name, "train", "someone", "", standing(duration_s), samples[0], samples[1])
