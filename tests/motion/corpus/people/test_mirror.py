"""A mirrored clip is the same motion seen in a mirror."""

import numpy as np

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.people.mirror import mirrored
from motion.kinematics import forward
from motion.skeleton import INDEX, JOINT_COUNT, MIRROR


def any_clip(seed: int = 1, frames: int = 7) -> Clip:
    rng = np.random.default_rng(seed)
    turns = rot.normalise(rng.normal(size=(frames, JOINT_COUNT, 4)))
    hips, hands = rng.normal(size=(frames, 3)), rng.uniform(size=(frames, 2, 6))
    return Clip(30.0, turns.astype(np.float32), hips.astype(np.float32), hands.astype(np.float32))


def test_mirroring_twice_gives_the_same_clip() -> None:
    clip = any_clip()
    twice = mirrored(mirrored(clip))
    assert np.array_equal(twice.rotations, clip.rotations)
    assert np.array_equal(twice.hips_m, clip.hips_m)
    assert np.array_equal(twice.hands, clip.hands)


def test_every_joint_is_where_the_mirror_shows_it() -> None:
    clip = any_clip()
    places, world = forward(clip.rotations, clip.hips_m)
    seen, turned = forward(mirrored(clip).rotations, mirrored(clip).hips_m)
    flip = np.array([-1.0, 1.0, 1.0])
    assert np.allclose(seen, places[:, list(MIRROR)] * flip, atol=1e-6)
    palm = rot.rotate(world[:, INDEX["leftHand"]], np.broadcast_to([0.0, -1.0, 0.0], (len(clip), 3)))
    palm_seen = rot.rotate(turned[:, INDEX["rightHand"]], np.broadcast_to([0.0, -1.0, 0.0], (len(clip), 3)))
    assert np.allclose(palm_seen, palm * flip, atol=1e-6)


def test_hands_change_sides_and_the_original_stays() -> None:
    clip = any_clip()
    before = clip.hands.copy()
    out = mirrored(clip)
    assert np.array_equal(out.hands[:, 0], clip.hands[:, 1])
    out.hands[:] = 0.0
    assert np.array_equal(clip.hands, before)
