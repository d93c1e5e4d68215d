"""Gestures of the lexicon performed on top of a recorded clip.

Arms: the gesture's arm is solved below the clip's own chest and blended on, shoulder to fingers, by a weight with continuous acceleration.
Only the arms that the gesture uses; the other keeps its recorded rotations. Head and trunk: the act's rotations are added to the clip's,
whose own movement rests meanwhile so that a nod can be told from talk. Legs stay planted. Outside the gestures' spans (`start_s` to
`end_s` + 0.2 s) the clip is returned bit for bit. Scene seconds, radians, metres; deterministic under the random numbers handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from motion import rotations as rot
from motion.clip import Clip
from motion.corpus.intentions import arms
from motion.corpus.intentions.arms import Array
from motion.corpus.intentions.performance import Performance, Variation, performances
from motion.corpus.scene import PlacedIntent
from motion.procedural import controls as c
from motion.procedural.idle import Idle
from motion.skeleton import INDEX
from motion.tokens.legs import planted

_BREATHS_PER_MIN: Final = 14.0
_TRUNK: Final = ("spine", "chest", "upperChest")
_TRUNK_SHARES: Final = (0.36, 0.36, 0.28)
_HEAD: Final = ("neck", "head")
_HEAD_SHARES: Final = (0.42, 0.58)
"""As in the procedural solver."""
_SMOOTH_S: Final = 0.7
"""Half width of the window over which the base is averaged where it rests."""
_STILL_HEAD: Final = {True: 0.85, False: 0.5}
_STILL_TRUNK: Final = {True: 0.6, False: 0.3}
"""How much of the base's own movement rests: for an act of head and trunk alone (True), for one of the arms."""
_LEGS: Final = tuple(
    INDEX[f"{side}{part}"] for side in ("left", "right") for part in ("UpperLeg", "LowerLeg", "Foot", "Toes")
)
_SIDES: Final = (("left", c.LEFT, 12), ("right", c.RIGHT, 14))


def perform(
    base: Clip, intents: Sequence[PlacedIntent], rng: np.random.Generator, variation: Variation | None = None
) -> Clip:
    """Return the clip with the gestures on it.

    Args:
        base: a standing person.
        intents: in any order; of two that overlap, both of arms or both of head alone, the earlier gives way to the later.
        rng: draws the small movements under holds, and what `variation` draws.
        variation: changes a gesture's definition for one performance.

    Raises:
        ValueError: unknown label, or times that are not finite and in order.
    """
    acts = performances(intents, rng, variation)
    idle = Idle(rng, _BREATHS_PER_MIN)
    return lay(base, [Layer(act, base, idle) for act in acts])


def lay(base: Clip, layers: Sequence[Layer]) -> Clip:
    """Return the clip with gestures on it that were sampled at its frames."""
    layers = [layer for layer in layers if layer.last > layer.first]
    if not layers:
        return base
    rotations, hips_m, hands = base.rotations.copy(), base.hips_m.copy(), base.hands.copy()
    touched = np.zeros(len(base), dtype=bool)
    for layer in layers:
        touched[layer.first : layer.last] = True
    frames = np.flatnonzero(touched)
    turns = rotations[frames].astype(np.float64)
    moved = _trunk(base, layers, frames, turns)
    fingers = hands[frames].astype(np.float64)
    row = np.cumsum(touched) - 1
    for layer in layers:
        _arms(layer, slice(int(row[layer.first]), int(row[layer.last - 1]) + 1), turns, fingers)
    rotations[frames], hips_m[frames], hands[frames] = rot.normalise(turns), moved, np.clip(fingers, 0.0, 1.0)
    return Clip(base.fps, rotations, hips_m, hands)


class Layer:
    """One gesture sampled at the frames [first, last) of a clip that it may change."""

    def __init__(self, act: Performance, base: Clip, idle: Idle) -> None:
        """Sample it; `asked` and `strength` are those of `Performance.controls`."""
        self.act = act
        self.first, self.last = act.moments(len(base), base.fps)
        times_s = np.arange(self.first, self.last) / base.fps
        self.asked, self.strength = act.controls(times_s, idle)
        self.remaining = act.remaining(times_s)
        self.still = act.stillness(times_s) * self.remaining

    @property
    def alone(self) -> bool:
        """Whether head and trunk act without arms."""
        return self.act.plan.definition.hands == "none"

    def uses(self, side: str) -> bool:
        """Whether the gesture moves this arm."""
        return (self.act.plan.left if side == "left" else self.act.plan.right) is not None

    def trunk(self) -> Array:
        """Additions to the trunk's controls [T, 16], with what the arms pull along."""
        out = self.asked[:, : c.LEFT.start].copy()
        sizes = []
        hanging = c.HANGING.controls()
        for side, where, shoulder in _SIDES:
            arm = hanging + self.strength[:, where] * (self.asked[:, where] - hanging)
            used = self.uses(side)
            sizes.append((arms.forward(arm) - arms.forward(hanging), arms.raised(arm)) if used else (0.0, 0.0))
            if used:
                out[:, shoulder : shoulder + 2] = 0.0  # part of the arm
        (forward_left, raised_left), (forward_right, raised_right) = sizes
        out[:, 6] += 0.015 * (forward_left + forward_right)
        out[:, 7] += 0.10 * (forward_right - forward_left)
        out[:, 8] += 0.035 * (raised_left - raised_right)
        return out * self.remaining[:, None]


