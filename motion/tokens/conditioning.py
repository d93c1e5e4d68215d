"""What speech a token is made from: windows of features around its frame.

Token k stands at frame 2 (k - 1). Its condition holds the agent's features from a little before that frame to well after it, because the
agent's speech is known ahead, and the user's only up to `user_delay_frames` before it: a chunk of tokens is made when its first frame is
due, and what the user says meanwhile is not known yet. Training and the running generator build conditions with this one function.
Before a recording and after it there is silence. numpy, pure functions.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.features import layout as features
from motion.features.layout import CHANNEL_SIZE, DYAD_SIZE
from motion.features.mel import FLOOR_DB
from motion.features.normalise import normalise
from motion.tokens.layout import FRAMES_PER_TOKEN
from motion.tokens.shape import Shape

Float32 = NDArray[np.float32]


def _silence() -> Float32:
    row = np.zeros((1, DYAD_SIZE), dtype=np.float32)
    for side in (0, CHANNEL_SIZE):
        row[0, side : side + features.MEL_BANDS] = FLOOR_DB
        row[0, side + features.LEVEL] = FLOOR_DB
    silent: Float32 = normalise(row)[0]
    return silent


SILENCE: Final = _silence()
"""Normalised features [64] of a frame in which nobody speaks."""


def frame_of(token: int) -> int:
    """The frame that a token stands at."""
    return FRAMES_PER_TOKEN * (token - 1)


def windows(rows: NDArray[np.floating], first: int, tokens: int, shape: Shape) -> tuple[Float32, Float32]:
    """Conditions of successive tokens.

    Args:
        rows: normalised dyad features [frames, 64]; row 0 is frame 0.
        first: index of the first token.
        tokens: how many.
        shape: windows.

    Returns:
        Agent's part [tokens, agent_size] and user's part [tokens, user_size].
    """
    at = FRAMES_PER_TOKEN * (first - 1 + np.arange(tokens))
    agent = at[:, None] + np.arange(-shape.agent_back_frames, shape.agent_ahead_frames)
    user = at[:, None] + np.arange(1 - shape.user_frames, 1) - shape.user_delay_frames
    return _take(rows, agent, slice(0, CHANNEL_SIZE)), _take(rows, user, slice(CHANNEL_SIZE, DYAD_SIZE))


def _take(rows: NDArray[np.floating], frames: NDArray[np.int64], columns: slice) -> Float32:
    if not len(rows):
        taken: Float32 = np.broadcast_to(SILENCE[columns], (*frames.shape, CHANNEL_SIZE)).copy()
    else:
        taken = rows[np.clip(frames, 0, len(rows) - 1), columns].astype(np.float32)
        outside = (frames < 0) | (frames >= len(rows))
        if outside.any():
            taken[outside] = SILENCE[columns]
    return taken.reshape(len(frames), -1)
