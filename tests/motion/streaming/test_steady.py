"""The learned body's head: still while it listens, its own while it speaks or gestures, and never with a jump."""

from __future__ import annotations

import math

import numpy as np
import pytest

from motion import rotations as rot
from motion.skeleton import INDEX, JOINT_COUNT
from motion.streaming.steady import FADE_S, KEPT, SteadyHead

CHAIN = [INDEX[name] for name in ("hips", "spine", "chest", "upperChest", "neck", "head")]


def swaying(t_s: float, degrees: float = 6.0) -> np.ndarray:
    """A body whose trunk and head sway."""
    out = np.tile(rot.IDENTITY, (JOINT_COUNT, 1))
    for joint, hz in ((INDEX["spine"], 0.3), (INDEX["neck"], 0.5), (INDEX["head"], 0.7)):
        angle = math.radians(degrees) * math.sin(2 * math.pi * hz * t_s + hz)
        out[joint] = rot.exp(np.array([angle, 0.5 * angle, 0.2 * angle]))
    return out


def facing_deg(rotations: np.ndarray) -> float:
    turned = rotations[CHAIN[0]]
    for joint in CHAIN[1:]:
        turned = rot.multiply(turned, rotations[joint])
    return float(np.degrees(np.linalg.norm(rot.log(turned))))


def run(
    steady: SteadyHead, start_s: float, length_s: float, gestures: list[tuple[float, float]] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Degrees that the head is turned in the room, with and without steadying, at 50 Hz."""
    own, held = [], []
    for i in range(round(length_s * 50)):
        t_s = start_s + 0.02 * i
        pose = swaying(t_s)
        own.append(facing_deg(pose))
        steady.apply(t_s, pose, gestures or [])
        held.append(facing_deg(pose))
    return np.array(own), np.array(held)


def test_a_listeners_head_keeps_a_small_share_of_its_own_turn_also_where_the_trunk_sways() -> None:
    steady = SteadyHead()
    steady.set_mode(0.0, "listening")
    own, held = run(steady, 0.0, 10.0)
    settled = round(FADE_S * 50) + 1
    assert held[settled:] == pytest.approx(KEPT * own[settled:], abs=0.02)


def test_a_speakers_head_is_its_own() -> None:
    steady = SteadyHead()
    steady.set_mode(0.0, "speaking")
    own, held = run(steady, 0.0, 5.0)
    assert held == pytest.approx(own, abs=1e-9)


def test_trunk_arms_and_legs_are_left_alone() -> None:
    steady = SteadyHead()
    steady.set_mode(0.0, "listening")
    pose = swaying(5.0)
    before = pose.copy()
    steady.apply(5.0, pose, [])
    others = [row for row in range(JOINT_COUNT) if row not in (INDEX["neck"], INDEX["head"])]
    assert (pose[others] == before[others]).all()
    assert np.abs(pose - before).max() > 0.01


def test_a_gesture_has_the_head_to_itself() -> None:
    steady = SteadyHead()
    steady.set_mode(0.0, "listening")
    own, held = run(steady, 0.0, 10.0, [(4.0, 6.0)])
    during, after = slice(round(4.05 * 50), round(6.0 * 50)), slice(round(6.5 * 50), None)
    assert held[during] == pytest.approx(own[during], abs=0.02)
    assert held[after] == pytest.approx(KEPT * own[after], abs=0.02)


def test_no_change_of_mode_or_gesture_makes_it_jump() -> None:
    steady = SteadyHead()
    steps = []
    gestures: list[tuple[float, float]] = []
    last = None
    for i in range(2_000):
        t_s = 0.02 * i
        if i % 130 == 0:
            steady.set_mode(t_s, ("listening", "speaking", "thinking", "idle")[i // 130 % 4])  # type: ignore[arg-type]
        if i % 170 == 60:
            gestures = [(t_s, t_s + 1.0)]  # asked for when it begins
        if i % 340 == 75:
            gestures = []  # and taken back
        pose = swaying(t_s)
        steady.apply(t_s, pose, gestures)
        if last is not None:
            steps.append(float(np.degrees(rot.angle_between(last[CHAIN], pose[CHAIN]).max())))
        last = pose
    assert max(steps) < 2.5, "degrees in 20 ms; the sway itself makes 0.9"
