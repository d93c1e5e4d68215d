"""What a person looks at: the agent, another person, a known object, or away.

Pure. The line of sight comes from the irises where there are any, else from the head, which follows a gaze only in part and is trusted
less. Each candidate's likelihood falls with the square of the angle between the line of sight and the line to it; `away` is everywhere
alike. Posteriors are smoothed, and the target changes only when another one is clearly ahead, so that one odd picture changes nothing.

Frames: agent's, in metres from between its eyes: x to its left, y up, z forward. A person faces it, so that the person's own left is
the agent's right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.messages import GazeTarget

Vector = tuple[float, float, float]
Candidate = tuple[GazeTarget, str]

EYES_SIGMA_RAD = 0.14
"""Spread of a gaze by irises around its target: on the real clips 0.05 near, 0.15 at 1.2 m, with the eyes' own wandering over a face."""
HEAD_SIGMA_RAD = 0.26
"""Spread of the head around it; people point their heads by about half of a gaze shift."""
AWAY_RAD = 0.35
"""As likely away as at a target where it passes by at this angle (scaled with the spread: 2.5 times the eyes')."""
SMOOTHING_S = 0.15
AHEAD = 0.15
"""Another target must lead by this much probability to become the target."""
DEFAULT_DISTANCE_M = 1.0


@dataclass(slots=True)
class GazeOn:
    """One person's gaze target over time.

    Attributes:
        target: what is looked at, None before anything is known.
        name: the other person's id, or the object's name.
        confidence: smoothed probability.
        since_ns: since when.
    """

    target: GazeTarget | None = None
    name: str = ""
    confidence: float = 0.0
    since_ns: int = 0
    _shares: dict[Candidate, float] = field(default_factory=dict)
    _last_ns: int = -1

    def update(
        self,
        sight: Vector,
        at_m: Vector,
        others: Mapping[str, Vector],
        objects: Mapping[str, Vector],
        *,
        eyes: bool,
        t_ns: int,
    ) -> bool:
        """Take one look; return whether the target changed.

        Args:
            sight: unit vector of the line of sight.
            at_m: where the person's eyes are.
            others: where other people's faces are, by id.
            objects: where things are, by name.
            eyes: the line is of irises, not of the head alone.
            t_ns: session time.
        """
        sigma = EYES_SIGMA_RAD if eyes else HEAD_SIGMA_RAD
        odds: dict[Candidate, float] = {("agent", ""): _likelihood(sight, at_m, (0.0, 0.0, 0.0), sigma)}
        odds |= {("other", key): _likelihood(sight, at_m, place, sigma) for key, place in others.items()}
        odds |= {("object", key): _likelihood(sight, at_m, place, sigma) for key, place in objects.items()}
        away = AWAY_RAD / EYES_SIGMA_RAD
        odds["away", ""] = math.exp(-away * away / 2.0)
        total = sum(odds.values())
        gap_s = 1.0 if self._last_ns < 0 else max(0.0, (t_ns - self._last_ns) / 1e9)
        keep = math.exp(-gap_s / SMOOTHING_S) if self._shares else 0.0
        self._last_ns = t_ns
        self._shares = {
            key: keep * self._shares.get(key, 0.0) + (1.0 - keep) * odd / total for key, odd in odds.items()
        }
        best = max(self._shares, key=lambda key: self._shares[key])
        mine: Candidate | None = (self.target, self.name) if self.target is not None else None
        if mine is not None and self._shares[best] < self._shares.get(mine, 0.0) + AHEAD:
            best = mine
        changed = best != mine
        if changed:
            (self.target, self.name), self.since_ns = best, t_ns
        self.confidence = min(1.0, self._shares.get(best, 0.0))
        return changed

    def forget(self) -> None:
        """Nothing is known any more."""
        self.target, self.name, self.confidence, self.since_ns = None, "", 0.0, 0
        self._shares.clear()
        self._last_ns = -1


def place_of(bearing_rad: tuple[float, float], distance_m: float | None, camera_at_m: Vector) -> Vector:
    """Return where a face is, seen from the camera at a bearing (left and up positive) and distance (1 m where unknown)."""
    yaw, pitch = bearing_rad
    away = DEFAULT_DISTANCE_M if distance_m is None else distance_m
    return (
        camera_at_m[0] + away * math.cos(pitch) * math.sin(yaw),
        camera_at_m[1] + away * math.sin(pitch),
        camera_at_m[2] + away * math.cos(pitch) * math.cos(yaw),
    )


def sight_of(angles_rad: tuple[float, float], bearing_rad: tuple[float, float]) -> Vector:
    """Return the unit vector, in the agent's frame, of a gaze whose yaw and pitch are 0 towards the camera."""
    yaw, pitch = angles_rad
    # In the sight frame: to the person's left, up, towards the camera.
    left, up, near = math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)
    turn, rise = bearing_rad
    # The camera lies against the bearing: rotate "near" onto it.
    forward = (-math.cos(rise) * math.sin(turn), -math.sin(rise), -math.cos(rise) * math.cos(turn))
    side = (-math.cos(turn), 0.0, math.sin(turn))
    over = (-math.sin(rise) * math.sin(turn), math.cos(rise), -math.sin(rise) * math.cos(turn))
    x, y, z = (left * s + up * o + near * f for s, o, f in zip(side, over, forward, strict=True))
    return x, y, z


def _likelihood(sight: Vector, at_m: Vector, target_m: Vector, sigma: float) -> float:
    x, y, z = (b - a for a, b in zip(at_m, target_m, strict=True))
    length = math.sqrt(x * x + y * y + z * z)
    if length < 1e-6:
        return 1.0
    cosine = (sight[0] * x + sight[1] * y + sight[2] * z) / length
    off = math.acos(min(1.0, max(-1.0, cosine))) / sigma
    return math.exp(-off * off / 2.0)
