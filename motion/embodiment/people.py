"""How near people are to a body: by sensors that measure it, and by the agent's own eyes, which estimate it from a face.

Of all of them the nearest counts. A sensor that has fallen silent counts as blind: as somebody at `distance_blind_m`, or where it last
saw one that was nearer. Estimates (`seen`, about one a second and person) are treated with less trust, and all alike, whomever they are
of, since a face that is lost and found again may get another id: nearer ones count at once, but a single one no nearer than
`distance_blind_m` (it slows the body down, it takes two to stop it); farther ones only when all of the last `SEEN_S` are farther, by
`STEP_M` at least, so that the pace does not flutter.

Whoever comes too near for a whole face is seen no more. So somebody who was last seen near (below `SLOW_FROM_M`) and then has left, or was
told of no more for `SEEN_S`, counts as one at `distance_blind_m` for `VANISHED_S`, unless seen again and farther off. Other people who
are not seen, and unknown distances, count as nobody: a camera without faces is no blind sensor. Pure, times are given in; metres.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from motion.embodiment.safety.filter import SLOW_FROM_M
from runtime.body_settings import BodySettings
from runtime.clock import NS_PER_S
from runtime.messages import PersonPercept

SEEN_S = 3.0
"""For so long an estimate counts; the agent's eyes tell of a person that is there about once a second."""
VANISHED_S = 10.0
"""For so long somebody who was near counts as near when the eyes have lost sight of them."""
APART_S = 0.25
"""Estimates within this time are one: they are smoothed from the same pictures."""
STEP_M = 0.1
MOST = 64
"""Sensors and people that are told apart; whatever comes beyond them counts as one more."""
GRAIN_M = 0.1
"""Distances are kept rounded down to this."""
_OTHERS = "(others)"
_LONG_AGO_NS = -(1 << 62)


class People:
    """The nearest of them."""

    def __init__(self, settings: BodySettings, kept: Mapping[str, float], now_ns: int) -> None:
        """Begin with what an earlier life of the room knew (`kept`): its sensors are silent, whoever was seen may still be there."""
        self._blind_m, self._silent_ns = settings.distance_blind_m, settings.distance_silent_s * NS_PER_S
        self._sensors: dict[str, tuple[float, int]] = {}
        self._estimates: list[tuple[int, float]] = []
        self._counts_m = math.inf
        """What the estimates count as."""
        self._vanish_ns: dict[str, int] = {}
        """Who was last seen near, and from when on, unless seen again, that one has vanished."""
        for key, distance_m in kept.items():
            kind, _, name = key.partition(":")
            if kind == "sensor":
                self._sensors[name] = distance_m, _LONG_AGO_NS
            elif kind == "vision":
                self._estimates = [(now_ns, distance_m)] * 2
                self._vanish_ns[_OTHERS] = now_ns + round(SEEN_S * NS_PER_S)

    def measured(self, distance_m: float, sensor: str, now_ns: int) -> None:
        """Take a distance that a sensor measured. Of those beyond `MOST` the nearest counts, none as farther than a blind one."""
        if sensor == _OTHERS or (sensor not in self._sensors and len(self._sensors) >= MOST):
            sensor, distance_m = _OTHERS, min(distance_m, self._blind_m)
            others_m, at_ns = self._sensors.get(_OTHERS, (math.inf, now_ns))
            if others_m < distance_m and now_ns - at_ns <= self._silent_ns:
                return
        self._sensors[sensor] = distance_m, now_ns

    def seen(self, percept: PersonPercept, now_ns: int) -> None:
        """Take what the agent's eyes say of a person."""
        name = percept.person_id
        if percept.state == "left":
            if name in self._vanish_ns:
                self._vanish_ns[name] = min(self._vanish_ns[name], now_ns)
        elif percept.distance_m is not None:
            self._estimate(percept.distance_m, now_ns)
            if percept.distance_m >= SLOW_FROM_M:
                self._vanish_ns.pop(name, None)
            else:
                known = name in self._vanish_ns or len(self._vanish_ns) < MOST
                self._vanish_ns[name if known else _OTHERS] = now_ns + round(SEEN_S * NS_PER_S)

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

    def _estimate(self, distance_m: float, now_ns: int) -> None:
        if self._estimates and 0 <= now_ns - self._estimates[-1][0] < APART_S * NS_PER_S:
            since_ns, before_m = self._estimates[-1]
            self._estimates[-1] = since_ns, min(before_m, distance_m)
        else:
            self._estimates.append((now_ns, distance_m))

    def _by_sight(self, now_ns: int) -> float:
        self._estimates = [each for each in self._estimates if 0 <= now_ns - each[0] <= SEEN_S * NS_PER_S]
        nearest_m, second_m = sorted([distance_m for _, distance_m in self._estimates] + [math.inf, math.inf])[:2]
        if nearest_m < self._blind_m:
            nearest_m = max(nearest_m, min(second_m, self._blind_m))
        if nearest_m < self._counts_m or nearest_m > self._counts_m + STEP_M:
            self._counts_m = nearest_m
        since_ns = now_ns - round(VANISHED_S * NS_PER_S)
        self._vanish_ns = {name: at_ns for name, at_ns in self._vanish_ns.items() if at_ns >= since_ns}
        vanished = any(at_ns <= now_ns for at_ns in self._vanish_ns.values())
        return min(self._counts_m, self._blind_m) if vanished else self._counts_m


def _grain(distance_m: float) -> float:
    """Return a distance rounded down."""
    return round(math.floor(distance_m / GRAIN_M + 1e-9) * GRAIN_M, 3)
