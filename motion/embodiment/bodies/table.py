"""A body's joints as one table in degrees, as datasheets write them, and the description that is made of it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from motion.embodiment.description import BodyDescription, Joint, Part


@dataclass(frozen=True, slots=True)
class Row:
    """A joint: range, speed, acceleration, jerk, rest; degrees and seconds."""

    name: str
    low: float
    high: float
    velocity: float
    acceleration: float
    jerk: float
    rest: float = 0.0


class Limits(Protocol):
    """What a row must have: `Row`, and tables with more beside it."""

    @property
    def name(self) -> str: ...  # noqa: D102 - as in `Row`, and so below
    @property
    def low(self) -> float: ...  # noqa: D102
    @property
    def high(self) -> float: ...  # noqa: D102
    @property
    def velocity(self) -> float: ...  # noqa: D102
    @property
    def acceleration(self) -> float: ...  # noqa: D102
    @property
    def jerk(self) -> float: ...  # noqa: D102
    @property
    def rest(self) -> float: ...  # noqa: D102


def described(name: str, rows: Sequence[Limits], rate_hz: float, parts: Collection[Part]) -> BodyDescription:
    """Return the description of a table."""
    rad = math.radians
    return BodyDescription(
        name,
        tuple(
            Joint(
                row.name,
                rad(row.low),
                rad(row.high),
                rad(row.velocity),
                rad(row.acceleration),
                rad(row.jerk),
                rad(row.rest),
            )
            for row in rows
        ),
        rate_hz,
        frozenset(parts),
    )
