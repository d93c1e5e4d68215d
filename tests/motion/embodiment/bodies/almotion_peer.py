"""A robot's ALMotion hosted by qi in a process of its own: `python almotion_peer.py PORT`. Angles follow at once; it keeps its calls."""

from __future__ import annotations

import sys
import time

import qi


class ALMotion:
    def __init__(self) -> None:
        self._angles: dict[str, float] = {}
        self._calls: list[list[object]] = []
        self._stiff = 0.0
        self._hangs = False
        self._tells = 1_000

    def _note(self, name: str, *given: object) -> None:
        self._calls.append([name, *given])

    def getAngles(self, names: list[str], sensed: bool) -> list[float]:
        while self._hangs:
            time.sleep(0.05)
        return [self._angles.get(name, 0.0) for name in names][: self._tells]

    def setAngles(self, names: list[str], angles: list[float], fraction: float) -> None:
        while self._hangs:
            time.sleep(0.05)
        self._note("setAngles", list(angles), fraction, self._stiff)
        if self._stiff > 0:
            self._angles.update(zip(names, angles, strict=True))

    def angleInterpolation(self, names: list[str], angles: list[float], times: list[float], absolute: bool) -> None:
        self._note("angleInterpolation", list(angles), list(times), absolute)
        time.sleep(0.1)
        self._angles.update(zip(names, angles, strict=True))

    def stiffnessInterpolation(self, names: list[str], stiffness: float, seconds: float) -> None:
        self._note("stiffnessInterpolation", stiffness, seconds)
        time.sleep(0.1)

    def setStiffnesses(self, names: list[str], stiffness: float) -> None:
        self._note("setStiffnesses", stiffness)
        self._stiff = stiffness

    # What the test asks.
    def calls(self) -> list[list[object]]:
        return self._calls

    def place(self, name: str, angle: float) -> None:
        self._angles[name] = angle

    def tell(self, most: int) -> None:
        self._tells = most

    def hang(self, hangs: bool) -> None:
        self._hangs = hangs


session = qi.Session()
session.listenStandalone(f"tcp://127.0.0.1:{sys.argv[1]}")
session.registerService("ALMotion", ALMotion())
print("ready", flush=True)
while True:
    time.sleep(3600)
