"""The pose of an emergency stop."""

from __future__ import annotations

import numpy as np

from behavioral.body.rest import FROM_REST_S, TO_REST_S, Rest
from runtime.messages import MotionFrame

SIDEWAYS = np.tile(np.array([0.6, 0.0, 0.0, 0.8], np.float32), (22, 1)).tobytes()
LOUD = np.full(15, 0.5, np.float32).tobytes()
FRAME = MotionFrame(index=0, rotations=SIDEWAYS, visemes=LOUD, eyes_rad=(0.3, 0.1), hips_m=(0.1, 0.0, 0.0))


def test_a_free_body_is_left_alone() -> None:
    assert Rest().apply(FRAME, 1.0, resting=False) is FRAME


def test_the_mouth_closes_at_once_and_the_body_follows() -> None:
    rest = Rest()
    rest.apply(FRAME, 1.0, resting=False)
    first = rest.apply(FRAME, 1.02, resting=True)
    assert not any(first.visemes) and first.rotations != SIDEWAYS
    there = rest.apply(FRAME, 1.02 + TO_REST_S, resting=True)
    again = rest.apply(FRAME, 9.0, resting=True)
    assert there.rotations == again.rotations and again.eyes_rad == again.hips_m[:2] == (0.0, 0.0)


def test_what_is_released_comes_back_to_itself() -> None:
    rest = Rest()
    for t_s, resting in ((1.0, True), (2.0, True), (2.0 + FROM_REST_S / 2, False)):
        frame = rest.apply(FRAME, t_s, resting=resting)
    assert frame.rotations != SIDEWAYS
    assert rest.apply(FRAME, 2.1 + FROM_REST_S, resting=False) is FRAME
