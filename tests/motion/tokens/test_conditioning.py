"""What speech a token may know, and what it is told about a gesture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.features.layout import CHANNEL_SIZE, DYAD_SIZE
from motion.tokens import conditioning, intents
from motion.tokens.shape import Shape

SHAPE = Shape()


def marked(frame: int) -> np.ndarray:
    rows = np.zeros((200, DYAD_SIZE), dtype=np.float32)
    rows[frame] = 1.0
    return rows


def test_a_token_hears_the_agent_ahead_and_the_user_only_in_the_past() -> None:
    token = 40
    frame = conditioning.frame_of(token)
    hears_agent, hears_user = [], []
    for offset in range(-40, 41):
        agent, user = conditioning.windows(marked(frame + offset), token, 1, SHAPE)
        if agent.any():
            hears_agent.append(offset)
        if user.any():
            hears_user.append(offset)
    assert (hears_agent[0], hears_agent[-1]) == (-SHAPE.agent_back_frames, SHAPE.agent_ahead_frames - 1)
    assert hears_user[-1] == -SHAPE.user_delay_frames
    assert len(hears_user) == SHAPE.user_frames


def test_what_the_user_says_is_known_when_a_chunk_is_due() -> None:
    # Tokens n and n + 1 settle frames up to 2 (n - 1); the first of the four new ones is 2 (n - 1) - 3.
    last = 50
    due = conditioning.frame_of(last) - 2 - SHAPE.chunk_frames + 1
    assert conditioning.frame_of(last) - SHAPE.user_delay_frames < due


def test_outside_a_recording_there_is_silence() -> None:
    rows = np.ones((10, DYAD_SIZE), dtype=np.float32)
    agent, _ = conditioning.windows(rows, 500, 2, SHAPE)
    assert (agent.reshape(2, -1, CHANNEL_SIZE) == conditioning.SILENCE[:CHANNEL_SIZE]).all()


@dataclass(frozen=True)
class Asked:
    label: str
    start_s: float
    stroke_s: float
    end_s: float
    side: float = 0.0
    amplitude: float = 1.0
    direction_rad: tuple[float, float] | None = None


def test_tokens_of_a_gesture_know_it_and_how_far_it_is() -> None:
    label, course = intents.encode([Asked("bow", 1.0, 1.5, 2.0, side=1.0)], ("wave", "bow"), 1, 60)
    times = conditioning.frame_of(1) / 30.0 + np.arange(60) * 2 / 30.0
    inside = (times >= 1.0) & (times <= 2.0 + intents.TAIL_S)
    assert (label == np.where(inside, 2, 0)).all()
    assert (course[~inside] == 0.0).all()
    stroke = int(np.argmin(np.abs(times - 1.5)))
    assert abs(course[stroke, 3]) < 0.04
    assert (course[inside, 12] == 1.0).all()


def test_the_later_of_two_gestures_counts() -> None:
    label, _ = intents.encode([Asked("bow", 1.5, 2.0, 3.0), Asked("wave", 1.0, 1.5, 3.0)], ("wave", "bow"), 1, 60)
    assert label[20] == 1
    assert label[30] == 2


def test_gestures_that_a_checkpoint_does_not_know_are_left_out() -> None:
    label, course = intents.encode([Asked("dance", 0.0, 0.5, 3.0)], ("wave",), 1, 30)
    assert not label.any() and not course.any()