def _trunk(base: Clip, layers: Sequence[Layer], frames: Array, turns: Array) -> Array:
    """Trunk, head, shoulders and legs, in place; returns the hips' translation."""
    count = len(base)
    added = np.zeros((count, c.LEFT.start))
    loose_head, loose_trunk = np.ones(count), np.ones(count)
    for layer in layers:
        span = slice(layer.first, layer.last)
        added[span] += layer.trunk()
        loose_head[span] *= 1.0 - _STILL_HEAD[layer.alone] * layer.still
        loose_trunk[span] *= 1.0 - _STILL_TRUNK[layer.alone] * layer.still
    added, head, trunk = added[frames], 1.0 - loose_head[frames], 1.0 - loose_trunk[frames]
    groups = (
        (("hips",), (1.0,), c.HIPS, trunk),
        (_TRUNK, _TRUNK_SHARES, c.SPINE, trunk),
        (_HEAD, _HEAD_SHARES, c.HEAD, head),
    )
    for names, shares, where, still in groups:
        rows = [INDEX[name] for name in names]
        calm = _averaged(rot.continuous(base.rotations[:, rows].astype(np.float64)), base.fps)[frames]
        for column, (joint, share) in enumerate(zip(rows, shares, strict=True)):
            rested = rot.slerp(turns[:, joint], rot.normalise(calm[:, column]), still)
            turns[:, joint] = rot.multiply(rested, rot.exp(share * added[:, where]))
    for side, _, shoulder in _SIDES:
        turn = rot.exp(np.stack([0.0 * head, -added[:, shoulder + 1], added[:, shoulder]], axis=1))
        joint = INDEX[f"{side}Shoulder"]
        turns[:, joint] = rot.multiply(turn if side == "left" else arms.mirrored(turn), turns[:, joint])
    hips_m = base.hips_m[frames].astype(np.float64)
    calm_m = _averaged(base.hips_m.astype(np.float64), base.fps)[frames]
    moved: Array = hips_m + trunk[:, None] * (calm_m - hips_m) + added[:, c.HIPS_M]
    before, after = planted(base.rotations[frames].astype(np.float64), hips_m), planted(turns, moved)
    # Recorded legs need not be planted as ours are: they take on what planting changes.
    for joint in _LEGS:
        change = rot.multiply(rot.conjugate(before[:, joint]), after[:, joint])
        turns[:, joint] = rot.multiply(turns[:, joint], change)
    return moved


def _averaged(values: Array, fps: float) -> Array:
    """Average [T, ...] over a Hann window; the ends are held."""
    reach = max(1, round(_SMOOTH_S * fps))
    window = np.hanning(2 * reach + 3)[1:-1]
    flat = values.reshape(len(values), -1)
    padded = np.concatenate([np.repeat(flat[:1], reach, axis=0), flat, np.repeat(flat[-1:], reach, axis=0)])
    out = np.stack([np.convolve(column, window / window.sum(), mode="valid") for column in padded.T], axis=1)
    return out.reshape(values.shape)


def _arms(layer: Layer, span: slice, turns: Array, fingers: Array) -> None:
    """Lay the gesture's arms over those in `turns` [N, 22, 4] and `fingers` [N, 2, 6], in place, in the rows of `span`."""
    chest = turns[span, INDEX["hips"]]
    for name in _TRUNK:
        chest = rot.multiply(chest, turns[span, INDEX[name]])
    for number, (side, where, shoulder) in enumerate(_SIDES):
        if not layer.uses(side):
            continue
        asked, strength = layer.asked[:, where], layer.strength[:, where] * layer.remaining[:, None]
        lift = layer.asked[:, shoulder : shoulder + 2]
        if side == "left":
            solved = arms.solve_left(asked, lift, chest)
        else:
            solved = arms.mirrored(arms.solve_left(asked, lift, arms.mirrored(chest)))
        weights = (strength[:, 0], strength[:, 0], strength[:, 0], strength[:, c.FLEX])
        for column, part in enumerate(arms.PARTS):
            joint = INDEX[side + part]
            turns[span, joint] = _towards(turns[span, joint], solved[:, column], weights[column])
        fingers[span, number] += strength[:, c.FINGERS] * (asked[:, c.FINGERS] - fingers[span, number])


def _towards(base: Array, target: Array, weight: Array) -> Array:
    """Rotations [T, 4] from base to target by a weight [T], without a change of way around in the course of a move.

    Slerp takes the shorter way at each frame; while both sides move, the shorter way may change and the arm would flip. Here the way is
    chosen once where the weight is half, for the way there and the way back; they may differ if the target is reached in between.
    """
    way = rot.continuous(rot.multiply(rot.conjugate(base), target))
    top = int(np.argmax(weight))
    parts = [slice(0, top), slice(top, len(way))] if weight[top] > 0.9999 else [slice(0, len(way))]
    for part in parts:
        if part.stop > part.start:
            middle = part.start + int(np.argmin(np.abs(weight[part] - 0.5)))
            if way[middle, 3] < 0.0:
                way[part] *= -1.0
    size = np.sqrt(np.einsum("ti,ti->t", way[:, :3], way[:, :3]))
    half = weight * np.arctan2(size, way[:, 3])
    axis = way[:, :3] / np.maximum(size, 1e-12)[:, None]
    return rot.multiply(base, np.concatenate([axis * np.sin(half)[:, None], np.cos(half)[:, None]], axis=1))
