"""How near people are to a body: by sensors that measure it, and by the agent's own eyes, which estimate it from a face.

Of all of them the nearest counts. A sensor that has fallen silent counts as blind: as somebody at `distance_blind_m`, or where it last
saw one that was nearer. An estimate (`seen`, about one a second and person) is treated with less trust: nearer ones count at once, but a
single one no nearer than `distance_blind_m` (it slows the body down, it takes two to stop it); farther ones only when all of the last
`SEEN_S` are farther, by `STEP_M` at least, so that the pace does not flutter. Who has left counts no more, nor who was not told of for
`SEEN_S`, nor an unknown distance: a camera without faces is no blind sensor. Pure, times are given in; metres.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from motion.embodiment.safety.filter import SLOW_FROM_M
from runtime.body_settings import BodySettings
from runtime.clock import NS_PER_S
from runtime.messages import PersonPercept

SEEN_S = 3.0
"""For so long an estimate counts; the agent's eyes tell of a person that is there about once a second."""
APART_S = 0.25
"""Estimates within this time are one: they are smoothed from the same pictures."""
STEP_M = 0.1
MOST = 64
"""Sensors and people that are told apart; whatever comes beyond them counts as one more."""
GRAIN_M = 0.1
"""Distances are kept rounded down to this."""
_OTHERS = ""
_LONG_AGO_NS = -(1 << 62)


@dataclass(slots=True)
class _Seen:
    """One person's last estimates, with the times since which they hold, and the distance that counts."""

    estimates: list[tuple[int, float]] = field(default_factory=list)
    held_m: float = math.inf

    def take(self, distance_m: float, now_ns: int) -> None:
        if self.estimates and 0 <= now_ns - self.estimates[-1][0] < APART_S * NS_PER_S:
            since_ns, before_m = self.estimates[-1]
            self.estimates[-1] = since_ns, min(before_m, distance_m)
        else:
            self.estimates.append((now_ns, distance_m))

    def counts_m(self, now_ns: int, alone_m: float) -> float:
        self.estimates = [each for each in self.estimates if 0 <= now_ns - each[0] <= SEEN_S * NS_PER_S]
        nearest_m, second_m = sorted([distance_m for _, distance_m in self.estimates] + [math.inf, math.inf])[:2]
        if nearest_m < alone_m:
            nearest_m = max(nearest_m, min(second_m, alone_m))
        if nearest_m < self.held_m or nearest_m > self.held_m + STEP_M:
            self.held_m = nearest_m
        return self.held_m


class People:
    """The nearest of them."""

    def __init__(self, settings: BodySettings, kept: Mapping[str, float], now_ns: int) -> None:
        """Begin with what an earlier life of the room knew (`kept`): its sensors are silent, whoever was seen may still be there."""
        self._blind_m, self._silent_ns = settings.distance_blind_m, settings.distance_silent_s * NS_PER_S
        self._sensors: dict[str, tuple[float, int]] = {}
        self._seen: dict[str, _Seen] = {}
        for key, distance_m in kept.items():
            kind, _, name = key.partition(":")
            if kind == "sensor":
                self._sensors[name] = distance_m, _LONG_AGO_NS
            elif kind == "vision":
                self._seen[_OTHERS] = _Seen([(now_ns, distance_m)] * 2)

    def measured(self, distance_m: float, sensor: str, now_ns: int) -> None:
        """Take a distance that a sensor measured."""
        known = sensor in self._sensors or len(self._sensors) < MOST
        self._sensors[sensor if known else _OTHERS] = distance_m, now_ns

    def seen(self, percept: PersonPercept, now_ns: int) -> None:
        """Take what the agent's eyes say of a person."""
        if percept.state == "left":
            self._seen.pop(percept.person_id, None)
        elif percept.distance_m is not None:
            name = percept.person_id if percept.person_id in self._seen or len(self._seen) < MOST else _OTHERS
            self._seen.setdefault(name, _Seen()).take(percept.distance_m, now_ns)

    def nearest_m(self, now_ns: int) -> float:
        """Return how near the nearest person is, as it counts for the body; infinite for nobody."""
        return min(self._by_sensors(now_ns), self._by_sight(now_ns))

    def kept(self, now_ns: int) -> dict[str, float]:
        """Return what a later life of the room must know. It changes seldom: what is far away makes no difference to it."""
        kept = {f"sensor:{name}": _grain(min(at_m, self._blind_m)) for name, (at_m, _) in self._sensors.items()}
        if (seen_m := self._by_sight(now_ns)) < SLOW_FROM_M:
            kept["vision:"] = _grain(seen_m)
        return kept

    def _by_sensors(self, now_ns: int) -> float:
        return min(
            (
                at_m if now_ns - at_ns <= self._silent_ns else min(at_m, self._blind_m)
                for at_m, at_ns in self._sensors.values()
            ),
            default=math.inf,
        )

    def _by_sight(self, now_ns: int) -> float:
        counts = {name: seen.counts_m(now_ns, self._blind_m) for name, seen in self._seen.items()}
        self._seen = {name: seen for name, seen in self._seen.items() if seen.estimates}
        return min(counts.values(), default=math.inf)


def _grain(distance_m: float) -> float:
    """Return a distance rounded down."""
    return round(math.floor(distance_m / GRAIN_M + 1e-9) * GRAIN_M, 3)
