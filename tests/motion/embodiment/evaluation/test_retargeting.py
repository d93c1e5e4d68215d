"""The measurement itself: it finds faults where there are some, and counts only what the body can express."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
from motion.embodiment.bodies import catalogue
from motion.embodiment.description import Float64
from motion.embodiment.evaluation import retargeting
from motion.embodiment.evaluation.retargeting import measure_retargeting
from motion.embodiment.retarget.direct import DirectRetargeting

LABELS = ("wave", "bow", "stop", "shrug")


@pytest.fixture(autouse=True)
def _fewer_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retargeting, "YAWS_DEG", (-40, 0, 40))
    monkeypatch.setattr(retargeting, "PITCHES_DEG", (0,))


class Lame(DirectRetargeting):
    """Leaves the right arm hanging."""

    def joints(self, rotations: Float64, hands: Float64, eyes_rad: tuple[float, float]) -> Float64:
        angles = super().joints(rotations, hands, eyes_rad)
        names = catalogue.own().description.names
        rest = catalogue.own().description.vector("rest_rad")
        rows = [row for row, name in enumerate(names) if name.startswith("right_")]
        angles[rows] = rest[rows]
        return angles


def test_our_own_humanoid_is_faithful_and_recognised() -> None:
    found = measure_retargeting(catalogue.own(), labels=LABELS)
    assert found["arm_direction_error_deg"]["p50"] <= 3.0
    assert found["pointing_error_deg"]["p95"] <= 5.0
    assert found["expressed_as_is"] == 3, "no shoulder blades for shrug"
    assert found["recognised"] == 1.0 and found["missed"] == []


def test_a_lame_arm_is_seen_in_every_figure() -> None:
    found = measure_retargeting(replace(catalogue.own(), retargeting=Lame), labels=LABELS)
    assert found["arm_direction_error_all_deg"]["p95"] > 20.0
    assert found["pointing_error_deg"]["p95"] > 20.0
    assert {"wave", "stop"} <= set(found["missed"])


def test_without_arms_nothing_is_measured_of_them() -> None:
    own = catalogue.own()
    bare = replace(own, figure=type(own.figure)(torso="torso", head="head"))
    found = measure_retargeting(bare, labels=("yes",))
    assert found["arm_direction_error_deg"]["p50"] is None and found["pointing_error_deg"]["p95"] is None
    assert found["face_direction_error_deg"]["p50"] is not None
    assert np.isfinite(found["face_direction_error_deg"]["p50"])
