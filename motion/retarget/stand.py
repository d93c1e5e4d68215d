"""Stand a seated person up: the upper body's motion over neutral standing legs.

A seated pelvis rolls back (about 30 degrees in mpi-ebedb) and the spine bends forward again above it. Standing, the pelvis keeps only its
turn about the vertical, and the bend up to the chest is shared out over the spine, so that chest, head and arms keep their orientation
in the world. Vectorised over frames; no state.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from motion import rotations as rot
from motion.clip import Clip
from motion.skeleton import INDEX, NEUTRAL_HIPS_M, NEUTRAL_ROTATIONS
from runtime.vocabulary import BODY_JOINTS

TRUNK: Final = ("spine", "chest", "upperChest")
_SHARES: Final = (0.40, 0.70, 1.0)
"""How much of the way from the pelvis to the chest is done after each trunk joint; the lower spine bends most."""
LEGS: Final = tuple(name for name in BODY_JOINTS if name.endswith(("Leg", "Foot", "Toes")))


def stood_up(clip: Clip, lean_rad: float | None = None) -> Clip:
    """Return the clip on neutral standing legs.

    Args:
        clip: a seated person, facing anywhere.
        lean_rad: pitch (forward positive) that is taken off the chest throughout, so that a person who sat leaning stands straight;
            by default the clip's own median lean. 0 keeps the chest as it was.

    Returns:
        The clip with the orientation of chest, head and arms kept but for the lean. The hips stay at their neutral place.
    """
    local = clip.rotations.astype(np.float64)
    chest = local[:, INDEX["hips"]]
    for name in TRUNK:
        chest = rot.multiply(chest, local[:, INDEX[name]])
    up = np.broadcast_to([0.0, 1.0, 0.0], (len(clip), 3))
    _, yaw = rot.swing_twist(local[:, INDEX["hips"]], up)
    above = rot.multiply(rot.conjugate(yaw), chest)
    if lean_rad is None:
        out = rot.rotate(above, up)
        lean_rad = float(np.median(np.arctan2(out[:, 2], out[:, 1])))
    straight = rot.from_axis_angle(np.array([1.0, 0.0, 0.0]), -lean_rad)
    above = rot.multiply(np.broadcast_to(straight, above.shape), above)
    turns = local.copy()
    turns[:, INDEX["hips"]] = yaw
    before = np.broadcast_to(rot.IDENTITY, above.shape)
    for name, share in zip(TRUNK, _SHARES, strict=True):
        here = rot.slerp(np.broadcast_to(rot.IDENTITY, above.shape), above, np.full(len(clip), share))
        turns[:, INDEX[name]] = rot.multiply(rot.conjugate(before), here)
        before = here
    for name in LEGS:
        turns[:, INDEX[name]] = NEUTRAL_ROTATIONS[INDEX[name]]
    hips = np.tile(np.array(NEUTRAL_HIPS_M, dtype=np.float32), (len(clip), 1))
    return Clip(clip.fps, rot.continuous(turns).astype(np.float32), hips, clip.hands)
