"""Requests at a gesture's natural tempo, and the model-free body as a method."""

import numpy as np
import pytest

from motion.evaluation.intentions import onset_frame
from motion.evaluation.methods import ANYBODY, model_free, motionless, request
from motion.procedural import lexicon

SILENCE = np.zeros(16_000 * 6, np.float32)


def test_a_request_has_the_gestures_natural_times() -> None:
    entry = lexicon.find("wave")
    now = request("wave", 2.0)
    assert now.start_s == 2.0 and now.stroke_s == pytest.approx(2.0 + entry.prepare_s + entry.stroke_s)
    assert now.end_s == pytest.approx(now.stroke_s + entry.hold_s + entry.retract_s)
    timed = request("waving", 2.0, stroke=True)
    assert timed.label == "wave" and timed.stroke_s == 2.0
    assert timed.start_s == pytest.approx(2.0 - entry.prepare_s - entry.stroke_s)
    assert request("wave", 4.0, stroke=True, lead_s=1.5).start_s == 2.5
    with pytest.raises(ValueError, match="unknown gesture"):
        request("levitate", 1.0)


def test_the_model_free_body_moves_when_it_is_asked_and_not_before() -> None:
    base, _ = model_free(SILENCE, SILENCE, 3, ANYBODY, ())
    asked, boundaries = model_free(SILENCE, SILENCE, 3, ANYBODY, (request("bow", 2.0),))
    onset = onset_frame(base, asked)
    assert len(asked) == 180 and boundaries == () and onset is not None and 60 <= onset <= 70


def test_the_motionless_body_does_not_move() -> None:
    clip, _ = motionless(SILENCE, SILENCE, 0, ANYBODY, (request("bow", 2.0),))
    assert len(clip) == 180 and np.ptp(clip.rotations, axis=0).max() == 0.0
