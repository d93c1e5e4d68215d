"""What a body is: its joints with their limits, the rate at which it takes commands, and the parts that it can move.

Angles in radians, positive by the right hand about the joint's axis in the body's own frame (REP-103: x forward, y left, z up).
Immutable, checked when made: a mistake is one `AttuneError` that names the body, the joint and the mend.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from runtime.errors import AttuneError

Part = Literal["head", "eyes", "face", "arms", "hands", "waist", "base", "antennas"]
PARTS: tuple[Part, ...] = get_args(Part)
Float64 = NDArray[np.float64]

RATE_HZ_MAX = 1_000.0


@dataclass(frozen=True, slots=True)
class Joint:
    """One joint and what may be asked of it.

    Attributes:
        name: as the body's driver knows it.
        low_rad: smallest angle.
        high_rad: largest angle.
        velocity_rad_s: fastest.
        acceleration_rad_s2: most acceleration, either way.
        jerk_rad_s3: most change of acceleration.
        rest_rad: angle of the rest pose.
    """

    name: str
    low_rad: float
    high_rad: float
    velocity_rad_s: float
    acceleration_rad_s2: float
    jerk_rad_s3: float
    rest_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class BodyDescription:
    """A body as its driver describes it.

    Attributes:
        name: of the kind of body.
        joints: in the order of every vector of joint angles.
        rate_hz: how often it takes a command.
        parts: what it has; intentions for others are expressed otherwise or rejected.
    """

    name: str
    joints: tuple[Joint, ...]
    rate_hz: float
    parts: frozenset[Part]

    def __post_init__(self) -> None:
        """Refuse a description that no filter could keep to."""
        if not self.joints:
            raise AttuneError(f"body {self.name}: it has no joints", "Name at least one joint with its limits")
        if not 0 < self.rate_hz <= RATE_HZ_MAX:
            raise AttuneError(
                f"body {self.name}: rate_hz: {self.rate_hz:g}", f"Use more than 0, at most {RATE_HZ_MAX:g}"
            )
        names = [joint.name for joint in self.joints]
        for joint in self.joints:
            where = f"body {self.name}: joint {joint.name or '(without a name)'}"
            if not joint.name or names.count(joint.name) > 1:
                raise AttuneError(f"{where}: the name is empty or taken", "Give each joint a name of its own")
            numbers = (joint.low_rad, joint.high_rad, joint.rest_rad)
            bounds = (joint.velocity_rad_s, joint.acceleration_rad_s2, joint.jerk_rad_s3)
            if not all(math.isfinite(number) for number in (*numbers, *bounds)):
                raise AttuneError(f"{where}: a limit is no finite number", "Write every limit as a number")
            if not joint.low_rad < joint.high_rad:
                raise AttuneError(
                    f"{where}: low_rad {joint.low_rad:g} is not below high_rad {joint.high_rad:g}",
                    "Exchange or widen them",
                )
            if not joint.low_rad <= joint.rest_rad <= joint.high_rad:
                raise AttuneError(
                    f"{where}: rest_rad {joint.rest_rad:g} lies outside {joint.low_rad:g} to {joint.high_rad:g}",
                    "Rest within the limits",
                )
            if min(bounds) <= 0:
                raise AttuneError(f"{where}: velocity, acceleration and jerk must be above 0", "Give its real limits")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the joints in their order."""
        return tuple(joint.name for joint in self.joints)

    @property
    def period_s(self) -> float:
        """Time between two commands."""
        return 1.0 / self.rate_hz

    def vector(
        self, limit: Literal["low_rad", "high_rad", "rest_rad", "velocity_rad_s", "acceleration_rad_s2", "jerk_rad_s3"]
    ) -> Float64:
        """Return one limit of all joints, float64 [joints]."""
        return np.array([getattr(joint, limit) for joint in self.joints])
