"""Nods and shakes: what counts, what does not, and when it is told."""

import math
import random
from collections.abc import Callable

import pytest

from behavioral.vision.nods import QUIET_S, HeadAct, HeadActs
from behavioral.vision.swings import swings_of

FPS = 15.0


def still(t_s: float) -> float:
    return 0.0


def cycles(hz: float, count: float, amplitude_rad: float, start_s: float = 1.0) -> Callable[[float], float]:
    """Return an angle that rests, dips `count` times by the amplitude and rests again."""

    def angle(t_s: float) -> float:
        phase = (t_s - start_s) * hz
        return -amplitude_rad * (1 - math.cos(2 * math.pi * phase)) / 2 if 0.0 <= phase <= count else 0.0

    return angle


def watch(
    pitch: Callable[[float], float],
    yaw: Callable[[float], float] = still,
    *,
    seconds: float = 5.0,
    fps: float = FPS,
    noise_rad: float = 0.006,
    heads: HeadActs | None = None,
) -> list[tuple[float, HeadAct]]:
    heads, noise, told = heads or HeadActs(), random.Random(3), []
    for index in range(round(seconds * fps)):
        t_s = index / fps
        for act in heads.update(yaw(t_s) + noise.gauss(0, noise_rad), pitch(t_s) + noise.gauss(0, noise_rad), t_s):
            told.append((t_s, act))
    return told


@pytest.mark.parametrize(("hz", "count"), [(3.0, 1), (2.5, 2), (2.0, 3), (1.5, 1), (1.2, 2), (0.8, 3)])
@pytest.mark.parametrize("fps", [10.0, 15.0, 30.0])
def test_a_nod_is_told_once_with_its_cycles_and_amplitude(hz: float, count: int, fps: float) -> None:
    if hz > fps / 4:
        return  # fewer than four pictures a cycle say nothing sure about its size
    told = watch(cycles(hz, count, math.radians(10)), fps=fps, seconds=7.0)
    assert [(act.act, act.state) for _, act in told] == [("nod", "started"), ("nod", "ended")]
    (began_s, _), (ended_s, end) = told
    assert abs(end.count - count) <= (1 if count > 2 else 0)
    assert 6 < math.degrees(end.amplitude_rad) < 13
    cycles_needed = 1.0 if hz > 1.0 else 1.5
    assert began_s <= 1.0 + cycles_needed / hz + 0.15, "told with the first cycle where it is quick"
    assert ended_s == pytest.approx(1.0 + count / hz + max(QUIET_S, 0.5 / hz), abs=0.35)


def test_a_shake_is_one_and_a_half_cycles_at_least() -> None:
    def shake(t_s: float) -> float:
        phase = (t_s - 1.0) * 2.0
        return 0.2 * math.sin(2 * math.pi * phase) if 0.0 <= phase <= 2.0 else 0.0

    assert [(a.act, a.state) for _, a in watch(still, shake)] == [("shake", "started"), ("shake", "ended")]
    assert watch(still, cycles(1.0, 1, 0.5)) == [], "a glance aside and back"


@pytest.mark.parametrize(
    "pitch",
    [
        still,
        lambda t_s: -0.3 if t_s > 1.0 else 0.0,  # a look down that stays
        lambda t_s: -0.08 * t_s,  # sinking slowly
        lambda t_s: 0.2 * math.sin(2 * math.pi * 0.2 * t_s),  # rocking
        cycles(0.7, 1, 0.25),  # a chin that rises and sinks: 1.4 s
        cycles(2.0, 2, 0.03),  # too small to be meant
    ],
)
def test_what_is_no_nod(pitch: Callable[[float], float]) -> None:
    assert watch(pitch) == []


def test_the_larger_axis_decides() -> None:
    both = watch(cycles(2.0, 3, 0.15), cycles(2.0, 3, 0.3))
    assert {act.act for _, act in both} <= {"shake"}
    tilted = watch(cycles(2.0, 3, 0.3), cycles(2.0, 3, 0.1))
    assert {act.act for _, act in tilted} == {"nod"}


def test_noise_of_a_still_face_is_nothing_for_a_minute() -> None:
    assert watch(still, seconds=60.0, noise_rad=0.008) == []


def test_two_nods_apart_are_two() -> None:
    first, second = cycles(2.0, 1, 0.2), cycles(2.0, 1, 0.2, start_s=3.0)
    told = watch(lambda t_s: first(t_s) + second(t_s), seconds=6.0)
    assert [act.state for _, act in told] == ["started", "ended"] * 2


def test_turns_known_from_flow_need_more() -> None:
    small = cycles(2.0, 2, 0.06)
    assert len(watch(small)) == 2
    assert watch(small, heads=HeadActs(from_flow=True)) == []


def test_a_face_lost_amid_a_nod_ends_it() -> None:
    heads = HeadActs()
    told = watch(cycles(2.0, 9, 0.2), seconds=2.5, heads=heads)
    assert [act.state for _, act in told] == ["started"]
    assert heads.under_way == "nod"
    assert [act.state for act in heads.break_off()] == ["ended"]
    assert heads.under_way is None
    assert heads.break_off() == []


def test_swings_are_between_turning_points_and_begin_where_the_rest_ended() -> None:
    samples = [(0.1 * i, v) for i, v in enumerate([0, 0, 0, 0, 1, 2, 1, 0, 0.1, 0, 1.5])]
    swings = swings_of(samples, 0.5)
    assert [round(s.change, 1) for s in swings] == [2.0, -2.0, 1.5]
    assert swings[0].start_s == pytest.approx(0.3)
    assert swings_of([], 0.5) == []
    assert swings_of([(0.0, 1.0)], 0.5) == []
    assert swings_of([(0.0, 1.0), (1.0, 1.2)], 0.5) == []
