"""Which face of a new picture belongs to which known person: where it was heading, and how it looks.

Pure. Position counts fully from picture to picture and ever less the longer a face was not seen; the colours of face and clothes
then decide. That is what keeps two people apart who cross, or who swap places while the camera is stuck or one hides the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

Box = tuple[float, float, float, float]

NEAR = 0.6
"""Two boxes whose centres are closer than this many of their mean width may be one face (a head that moves fast)."""
POSITION_HALVES_S = 0.4
"""Position is worth half after this long unseen."""
LOOKS_WEIGHT = 2.5
LOOKS_ALIKE = 0.8
"""Bhattacharyya coefficient that speaks neither for nor against one person: on the real clips the same one has 0.97 to 1.0, two people
have 0.25 to 0.7."""
LOOKS_SURE = 0.9
REACH_PER_S = 1.0
"""How far a face that was not seen may have gone, picture widths per second; only looks can then tell that it is the same."""


def similarity(a: tuple[float, ...] | None, b: tuple[float, ...] | None) -> float | None:
    """Return the Bhattacharyya coefficient of two appearances, 0 to 1; None where there is none or they do not compare."""
    if a is None or b is None or len(a) != len(b):
        return None
    return sum(math.sqrt(x * y) for x, y in zip(a, b, strict=True))


def match_score(expected: Box, box: Box, alike: float | None, unseen_s: float) -> float:
    """Return how well a face fits a person: 0 or less where it cannot be.

    Args:
        expected: where the person's face should be by now.
        box: where the face is.
        alike: `similarity` of both.
        unseen_s: how long the person has not been seen.
    """
    near = likeness(expected, box)
    looks = 0.0 if alike is None else LOOKS_WEIGHT * (alike - LOOKS_ALIKE)
    if near <= 0.0:
        away = math.hypot(expected[0] - box[0], expected[1] - box[1])
        again = alike is not None and alike >= LOOKS_SURE and away <= REACH_PER_S * unseen_s
        return looks if again else 0.0
    worth: float = 0.5 ** (max(0.0, unseen_s - 0.1) / POSITION_HALVES_S)
    return max(0.0, worth * near + looks)


def best_pairs(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Return pairs of first to second with the greatest sum of scores: greedily, then by exchanging partners while it helps.

    Args:
        scores: score by pair; pairs that are missing or not positive cannot be. Ties go to the smaller numbers.
    """
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for (first, second), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        if score > 0.0 and first not in pairs and second not in used:
            pairs[first] = second
            used.add(second)
    better = True
    while better:
        better = False
        firsts = sorted(pairs)
        for index, a in enumerate(firsts):
            for b in firsts[index + 1 :]:
                now = scores[a, pairs[a]] + scores[b, pairs[b]]
                crossed = scores.get((a, pairs[b]), 0.0), scores.get((b, pairs[a]), 0.0)
                if min(crossed) > 0.0 and sum(crossed) > now + 1e-9:
                    pairs[a], pairs[b] = pairs[b], pairs[a]
                    better = True
    return pairs


def likeness(a: Box, b: Box) -> float:
    """Return 1 to 2 for overlapping boxes (1 + intersection over union), 0 to 1 for near ones of like size, else 0."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width > 0 and height > 0:
        shared = width * height
        return 1.0 + shared / (a[2] * a[3] + b[2] * b[3] - shared)
    mean_width, mean_height = (a[2] + b[2]) / 2, (a[3] + b[3]) / 2
    if mean_width <= 0 or mean_height <= 0 or not 0.5 <= a[2] / max(b[2], 1e-9) <= 2.0:
        return 0.0
    across = (a[0] + a[2] / 2 - b[0] - b[2] / 2) / mean_width
    down = (a[1] + a[3] / 2 - b[1] - b[3] / 2) / mean_height
    return max(0.0, 1.0 - math.hypot(across, down) / (1.0 + NEAR))
