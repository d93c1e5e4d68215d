"""Whoever drifts, turns or steps ends up facing forward over planted feet, and small shifts of weight stay as they were."""

import numpy as np

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.people.in_place import (
    SHIFT_LIMIT_M,
    TURN_LIMIT_RAD,
    chest_lead_rad,
    compressed,
    heading_rad,
    in_place,
)
from motion.kinematics import forward
from motion.skeleton import INDEX, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS

FEET = [INDEX["leftFoot"], INDEX["rightFoot"]]


def person(hips_m: np.ndarray, yaw_rad: np.ndarray, chest_rad: float = 0.0) -> Clip:
    turns = np.tile(NEUTRAL_ROTATIONS.astype(np.float64), (len(hips_m), 1, 1))
    up = np.broadcast_to([0.0, 1.0, 0.0], (len(hips_m), 3))
    turns[:, INDEX["hips"]] = rot.from_axis_angle(up, yaw_rad)
    turns[:, INDEX["spine"]] = rot.from_axis_angle(up, np.full(len(hips_m), chest_rad))
    return Clip(30.0, turns.astype(np.float32), hips_m.astype(np.float32), np.zeros((len(hips_m), 2, 6), np.float32))


def swaying(size_m: float, frames: int = 300) -> np.ndarray:
    out = np.zeros((frames, 3))
    out[:, 0] = size_m * np.sin(np.linspace(0.0, 12.0, frames))
    return out


def test_a_small_shift_of_weight_stays() -> None:
    clip = person(swaying(0.02), np.zeros(300))
    assert np.allclose(in_place(clip).hips_m[:, 0], clip.hips_m[:, 0], atol=0.002)


def test_a_walker_stays_within_reach_on_feet_that_do_not_slide() -> None:
    yaw = np.linspace(-1.5, 1.5, 300)
    out = in_place(person(swaying(0.6), yaw))
    assert (np.abs(out.hips_m - NEUTRAL_HIPS_M) <= SHIFT_LIMIT_M + 0.03).all()
    assert (np.abs(out.hips_m) <= 0.06).all()
    assert np.abs(heading_rad(out.rotations)).max() <= TURN_LIMIT_RAD
    feet = forward(out.rotations, out.hips_m)[0][:, FEET]
    assert np.abs(feet - feet[0]).max() < 1e-3


def test_facing_is_by_the_chest_whichever_way_the_recording_looked() -> None:
    out = in_place(person(swaying(0.01), np.full(300, 2.0), chest_rad=0.15))
    _, world = forward(out.rotations, out.hips_m)
    ahead = rot.rotate(world[:, INDEX["upperChest"]], np.broadcast_to([0.0, 0.0, 1.0], (300, 3)))
    assert np.abs(np.arctan2(ahead[:, 0], ahead[:, 2])).max() < 0.01
    assert abs(chest_lead_rad([person(swaying(0.0), np.zeros(300), chest_rad=0.15)]) - 0.15) < 1e-3


def test_compression_keeps_order_and_bounds() -> None:
    x = np.linspace(-3.0, 3.0, 601)
    y = compressed(x, 1.0, 2.0)
    assert (np.diff(y) > 0.0).all()
    assert np.array_equal(y[np.abs(x) <= 1.0], x[np.abs(x) <= 1.0])
    assert np.abs(y).max() < 2.0
