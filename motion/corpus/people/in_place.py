"""Keep a person in place: chest towards +z over planted feet, weight shifts of a few centimetres kept, steps and turns compressed.

The hips' translation and turn are taken relative to their medians and compressed beyond what feet that stay allow, smoothly and without
delay; the body goes along with the hips. The hips sink where both legs would otherwise be too short. Vectorised over frames, no state.
Positions in metres, right-handed, y up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Clip
from motion.kinematics import forward
from motion.procedural.solver import STANCE_M
from motion.skeleton import INDEX, NEUTRAL_HIPS_M, REST_OFFSETS_M, SHIN_M, THIGH_M
from motion.tokens.legs import planted

Array = NDArray[Any]

SHIFT_FREE_M: Final = np.array([0.03, 0.02, 0.03])
SHIFT_LIMIT_M: Final = np.array([0.055, 0.05, 0.045])
"""The hips move freely up to the first and never beyond the second, along each axis."""
TURN_FREE_RAD: Final = float(np.radians(12.0))
TURN_LIMIT_RAD: Final = float(np.radians(32.0))
"""The pelvis over planted feet: some 30 degrees to each side, by both hip joints."""
LEAD_LIMIT_RAD: Final = float(np.radians(12.0))
"""Part of it that may go into facing with the chest."""
_ANKLES: Final = np.array([[STANCE_M, 0.08, -0.03], [-STANCE_M, 0.08, -0.03]])
"""Where `motion.tokens.legs` plants the ankles."""
_LEG_M: Final = 0.999 * (THIGH_M + SHIN_M)
_SOFT_M: Final = 0.003


def compressed(x: Array, free: Array | float, limit: Array | float) -> Array:
    """Return values within +-`limit`: unchanged up to +-`free`, beyond it squeezed by a tanh that joins smoothly."""
    size = np.abs(x)
    room = np.asarray(limit, dtype=np.float64) - free
    out: Array = np.where(size <= free, x, np.sign(x) * (free + room * np.tanh((size - free) / room)))
    return out


def heading_rad(rotations: Array) -> Array:
    """Turn of the hips about the vertical [T], left positive, without jumps of a whole turn."""
    hips = np.asarray(rotations[:, INDEX["hips"]], dtype=np.float64)
    ahead = rot.rotate(hips, np.broadcast_to([0.0, 0.0, 1.0], (len(hips), 3)))
    out: Array = np.unwrap(np.arctan2(ahead[:, 0], ahead[:, 2]))
    return out


def chest_lead_rad(clips: Iterable[Clip]) -> float:
    """How far the chest is turned beyond the hips, median over clips, left positive, within +-`LEAD_LIMIT_RAD`.

    Who tells a story to a listener a little to one side turns chest and head there; facing by the hips alone would keep that.

    Raises:
        ValueError: there is no clip.
    """
    leads = []
    for clip in clips:
        _, world = forward(clip.rotations, clip.hips_m)
        ahead = rot.rotate(world[:, INDEX["upperChest"]], np.broadcast_to([0.0, 0.0, 1.0], (len(clip), 3)))
        lead = np.arctan2(ahead[:, 0], ahead[:, 2]) - heading_rad(clip.rotations)
        leads.append(np.arctan2(np.sin(lead), np.cos(lead)))
    if not leads:
        raise ValueError("chest_lead_rad: there are no clips")
    return float(np.clip(np.median(np.concatenate(leads)), -LEAD_LIMIT_RAD, LEAD_LIMIT_RAD))


def in_place(clip: Clip, lead_rad: float | None = None) -> Clip:
    """Return the clip with its chest facing +z in the median, hips within the limits above around their rest, on planted feet.

    Args:
        clip: a person who stands.
        lead_rad: how far the chest is turned beyond the hips in a longer recording (`chest_lead_rad`); the clip's own by default.
    """
    lead_rad = chest_lead_rad([clip]) if lead_rad is None else lead_rad
    turns = clip.rotations.astype(np.float64)
    before = heading_rad(turns)
    straight = float(np.median(before))
    after = compressed(before - straight, TURN_FREE_RAD, TURN_LIMIT_RAD - LEAD_LIMIT_RAD) - lead_rad
    up = np.array([0.0, 1.0, 0.0])
    turned = rot.from_axis_angle(np.broadcast_to(up, (len(clip), 3)), after - before)
    turns[:, INDEX["hips"]] = rot.multiply(turned, turns[:, INDEX["hips"]])
    # Where the hips went is seen from where they faced.
    once = rot.from_axis_angle(up, -straight - lead_rad)
    moved = clip.hips_m.astype(np.float64)
    moved = rot.rotate(np.broadcast_to(once, (len(clip), 4)), moved - np.median(moved, axis=0))
    hips = compressed(moved, SHIFT_FREE_M, SHIFT_LIMIT_M) + np.array(NEUTRAL_HIPS_M)
    hips[:, 1] -= sink_m(turns[:, INDEX["hips"]], hips)
    stood = rot.continuous(planted(turns, hips))
    return replace(clip, rotations=stood.astype(np.float32), hips_m=hips.astype(np.float32))


def sink_m(hips: Array, hips_m: Array) -> Array:
    """How far the hips [T] must come down for both legs to reach their feet; nearly 0 (under 1 mm) where they do with 1 cm to spare."""
    place = REST_OFFSETS_M[INDEX["hips"]] + hips_m
    too_high = np.full(len(hips), -np.inf)
    for side, ankle in zip(("left", "right"), _ANKLES, strict=True):
        root = place + rot.rotate(hips, np.broadcast_to(REST_OFFSETS_M[INDEX[f"{side}UpperLeg"]], place.shape))
        aside = np.square(root[:, [0, 2]] - ankle[[0, 2]]).sum(axis=1)
        highest = ankle[1] + np.sqrt(np.maximum(_LEG_M**2 - aside, 0.0))
        too_high = np.maximum(too_high, root[:, 1] - highest)
    out: Array = _SOFT_M * np.logaddexp(0.0, too_high / _SOFT_M)
    return out
