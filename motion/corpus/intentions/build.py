"""Intention scenes on top of base scenes: the same people and sound, gestures performed on the motion, and the list of them.

Lazy and deterministic under the seed; holds one scene at a time. Errors are `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from motion.corpus.intentions.overlay import perform
from motion.corpus.intentions.performance import Variation
from motion.corpus.intentions.place import Placer
from motion.corpus.scene import Scene
from motion.procedural.variation import style_of, varying


def scenes(
    base: Iterable[Scene],
    seed: int,
    minutes: float,
    *,
    labels: Sequence[str] | None = None,
    variation: Variation | None = None,
) -> Iterator[Scene]:
    """Yield scenes with gestures until they last `minutes` together.

    Args:
        base: scenes to perform on, standing people. A list (or whatever can be gone through again) is gone through as often as needed,
            each time with other gestures; an iterator once. Scenes that are too short for any gesture are left out.
        seed: of all that is drawn.
        minutes: how much is wanted; the last scene may go beyond.
        labels: gestures to use; by default the whole lexicon.
        variation: see `motion.corpus.intentions.overlay.perform`; by default every scene is performed with the habits of another
            person (`motion.procedural.variation`).

    Yields:
        The base scene with a new name, clip and `intents`.

    Raises:
        ValueError: a base scene has gestures already, or none is long enough for one.
    """
    placer = Placer(np.random.default_rng([abs(seed), 0]), labels)
    left_s, number, again = 60.0 * minutes, 0, not isinstance(base, Iterator)
    while left_s > 0.0:
        before = number
        for scene in base:
            if scene.intents:
                raise ValueError(f"{scene.name}: the scene has gestures already; build on scenes without")
            intents = placer.draw(scene.clip.duration_s)
            if not intents:
                continue
            number += 1
            habits = variation or varying(style_of(f"{scene.actor}/{number}", seed))
            clip = perform(scene.clip, intents, np.random.default_rng([abs(seed), number]), habits)
            yield replace(scene, name=f"{scene.name}-intentions-{number}", clip=clip, intents=intents, performed=True)
            left_s -= clip.duration_s
            if left_s <= 0.0:
                return
        if not again:
            return
        if number == before:
            raise ValueError("no base scene is long enough for a gesture; scenes of 10 s and more are wanted")
