"""Gestures of the procedural body: seen within 100 ms, smooth, out of the trunk, over at their time."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from motion import kinematics as kin
from motion import limits
from motion import rotations as rot
from motion.clip import Clip
from motion.procedural.lexicon import LEXICON
from motion.skeleton import INDEX
from tests.motion.procedural.film import LEFT, RIGHT, TICK_S, film, generator, largest_step_rad_s, places


@pytest.mark.parametrize("label", sorted(LEXICON))
def test_every_gesture_shows_within_100_ms_stays_smooth_and_comes_home(label: str) -> None:
    still, body = generator(), generator()
    runs = []
    asked = film(body, 5.0, {1.0: lambda: runs.append(body.gesture("g", 1.0, label))})
    plain = film(still, 5.0)
    run = runs[0]
    assert run.start_s == 1.0 < run.stroke_s < run.end_s < 4.5
    difference = np.linalg.norm(places(asked) - places(plain), axis=-1).max(axis=1)
    turned = rot.angle_between(asked.rotations.astype(float), plain.rotations.astype(float)).max(axis=1)
    onset = round(1.1 / TICK_S)
    assert difference[onset] > 0.004 or math.degrees(turned[onset]) > 0.5, "visible after 100 ms"
    assert difference[: round(1.0 / TICK_S)].max() < 1e-6, "and not before"
    assert difference[round((run.end_s + 0.3) / TICK_S) :].max() < 1e-3, "back afterwards"
    assert np.all(largest_step_rad_s(asked) <= limits.SPEED_RAD_S + 0.2)
    assert body._limiter.slowed == 0, "fast enough by itself, not by the limiter"
    assert limits.excess_rad(asked.rotations.astype(np.float64)).max() < 0.02
    assert_hands_are_out_of_the_trunk(asked, label)


def assert_hands_are_out_of_the_trunk(clip: Clip, label: str) -> None:
    at, world = kin.forward(clip.rotations, clip.hips_m)
    chest = INDEX["upperChest"]
    tips = kin.hand_tips(clip.rotations, clip.hips_m)
    for side, joint in enumerate((LEFT, RIGHT)):
        for point in (at[:, joint], 0.4 * at[:, joint] + 0.6 * tips[:, side]):
            local = rot.rotate(rot.conjugate(world[:, chest]), point - at[:, chest])
            inside = (local[:, 0] / 0.14) ** 2 + (local[:, 2] / 0.095) ** 2 < 1.0
            assert not np.any(inside & (local[:, 1] < 0.10) & (local[:, 1] > -0.30)), label


def test_a_wave_lifts_the_right_hand_and_swings_it() -> None:
    body = generator()
    clip = film(body, 4.0, {0.5: lambda: body.gesture("g", 0.5, "wave", side=-1.0)})
    at = places(clip)
    assert at[:, RIGHT, 1].max() - at[0, RIGHT, 1] > 0.35
    assert at[:, LEFT, 1].max() - at[0, LEFT, 1] < 0.08
    tip = kin.hand_tips(clip.rotations, clip.hips_m)[round(1.3 / TICK_S) : round(2.3 / TICK_S), 1, 0]
    turns = np.count_nonzero(np.diff(np.sign(np.diff(tip))))
    assert turns >= 3, "back and forth"
    assert np.ptp(tip) > 0.10
    other = generator()
    mirrored = places(film(other, 4.0, {0.5: lambda: other.gesture("g", 0.5, "wave", side=1.0)}))
    assert mirrored[:, LEFT, 1].max() - mirrored[0, LEFT, 1] > 0.35


@pytest.mark.parametrize(
    "direction", [(0.0, 0.0), (-0.7, 0.1), (0.7, 0.2), (-1.3, -0.2), (1.4, 0.0), (0.3, -0.5), (-0.2, 0.6)]
)
def test_pointing_points(direction: tuple[float, float]) -> None:
    body = generator()
    body.posture(0.0, "lean_in", 1.0)
    run = body.gesture("g", 2.0, "point", direction_rad=direction)
    yaw, pitch = direction
    wanted = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    clip = film(body, run.stroke_s + 0.4)
    at, side = places(clip)[-1], 0 if run.side > 0 else 1
    shoulder, hand = at[INDEX[("left", "right")[side] + "UpperArm"]], at[(LEFT, RIGHT)[side]]
    tip = kin.hand_tips(clip.rotations, clip.hips_m)[-1, side]
    for way in (hand - shoulder, tip - hand):
        assert math.degrees(math.acos(np.clip(way @ wanted / np.linalg.norm(way), -1, 1))) < 5.0
    assert clip.hands[-1, side, 1] < 0.2 and clip.hands[-1, side, 2] > 0.7, "index straight, others closed"


def jerk(clip: Clip, joint: int) -> np.ndarray:
    at = places(clip)[:, joint]
    return np.linalg.norm(np.diff(at, 3, axis=0), axis=-1) / TICK_S**3


def test_a_new_gesture_takes_over_without_a_jump() -> None:
    def run(second: bool) -> Clip:
        body = generator()
        calls: dict[float, Callable[[], object]] = {0.5: lambda: body.gesture("a", 0.5, "wave")}
        if second:
            calls[1.3] = lambda: body.gesture("b", 1.3, "shrug")
        return film(body, 4.0, calls)

    smooth, cut = jerk(run(False), RIGHT), jerk(run(True), RIGHT)
    around = slice(round(1.2 / TICK_S), round(1.45 / TICK_S))
    ratio = np.median(cut[around]) / np.median(smooth[round(0.5 / TICK_S) : round(2.5 / TICK_S)])
    assert ratio < 2.0
    assert cut[around].max() < 3.0 * smooth.max()
    body = generator()
    film(body, 1.6, {0.5: lambda: body.gesture("a", 0.5, "wave"), 1.3: lambda: body.gesture("b", 1.3, "shrug")})
    assert body.active(1.35) == ("a", "b") and body.active(2.0) == ("b",)


def test_an_arm_gesture_and_a_head_gesture_run_together() -> None:
    body = generator()
    film(body, 1.5, {0.5: lambda: body.gesture("a", 0.5, "point"), 0.9: lambda: body.gesture("b", 0.9, "yes")})
    assert body.active(1.4) == ("a", "b")


def test_cancelling_brings_the_hand_home_and_a_waiting_gesture_never_begins() -> None:
    body = generator()
    body.gesture("later", 3.0, "celebrate")
    fading: list[tuple[str, ...]] = []
    clip = film(
        body,
        5.0,
        {
            0.5: lambda: body.gesture("a", 0.5, "stop", duration_s=5.0),
            1.5: lambda: body.cancel_gesture("a", 1.5),
            1.6: lambda: (body.cancel_gesture("later", 1.6), fading.append(body.active(1.6))),
        },
    )
    assert fading == [("a",)]
    high = places(clip)[:, RIGHT, 1]
    assert high[round(1.5 / TICK_S)] > 1.1
    assert high[round(2.3 / TICK_S) :].max() < 0.95
    assert body.active(5.0) == ()
    assert np.all(largest_step_rad_s(clip) <= limits.SPEED_RAD_S + 0.2) and body._limiter.slowed == 0
    body.cancel_gesture("never heard of", 5.0)
