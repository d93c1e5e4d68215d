"""The tests' controller as a judge: it forgives what comes late, of which nothing is promised, and no motion that is rough by itself."""

import pytest

pytest.importorskip("ruckig", reason="pip install 'attune[robot]'")

from tests.ros.joint_trajectory_controller import LATE_S
from tests.ros.robot_loop import BODY, Loop
from tests.ros.test_robot_drive import wave

LIMIT = BODY.joints[0].acceleration_rad_s2


class Held(Loop):
    """A loop in which trajectories of `for_s` are held up on their way; of those the last one arrives."""

    from_s, for_s = 14.0, 0.0

    def __init__(self, *given, **named):
        self._held = None
        super().__init__(*given, **named)

    def _play(self, trajectory):
        if self.from_s <= self.now_s < self.from_s + self.for_s:
            self._held = trajectory
        else:
            super()._play(trajectory)

    def _step(self):
        super()._step()
        if self._held is not None and self.now_s >= self.from_s + self.for_s:
            held, self._held = self._held, None
            super()._play(held)


class Unstamped(Loop):
    """A loop in which each trajectory begins when it is taken up, with its first point ahead."""

    def _play(self, trajectory):
        now_ns = self.stand.times.ros
        stamp, points = trajectory["header"]["stamp"], []
        for each in trajectory["points"]:
            at = each["time_from_start"]
            after_ns = (stamp["sec"] + at["sec"]) * 10**9 + stamp["nanosec"] + at["nanosec"] - now_ns
            if after_ns > 0:
                points.append({**each, "time_from_start": {"sec": after_ns // 10**9, "nanosec": after_ns % 10**9}})
        super()._play({"header": {}, "points": points})


def judged(loop):
    """Return by how many times the robot's set point exceeded the filter's acceleration, and how many trajectories were late."""
    loop.wanted = wave
    loop.run(6.0)
    return loop.robot.hardest / LIMIT, loop.robot.late


@pytest.mark.parametrize("controller", ["topic", "action"])
@pytest.mark.parametrize("more_s", [0.03, 0.06, 0.1])
def test_the_cycle_that_changes_to_a_late_trajectory_is_not_judged(tmp_path, more_s, controller):
    for from_s in (14.0, 14.33, 14.71):
        loop = Held(tmp_path, controller=controller)
        loop.from_s, loop.for_s, loop.late_s = from_s, LATE_S[controller] + more_s, LATE_S[controller]
        times, late = judged(loop)
        assert times <= 1.1 and 1 <= late <= 2


def test_what_comes_within_60_ms_is_judged_and_keeps_the_limits(tmp_path):
    loop = Held(tmp_path)
    loop.for_s, loop.late_s = 0.055, LATE_S["topic"]
    times, late = judged(loop)
    assert times <= 1.1 and late == 0


def test_a_late_trajectory_would_be_beyond_what_the_tests_over_dds_allow(tmp_path):
    loop = Held(tmp_path)
    loop.for_s = 0.12
    times, late = judged(loop)
    assert times > 1.2 and late == 0


@pytest.mark.parametrize("held_s", [0.0, 0.12])
@pytest.mark.parametrize("begins", ["desired", "humble", "measured"])
def test_trajectories_that_each_begin_by_themselves_are_judged_rough_though_some_come_late(tmp_path, begins, held_s):
    class Both(Held, Unstamped):
        pass

    loop = Both(tmp_path, begins=begins)
    loop.for_s, loop.late_s = held_s, LATE_S["topic"]
    times, late = judged(loop)
    assert times > 5.0 and late <= 2
