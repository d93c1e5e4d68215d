"""What the control network is told about a gesture, token by token.

For each token: which gesture is in progress, how far it is from its beginning, stroke and end, and its parameters. The later of two
gestures that overlap counts. Times are seconds on the token's own time line. numpy, pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from motion.tokens.layout import FPS, FRAMES_PER_TOKEN

Float32 = NDArray[np.float32]

_CYCLES_HZ: Final = np.array([0.25, 0.5, 1.0, 2.0])
"""Time to the stroke is also given as sines and cosines, so that waving and counting find their rhythm."""
_FAR_S: Final = 3.0
INTENT_SIZE: Final = 4 + 2 * len(_CYCLES_HZ) + 5
TAIL_S: Final = 0.2
"""The control goes on so long after a gesture's end: the base is then back in its own motion."""


class Timed(Protocol):
    """A gesture in time; `motion.corpus.scene.PlacedIntent` is one."""

    @property
    def label(self) -> str:
        """Label of the lexicon."""

    @property
    def start_s(self) -> float:
        """Beginning."""

    @property
    def stroke_s(self) -> float:
        """End of the stroke."""

    @property
    def end_s(self) -> float:
        """End."""

    @property
    def side(self) -> float:
        """+1 left, -1 right, 0 as usual."""

    @property
    def amplitude(self) -> float:
        """1 is ordinary."""

    @property
    def direction_rad(self) -> tuple[float, float] | None:
        """Yaw and pitch of the target."""


def encode(
    intents: Sequence[Timed], labels: Sequence[str], first: int, tokens: int
) -> tuple[NDArray[np.int64], Float32]:
    """Gesture of each token.

    Args:
        intents: gestures, in any order; labels that the checkpoint does not know are left out.
        labels: the checkpoint's labels.
        first: index of the first token.
        tokens: how many.

    Returns:
        Row of the label [tokens], 0 for none, else 1 + its place; and what is known of its course [tokens, INTENT_SIZE].
    """
    at_s = FRAMES_PER_TOKEN * (first - 1 + np.arange(tokens)) / FPS
    rows = np.zeros(tokens, dtype=np.int64)
    course = np.zeros((tokens, INTENT_SIZE), dtype=np.float32)
    for intent in sorted(intents, key=lambda one: one.start_s):
        inside = (at_s >= intent.start_s) & (at_s <= intent.end_s + TAIL_S)
        if intent.label not in labels or not inside.any():
            continue
        rows[inside] = 1 + labels.index(intent.label)
        course[inside] = _course(at_s[inside], intent)
    return rows, course


def _course(at_s: NDArray[np.float64], intent: Timed) -> NDArray[np.float64]:
    to_stroke = intent.stroke_s - at_s
    angles = 2.0 * np.pi * _CYCLES_HZ * np.clip(to_stroke, -_FAR_S, _FAR_S)[:, None]
    yaw, pitch = intent.direction_rad or (0.0, 0.0)
    own = [intent.side, intent.amplitude - 1.0, yaw, pitch, float(intent.direction_rad is not None)]
    return np.concatenate(
        [
            np.ones((len(at_s), 1)),
            np.clip(np.stack([at_s - intent.start_s, intent.end_s - at_s, to_stroke], axis=1), -_FAR_S, _FAR_S),
            np.sin(angles),
            np.cos(angles),
            np.broadcast_to(own, (len(at_s), len(own))),
        ],
        axis=1,
    )
