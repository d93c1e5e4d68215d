"""The scenes of the shipped corpus: motion and speech joined, in the proportions of a conversation.

Half of all minutes is only speaking, a third dialogue, the rest listening and idling. Splits are kept apart in motion and in speech,
and each is made with a seed of its own, so that the same pieces, utterances and seed give the same scenes. Scenes are made one by one;
the speech and the pieces stay in memory meanwhile, about half a gigabyte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from motion.clip import Clip
from motion.corpus.pairing.cast import Cast
from motion.corpus.pairing.dialogue import LENGTH_S, Kind, Record, make_scene
from motion.corpus.pairing.material import Material
from motion.corpus.pairing.search import Stroke
from motion.corpus.pairing.speech import Utterance
from motion.corpus.people.mirror import mirrored
from motion.corpus.people.movement import movements
from motion.corpus.people.piece import Piece
from motion.corpus.scene import SPLITS, Scene

TRAIN_MINUTES: Final = 300.0
VALIDATION_MINUTES: Final = 15.0
SHARES: Final[dict[Kind, float]] = {"speaking": 0.5, "dialogue": 0.34, "listening": 0.09, "idle": 0.07}
"""Of all minutes."""


def materials(pieces: Sequence[Piece]) -> list[Material]:
    """Measure pieces for the pairing; gestures that were acted for themselves (`act`) are not part of it."""
    moves = movements(pieces)
    return [
        Material(
            piece.name,
            piece.actor,
            piece.emotion,
            piece.activity,
            piece.split,
            piece.clip,
            tuple(Stroke(mark.t_s, mark.weight) for mark in moves[piece.name].strokes),
            moves[piece.name].still_spans,
        )
        for piece in pieces
        if piece.activity != "act"
    ]


def recorded_scenes(
    motion: Sequence[Material],
    utterances: Sequence[Utterance],
    seed: int,
    minutes: float,
    split: str = "train",
    mirror: Callable[[Clip], Clip] | None = mirrored,
) -> Iterator[tuple[Scene, Record]]:
    """Yield scenes of one split with the record of how they came about.

    Args:
        motion: of any split.
        utterances: of any split.
        seed: of all chance.
        minutes: about how much.
        split: which.
        mirror: exchanges left and right.

    Raises:
        ValueError: the split is unknown, or lacks motion or speech.
    """
    if split not in SPLITS:
        raise ValueError(f"split {split!r} is none of {', '.join(SPLITS)}")
    cast = Cast(motion, utterances, split)
    rng = np.random.default_rng([seed, SPLITS.index(split)])
    made = dict.fromkeys(SHARES, 0.0)
    index = 0
    while sum(made.values()) < minutes * 60.0:
        # The kind that is most behind comes next.
        kind = min(SHARES, key=lambda k: made[k] / SHARES[k])
        length_s = float(rng.uniform(*LENGTH_S))
        scene, record = make_scene(cast, kind, f"{split}-{index:05d}-{kind}", length_s, rng, mirror)
        made[kind] += scene.clip.duration_s
        index += 1
        yield scene, record


def scenes(
    pieces: Sequence[Piece],
    utterances: Sequence[Utterance],
    seed: int,
    minutes: float = TRAIN_MINUTES,
    validation_minutes: float = VALIDATION_MINUTES,
    note: Callable[[Scene, Record], None] | None = None,
) -> Iterator[Scene]:
    """Yield the scenes for training, then those for validation.

    Args:
        pieces: all that there are.
        utterances: all that there are.
        seed: of all chance.
        minutes: for training.
        validation_minutes: for validation; 0 leaves it out.
        note: is told of each scene, for measuring.

    Raises:
        ValueError: a split lacks motion or speech.
    """
    motion = materials(pieces)
    for split, wanted in (("train", minutes), ("validation", validation_minutes)):
        if wanted <= 0.0:
            continue
        for scene, record in recorded_scenes(motion, utterances, seed, wanted, split):
            if note is not None:
                note(scene, record)
            yield scene
