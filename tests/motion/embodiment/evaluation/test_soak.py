"""Under everything that its adversary does a body keeps its limits, never touches itself, and stops when it must."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="pip install 'attune[robot]'")
pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")
from motion.embodiment.bodies import catalogue
from motion.embodiment.bodies.model import RobotModel
from motion.embodiment.evaluation.adversary import Adversary
from motion.embodiment.evaluation.soak import Soak, Soaked
from motion.embodiment.safety.filter import SafetyFilter
from motion.embodiment.safety.trajectory import State, Trajectory

STANDS_WITHIN_MS = 400.0


def held(found: Soaked, ticks: int) -> None:
    assert found.ticks == ticks
    assert (found.over_position, found.over_velocity, found.over_acceleration) == (0, 0, 0)
    assert (found.after, found.physical) == (0, 0), "it never touches itself"
    assert found.before <= 0.0013 * found.targets
    assert found.watchdog_ms <= 250.0
    assert found.stop_ticks <= 1
    assert found.standstill_ms <= STANDS_WITHIN_MS


def test_everything_that_can_go_wrong_does() -> None:
    adversary = Adversary(catalogue.own().description, seed=4)
    drawn = [adversary.next() for _ in range(6_000)]
    assert {one.kind for one in drawn} == {"agent", "shaking", "jumping", "joints", "silence"}
    assert any(one.rotations is not None and not np.isfinite(one.rotations).all() for one in drawn)
    assert any(one.joints is not None and not np.isfinite(one.joints).all() for one in drawn)
    for what in ("emergency_stop", "person_m", "clock_jump_s", "restart_ticks"):
        assert any(getattr(one, what) for one in drawn), what
    arrivals = sum(one.rotations is not None or one.joints is not None for one in drawn)
    assert 0.6 < arrivals / len(drawn) < 0.95, "some are lost, late or not sent"


def test_our_humanoid_holds() -> None:
    found = Soak(catalogue.own(), seed=1).run(3_000)
    held(found, 3_000)
    assert found.stops and found.refused
    figures = found.figures()
    assert figures["limit_violations"] == 0 and figures["self_collision_rate"]["after"] == 0.0


def test_without_the_filter_the_same_run_breaks_every_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def through(self: Trajectory, target: np.ndarray, *_: object, **__: object) -> np.ndarray:
        speed = (target - self.position_rad) / 0.02
        self.back_to(State(np.array(target, float), speed.tolist(), [0.0] * len(speed)))
        return self.position_rad

    monkeypatch.setattr(Trajectory, "step", through)
    monkeypatch.setattr(SafetyFilter, "_move", lambda self, target, *_, **__: self._way.step(target) is not None)
    found = Soak(catalogue.own(), seed=1).run(2_000)
    assert found.over_velocity > 100 and found.over_acceleration > 100, "the trial can fail"


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [11, 12])
def test_our_humanoid_holds_for_long(seed: int) -> None:
    held(Soak(catalogue.own(), seed).run(15_000), 15_000)


@pytest.mark.slow
@pytest.mark.computing
@pytest.mark.timeout(600)
def test_a_robot_of_the_menagerie_holds_for_long(pulled: Callable[[str], RobotModel]) -> None:
    held(Soak(pulled("unitree_g1"), seed=13).run(12_000), 12_000)
