"""A piece of motion as the pairing sees it: where its strokes peak, where it is still, and how it may be spliced.

Splicing looks at the places of wrists, elbows and head relative to the hips, and their speeds. A frame is low where neither wrist moves
faster than `LOW_MPS`, or where the piece is slowest if it never rests. 30 fps; arrays are read, never written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motion.clip import Clip
from motion.corpus.pairing.search import Stroke
from motion.corpus.strokes import smoothed
from motion.kinematics import forward
from motion.skeleton import INDEX

Float64 = NDArray[np.float64]

FPS: Final = 30.0
LOW_MPS: Final = 0.15
_SHARE_LOW: Final = 0.15
"""At least this share of the frames counts as low, the slowest."""
_WATCHED: Final = ("leftHand", "rightHand", "leftLowerArm", "rightLowerArm", "head")
_VELOCITY_S: Final = 0.15
"""One metre a second apart costs as much as this many metres apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """A piece of motion.

    Attributes:
        name: unique among the pieces.
        actor: who moves.
        emotion: how.
        activity: `narrate`, `talk`, `listen`, `idle` or `act`.
        split: `train`, `validation` or `test`.
        clip: 30 fps.
        strokes: where its gestures peak.
        still: stretches in which the hands rest or hold, in seconds.
        places: float64 [T, 30], what splicing compares.
        speed_mps: float64 [T], of the faster wrist.
        low: bool [T], whether a splice may be centred here.
    """

    name: str
    actor: str
    emotion: str
    activity: str
    split: str
    clip: Clip = field(repr=False)
    strokes: tuple[Stroke, ...] = ()
    still: tuple[tuple[float, float], ...] = ()
    places: Float64 = field(init=False, repr=False)
    speed_mps: Float64 = field(init=False, repr=False)
    low: NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Measure the clip.

        Raises:
            ValueError: it has another rate, or fewer than two frames.
        """
        if self.clip.fps != FPS or len(self.clip) < 2:
            raise ValueError(
                f"{self.name}: {len(self.clip)} frames at {self.clip.fps} fps; at least 2 at 30 are needed"
            )
        places, speed = _measured(self.clip)
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "speed_mps", speed)
        object.__setattr__(self, "low", speed <= max(LOW_MPS, float(np.quantile(speed, _SHARE_LOW))))

    @property
    def quiet(self) -> bool:
        """Whether nobody gestures in it."""
        return all(stroke.weight < 0.3 for stroke in self.strokes)


def sliced(material: Material, longest_s: float) -> list[Material]:
    """Return a long piece as several of equal length, so that all of it is used; a short one as it is."""
    count = int(np.ceil(len(material.clip) / FPS / longest_s))
    if count <= 1:
        return [material]
    edges = np.linspace(0, len(material.clip), count + 1).round().astype(int)
    out = []
    for index, (a, b) in enumerate(pairwise(edges.tolist())):
        clip = material.clip
        part = Clip(clip.fps, clip.rotations[a:b], clip.hips_m[a:b], clip.hands[a:b])
        begin, end = a / FPS, b / FPS
        out.append(
            replace(
                material,
                name=f"{material.name}#{index}",
                clip=part,
                strokes=tuple(Stroke(s.t_s - begin, s.weight) for s in material.strokes if begin <= s.t_s < end),
                still=tuple((max(x, begin) - begin, min(y, end) - begin) for x, y in material.still if x < end and y > begin),
            )
        )  # fmt: skip
    return out


def _measured(clip: Clip) -> tuple[Float64, Float64]:
    positions, _ = forward(clip.rotations, clip.hips_m)
    positions = positions.astype(np.float64)
    seen = positions[:, [INDEX[name] for name in _WATCHED]] - positions[:, :1]
    seen = np.stack([smoothed(seen[:, joint], clip.fps) for joint in range(seen.shape[1])], axis=1)
    moving = np.gradient(seen, 1.0 / clip.fps, axis=0)
    speed = np.linalg.norm(moving[:, :2], axis=2).max(axis=1)
    flat = np.concatenate([seen, _VELOCITY_S * moving], axis=1).reshape(len(clip), -1)
    return np.asarray(flat, dtype=np.float64), np.asarray(speed, dtype=np.float64)
